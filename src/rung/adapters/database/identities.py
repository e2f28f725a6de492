"""Identities at providers, in a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from rung.adapters.database.schema import identities
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import PersonId
from rung.app.ports import Identity, Vault

__all__ = ["IdentitiesTable"]

_LABEL = "identities.label"


class IdentitiesTable:
    """The identities of people."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Identity]:
        """Those of the person, oldest first."""
        query = select(identities).where(identities.c.person == person)
        ordered = query.order_by(identities.c.created_at, identities.c.subject)
        return [self._identity(row) for row in self._connection.execute(ordered)]

    def find(self, subjects: Sequence[bytes]) -> Identity | None:
        """The one with one of these digests, whosever it is."""
        query = select(identities).where(identities.c.subject.in_(subjects))
        row = self._connection.execute(query).first()
        return None if row is None else self._identity(row)

    def add(self, identity: Identity) -> None:
        """Store a new one."""
        self._connection.execute(
            insert(identities).values(
                person=identity.person,
                issuer=identity.issuer,
                subject=identity.subject,
                label=self._sealed(identity, identity.label),
                created_at=identity.created_at,
                last_used_at=identity.last_used_at,
            )
        )

    def use(self, identity: Identity, label: str, at: datetime) -> None:
        """Note that it was used, and what it is called now."""
        change = update(identities).where(_is(identity))
        self._connection.execute(change.values(label=self._sealed(identity, label), last_used_at=at))

    def remove(self, identity: Identity) -> None:
        """Forget it."""
        self._connection.execute(delete(identities).where(_is(identity)))

    def _sealed(self, identity: Identity, label: str) -> bytes:
        row = (identity.issuer.hex(), identity.subject.hex())
        return sealed(self._vault, label, _LABEL, identity.person, *row)

    def _identity(self, row: Row[Any]) -> Identity:
        issuer, subject = bytes(row.issuer), bytes(row.subject)
        label = opened(self._vault, row.label, _LABEL, row.person, issuer.hex(), subject.hex())
        person = PersonId(row.person)
        return Identity(person, issuer, subject, label, row.created_at, row.last_used_at)


def _is(identity: Identity) -> ColumnElement[bool]:
    return (identities.c.person == identity.person) & (identities.c.subject == identity.subject)
