"""What the regressions know before each judgement: one row of numbers, from the log's own columns.

With x the last judgement of the domain, told and outcome the feedback and the true outcomes seen since (the
outcome of an attempt just before the judgement is an earlier row), and smooth means s <- s + .3 (new - s):

    1, x - .5, running mean - x, smooth judgement - x, 1 / sqrt(n)
    told since - x, its positive part, its product with (x - .5), whether anything was told since
    last told - x, smooth told - x
    last outcome since - x, its product with (x - .5), whether there was an outcome since
    last outcome - x, its square, smooth outcome - x
    difficulty, its products with (last outcome - x) and (x - .5)
    smooth judgement of the same task - that of all tasks

What is unknown counts as no difference from x, and an unknown difficulty as 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.rivals.tracks import Track, once_per_series, scored_of, tracks_of
from rung.research.series import Series

__all__ = ["SIZE", "Evidence", "evidence_of"]

SIZE = 21
"""Numbers in a row."""
_SHARE = 0.3
"""Weight of the newest in a smooth mean."""


class Evidence(NamedTuple):
    """The scored judgements of one person, in the order of the series."""

    rows: FloatArray
    """Shape (n, SIZE)."""
    last: FloatArray
    """The judgement before, shape (n,)."""
    change: FloatArray
    """The judgement minus the one before, shape (n,): what is to be predicted."""


@once_per_series
def evidence_of(series: Series) -> Evidence:
    """The evidence before each scored judgement of a person."""
    tracks = tracks_of(series)
    rows = [row for track in tracks for row in _rows(track, [series.events[p].task for p in track.places])]
    found = np.array(rows, dtype=np.float64).reshape(-1, SIZE + 2)
    found = found[np.argsort(scored_of(tracks))]
    return Evidence(found[:, 2:], found[:, 0], found[:, 1])


class _Trail:
    """One kind of number along a track: the last, a smooth mean, and those since the last judgement."""

    __slots__ = ("count", "last", "smooth", "total")

    def __init__(self) -> None:
        self.last = self.smooth = math.nan
        self.total = 0.0
        self.count = 0

    def add(self, value: float) -> None:
        self.smooth = self.smooth + _SHARE * (value - self.smooth) if self.smooth == self.smooth else value
        self.last = value
        self.total += value
        self.count += 1

    def forget(self) -> None:
        """Begin to count anew."""
        self.total, self.count = 0.0, 0

    def since(self, x: float) -> float:
        """Mean of those since the last judgement, minus x."""
        return self.total / self.count - x if self.count else 0.0


def _rows(track: Track, tasks: Sequence[str]) -> list[list[float]]:
    """Last judgement, change and evidence, for each judgement of the track but the first."""
    names = ("said", "told", "outcome", "difficulty")
    rows: list[list[float]] = []
    said, told, outcome = _Trail(), _Trail(), _Trail()
    of_task = {task: _Trail() for task in tasks}
    columns = (track.columns[name].tolist() for name in names)
    for task, answer, news, result, difficulty in zip(tasks, *columns, strict=True):
        if news == news:
            told.add(news)
        if result == result:
            outcome.add(result)
        if answer == answer:
            if said.count:
                x, own = said.last, _known(of_task[task].smooth - said.smooth)
                rows.append([x, answer - x, *_row(x, said, told, outcome, _known(difficulty)), own])
            said.add(answer)
            of_task[task].add(answer)
            told.forget()
            outcome.forget()
    return rows


def _row(x: float, said: _Trail, told: _Trail, outcome: _Trail, difficulty: float) -> list[float]:
    level = x - 0.5
    news = told.since(x)
    result = _known(outcome.last - x)
    fresh = result if outcome.count else 0.0
    own = [1.0, level, said.since(x), said.smooth - x, 1.0 / math.sqrt(said.count)]
    of_told = [news, max(news, 0.0), news * level, float(told.count > 0)]
    of_outcome = [fresh, fresh * level, float(outcome.count > 0), result, result * result]
    smooth = [_known(told.last - x), _known(told.smooth - x), _known(outcome.smooth - x)]
    return [*own, *of_told, *of_outcome, *smooth, difficulty, difficulty * result, difficulty * level]


def _known(number: float) -> float:
    return number if number == number else 0.0
