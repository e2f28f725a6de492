"""The columns of a log in memory: numbers as float64, texts as codes into their distinct values.

Only columns with something in them are held, so that memory is in proportion to the columns in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.events import COLUMNS, Column
from rung.log._ids import Ids, id_texts

__all__ = ["BLOCK", "BY_NAME", "Columns", "Floats", "Json", "Rows", "Texts", "interned", "joined"]

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Rows = slice | NDArray[np.intp] | NDArray[np.bool_]

BLOCK = 8192
"""Rows that are turned into Python objects at a time."""


class Json(NamedTuple):
    """A value of an unknown column that is not text, as its JSON."""

    text: str


class Texts(NamedTuple):
    """Interned texts: one code a row, -1 where empty."""

    codes: Codes
    distinct: list[str | Json]
    """The distinct values in order of first appearance; the empty text stands last, where -1 finds it."""

    def values(self) -> list[str | Json]:
        """The text of each row."""
        return list(map(self.distinct.__getitem__, self.codes.tolist()))

    def take(self, rows: Rows) -> Texts:
        """The texts of some rows."""
        return Texts(self.codes[rows], self.distinct)


def interned(cells: Sequence[str | Json]) -> Texts:
    """Intern texts; the empty ones get -1."""
    codes: dict[str | Json, int] = {"": -1}
    for cell in dict.fromkeys(cells):
        codes.setdefault(cell, len(codes) - 1)
    column = np.fromiter(map(codes.__getitem__, cells), np.int32, len(cells))
    return Texts(column, [*(cell for cell in codes if cell != ""), ""])


@dataclass(slots=True)
class Columns:
    """Some rows of a log, by column; what is in `names` but in none of the three stores is empty."""

    size: int
    names: tuple[str, ...]
    """Every column of the file in its order, the unknown and the wholly empty ones too."""
    timestamps: bool
    """True where times are written as timestamps, False where as numbers."""
    numbers: dict[str, Floats] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)
    ids: Ids | None = None

    def take(self, rows: Rows) -> Columns:
        """The same columns with some of the rows."""
        numbers = {name: column[rows] for name, column in self.numbers.items()}
        texts = {name: column.take(rows) for name, column in self.texts.items()}
        ids = None if self.ids is None else self.ids[rows]
        size = len(numbers["time"]) if numbers else 0
        return Columns(size, self.names, self.timestamps, numbers, texts, ids)

    def blocks(self, order: NDArray[np.intp] | None = None, rows: int = BLOCK) -> Iterator[Columns]:
        """The rows in blocks of a bounded size, in file order or the order given."""
        size = self.size if order is None else len(order)
        for start in range(0, size, rows):
            stop = min(start + rows, size)
            yield self.take(slice(start, stop) if order is None else order[start:stop])

    def cells(self, name: str) -> Sequence[Any] | repeat[Any]:
        """The column as Python values: float or None for numbers, text for the others."""
        if name in self.numbers:
            return _with_none(self.numbers[name])
        if name in self.texts:
            return self.texts[name].values()
        if name == "id" and self.ids is not None:
            return id_texts(self.ids)
        known = BY_NAME.get(name)
        return repeat(None if known and known.type in ("number", "time") else "", self.size)


def _with_none(column: Floats) -> list[float | None]:
    values: list[float | None] = column.tolist()
    if np.isnan(column).any():
        return [value if value == value else None for value in values]
    return values


def joined(pieces: list[Columns], names: tuple[str, ...], timestamps: bool) -> Columns:
    """The pieces one after the other; they are emptied on the way, so that memory is not held twice."""
    whole = Columns(sum(piece.size for piece in pieces), names, timestamps)
    for name in dict.fromkeys(name for piece in pieces for name in piece.numbers):
        whole.numbers[name] = np.concatenate([_popped_numbers(piece, name) for piece in pieces])
    for name in dict.fromkeys(name for piece in pieces for name in piece.texts):
        whole.texts[name] = _joined_texts([_popped_texts(piece, name) for piece in pieces])
    if any(piece.ids is not None for piece in pieces):
        whole.ids = np.concatenate(
            [_no_ids(piece.size) if piece.ids is None else piece.ids for piece in pieces]
        )
    return whole


def _popped_numbers(piece: Columns, name: str) -> Floats:
    column = piece.numbers.pop(name, None)
    return np.full(piece.size, np.nan) if column is None else column


def _popped_texts(piece: Columns, name: str) -> Texts:
    column = piece.texts.pop(name, None)
    return Texts(np.full(piece.size, -1, np.int32), [""]) if column is None else column


def _no_ids(size: int) -> Ids:
    return np.zeros((size, 16), np.uint8)


def _joined_texts(pieces: list[Texts]) -> Texts:
    codes: dict[str | Json, int] = {}
    columns = []
    for piece in pieces:
        moved = [codes.setdefault(text, len(codes)) for text in piece.distinct[:-1]]
        columns.append(np.array([*moved, -1], np.int32)[piece.codes])
    return Texts(np.concatenate(columns), [*codes, ""])
