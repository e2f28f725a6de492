"""What a server gives, as frozen dataclasses: made from its JSON, by their own types.

What a newer server adds is left out, so that an older client goes on working.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import uuid4

from rung.client.failures import ServerTrouble

__all__ = [
    "Appended",
    "Bridge",
    "Change",
    "Changes",
    "Estimate",
    "Event",
    "Ladder",
    "Level",
    "Made",
    "Missing",
    "NextStep",
    "Option",
    "Plan",
    "Reason",
    "Recorded",
    "State",
    "Step",
    "StepState",
    "Texts",
    "Whoami",
    "made",
    "sent",
]


@dataclass(frozen=True, slots=True)
class Whoami:
    """For whom the token acts, and what it may do."""

    person: str
    token: str
    name: str
    scopes: tuple[str, ...]
    ladders: tuple[str, ...] | None
    """None = all of them."""
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder."""

    id: str
    name: str
    difficulty: float
    """Logits."""
    conditions: tuple[str, ...]
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The graded steps towards one thing that the person doubts they can do."""

    id: str
    name: str
    wanted_chance: float
    created_at: datetime
    archived_at: datetime | None
    template: str
    steps: tuple[Step, ...]
    """Easiest first, retired ones too; the last is the goal."""

    @property
    def climbing(self) -> tuple[Step, ...]:
        """The steps that are not retired, easiest first."""
        return tuple(step for step in self.steps if step.retired_at is None)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: its id, and the ids of steps that came with it, easiest first."""

    id: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still needed before a number can be shown."""

    judgements: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its band; where `missing` is there, say so instead of showing it."""

    mean: float
    low: float
    high: float
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is proposed: an id for programs, a text for people."""

    id: str
    text: str
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Option:
    """Another step that could be taken."""

    step: str
    chance: Estimate


@dataclass(frozen=True, slots=True)
class Bridge:
    """A step that does not exist yet, and would help."""

    below: str | None
    above: str
    difficulty: float


@dataclass(frozen=True, slots=True)
class NextStep:
    """What Rung proposes on a ladder, and why."""

    ladder: str
    at: datetime
    step: str | None
    """Its id; None for a ladder without steps."""
    chance: Estimate
    efficacy: Estimate
    reasons: tuple[Reason, ...]
    pause: Reason | None
    easier: Option | None
    harder: Option | None
    bridge: Bridge | None
    resting: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepState:
    """Where the person stands with one step."""

    step: str
    judged: float | None
    """0 to 1."""
    judged_at: datetime | None
    efficacy: Estimate
    """How sure the person is."""
    ability: Estimate
    """The chance that an attempt works."""
    tried: int
    worked: int


@dataclass(frozen=True, slots=True)
class Level:
    """The hardest step that the person is judged able to do."""

    step: str | None
    place: int
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class State:
    """Where the person stands on a ladder."""

    ladder: str
    at: datetime
    level: Level
    strength: Estimate
    steps: tuple[StepState, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the evidence log; None is what is not known.

    >>> Event("attempt", "6f9b2f3e-…", datetime(2026, 11, 25), task="0d6f5d5c-…", value=1.0).value
    1.0
    """

    kind: str
    domain: str
    """The ladder's id."""
    time: datetime
    task: str = ""
    """The step's id; empty for the ladder as a whole."""
    value: float | None = None
    difficulty: float | None = None
    """Filled in by the server."""
    difficulty_rated: float | None = None
    feedback: float | None = None
    confidence: float | None = None
    aid: float | None = None
    effort: float | None = None
    internal: float | None = None
    stable: float | None = None
    controllable: float | None = None
    similarity: float | None = None
    coping: float | None = None
    credibility: float | None = None
    arousal: float | None = None
    appraisal: float | None = None
    feared: float | None = None
    happened: float | None = None
    context: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))
    """Made by the client: the same sent twice is stored once."""


@dataclass(frozen=True, slots=True)
class Change:
    """An event that came in, was changed, or was taken back."""

    id: str
    ladder: str
    at: datetime
    """When the change was stored."""
    event: Event | None
    """The event as it stands; None where it was taken back."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What came since, and the place to go on from."""

    items: tuple[Change, ...]
    """Oldest change first; each event once, in the place of its last change."""
    cursor: str


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an event."""

    id: str
    is_new: bool
    """False where it was stored before."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was logged."""

    id: str
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """What the person wrote about an event, by field."""

    event: str
    ladder: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """When, where and how a step is to be done; words are None for a token that may not read texts."""

    id: str
    ladder: str
    step: str
    made_at: datetime
    at: datetime | None
    state: str
    done_by: str | None
    vary: str
    where: str | None
    if_text: str | None
    then_text: str | None
    obstacle: str | None
    then_what: str | None
    who: str | None


_Thing = TypeVar("_Thing")


def made(kind: type[_Thing], content: Any) -> _Thing:
    """A thing from its JSON; `ServerTrouble` where it is none.

    >>> made(Missing, {"judgements": 2, "attempts": 1, "of_later": "?"})
    Missing(judgements=2, attempts=1)
    """
    try:
        return kind(
            **{
                name: _value(hint, content[name])
                for name, hint in _hints(cast(Hashable, kind))
                if name in content
            }
        )
    except (TypeError, KeyError, ValueError) as error:
        told = f"The server sent no {kind.__name__}: {error}"
        raise ServerTrouble(200, {"detail": told}) from error


def sent(event: Event) -> dict[str, Any]:
    """An event as it is sent: without what is not known, and what the server fills in."""
    content = {one.name: getattr(event, one.name) for one in fields(event) if one.name != "difficulty"}
    known = {name: value for name, value in content.items() if value is not None and value != ""}
    return {**known, "time": event.time.isoformat()}


@cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


def _value(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _value(next(one for one in get_args(hint) if one is not NoneType), value)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], one) for one in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    return made(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
