"""How one person weighs evidence when they judge: coefficients of their own, learned as they go.

    y - x = (population + own) . evidence + e,    own ~ N(0, V),   e ~ N(0, s^2)

x is the last judgement and y the next one. Everybody weighs every number of a row; in the ones that are
named as personal a person departs from the others, and how is learned from each judgement by Bayes' rule
(the Kalman filter of a regression whose coefficients wander: drift V is added before each judgement, times
the share `drift`). Noise is one's own too, and recent errors tell more of it than old ones:

    s_i^2 = s^2 (w + sum f z^2) / (w + sum f),   f = `noise_memory`^age,   w = `noise_weight`

After Laird & Ware (1982, 10.2307/2529876); the personal rates are those of Müller-Pinzler et al. (2019).
Arrays may have one person, shapes (k,) and (r,), or a crowd of n, shapes (k, n) and (r, n): people stand side
by side in memory, which makes the work on many of them several times faster.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray

__all__ = ["OWN", "PERSONAL", "Expected", "Habits", "Population", "begun", "expected", "learned"]

PERSONAL: tuple[str, ...] = (
    "one",
    "level",
    "good",
    "bad",
    "borrowed",
    "told_last",
    "slow",
    "quick",
    "outcome",
    "last",
    "sure",
    "difficulty",
    "difficulty_last",
    "task",
)
"""Numbers of a row that people weigh each in their own way."""
OWN: NDArray[np.intp] = np.array([NAMES.index(name) for name in PERSONAL])
"""Their places in a row."""


class Population(NamedTuple):
    """What people have in common."""

    weights: FloatArray
    """Mean weights, shape (k,), as `NAMES`."""
    spread: FloatArray
    """V: covariance of the personal parts, shape (r, r), as `PERSONAL`."""
    noise: float
    """s^2: variance of judgements around what is expected."""
    drift: float = 0.002
    """Share of V by which own weights wander between two judgements; chosen on the development logs."""
    noise_weight: float = 6.0
    """Judgements that the common noise counts for in a person's own; an assumption."""
    noise_memory: float = 0.98
    """What an error tells of the noise, per judgement since; chosen on the development logs."""


class Habits(NamedTuple):
    """What is known of a person's own weights and noise."""

    own: FloatArray
    """Shape (r, ...)."""
    covariance: FloatArray
    """Shape (r, r, ...)."""
    squares: FloatArray
    """Sum of squared standardised errors, shape (...)."""
    worth: FloatArray
    """And how many they are worth."""


class Expected(NamedTuple):
    """The next judgement before it is made, each of shape (...)."""

    mean: FloatArray
    """Of y - x."""
    sd: FloatArray
    """With the noise as it was with this person lately."""
    along: FloatArray
    """Covariance of the weights with what is expected, shape (r, ...)."""
    variance: FloatArray
    """With the noise of people in general."""


def begun(population: Population, people: int | None = None) -> Habits:
    """Of somebody who has not judged yet; or of a crowd of them."""
    shape = () if people is None else (people,)
    size = len(population.spread)
    return Habits(
        np.zeros((size, *shape)),
        _for_each(population.spread, len(shape)) + np.zeros(shape),
        np.full(shape, population.noise_weight),
        np.full(shape, population.noise_weight),
    )


def expected(
    habits: Habits, row: FloatArray, population: Population, places: NDArray[np.intp] = OWN
) -> Expected:
    """The next judgement, from the evidence before it, shape (k, ...); `places` of the personal numbers."""
    own = row[places]
    alone = own.ndim == 1
    along = habits.covariance @ own if alone else np.einsum("ij...,j...->i...", habits.covariance, own)
    unsure = np.maximum((along * own).sum(axis=0), 0.0)
    mean = population.weights @ row + (habits.own * own).sum(axis=0)
    variance = unsure + population.noise
    return Expected(mean, np.sqrt(variance * habits.squares / habits.worth), along, variance)


def learned(habits: Habits, told: Expected, change: FloatArray | float, population: Population) -> Habits:
    """Habits once the judgement was made: `change` is y - x."""
    error = change - told.mean
    gain = told.along / told.variance
    covariance = -gain[:, None] * told.along
    covariance += habits.covariance
    covariance += _for_each(population.drift * population.spread, np.ndim(error))
    kept = population.noise_memory
    lent = (1.0 - kept) * population.noise_weight
    return Habits(
        habits.own + gain * error,
        covariance,
        kept * habits.squares + lent + error**2 / told.variance,
        kept * habits.worth + lent + 1.0,
    )


def _for_each(matrix: FloatArray, dimensions: int) -> FloatArray:
    """The matrix with an axis for people where there is a crowd of them."""
    return matrix.reshape(matrix.shape + (1,) * dimensions)
