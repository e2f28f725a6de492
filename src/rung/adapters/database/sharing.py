"""Offers, bonds with their consents, links and what was read, in tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from rung.adapters.database.parts import parts
from rung.adapters.database.schema import bonds, consents, links, offers, reads
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import PersonId
from rung.app.policies import Role
from rung.app.ports import Bond, Consent, Link, Offer, Read, Vault
from rung.app.sharing.fields import Field, fields_from

__all__ = ["BondsTable", "LinksTable", "OffersTable", "ReadsTable"]

_LABEL = "offers.label"
_READER = "reads.reader"


class OffersTable:
    """Open invitations between people."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Offer]:
        """All that a person made, oldest first."""
        query = select(offers).where(offers.c.person == person).order_by(offers.c.created_at, offers.c.id)
        return [self._offer(row) for row in self._connection.execute(query)]

    def find(self, token_hash: bytes) -> Offer | None:
        """The one of this code."""
        row = self._connection.execute(select(offers).where(offers.c.token_hash == token_hash)).first()
        return None if row is None else self._offer(row)

    def add(self, offer: Offer) -> None:
        """Store a new one."""
        self._connection.execute(
            insert(offers).values(
                person=offer.person,
                id=offer.id,
                token_hash=offer.token_hash,
                role=offer.role,
                lets_in=offer.lets_in,
                group=offer.group,
                label=sealed(self._vault, offer.label, _LABEL, offer.person, offer.id),
                created_at=offer.created_at,
                expires_at=offer.expires_at,
                uses=offer.uses,
            )
        )

    def use(self, offer: Offer) -> bool:
        """Use it once, and forget it with its last use; False where somebody else was faster."""
        key = (offers.c.person == offer.person) & (offers.c.id == offer.id)
        more = update(offers).where(key, offers.c.uses > 1).values(uses=offers.c.uses - 1)
        return self._connection.execute(more).rowcount == 1 or self.remove(offer)

    def remove(self, offer: Offer) -> bool:
        """Forget it; False where it was gone already."""
        key = (offers.c.person == offer.person) & (offers.c.id == offer.id)
        return self._connection.execute(delete(offers).where(key)).rowcount == 1

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
        self._connection.execute(delete(offers).where(offers.c.expires_at <= moment))

    def _offer(self, row: Row[Any]) -> Offer:
        return Offer(
            person=PersonId(row.person),
            id=row.id,
            token_hash=bytes(row.token_hash),
            role=Role(row.role),
            lets_in=row.lets_in,
            label=opened(self._vault, row.label, _LABEL, row.person, row.id),
            created_at=row.created_at,
            expires_at=row.expires_at,
            group=row.group,
            uses=row.uses,
        )


class BondsTable:
    """Who let whom in; two queries read any number of bonds with their consents."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: PersonId) -> list[Bond]:
        """Whom the person let in, oldest first."""
        return self._read(bonds.c.person == person)

    def held_by(self, other: PersonId, roles: Sequence[Role]) -> list[Bond]:
        """Who let this one in, as one of these roles, oldest first."""
        return self._read((bonds.c.other == other) & bonds.c.role.in_(list(roles)))

    def supervised_by(self, supervisor: PersonId) -> list[Bond]:
        """Bonds of people with coaches whom this one supervises, where the person agreed."""
        coaches = select(bonds.c.person).where(
            bonds.c.other == supervisor, bonds.c.role == Role.SUPERVISOR.value
        )
        return self._read(
            bonds.c.other.in_(coaches) & (bonds.c.role == Role.COACH.value) & bonds.c.supervised
        )

    def in_group(self, leader: PersonId, group: str) -> list[Bond]:
        """Those of a group."""
        return self._read((bonds.c.other == leader) & (bonds.c.group == group))

    def put(self, bond: Bond) -> None:
        """Store the bond with its consents as they are now."""
        key = (bonds.c.person == bond.person) & (bonds.c.id == bond.id)
        values = {
            "person": bond.person,
            "id": bond.id,
            "other": bond.other,
            "role": bond.role,
            "group": bond.group,
            "supervised": bond.supervised,
            "created_at": bond.created_at,
        }
        if self._connection.execute(update(bonds).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(bonds).values(values))
        self._connection.execute(
            delete(consents).where(consents.c.person == bond.person, consents.c.bond == bond.id)
        )
        rows = [
            {
                "person": bond.person,
                "bond": bond.id,
                "ladder": consent.ladder,
                "fields": _joined(consent.fields),
                "until": consent.until,
                "given_at": consent.given_at,
            }
            for consent in bond.consents
        ]
        if rows:
            self._connection.execute(insert(consents), rows)

    def remove(self, bond: Bond) -> None:
        """End it: it and its consents are gone."""
        self._connection.execute(delete(bonds).where(bonds.c.person == bond.person, bonds.c.id == bond.id))

    def _read(self, which: ColumnElement[bool]) -> list[Bond]:
        rows = self._connection.execute(
            select(bonds).where(which).order_by(bonds.c.created_at, bonds.c.id)
        ).all()
        if not rows:
            return []
        found: defaultdict[tuple[str, str], list[Consent]] = defaultdict(list)
        together = (bonds.c.person == consents.c.person) & (bonds.c.id == consents.c.bond)
        query = select(consents).join(bonds, together).where(which)
        for row in self._connection.execute(query.order_by(consents.c.given_at, consents.c.ladder)):
            fields = fields_from(row.fields.split())
            found[row.person, row.bond].append(Consent(row.ladder, fields, row.given_at, row.until))
        return [
            Bond(
                person=PersonId(row.person),
                id=row.id,
                other=PersonId(row.other),
                role=Role(row.role),
                created_at=row.created_at,
                supervised=row.supervised,
                group=row.group,
                consents=tuple(found[row.person, row.id]),
            )
            for row in rows
        ]


class LinksTable:
    """Secret addresses of reports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: PersonId) -> list[Link]:
        """All of a person, oldest first."""
        query = select(links).where(links.c.person == person).order_by(links.c.created_at, links.c.id)
        return [_link(row) for row in self._connection.execute(query)]

    def find(self, token_hash: bytes) -> Link | None:
        """The one of this address, expired or not."""
        row = self._connection.execute(select(links).where(links.c.token_hash == token_hash)).first()
        return None if row is None else _link(row)

    def add(self, link: Link) -> None:
        """Store a new one."""
        self._connection.execute(
            insert(links).values(
                person=link.person,
                id=link.id,
                token_hash=link.token_hash,
                ladder=link.ladder,
                fields=_joined(link.fields),
                created_at=link.created_at,
                expires_at=link.expires_at,
            )
        )

    def remove(self, person: PersonId, link_id: str) -> None:
        """Make it good for nothing."""
        self._connection.execute(delete(links).where(links.c.person == person, links.c.id == link_id))

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
        self._connection.execute(delete(links).where(links.c.expires_at <= moment))


class ReadsTable:
    """Every look that somebody else took."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, found: Sequence[Read]) -> None:
        """Note that somebody looked."""
        rows = [
            {
                "person": read.person,
                "id": read.id,
                "at": read.at,
                "reader": sealed(self._vault, read.reader, _READER, read.person, read.id),
                "view": read.view,
                "ladder": read.ladder,
                "fields": _joined(read.fields),
            }
            for read in found
        ]
        if rows:
            self._connection.execute(insert(reads), rows)

    def add_once(self, found: Sequence[Read]) -> None:
        """Note those looks that are not noted yet under their id."""
        ids = {read.id for read in found}
        query = select(reads.c.person, reads.c.id).where(reads.c.id.in_(ids))
        stored = {
            (row.person, row.id)
            for part in parts({read.person: None for read in found})
            for row in self._connection.execute(query.where(reads.c.person.in_(part)))
        }
        self.add([read for read in found if (read.person, read.id) not in stored])

    def of(self, person: PersonId, limit: int, before: datetime | None = None) -> list[Read]:
        """The last looks at a person's things, newest first."""
        query = select(reads).where(reads.c.person == person)
        if before is not None:
            query = query.where(reads.c.at < before)
        query = query.order_by(reads.c.at.desc(), reads.c.id).limit(limit)
        return [
            Read(
                person=PersonId(row.person),
                id=row.id,
                at=row.at,
                reader=opened(self._vault, row.reader, _READER, row.person, row.id),
                view=row.view,
                ladder=row.ladder,
                fields=fields_from(row.fields.split()),
            )
            for row in self._connection.execute(query)
        ]


def _link(row: Row[Any]) -> Link:
    return Link(
        person=PersonId(row.person),
        id=row.id,
        token_hash=bytes(row.token_hash),
        ladder=row.ladder,
        fields=fields_from(row.fields.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _joined(fields: frozenset[Field]) -> str:
    return " ".join(sorted(fields))
