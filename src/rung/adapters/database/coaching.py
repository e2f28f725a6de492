"""What others left with a person, whom a coach has put aside for a while, and groups; in tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from rung.adapters.database.schema import groups, left, snoozes
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import LadderId, PersonId
from rung.app.ports import LEFT_STATES, Group, GroupWeek, Left, Vault

__all__ = ["GroupsTable", "LeftTable", "SnoozesTable"]

_CONTENT = "left_by_others.content"
_NAME = "groups.name"


class LeftTable:
    """What others proposed, said and shared."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(
        self, person: PersonId, ladder: LadderId | None = None, states: Sequence[str] = LEFT_STATES
    ) -> list[Left]:
        """What was left with a person, newest first."""
        which = (left.c.person == person) & left.c.state.in_(list(states))
        return self._read(which if ladder is None else which & (left.c.ladder == ladder))

    def get(self, person: PersonId, left_id: str) -> Left | None:
        """One of them."""
        return next(iter(self._read((left.c.person == person) & (left.c.id == left_id))), None)

    def open_by(self, by: PersonId) -> list[Left]:
        """What somebody left and nobody answered yet, of all people."""
        return self._read((left.c.by == by) & (left.c.state == "open"))

    def put(self, one: Left) -> None:
        """Store it as it is now."""
        key = (left.c.person == one.person) & (left.c.id == one.id)
        content = json.dumps(dict(one.content), ensure_ascii=False)
        values = {
            "person": one.person,
            "id": one.id,
            "by": one.by,
            "ladder": one.ladder,
            "kind": one.kind,
            "state": one.state,
            "made_at": one.made_at,
            "answered_at": one.answered_at,
            "content": sealed(self._vault, content, _CONTENT, one.person, one.id),
        }
        if self._connection.execute(update(left).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(left).values(values))

    def remove(self, person: PersonId, left_id: str) -> None:
        """Delete it."""
        self._connection.execute(delete(left).where(left.c.person == person, left.c.id == left_id))

    def _read(self, which: ColumnElement[bool]) -> list[Left]:
        query = select(left).where(which).order_by(left.c.made_at.desc(), left.c.id)
        return [self._left(row) for row in self._connection.execute(query)]

    def _left(self, row: Row[Any]) -> Left:
        return Left(
            person=PersonId(row.person),
            id=row.id,
            by=row.by,
            ladder=row.ladder,
            kind=row.kind,
            state=row.state,
            made_at=row.made_at,
            content=json.loads(opened(self._vault, row.content, _CONTENT, row.person, row.id)),
            answered_at=row.answered_at,
        )


class SnoozesTable:
    """Whom a coach does not want to see in the caseload for a while."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: PersonId, now: datetime) -> dict[PersonId, datetime]:
        """Until when, by whom it is about; those that are over are left out."""
        query = select(snoozes).where(snoozes.c.person == person, snoozes.c.until > now)
        return {PersonId(row.about): row.until for row in self._connection.execute(query)}

    def put(self, person: PersonId, about: PersonId, until: datetime | None) -> None:
        """Set it to end then; None = at once."""
        key = (snoozes.c.person == person) & (snoozes.c.about == about)
        self._connection.execute(delete(snoozes).where(key))
        if until is not None:
            self._connection.execute(insert(snoozes).values(person=person, about=about, until=until))


class GroupsTable:
    """Classes and wards."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Group]:
        """Those that a person leads, oldest first."""
        return self._read(groups.c.person == person)

    def get(self, person: PersonId, group: str) -> Group | None:
        """One of them."""
        return next(iter(self._read((groups.c.person == person) & (groups.c.id == group))), None)

    def put(self, group: Group) -> None:
        """Store it."""
        key = (groups.c.person == group.person) & (groups.c.id == group.id)
        values = {
            "person": group.person,
            "id": group.id,
            "name": sealed(self._vault, group.name, _NAME, group.person, group.id),
            "created_at": group.created_at,
            "figures": json.dumps([asdict(week) for week in group.figures]),
        }
        if self._connection.execute(update(groups).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(groups).values(values))

    def remove(self, person: PersonId, group: str) -> None:
        """Delete it with its bonds."""
        self._connection.execute(delete(groups).where(groups.c.person == person, groups.c.id == group))

    def _read(self, which: ColumnElement[bool]) -> list[Group]:
        query = select(groups).where(which).order_by(groups.c.created_at, groups.c.id)
        return [
            Group(
                PersonId(row.person),
                row.id,
                opened(self._vault, row.name, _NAME, row.person, row.id),
                row.created_at,
                tuple(GroupWeek(**week) for week in json.loads(row.figures)),
            )
            for row in self._connection.execute(query)
        ]
