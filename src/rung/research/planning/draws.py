"""Scores on everybody and on draws of people, put together: ratios, the least of several, means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.research.resampling import Draws

__all__ = ["least", "mean", "ratio"]


def ratio(one: Draws, other: Draws) -> Draws:
    """One for one of the other, draw by draw; 1 where there is nothing of the other."""
    if not other.value:
        return Draws(1.0, np.ones_like(one.drawn))
    with np.errstate(divide="ignore", invalid="ignore"):
        return Draws(one.value / other.value, one.drawn / other.drawn)


def least(several: Sequence[Draws]) -> Draws:
    """The least, in each draw the least of that draw."""
    return Draws(min(one.value for one in several), np.min([one.drawn for one in several], axis=0))


def mean(several: Sequence[Draws]) -> Draws:
    """The mean of several scores of the same people."""
    return Draws(
        float(np.mean([one.value for one in several])), np.mean([one.drawn for one in several], axis=0)
    )
