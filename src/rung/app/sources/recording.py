"""How an event of a source comes into the log: under the id that the client made, with its texts beside it.

The same thing sent twice is stored once. The same id with other content is a `Conflict`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from rung.app.beliefs import append_entries
from rung.app.model import EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Entry, Services, Transaction
from rung.app.wording import checked_id
from rung.engine import Event
from rung.engine.events import check_event
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = ["Shelf", "at_hand", "checked_share", "keep", "ladder_of", "moment_of", "new_event", "step_of"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The ladders that a page chooses from, and the one that it is about."""

    ladders: tuple[Ladder, ...]
    """Those that are not put away, and the chosen one; oldest first."""
    chosen: Ladder | None
    """None for somebody without a ladder."""


def at_hand(tx: Transaction, actor: PersonId, ladder_id: LadderId | None) -> Shelf:
    """The actor's ladders, and the one asked for; without one, the ladder that was used last."""
    every = tx.ladders.of(actor)
    if ladder_id is None:
        chosen = _last_used(tx, actor, every)
    else:
        found = next((ladder for ladder in every if ladder.id == ladder_id), None)
        chosen = permitted(actor, Action.READ_EVIDENCE, found, "ladder")
    return Shelf(tuple(one for one in every if one.archived_at is None or one == chosen), chosen)


def _last_used(tx: Transaction, actor: PersonId, every: Sequence[Ladder]) -> Ladder | None:
    climbed = [ladder for ladder in every if ladder.archived_at is None]
    latest = tx.evidence.latest(actor)
    used = [ladder for ladder in climbed if latest is not None and ladder.id == latest.domain]
    return next(iter([*used, *reversed(climbed), *every]), None)


def ladder_of(tx: Transaction, actor: PersonId, ladder_id: LadderId) -> Ladder:
    """The ladder that something is to be recorded for."""
    return permitted(actor, Action.RECORD, tx.ladders.get(actor, ladder_id), "ladder")


def step_of(ladder: Ladder, step_id: StepId | None) -> Step | None:
    """The step of this id; None where the whole ladder is meant."""
    if not step_id:
        return None
    found = ladder.step(step_id)
    if found is None:
        raise NotFound(_("There is no such step"))
    return found


def new_event(
    services: Services, ladder: Ladder, step: Step | None, kind: str, event_id: str | None
) -> Event:
    """An event of now, of the step or of the ladder as a whole."""
    return Event(
        person=ladder.person,
        domain=ladder.id,
        task="" if step is None else step.id,
        time=services.clock.now().timestamp(),
        kind=kind,
        difficulty=None if step is None else step.difficulty,
        id=str(uuid4()) if event_id is None else checked_id(event_id, _("The event's id")),
    )


def keep(
    services: Services, tx: Transaction, actor: PersonId, event: Event, written: Mapping[str, str]
) -> EventId:
    """Append a new event with what was written about it, once."""
    check_event(event)
    key = EventId(event.id)
    stored = tx.evidence.revisions(actor, [key]).get(key)
    if stored is None:
        append_entries(services, tx, actor, [Entry(event, recorded_at=services.clock.now())])
        tx.evidence.put_texts(actor, key, written)
    elif not _is_resent(stored[0].event, event) or tx.evidence.texts(actor, [key]).get(key, {}) != {
        field: text for field, text in written.items() if text
    }:
        raise Conflict(_("This was kept before with something else in it: load the page again"))
    return key


def _is_resent(stored: Event, event: Event) -> bool:
    # What the server fills in (the step's difficulty, the time) is no part of what was sent.
    return stored == event._replace(difficulty=stored.difficulty, time=stored.time)


def checked_share(number: float, low: float = 0.0) -> float:
    """A share from `low` to 1; anything else is refused."""
    if not low <= number <= 1.0:
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    return number


_FIRST = datetime.min.replace(tzinfo=UTC).timestamp()
_LAST = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()


def moment_of(event: Event) -> datetime:
    """When it happened; laboratory data may hold any number, a date ends with the year 9999."""
    return datetime.fromtimestamp(min(max(event.time, _FIRST), _LAST), UTC)
