"""Self-esteem, for those who want to note it: how somebody feels about themselves as a whole.

It is another thing than efficacy: it may stay low while a person becomes able, and the other way round. Rung
does not try to change it, and it enters no other number. One item, "I see myself as someone who has high
self-esteem", 1 (not very true of me) to 7 (very true of me): the single-item self-esteem scale of Robins,
Hendin & Trzesniewski 2001, doi:10.1177/0146167201272002. Asked at most once a week, by a choice of the app.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rung.app.accounts.preferences import preferences_in, set_preferences
from rung.app.model import PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import EsteemNote, Services, Transaction
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = [
    "EVERY",
    "LOW",
    "TOP",
    "Esteem",
    "esteem_of",
    "forget",
    "forget_all",
    "note",
    "turn_off",
    "turn_on",
]

LOW, TOP = 1, 7
EVERY = timedelta(days=7)
"""How long after an answer the next one is asked for."""

_YES = "yes"


@dataclass(frozen=True, slots=True)
class Esteem:
    """What somebody noted, and whether they are asked now."""

    is_on: bool
    notes: tuple[EsteemNote, ...]
    """Oldest first."""
    next_at: datetime | None
    """When it is asked again; None = now."""


def esteem_of(services: Services, actor: PersonId) -> Esteem:
    """What the actor noted so far."""
    with services.store.reading() as tx:
        _allowed(tx, actor)
        is_on, notes = preferences_in(tx, actor).esteem == _YES, tx.esteem.of(actor)
    return Esteem(is_on, tuple(notes), _next_at(notes, services.clock.now()))


def turn_on(services: Services, actor: PersonId) -> None:
    """Ask the actor from now on."""
    set_preferences(services, actor, esteem=_YES)


def turn_off(services: Services, actor: PersonId) -> None:
    """Ask no more; what was noted stays until it is deleted."""
    set_preferences(services, actor, esteem="")


def note(services: Services, actor: PersonId, value: int | None) -> None:
    """Store an answer, 1 to 7; the same one sent twice is stored once."""
    if value is None or not LOW <= value <= TOP:
        raise InvalidInput(_("Choose one of the numbers from %(low)s to %(top)s", low=LOW, top=TOP))
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        _allowed(tx, actor)
        if preferences_in(tx, actor).esteem != _YES:
            raise Conflict(_("Self-esteem is turned off here: turn it on first"))
        notes = tx.esteem.of(actor)
        if _next_at(notes, now) is None:
            tx.esteem.add(EsteemNote(actor, now, value))
        elif notes[-1].value != value:
            raise Conflict(_("You noted it less than a week ago: delete that answer to give another one"))


def forget(services: Services, actor: PersonId, at: datetime) -> None:
    """Delete the answer of one moment, for good."""
    with services.store.writing(actor) as tx:
        _allowed(tx, actor)
        # Compared here, for not every moment that can be written is one that a database can hold.
        found = [note.at for note in tx.esteem.of(actor) if note.at == at]
        if not found:
            raise NotFound("There is no such answer")
        tx.esteem.remove(actor, found[0])


def forget_all(services: Services, actor: PersonId) -> None:
    """Delete every answer, for good."""
    with services.store.writing(actor) as tx:
        _allowed(tx, actor)
        tx.esteem.remove(actor)


def _allowed(tx: Transaction, actor: PersonId) -> None:
    permitted(actor, Action.NOTE_ESTEEM, tx.people.get(actor), "account")


def _next_at(notes: list[EsteemNote], now: datetime) -> datetime | None:
    due = notes[-1].at + EVERY if notes else now
    return due if due > now else None
