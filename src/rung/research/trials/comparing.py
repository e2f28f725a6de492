"""Two arms compared, in many trials and for many sample sizes at once.

    Welch    t = (m1 - m2) / sqrt(s1^2 / n1 + s2^2 / n2),   df by Welch and Satterthwaite
    Hedges   g = (1 - 3 / (4 df - 1)) (m1 - m2) / s,        s pooled, df = n1 + n2 - 2      (Hedges 1981)
    ANCOVA   difference at equal baselines, one slope for both arms, df = n1 + n2 - 3; its g by the same s

People are exchangeable, so the first n of an arm are a trial with n in that arm: sums that run along the
people give every smaller trial from one large one. Where nobody differs from anybody else, p is 0 or 1.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.research.trials.student import tails

__all__ = ["Compared", "Sample", "compare"]

_Mask: TypeAlias = NDArray[np.bool_]


class Sample(NamedTuple):
    """One arm on one measure and day; arrays have shape (trials, people)."""

    values: FloatArray
    baseline: FloatArray | None
    counts: FloatArray
    """1 for those who count, 0 for the others, whose values may be anything but nan."""


class Compared(NamedTuple):
    """First arm minus second; arrays have shape (trials, sizes)."""

    g: FloatArray
    """Hedges' g; nan where it cannot be said."""
    p: FloatArray
    """Welch's, two-sided; 1 where it cannot be said."""
    adjusted_g: FloatArray | None
    adjusted_p: FloatArray | None
    """Adjusted for baseline; None without one."""


class _Sums(NamedTuple):
    n: FloatArray
    y: FloatArray
    yy: FloatArray
    """Of squares around the mean, as are the two below."""
    x: FloatArray
    xx: FloatArray
    xy: FloatArray


def compare(one: Sample, other: Sample, sizes: tuple[list[int], list[int]]) -> Compared:
    """Compare the arms in trials that have so many people in each of them."""
    first, second = _sums(one, sizes[0]), _sums(other, sizes[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = np.sqrt((first.yy + second.yy) / (first.n + second.n - 2.0))
        g, p = _welch(first, second, pooled)
        if one.baseline is None or other.baseline is None:
            return Compared(g, p, None, None)
        return Compared(g, p, *_adjusted(first, second, pooled))


def _sums(sample: Sample, sizes: list[int]) -> _Sums:
    at = np.array(sizes) - 1
    counts = sample.counts
    middle = float((sample.values * counts).sum() / max(counts.sum(), 1.0))
    y = sample.values - middle
    x = np.zeros_like(y) if sample.baseline is None else sample.baseline - middle

    def upto(values: FloatArray) -> FloatArray:
        summed: FloatArray = np.cumsum(counts * values, axis=1)[:, at]
        return summed

    n = np.cumsum(counts, axis=1)[:, at]
    some = np.maximum(n, 1.0)
    of_y, of_x = upto(y), upto(x)
    return _Sums(
        n,
        middle + of_y / some,
        _positive(upto(y * y), of_y**2 / some),
        middle + of_x / some,
        _positive(upto(x * x), of_x**2 / some),
        upto(x * y) - of_x * of_y / some,
    )


def _positive(whole: FloatArray, of_mean: FloatArray) -> FloatArray:
    """A sum of squares around the mean; what rounding leaves of none is none."""
    rest = whole - of_mean
    kept: FloatArray = np.where(rest > 1e-12 * (np.abs(whole) + 1e-12), rest, 0.0)
    return kept


def _welch(first: _Sums, second: _Sums, pooled: FloatArray) -> tuple[FloatArray, FloatArray]:
    one, other = (sums.yy / (sums.n - 1.0) / sums.n for sums in (first, second))
    difference = first.y - second.y
    df = (one + other) ** 2 / (one**2 / (first.n - 1.0) + other**2 / (second.n - 1.0))
    enough = (first.n >= 2.0) & (second.n >= 2.0)
    g = _shrunk(difference / pooled, first.n + second.n - 2.0)
    return _said(g, difference, enough), _chance(difference, one + other, df, enough)


def _adjusted(first: _Sums, second: _Sums, pooled: FloatArray) -> tuple[FloatArray, FloatArray]:
    xx, xy, yy = (first.xx + second.xx), (first.xy + second.xy), (first.yy + second.yy)
    slope = np.where(xx > 0.0, xy / xx, 0.0)
    apart = first.x - second.x
    difference = first.y - second.y - slope * apart
    df = first.n + second.n - 3.0
    rest = np.maximum(yy - slope * xy, 0.0)
    rest = np.where(rest > 1e-12 * yy, rest, 0.0)
    spread = 1.0 / first.n + 1.0 / second.n + np.where(xx > 0.0, apart**2 / xx, 0.0)
    enough = (first.n >= 2.0) & (second.n >= 2.0) & (df >= 1.0)
    g = _shrunk(difference / pooled, first.n + second.n - 2.0)
    return _said(g, difference, enough), _chance(difference, rest / df * spread, df, enough)


def _shrunk(d: FloatArray, df: FloatArray) -> FloatArray:
    return (1.0 - 3.0 / (4.0 * df - 1.0)) * d


def _said(g: FloatArray, difference: FloatArray, enough: _Mask) -> FloatArray:
    alike = np.where(difference == 0.0, 0.0, np.nan)
    return np.where(enough, np.where(np.isfinite(g), g, alike), np.nan)


def _chance(difference: FloatArray, variance: FloatArray, df: FloatArray, enough: _Mask) -> FloatArray:
    """Two-sided p of a difference with this variance of its own."""
    plain = enough & (variance > 0.0)
    t = np.where(plain, difference / np.sqrt(variance), 0.0)
    p = tails(t, np.where(plain & np.isfinite(df), df, 1.0))
    sure = enough & (variance == 0.0) & (difference != 0.0)
    return np.where(sure, 0.0, np.where(plain, p, 1.0))
