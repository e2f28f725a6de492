"""The rows of a log that are to be predicted, for one target, person after person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.research.series import Series, Target

__all__ = ["Questions", "questions_of"]


class Questions(NamedTuple):
    """Columns of the scored rows, each of shape (n,)."""

    target: Target
    values: FloatArray
    """What happened, as the models are asked: of two tasks, whether the first was chosen."""
    rows: NDArray[np.intp]
    """Rows of the file."""
    people: NDArray[np.intp]
    """Each row's person, counted among those with scored rows."""
    numbers: NDArray[np.intp]
    """How many scored rows the person has before."""
    mirrored: NDArray[np.bool_]
    """True where the log names the second task as the chosen one: there the file's chance is 1 - p."""
    spans: dict[int, slice]
    """Where the rows of each series stand, by its place."""
    names: tuple[str, ...]
    """Ids of the people."""


def questions_of(series: Sequence[Series], target: Target) -> Questions:
    """The scored rows of everyone."""
    columns: list[tuple[float, int, int, int, bool]] = []
    spans: dict[int, slice] = {}
    for place, one in enumerate(series):
        start = len(columns)
        for number, event in enumerate(one.scored(target)):
            value = one.events[event].value
            assert value is not None  # noqa: S101 - `scored` has only rows with a value
            columns.append((value, one.rows[event], len(spans), number, event in one.mirrored))
        if len(columns) > start:
            spans[place] = slice(start, len(columns))
    values, rows, people, numbers, mirrored = zip(*columns, strict=True) if columns else ((),) * 5
    return Questions(
        target,
        np.array(values, np.float64),
        np.array(rows, np.intp),
        np.array(people, np.intp),
        np.array(numbers, np.intp),
        np.array(mirrored, np.bool_),
        spans,
        tuple(series[place].person for place in spans),
    )
