"""The tables of `rung.engine.prediction.cases`, learned one after the other from what people said.

A table is grown question by question. Each question is the number and threshold, of a random half of the
numbers, that most reduces the squared error of what is left, r, over all patterns of answers so far:

    gain = sum over patterns of (sum r)^2 / (n + lambda)           value = rate (sum r) / (n + lambda)

(Friedman 2001, 10.1214/aos/1013203451; random rows and numbers: Friedman 2002,
10.1016/S0167-9473(01)00065-2.) Numbers are compared at 31 quantiles. The settings were chosen on the
development logs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.cases import KEPT, NONE, Cases, expected, with_mean
from rung.engine.prediction.crowd import Judged
from rung.engine.scales import FloatArray

__all__ = ["fit_cases", "learn_cases"]

_TABLES = 200
_QUESTIONS = 5
_RATE = 0.05
_RIDGE = 20.0
"""lambda: judgements without any error that each pattern counts on top."""
_BINS = 32
_ROWS = 12_000
"""Judgements that a table is grown on, at most."""
_SHARE = 0.5
_DIGITS = 6
"""Of thresholds and values, so that a file of them stays small."""
_PARTS = 4
_ENOUGH = 200
"""Judgements below which nothing is learned of cases; an assumption."""


class _Numbers(NamedTuple):
    """Rows with their numbers as bins."""

    bins: NDArray[np.uint8]
    """Shape (n, k)."""
    edges: list[FloatArray]
    """Thresholds of each number: a bin above i is a number above edges[i]."""
    telling: NDArray[np.intp]
    """Places of the numbers that differ at all."""


def fit_cases(rows: FloatArray, means: FloatArray, changes: FloatArray, seed: int = 0) -> Cases:
    """Learn from rows of evidence (n, k), what a regression expects and what people did, each (n,)."""
    random = np.random.default_rng(seed)
    numbers = _binned(with_mean(rows, means), random) if len(changes) >= _ENOUGH else None
    if numbers is None or not numbers.telling.size:
        return NONE
    left = changes - KEPT * means
    asked = np.empty((_TABLES, _QUESTIONS), np.intp)
    thresholds, values = np.empty(asked.shape), np.empty((_TABLES, 2**_QUESTIONS))
    for table in range(_TABLES):
        some = random.choice(len(left), min(_ROWS, len(left)), replace=False)
        among = random.choice(numbers.telling, max(1, round(_SHARE * len(numbers.telling))), replace=False)
        places, levels, value = _grown(numbers, np.sort(among), some, left[some])
        asked[table], values[table] = places, value.round(_DIGITS)
        thresholds[table] = [numbers.edges[place][level] for place, level in zip(places, levels, strict=True)]
        pattern = np.zeros(len(left), np.intp)
        for place, level in zip(places, levels, strict=True):
            pattern = 2 * pattern + (numbers.bins[:, place] > level)
        left = left - values[table][pattern]
    return Cases(asked, thresholds, values)


def learn_cases(known: Judged, means: FloatArray, seed: int = 0) -> tuple[Cases, FloatArray]:
    """The tables, and what is expected of each change with them, shape (n,): by tables of other people.

    Each quarter of the people is predicted by tables learned from the others. How much these are listened
    to is what would have been best there (least squares, 0 to 1), since how far tables err on those whom
    they were learned from says little of how far they err on others.
    """
    found = np.empty(len(known.change))
    for part in range(_PARTS):
        mine = known.person % _PARTS == part
        cases = fit_cases(known.rows[~mine], means[~mine], known.change[~mine], seed)
        found[mine] = expected(cases, known.rows[mine], means[mine])
    apart = found - means
    heard = float(apart @ (known.change - means)) / max(float(apart @ apart), 1e-12)
    heard = min(max(heard, 0.0), 1.0)
    if heard == 0.0:
        return NONE, means
    cases = fit_cases(known.rows, means, known.change, seed)
    return cases._replace(heard=heard), means + heard * apart


def _binned(whole: FloatArray, random: np.random.Generator) -> _Numbers:
    some = whole[random.choice(len(whole), min(2 * _ROWS, len(whole)), replace=False)]
    bins, edges = np.zeros(whole.shape, np.uint8), []
    for place, column in enumerate(some.T):
        levels = np.quantile(column, np.arange(1, _BINS) / _BINS, method="nearest").round(_DIGITS)
        edges.append(np.unique(levels[levels < column.max()]))
        bins[:, place] = np.searchsorted(edges[-1], whole[:, place], side="left")
    return _Numbers(bins, edges, np.flatnonzero([len(levels) for levels in edges]))


def _grown(
    numbers: _Numbers, among: NDArray[np.intp], some: NDArray[np.intp], left: FloatArray
) -> tuple[list[int], list[int], FloatArray]:
    """Places, levels and values of one table, grown on some rows with `left` to explain."""
    bins = numbers.bins[some][:, among].astype(np.intp)
    columns = np.arange(len(among))
    beyond = np.arange(_BINS) >= np.array([len(numbers.edges[place]) for place in among])[:, None]
    pattern, places, levels = np.zeros(len(left), np.intp), [], []
    each = np.repeat(left, len(among))
    for question in range(_QUESTIONS):
        shape = (2**question, len(among), _BINS)
        cell = ((pattern[:, None] * len(among) + columns) * _BINS + bins).ravel()
        sums = np.bincount(cell, each, int(np.prod(shape))).reshape(shape).cumsum(axis=2)
        counts = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).cumsum(axis=2)
        rest, others = sums[..., -1:] - sums, counts[..., -1:] - counts
        gain = (sums**2 / (counts + _RIDGE) + rest**2 / (others + _RIDGE)).sum(axis=0)
        gain[beyond] = -1.0
        column, level = divmod(int(gain.argmax()), _BINS)
        places.append(int(among[column]))
        levels.append(level)
        pattern = 2 * pattern + (bins[:, column] > level)
    sums = np.bincount(pattern, left, 2**_QUESTIONS)
    return places, levels, _RATE * sums / (np.bincount(pattern, minlength=2**_QUESTIONS) + _RIDGE)
