"""The theory alone: the filter reads a person's events one by one, and is asked before each.

    judgement   R = sigmoid(z) + noise, cut off at 0 and 1;  z ~ N(mean, variance) of the task's efficacy,
                noise ~ N(0, rating_noise^2 + rating_step^2 / 12)
    choice      the chance of approach; between two tasks, of choosing the first
    attempt     the mean chance of success, over what is not known of its log odds

Nothing is estimated from other people. The density of R is a mixture of Gaussians over the same 81 points of
z as the engine's own readings; to have its quantiles for every row at once, the points are laid onto a
fixed grid of sigmoid(z), whose Gaussians are known (quantiles within .0005 of the exact ones).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rung.engine import Parameters, Person, Task
from rung.engine.dynamics import advance, new_domain
from rung.engine.events import Event
from rung.engine.filtering import observe
from rung.engine.forecasting import chance_of_approach, chance_of_choosing, log_odds_of_success
from rung.engine.observation import expected_chance
from rung.engine.scales import FloatArray, sigmoid
from rung.engine.situation import Situation, meet
from rung.engine.state import DomainState
from rung.research.forecasts import LEVELS, Forecasts
from rung.research.series import TARGETS, Series, Target

__all__ = ["THEORY", "Theory", "rating_forecasts"]

_NODES = np.linspace(-6.0, 6.0, 81)
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()
_CHANCES = 200
"""Cells of the grid of sigmoid(z)."""
_RATINGS = np.linspace(0.0, 1.0, 201)
_ROWS = 4096
"""Rows worked on at a time, to bound memory."""


class _Answers(NamedTuple):
    """What the engine said of the scored rows of one target, in their order."""

    means: list[float]
    """Of z for judgements; chances for the others."""
    variances: list[float]


@dataclass(slots=True)
class Theory:
    """The engine with some parameters, the defaults unless others are given."""

    parameters: Parameters = field(default_factory=Parameters)
    name: str = "Rung (theory alone)"
    source: str = (
        "the filter of belief and ability that the app shows, nothing learned from people (docs/model.md)"
    )
    targets: tuple[Target, ...] = TARGETS
    needs_training: bool = False
    _last: tuple[Series, dict[Target, _Answers]] | None = field(default=None, init=False, repr=False)

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> Theory:
        """Nothing to estimate."""
        return self

    def predict(self, series: Series, target: Target) -> Forecasts:
        """Forecast the scored rows; one pass serves the targets of a person that are asked for in turn."""
        if self._last is None or self._last[0] is not series:
            self._last = series, _answers(series, self.parameters)
        means, variances = map(np.array, self._last[1][target])
        if target == "judgement":
            return rating_forecasts(means, variances, self.parameters)
        return Forecasts(means, np.zeros(len(means)), np.empty((len(means), 0)))


THEORY = Theory()


def _answers(series: Series, p: Parameters) -> dict[Target, _Answers]:
    answers = {target: _Answers([], []) for target in TARGETS}
    scored = {place: answers[target] for target in TARGETS for place in series.scored(target)}
    person = Person()
    for place, event in enumerate(series.events):
        if place in scored:
            mean, variance = _answer(person, series.asked(place), p)
            scored[place].means.append(mean)
            scored[place].variances.append(variance)
        person = observe(person, event, p)
    return answers


def _answer(person: Person, asked: Event, p: Parameters) -> tuple[float, float]:
    if asked.kind == "choice":
        return _chance_of_choice(person, asked, p), 0.0
    state, met = _met(person, asked, p)
    if asked.kind == "judgement":
        return met.mean, met.variance
    return expected_chance(*log_odds_of_success(state, met, p)), 0.0


def _met(person: Person, asked: Event, p: Parameters) -> tuple[DomainState, Situation]:
    state = person.domains.get(asked.domain)
    state = new_domain(asked.time, p) if state is None else advance(state, asked.time, p)
    return meet(state, Task(asked.domain, asked.task, asked.difficulty), p)


def _chance_of_choice(person: Person, asked: Event, p: Parameters) -> float:
    other = asked.versus
    if other is None:
        task = Task(asked.domain, asked.task, asked.difficulty)
        return chance_of_approach(person, task, asked.time, p).mean
    one, two = (_as_seen(person, asked.domain, name) for name in (asked.task, other))
    return chance_of_choosing(person, one, two, asked.time, p)


def _as_seen(person: Person, domain: str, name: str) -> Task:
    """The task with the difficulty that it last had."""
    state = person.domains.get(domain)
    known = [record.difficulty for record in state.tasks if record.name == name] if state else []
    return Task(domain, name, known[0] if known else None)


def rating_forecasts(means: FloatArray, variances: FloatArray, p: Parameters) -> Forecasts:
    """Forecasts of ratings whose log odds are N(mean, variance), each of shape (n,)."""
    parts = [
        _rating_forecasts(means[start : start + _ROWS], variances[start : start + _ROWS], p)
        for start in range(0, len(means), _ROWS)
    ]
    if not parts:
        return Forecasts(np.empty(0), np.empty(0), np.empty((0, len(LEVELS))))
    return Forecasts(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _rating_forecasts(means: FloatArray, variances: FloatArray, p: Parameters) -> Forecasts:
    noise = math.sqrt(p.rating_noise**2 + p.rating_step**2 / 12.0)
    below = _laid_out(sigmoid(means[:, None] + np.sqrt(variances)[:, None] * _NODES)) @ _gaussians(noise)
    step = float(_RATINGS[1])
    # E R = int 1 - F and E R^2 = int 2 r (1 - F), by the trapezoidal rule
    above = 1.0 - below
    above[:, [0, -1]] /= 2.0
    mean = step * above.sum(axis=1)
    square = step * (above @ (2.0 * _RATINGS))
    quantiles = np.array([np.interp(LEVELS, row, _RATINGS) for row in below])
    return Forecasts(np.clip(mean, 0.0, 1.0), np.sqrt(np.maximum(square - mean**2, 0.0)), quantiles)


def _laid_out(chances: FloatArray) -> FloatArray:
    """The weights of the nodes, shared out between the two nearest points of the grid of chances."""
    rows = len(chances)
    exact = chances * _CHANCES
    low = np.minimum(exact.astype(np.intp), _CHANCES - 1)
    share = exact - low
    places = low + (_CHANCES + 1) * np.arange(rows)[:, None]
    size = rows * (_CHANCES + 1)
    laid: FloatArray = np.zeros(size)
    laid += np.bincount(places.ravel(), (_WEIGHTS * (1.0 - share)).ravel(), size)
    laid += np.bincount(places.ravel() + 1, (_WEIGHTS * share).ravel(), size)
    return laid.reshape(rows, _CHANCES + 1)


@lru_cache(maxsize=8)
def _gaussians(noise: float) -> FloatArray:
    """Chance that a rating is at most r (columns) where sigmoid(z) is c (rows)."""
    chances = np.linspace(0.0, 1.0, _CHANCES + 1)
    z = (_RATINGS - chances[:, None]) / (noise * math.sqrt(2.0))
    errors: FloatArray = np.vectorize(math.erf, otypes=[np.float64])(z)
    return 0.5 + 0.5 * errors
