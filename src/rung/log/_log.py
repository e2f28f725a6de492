"""A log in memory: many events held by column, given back as `Event`s."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby, islice

import numpy as np
from numpy.typing import NDArray

from rung.engine.events import COLUMNS, Event
from rung.log._cells import time_fault, to_microseconds
from rung.log._columns import BLOCK, BY_NAME, Columns, Floats, Json, joined
from rung.log._faults import Faults
from rung.log._sieve import REQUIRED, Raw, Sieve

__all__ = ["Log"]

_ALWAYS = (*REQUIRED, "task", "value")


class Log:
    """Events in the order of their file; each row stands at its 0-based position.

    Nothing in it changes; ordering in time is the engine's job (`in_order`).
    """

    def __init__(self, columns: Columns, start: int = 0, repeats: Sequence[NDArray[np.intp]] = ()) -> None:
        self._columns = columns
        self.start = start
        """Position of the first row in the whole log; above 0 in the later chunks of one."""
        self._repeats = tuple(repeats)

    @classmethod
    def of(cls, events: Iterable[Event], *, timestamps: bool = False) -> Log:
        """A log of these events, each stored once; `InvalidLog` tells every fault by the event's number.

        With `timestamps`, times are seconds since 1970 UTC, kept to the microsecond and written as
        timestamps.
        """
        faults = Faults("events")
        sieve = Sieve(faults)
        pieces = []
        for raw in _raws(events):
            pieces.append(sieve.sift(raw))
            if timestamps:
                _check_moments(raw, faults)
        faults.raise_any()
        columns = joined(pieces, (), timestamps)
        if timestamps and columns.size:
            columns.numbers["time"] = to_microseconds(columns.numbers["time"]) / 1e6
        held = {*columns.numbers, *columns.texts, *_ALWAYS} | ({"id"} if columns.ids is not None else set())
        columns.names = tuple(column.name for column in COLUMNS if column.name in held)
        return cls(columns, repeats=sieve.repeats)

    @property
    def held(self) -> Columns:
        """The columns as they are held; for the writers."""
        return self._columns

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column by name, in the order of the file."""
        return self._columns.names

    @property
    def extras(self) -> tuple[str, ...]:
        """The columns that the format does not know: kept, not used."""
        return tuple(name for name in self.columns if name not in BY_NAME)

    @property
    def timestamps(self) -> bool:
        """True where the log has timestamps, False where it has plain numbers; writing keeps the sort."""
        return self._columns.timestamps

    def __len__(self) -> int:
        return self._columns.size

    def __repr__(self) -> str:
        return f"<Log of {len(self)} events, {len(self.people())} people>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        here, there = self._columns, other._columns
        if (here.size, here.names, here.timestamps) != (there.size, there.names, there.timestamps):
            return False
        return all(list(here.cells(name)) == list(there.cells(name)) for name in here.names)

    __hash__ = None  # type: ignore[assignment]

    def number(self, name: str) -> Floats:
        """A column of numbers (`time` in seconds), NaN where empty; not to be written to."""
        if BY_NAME[name].type not in ("number", "time"):
            raise KeyError(f"{name} holds no numbers")
        held = self._columns.numbers.get(name)
        column = np.full(len(self), np.nan) if held is None else held.view()
        column.flags.writeable = False
        return column

    def text(self, name: str) -> list[str]:
        """A column of texts, empty where unknown."""
        if BY_NAME[name].type not in ("text", "uuid"):
            raise KeyError(f"{name} holds no text")
        return list(self._columns.cells(name))

    def extra(self, name: str) -> list[object]:
        """An unknown column: text, any other JSON value as Python has it, None where empty."""
        if name not in self.extras:
            raise KeyError(f"{name} is none of the unknown columns {self.extras}")
        return [
            json.loads(cell.text) if isinstance(cell, Json) else cell or None
            for cell in self._columns.cells(name)
        ]

    def people(self) -> tuple[str, ...]:
        """Everyone in the log, in order of first appearance."""
        return tuple(self._rows_by_person)

    def rows(self, person: str) -> NDArray[np.intp]:
        """Positions of a person's rows, in file order and in step with `events(person)`."""
        return self._rows_by_person.get(person, np.empty(0, np.intp))

    @property
    def file_rows(self) -> NDArray[np.intp]:
        """0-based row of the file of each event: its position, and the repeated events before it."""
        positions = np.arange(self.start, self.start + len(self))
        if not self._repeats:
            return positions
        left_out = np.concatenate(self._repeats)
        before = left_out - np.arange(len(left_out))  # events that stand before each row left out
        return positions + np.searchsorted(before, positions, side="right")

    def events(self, person: str | None = None) -> Iterator[Event]:
        """The events in file order, of all or of one person."""
        return self._events(None if person is None else self.rows(person))

    def by_person(self) -> Iterator[tuple[str, list[Event]]]:
        """Each person with their events in file order, in order of first appearance."""
        if not len(self):
            return
        order = np.argsort(self._columns.texts["person"].codes, kind="stable")
        for person, events in groupby(self._events(order), key=lambda event: event.person):
            yield person, list(events)

    def _events(self, order: NDArray[np.intp] | None) -> Iterator[Event]:
        for block in self._columns.blocks(order):
            yield from map(Event._make, zip(*map(block.cells, Event._fields), strict=True))

    @cached_property
    def _rows_by_person(self) -> dict[str, NDArray[np.intp]]:
        if not len(self):
            return {}
        codes, people = self._columns.texts["person"]
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        return {str(people[codes[rows[0]]]): rows for rows in np.split(order, starts[1:])}


def _raws(events: Iterable[Event]) -> Iterator[Raw]:
    remaining = iter(events)
    line = 1
    while chunk := list(islice(remaining, BLOCK)):
        cells = dict(zip(Event._fields, zip(*chunk, strict=True), strict=True))
        yield Raw(Event._fields, cells, range(line, line + len(chunk)))
        line += len(chunk)


def _check_moments(raw: Raw, faults: Faults) -> None:
    """Tell the times, numbers as they must be, that no timestamp can hold."""
    for line, seconds in zip(raw.lines, raw.cells["time"], strict=True):
        if isinstance(seconds, float | int) and -math.inf < seconds < math.inf:
            fault = time_fault(seconds)
            if fault:
                faults.add(line, "time", fault)
