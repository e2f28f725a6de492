"""The rules of a log, applied to a chunk of raw cells: what passes is held by column, what does not is told.

The rules themselves stand in `rung.engine.events`; they are asked here once for each distinct number,
kind and value, or context of a chunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rung.engine.events import COLUMNS, KINDS, Column, context_fault, number_fault, value_fault
from rung.log import _cells
from rung.log._columns import BY_NAME, Columns, Floats, Texts
from rung.log._faults import Faults
from rung.log._ids import SeenIds

__all__ = ["REQUIRED", "TOGETHER", "Raw", "Sieve"]

REQUIRED = tuple(column.name for column in COLUMNS if column.required)
TOGETHER = frozenset(("task", "kind", "value", "context"))
"""Columns that are judged together: what `value` and `context` may be depends on the others."""

T = TypeVar("T")


@dataclass(slots=True)
class Raw:
    """Rows of a file before they are checked, by column; a column that is left out is empty."""

    names: tuple[str, ...]
    """Columns seen so far, in the file's order."""
    cells: Mapping[str, Sequence[Any]]
    lines: Sequence[int]
    """The line on which each row starts."""
    is_text: bool = False
    """True where every cell is text (CSV), False where they are values (JSON)."""
    is_whole: bool = True
    """False where one of the columns `TOGETHER` cannot be used, so that rules between columns are moot."""
    moments: NDArray[np.datetime64] | None = None
    """The times of a file that has timestamps of its own (Parquet); `cells` has none of them then."""
    done: float | None = None
    """Share of the file read so far, where the position in the file does not tell it."""


class Sieve:
    """Checks the chunks of one log in turn, and remembers what later rows are compared with."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.timestamps: bool | None = None
        """Which sort of time the log has; None until its first row."""
        self.rows = 0
        self.repeats: list[NDArray[np.intp]] = []
        """0-based rows of the file that repeat an earlier event, chunk by chunk."""
        self.kinds: Counter[str] = Counter()
        self.people: set[str] = set()
        self.names: tuple[str, ...] = ()
        self._seen = SeenIds()

    def sift(self, raw: Raw) -> Columns:
        """The rows of a chunk, each event once; without meaning where `faults` has got any."""
        chunk = _Chunk(raw, self.faults)
        chunk.read(self)
        if raw.is_whole:
            chunk.check_values()
            chunk.check_contexts()
        self.names = raw.names
        columns = self._each_once(chunk)
        self.rows += chunk.columns.size
        self._count(columns)
        return columns

    @property
    def duplicates(self) -> int:
        """Rows that repeat an earlier event."""
        return sum(map(len, self.repeats))

    def counted_kinds(self) -> dict[str, int]:
        """Events of each kind that occurs, in the order of the format."""
        return {kind: self.kinds[kind] for kind in KINDS if self.kinds[kind]}

    def _count(self, columns: Columns) -> None:
        if "person" in columns.texts:
            self.people.update(map(str, columns.texts["person"].distinct[:-1]))
        if "kind" in columns.texts:
            codes, kinds = columns.texts["kind"]
            for kind, count in zip(kinds, np.bincount(codes[codes >= 0]).tolist(), strict=False):
                if kind in KINDS:
                    self.kinds[str(kind)] += count

    def _each_once(self, chunk: _Chunk) -> Columns:
        """Drop events that were there before; an id that stands for two events is a fault."""
        ids = chunk.columns.ids
        if ids is None:
            return chunk.columns
        rows = np.flatnonzero(ids.any(axis=1) & ~chunk.bad)
        if not len(rows):
            return chunk.columns
        lines = np.asarray(chunk.lines, np.int64)[rows]
        repeats = self._seen.add(rows, ids[rows], _digests(chunk.columns)[rows], lines)
        for row, line in zip(repeats.other.tolist(), repeats.lines.tolist(), strict=True):
            chunk.fault(
                row, "id", f"is the id of line {line} too, where the event differs; every event needs its own"
            )
        if len(repeats.same):
            self.repeats.append(self.rows + np.sort(repeats.same))
        keep = np.ones(chunk.columns.size, np.bool_)
        keep[repeats.same] = False
        return chunk.columns if keep.all() else chunk.columns.take(keep)


class _Chunk:
    """One chunk on its way from raw cells to columns."""

    def __init__(self, raw: Raw, faults: Faults) -> None:
        self.raw = raw
        self.lines = raw.lines
        self.columns = Columns(len(raw.lines), raw.names, False)
        self.bad = np.zeros(len(raw.lines), np.bool_)
        """Rows with a fault."""
        self._wrong: dict[str, set[int]] = {}
        self._faults = faults

    def fault(self, row: int, column: str, reason: str) -> None:
        """Tell that a cell is wrong."""
        self.bad[row] = True
        self._wrong.setdefault(column, set()).add(row)
        self._faults.add(self.lines[row], column, reason)

    def read(self, sieve: Sieve) -> None:
        """Every column in turn, each cell by itself."""
        for name in self.raw.names:
            cells = self.raw.cells.get(name)
            column = BY_NAME.get(name)
            if cells is None or (_is_blank(cells, self.raw.is_text) and not (column and column.required)):
                continue
            if column is None:
                self._read_extra(name, cells)
            elif column.type == "time":
                self._read_times(column, cells, sieve)
            elif column.type == "number":
                self._read_numbers(column, cells)
            elif column.type == "uuid":
                self._read_ids(name, cells)
            else:
                self._read_texts(column, cells)
        self.columns.timestamps = bool(sieve.timestamps)

    def _told(self, name: str, found: T, wrong: _cells.Wrong) -> T:
        for row, reason in sorted(wrong.items()):
            self.fault(row, name, reason)
        return found

    def _read_ids(self, name: str, cells: Sequence[Any]) -> None:
        found = self._told(name, *_cells.ids(cells, is_text=self.raw.is_text))
        self.columns.ids = found if found.any() else None

    def _read_extra(self, name: str, cells: Sequence[Any]) -> None:
        found = self._told(name, *_cells.extras(cells, is_text=self.raw.is_text))
        if len(found.distinct) > 1:
            self.columns.texts[name] = found

    def _read_texts(self, column: Column, cells: Sequence[Any]) -> None:
        found = self._told(column.name, *_cells.texts(cells, is_text=self.raw.is_text))
        if column.required:
            self._require(column.name, found.codes < 0)
        if column.name == "kind":
            self._check_kinds(found)
        if len(found.distinct) > 1:
            self.columns.texts[column.name] = found

    def _require(self, name: str, empty: NDArray[np.bool_]) -> None:
        for row in np.flatnonzero(empty).tolist():
            if row not in self._wrong.get(name, ()):
                self.fault(row, name, f"is empty; every event needs a {name}")

    def _check_kinds(self, kinds: Texts) -> None:
        for code, kind in enumerate(kinds.distinct[:-1]):
            if kind not in KINDS:
                for row in np.flatnonzero(kinds.codes == code).tolist():
                    self.fault(row, "kind", f"{str(kind)[:60]!r} is not one of {', '.join(KINDS)}")

    def _read_numbers(self, column: Column, cells: Sequence[Any]) -> None:
        found = self._told(column.name, *_cells.numbers(cells, is_text=self.raw.is_text))
        self._check_numbers(column, found)
        self.columns.numbers[column.name] = found

    def _check_numbers(self, column: Column, found: Floats) -> None:
        for number in np.unique(found[~np.isnan(found)]).tolist():
            reason = number_fault(column, number)
            if reason:
                for row in np.flatnonzero(found == number).tolist():
                    self.fault(row, column.name, reason)

    def _read_times(self, column: Column, cells: Sequence[Any], sieve: Sieve) -> None:
        if self.raw.moments is None:
            seconds, stamped, wrong = _cells.times(cells, is_text=self.raw.is_text)
        else:
            seconds, stamped, wrong = _cells.stamped(self.raw.moments)
        self._told(column.name, seconds, wrong)
        self._require(column.name, np.isnan(seconds))
        self._check_numbers(column, seconds)
        known = np.flatnonzero(self._readable("time"))
        if sieve.timestamps is None and len(known):
            sieve.timestamps = bool(stamped[known[0]])
        for row in known[stamped[known] != sieve.timestamps].tolist():
            self.fault(row, column.name, _OTHER_SORT[bool(sieve.timestamps)])
        self.columns.numbers[column.name] = seconds

    def check_values(self) -> None:
        """What `value` may be for its kind, where both can be read."""
        kinds = self.columns.texts.get("kind")
        if kinds is None:
            return
        values = self.columns.numbers.get("value", np.full(self.columns.size, np.nan))
        readable = self._readable("kind", "value")
        for code, name in enumerate(kinds.distinct[:-1]):
            rows = np.flatnonzero(readable & (kinds.codes == code))
            for value in _distinct(values[rows]):
                reason = value_fault(KINDS[str(name)], value) if str(name) in KINDS else None
                if reason:
                    same = np.isnan(values[rows]) if value is None else values[rows] == value
                    for row in rows[same].tolist():
                        self.fault(row, "value", reason)

    def check_contexts(self) -> None:
        """That a choice between two tasks names the other one."""
        contexts = self.columns.texts.get("context")
        kinds = self.columns.texts.get("kind")
        if contexts is None or kinds is None or "choice" not in kinds.distinct:
            return
        told = self._readable("kind", "task", "context") & (contexts.codes >= 0)
        rows = np.flatnonzero(told & (kinds.codes == kinds.distinct.index("choice")))
        tasks = self.columns.texts.get("task")
        chosen = tasks.take(rows).values() if tasks else [""] * len(rows)
        pairs = list(zip(chosen, contexts.take(rows).values(), strict=True))
        reasons = {pair: context_fault(*map(str, pair)) for pair in dict.fromkeys(pairs)}
        for row, pair in zip(rows.tolist(), pairs, strict=True):
            if reason := reasons[pair]:
                self.fault(row, "context", reason)

    def _readable(self, *names: str) -> NDArray[np.bool_]:
        """Rows without a fault in these columns."""
        readable = np.ones(self.columns.size, np.bool_)
        for name in names:
            readable[list(self._wrong.get(name, ()))] = False
        return readable


_OTHER_SORT = {
    True: "is a number, but the file starts with timestamps; use one of them throughout",
    False: "is a timestamp, but the file starts with numbers; use one of them throughout",
}


def _is_blank(cells: Sequence[Any], is_text: bool) -> bool:
    return not any(cells) if is_text else cells.count(None) == len(cells)


def _distinct(values: Floats) -> list[float | None]:
    empty = np.isnan(values)
    some: list[float | None] = np.unique(values[~empty]).tolist()
    return [None, *some] if empty.any() else some


def _digests(columns: Columns) -> NDArray[np.uint64]:
    """64 bits of each row's content (its id and empty cells left out): equal rows have equal digests.

    A sum over the cells of a mixing of column and value, so that the order of the columns does not count.
    """
    total = np.zeros(columns.size, np.uint64)
    for name, numbers in columns.numbers.items():
        mixed = _mixed(numbers.view(np.uint64) ^ _hashed(name))
        total += np.where(np.isnan(numbers), np.uint64(0), mixed)
    for name, texts in columns.texts.items():
        marks = np.array([hash(text) for text in texts.distinct], np.int64).view(np.uint64)
        total += np.where(texts.codes < 0, np.uint64(0), _mixed(marks[texts.codes] ^ _hashed(name)))
    return total


def _hashed(name: str) -> np.uint64:
    # Of a pair, so that a column named like the text in it does not cancel out.
    return np.uint64(hash((name, "column")) & (2**64 - 1))


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
