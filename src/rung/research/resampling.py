"""How sure a score is: intervals of 95 % by resampling people, and the paired difference of two models.

People are drawn with replacement, as many as there are, 1,000 times; all rows of a person go together,
since they are alike. Every model meets the same draws, so that a difference is paired. A score that is a
mean over rows needs nothing but each person's sum and number of rows. An interval reaches from the 2.5th to
the 97.5th percentile of the draws (Efron & Tibshirani 1993, ch. 13). One person alone has no interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from rung.engine.scales import FloatArray

__all__ = ["DRAWS", "Difference", "Draws", "Measure", "difference", "draw_means", "draw_people", "measure"]

DRAWS = 1000
_NOTHING = 1e-12
"""A difference smaller than this comes from rounding."""


class Measure(NamedTuple):
    """A score of a model, with its interval over people; None where it cannot be said."""

    value: float | None
    low: float | None
    high: float | None


class Difference(NamedTuple):
    """A rival's score minus Rung's, with its interval, and who is better where that leaves out zero."""

    value: float | None
    low: float | None
    high: float | None
    better: Literal["Rung", "rival"] | None


class Draws(NamedTuple):
    """A score on everyone, and on each draw of people."""

    value: float
    drawn: FloatArray
    """Shape (draws,); empty for one person alone."""


def draw_people(people: int, seed: int) -> Iterator[FloatArray]:
    """For each draw, how often every person is in it."""
    generator = np.random.default_rng(seed)
    for _ in range(DRAWS if people > 1 else 0):
        yield np.bincount(generator.integers(people, size=people), minlength=people).astype(np.float64)


def draw_means(sums: FloatArray, rows: FloatArray, seed: int) -> tuple[FloatArray, FloatArray]:
    """Means over rows, on everyone and on each draw, of scores with these sums (people, scores)."""
    drawn = [(weights @ sums) / (weights @ rows) for weights in draw_people(len(rows), seed)]
    return sums.sum(axis=0) / rows.sum(), np.array(drawn).reshape(-1, sums.shape[1])


def measure(draws: Draws) -> Measure:
    """The score with its interval."""
    return Measure(_said(draws.value), *_interval(draws.drawn))


def difference(rival: Draws, rung: Draws, *, higher_is_better: bool = False) -> Difference:
    """How the rival differs."""
    low, high = _interval(rival.drawn - rung.drawn)
    better: Literal["Rung", "rival"] | None = None
    if low is not None and high is not None and (low > _NOTHING or high < -_NOTHING):
        better = "Rung" if (low > 0.0) != higher_is_better else "rival"
    return Difference(_said(rival.value - rung.value), low, high, better)


def _said(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _interval(drawn: FloatArray) -> tuple[float | None, float | None]:
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
