"""Which steps to ask about how sure one is, when to ask once more, what was said, and what a fear weighs.

*Which.* The model says of which steps an answer tells most of the whole ladder (`rung.engine.asking`,
docs/asking.md). The first time, a ladder of `MANY` steps or more is asked about by the best half, which is
also what level and strength need; the rest can be answered, too.

*When.* Asking on every visit would tell little and tire people. It is worth asking once more where

- a step has been tried since it was judged: that step, and those of which an answer tells most;
- the band around a step has grown to `WIDER` times its width right after the last thing that happened, or
  `LONG` has passed since anything on the ladder was judged, and something happened meanwhile: those steps of
  which an answer tells most; or
- a step has not been judged, and it is tried or the next one, or fewer than half of the steps have been
  judged, or it is one of a `FEW`.

As many are asked as tell `ENOUGH` of what answers to all of them would, and never more than half, but for
steps with a reason of their own. The numbers are assumptions: no study says how often to ask.
"""

from __future__ import annotations

from collections.abc import Collection
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
    "ENOUGH",
    "FEW",
    "LONG",
    "MANY",
    "WIDER",
    "Asked",
    "Judgement",
    "LeftOut",
    "Why",
    "feared_outcome",
    "first_questions",
    "judgements_of",
    "left_out",
    "reasons_to_ask",
]

WIDER = 1.25
"""How many times as wide a band must have grown."""
LONG = timedelta(days=14)
"""After how long a judgement is old, where something happened since."""

MANY = 6
"""Steps from which on not all are asked about the first time."""
ENOUGH = 0.8
"""Share of what answers to all steps would tell that is enough when asking once more."""
FEW = 0.25
"""Share of the steps: no more than these left without a judgement were hardly left out on purpose."""

Why = Literal["new", "tried", "wider", "long", "tells"]
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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How well the steps that are not asked about are known once the others are answered."""

    error: float
    """Expected error of their efficacy, 0 to 1."""
    error_if_asked: float
    """The same had every step been asked about."""


def first_questions(today: Today) -> tuple[Step, ...]:
    """The steps to ask about the first time, easiest first; all of them where they are few."""
    count = len(today.steps)
    best = set(_best(today)[: _half(count) if count >= MANY else count])
    return tuple(outlook.step for outlook in today.steps if outlook.step.id in best)


def reasons_to_ask(today: Today) -> tuple[Asked, ...]:
    """The steps of which it would tell most to judge them now, easiest first, each with the reason.

    None before a first judgement.
    """
    if all(outlook.judged_at is None for outlook in today.steps):
        return ()
    whys = _own_reasons(today)
    widened = {outlook.step.id for outlook in today.steps if _has_widened(outlook)}
    is_long = _is_long(today)
    if widened or is_long or "tried" in whys.values():
        enough = min(today.questions.enough(ENOUGH), _half(len(today.steps)))
        judged = {outlook.step.id for outlook in today.steps if outlook.judged_at is not None}
        for step in _best(today)[:enough]:
            other: Why = "wider" if step in widened else "long" if is_long else "tells"
            whys.setdefault(step, other if step in judged else "new")
    return tuple(
        Asked(outlook.step, whys[outlook.step.id]) for outlook in today.steps if outlook.step.id in whys
    )


def left_out(today: Today, asked: Collection[StepId]) -> LeftOut | None:
    """What leaving out all other steps loses; None where these are all, or not those that tell most."""
    count = len(asked)
    if not 0 < count < len(today.steps) or set(asked) != set(_best(today)[:count]):
        return None
    told = today.questions.asked
    return LeftOut(told[count - 1].error_of_rest, told[-1].error)


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


def _best(today: Today) -> list[StepId]:
    return [StepId(question.task.name) for question in today.questions.asked]


def _half(count: int) -> int:
    return (count + 1) // 2


def _own_reasons(today: Today) -> dict[StepId, Why]:
    """Steps that are asked about however much or little it tells of the others."""
    whys: dict[StepId, Why] = {}
    for outlook in today.steps:
        if outlook.judged_at is not None and _is_tried_since(outlook, outlook.judged_at):
            whys[outlook.step.id] = "tried"
    return whys | dict.fromkeys(_never_judged(today), "new")


def _never_judged(today: Today) -> set[StepId]:
    """Steps without a judgement that are worth one."""
    left = {outlook.step.id: outlook for outlook in today.steps if outlook.judged_at is None}
    if len(left) <= FEW * len(today.steps):
        return set(left)
    proposed = today.outlook_of(today.recommendation.task)
    wanted = {
        step
        for step, outlook in left.items()
        if outlook is proposed or any(deed.did in _TRIES for deed in outlook.deeds)
    }
    needed = _half(len(today.steps)) - (len(today.steps) - len(left))
    return wanted | set([step for step in _best(today) if step in left][: max(needed, 0)])


def _has_widened(outlook: StepOutlook) -> bool:
    settled = outlook.settled
    return (
        outlook.judged_at is not None
        and settled is not None
        and _width(outlook.efficacy) >= WIDER * _width(settled)
    )


def _is_long(today: Today) -> bool:
    judged = max(outlook.judged_at for outlook in today.steps if outlook.judged_at is not None)
    has_happened = any(deed.at > judged for outlook in today.steps for deed in outlook.deeds)
    return has_happened and today.at - judged >= LONG


def _is_tried_since(outlook: StepOutlook, judged: datetime) -> bool:
    return any(deed.did in _TRIES and deed.at > judged for deed in outlook.deeds)


def _width(estimate: Estimate) -> float:
    return estimate.high - estimate.low
