"""A log as a crowd: straight from its columns, with no event made on the way.

People are numbered by their ids sorted as text, and each person's rows stand in order of time, those of one
moment in the order of the file, as `Series.of` has them. Choices stand as the log tells them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.crowd import Crowd
from rung.engine.scales import FloatArray
from rung.log import Log

__all__ = ["crowd_of", "joined", "some_of", "versus_of"]

Places = NDArray[np.intp]


def crowd_of(log: Log) -> Crowd:
    """Everyone in the log; memory in proportion to the columns in use."""
    held = log.held
    if not len(log):
        return joined([])
    person, order = _ordered(log)
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


def versus_of(log: Log) -> Places | None:
    """For each event of the crowd, the number of the task that was not chosen; -1 where there is none.

    Tasks are numbered as in the crowd, and on from there where nothing else is known of them. None where the
    log has no choice between two tasks.
    """
    texts = log.held.texts.get("context")
    if texts is None:
        return None
    tasks = log.held.texts["task"].distinct if "task" in log.held.texts else [""]
    known = {str(task): number for number, task in enumerate(tasks)}
    begin = "versus:"
    numbers = [
        known.setdefault(str(text).removeprefix(begin), len(known)) if str(text).startswith(begin) else -1
        for text in texts.distinct
    ]
    kinds = log.held.texts["kind"]
    choice = np.array([kind == "choice" for kind in kinds.distinct])
    versus = np.where(choice[kinds.codes], np.array(numbers, np.intp)[texts.codes], -1)
    return versus[_ordered(log)[1]] if (versus >= 0).any() else None


def _ordered(log: Log) -> tuple[Places, Places]:
    """The person's number of each row of the log, and the rows in the order of the crowd."""
    codes, people = log.held.texts["person"]
    ranks = np.empty(len(people), np.intp)
    ranks[sorted(range(len(people)), key=lambda code: str(people[code]))] = np.arange(len(people))
    # The empty text stands last among the distinct ones and is nobody: it sorts first.
    person = ranks[codes] - 1
    return person, np.lexsort((log.held.numbers["time"], person))


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


def joined(crowds: Sequence[Crowd]) -> Crowd:
    """Their events one after the other; nobody's where there are none."""
    names = dict.fromkeys(["time", "value", *(name for crowd in crowds for name in crowd.columns)])

    def column(name: str) -> FloatArray:
        each = [crowd.columns.get(name, np.full(len(crowd.person), np.nan)) for crowd in crowds]
        return np.concatenate([np.empty(0), *each])

    def numbers(place: int) -> Places:
        return np.concatenate([np.empty(0, np.intp), *(crowd[place] for crowd in crowds)])

    kind = np.concatenate([np.empty(0, np.str_), *(crowd.kind for crowd in crowds)])
    return Crowd(numbers(0), numbers(1), numbers(2), kind, {name: column(name) for name in names})
