"""Plans in a table: the words are sealed JSON, the time and the state can be asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from rung.adapters.database.schema import plans
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import PersonId
from rung.app.ports import Plan, Vault

__all__ = ["PlansTable"]

_PLACE = "plans.content"
_COLUMNS = ("person", "id", "ladder", "step", "at", "state", "made_at")
_WORDS = tuple(field.name for field in fields(Plan) if field.name not in _COLUMNS)


class PlansTable:
    """Plans of every state."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def get(self, person: PersonId, plan_id: str) -> Plan | None:
        """One plan of the person."""
        query = select(plans).where(plans.c.person == person, plans.c.id == plan_id)
        row = self._connection.execute(query).first()
        return None if row is None else self._plan(row)

    def of(self, person: PersonId, states: Sequence[str]) -> list[Plan]:
        """The person's plans in these states: by their time, those left open last."""
        query = select(plans).where(plans.c.person == person, plans.c.state.in_(list(states)))
        query = query.order_by(plans.c.at.is_(None), plans.c.at, plans.c.made_at, plans.c.id)
        return [self._plan(row) for row in self._connection.execute(query)]

    def put(self, plan: Plan) -> None:
        """Store the plan as it is now."""
        values = self._values(plan)
        key = (plans.c.person == plan.person) & (plans.c.id == plan.id)
        if self._connection.execute(update(plans).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(plans).values(values))

    def _plan(self, row: Row[Any]) -> Plan:
        said = json.loads(opened(self._vault, row.content, _PLACE, row.person, row.id))
        columns = {name: getattr(row, name) for name in _COLUMNS}
        return Plan(**columns, **{name: said.get(name, "") for name in _WORDS})

    def _values(self, plan: Plan) -> dict[str, Any]:
        words = {name: text for name in _WORDS if (text := getattr(plan, name))}
        content = json.dumps(words, ensure_ascii=False)
        return {
            **{name: getattr(plan, name) for name in _COLUMNS},
            "content": sealed(self._vault, content, _PLACE, plan.person, plan.id),
        }
