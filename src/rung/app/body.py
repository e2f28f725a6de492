"""Getting ready: what the person's own log says of a body that was going strongly, and what was kept of it.

The fourth source is not how strongly the body goes but how that is read (`rung.engine.affect`). Before an
attempt the person is shown times at which it was going and the attempt worked all the same: their own
evidence, never a promise. What they make of it is kept by `rung.app.sources.note_state`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rung.app.evidence import standing_entry
from rung.app.model import EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.outlook import STRONG_AROUSAL
from rung.app.policies import Action, permitted
from rung.app.ports import Entry, Services
from rung.app.sources.recording import Shelf, at_hand, moment_of, step_of
from rung.errors import NotFound
from rung.words import _

__all__ = ["Kept", "Readiness", "Strong", "kept_state", "readiness"]

_WORKED = 1.0


@dataclass(frozen=True, slots=True)
class Strong:
    """The last time on a ladder that the body was going strongly, and the attempt worked."""

    step: Step | None
    """None where the step is not on the ladder any more."""
    at: datetime
    arousal: float
    """0 to 1, from `STRONG_AROUSAL` on."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands on the page before an attempt."""

    shelf: Shelf
    """The ladders to choose from, and the one that it is about."""
    step: Step | None
    last: Strong | None
    tried: int
    """Attempts on the ladder with a body that was going strongly, and a known outcome."""
    worked: int
    """Those of them that worked as a whole."""
    elsewhere: float | None
    """Where there is none on this ladder: arousal of the last attempt of any ladder that worked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A bodily state as it was kept."""

    event_id: EventId
    ladder: Ladder
    arousal: float
    appraisal: float
    reading: str


def readiness(
    services: Services, actor: PersonId, ladder_id: LadderId | None = None, step_id: StepId | None = None
) -> Readiness:
    """What the actor's log says of a strong body, on one ladder (without one: the ladder used last)."""
    with services.store.reading() as tx:
        shelf = at_hand(tx, actor, ladder_id)
        ladder = shelf.chosen
        if ladder is None and step_id:
            raise NotFound(_("There is no such step"))
        step = step_of(ladder, step_id) if ladder else None
        strong = _strong(tx.evidence.log(actor, ladder.id)) if ladder else []
        worked = [entry for entry in strong if entry.event.value == _WORKED]
        elsewhere = None
        if not worked:
            now = services.clock.now().timestamp()
            elsewhere = tx.evidence.arousal_of_last(actor, _WORKED, STRONG_AROUSAL, now)
    last = _last(ladder, worked[-1]) if ladder and worked else None
    return Readiness(shelf, step, last, len(strong), len(worked), elsewhere)


def kept_state(services: Services, actor: PersonId, event_id: EventId) -> Kept:
    """One bodily state that the actor kept; `NotFound` for events of another kind."""
    with services.store.reading() as tx:
        event = standing_entry(tx, actor, event_id, Action.READ_EVIDENCE).event
        if event.kind != "state":
            raise NotFound(_("There is no such event"))
        ladder = permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, LadderId(event.domain)), "ladder")
        key = EventId(event.id)
        texts = tx.evidence.texts(actor, [key]).get(key, {})
    return Kept(key, ladder, event.arousal or 0.0, event.appraisal or 0.0, texts.get("reading", ""))


def _strong(entries: Sequence[Entry]) -> list[Entry]:
    return [
        entry
        for entry in entries
        if entry.event.kind == "attempt"
        and entry.event.value is not None
        and (entry.event.arousal or 0.0) >= STRONG_AROUSAL
    ]


def _last(ladder: Ladder, entry: Entry) -> Strong:
    event = entry.event
    return Strong(ladder.step(StepId(event.task)), moment_of(event), event.arousal or 0.0)
