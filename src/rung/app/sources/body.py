"""Bodily state: how strongly the body was going, how that was read, and what came of it.

Arousal read as "I can't" takes from belief, read as "I'm ready" it gives (`rung.engine.affect`). A state
noted between attempts counts for some hours; what an attempt says of the body counts for that attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rung.app.model import EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.ports import Services
from rung.app.sources.recording import Shelf, at_hand, keep, ladder_of, moment_of, new_event
from rung.app.wording import checked_text
from rung.engine import Event
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["BodyLog", "Felt", "body_log", "note_state"]

MOST_FELT = 1000
"""Newest moments that the page counts."""


@dataclass(frozen=True, slots=True)
class Felt:
    """One moment at which the person said how their body was going."""

    event_id: EventId
    at: datetime
    step: Step | None
    """The step that was tried; None for a state noted between attempts."""
    is_attempt: bool
    arousal: float
    """0 to 1."""
    appraisal: float | None
    """-1 (threat) to 1 (readiness)."""
    outcome: float | None
    """What came of the attempt."""
    reading: str
    """How it was read, in the person's own words."""


@dataclass(frozen=True, slots=True)
class BodyLog:
    """How the body was going on one ladder."""

    shelf: Shelf
    felt: tuple[Felt, ...]
    """Oldest first."""


def body_log(services: Services, actor: PersonId, ladder_id: LadderId | None = None) -> BodyLog:
    """How the actor's body was going on one ladder (without one: the ladder used last)."""
    with services.store.reading() as tx:
        shelf = at_hand(tx, actor, ladder_id)
        ladder = shelf.chosen
        entries = tx.evidence.log(actor, ladder.id) if ladder else []
        told = [entry.event for entry in entries if _is_told(entry.event)][-MOST_FELT:]
        texts = tx.evidence.texts(actor, [event.id for event in told if event.kind == "state"])
    felt = [_felt(ladder, event, texts.get(EventId(event.id), {})) for event in told if ladder]
    return BodyLog(shelf, tuple(felt))


def note_state(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    arousal: float,
    appraisal: float,
    reading: str = "",
    event_id: str | None = None,
) -> EventId:
    """Keep how the body is going now (0 to 1) and how that is read (-1 to 1)."""
    if not (0.0 <= arousal <= 1.0 and -1.0 <= appraisal <= 1.0):
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    texts = {"reading": checked_text(reading, _("The text"))}
    with services.store.writing(actor) as tx:
        ladder = ladder_of(tx, actor, ladder_id)
        event = new_event(services, ladder, None, "state", event_id)
        return keep(services, tx, actor, event._replace(arousal=arousal, appraisal=appraisal), texts)


def _is_told(event: Event) -> bool:
    return event.kind in ("state", "attempt") and event.arousal is not None


def _felt(ladder: Ladder, event: Event, texts: dict[str, str]) -> Felt:
    return Felt(
        event_id=EventId(event.id),
        at=moment_of(event),
        step=ladder.step(StepId(event.task)) if event.task else None,
        is_attempt=event.kind == "attempt",
        arousal=event.arousal or 0.0,
        appraisal=event.appraisal,
        outcome=event.value,
        reading=texts.get("reading", ""),
    )
