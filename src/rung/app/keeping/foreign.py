"""A plain evidence log of one person, made into ladders, steps and entries.

A domain becomes a ladder and a task a step, under ids made from the actor and the names with the vault's
key: the same file imported twice leads to the same ids, and without the key no name can be guessed from
them. A domain or task that is the id of a ladder or step the actor has already stands for that one.
Times, values and difficulties stay as they are in the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rung.app.climbing.places import evenly
from rung.app.keeping.belongings import Belongings, checked_extra
from rung.app.model import WANTED_CHANCES, Ladder, LadderId, PersonId, Step, StepId
from rung.app.ports import Entry, Vault
from rung.app.wording import checked_name
from rung.engine.events import Event
from rung.errors import InvalidArchive, InvalidInput
from rung.log import Log
from rung.words import _

__all__ = ["belongings_of_log"]

_APART = 0.01
"""Logits between steps that the log gives the same difficulty."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Ids made from one person's names."""

    vault: Vault
    person: PersonId
    key: int = 0
    """Which of the vault's keys makes them, counted from today's."""

    def id_of(self, *names: str) -> str:
        """The same id for the same names."""
        digests = self.vault.fingerprints("\0".join((self.person, *names)), "imported id")
        return str(UUID(bytes=digests[self.key][:16], version=5))

    def each(self) -> Iterator[_Names]:
        """These names with each of the vault's keys, today's first."""
        keys = len(self.vault.fingerprints("", "imported id"))
        return (_Names(self.vault, self.person, key) for key in range(keys))


def belongings_of_log(
    log: Log, person: PersonId, known: Sequence[Ladder], vault: Vault, now: datetime
) -> Belongings:
    """What a log holds, as belongings of `person`."""
    if len(log.people()) > 1:
        raise InvalidArchive(
            _("The log holds %(count)s people: import one person at a time", count=len(log.people()))
        )
    by_domain: defaultdict[str, list[Event]] = defaultdict(list)
    for event in log.events():
        by_domain[event.domain].append(event)
    stored = {str(ladder.id): ladder for ladder in known}
    names = {
        domain: _names_for(domain, events, _Names(vault, person), stored)
        for domain, events in by_domain.items()
    }
    ladders = {
        domain: _ladder(domain, events, names[domain], stored.get(domain), now)
        for domain, events in by_domain.items()
    }
    return Belongings(list(ladders.values()), list(_entries(log, names, ladders, now)), {})


def _names_for(domain: str, events: Sequence[Event], today: _Names, stored: Mapping[str, Ladder]) -> _Names:
    """The names under which the domain came in before, with an older key perhaps; else those of today."""
    ladder = stored.get(domain)
    tasks = {event.task for event in events}
    for names in today.each():
        if ladder is None and names.id_of(domain) in stored:
            return names
        if ladder and any(ladder.step(StepId(names.id_of(ladder.id, task))) for task in tasks):
            return names
    return today


def _entries(
    log: Log, names: Mapping[str, _Names], ladders: Mapping[str, Ladder], now: datetime
) -> Iterator[Entry]:
    numbers = Counter[Event]()
    for event, others in zip(log.events(), _other_columns(log), strict=True):
        numbers[event] += 1
        mine = _own(event, ladders[event.domain], names[event.domain], numbers[event])
        # What happened elsewhere is no homework here: nothing of it waits for a reflection.
        yield Entry(mine, now, reflected=event.kind == "attempt", extra=checked_extra(others))


def _own(event: Event, ladder: Ladder, names: _Names, number: int) -> Event:
    """The event with the ids that domain and task have for this person, and an id of its own."""
    tasks = {
        task: _step_id(names, ladder.id, task, ladder.steps) for task in (event.task, event.versus) if task
    }
    return event._replace(
        person=names.person,
        domain=ladder.id,
        task=tasks.get(event.task, ""),
        context=f"versus:{tasks[event.versus]}" if event.versus else event.context,
        id=event.id or names.id_of(ladder.id, f"{number} {tuple(event)!r}"),
    )


def _ladder(
    domain: str, events: Iterable[Event], names: _Names, stored: Ladder | None, now: datetime
) -> Ladder:
    ladder_id = stored.id if stored else LadderId(names.id_of(domain))
    difficulties = _difficulties(events)
    steps = [
        Step(
            _step_id(names, ladder_id, task, stored.steps if stored else ()),
            _step_name(task, stored),
            difficulty,
        )
        for task, difficulty in difficulties.items()
    ]
    return Ladder(
        id=ladder_id,
        person=names.person,
        name=stored.name if stored else _name(domain, _("The domain %(name)s", name=repr(domain[:30]))),
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


def _step_id(names: _Names, ladder_id: LadderId, task: str, steps: Iterable[Step]) -> StepId:
    if any(step.id == task for step in steps):
        return StepId(task)
    return StepId(names.id_of(ladder_id, task))


def _step_name(task: str, stored: Ladder | None) -> str:
    step = stored.step(StepId(task)) if stored else None
    return step.name if step else _name(task, _("The task %(name)s", name=repr(task[:30])))


def _name(text: str, what: str) -> str:
    try:
        return checked_name(" ".join(text.split()), what)
    except InvalidInput as error:
        raise InvalidArchive(
            _("%(fault)s. The log’s names become names of ladders and steps.", fault=error)
        ) from error


def _other_columns(log: Log) -> list[dict[str, object]]:
    """What each event holds in columns that the format does not know; empty cells are left out."""
    found: list[dict[str, object]] = [{} for _ in range(len(log))]
    for name in log.extras:
        column = log.extra(name)  # noqa: S610 (no query is made here)
        for row, value in zip(found, column, strict=True):
            if value is not None:
                row[name] = value
    return found
