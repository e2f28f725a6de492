"""What programs send: the models behind the API's description. A change says one thing at a time."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from rung.app.climbing.changing import MOST_STEPS
from rung.app.model import LadderId, StepId
from rung.app.programs.logging import MOST_EVENTS
from rung.app.wording import LONGEST_NAME
from rung.content import CONDITIONS
from rung.engine import Event
from rung.engine.events import COLUMNS
from rung.web.api.answers import Dial, value_type

__all__ = [
    "Archive",
    "AttemptIn",
    "ConditionsIn",
    "EventsIn",
    "JudgementIn",
    "LadderChange",
    "LadderIn",
    "Move",
    "PlanIn",
    "PlanState",
    "Rename",
    "Retire",
    "StepChange",
    "StepsIn",
    "Turn",
    "event_of",
]

_EXAMPLE = "6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11"
_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
_Condition: Any = Literal[tuple(CONDITIONS)]
_Own = Field(
    default=None,
    description="An id of your choosing: sent again under the same id, it is made once",
    examples=[_EXAMPLE],
)
_At = Field(default=None, description="When it was, where that is not now", examples=["2026-11-25T18:30:00Z"])


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class LadderIn(_In):
    """A new ladder."""

    name: _Name = Field(description="The goal, in the person's words", examples=["Give the talk in March"])
    steps: list[_Name] = Field(
        default=[],
        max_length=MOST_STEPS,
        description="Easiest first; the last one is the goal",
        examples=[["Say it alone", "Say it to Sam", "Give the talk"]],
    )
    template: str = Field(default="", description="The domain of the library that it comes from")
    id: UUID | None = _Own


class Rename(_In):
    """Another name."""

    name: _Name = Field(examples=["Give the talk in April"])


class Turn(_In):
    """The dial: how likely the proposed step should be to work."""

    wanted_chance: Dial


class Archive(_In):
    """Put it away, or take it up again."""

    archived: bool


LadderChange = Rename | Turn | Archive


class StepsIn(_In):
    """New steps."""

    names: list[_Name] = Field(
        min_length=1, max_length=MOST_STEPS, description="Easiest first", examples=[["Say it to the team"]]
    )
    after: UUID | None = Field(
        default=None,
        description="The step that they come after, as harder ones; without one they become the easiest",
        examples=[_EXAMPLE],
    )
    id: UUID | None = _Own


class Move(_In):
    """Another place among the steps, 1 for the easiest."""

    place: int = Field(ge=1, le=MOST_STEPS)


class ConditionsIn(_In):
    """What the step is done under."""

    conditions: list[_Condition] = Field(max_length=len(CONDITIONS))


class Retire(_In):
    """Take it out of the ladder, with its history, or take it up again."""

    retired: bool


StepChange = Rename | Move | ConditionsIn | Retire


class AttemptIn(_In):
    """What became of a step, as it is logged on the page: the approach is stored with it."""

    did: Literal["done", "partly", "tried", "avoided", "skipped"] = Field(
        description="`tried` did not work, `avoided` was let pass, `skipped` was put off: each is data"
    )
    at: AwareDatetime | None = _At
    varied: Literal["", "place", "people", "time"] | None = Field(
        default=None, description="What was different this time; null = as the plan for it says"
    )
    id: UUID | None = _Own


class JudgementIn(_In):
    """How sure the person is of each step, as of now, as they say it: 0 to 100."""

    ratings: dict[UUID, Annotated[int, Field(ge=0, le=100)]] = Field(
        min_length=1, max_length=MOST_STEPS, description="By step", examples=[{_EXAMPLE: 70}]
    )
    feared: dict[UUID, Annotated[int, Field(ge=0, le=100)]] = Field(
        default={}, description="How heavy what they fear is, 0 to 100, by step; of steps that are rated"
    )
    at: AwareDatetime | None = _At
    id: UUID | None = _Own


def _sent(column: Any) -> tuple[Any, Any]:
    meaning = Field(description=column.meaning)
    match column.name:
        case "time":
            return AwareDatetime, Field(description="when it happened", examples=["2026-11-25T18:30:00Z"])
        case "domain":
            return UUID, Field(description="the ladder's id", examples=[_EXAMPLE])
        case "task":
            told = "the step's id; null = the ladder as a whole, for kinds that may be about it"
            return UUID | None, Field(default=None, description=told, examples=[_EXAMPLE])
        case "id":
            return UUID, Field(description=column.meaning, examples=[_EXAMPLE])
        case "kind":
            return value_type(column), meaning
    if column.type == "text":
        return Annotated[str, Field(max_length=LONGEST_NAME)], Field(default="", description=column.meaning)
    return value_type(column), Field(default=None, description=column.meaning)


_COLUMNS: dict[str, Any] = {
    column.name: _sent(column) for column in COLUMNS if column.name not in ("person", "difficulty")
}
EventIn: Any = create_model(
    "EventIn",
    __base__=_In,
    __doc__="One row of the evidence log; the person and the step's difficulty are filled in.",
    **_COLUMNS,
)


class EventsIn(_In):
    """Events to append: all of them are stored, or none."""

    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS)


class PlanIn(_In):
    """A plan for a step; everything but the step may be left open, though not all of it."""

    ladder: UUID = Field(examples=[_EXAMPLE])
    step: UUID = Field(examples=[_EXAMPLE])
    at: AwareDatetime | None = Field(default=None, examples=["2026-12-01T09:00:00Z"])
    where: str = Field(default="", max_length=LONGEST_NAME, examples=["in his office"])
    if_text: str = Field(default="", max_length=LONGEST_NAME, description="Reads on after “If”")
    then_text: str = Field(default="", max_length=LONGEST_NAME, description="Reads on after “then I”")
    obstacle: str = Field(default="", max_length=LONGEST_NAME)
    then_what: str = Field(default="", max_length=LONGEST_NAME)
    who: str = Field(default="", max_length=LONGEST_NAME)
    vary: Literal["", "place", "people", "time"] = ""
    id: UUID | None = _Own


class PlanState(_In):
    """Let the plan go, or take it up again."""

    state: Literal["planned", "dropped"]


def event_of(sent: Any) -> Event:
    """The event that a program sent."""
    content = sent.model_dump(exclude={"time", "domain", "task", "id"})
    return Event(
        person="",
        domain=LadderId(str(sent.domain)),
        task=StepId(str(sent.task)) if sent.task else "",
        time=sent.time.timestamp(),
        id=str(sent.id),
        **content,
    )
