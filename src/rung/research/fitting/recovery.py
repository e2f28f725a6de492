"""Whether a fit finds what was put in: a log is simulated from known people and fitted as any other.

Recovery of a person's own weights is the correlation of the true ones with the fitted ones, and the share
of true ones within central intervals of the fitted ones (Wilson & Collins 2019, 10.7554/eLife.49547). The
correlation cannot be better than sqrt(1 - mean posterior variance / V), which is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rung.engine.crowd import judged
from rung.engine.habits import PERSONAL, Population
from rung.engine.parameters import Parameters
from rung.engine.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.mixed import Fit, own_weights
from rung.research.fitting.simulation import simulate
from rung.research.fitting.sums import people_of

__all__ = ["LEVELS", "Recovery", "recover"]

LEVELS = (0.5, 0.8, 0.95)
"""Of the central intervals."""


class Recovery(NamedTuple):
    """What was found, beside what was put in."""

    correlation: Mapping[str, float]
    """Of true and fitted own weights over people, by the names of `PERSONAL`; NaN where nobody differs."""
    possible: Mapping[str, float]
    """The correlation that the fitted uncertainty allows."""
    coverage: Mapping[float, float]
    """Share of true own weights within the central intervals, all names together, by `LEVELS`."""
    coverage_by_name: Mapping[str, tuple[float, ...]]
    """The same by name."""
    error: float
    """Root mean square error of the weights, each times its number's size: in units of the rating."""
    errors: Mapping[str, float]
    """Fitted minus true weight in standard errors, by the names that the log has."""
    noise: float
    """Fitted variance of judgements over the true one."""
    fit: Fit


def recover(
    population: Population,
    people: int = 200,
    judgements: int = 60,
    *,
    seed: int = 0,
    p: Parameters | None = None,
) -> Recovery:
    """Simulate a log from the population, fit it, compare."""
    p = p or Parameters()
    log, own = simulate(population, people, judgements, seed=seed, p=p)
    known = judged(crowd_of(log), p)
    fit = fit_judgements(known)
    mean, covariance = own_weights(people_of(known), fit.population)
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    sizes = np.sqrt((known.rows**2).mean(axis=0))
    off = fit.population.weights - population.weights
    inside = np.array([_inside(own, mean, variance, level) for level in LEVELS])
    spread = np.diag(fit.population.spread)
    limit = np.sqrt(np.maximum(1.0 - variance.mean(axis=0) / spread, 0.0))
    return Recovery(
        {name: _correlation(own[:, i], mean[:, i]) for i, name in enumerate(PERSONAL)},
        dict(zip(PERSONAL, limit.tolist(), strict=True)),
        dict(zip(LEVELS, inside.mean(axis=(1, 2)).tolist(), strict=True)),
        {name: tuple(inside[:, :, i].mean(axis=1).tolist()) for i, name in enumerate(PERSONAL)},
        float(np.sqrt(((off * sizes)[sizes > 0.0] ** 2).mean())),
        {name: float(off[i] / fit.errors[i]) for i, name in enumerate(NAMES) if sizes[i] > 0.0},
        fit.population.noise / population.noise,
        fit,
    )


def _inside(true: FloatArray, mean: FloatArray, variance: FloatArray, level: float) -> FloatArray:
    reach = NormalDist().inv_cdf(0.5 + level / 2.0) * np.sqrt(variance)
    return (np.abs(true - mean) <= reach).astype(np.float64)


def _correlation(one: FloatArray, other: FloatArray) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0.0 and other.std() > 0.0 else float("nan")
