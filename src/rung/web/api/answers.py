"""What the API answers: the models behind its description, made from what the use cases give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from rung.app.model import PLAN_STATES, VARIED, WANTED_CHANCES
from rung.app.policies import Scope
from rung.app.programs.logging import Appended
from rung.engine.events import COLUMNS, KINDS
from rung.engine.events import Column as LogColumn
from rung.engine.planning.reasons import REASONS

__all__ = [
    "AppendedOut",
    "AppendedPage",
    "BridgeOut",
    "ChangeOut",
    "ChangePage",
    "Dial",
    "EstimateOut",
    "EventOut",
    "EventPage",
    "JudgedOut",
    "LadderOut",
    "LadderPage",
    "LevelOut",
    "MadeOut",
    "MissingOut",
    "NextStepOut",
    "OptionOut",
    "PlanOut",
    "PlanPage",
    "ReasonOut",
    "RecordedOut",
    "StateOut",
    "StepOut",
    "StepStateOut",
    "StepsMadeOut",
    "StepsOut",
    "TextsOut",
    "TextsPage",
    "WhoamiOut",
    "id_field",
    "value_type",
]

Dial = Annotated[float, Field(json_schema_extra={"enum": [*WANTED_CHANCES]})]
_Share = Annotated[float, Field(ge=0.0, le=1.0)]


def id_field(meaning: str) -> Any:
    """A field that holds an id."""
    return Field(description=meaning, examples=["6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11"])


_NEXT = Field(
    description="Send it as `cursor` for the next page; null on the last one. The header Link has it, too.",
    examples=["WzE3NjM4ODg0MDAuMF0"],
)


class StepOut(BaseModel):
    """One rung of a ladder: a task with its difficulty."""

    id: str = id_field("The step's id, and the `task` of its events")
    name: str = Field(description="The step, in the person's words", examples=["Say it to Sam, who listens"])
    difficulty: float = Field(description="In logits; gives the step its place", examples=[-0.5])
    conditions: list[str] = Field(description="What it is done under", examples=[["watched"]])
    retired_at: datetime | None = Field(description="When it was taken out of the ladder")


class LadderOut(BaseModel):
    """The graded steps towards one thing that the person doubts they can do."""

    id: str = id_field("The ladder's id, and the `domain` of its events")
    name: str = Field(description="The goal, in the person's words", examples=["Give the talk in March"])
    wanted_chance: Dial = Field(description="The dial: how likely the proposed step should be to work")
    created_at: datetime
    archived_at: datetime | None = Field(description="When it was put away; null while it is in use")
    template: str = Field(description="The domain of the library that it came from; empty where none")
    steps: list[StepOut] = Field(description="Easiest first, retired ones too; the last is the goal")


class MadeOut(BaseModel):
    """What was made."""

    id: str = id_field("Its id")


class StepsMadeOut(BaseModel):
    """What was made, or put on a ladder."""

    id: str = id_field("The ladder's id")
    steps: list[str] = Field(description="The ids of the steps, easiest first")


class LadderPage(BaseModel):
    """Ladders, oldest first."""

    items: list[LadderOut]
    next_cursor: str | None = _NEXT


class StepsOut(BaseModel):
    """The steps of a ladder."""

    items: list[StepOut] = Field(description="Easiest first, retired ones too; the last is the goal")


class MissingOut(BaseModel):
    """What is still needed before a number can be shown."""

    judgements: int
    attempts: int


class EstimateOut(BaseModel):
    """A number with its uncertainty: the truth lies between `low` and `high` four times in five."""

    mean: _Share
    low: _Share
    high: _Share
    missing: MissingOut | None = Field(
        description="Where it is not null, too little is known: say so instead of showing the number"
    )


class ReasonOut(BaseModel):
    """Why something is proposed."""

    id: str = Field(
        description="One of: " + ", ".join(f"`{name}`" for name in REASONS), examples=["managed-before"]
    )
    text: str = Field(
        description="The same in words, in the language of the request (Accept-Language)",
        examples=["You have tried this step 4 times, and it worked 3 times."],
    )
    numbers: dict[str, float] = Field(examples=[{"worked": 3.0, "attempts": 4.0}])


class OptionOut(BaseModel):
    """Another step that could be taken, and the chance that it works."""

    step: str = id_field("The step's id")
    chance: EstimateOut


class BridgeOut(BaseModel):
    """A step that does not exist yet, and would help."""

    below: str | None = Field(description="The step that it would lie above; null for a new easiest one")
    above: str = id_field("The step that it would lie below")
    difficulty: float = Field(description="About how hard it would be, in logits")


class NextStepOut(BaseModel):
    """What Rung proposes on a ladder, and why."""

    ladder: str = id_field("The ladder's id")
    at: datetime = Field(description="The moment that it holds for")
    step: str | None = id_field("The proposed step's id; null for a ladder without steps")
    chance: EstimateOut = Field(description="The chance that an attempt at it works")
    efficacy: EstimateOut = Field(description="How sure the person is of it")
    reasons: list[ReasonOut] = Field(description="What speaks for it, what matters most first")
    pause: ReasonOut | None = Field(
        description="Where it is not null, difficulty should not be raised for now"
    )
    easier: OptionOut | None
    harder: OptionOut | None
    bridge: BridgeOut | None
    resting: list[str] = Field(description="Steps that rest until something easier has worked")
    before: list[Literal["model", "assurance", "reappraisal"]] = Field(
        description="What would help first: somebody alike who did it, an honest word, reading the body anew"
    )


class StepStateOut(BaseModel):
    """Where the person stands with one step."""

    step: str = id_field("The step's id")
    judged: _Share | None = Field(description="The last judgement of it, 0 to 1")
    judged_at: datetime | None
    efficacy: EstimateOut = Field(description="How sure the person is of it: the belief behind judgements")
    ability: EstimateOut = Field(description="The chance that an attempt works, by what was done")
    tried: int = Field(description="Attempts at it")
    worked: int = Field(description="Those that worked as a whole")


class LevelOut(BaseModel):
    """The hardest step that the person is judged able to do."""

    step: str | None = Field(description="Its id; null where there is none yet")
    place: int = Field(description="How many steps up, 0 to the number of steps")
    missing: MissingOut | None


class StateOut(BaseModel):
    """Where the person stands on a ladder: belief and ability are two estimates, each with its band."""

    ladder: str = id_field("The ladder's id")
    at: datetime = Field(description="The moment that it holds for")
    level: LevelOut
    strength: EstimateOut = Field(description="The mean of how sure the person is over the steps")
    steps: list[StepStateOut] = Field(description="The steps that are climbed, easiest first")


def value_type(column: LogColumn) -> Any:
    """The type of a column of the log, as a program reads and sends it."""
    kind: Any = {"text": str, "time": datetime, "number": float, "uuid": str}[column.type]
    if column.name == "kind":
        return Literal[tuple(KINDS)]
    if column.low is not None and column.high is not None:
        kind = Annotated[kind, Field(ge=column.low, le=column.high)]
    return kind if column.type != "number" else kind | None


_COLUMNS: dict[str, Any] = {
    column.name: (value_type(column), Field(description=column.meaning))
    for column in COLUMNS
    if column.name != "person"
}
EventOut: Any = create_model(
    "EventOut",
    __doc__="One row of the evidence log, as it stands: the columns of the format, null where unknown.",
    **_COLUMNS,
)


class EventPage(BaseModel):
    """Events in the order of the log: by time, what is said as of now before what happens next."""

    items: list[EventOut]
    next_cursor: str | None = _NEXT


class ChangeOut(BaseModel):
    """An event that came in, was changed, or was taken back."""

    id: str = id_field("The event's id")
    ladder: str = id_field("The ladder's id")
    at: datetime = Field(description="When the change was stored")
    event: EventOut | None = Field(description="The event as it stands; null where it was taken back")


class ChangePage(BaseModel):
    """Changes in the order in which they came; each event once, in the place of its last change."""

    items: list[ChangeOut]
    next_cursor: str = Field(
        description="Send it as `cursor` to go on from here, today or later; empty before anything came",
        examples=["WyIwZDZmNWQ1Yy0xYTExLTRhNTMtOWIzYi03YTBjNmY5YjJmM2UiLDFd"],
    )
    has_more: bool = Field(description="True where the next page has something already")


class AppendedOut(BaseModel):
    """What became of an event."""

    id: str = id_field("The event's id")
    is_new: bool = Field(description="False where it was stored before")


class AppendedPage(BaseModel):
    """What became of each event, in the order in which they were sent."""

    items: list[AppendedOut]

    @classmethod
    def of(cls, appended: list[Appended]) -> AppendedPage:
        """The answer."""
        return cls(items=[AppendedOut(id=one.id, is_new=one.is_new) for one in appended])


class RecordedOut(BaseModel):
    """What was stored."""

    id: str = id_field("The event's id: take it back with DELETE /events/{id}")
    is_taken_back: bool = Field(
        description="True where it was stored before, and taken back since: it stays so"
    )


class JudgedOut(BaseModel):
    """What was stored."""

    ids: list[str] = Field(description="The events, one for each step that was rated")


class TextsOut(BaseModel):
    """What the person wrote about an event."""

    event: str = id_field("The event's id")
    ladder: str = id_field("The ladder's id")
    texts: dict[str, str] = Field(
        description="By field, such as `what_helped`, `what_next`, `what_feared`, `what_said`",
        examples=[{"what_helped": "I had notes in hand"}],
    )


class TextsPage(BaseModel):
    """Texts, in the order of the log."""

    items: list[TextsOut]
    next_cursor: str | None = _NEXT


class PlanOut(BaseModel):
    """When, where and how a step is to be done; the words are null for a token without `read:texts`."""

    id: str = id_field("The plan's id")
    ladder: str = id_field("The ladder's id")
    step: str = id_field("The step's id")
    made_at: datetime
    at: datetime | None = Field(description="When it is to be done; null = left open")
    state: Annotated[str, Field(json_schema_extra={"enum": [*PLAN_STATES]})]
    done_by: str | None = Field(description="The event by which it was done")
    vary: Annotated[str, Field(json_schema_extra={"enum": ["", *VARIED]})] = Field(
        description="What is to be different from the times before"
    )
    where: str | None
    if_text: str | None = Field(description="Reads on after “If”")
    then_text: str | None = Field(description="Reads on after “then I”")
    obstacle: str | None = Field(description="What might get in the way")
    then_what: str | None = Field(description="What to do when it does")
    who: str | None = Field(description="Somebody who will know")


class PlanPage(BaseModel):
    """Plans, oldest first."""

    items: list[PlanOut]
    next_cursor: str | None = _NEXT


class WhoamiOut(BaseModel):
    """For whom a token acts, and what it may do."""

    model_config = ConfigDict(title="Whoami")

    person: str = id_field("The person's id; it says nothing of who they are")
    token: str = id_field("The token's id")
    name: str = Field(description="What the person calls the program", examples=["My watch"])
    scopes: list[Scope]
    ladders: list[str] | None = Field(description="The ladders that it is for; null for all of them")
    created_at: datetime
    expires_at: datetime
