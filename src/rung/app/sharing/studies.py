"""What people let a researcher have: their log under a pseudonym, as an evidence log that `rung` reads.

A pseudonym is a digest of the bond's random id: the same in every file while the bond lasts, another one for
another researcher, or after it was ended and begun anew. Ladders, steps and events get ids of the same kind,
times are seconds from the person's first event that is shown, and of words and names nothing is left. Each
time is noted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4, uuid5

from rung.app.model import SKIPPED, VARIED, VARY, LadderId, PersonId
from rung.app.policies import Action, Actor, Part, Role, may, permitted
from rung.app.ports import Bond, Read, Services, Transaction
from rung.app.sharing.actors import grants_of
from rung.app.sharing.fields import Field
from rung.app.sheets.shown import shown
from rung.engine.events import Event, canonical_order
from rung.log import Log, log_to_bytes

__all__ = ["Study", "export_study", "pseudonym", "study_of"]

_CONTEXTS = frozenset({SKIPPED, *(f"{VARY}{what}" for what in VARIED)})
"""Contexts that say nothing in anybody's own words."""


@dataclass(frozen=True, slots=True)
class Study:
    """What a researcher has."""

    people: int
    """Who let them in."""
    showing: int
    """Those of them who show something at this moment."""


def study_of(services: Services, actor: PersonId) -> Study:
    """How many people take part."""
    now = services.clock.now()
    with services.store.reading() as tx:
        bonds = tx.bonds.held_by(actor, (Role.RESEARCHER,))
    return Study(len(bonds), len({grant.person for grant in grants_of(bonds, now)}))


def export_study(services: Services, actor: PersonId) -> bytes:
    """The log of everybody who shows something, as CSV; what is read is noted before it is returned."""
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        account = permitted(actor, Action.SHARE, tx.people.get(actor), "account")
        bonds = sorted(tx.bonds.held_by(actor, (Role.RESEARCHER,)), key=pseudonym)
        holder = Actor(actor, tuple(grants_of(bonds, now)))
        events, reads = list[Event](), list[Read]()
        for bond in bonds:
            given = _given(holder, bond)
            events += _events(tx, bond, given)
            reads += [
                Read(
                    bond.person,
                    str(uuid4()),
                    now,
                    f"{account.name} ({Role.RESEARCHER.value})",
                    "study",
                    ladder,
                    fields,
                )
                for ladder, fields in given.items()
            ]
        tx.reads.add(reads)
    return log_to_bytes(Log.of(events, timestamps=False))


def pseudonym(bond: Bond) -> str:
    """By what name a person stands in the files of a researcher."""
    return hashlib.sha256(f"study/{bond.id}".encode()).hexdigest()[:16]


def _given(actor: Actor, bond: Bond) -> dict[LadderId, frozenset[Field]]:
    """What the researcher may read of a person, by ladder."""
    found = {}
    for ladder in (consent.ladder for consent in bond.consents):
        fields = frozenset(
            field for field in Field if may(actor, Action.STUDY, Part(bond.person, ladder, field))
        )
        if fields:
            found[ladder] = fields
    return found


def _events(tx: Transaction, bond: Bond, given: Mapping[LadderId, frozenset[Field]]) -> list[Event]:
    """What is shown of one person, with everything replaced by which they could be recognised."""
    seen = [
        entry.event
        for ladder, fields in given.items()
        for entry in shown(tx.evidence.log(bond.person, ladder), fields)
    ]
    first = min((event.time for event in seen), default=0.0)
    return [_veiled(event, bond, first) for event in sorted(seen, key=canonical_order)]


def _veiled(event: Event, bond: Bond, first: float) -> Event:
    known = event.context if event.context in _CONTEXTS else ""
    return event._replace(
        person=pseudonym(bond),
        domain=_digest(bond, event.domain),
        task=_digest(bond, event.task) if event.task else "",
        time=round(event.time - first, 6),
        context=f"versus:{_digest(bond, event.versus)}" if event.versus else known,
        id=str(uuid5(UUID(bond.id), event.id)),
    )


def _digest(bond: Bond, text: str) -> str:
    return hashlib.sha256(f"study/{bond.id}/{text}".encode()).hexdigest()[:12]
