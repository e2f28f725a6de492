"""Joint Gaussian knowledge of a few latent numbers, and the things that happen to it.

    x ~ N(mean, covariance)

`extend` adds a number that is not known yet; `transform` is what time does; `move` is what an event
does to one number, while what is not known about the others makes that uncertain too; `condition`
is what a reading tells, once it is known what the reading says of one weighted sum `h . x`. The
algebra is the Kalman filter's (Kalman 1960); tests hold it against the brute-force joint Gaussian.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rung.engine.scales import FloatArray

__all__ = ["Gaussian", "condition", "extend", "forget", "move", "project", "scale", "transform"]


class Gaussian(NamedTuple):
    """Mean, shape (k,), and covariance, shape (k, k). Never written to: every function returns a new one."""

    mean: FloatArray
    covariance: FloatArray


def project(g: Gaussian, h: FloatArray) -> tuple[float, float]:
    """Mean and variance of the weighted sum `h . x`."""
    return float(h @ g.mean), float(h @ g.covariance @ h)


def extend(g: Gaussian, mean: float, variance: float) -> Gaussian:
    """Add one more number, independent of the others."""
    size = g.mean.size
    covariance = np.zeros((size + 1, size + 1))
    covariance[:size, :size] = g.covariance
    covariance[size, size] = variance
    return Gaussian(np.append(g.mean, mean), covariance)


def forget(g: Gaussian, index: int) -> Gaussian:
    """Leave one number out (marginalise)."""
    kept = np.arange(g.mean.size) != index
    return Gaussian(g.mean[kept], g.covariance[np.ix_(kept, kept)])


def transform(g: Gaussian, matrix: FloatArray, index: int, noise: float) -> Gaussian:
    """`x <- matrix x`, with `noise` (a variance) added to one number."""
    covariance: FloatArray = matrix @ g.covariance @ matrix.T
    covariance[index, index] += noise
    return Gaussian(matrix @ g.mean, covariance)


def move(
    g: Gaussian, index: int, change: float, noise: float, h: FloatArray | None = None, slope: float = 0.0
) -> Gaussian:
    """`x[index] <- x[index] + change + slope h . (x - mean)`, with `noise` (a variance) added."""
    mean, covariance = g.mean.copy(), g.covariance.copy()
    mean[index] += change
    if h is not None and slope:
        along = covariance @ h
        covariance[index, :] += slope * along
        covariance[:, index] += slope * along
        covariance[index, index] += slope * slope * float(h @ along)
    covariance[index, index] += noise
    return Gaussian(mean, covariance)


def scale(g: Gaussian, index: int, factor: float) -> Gaussian:
    """`x[index] <- factor x[index]`."""
    if factor == 1.0:
        return g
    factors = np.ones(g.mean.size)
    factors[index] = factor
    return Gaussian(g.mean * factors, g.covariance * np.multiply.outer(factors, factors))


def condition(g: Gaussian, h: FloatArray, mean: float, variance: float) -> Gaussian:
    """What is known once `h . x` is known to have this mean and variance."""
    along = g.covariance @ h
    before = float(h @ along)
    if before <= 0.0:
        return g
    weight = along / before
    covariance = g.covariance - (before - variance) * np.multiply.outer(weight, weight)
    return Gaussian(g.mean + weight * (mean - float(h @ g.mean)), covariance)
