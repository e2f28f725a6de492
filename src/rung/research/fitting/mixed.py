"""The mixed model of judgements, fitted by exact marginal likelihood (empirical Bayes).

    d_i = F_i w + Z_i b_i + e,   b_i ~ N(0, V),   e ~ N(0, s^2),   W_i = s^2 I + Z_i V Z_i'

The personal parts b_i are integrated out, so that a person with few judgements counts for little. One step
is that of ECM (Meng & Rubin 1993, 10.1093/biomet/80.2.267; Laird & Ware 1982, 10.2307/2529876):

    w  <- (sum F' W^-1 F + R)^-1 (sum F' W^-1 d + R w0)
    V  <- (sum E[b b'] + 10 V0) / (n + 10)
    s^2 <- sum E|d - F w - Z b|^2 / N

R is a ridge that draws weights to those of theory (`PRIOR`), equal in units of the numbers' own sizes, and
its strength is learned too (MacKay 1992, 10.1162/neco.1992.4.3.415). Every step needs only `Totals`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.habits import Population
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.fitting.sums import OWN, People, Totals

__all__ = [
    "PRIOR",
    "PRIOR_PEOPLE",
    "PRIOR_SPREAD",
    "SMALLEST",
    "Fit",
    "Guess",
    "fit",
    "own_weights",
    "totals",
]

PRIOR: FloatArray = np.array([1.0 if name in ("borrowed", "body") else 0.0 for name in NAMES])
"""Weights that theory gives: what models, assurances and bodily states are expected to change."""
PRIOR_PEOPLE = 10.0
"""People that the prior of the personal parts counts for."""
PRIOR_SPREAD = 0.02
"""Their sd, in units of the rating at a number's own size; both chosen on the development logs."""
SMALLEST = 0.05
"""Sizes count as at least this, so that a number that hardly moves is not blown up."""
_STARTS = (0.01, 0.1, 0.001)
_FIRST, _CYCLES = 3, 40
"""Cycles of two steps and a reach, from each start and then from the best."""
_FURTHEST = 16.0
"""Times a step that one reach goes at most."""
_TOLERANCE = 1e-5
_LEAST = 1e-6
_LOG_SPREAD = (-25.0, 5.0)
"""Logarithms of what a reach may make of a spread."""
_RIDGE_WITHIN = (1.0, 1e5)

Step = Callable[["Guess"], Totals]


class Guess(NamedTuple):
    """Where a fit stands."""

    weights: FloatArray
    spread: FloatArray
    noise: float
    ridge: float
    """Precision of a weight in units of its number's size, beside the noise."""


class Fit(NamedTuple):
    """A fitted population, with how well it is known."""

    population: Population
    errors: FloatArray
    """Standard errors of the weights, shape (k,)."""
    spread_errors: FloatArray
    """Of the variances of the personal parts, shape (r,)."""
    noise_error: float
    log_likelihood: float
    """Marginal, of all changes."""
    steps: int
    converged: bool
    starts: tuple[float, ...]
    """Log likelihood after the first steps from each start."""
    people: int
    judgements: int


def totals(people: People, guess: Guess) -> Totals:
    """The sums that a step needs of these people."""
    s2, r = guess.noise, len(OWN)
    own_grams = people.grams[:, :, OWN]
    precision = np.linalg.inv(guess.spread)
    inner = own_grams / s2 + precision
    covariance = np.linalg.inv(inner)
    left = people.cross - people.grams @ guess.weights
    own = (covariance @ left[..., None])[..., 0] / s2
    n, _, k = people.grams.shape
    # Stacked over people, so that the largest sums are products of two matrices.
    stacked, solved = people.grams.reshape(n * r, k), (covariance @ people.grams).reshape(n * r, k)
    information = people.total / s2 - stacked.T @ solved / s2**2
    score = people.total_cross / s2 - solved.T @ people.cross.reshape(n * r) / s2**2
    w = guess.weights
    residual = people.squares - 2.0 * w @ people.total_cross + w @ people.total @ w
    errors = residual - 2.0 * np.einsum("ni,ni->", own, left)
    errors += np.einsum("ni,nij,nj->", own, own_grams, own) + np.einsum("nij,nji->", own_grams, covariance)
    log_det = float(np.linalg.slogdet(inner)[1].sum()) + n * float(np.linalg.slogdet(guess.spread)[1])
    quadratic = residual / s2 - np.einsum("ni,ni->", own, left) / s2
    likelihood = -0.5 * (people.judgements * np.log(2.0 * np.pi * s2) + log_det + quadratic)
    within = own_grams / s2 - own_grams @ covariance @ own_grams / s2**2
    return Totals(
        information,
        score,
        covariance.sum(axis=0) + own.T @ own if n else np.zeros((r, r)),
        float(errors),
        float(likelihood),
        (within**2).sum(axis=0),
        n,
        people.judgements,
    )


def fit(step: Step, sizes: FloatArray, square: float) -> Fit:
    """The population of greatest marginal likelihood: a few steps from each start, then on from the best.

    `step` gives the totals over all people at a guess; `sizes` are the root mean squares of the numbers of
    a row, shape (k,), and `square` the mean square of the changes.
    """
    scale = np.maximum(sizes, SMALLEST)
    unit = np.diag(scale[OWN] ** -2.0)

    def climb(guess: Guess, now: Totals, cycles: int) -> tuple[Guess, Totals, int, bool]:
        for cycle in range(1, cycles + 1):
            before, way = now.log_likelihood, [guess]
            for _ in range(2):
                guess = _next(guess, now, scale, sizes > 0.0, PRIOR_SPREAD**2 * unit)
                now = step(guess)
                way.append(guess)
            further = _further(*way)
            reached = step(further)
            if reached.log_likelihood > now.log_likelihood:
                guess, now = further, reached
            if abs(now.log_likelihood - before) <= _TOLERANCE * abs(now.log_likelihood):
                return guess, now, 3 * cycle, True
        return guess, now, 3 * cycles, False

    found = []
    for start in _STARTS:
        guess = Guess(PRIOR.copy(), start * unit, max(square, _LEAST), 100.0)
        now = step(guess)
        if not now.judgements:
            return _fit(guess, now, scale, 0, True, ())
        found.append(climb(guess, now, _FIRST))
    guess, now, steps, converged = max(found, key=lambda one: one[1].log_likelihood)
    reached = tuple(one[1].log_likelihood for one in found)
    if not converged:
        guess, now, more, converged = climb(guess, now, _CYCLES)
        steps += more
    return _fit(guess, now, scale, steps, converged, reached)


def _fit(
    guess: Guess, now: Totals, scale: FloatArray, steps: int, converged: bool, starts: tuple[float, ...]
) -> Fit:
    known = now.information + np.diag(guess.ridge / guess.noise * scale**2)
    curvature = np.maximum(np.diag(now.curvature) / 2.0, _LEAST)
    return Fit(
        Population(guess.weights, guess.spread, guess.noise),
        np.sqrt(np.diag(np.linalg.inv(known))),
        curvature**-0.5,
        guess.noise * (2.0 / max(now.judgements, 1)) ** 0.5,
        now.log_likelihood,
        steps,
        converged,
        starts,
        now.people,
        now.judgements,
    )


def _next(guess: Guess, now: Totals, scale: FloatArray, told: NDArray[np.bool_], prior: FloatArray) -> Guess:
    """One step up. Weights of numbers that the log does not have (not `told`) say nothing of the ridge."""
    ridge = guess.ridge / guess.noise * scale**2
    unsure = np.linalg.inv(now.information + np.diag(ridge))
    weights = unsure @ (now.score + ridge * PRIOR)
    size = ((weights - PRIOR) ** 2 + np.diag(unsure)) * scale**2
    noise = max(now.errors / now.judgements, _LEAST)
    return Guess(
        weights,
        (now.spread + PRIOR_PEOPLE * prior) / (now.people + PRIOR_PEOPLE),
        noise,
        float(np.clip(noise / max(float(size[told].mean()), _LEAST**2), *_RIDGE_WITHIN)),
    )


def _further(guess: Guess, first: Guess, second: Guess) -> Guess:
    """Further along the way of two steps, the further the straighter it was; `second` where none is known.

    (Varadhan & Roland 2008, 10.1111/j.1467-9469.2007.00585.x.) Spreads go by the logarithms of matrices, so
    that they stay spreads.
    """
    way = [
        np.concatenate([one.weights, _log(one.spread).ravel(), [np.log(one.noise)]])
        for one in (guess, first, second)
    ]
    pace = way[1] - way[0]
    turn = way[2] - way[1] - pace
    size = float(np.linalg.norm(turn))
    reach = min(max(float(np.linalg.norm(pace)) / size, 1.0), _FURTHEST) if size > 0.0 else 1.0
    weights, spread, noise = np.split(way[0] + 2.0 * reach * pace + reach**2 * turn, [len(guess.weights), -1])
    sizes, axes = np.linalg.eigh(spread.reshape(guess.spread.shape))
    return second._replace(
        weights=weights,
        spread=(axes * np.exp(np.clip(sizes, *_LOG_SPREAD))) @ axes.T,
        noise=max(float(np.exp(noise[0])), _LEAST),
    )


def _log(spread: FloatArray) -> FloatArray:
    sizes, axes = np.linalg.eigh(spread)
    logarithm: FloatArray = (axes * np.log(np.maximum(sizes, 1e-300))) @ axes.T
    return logarithm


def own_weights(people: People, population: Population) -> tuple[FloatArray, FloatArray]:
    """Mean, shape (n, r), and covariance, shape (n, r, r), of each one's own parts, given all they said."""
    inner = people.grams[:, :, OWN] / population.noise + np.linalg.inv(population.spread)
    covariance = np.linalg.inv(inner)
    left = people.cross - people.grams @ population.weights
    return np.einsum("nij,nj->ni", covariance, left) / population.noise, covariance
