"""What stands beside a ladder for sessions with somebody: its scaled goals, and when sessions were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import LadderId, PersonId

__all__ = ["Meeting", "Meetings", "Noted", "ScaledGoal", "Scaling", "Scalings"]


@dataclass(frozen=True, slots=True)
class ScaledGoal:
    """One goal with five levels that were described beforehand."""

    id: str
    name: str
    weight: int
    """1 to 3: how much it counts beside the others."""
    levels: tuple[str, ...]
    """What it looks like, from much less than expected (-2) to much more (2)."""


@dataclass(frozen=True, slots=True)
class Noted:
    """How far the goals had come at one moment."""

    at: datetime
    levels: tuple[int, ...]
    """-2 to 2, in the order of the goals."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """The goals of a ladder, scaled (goal attainment scaling)."""

    person: PersonId
    ladder: LadderId
    goals: tuple[ScaledGoal, ...]
    noted: tuple[Noted, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session about a ladder: the next sheet begins there."""

    person: PersonId
    ladder: LadderId
    at: datetime


class Scalings(Protocol):
    """Scaled goals, one scaling a ladder."""

    def get(self, person: PersonId, ladder_id: LadderId) -> Scaling | None:
        """The scaling of one ladder."""

    def of(self, person: PersonId) -> list[Scaling]:
        """All scalings of the person."""

    def put(self, scaling: Scaling) -> None:
        """Store the scaling as it is now."""

    def remove(self, person: PersonId, ladder_id: LadderId) -> None:
        """Delete the scaling of a ladder."""


class Meetings(Protocol):
    """When sessions were."""

    def of(self, person: PersonId, ladder_id: LadderId | None = None) -> Sequence[Meeting]:
        """The person's sessions about one ladder, or all, oldest first."""

    def add(self, meeting: Meeting) -> None:
        """Store one more."""

    def remove(self, meeting: Meeting) -> None:
        """Delete one."""
