"""Who looked: every read by somebody else is noted before anything is shown, and shown to the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Read, Services
from rung.app.sharing.fields import Field

__all__ = ["MOST_SHOWN", "Looks", "looks", "note_look"]

MOST_SHOWN = 200
"""Looks on one page."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks that others took, newest first."""

    reads: tuple[Read, ...]
    names: Mapping[LadderId, str]
    """Of the ladders that are still there."""
    earlier: datetime | None
    """Before which there may be more; None where these are all."""


def looks(services: Services, actor: PersonId, before: datetime | None = None) -> Looks:
    """The last looks at what is the actor's, or the last ones before a moment."""
    with services.store.reading() as tx:
        permitted(actor, Action.SHARE, tx.people.get(actor), "account")
        found = tx.reads.of(actor, MOST_SHOWN, before)
        names = {ladder.id: ladder.name for ladder in tx.ladders.of(actor)} if found else {}
    return Looks(tuple(found), names, found[-1].at if len(found) == MOST_SHOWN else None)


def note_look(
    services: Services,
    person: PersonId,
    reader: str,
    view: str,
    ladder: LadderId | None,
    fields: Iterable[Field] = (),
) -> None:
    """Note that somebody looks at what is this person's."""
    look = Read(person, str(uuid4()), services.clock.now(), reader, view, ladder, frozenset(fields))
    with services.store.writing(person) as tx:
        tx.reads.add([look])
