"""What a person decided about how Rung speaks and when it is quiet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from rung.app.model import PersonId

__all__ = ["StoredPreferences"]


class StoredPreferences(Protocol):
    """Preferences as JSON values, by name."""

    def get(self, person: PersonId) -> dict[str, object]:
        """What the person decided; empty where nothing yet."""

    def put(self, person: PersonId, content: Mapping[str, object]) -> None:
        """Replace all of it."""
