"""Student's t: its tails, its critical values, and the power of a test of two means by formula.

    P(|T| > t) = I_x(df / 2, 1 / 2),   x = df / (df + t^2)          I: regularised incomplete beta function
    power      = P(T' > c) + P(T' < -c),   T' noncentral t with df = n1 + n2 - 2 and d sqrt(n1 n2 / (n1 + n2))
               = E[Phi(ncp - c S)] + E[Phi(-c S - ncp)],   S = sqrt(chi2_df / df)

The beta function is a continued fraction (Press et al. 2007, sec. 6.4), the expectation an integral over S by
Gauss and Legendre. d is the true difference in units of the sd in each group.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from rung.engine.scales import FloatArray

__all__ = ["critical", "power", "smallest", "tails"]

_STEPS = 300
_TINY = 1e-300
_SHIFT = 8
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_MOST = 100_000
"""People in a group, beyond which nobody is told how many more."""
_EXACT = 1e-8
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(400)


def tails(t: FloatArray, df: FloatArray) -> FloatArray:
    """Chance that a t of these degrees of freedom lies as far from 0 as this one, on either side.

    >>> tails(np.array([2.228139]), np.array([10.0])).round(4).tolist()
    [0.05]
    """
    df = np.asarray(df, dtype=np.float64) + np.zeros_like(t)
    with np.errstate(over="ignore", divide="ignore"):
        squared = t**2
        return _beta(df / 2.0, df / (df + squared), 1.0 / (1.0 + df / squared))


def _beta(a: FloatArray, x: FloatArray, rest: FloatArray) -> FloatArray:
    """I_x(a, 1/2) with rest = 1 - x, by the continued fraction of that tail in which it converges."""
    b = np.full_like(a, 0.5)
    swap = x > (a + 1.0) / (a + b + 2.0)
    first, second, at = np.where(swap, b, a), np.where(swap, a, b), np.where(swap, rest, x)
    with np.errstate(divide="ignore"):
        front = np.exp(
            _log_gamma(a + b) - _log_gamma(a) - _log_gamma(b) + first * np.log(at) + second * np.log1p(-at)
        )
    part = front * _fraction(first, second, at) / first
    whole: FloatArray = np.clip(np.where(swap, 1.0 - part, part), 0.0, 1.0)
    return whole


def _fraction(a: FloatArray, b: FloatArray, x: FloatArray) -> FloatArray:
    """Lentz's method."""
    c = np.ones_like(a)
    d = 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    total = d.copy()
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 / _away(1.0 + even * d)
        c = _away(1.0 + even / c)
        total = total * d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / _away(1.0 + odd * d)
        c = _away(1.0 + odd / c)
        total = total * d * c
        if np.all(np.abs(d * c - 1.0) < 1e-14):
            break
    return total


def _away(x: FloatArray) -> FloatArray:
    """Away from zero."""
    kept: FloatArray = np.where(np.abs(x) < _TINY, _TINY, x)
    return kept


def _log_gamma(z: FloatArray) -> FloatArray:
    """Stirling's series of z + 8, taken back down."""
    high = z + _SHIFT
    series = sum(part / high**power for part, power in zip(_STIRLING, range(1, 12, 2), strict=True))
    above = (high - 0.5) * np.log(high) - high + 0.5 * math.log(2.0 * math.pi) + series
    below: FloatArray = above - np.sum([np.log(z + step) for step in range(_SHIFT)], axis=0)
    return below


@lru_cache(4096)
def critical(df: float, alpha: float) -> float:
    """The t that is exceeded on either side with chance alpha.

    >>> round(critical(10.0, 0.05), 3)
    2.228
    """
    t = NormalDist().inv_cdf(1.0 - alpha / 2.0)
    constant = math.lgamma(0.5 * (df + 1.0)) - math.lgamma(0.5 * df) - 0.5 * math.log(df * math.pi)
    # Newton's steps from below never overshoot: the tails fall ever more slowly.
    for _ in range(_STEPS):
        density = math.exp(constant - 0.5 * (df + 1.0) * math.log1p(t * t / df))
        step = (float(tails(np.array([t]), np.array([df]))[0]) - alpha) / (2.0 * density)
        t += step
        if abs(step) < _EXACT * t:
            break
    return t


def power(d: float, one: int, other: int, alpha: float) -> float:
    """Chance to find a true standardised difference with so many people in each group.

    >>> round(power(0.5, 64, 64, 0.05), 3)
    0.801
    """
    df = float(one + other - 2)
    away, limit = d * math.sqrt(one * other / (one + other)), critical(df, alpha)
    reach = 10.0 / math.sqrt(2.0 * df)
    low, high = max(1e-12, 1.0 - reach), 1.0 + reach
    s = 0.5 * (high - low) * _NODES + 0.5 * (high + low)
    constant = math.log(2.0) + 0.5 * df * math.log(0.5 * df) - math.lgamma(0.5 * df)
    density = np.exp(constant + (df - 1.0) * np.log(s) - 0.5 * df * s**2)
    normal = NormalDist()
    found = [normal.cdf(away - limit * v) + normal.cdf(-away - limit * v) for v in s.tolist()]
    return float(0.5 * (high - low) * np.sum(_WEIGHTS * density * np.array(found)))


def smallest(d: float, wanted: float, alpha: float, ratio: float = 1.0) -> int | None:
    """Fewest people in the first group (the second: `ratio` times as many) for a power; None = over 100,000.

    >>> smallest(0.5, 0.8, 0.05)
    64
    """
    if not d:
        return None

    def is_enough(size: int) -> bool:
        return power(d, size, max(2, round(size * ratio)), alpha) >= wanted

    normal = NormalDist()
    away = (normal.inv_cdf(1.0 - alpha / 2.0) + normal.inv_cdf(wanted)) / abs(d)
    guess = away**2 * (1.0 + 1.0 / ratio)
    if guess > _MOST:
        return None
    low, high = max(1, int(guess) - 2), max(2, int(guess) + 2)
    while low > 1 and is_enough(low):
        low, high = max(1, low // 2), low
    while not is_enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
