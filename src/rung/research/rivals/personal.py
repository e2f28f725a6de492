"""AR + evidence with coefficients and noise of one's own, learned online; and one that expects repeats.

    y - x = b_i . evidence + e,   b_i ~ N(m, S),   e ~ N(0, s^2)

m, S and s^2 by EM on the training people (Laird & Ware 1982, Biometrics 38:963). A person starts at N(m, S)
and b_i is updated after each judgement (Bayes). Noise too is one's own: the predictive variance is multiplied
by (4 + sum z^2) / (4 + n) over the n standardised errors z of the person so far.

Many judgements only repeat the one before. The second model says so:

    P(y = x) = sigmoid(a_i - z_x^2 / 2),  z_x = (x - mean) / sd  kept within 3

with a_i learned online by logistic regression from the training people's rate: the further the regression is
from the last answer, the rarer the repeat. The rest of the chance is a Gaussian of the same sd, placed so
that the mean of the whole stays that of the regression.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import LEVELS, Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.evidence import SIZE, Evidence, evidence_of
from rung.research.rivals.plain import joined
from rung.research.rivals.regression import RIDGE
from rung.research.rivals.spread import gaussian
from rung.research.series import Series, Target

__all__ = ["PERSONAL", "PERSONAL_REPEATS", "Population", "by_em", "online", "with_point_mass"]

_ROUNDS = 60
"""Rounds of EM: far more than any of the logs needs for three digits."""
_GRAIN = 1e-4
"""Variance that is added to the population's, as of one person more."""
_NOISE_WEIGHT = 4.0
"""Judgements that the common noise counts for in a person's own."""
_FURTHEST = 3.0
_MOST = 0.9
"""Share of a point mass up to which the mean is kept by moving the rest."""
_Z: FloatArray = np.linspace(-5.0, 5.0, 2001)
_BELOW: FloatArray = np.array([NormalDist().cdf(z) for z in _Z])


class Population(NamedTuple):
    """What people have in common: b_i ~ N(mean, covariance), and the variance of the noise."""

    mean: FloatArray
    covariance: FloatArray
    noise: float


def by_em(rows: Sequence[FloatArray], changes: Sequence[FloatArray], size: int) -> Population:
    """The population by EM, from each person's rows, shape (n, size), and changes, shape (n,)."""
    if not sum(change.size for change in changes):
        return Population(np.zeros(size), 0.01 * np.eye(size), 0.01)
    grams = np.array([own.T @ own for own in rows])
    cross = np.array([own.T @ change for own, change in zip(rows, changes, strict=True)])
    squares = np.array([change @ change for change in changes])
    count = float(sum(change.size for change in changes))
    mean = np.linalg.solve(grams.sum(axis=0) + RIDGE * np.eye(size), cross.sum(axis=0))
    noise = (squares.sum() - 2.0 * mean @ cross.sum(axis=0) + mean @ grams.sum(axis=0) @ mean) / count
    population = Population(mean, 0.01 * np.eye(size), max(float(noise), 1e-6))
    for _ in range(_ROUNDS):
        population = _round(population, grams, cross, squares, count)
    return population


def _round(
    p: Population, grams: FloatArray, cross: FloatArray, squares: FloatArray, count: float
) -> Population:
    """One round of EM: everyone's coefficients given the population, and the population given those."""
    precision = np.linalg.inv(p.covariance)
    spread = np.linalg.inv(grams / p.noise + precision)
    own = np.einsum("nij,nj->ni", spread, cross / p.noise + precision @ p.mean)
    mean = own.mean(axis=0)
    apart = own - mean
    total = spread.sum(axis=0) + apart.T @ apart + _GRAIN * np.eye(mean.size)
    errors = squares - 2.0 * (own * cross).sum(axis=1) + np.einsum("ni,nij,nj->n", own, grams, own)
    errors += np.einsum("nij,nji->n", grams, spread)
    return Population(mean, total / (len(grams) + 1), max(float(errors.sum()) / count, 1e-6))


def online(rows: FloatArray, changes: FloatArray, population: Population) -> tuple[FloatArray, FloatArray]:
    """Mean and sd of each change before it is seen, learning the person's coefficients and noise."""
    b, spread = population.mean.copy(), population.covariance.copy()
    means, sds = np.empty(len(changes)), np.empty(len(changes))
    squares = weight = _NOISE_WEIGHT
    for number, (row, change) in enumerate(zip(rows, changes.tolist(), strict=True)):
        along = spread @ row
        variance = max(float(row @ along), 0.0) + population.noise
        mean = float(row @ b)
        means[number], sds[number] = mean, math.sqrt(variance * squares / weight)
        error = change - mean
        b += along * (error / variance)
        spread -= np.multiply.outer(along, along / variance)
        squares += error * error / variance
        weight += 1.0
    return means, sds


def _population(training: Sequence[Series]) -> Population:
    known = [evidence_of(series) for series in training]
    return by_em([one.rows for one in known], [one.change for one in known], SIZE)


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    population = _population(training)

    def forecast(series: Series) -> Forecasts:
        evidence = evidence_of(series)
        means, sds = online(evidence.rows, evidence.change, population)
        return gaussian(evidence.last + means, sds)

    return Predictor(forecast)


def _fit_repeats(training: Sequence[Series], target: Target, seed: int) -> Model:
    population = _population(training)
    repeats = joined(evidence_of(series).change == 0.0 for series in training)
    log_odds = math.log((repeats.sum() + 1.0) / ((1.0 - repeats).sum() + 1.0))

    def forecast(series: Series) -> Forecasts:
        evidence = evidence_of(series)
        means, sds = online(evidence.rows, evidence.change, population)
        share = _repeats(evidence, means, sds, log_odds)
        return with_point_mass(evidence.last + means, sds, evidence.last, share)

    return Predictor(forecast)


def _repeats(evidence: Evidence, means: FloatArray, sds: FloatArray, log_odds: float) -> FloatArray:
    """Chance of the same answer as before, before it is seen; `log_odds` counts as two answers at 1/2."""
    share = np.empty(len(means))
    strength = 0.5
    away = np.minimum(np.abs(means / sds), _FURTHEST) ** 2 / 2.0
    for number, (z, change) in enumerate(zip(away.tolist(), evidence.change.tolist(), strict=True)):
        chance = 1.0 / (1.0 + math.exp(z - log_odds))
        share[number] = chance
        strength += chance * (1.0 - chance)
        log_odds += (float(change == 0.0) - chance) / strength
    return np.clip(share, 0.005, 0.95)


def with_point_mass(mean: FloatArray, sd: FloatArray, point: FloatArray, share: FloatArray) -> Forecasts:
    """`share` of the chance at a point, the rest a Gaussian, together with this mean."""
    moved = np.minimum(share, _MOST)
    rest = mean + (mean - point) * moved / (1.0 - moved)
    whole = share * point + (1.0 - share) * np.clip(rest, 0.0, 1.0)
    variance = share * (point - whole) ** 2 + (1.0 - share) * (sd**2 + (rest - whole) ** 2)
    low = (1.0 - share) * np.interp((point - rest) / sd, _Z, _BELOW)
    high = low + share
    level = np.broadcast_to(LEVELS, (len(mean), len(LEVELS)))
    below, above = level < low[:, None], level > high[:, None]
    level = np.where(above, level - share[:, None], level) / (1.0 - share[:, None])
    spread = rest[:, None] + sd[:, None] * np.interp(np.clip(level, 0.0, 1.0), _BELOW, _Z)
    quantiles = np.clip(np.where(below | above, spread, point[:, None]), 0.0, 1.0)
    # The Gaussian's quantiles come from a table: its last digits must not cross the point.
    return Forecasts(whole, np.sqrt(variance), np.maximum.accumulate(quantiles, axis=1))


PERSONAL = Entry(
    "AR + evidence, personal",
    "regression with coefficients of one's own: Laird & Ware 1982, 10.2307/2529876",
    ("judgement",),
    _fit,
)
PERSONAL_REPEATS = Entry(
    "AR + evidence, personal, repeats",
    "the same, with a point mass on the answer before",
    ("judgement",),
    _fit_repeats,
)
