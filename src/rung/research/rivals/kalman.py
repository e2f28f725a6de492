"""A level that wanders, read with noise.

    level <- level + N(0, ratio r)       judgement = level + N(0, r)

Kalman 1960, 10.1115/1.3662552. The first judgement of a track is taken as it is (variance r). r and the ratio
by maximum likelihood on the training people: for a given ratio r is known in closed form, and the ratio is
found by golden section on its logarithm. The gain depends only on the number of judgements: all share it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.plain import joined
from rung.research.rivals.spread import NO_SPREAD_KNOWN, gaussian, residual_sd
from rung.research.rivals.tracks import interleaved, tracks_of
from rung.research.series import Series, Target

__all__ = ["KALMAN", "golden_section", "one_step_ahead"]

_UNKNOWN_RATIO = 0.1


def golden_section(loss: Callable[[float], float], low: float, high: float, rounds: int = 30) -> float:
    """Where a function with one valley between `low` and `high` is least."""
    share = (math.sqrt(5.0) - 1.0) / 2.0
    left, right = high - share * (high - low), low + share * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(rounds):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - share * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + share * (high - low)
            at_right = loss(right)
    return (low + high) / 2.0


def one_step_ahead(said: FloatArray, ratio: float) -> tuple[FloatArray, FloatArray]:
    """Mean of each judgement but the first, and its variance in units of r.

    `said` has shape (n,), or (n, people) with NaN at the end of the shorter ones; the variance (n - 1,).
    """
    means, variances = np.empty_like(said[1:]), np.empty(max(len(said) - 1, 0))
    if not len(said):
        return means, variances
    level, variance = said[0], 1.0
    for number in range(len(means)):
        variance += ratio
        means[number], variances[number] = level, variance + 1.0
        gain = variance / (variance + 1.0)
        level = level + gain * (said[number + 1] - level)
        variance *= 1.0 - gain
    return means, variances


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    ratio, sd = _fitted(
        [track.said for series in training for track in tracks_of(series) if track.said.size > 1]
    )

    def forecast(series: Series) -> Forecasts:
        pairs = [one_step_ahead(track.said, ratio) for track in tracks_of(series)]
        means, variances = joined(mean for mean, _ in pairs), joined(variance for _, variance in pairs)
        return interleaved(series, gaussian(means, sd * np.sqrt(variances)))

    return Predictor(forecast)


def _fitted(told: Sequence[FloatArray]) -> tuple[float, float]:
    """The ratio, and the square root of r."""
    if not told:
        return _UNKNOWN_RATIO, NO_SPREAD_KNOWN
    said = np.full((max(own.size for own in told), len(told)), np.nan)
    for person, own in enumerate(told):
        said[: own.size, person] = own
    known = ~np.isnan(said[1:])

    def standardised(log_ratio: float) -> tuple[FloatArray, FloatArray]:
        means, variances = one_step_ahead(said, math.exp(log_ratio))
        spread = np.broadcast_to(variances[:, None], means.shape)[known]
        return (said[1:] - means)[known] / np.sqrt(spread), spread

    def loss(log_ratio: float) -> float:
        errors, spread = standardised(log_ratio)
        return float(0.5 * np.log(np.mean(errors**2) + 1e-12) + 0.5 * np.log(spread).mean())

    log_ratio = golden_section(loss, math.log(1e-5), math.log(1e3))
    return math.exp(log_ratio), residual_sd(standardised(log_ratio)[0])


KALMAN = Entry(
    "Kalman random walk", "Kalman 1960, 10.1115/1.3662552", ("judgement",), _fit, needs_training=False
)
