"""Whether a fit finds what was put in: a log is simulated from known people and fitted as any other.

Recovery of a person's own weights is the correlation of the true ones with the fitted ones, and the share
of true ones within central intervals of the fitted ones (Wilson & Collins 2019, 10.7554/eLife.49547). Beside
both stands what somebody would reach who need not fit, since they know people in general: correlations of
at most sqrt(1 - mean posterior variance / V), and intervals that hold as often as they say. Less than that is
because people in general are not known exactly; or because judgements are kept within 0 and 1, and the
model knows no ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import judged
from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.mixed import Fit, own_weights
from rung.research.fitting.simulation import simulate
from rung.research.fitting.sums import People, people_of

__all__ = ["LEVELS", "Recovery", "recover"]

LEVELS = (0.5, 0.8, 0.95)
"""Of the central intervals."""


class Recovery(NamedTuple):
    """What was found, beside what was put in."""

    people: int
    judgements: int
    """All that have an earlier one."""
    at_ends: float
    """Share of them that is 0 or 1."""
    correlation: Mapping[str, float]
    """Of true and fitted own weights over people, by the names of `PERSONAL`; NaN where nobody differs."""
    possible: Mapping[str, float]
    """The highest correlation that is possible with as many judgements."""
    coverage: Mapping[float, float]
    """Share of true own weights within the central intervals, all names together, by `LEVELS`."""
    coverage_known: Mapping[float, float]
    """The same where people in general are known."""
    coverage_by_name: Mapping[str, tuple[float, ...]]
    """Of the fit, by name."""
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
    progress: Callable[[int], object] | None = None,
) -> Recovery:
    """Simulate a log from the population, fit it, compare; `progress` is that of `simulate`."""
    p = p or Parameters()
    log, own = simulate(population, people, judgements, seed=seed, p=p, progress=progress)
    known = judged(crowd_of(log), p)
    fit, sums = fit_judgements(known), people_of(known)
    mean, variance = _own(sums, fit.population)
    known_mean, known_variance = _own(sums, population)
    sizes = np.sqrt((known.rows**2).mean(axis=0))
    off = fit.population.weights - population.weights
    inside = np.array([_inside(own, mean, variance, level) for level in LEVELS])
    known_inside = np.array([_inside(own, known_mean, known_variance, level) for level in LEVELS])
    limit = np.sqrt(np.maximum(1.0 - known_variance.mean(axis=0) / np.diag(population.spread), 0.0))
    said = known.last + known.change
    return Recovery(
        people,
        len(said),
        float(((said <= 0.0) | (said >= 1.0)).mean()),
        {name: _correlation(own[:, i], mean[:, i]) for i, name in enumerate(PERSONAL)},
        dict(zip(PERSONAL, limit.tolist(), strict=True)),
        dict(zip(LEVELS, inside.mean(axis=(1, 2)).tolist(), strict=True)),
        dict(zip(LEVELS, known_inside.mean(axis=(1, 2)).tolist(), strict=True)),
        {name: tuple(inside[:, :, i].mean(axis=1).tolist()) for i, name in enumerate(PERSONAL)},
        float(np.sqrt(((off * sizes)[sizes > 0.0] ** 2).mean())),
        {name: float(off[i] / fit.errors[i]) for i, name in enumerate(NAMES) if sizes[i] > 0.0},
        fit.population.noise / population.noise,
        fit,
    )


def _own(sums: People, population: Population) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of everyone's own weights, each of shape (people, r)."""
    mean, covariance = own_weights(sums, population)
    return mean, np.diagonal(covariance, axis1=1, axis2=2)


def _inside(true: FloatArray, mean: FloatArray, variance: FloatArray, level: float) -> FloatArray:
    reach = NormalDist().inv_cdf(0.5 + level / 2.0) * np.sqrt(variance)
    return (np.abs(true - mean) <= reach).astype(np.float64)


def _correlation(one: FloatArray, other: FloatArray) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0.0 and other.std() > 0.0 else float("nan")
