"""The events of the evidence log, and the one definition of its columns.

Everything that describes the format (the reader's checks, the JSON Schema, the table schema, the
database's columns, the docs) is generated from `COLUMNS` and `KINDS` below.

Efficacy log 1.0: one row an event, empty means unknown, append-only, times in UTC.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, NamedTuple

from rung.errors import InvalidEvent

__all__ = [
    "COLUMNS",
    "FORMAT_VERSION",
    "KINDS",
    "Column",
    "Event",
    "Kind",
    "asked",
    "canonical_order",
    "check_event",
    "context_fault",
    "in_order",
    "number_fault",
    "turned",
    "value_fault",
]

FORMAT_VERSION = "1.0"


class Kind(NamedTuple):
    """One kind of event and what its `value` may be."""

    name: str
    value: Literal["required", "optional", "empty", "binary"]
    meaning: str
    """What `value` says for this kind."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("judgement", "required", "efficacy judgement, rating / 100"),
        Kind(
            "attempt",
            "optional",
            "the true outcome, 0 (did not work) to 1 (worked); empty where it is not known",
        ),
        Kind(
            "feedback",
            "required",
            "performance information that comes apart from the act (a grade, a percentile)",
        ),
        Kind("model", "required", "the outcome of somebody else who was seen doing it"),
        Kind("persuasion", "required", "the chance of success that the speaker conveys"),
        Kind("state", "empty", "no value: arousal and appraisal carry it"),
        Kind("choice", "binary", "1 approached, 0 avoided; between two tasks, the chosen one is `task`"),
        Kind("note", "empty", "no value: free text lives in the app"),
    )
}

_TASK_BOUND = ("judgement", "attempt", "feedback", "model", "persuasion", "choice", "note")
_ALL = tuple(KINDS)


class Column(NamedTuple):
    """One column of the evidence log."""

    name: str
    type: Literal["text", "time", "number", "uuid"]
    kinds: tuple[str, ...]
    """Kinds of event that use the column; it is kept, and ignored, for the others."""
    meaning: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    binary: bool = False
    """True where only 0 and 1 are allowed."""


COLUMNS: tuple[Column, ...] = (
    Column("person", "text", _ALL, "pseudonymous id", required=True),
    Column("domain", "text", _ALL, "the capability", required=True),
    Column("task", "text", _TASK_BOUND, "the step; empty = the domain as a whole"),
    Column("time", "time", _ALL, "when it happened: UTC timestamp, or seconds as a number", required=True),
    Column("kind", "text", _ALL, "one of: " + ", ".join(KINDS), required=True),
    Column("value", "number", _ALL, "see the kinds", low=0, high=1),
    Column(
        "difficulty", "number", _TASK_BOUND, "known or rated difficulty of the task in logits, 0 = neutral"
    ),
    Column(
        "difficulty_rated",
        "number",
        ("judgement", "attempt"),
        "the person's own rating of how hard it is",
        low=0,
        high=1,
    ),
    Column(
        "feedback",
        "number",
        ("attempt",),
        "what the person saw or was told of the outcome; empty = nothing",
        low=0,
        high=1,
    ),
    Column(
        "confidence", "number", ("attempt",), "own sense, after the act, of having succeeded", low=0, high=1
    ),
    Column(
        "aid",
        "number",
        ("attempt",),
        "share of the outcome visibly due to help or safety aids",
        low=0,
        high=1,
    ),
    Column("effort", "number", ("attempt",), "effort put in", low=0, high=1),
    Column(
        "internal", "number", ("attempt", "feedback"), "cause: outside (0) to the person (1)", low=0, high=1
    ),
    Column("stable", "number", ("attempt", "feedback"), "cause: passing (0) to lasting (1)", low=0, high=1),
    Column(
        "controllable",
        "number",
        ("attempt", "feedback"),
        "cause: out of hand (0) to in hand (1)",
        low=0,
        high=1,
    ),
    Column("similarity", "number", ("model",), "how like the person the model is felt to be", low=0, high=1),
    Column("coping", "number", ("model",), "1 where the model struggled first", low=0, high=1, binary=True),
    Column(
        "credibility", "number", ("persuasion", "feedback"), "how far the source is believed", low=0, high=1
    ),
    Column("arousal", "number", ("state", "attempt"), "bodily activation", low=0, high=1),
    Column(
        "appraisal",
        "number",
        ("state", "attempt"),
        "its reading: threat (-1) to challenge (1)",
        low=-1,
        high=1,
    ),
    Column(
        "feared",
        "number",
        ("judgement", "attempt"),
        "how likely and bad the feared outcome was thought to be",
        low=0,
        high=1,
    ),
    Column(
        "happened", "number", ("judgement", "attempt"), "how far the feared outcome came true", low=0, high=1
    ),
    Column(
        "context",
        "text",
        ("attempt", "choice"),
        "place, people, stakes; `versus:<task>` in a choice between two tasks",
    ),
    Column("id", "uuid", _ALL, "made by the client; the same event sent twice is stored once"),
)


class Event(NamedTuple):
    """One row of the evidence log: the fields are `COLUMNS`; None and the empty text mean unknown."""

    person: str
    domain: str
    task: str
    time: float
    """Seconds since 1970-01-01 UTC, or an order number in laboratory data."""
    kind: str
    value: float | None = None
    difficulty: float | None = None
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
    id: str = ""

    @property
    def versus(self) -> str | None:
        """The task that was not chosen, in a choice between two tasks."""
        return self.context[7:] if self.kind == "choice" and self.context.startswith("versus:") else None


def turned(event: Event) -> Event:
    """A choice between two tasks told in a way that does not depend on the choice; any other as it is.

    `task` is then the first of the two by their text, the context names the other one, `value` says whether
    the first was chosen, and the difficulty, which is the chosen one's, is left out.

    >>> turned(Event("ana", "talks", "team", 0.0, "choice", 1.0, context="versus:friend")).value
    0.0
    """
    other = event.versus
    if other is None:
        return event
    if event.task < other:
        return event._replace(difficulty=None)
    value = None if event.value is None else 1.0 - event.value
    return event._replace(task=other, context=f"versus:{event.task}", value=value, difficulty=None)


def asked(event: Event) -> Event:
    """All that a forecast of an event may know of the event itself, choices already `turned`."""
    other = event.versus
    return Event(
        event.person,
        event.domain,
        event.task,
        event.time,
        event.kind,
        difficulty=event.difficulty,
        context="" if other is None else f"versus:{other}",
    )


_NUMBERS = tuple((index, column) for index, column in enumerate(COLUMNS) if column.type == "number")


def check_event(event: Event) -> None:
    """Raise `InvalidEvent` with every fault of the event; do nothing where it has none."""
    faults = [
        f"{name}: is empty; every event has one" for name in ("person", "domain") if not getattr(event, name)
    ]
    if not math.isfinite(event.time):
        faults.append(f"time: {event.time} is not a finite number of seconds")
    for index, column in _NUMBERS:
        number = event[index]
        if number is not None and (fault := number_fault(column, float(number))):
            faults.append(f"{column.name}: {fault}")
    kind = KINDS.get(event.kind)
    if kind is None:
        faults.append(f"kind: {event.kind!r} is not one of {', '.join(KINDS)}")
    else:
        fault = value_fault(kind, event.value)
        if fault:
            faults.append(f"value: {fault}")
    if event.kind == "choice" and (fault := context_fault(event.task, event.context)):
        faults.append(f"context: {fault}")
    if faults:
        raise InvalidEvent(faults)


def number_fault(column: Column, number: float) -> str | None:
    """Why a number is not allowed in a column, or None."""
    if not math.isfinite(number):
        return f"{number} is not a finite number"
    if column.binary and number not in (0.0, 1.0):
        return f"{number:g} is neither 0 nor 1"
    if column.low is not None and column.high is not None and not column.low <= number <= column.high:
        return f"{number:g} is not between {column.low:g} and {column.high:g}"
    return None


def value_fault(kind: Kind, value: float | None) -> str | None:
    """Why a value (already in range) does not fit its kind, or None."""
    if value is None:
        return None if kind.value in ("optional", "empty") else f"is empty; a {kind.name} needs one"
    if kind.value == "empty":
        return f"must be empty for a {kind.name}"
    if kind.value == "binary" and value not in (0.0, 1.0):
        return f"{value:g} is neither 1 (approached) nor 0 (avoided)"
    return None


def context_fault(task: str, context: str) -> str | None:
    """Why the context of a choice does not fit its task, or None."""
    if context.startswith("versus:") and context[7:] in ("", task):
        return "versus: must name the other task"
    return None


_RANK = {
    kind: rank
    for rank, kind in enumerate(
        ("judgement", "choice", "state", "model", "persuasion", "attempt", "feedback", "note")
    )
}


def canonical_order(event: Event) -> tuple[object, ...]:
    """Sort key that gives every set of events one order, however they arrived.

    By time; events of one moment in the order: judgement, choice, state, model, persuasion, attempt,
    feedback, note ("as of now" comes before what happens next), then by task, id and content.
    """
    numbers = tuple(-2.0 if number is None else number for number in event[5:22])
    return (
        event.time,
        _RANK.get(event.kind, len(_RANK)),
        event.domain,
        event.task,
        event.id,
        numbers,
        event.context,
    )


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events in canonical order."""
    rows = list(events)
    if all(earlier.time < later.time for earlier, later in pairwise(rows)):
        return rows
    return sorted(rows, key=canonical_order)
