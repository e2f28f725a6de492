"""Scaled goals, sealed as JSON, and the moments of sessions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rung.adapters.database.schema import meetings, scalings
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import LadderId, PersonId
from rung.app.ports import Meeting, Noted, ScaledGoal, Scaling, Vault

__all__ = ["MeetingsTable", "ScalingsTable"]

_PLACE = "scalings.content"


class ScalingsTable:
    """One scaling a ladder."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def get(self, person: PersonId, ladder_id: LadderId) -> Scaling | None:
        """The scaling of one ladder."""
        query = select(scalings).where(scalings.c.person == person, scalings.c.ladder == ladder_id)
        row = self._connection.execute(query).first()
        return None if row is None else self._scaling(row)

    def of(self, person: PersonId) -> list[Scaling]:
        """All scalings of the person."""
        query = select(scalings).where(scalings.c.person == person).order_by(scalings.c.ladder)
        return [self._scaling(row) for row in self._connection.execute(query)]

    def put(self, scaling: Scaling) -> None:
        """Store the scaling as it is now."""
        said = {
            "goals": [
                {"id": goal.id, "name": goal.name, "weight": goal.weight, "levels": goal.levels}
                for goal in scaling.goals
            ],
            "noted": [{"at": noted.at.isoformat(), "levels": noted.levels} for noted in scaling.noted],
        }
        content = json.dumps(said, ensure_ascii=False)
        values = {
            "person": scaling.person,
            "ladder": scaling.ladder,
            "content": sealed(self._vault, content, _PLACE, scaling.person, scaling.ladder),
        }
        key = (scalings.c.person == scaling.person) & (scalings.c.ladder == scaling.ladder)
        if self._connection.execute(update(scalings).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(scalings).values(values))

    def remove(self, person: PersonId, ladder_id: LadderId) -> None:
        """Delete the scaling of a ladder."""
        self._connection.execute(
            delete(scalings).where(scalings.c.person == person, scalings.c.ladder == ladder_id)
        )

    def _scaling(self, row: Row[Any]) -> Scaling:
        said = json.loads(opened(self._vault, row.content, _PLACE, row.person, row.ladder))
        return Scaling(
            PersonId(row.person),
            LadderId(row.ladder),
            tuple(
                ScaledGoal(goal["id"], goal["name"], goal["weight"], tuple(goal["levels"]))
                for goal in said["goals"]
            ),
            tuple(
                Noted(datetime.fromisoformat(noted["at"]), tuple(noted["levels"])) for noted in said["noted"]
            ),
        )


class MeetingsTable:
    """One row a session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: PersonId, ladder_id: LadderId | None = None) -> list[Meeting]:
        """The person's sessions about one ladder, or all, oldest first."""
        query = select(meetings).where(meetings.c.person == person)
        if ladder_id is not None:
            query = query.where(meetings.c.ladder == ladder_id)
        rows = self._connection.execute(query.order_by(meetings.c.at, meetings.c.ladder))
        return [Meeting(PersonId(row.person), LadderId(row.ladder), row.at) for row in rows]

    def add(self, meeting: Meeting) -> None:
        """Store one more."""
        values = {"person": meeting.person, "ladder": meeting.ladder, "at": meeting.at}
        self._connection.execute(insert(meetings).values(values))

    def remove(self, meeting: Meeting) -> None:
        """Delete one."""
        key = (meetings.c.person == meeting.person) & (meetings.c.ladder == meeting.ladder)
        self._connection.execute(delete(meetings).where(key & (meetings.c.at == meeting.at)))
