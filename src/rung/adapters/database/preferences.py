"""Preferences in a table, as sealed JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select, update

from rung.adapters.database.schema import preferences
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import PersonId
from rung.app.ports import Vault

__all__ = ["PreferencesTable"]

_PLACE = "preferences.content"


class PreferencesTable:
    """What people decided about language, time and quiet."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def get(self, person: PersonId) -> dict[str, object]:
        """What the person decided; empty where nothing yet."""
        query = select(preferences.c.content).where(preferences.c.person == person)
        content = self._connection.scalar(query)
        if content is None:
            return {}
        read: dict[str, object] = json.loads(opened(self._vault, content, _PLACE, person))
        return read

    def put(self, person: PersonId, content: Mapping[str, object]) -> None:
        """Replace all of it."""
        text = json.dumps(dict(content), ensure_ascii=False, allow_nan=False)
        values = {"content": sealed(self._vault, text, _PLACE, person)}
        change = update(preferences).where(preferences.c.person == person).values(values)
        if self._connection.execute(change).rowcount == 0:
            self._connection.execute(insert(preferences).values(person=person, **values))
