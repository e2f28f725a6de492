"""What people's answers and deeds tell about the latent numbers behind them.

    judgement   R ~ N(sigmoid(z), noise^2 + step^2 / 12)      0 to 1; the step is that of rounding
    outcome     y ~ sigmoid(z)                                 0 to 1; partial outcomes count in part
    choice      1 with chance sigmoid(z)

None of these is Gaussian in the log odds z, so each reading is taken in by moment matching (assumed
density filtering): the product of the Gaussian forecast of z and the likelihood is integrated on a
grid of 81 points over +-6 sd, which moves along where the reading is a surprise, and z keeps its mean and
variance. Exact to about a thousandth; tests hold it against a grid of 20,001.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, sigmoid

__all__ = ["Likelihood", "Reading", "expected_chance", "judgement_likelihood", "outcome_likelihood", "read"]

Likelihood: TypeAlias = Callable[[FloatArray], FloatArray]
"""Log density of what was seen, at each of several log odds."""

_NODES = np.linspace(-6.0, 6.0, 81)
_STEP = 0.15 / np.sqrt(2.0 * np.pi)
_EDGE = 20
"""A best node nearer to the edge than this moves the grid, so that a surprise is read in full."""
_MOVES = 8
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()


class Reading(NamedTuple):
    """The log odds after a reading, and how expected the reading was."""

    mean: float
    variance: float
    log_density: float


def read(mean: float, variance: float, likelihood: Likelihood) -> Reading:
    """Take in one reading of log odds that are forecast as N(mean, variance)."""
    spread, centre = variance**0.5, mean
    for _ in range(_MOVES):
        nodes = centre + spread * _NODES
        weights = likelihood(nodes) - 0.5 * ((nodes - mean) / spread) ** 2
        best = int(weights.argmax())
        if _EDGE <= best < _NODES.size - _EDGE:
            break
        centre = float(nodes[best])
    top = float(weights[best])
    weights = np.exp(weights - top)
    total = float(weights.sum())
    weights /= total
    after = float(weights @ nodes)
    return Reading(after, float(weights @ (nodes - after) ** 2), top + float(np.log(total * _STEP)))


def expected_chance(mean: float, variance: float) -> float:
    """Mean of sigmoid(z) for z ~ N(mean, variance).

    >>> round(expected_chance(1.0, 0.0), 3), round(expected_chance(1.0, 4.0), 3)
    (0.731, 0.648)
    """
    return float(_WEIGHTS @ sigmoid(mean + variance**0.5 * _NODES))


def judgement_likelihood(rating: float, p: Parameters) -> Likelihood:
    """Log density of an efficacy judgement (0 to 1)."""
    variance = p.rating_noise**2 + p.rating_step**2 / 12.0
    constant = -0.5 * float(np.log(2.0 * np.pi * variance))

    def told(z: FloatArray) -> FloatArray:
        return constant - (rating - sigmoid(z)) ** 2 / (2.0 * variance)

    return told


def outcome_likelihood(outcome: float) -> Likelihood:
    """Log chance of an outcome (0 to 1) or of a choice (0 or 1)."""

    def told(z: FloatArray) -> FloatArray:
        return outcome * z - np.logaddexp(0.0, z)

    return told
