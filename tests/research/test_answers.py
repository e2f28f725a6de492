"""How people answer, as it is fitted: what was put in is found, and nobody is forecast worse for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rung.engine.prediction.answers import (
    ANSWERS,
    CUES,
    REPEAT_CUES,
    SHARES,
    AnswerHabits,
    begin,
    follow,
    forecast,
    observe,
    quantiles_of,
    remember,
    repeat_cues,
)
from rung.engine.scales import FloatArray, sigmoid
from rung.research.answers import Answered, fit_answers, forecast_answers

DEFAULT = AnswerHabits()
Choose = Callable[[np.random.Generator, float, float], float]
"""An answer that is no repeat, from the answer before and what is expected."""


def anything(random: np.random.Generator, last: float, mean: float) -> float:
    """Any hundredth near what is expected, but the last."""
    near = np.exp(-0.5 * ((ANSWERS - mean) / 0.15) ** 2) * (np.abs(ANSWERS - last) > 0.004)
    return float(random.choice(ANSWERS, p=near / near.sum()))


def tens(random: np.random.Generator, last: float, mean: float) -> float:
    """As `anything`, with tens as often as six others."""
    near = np.exp(-0.5 * ((ANSWERS - mean) / 0.3) ** 2) * (np.abs(ANSWERS - last) > 0.004)
    near *= np.where(np.arange(101) % 10 == 0, 6.0, 1.0)
    return float(random.choice(ANSWERS, p=near / near.sum()))


def people(
    habits: AnswerHabits, count: int, turns: int, seed: int, choose: Choose = anything
) -> tuple[list[Answered], list[FloatArray]]:
    """People who repeat as the habits say, and the log odds of it; what else they say is drawn."""
    random = np.random.default_rng(seed)
    found, odds = [], []
    for _ in range(count):
        own = math.sqrt(habits.variance) * random.normal()
        state, last = begin(habits), float(random.integers(101)) / 100
        rows, logits = [], []
        for _ in range(turns):
            cues = (random.random(len(CUES)) * random.integers(0, 2, len(CUES))).tolist()
            sd = float(random.uniform(0.05, 0.25))
            mean = float(np.clip(0.3 * 0.5 + 0.7 * last + 0.15 * random.normal(), 0.0, 1.0))
            logit = float(habits.repeat @ np.array(repeat_cues(state, last, mean, sd, cues))) + own
            answer = last if random.random() < sigmoid(logit) else choose(random, last, mean)
            rows.append((last, mean, sd, cues, answer))
            logits.append(logit)
            state, last = remember(state, last, answer), answer
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        found.append(Answered(*columns))
        odds.append(np.array(logits))
    return found, odds


def drawn(habits: AnswerHabits, count: int, turns: int, seed: int) -> list[Answered]:
    """People whose answers are drawn from the very forecasts."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        state, last = begin(habits), float(random.integers(101)) / 100
        rows = []
        for _ in range(turns):
            mean = float(np.clip(0.8 * last + 0.1 + 0.1 * random.normal(), 0.0, 1.0))
            told = forecast(state, last, mean, 0.15, (0.0,) * len(CUES), habits)
            answer = float(random.choice(told.places, p=told.masses))
            rows.append((last, mean, 0.15, [0.0] * len(CUES), answer))
            state = observe(state, *rows[-1], habits)
            last = answer
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        found.append(Answered(*columns))
    return found


def answered(answers: list[float], mean: float | None = None) -> Answered:
    """Somebody of whom the answer before, or `mean`, was expected."""
    last, answer = np.array(answers[:-1]), np.array(answers[1:])
    expected = last if mean is None else np.full(len(last), mean)
    return Answered(last, expected, np.full(len(last), 0.1), np.zeros((len(last), len(CUES))), answer)


def rows_of(person: Answered) -> FloatArray:
    """The cues of a repeat before each answer."""
    state, rows = begin(DEFAULT), []
    for last, mean, sd, cues, answer in zip(*(column.tolist() for column in person), strict=True):
        rows.append(repeat_cues(state, last, mean, sd, cues))
        state = remember(state, last, answer)
    return np.array(rows)


TRUE = AnswerHabits(repeat=DEFAULT.repeat + np.resize([0.4, -0.4, 0.0], len(REPEAT_CUES)), variance=1.0)


# Repeats


def test_the_chance_of_a_repeat_is_found_as_it_was_put_in() -> None:
    known, odds = people(TRUE, count=150, turns=60, seed=0)
    habits = fit_answers(known)
    true, found = [], []
    for person, logits in zip(known, odds, strict=True):
        rows = rows_of(person)
        own = logits - rows @ TRUE.repeat
        true.append(sigmoid(logits))
        found.append(sigmoid(rows @ habits.repeat + own))
    error = np.concatenate(true) - np.concatenate(found)
    assert abs(error.mean()) < 0.03
    assert np.sqrt((error**2).mean()) < 0.04
    assert habits.variance == pytest.approx(TRUE.variance, rel=0.3)


def test_weights_and_variance_are_where_the_fit_has_nothing_more_to_gain() -> None:
    """Given the variance, own intercepts and weights are the likeliest; it is what the intercepts come to."""
    known, _ = people(TRUE, count=30, turns=40, seed=1)
    habits = fit_answers(known)
    rows = [rows_of(person) for person in known]
    repeated = [(person.answer == person.last).astype(np.float64) for person in known]
    pull = -3.0 * (habits.repeat - DEFAULT.repeat)
    squares = 0.0
    for x, y in zip(rows, repeated, strict=True):
        own = 0.0
        for _ in range(50):
            p = sigmoid(x @ habits.repeat + own)
            own += float((y - p).sum() - own / habits.variance) / float(
                (p * (1 - p)).sum() + 1 / habits.variance
            )
        p = sigmoid(x @ habits.repeat + own)
        pull += x.T @ (y - p)
        squares += own**2 + 1.0 / float((p * (1 - p)).sum() + 1.0 / habits.variance)
    np.testing.assert_allclose(pull, 0.0, atol=0.05)
    assert habits.variance == pytest.approx((squares + 0.2 * DEFAULT.variance) / (30 + 0.2), rel=0.02)


def test_people_who_are_alike_have_a_smaller_variance_than_people_who_differ() -> None:
    found = [
        fit_answers(people(TRUE._replace(variance=variance), 60, 40, seed=2)[0]).variance
        for variance in (0.01, 0.5, 3.0)
    ]
    assert found == sorted(found)
    assert found[0] < 0.3
    assert found[2] > 1.5


# Popularity and shares


def test_popular_answers_are_found() -> None:
    known, _ = people(TRUE, count=150, turns=60, seed=3, choose=tens)
    popularity = fit_answers(known).popularity
    others = np.arange(101) % 10 != 0
    assert popularity[~others].min() > popularity[others].max()
    ratio = popularity[~others].mean() / popularity[others].mean()
    assert ratio == pytest.approx(6.0, rel=0.35)


def test_popularity_is_how_often_over_how_often_around_it() -> None:
    known = [answered([0.1, 0.1, 0.5, 0.5, 0.52, 0.9]), answered([0.0, 1.0, 0.285])]
    counts = np.full(101, 0.5)
    for place in (10, 50, 50, 52, 90, 100, 29):
        counts[place] += 1.0
    wanted = []
    for place in range(101):
        kernel = [math.exp(-0.5 * ((place - other) / 8) ** 2) for other in range(101)]
        wanted.append(counts[place] * sum(kernel) / sum(k * c for k, c in zip(kernel, counts, strict=True)))
    np.testing.assert_allclose(fit_answers(known).popularity, wanted)


@pytest.mark.parametrize("kind", ["own", "popular", "near"])
def test_where_answers_come_from_is_found(kind: str) -> None:
    places = [place for place, name in enumerate(SHARES) if name.startswith(kind)]
    shares = np.full(len(SHARES), 0.02)
    shares[places] = 0.9 / len(places)
    popularity = np.where(np.arange(101) % 10 == 0, 12.0, 0.5)
    habits = DEFAULT._replace(shares=shares / shares.sum(), popularity=popularity)
    found = fit_answers(drawn(habits, count=25, turns=80, seed=4))
    others = [float(found.shares[place]) for place in range(len(SHARES)) if place not in places]
    assert found.shares.sum() == pytest.approx(1.0)
    assert found.shares[places].sum() > 0.5
    assert found.shares[places].sum() > 1.5 * max(others)


# Nobody, and odd people


def same(one: AnswerHabits, other: AnswerHabits) -> bool:
    pairs: list[tuple[Any, Any]] = list(zip(one, other, strict=True))
    return all(np.array_equal(a, b) for a, b in pairs)


def test_without_anybody_to_learn_from_habits_are_the_defaults() -> None:
    assert same(fit_answers([]), DEFAULT)
    assert same(fit_answers([answered([0.5]), answered([0.2])]), DEFAULT)


def test_people_who_answered_nothing_change_nothing() -> None:
    known, _ = people(TRUE, count=4, turns=10, seed=5)
    assert same(fit_answers([answered([0.5]), *known]), fit_answers(known))


@pytest.mark.parametrize(
    "told",
    [
        [[0.5] * 40] * 10,
        [[1.0] * 40, [0.0] * 40],
        [[number / 100 for number in range(101)]] * 3,
        [[0.0, 1.0] * 20],
        [[0.3, 0.4]],
        [[2 / 7, 3 / 7, 2 / 7, 2 / 7, 6 / 7] * 5],
    ],
    ids=[
        "one answer",
        "both ends",
        "never again",
        "from end to end",
        "a single answer",
        "off the hundredths",
    ],
)
@pytest.mark.parametrize("mean", [None, 0.5, -3.0])
def test_odd_people_leave_habits_that_can_be_used(told: list[list[float]], mean: float | None) -> None:
    known = [answered(answers, mean) for answers in told]
    habits = fit_answers(known)
    assert np.isfinite(habits.repeat).all()
    assert habits.variance > 0.0
    assert (habits.shares > 0.0).all()
    assert habits.shares.sum() == pytest.approx(1.0)
    assert (habits.popularity > 0.0).all()
    for person in known:
        found = forecast_answers(person, habits)
        assert all(np.isfinite(part).all() for part in found)


def test_the_same_seed_gives_the_same_habits_and_the_order_of_people_hardly_matters() -> None:
    known, _ = people(TRUE, count=20, turns=20, seed=6)
    one = fit_answers(known, seed=3)
    assert same(one, fit_answers(known, seed=3))
    other = fit_answers(known[::-1], seed=3)
    for name in one._fields:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-6, atol=1e-6)


# Forecasts


def test_forecasts_are_those_of_following_the_person() -> None:
    known, _ = people(TRUE, count=1, turns=30, seed=7)
    found = forecast_answers(known[0], TRUE)
    state = begin(TRUE)
    columns = zip(*(column.tolist() for column in known[0]), strict=True)
    for place, (last, mean, sd, cues, answer) in enumerate(columns):
        told, state = follow(state, last, mean, sd, cues, answer, TRUE)
        assert found.mean[place] == told.mean
        assert found.sd[place] == pytest.approx(
            math.sqrt(float(told.masses @ (told.places - told.mean) ** 2))
        )
        quantiles = quantiles_of(told.masses[None], told.places[None], np.array([told.turn]))
        np.testing.assert_allclose(found.quantiles[place], quantiles[0], atol=1e-9)


def test_what_comes_later_changes_no_forecast() -> None:
    known, _ = people(TRUE, count=1, turns=30, seed=8)
    part = Answered(*(column[:12] for column in known[0]))
    whole, some = (forecast_answers(person, TRUE) for person in (known[0], part))
    for ours, theirs in zip(whole, some, strict=True):
        np.testing.assert_array_equal(ours[:12], theirs)


def test_nobody_answering_is_forecast_nothing() -> None:
    found = forecast_answers(answered([0.5]), DEFAULT)
    assert [part.shape for part in found] == [(0,), (0,), (0, 99)]


def surprise(known: list[Answered], habits: AnswerHabits) -> float:
    """Minus the mean log of the mass on what was answered."""
    logs = []
    for person in known:
        state = begin(habits)
        for last, mean, sd, cues, answer in zip(*(column.tolist() for column in person), strict=True):
            told, state = follow(state, last, mean, sd, cues, answer, habits)
            logs.append(math.log(float(told.masses[round(100 * answer)])))
    return -float(np.mean(logs))


def test_others_are_forecast_better_by_what_was_learned() -> None:
    known, _ = people(TRUE, count=60, turns=40, seed=9, choose=tens)
    habits = fit_answers(known[:40])
    assert surprise(known[40:], habits) < surprise(known[40:], DEFAULT) - 0.02


def test_others_of_the_same_habits_are_covered_as_often_as_said() -> None:
    known = drawn(DEFAULT, count=60, turns=50, seed=10)
    habits = fit_answers(known[:30])
    inside = []
    for person in known[30:]:
        found = forecast_answers(person, habits)
        inside.append((found.quantiles[:, 9] <= person.answer) & (person.answer <= found.quantiles[:, 89]))
    assert float(np.concatenate(inside).mean()) == pytest.approx(0.8, abs=0.03)
