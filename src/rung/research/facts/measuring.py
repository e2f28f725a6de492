"""What a study computes from what its people said and did.

Correlations within persons are of deviations from each person's own mean, all persons together; detrended,
of deviations from the mean of the trial as well (the common course is taken out). A rate of learning is
that of a delta rule with a rate of its own for good and for bad news, fitted to one person's expectations
by least squares:

    E(t+1) = E(t) + a [F(t) - E(t)]      a = a+ where F > E, a- where F < E      (Müller-Pinzler et al. 2019)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, People

__all__ = [
    "Agreement",
    "Rates",
    "agreement",
    "betas",
    "correlation",
    "effect",
    "explained",
    "learning_rates",
    "mean_of",
    "ratio",
    "share_within",
    "strength",
    "within",
]

_RATES = np.linspace(0.0, 0.8, 33)
_STARTS = np.linspace(-0.2, 0.2, 9)


def strength(people: People, deeds: Iterable[Deed]) -> FloatArray:
    """Strength of efficacy: each person's mean judgement over several items."""
    mean: FloatArray = np.mean([people.judge(deed) for deed in deeds], axis=0)
    return mean


def correlation(one: FloatArray, other: FloatArray) -> float:
    """Pearson's r over people."""
    return float(np.corrcoef(one, other)[0, 1])


def within(one: FloatArray, other: FloatArray, *, detrended: bool = False) -> float:
    """Pearson's r within persons; arrays of shape (trials, people).

    >>> rising = np.array([[0.0, 5.0], [1.0, 6.0], [2.0, 7.0]])
    >>> within(rising, rising)
    1.0
    """
    x, y = (values - values.mean(axis=0) for values in (one, other))
    if detrended:
        x, y = (values - values.mean(axis=1, keepdims=True) for values in (x, y))
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


def betas(outcome: FloatArray, predictors: Sequence[FloatArray]) -> list[float]:
    """Standardized weights of a linear regression."""
    weights, _ = _regressed(outcome, predictors)
    return [float(weight) for weight in weights]


def explained(outcome: FloatArray, predictors: Sequence[FloatArray]) -> float:
    """Share of variance that a linear regression explains."""
    return _regressed(outcome, predictors)[1]


def _regressed(outcome: FloatArray, predictors: Sequence[FloatArray]) -> tuple[FloatArray, float]:
    x, y = np.column_stack([_standard(values) for values in predictors]), _standard(outcome)
    weights = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)
    return weights, 1.0 - float(np.mean((y - x @ weights) ** 2))


def _standard(values: FloatArray) -> FloatArray:
    scaled: FloatArray = (values - values.mean()) / (values.std() or 1.0)
    return scaled


def effect(treated: FloatArray, others: FloatArray) -> float:
    """Cohen's d: difference of means over the pooled standard deviation."""
    pooled = np.sqrt((np.var(treated, ddof=1) + np.var(others, ddof=1)) / 2.0)
    return float((treated.mean() - others.mean()) / pooled) if pooled else 0.0


def ratio(part: float, whole: float) -> float:
    """One number over another; nan where the other is nought, which no band holds."""
    return part / whole if whole else math.nan


def mean_of(values: FloatArray, who: NDArray[np.bool_]) -> float:
    """The mean over some people; nan where there are none."""
    return float(values[who].mean()) if who.any() else math.nan


class Agreement(NamedTuple):
    """How far what was said goes with what was done."""

    congruence: float
    """Share of items on which both agree."""
    kappa: float
    """The same beyond chance (Cohen 1960)."""


def agreement(said: NDArray[np.bool_], done: NDArray[np.bool_]) -> Agreement:
    """Microanalysis, item by item.

    >>> said, done = np.array([True, True, False, False]), np.array([True, False, False, False])
    >>> agreement(said, done)
    Agreement(congruence=0.75, kappa=0.5)
    """
    same = float(np.mean(said == done))
    chance = float(said.mean() * done.mean() + (1.0 - said.mean()) * (1.0 - done.mean()))
    return Agreement(same, (same - chance) / (1.0 - chance) if chance < 1.0 else 0.0)


def share_within(values: FloatArray) -> float:
    """Share of variance that lies within persons (1 - intraclass correlation), shape (times, people)."""
    times = len(values)
    inside = float(values.var(axis=0, ddof=1).mean())
    between = float(values.mean(axis=0).var(ddof=1)) - inside / times
    return inside / (inside + max(between, 0.0))


class Rates(NamedTuple):
    """Learning rates of each person, shape (people,)."""

    good: FloatArray
    bad: FloatArray

    @property
    def bias(self) -> FloatArray:
        """(a+ - a-) / (a+ + a-): below zero, more is learned from bad news."""
        total = self.good + self.bad
        return np.where(total > 0.0, (self.good - self.bad) / np.where(total > 0.0, total, 1.0), 0.0)


def learning_rates(expected: Sequence[FloatArray], feedback: Sequence[FloatArray]) -> Rates:
    """Each person's two rates, over one or more runs of shape (trials, people), each with a start of its own.

    A run's `expected[t]` was said before its `feedback[t]`. Rates are sought on a grid of 0 to .8.
    """
    good, bad = (grid[..., None] for grid in np.meshgrid(_RATES, _RATES, indexing="ij"))
    people = expected[0].shape[1]
    rates = np.empty((2, people))
    for chunk in np.array_split(np.arange(people), max(1, people // 50)):
        error = sum(
            _misfit(said[:, chunk], told[:, chunk], good, bad)
            for said, told in zip(expected, feedback, strict=True)
        )
        best = np.argmin(np.reshape(error, (_RATES.size**2, chunk.size)), axis=0)
        rates[:, chunk] = _RATES[np.array(np.unravel_index(best, (_RATES.size, _RATES.size)))]
    return Rates(*rates)


def _misfit(said: FloatArray, told: FloatArray, good: FloatArray, bad: FloatArray) -> FloatArray:
    """Squared error of each pair of rates for each person, with the best start."""
    errors = []
    for start in _STARTS:
        level = np.broadcast_to(said[0] + start, np.broadcast_shapes(good.shape, said[0].shape))
        error = np.zeros(level.shape)
        for now, news in zip(said, told, strict=True):
            error += (now - level) ** 2
            surprise = news - level
            level = level + np.where(surprise > 0.0, good, bad) * surprise
        errors.append(error)
    least: FloatArray = np.min(errors, axis=0)
    return least
