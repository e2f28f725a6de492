"""What became of a step once, as it is read from the log: the marks of ladders and charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from rung.app.model import SKIPPED, Did, EventId, Ladder, StepId
from rung.app.ports import Entry
from rung.engine import Event, Task
from rung.engine import Ladder as Tasks

__all__ = ["TRIES", "Deed", "deed_in", "did_in", "moment_in", "tasks_of"]

TRIES = (Did.DONE, Did.PARTLY, Did.TRIED)
"""What counts as a try; letting pass and putting off do not."""

_DONE = 1.0
"""Outcome of an attempt that worked as a whole."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What became of a step once: one mark on the ladder."""

    event_id: EventId
    """To reflect on it, or to take it back."""
    step: StepId
    did: Did
    at: datetime
    reflected: bool


def deed_in(entry: Entry) -> Deed | None:
    """The mark that an event leaves; none for judgements and the like, nor where the outcome is unknown."""
    did = did_in(entry.event)
    if did is None:
        return None
    event = entry.event
    return Deed(EventId(event.id), StepId(event.task), did, moment_in(event), entry.reflected)


def did_in(event: Event) -> Did | None:
    """What became of a step by this event; None where nothing did."""
    if event.kind == "attempt" and event.value is not None:
        return {_DONE: Did.DONE, 0.0: Did.TRIED}.get(event.value, Did.PARTLY)
    if event.kind == "choice" and event.value == 0.0:
        return Did.AVOIDED
    return Did.SKIPPED if event.kind == "note" and event.context == SKIPPED else None


def tasks_of(ladder: Ladder) -> Tasks:
    """The steps being climbed, as the engine knows them."""
    return Tasks(ladder.id, tuple(Task(ladder.id, step.id, step.difficulty) for step in ladder.climbing))


_FIRST = datetime.min.replace(tzinfo=UTC).timestamp()
_LAST = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()


def moment_in(event: Event) -> datetime:
    """When it happened, in the calendar."""
    # Laboratory data may hold order numbers and any other number; a date ends with the year 9999.
    return datetime.fromtimestamp(min(max(event.time, _FIRST), _LAST), UTC)
