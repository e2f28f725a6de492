"""What happened to simulated people, column by column, and as the events of an evidence log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rung.engine.events import Event, in_order

__all__ = ["Recording"]


class _Happened(NamedTuple):
    """One thing that happened to many people at once."""

    time: float
    kind: str
    domain: str
    tasks: Sequence[str]
    task: Any
    """Index into `tasks`: one for all, or one for each person."""
    who: Any
    columns: Mapping[str, Any]


class Recording:
    """A log of `number` people in the making. Events of one moment are told a second apart, as they came."""

    def __init__(self, number: int, first: int = 0) -> None:
        """People are called p0, p1 and so on, from `first`."""
        self._number, self._first = number, first
        self._happened: list[_Happened] = []
        self._clock = -1.0

    def add(
        self,
        time: float,
        kind: str,
        domain: str,
        task: str | Sequence[str],
        who: Any,
        columns: Mapping[str, Any],
        places: Any = 0,
    ) -> None:
        """Something happened to those of whom `who` is true (None = all), each at their place of `task`."""
        self._clock = max(time, self._clock + 1.0)
        names = [task] if isinstance(task, str) else task
        self._happened.append(_Happened(self._clock, kind, domain, names, places, who, columns))

    def events(self) -> Iterator[Event]:
        """All events, person by person, each person's in canonical order."""
        for place in range(self._number):
            yield from self.events_of(place)

    def events_of(self, place: int, since: int = 0) -> list[Event]:
        """The events of one person, leaving out the first `since` things that happened to anybody."""
        name = f"p{self._first + place}"
        return in_order(
            _event(name, happened, place)
            for happened in self._happened[since:]
            if happened.who is None or happened.who[place]
        )

    def taken(self) -> Iterator[Event]:
        """The events since this was last asked, person by person; they are forgotten here."""
        happened, self._happened = self._happened, []
        told = [list(_events(each, self._number, self._first)) for each in happened]
        for own in zip(*told, strict=True):
            yield from in_order(event for event in own if event is not None)

    def __len__(self) -> int:
        return len(self._happened)


def _event(person: str, happened: _Happened, place: int) -> Event:
    which = int(happened.task if np.ndim(happened.task) == 0 else happened.task[place])
    columns: dict[str, Any] = {name: _of(value, place) for name, value in happened.columns.items()}
    return Event(person, happened.domain, happened.tasks[which], happened.time, happened.kind, **columns)


def _events(happened: _Happened, number: int, first: int) -> Iterator[Event | None]:
    """What it is to each of the first `number` people; None for those to whom it did not happen."""
    theirs = _listed(True if happened.who is None else happened.who, number)
    tasks, names = _listed(happened.task, number), list(happened.columns)
    columns = [_listed(value, number) for value in happened.columns.values()]
    for place, (is_theirs, task, *values) in enumerate(zip(theirs, tasks, *columns, strict=True)):
        if not is_theirs:
            yield None
            continue
        known = {name: value for name, value in zip(names, values, strict=True) if value == value}
        name = f"p{first + place}"
        yield Event(name, happened.domain, happened.tasks[task], happened.time, happened.kind, **known)


def _listed(value: Any, number: int) -> list[Any]:
    """One for each of the first `number` people."""
    listed: list[Any] = np.broadcast_to(value[:number] if np.ndim(value) else value, number).tolist()
    return listed


def _of(value: Any, place: int) -> float | None:
    number = float(value if np.ndim(value) == 0 else value[place])
    return None if np.isnan(number) else number
