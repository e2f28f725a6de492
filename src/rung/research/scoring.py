"""Scores of forecasts, row by row; a model's score is the mean over its rows.

Of a judgement y, forecast by its mean and the 99 quantiles q of its distribution F:

    squared, absolute   (y - mean)^2, |y - mean|, the mean kept within 0 to 1
    CRPS                2 x the mean over the levels t of  (y - q_t) (t - [y < q_t])
    log score           - log of the chance that F gives to the bin of y, of width .01 around 0, .01, .., 1
    coverage            share of the central interval of 50, 80, 95 % that y falls into

F is taken as linear between its quantiles, and between q01 and 0, q99 and 1, so that no bin of .01 has a
chance of less than .0001 (half of that at 0 and at 1, whose bins are half as wide). The mean over the 99
levels is exact for a forecast that is one point, and 1/99 above the integral over all levels (Gneiting &
Raftery 2007) for y between q01 and q99: the same for every model, and what anybody finds who scores the
quantiles.

Where several quantiles are equal to y (to .0015), F jumps there, from a to b. Counting y as inside every
interval that touches the jump would favour such forecasts, so coverage counts the share of the jump from a
to b that lies in the interval: the expectation of the randomised probability integral transform (Smith 1985).
The plain count is kept beside it as `closed`.

Of a choice or an outcome y (partial ones count in part), forecast by its chance p:

    log loss            - y log p - (1 - y) log (1 - p), p kept within 1e-6 of 0 and 1
    Brier               (y - p)^2
    AUC                 chance that of a good and a bad outcome the good one had the higher p (ties: half)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.research.forecasts import LEVELS, Forecasts

__all__ = ["INTERVALS", "Areas", "Jumps", "jumps", "score_chances", "score_judgements"]

INTERVALS = (50, 80, 95)
"""Central intervals whose coverage is counted, in %."""
_EDGES = (np.arange(102, dtype=np.float64) - 0.5) / 100.0
_FLOOR = 1e-6
_CLOSE = 1e-9
"""What is left of rounding."""
_SAME = 0.0015
"""A quantile this near to a rating is that rating: a forecast may spread a point mass by a hair."""


class Jumps(NamedTuple):
    """F from just below y to y itself, each of shape (n,): equal where F is continuous."""

    low: FloatArray
    high: FloatArray

    def inside(self, low: float, high: float) -> FloatArray:
        """Share of each jump that lies within these levels; 0 or 1 where there is no jump."""
        width = self.high - self.low
        overlap = np.minimum(self.high, high) - np.maximum(self.low, low)
        point = (self.low >= low) & (self.low < high)
        return np.where(width > 0, np.clip(overlap, 0, None) / np.where(width > 0, width, 1.0), point)


def score_judgements(values: FloatArray, forecasts: Forecasts) -> tuple[dict[str, FloatArray], Jumps]:
    """Every score of each judgement, and where it fell in its forecast."""
    error = values - np.clip(forecasts.mean, 0.0, 1.0)
    quantiles = forecasts.quantiles
    distance = values[:, None] - quantiles
    pinball = np.maximum(LEVELS * distance, (LEVELS - 1.0) * distance)
    found = jumps(values, quantiles)
    scores = {
        "rmse": error**2,
        "mae": np.abs(error),
        "crps": 2.0 * pinball.mean(axis=1),
        "log_score": -np.log(_chance_of_bin(values, quantiles)),
    }
    for percent in INTERVALS:
        out = (1.0 - percent / 100.0) / 2.0
        scores[f"cover{percent}"] = found.inside(out, 1.0 - out)
    for percent in INTERVALS:
        scores[f"closed{percent}"] = _in_closed(values, quantiles, percent)
    return scores, found


def jumps(values: FloatArray, quantiles: FloatArray) -> Jumps:
    """F from just below each value to the value itself."""
    below = (quantiles < values[:, None] - _SAME).sum(axis=1)
    upto = (quantiles <= values[:, None] + _SAME).sum(axis=1)
    smooth = _below(values, quantiles)
    # k equal quantiles stand for a mass of k hundredths; at the ends of the scale F begins and ends.
    low = np.where(values <= 0.0, 0.0, (below + 0.5) / 100.0)
    high = np.where(values >= 1.0, 1.0, (upto + 0.5) / 100.0)
    jump = upto > below
    return Jumps(np.where(jump, low, smooth), np.where(jump, high, smooth))


def _below(x: FloatArray, quantiles: FloatArray) -> FloatArray:
    """F just below x, linear between the quantiles, and out to 0 and 1."""
    rows = np.arange(len(x))
    place = (quantiles < x[:, None]).sum(axis=1)
    low = np.where(place > 0, quantiles[rows, place - 1], 0.0)
    high = np.where(place < 99, quantiles[rows, np.minimum(place, 98)], 1.0)
    gap = high - low
    share = np.clip(x - low, 0.0, gap) / np.where(gap > 0, gap, 1.0)
    chance: FloatArray = (place + share) / 100.0
    return chance


def _chance_of_bin(values: FloatArray, quantiles: FloatArray) -> FloatArray:
    place = np.searchsorted(_EDGES, values, side="right") - 1
    low = np.where(place > 0, _below(_EDGES[place], quantiles), 0.0)
    high = np.where(place < 100, _below(_EDGES[place + 1], quantiles), 1.0)
    chance: FloatArray = np.maximum(high - low, 5e-5)
    return chance


def _in_closed(values: FloatArray, quantiles: FloatArray, percent: int) -> FloatArray:
    """1 where y lies in the central interval, its ends included; levels such as .025 by interpolation."""
    place = (100.0 - percent) / 2.0 - 1.0
    whole, part = int(place), place - int(place)
    low = quantiles[:, whole] * (1.0 - part) + quantiles[:, whole + 1] * part
    high = quantiles[:, 98 - whole] * (1.0 - part) + quantiles[:, 97 - whole] * part
    inside: FloatArray = ((values >= low - _CLOSE) & (values <= high + _CLOSE)).astype(np.float64)
    return inside


def score_chances(values: FloatArray, chances: FloatArray) -> dict[str, FloatArray]:
    """Log loss and Brier score of each choice or outcome."""
    kept = np.clip(chances, _FLOOR, 1.0 - _FLOOR)
    return {
        "log_loss": -values * np.log(kept) - (1.0 - values) * np.log1p(-kept),
        "brier": (values - chances) ** 2,
    }


class Areas:
    """Area under the curve of one set of forecasts, for any weights of its people: sorted once."""

    def __init__(self, values: FloatArray, chances: FloatArray, people: NDArray[np.intp]) -> None:
        order = np.argsort(chances, kind="stable")
        ordered = chances[order]
        self._good = values[order]
        self._people = people[order]
        self._groups = np.flatnonzero(np.r_[True, ordered[1:] > ordered[:-1]])

    def area(self, weights: FloatArray) -> float:
        """With a weight for each person; NaN where all outcomes are good, or all bad.

        A partial outcome y counts as y of a good one and 1 - y of a bad one.
        """
        weight = weights[self._people]
        good = np.add.reduceat(weight * self._good, self._groups)
        bad = np.add.reduceat(weight * (1.0 - self._good), self._groups)
        pairs = good.sum() * bad.sum()
        return float(good @ (np.cumsum(bad) - 0.5 * bad) / pairs) if pairs > 0 else float("nan")
