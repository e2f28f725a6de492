"""A log as a crowd: straight from its columns, with no event made on the way.

People are numbered by their ids sorted as text, and each person's rows stand in order of time, those of one
moment in the order of the file, as `Series.of` has them. Choices stand as the log tells them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rung.engine.crowd import Crowd
from rung.log import Log

__all__ = ["crowd_of", "some_of"]

Places = NDArray[np.intp]


def crowd_of(log: Log) -> Crowd:
    """Everyone in the log; memory in proportion to the columns in use."""
    held = log.held
    if not len(log):
        nobody = np.empty(0, np.intp)
        columns = {name: np.empty(0) for name in ("time", "value")}
        return Crowd(nobody, nobody, nobody, np.empty(0, np.str_), columns)
    codes, people = held.texts["person"]
    ranks = np.empty(len(people), np.intp)
    ranks[sorted(range(len(people)), key=lambda code: str(people[code]))] = np.arange(len(people))
    # The empty text stands last among the distinct ones and is nobody: it sorts first.
    person = ranks[codes] - 1
    order = np.lexsort((held.numbers["time"], person))
    kinds = np.array([str(kind) for kind in held.texts["kind"].distinct])
    columns = {name: column[order] for name, column in held.numbers.items()}
    columns.setdefault("value", np.full(len(log), np.nan))
    return Crowd(
        person[order],
        _codes(log, "domain", order),
        _codes(log, "task", order),
        kinds[held.texts["kind"].codes[order]],
        columns,
    )


def _codes(log: Log, name: str, order: Places) -> Places:
    """Numbers of the distinct texts of a column, nought and above."""
    texts = log.held.texts.get(name)
    if texts is None:
        return np.zeros(len(order), np.intp)
    return texts.codes[order].astype(np.intp) % len(texts.distinct)


def some_of(crowd: Crowd, rows: NDArray[np.bool_] | Places) -> Crowd:
    """Some of the events."""
    return Crowd(
        crowd.person[rows],
        crowd.domain[rows],
        crowd.task[rows],
        crowd.kind[rows],
        {name: column[rows] for name, column in crowd.columns.items()},
    )
