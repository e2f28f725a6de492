"""What the use cases speak of: accounts, ladders, steps, deeds. Frozen, validated where they are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

__all__ = [
    "SKIPPED",
    "TEXT_FIELDS",
    "WANTED_CHANCES",
    "Account",
    "Did",
    "EventId",
    "Ladder",
    "LadderId",
    "PersonId",
    "Reflection",
    "Step",
    "StepId",
]

PersonId = NewType("PersonId", str)
EventId = NewType("EventId", str)
LadderId = NewType("LadderId", str)
StepId = NewType("StepId", str)

WANTED_CHANCES = (0.6, 0.75, 0.9)
"""The dial: how likely the recommended step should be to work."""

SKIPPED = "skipped"
"""Context of the note that stands for "not today"."""

TEXT_FIELDS = ("what_helped", "what_next", "what_feared")
"""What a person may write about an event: sealed at rest, never part of the log."""


class Did(StrEnum):
    """What became of a step: the one tap of logging."""

    DONE = "done"
    PARTLY = "partly"
    TRIED = "tried"
    AVOIDED = "avoided"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in."""

    id: PersonId
    name: str
    created_at: datetime

    @property
    def person(self) -> PersonId:
        """Whose account it is: their own."""
        return self.id


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: a task with its difficulty. A retired step keeps its history."""

    id: StepId
    name: str
    difficulty: float
    """Logits, 0 = neutral: gives the step its place, and goes into each of its events."""
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The graded steps towards one thing that the person doubts they can do."""

    id: LadderId
    person: PersonId
    name: str
    """The goal in the person's own words."""
    wanted_chance: float
    created_at: datetime
    archived_at: datetime | None
    steps: tuple[Step, ...]
    """All steps, retired ones too, easiest first; the last is the goal."""

    @property
    def climbing(self) -> tuple[Step, ...]:
        """The steps that are not retired, easiest first."""
        return tuple(step for step in self.steps if step.retired_at is None)

    def step(self, step_id: StepId) -> Step | None:
        """The step of this id, retired or not; None where the ladder has no such step."""
        return next((step for step in self.steps if step.id == step_id), None)


@dataclass(frozen=True, slots=True)
class Reflection:
    """What the person makes of an attempt. Numbers 0 to 1 (appraisal -1 to 1); None = not said."""

    aid: float | None = None
    effort: float | None = None
    internal: float | None = None
    stable: float | None = None
    controllable: float | None = None
    arousal: float | None = None
    appraisal: float | None = None
    feared: float | None = None
    happened: float | None = None
    what_helped: str = ""
    what_next: str = ""
    what_feared: str = ""
