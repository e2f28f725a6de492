"""Answers on self-esteem in a table of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from rung.adapters.database.schema import esteem
from rung.app.model import PersonId
from rung.app.ports import EsteemNote

__all__ = ["EsteemTable"]


class EsteemTable:
    """What people answered, one row an answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: PersonId) -> list[EsteemNote]:
        """All answers of the person, oldest first."""
        query = select(esteem).where(esteem.c.person == person).order_by(esteem.c.at)
        rows = self._connection.execute(query)
        return [EsteemNote(PersonId(row.person), row.at, row.value) for row in rows]

    def add(self, note: EsteemNote) -> None:
        """Store one more."""
        values = {"person": note.person, "at": note.at, "value": note.value}
        self._connection.execute(insert(esteem).values(values))

    def remove(self, person: PersonId, at: datetime | None = None) -> None:
        """Delete the answer of this moment, or all of them."""
        change = delete(esteem).where(esteem.c.person == person)
        if at is not None:
            change = change.where(esteem.c.at == at)
        self._connection.execute(change)
