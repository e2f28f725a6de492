"""When it tells most to say once more how sure one is, what was said of a step, and what a fear weighs.

Asking on every visit would tell little and tire people. A step is worth asking about where

- it has not been judged, while others on the ladder have been;
- it, or a step next to it, has been tried since it was judged;
- the band around it has grown to `WIDER` times its width right after the last thing that happened; or
- `LONG` has passed since it was judged, and something happened on the ladder meanwhile.

The two numbers are assumptions: no study says how often to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from rung.app.model import Did, LadderId, PersonId, Step, StepId
from rung.app.outlook import StepOutlook, Today
from rung.app.policies import Action, permitted
from rung.app.ports import Services
from rung.engine import Estimate
from rung.errors import NotFound
from rung.words import _

__all__ = [
    "LONG",
    "WIDER",
    "Asked",
    "Judgement",
    "Why",
    "feared_outcome",
    "judgements_of",
    "reasons_to_ask",
    "worth_asking",
]

WIDER = 1.25
"""How many times as wide a band must have grown."""
LONG = timedelta(days=14)
"""After how long a judgement is old, where something happened since."""

Why = Literal["new", "tried", "beside", "wider", "long"]
_TRIES = (Did.DONE, Did.PARTLY, Did.TRIED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One step that is worth asking about, and why."""

    step: Step
    why: Why


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was said of a step once; 0 to 1."""

    at: datetime
    rating: float
    feared: float | None


def worth_asking(today: Today) -> tuple[Step, ...]:
    """The steps that it would tell most to judge now, easiest first; none before a first judgement."""
    return tuple(asked.step for asked in reasons_to_ask(today))


def reasons_to_ask(today: Today) -> tuple[Asked, ...]:
    """The steps that it would tell most to judge now, easiest first, each with the reason."""
    if all(outlook.judged_at is None for outlook in today.steps):
        return ()
    whys = [(outlook.step, _why(today.steps, place, today.at)) for place, outlook in enumerate(today.steps)]
    return tuple(Asked(step, why) for step, why in whys if why is not None)


def feared_outcome(likely: int, bad: int) -> int:
    """How heavy a feared outcome is, from how likely it is and how bad it would be; all 0 to 100.

    The log has one number for it: the product, as in an expected loss (an assumption: threat is dreaded as
    far as it is both). Something that would be terrible and will hardly happen weighs little, and so does
    something likely that would not matter.

    >>> feared_outcome(50, 80), feared_outcome(100, 100), feared_outcome(0, 90)
    (40, 100, 0)
    """
    return round(likely * bad / 100)


def judgements_of(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId
) -> tuple[Step, tuple[Judgement, ...]]:
    """A step of the actor, retired or not, and what was said of it, oldest first."""
    with services.store.reading() as tx:
        ladder = permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        step = ladder.step(step_id)
        if step is None:
            raise NotFound(_("There is no such step"))
        events = [entry.event for entry in tx.evidence.log(actor, ladder_id)]
    found = [event for event in events if event.kind == "judgement" and event.task == step_id]
    return step, tuple(
        Judgement(datetime.fromtimestamp(event.time, UTC), event.value, event.feared)
        for event in found
        if event.value is not None
    )


def _why(steps: Sequence[StepOutlook], place: int, now: datetime) -> Why | None:
    outlook = steps[place]
    judged = outlook.judged_at
    if judged is None:
        return "new"
    if _is_tried_since(outlook, judged):
        return "tried"
    beside = [*steps[max(place - 1, 0) : place], *steps[place + 1 : place + 2]]
    if any(_is_tried_since(other, judged) for other in beside):
        return "beside"
    if outlook.settled is not None and _width(outlook.efficacy) >= WIDER * _width(outlook.settled):
        return "wider"
    has_happened = any(deed.at > judged for other in steps for deed in other.deeds)
    return "long" if has_happened and now - judged >= LONG else None


def _is_tried_since(outlook: StepOutlook, judged: datetime) -> bool:
    return any(deed.did in _TRIES and deed.at > judged for deed in outlook.deeds)


def _width(estimate: Estimate) -> float:
    return estimate.high - estimate.low
