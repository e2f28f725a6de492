"""Gradient boosting on 24 lagged features: what a data scientist would hand in.

    the last five judgements; their running and smooth mean, spread and number; the last of the same task
    the last three of what was told, its smooth mean, its mean since the last judgement, how it is believed
    the last three outcomes, their smooth mean, and the last sureness of success
    the difficulty, now and at the last judgement; how often the answer was the same as before

200 shallow trees (Friedman 2001, 10.1214/aos/1013203451) by scikit-learn's HistGradientBoostingRegressor.
Quantiles are those of the errors on the training people, widened by what the error grows when they are left
out of the fit, a third of them at a time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from importlib import import_module
from statistics import fmean
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.errors import MissingExtra
from rung.research.forecasts import LEVELS, Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.plain import joined, values_of
from rung.research.rivals.spread import NO_SPREAD_KNOWN, SCORES, residual_sd
from rung.research.rivals.tracks import Track, once_per_series, scored_of, tracks_of
from rung.research.series import Series, Target

__all__ = ["BOOSTING", "FEATURES", "lagged"]

FEATURES = 24
_SHARE = 0.3
_Regression: TypeAlias = Callable[[FloatArray], FloatArray]
_TREES = {"max_iter": 200, "learning_rate": 0.03, "max_leaf_nodes": 15, "l2_regularization": 1.0}
_LEAF = 100
"""Fewest judgements in a leaf, where there are enough: one in twenty at most."""
_PARTS = 3


class _Lags:
    """The numbers of one column so far."""

    __slots__ = ("last", "since", "smooth")

    def __init__(self, length: int) -> None:
        self.last = deque([math.nan] * length, maxlen=length)
        self.smooth = math.nan
        self.since: list[float] = []
        """Those since the last judgement."""

    def add(self, value: float) -> None:
        if value == value:
            self.last.appendleft(value)
            self.smooth = (
                value if self.smooth != self.smooth else self.smooth + _SHARE * (value - self.smooth)
            )
            self.since.append(value)


@once_per_series
def lagged(series: Series) -> FloatArray:
    """Features of each scored judgement of a person, shape (n, 24), in the order of the series."""
    tracks = tracks_of(series)
    rows = [row for track in tracks for row in _rows(track, [series.events[p].task for p in track.places])]
    return np.array(rows, dtype=np.float64).reshape(-1, FEATURES)[np.argsort(scored_of(tracks))]


def _rows(track: Track, tasks: Sequence[str]) -> list[list[float]]:
    names = ("said", "told", "trust", "outcome", "sure", "difficulty")
    said, told, outcome = _Lags(5), _Lags(3), _Lags(3)
    trust, sure = _Lags(1), _Lags(1)
    own: dict[str, float] = {}
    rows: list[list[float]] = []
    count = total = squares = repeats = 0.0
    before = math.nan
    for task, cells in zip(
        tasks, zip(*(track.columns[name].tolist() for name in names), strict=True), strict=True
    ):
        answer, *others, difficulty = cells
        for lags, cell in zip((told, trust, outcome, sure), others, strict=True):
            lags.add(cell)
        if answer != answer:
            continue
        if count:
            mean = total / count
            spread = math.sqrt(max(squares / count - mean * mean, 0.0))
            of_said = [*said.last, mean, said.smooth, spread, count, own.get(task, math.nan), repeats / count]
            of_told = [*told.last, told.smooth, fmean(told.since or [math.nan]), trust.last[0]]
            of_outcome = [*outcome.last, outcome.smooth, sure.last[0]]
            rows.append([*of_said, *of_told, *of_outcome, difficulty, before])
            repeats += answer == said.last[0]
        count, total, squares = count + 1.0, total + answer, squares + answer * answer
        said.add(answer)
        own[task], before = answer, difficulty
        told.since.clear()
    return rows


class _Known(NamedTuple):
    """The scored judgements of training people."""

    rows: FloatArray
    values: FloatArray
    people: NDArray[np.intp]


def _known(training: Sequence[Series]) -> _Known:
    rows = np.concatenate([np.empty((0, FEATURES)), *(lagged(series) for series in training)])
    values = joined(values_of(series, "judgement") for series in training)
    people = np.repeat(np.arange(len(training)), [len(lagged(series)) for series in training])
    return _Known(rows, values, people)


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    try:
        ensemble: Any = import_module("sklearn.ensemble")
    except ImportError as missing:
        raise MissingExtra("gradient boosting", "research") from missing

    def grown(rows: FloatArray, values: FloatArray) -> _Regression:
        # A column that is never known cannot be binned.
        kept = ~np.isnan(rows).all(axis=0)
        leaf = min(_LEAF, 1 + len(rows) // 20)
        trees = ensemble.HistGradientBoostingRegressor(
            **_TREES, min_samples_leaf=leaf, early_stopping=False, random_state=seed
        )
        trees.fit(rows[:, kept], values)
        return lambda others: trees.predict(others[:, kept]) if len(others) else np.empty(0)

    known = _known(training)
    if len(known.values) < 2:
        return Predictor(lambda series: _forecast(lagged(series)[:, 0], NO_SPREAD_KNOWN * SCORES))
    trees = grown(known.rows, known.values)
    quantiles = _quantiles(known, known.values - trees(known.rows), grown, seed)
    return Predictor(lambda series: _forecast(trees(lagged(series)), quantiles))


def _quantiles(
    known: _Known, errors: FloatArray, grown: Callable[[FloatArray, FloatArray], _Regression], seed: int
) -> FloatArray:
    """Quantiles of the errors, as wide as those on people that were left out, a third at a time."""
    quantiles = np.quantile(errors, LEVELS)
    people = np.random.default_rng(seed).permutation(np.unique(known.people))
    if len(people) < _PARTS:
        return quantiles
    squares = 0.0
    for part in range(_PARTS):
        out = np.isin(known.people, people[part::_PARTS])
        trees = grown(known.rows[~out], known.values[~out])
        squares += float(np.sum((known.values[out] - trees(known.rows[out])) ** 2))
    return quantiles * math.sqrt(squares / max(float(errors @ errors), 1e-9))


def _forecast(mean: FloatArray, quantiles: FloatArray) -> Forecasts:
    sd = np.full(len(mean), residual_sd(quantiles))
    return Forecasts(np.clip(mean, 0.0, 1.0), sd, np.clip(mean[:, None] + quantiles, 0.0, 1.0))


BOOSTING = Entry(
    "gradient boosting",
    "24 lagged features: Friedman 2001, 10.1214/aos/1013203451",
    ("judgement",),
    _fit,
)
