"""What people's answers and deeds tell about the latent numbers behind them.

    judgement   R ~ N(sigmoid(z), noise^2 + step^2 / 12)      0 to 1; the step is that of rounding
    outcome     y ~ sigmoid(z)                                 0 to 1; partial outcomes count in part
    choice      1 with chance sigmoid(z)

None of these is Gaussian in the log odds z, so each reading is taken in by moment matching (assumed
density filtering): the product of the Gaussian forecast of z and the likelihood is integrated on a
fixed grid of 81 points over +-6 sd, and z keeps its mean and variance. Exact to about 1e-6 for
ratings noisier than a point; tests hold it against a grid of 20,001.
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
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()


class Reading(NamedTuple):
    """The log odds after a reading, and how expected the reading was."""

    mean: float
    variance: float
    log_density: float


def read(mean: float, variance: float, likelihood: Likelihood) -> Reading:
    """Take in one reading of log odds that are forecast as N(mean, variance)."""
    spread = variance**0.5
    nodes = mean + spread * _NODES
    told = likelihood(nodes)
    top = float(told.max())
    weights = _WEIGHTS * np.exp(told - top)
    total = float(weights.sum())
    weights /= total
    centre = float(weights @ nodes)
    return Reading(centre, float(weights @ (nodes - centre) ** 2), top + float(np.log(total)))


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
