"""Ladders with their steps, in tables; one query reads any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from rung.adapters.database.parts import parts
from rung.adapters.database.schema import ladders, steps
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import Ladder, LadderId, PersonId, Step
from rung.app.ports import Vault

__all__ = ["LaddersTable"]

_OF_LADDER = (steps.c.person == ladders.c.person) & (steps.c.ladder == ladders.c.id)
_OF_STEP = [
    steps.c[name].label(f"step_{name}") for name in ("id", "name", "difficulty", "retired_at", "conditions")
]


class LaddersTable:
    """Ladders with their steps."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Ladder]:
        """All ladders of the person, archived ones too, oldest first."""
        return self._read(ladders.c.person == person)

    def get(self, person: PersonId, ladder_id: LadderId) -> Ladder | None:
        """One ladder of the person."""
        found = self._read((ladders.c.person == person) & (ladders.c.id == ladder_id))
        return found[0] if found else None

    def of_many(self, people: Sequence[PersonId], wanted: Sequence[LadderId]) -> list[Ladder]:
        """Those of these ladders that belong to these people, oldest first."""
        whose = set(people)
        found = [
            ladder
            for part in parts(dict.fromkeys(wanted))
            for ladder in self._read(ladders.c.id.in_(part))
            if ladder.person in whose
        ]
        return sorted(found, key=lambda ladder: (ladder.created_at, ladder.id))

    def put(self, ladder: Ladder) -> None:
        """Store the ladder and its steps as they are now; steps are never deleted."""
        key = (ladders.c.person == ladder.person) & (ladders.c.id == ladder.id)
        values = self._ladder_values(ladder)
        if self._connection.execute(update(ladders).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(ladders).values(values))
        self._put_steps(ladder)

    def _put_steps(self, ladder: Ladder) -> None:
        key = (steps.c.person == ladder.person) & (steps.c.ladder == ladder.id)
        stored = set(self._connection.scalars(select(steps.c.id).where(key)))
        new = [self._step_values(ladder, step) for step in ladder.steps if step.id not in stored]
        known = [self._step_values(ladder, step) for step in ladder.steps if step.id in stored]
        if new:
            self._connection.execute(insert(steps), new)
        if known:
            change = update(steps).where(key, steps.c.id == bindparam("step_id"))
            self._connection.execute(change, [{**values, "step_id": values["id"]} for values in known])

    def _read(self, which: ColumnElement[bool]) -> list[Ladder]:
        query = select(ladders, *_OF_STEP).outerjoin_from(ladders, steps, _OF_LADDER).where(which)
        ordered = query.order_by(
            ladders.c.created_at, ladders.c.id, ladders.c.person, steps.c.difficulty, steps.c.id
        )
        rows = self._connection.execute(ordered)
        return [self._ladder(list(found)) for _key, found in groupby(rows, lambda row: (row.id, row.person))]

    def _ladder(self, rows: list[Row[Any]]) -> Ladder:
        row = rows[0]
        return Ladder(
            id=row.id,
            person=row.person,
            name=opened(self._vault, row.name, "ladders.name", row.person, row.id),
            wanted_chance=row.wanted_chance,
            created_at=row.created_at,
            archived_at=row.archived_at,
            steps=tuple(self._step(one) for one in rows if one.step_id is not None),
            template=row.template,
        )

    def _step(self, row: Row[Any]) -> Step:
        name = opened(self._vault, row.step_name, "steps.name", row.person, row.id, row.step_id)
        conditions = tuple(row.step_conditions.split())
        return Step(row.step_id, name, row.step_difficulty, row.step_retired_at, conditions)

    def _ladder_values(self, ladder: Ladder) -> dict[str, Any]:
        return {
            "person": ladder.person,
            "id": ladder.id,
            "name": sealed(self._vault, ladder.name, "ladders.name", ladder.person, ladder.id),
            "wanted_chance": ladder.wanted_chance,
            "created_at": ladder.created_at,
            "archived_at": ladder.archived_at,
            "template": ladder.template,
        }

    def _step_values(self, ladder: Ladder, step: Step) -> dict[str, Any]:
        return {
            "person": ladder.person,
            "ladder": ladder.id,
            "id": step.id,
            "name": sealed(self._vault, step.name, "steps.name", ladder.person, ladder.id, step.id),
            "difficulty": step.difficulty,
            "retired_at": step.retired_at,
            "conditions": " ".join(step.conditions),
        }
