"""What the use cases speak of: accounts, ladders, steps, deeds. Frozen, validated where they are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType, TypeAlias, get_args

__all__ = [
    "ATTEMPT",
    "CIRCUMSTANCES",
    "DELIVERY_STATES",
    "PLAN_STATES",
    "REFLECTION_TEXTS",
    "SKIPPED",
    "STORY",
    "TEXT_FIELDS",
    "VARIED",
    "VARY",
    "WANTED_CHANCES",
    "Account",
    "Did",
    "EventId",
    "Ladder",
    "LadderId",
    "PersonId",
    "Reflection",
    "StateOfPlan",
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

STORY = "story:"
"""How the context of a model in a story begins; the id of a story of `rung.content` follows."""
ATTEMPT = "attempt:"
"""How the context of an assurance by somebody who saw an attempt begins; the attempt's id follows."""

VARIED = ("place", "people", "time")
"""What can be different when a step is done once more: the place, the people, the time."""
VARY = "vary:"
"""How the context of such an attempt begins; one of `VARIED` follows."""

REFLECTION_TEXTS = ("what_helped", "what_next", "what_feared", "cause", "circumstances")
"""What a person may say in words about something that they did; the last two are ids of answers."""

TEXT_FIELDS = (
    *REFLECTION_TEXTS,
    "resources",
    "who",
    "what_said",
    "what_seen",
    "story",
    "reading",
)
"""What a person may write about an event: sealed at rest, never part of the log.

`who` said it or was seen, `what_said` and `what_seen` are an encouragement and what it stands on, `story` is
what somebody else did, `reading` is how the body was read, `resources` what one has to manage with.
"""

CIRCUMSTANCES = ("first", "rough")
"""What may speak for a try that is not like the others: the first one, a rough day."""

StateOfPlan: TypeAlias = Literal["planned", "done", "dropped"]
PLAN_STATES: tuple[StateOfPlan, ...] = get_args(StateOfPlan)
DELIVERY_STATES = ("waiting", "sending", "sent", "failed", "expired")


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
    conditions: tuple[str, ...] = ()
    """What it is done under, of `rung.content.CONDITIONS`."""


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
    template: str = ""
    """Id of the domain of `rung.content` that it was made from or that fits it; empty = none."""

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
    cause: str = ""
    """Id of the answer to what made it so: two answers may mean the same number, and are kept apart here."""
    circumstances: str = ""
    """Ids of `CIRCUMSTANCES`, parted by spaces."""
