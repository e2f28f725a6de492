"""How people answer, learned from some of them, and what that makes of a regression's forecasts.

The chance of a repeat is a logistic regression with an intercept of one's own,

    logit r = b . cues + a,   a ~ N(0, v) by person,   b ~ N(default, 1 / 3)

fitted by Newton's method on b and all a together, v by the mean of a^2 plus what is not known of a (Breslow &
Clayton 1993, J Am Stat Assoc 88:9). The popularity of a hundredth is how often it was answered over how often
those around it were. The shares are found by passing over some people with the engine's own `answers` (EM).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.answers import (
    ANSWERS,
    REPEAT_CUES,
    SHARES,
    AnswerHabits,
    Respondent,
    begin,
    follow,
    observe,
    place_of,
    quantiles_of,
    remember,
    repeat_cues,
    responsibilities,
)
from rung.engine.prediction.crowd import Judged
from rung.engine.prediction.rows import CUE_PLACES
from rung.engine.scales import FloatArray, sigmoid

__all__ = ["AnswerForecasts", "Answered", "answered_of", "fit_answers", "forecast_answers"]

_RIDGE = 3.0
_ROUNDS = 25
_FEW = 0.2
"""People that the default variance counts as."""
_ENOUGH = 5_000
"""Judgements from which shares are learned."""
_PASSES = 2
_AROUND = 0.08
"""Sd of what counts as around an answer; as the numbers above, chosen on the development logs."""


class Answered(NamedTuple):
    """What one person answered, but for the first answer of each domain, and what a regression expected."""

    last: FloatArray
    """The answer before in the same domain, shape (n,), as all but the cues."""
    mean: FloatArray
    sd: FloatArray
    cues: FloatArray
    """`rung.engine.prediction.answers.CUES`, shape (n, 6)."""
    answer: FloatArray


def answered_of(known: Judged, means: FloatArray, sds: FloatArray) -> Answered:
    """What one person answered, by the evidence before it and the change that is expected of it."""
    cues = np.abs(known.rows[:, CUE_PLACES])
    return Answered(known.last, known.last + means, sds, cues, known.last + known.change)


class AnswerForecasts(NamedTuple):
    """Forecasts of the answers of one person."""

    mean: FloatArray
    """Shape (n,)."""
    sd: FloatArray
    """Shape (n,)."""
    quantiles: FloatArray
    """Shape (n, 99)."""


def fit_answers(people: Sequence[Answered], seed: int = 0) -> AnswerHabits:
    """Learn how people answer; without any people, the defaults."""
    people = [person for person in people if len(person.answer)]
    if not people:
        return AnswerHabits()
    repeat, variance = _fit_repeats(people)
    popularity = _popularity(np.concatenate([person.answer for person in people]))
    return _fit_shares(people, AnswerHabits(repeat=repeat, variance=variance, popularity=popularity), seed)


def forecast_answers(person: Answered, habits: AnswerHabits) -> AnswerForecasts:
    """Forecast every answer of a person from those before it."""
    state, told = begin(habits), []
    for last, mean, sd, cues, answer in _rows(person):
        answer_told, state = follow(state, last, mean, sd, cues, answer, habits)
        told.append(answer_told)
    masses = np.array([one.masses for one in told]).reshape(-1, 101)
    places = np.array([one.places for one in told]).reshape(-1, 101)
    means = np.array([one.mean for one in told])
    variances = np.sum(masses * (places - means[:, None]) ** 2, axis=1)
    turns = np.array([one.turn for one in told])
    return AnswerForecasts(means, np.sqrt(variances), quantiles_of(masses, places, turns))


def _rows(person: Answered) -> Iterable[tuple[float, float, float, list[float], float]]:
    return zip(*(column.tolist() for column in person), strict=True)


def _fit_repeats(people: Sequence[Answered]) -> tuple[FloatArray, float]:
    """Weights of the cues of a repeat, and the variance of the personal intercept."""
    rows = np.array([row for person in people for row in _repeat_rows(person)])
    repeated = np.concatenate([person.answer == person.last for person in people]).astype(np.float64)
    who = np.repeat(np.arange(len(people)), [len(person.answer) for person in people])

    def by_person(values: FloatArray) -> FloatArray:
        return np.bincount(who, values, len(people)).astype(np.float64)

    default = AnswerHabits()
    weights, variance = default.repeat.copy(), default.variance
    own = np.zeros(len(people))
    for _ in range(_ROUNDS):
        chance = sigmoid(rows @ weights + own[who])
        slope = chance * (1.0 - chance) + 1e-6
        own_slope = by_person(slope) + 1.0 / variance
        own_pull = by_person(repeated - chance) - own / variance
        shared = np.stack([by_person(slope * column) for column in rows.T])
        curvature = (rows * slope[:, None]).T @ rows + _RIDGE * np.eye(len(REPEAT_CUES))
        pull = rows.T @ (repeated - chance) - _RIDGE * (weights - default.repeat)
        step = np.linalg.solve(
            curvature - (shared / own_slope) @ shared.T, pull - shared @ (own_pull / own_slope)
        )
        weights = weights + step
        own = own + (own_pull - shared.T @ step) / own_slope
        squares = float(np.sum(own**2 + 1.0 / own_slope))
        variance = (squares + _FEW * default.variance) / (len(people) + _FEW)
    return weights, variance


def _repeat_rows(person: Answered) -> Iterable[tuple[float, ...]]:
    state = begin(AnswerHabits())
    for last, mean, sd, cues, answer in _rows(person):
        yield repeat_cues(state, last, mean, sd, cues)
        state = remember(state, last, answer)


def _popularity(answers: FloatArray) -> FloatArray:
    """How often each hundredth is answered, relative to those around it."""
    places: NDArray[np.intp] = np.array([place_of(answer) for answer in answers.tolist()])
    counts = np.bincount(places, minlength=101) + 0.5
    around = np.exp(-0.5 * (np.subtract.outer(ANSWERS, ANSWERS) / _AROUND) ** 2)
    popularity: FloatArray = counts * around.sum(axis=1) / (around @ counts)
    return popularity


def _fit_shares(people: Sequence[Answered], habits: AnswerHabits, seed: int) -> AnswerHabits:
    """The habits with shares as some people, drawn by the seed, have them."""
    chosen, judgements = [], 0
    for place in np.random.default_rng(seed).permutation(len(people)):
        if judgements >= _ENOUGH:
            break
        chosen.append(people[place])
        judgements += len(people[place].answer)
    habits = habits._replace(shares=np.full(len(SHARES), 1.0 / len(SHARES)))
    for _ in range(_PASSES):
        found = np.ones(len(SHARES))
        for person in chosen:
            found += _answers_by_share(person, habits, begin(habits))
        habits = habits._replace(shares=found / found.sum())
    return habits


def _answers_by_share(person: Answered, habits: AnswerHabits, state: Respondent) -> FloatArray:
    found = np.zeros(len(SHARES))
    for last, mean, sd, cues, answer in _rows(person):
        if answer != last:
            found += responsibilities(state, last, mean, sd, cues, answer, habits)
        state = observe(state, last, mean, sd, cues, answer, habits)
    return found
