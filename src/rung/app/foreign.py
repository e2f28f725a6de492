"""A plain evidence log of one person, made into ladders, steps and entries.

A domain becomes a ladder and a task a step, under ids made from the actor and the names, so that the same
file imported twice leads to the same ids. A domain or task that is the id of a ladder or step the actor
has already stands for that one. Times, values and difficulties stay as they are in the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from rung.app.belongings import Belongings
from rung.app.model import WANTED_CHANCES, Ladder, LadderId, PersonId, Step, StepId
from rung.app.places import evenly
from rung.app.ports import Entry
from rung.app.wording import checked_name
from rung.engine.events import Event
from rung.errors import InvalidArchive, InvalidInput
from rung.log import Log

__all__ = ["belongings_of_log"]

_NAMES = UUID("4f0f1d52-3a0c-5f0e-9d35-5c6f3c1b7f0a")
"""The namespace of ids that are made from names; any fixed one does."""
_APART = 0.01
"""Logits between steps that the log gives the same difficulty."""


def belongings_of_log(log: Log, person: PersonId, known: Sequence[Ladder], now: datetime) -> Belongings:
    """What a log holds, as belongings of `person`."""
    if len(log.people()) > 1:
        raise InvalidArchive(f"The log holds {len(log.people())} people: import one person at a time")
    by_domain: defaultdict[str, list[Event]] = defaultdict(list)
    for event in log.events():
        by_domain[event.domain].append(event)
    stored = {str(ladder.id): ladder for ladder in known}
    ladders = {
        domain: _ladder(domain, events, person, stored.get(domain), now)
        for domain, events in by_domain.items()
    }
    return Belongings(list(ladders.values()), list(_entries(log, person, ladders, now)), {})


def _entries(log: Log, person: PersonId, ladders: Mapping[str, Ladder], now: datetime) -> Iterator[Entry]:
    numbers = Counter[Event]()
    for event, others in zip(log.events(), _other_columns(log), strict=True):
        numbers[event] += 1
        mine = _own(event, ladders[event.domain], person, numbers[event])
        # What happened elsewhere is no homework here: nothing of it waits for a reflection.
        yield Entry(mine, now, reflected=event.kind == "attempt", extra=others)


def _own(event: Event, ladder: Ladder, person: PersonId, number: int) -> Event:
    """The event with the ids that domain and task have for this person, and an id of its own."""
    tasks = {task: _step_id(ladder.id, task, ladder.steps) for task in (event.task, event.versus) if task}
    return event._replace(
        person=person,
        domain=ladder.id,
        task=tasks.get(event.task, ""),
        context=f"versus:{tasks[event.versus]}" if event.versus else event.context,
        id=event.id or str(uuid5(UUID(ladder.id), f"{number} {tuple(event)!r}")),
    )


def _ladder(
    domain: str, events: Iterable[Event], person: PersonId, stored: Ladder | None, now: datetime
) -> Ladder:
    ladder_id = stored.id if stored else LadderId(str(uuid5(_NAMES, f"{person}/{domain}")))
    difficulties = _difficulties(events)
    steps = [
        Step(_step_id(ladder_id, task, stored.steps if stored else ()), _step_name(task, stored), difficulty)
        for task, difficulty in difficulties.items()
    ]
    return Ladder(
        id=ladder_id,
        person=person,
        name=stored.name if stored else _name(domain, "domain"),
        wanted_chance=WANTED_CHANCES[1],
        created_at=now,
        archived_at=None,
        steps=tuple(sorted(steps, key=lambda step: (step.difficulty, step.id))),
    )


def _difficulties(events: Iterable[Event]) -> dict[str, float]:
    """Tasks with their difficulties: the last ones given, apart from each other, or evenly spread."""
    given: dict[str, float | None] = {}
    for event in events:
        for task in (event.task, event.versus):
            if task:
                given.setdefault(task, None)
        if event.task and event.difficulty is not None:
            given[event.task] = event.difficulty
    known = {task: difficulty for task, difficulty in given.items() if difficulty is not None}
    if len(known) < len(given):
        return dict(zip(given, evenly(len(given)), strict=True))
    return _apart(known)


def _apart(difficulties: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    last = float("-inf")
    for task, difficulty in sorted(difficulties.items(), key=lambda item: item[1]):
        last = found[task] = max(difficulty, last + _APART)
    return found


def _step_id(ladder_id: LadderId, task: str, steps: Iterable[Step]) -> StepId:
    if any(step.id == task for step in steps):
        return StepId(task)
    return StepId(str(uuid5(UUID(ladder_id), task)))


def _step_name(task: str, stored: Ladder | None) -> str:
    step = stored.step(StepId(task)) if stored else None
    return step.name if step else _name(task, "task")


def _name(text: str, what: str) -> str:
    try:
        return checked_name(" ".join(text.split()), f"The {what} {text[:30]!r}")
    except InvalidInput as error:
        raise InvalidArchive(f"{error}. The log's names become names of ladders and steps.") from error


def _other_columns(log: Log) -> list[dict[str, object]]:
    """What each event holds in columns that the format does not know; empty cells are left out."""
    found: list[dict[str, object]] = [{} for _ in range(len(log))]
    for name in log.extras:
        column = log.extra(name)  # noqa: S610 (no query is made here)
        for row, value in zip(found, column, strict=True):
            if value is not None:
                row[name] = value
    return found
