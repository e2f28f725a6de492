"""Self-esteem, where somebody wants to note it: apart from the log, and never mixed with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import PersonId

__all__ = ["EsteemNote", "EsteemNotes"]


@dataclass(frozen=True, slots=True)
class EsteemNote:
    """One answer of a person, 1 to 7."""

    person: PersonId
    at: datetime
    value: int


class EsteemNotes(Protocol):
    """What people answered."""

    def of(self, person: PersonId) -> list[EsteemNote]:
        """All answers of the person, oldest first."""

    def add(self, note: EsteemNote) -> None:
        """Store one more."""

    def remove(self, person: PersonId, at: datetime | None = None) -> None:
        """Delete the answer of this moment, or all of them."""
