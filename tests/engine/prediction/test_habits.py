"""Habits of judging: the closed form of a Bayesian regression, and what is found of a person."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.engine.prediction.habits import OWN, PERSONAL, Habits, Population, begun, expected, learned
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray

SIZE = len(NAMES)
R = len(PERSONAL)
seeds = st.integers(0, 10_000)


def population(seed: int = 0, drift: float = 0.0, noise_memory: float = 1.0) -> Population:
    """Some weights for every number, and people who differ in ways that go together."""
    random = np.random.default_rng(seed)
    root = 0.2 * random.normal(size=(R, R))
    weights, spread = 0.2 * random.normal(size=SIZE), root @ root.T + 0.001 * np.eye(R)
    return Population(weights, spread, 0.02, drift, noise_memory=noise_memory)


def a_life(
    seed: int, count: int, known: Population, own: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Rows of evidence and the changes that somebody with these own weights made, noise and all."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, SIZE))
    mine = random.multivariate_normal(np.zeros(R), known.spread) if own is None else own
    changes = rows @ known.weights + rows[:, OWN] @ mine + math.sqrt(known.noise) * random.normal(size=count)
    return rows, changes


def follow(known: Population, rows: FloatArray, changes: FloatArray) -> tuple[Habits, FloatArray, FloatArray]:
    """Habits after all changes, with the mean and sd of each beforehand."""
    habits = begun(known)
    means, sds = [], []
    for row, change in zip(rows, changes.tolist(), strict=True):
        told = expected(habits, row, known)
        means.append(float(told.mean))
        sds.append(float(told.sd))
        habits = learned(habits, told, change, known)
    return habits, np.array(means), np.array(sds)


# The closed form


@settings(max_examples=50)
@given(seeds, st.integers(1, 40))
def test_without_drift_habits_are_the_posterior_of_a_bayesian_regression(seed: int, count: int) -> None:
    known = population(seed)
    rows, changes = a_life(seed, count, known)
    habits, _, _ = follow(known, rows, changes)
    z = rows[:, OWN]
    precision = z.T @ z / known.noise + np.linalg.inv(known.spread)
    covariance = np.linalg.inv(precision)
    own = covariance @ z.T @ (changes - rows @ known.weights) / known.noise
    np.testing.assert_allclose(habits.own, own, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(habits.covariance, covariance, rtol=1e-6, atol=1e-8)


@settings(max_examples=50)
@given(seeds, st.integers(1, 30))
def test_each_forecast_is_the_conditional_of_the_joint_gaussian_of_all_changes(seed: int, count: int) -> None:
    known = population(seed)
    rows, changes = a_life(seed, count, known)
    joint = rows[:, OWN] @ known.spread @ rows[:, OWN].T + known.noise * np.eye(count)
    centre = rows @ known.weights
    habits = begun(known)
    for place in range(count):
        told = expected(habits, rows[place], known)
        across = np.linalg.solve(joint[:place, :place], joint[:place, place])
        mean = centre[place] + across @ (changes[:place] - centre[:place])
        variance = joint[place, place] - across @ joint[:place, place]
        assert float(told.mean) == pytest.approx(mean, abs=1e-8)
        assert float(told.variance) == pytest.approx(variance, rel=1e-6)
        habits = learned(habits, told, float(changes[place]), known)


@settings(max_examples=50)
@given(seeds, st.integers(1, 20), st.floats(0.001, 0.2))
def test_with_drift_habits_are_those_of_weights_that_wander(seed: int, count: int, drift: float) -> None:
    """Brute force: the joint Gaussian of the own weights at every judgement and of all changes."""
    known = population(seed, drift)
    rows, changes = a_life(seed, count, known)
    z = rows[:, OWN]
    steps = np.arange(count)
    shared = 1.0 + drift * np.minimum(steps[:, None], steps[None, :])
    joint = shared * (z @ known.spread @ z.T) + known.noise * np.eye(count)
    across = (1.0 + drift * steps)[None, :] * (known.spread @ z.T)
    left = changes - rows @ known.weights
    own = across @ np.linalg.solve(joint, left)
    covariance = known.spread * (1.0 + drift * count) - across @ np.linalg.solve(joint, across.T)
    habits, _, _ = follow(known, rows, changes)
    np.testing.assert_allclose(habits.own, own, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(habits.covariance, covariance, rtol=1e-6, atol=1e-8)


@settings(max_examples=50)
@given(seeds, st.integers(1, 40), st.floats(0.5, 1.0))
def test_the_noise_of_a_person_is_what_their_errors_were_the_newest_counting_most(
    seed: int, count: int, memory: float
) -> None:
    known = population(seed, 0.01, memory)
    rows, changes = a_life(seed, count, known)
    habits = begun(known)
    squares: list[float] = []
    for row, change in zip(rows, changes.tolist(), strict=True):
        told = expected(habits, row, known)
        age = memory ** np.arange(len(squares))[::-1]
        share = (known.noise_weight + age @ squares) / (known.noise_weight + age.sum())
        assert float(told.sd) ** 2 == pytest.approx(float(told.variance) * float(share))
        squares.append(float((change - told.mean) ** 2 / told.variance))
        habits = learned(habits, told, change, known)


def test_at_first_everybody_is_expected_to_be_like_the_others() -> None:
    known = population()
    row = np.random.default_rng(1).normal(size=SIZE)
    told = expected(begun(known), row, known)
    assert float(told.mean) == pytest.approx(float(row @ known.weights))
    assert float(told.sd) ** 2 == pytest.approx(float(row[OWN] @ known.spread @ row[OWN]) + known.noise)


# What is found


@pytest.mark.parametrize("name", PERSONAL)
def test_a_person_with_an_unusual_weight_is_found(name: str) -> None:
    known = Population(np.zeros(SIZE), 0.04 * np.eye(R), 0.01, 0.0)
    own = np.zeros(R)
    place = PERSONAL.index(name)
    own[place] = 0.7
    rows, changes = a_life(2, 150, known, own)
    habits, means, _ = follow(known, rows, changes)
    sd = np.sqrt(np.diagonal(habits.covariance))
    assert (np.abs(habits.own - own) < 4.0 * sd).all()
    assert habits.own[place] == pytest.approx(0.7, abs=0.05)
    plain = changes - rows @ known.weights
    assert ((changes - means)[75:] ** 2).mean() < 0.1 * (plain[75:] ** 2).mean()


def test_habits_follow_a_person_who_changes_where_weights_may_wander() -> None:
    off = []
    for drift in (0.0, 0.02):
        known = Population(np.zeros(SIZE), 0.04 * np.eye(R), 0.01, drift)
        before, after = np.zeros(R), np.zeros(R)
        before[0], after[0] = 0.6, -0.6
        one, other = a_life(3, 150, known, before), a_life(4, 60, known, after)
        habits, _, _ = follow(known, np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]]))
        off.append(abs(float(habits.own[0]) + 0.6))
    assert off[1] < 0.1 < off[0]


def test_intervals_hold_as_many_changes_as_they_say() -> None:
    known = population(5)
    inside = []
    for seed in range(40):
        rows, changes = a_life(seed, 60, known)
        _, means, sds = follow(known, rows, changes)
        inside.append(np.abs(changes - means) < 1.2816 * sds)
    assert float(np.mean(inside)) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("factor", [0.2, 5.0])
def test_the_noise_of_somebody_unlike_the_others_is_found(factor: float) -> None:
    known = Population(np.zeros(SIZE), 1e-6 * np.eye(R), 0.02, 0.0, noise_memory=1.0)
    sds = []
    for seed in range(20):
        rows, changes = a_life(seed, 150, known._replace(noise=factor * known.noise))
        sds.append(follow(known, rows, changes)[2])
    variance = float(np.mean(np.array(sds)[:, -1] ** 2))
    assert variance == pytest.approx(factor * known.noise, rel=0.25)


# What always holds


@settings(max_examples=50)
@given(seeds, st.integers(1, 6), st.floats(0.0, 0.05))
def test_a_crowd_has_side_by_side_what_each_has_alone(seed: int, people: int, drift: float) -> None:
    known = population(seed, drift, 0.98)
    lives = [a_life(seed + number, 12, known) for number in range(people)]
    habits = begun(known, people)
    for step in range(12):
        told = expected(habits, np.array([rows[step] for rows, _ in lives]).T, known)
        habits = learned(habits, told, np.array([changes[step] for _, changes in lives]), known)
    for place, (rows, changes) in enumerate(lives):
        alone, _, _ = follow(known, rows, changes)
        for one, other in zip(habits, alone, strict=True):
            np.testing.assert_allclose(one[..., place], other, rtol=1e-9, atol=1e-12)


@settings(max_examples=50)
@given(seeds, st.sampled_from([0.0, 1e-6, 1.0, 1e3]), st.sampled_from([-1e3, 0.0, 1e3]))
def test_however_strange_the_evidence_habits_stay_finite_and_every_variance_above_nought(
    seed: int, size: float, change: float
) -> None:
    known = population(seed, 0.002, 0.98)
    random = np.random.default_rng(seed)
    habits = begun(known)
    for _ in range(20):
        told = expected(habits, size * random.normal(size=SIZE), known)
        assert float(told.sd) > 0.0
        assert np.isfinite([told.mean, told.sd, told.variance]).all()
        habits = learned(habits, told, change, known)
        assert all(np.isfinite(part).all() for part in habits)


def test_a_row_of_noughts_teaches_nothing_of_the_weights() -> None:
    known = population(6)
    habits, _, _ = follow(known, *a_life(6, 5, known))
    told = expected(habits, np.zeros(SIZE), known)
    then = learned(habits, told, 0.3, known)
    assert float(told.mean) == 0.0
    np.testing.assert_array_equal(then.own, habits.own)
    np.testing.assert_array_equal(then.covariance, habits.covariance)
    assert then.squares > habits.squares


@settings(max_examples=50)
@given(seeds)
def test_nothing_is_written_to_what_was_given(seed: int) -> None:
    known = population(seed, 0.01)
    rows, changes = a_life(seed, 4, known)
    habits, _, _ = follow(known, rows, changes)
    before = pickle.dumps((habits, known, rows))
    told = expected(habits, rows[0], known)
    kept = pickle.dumps(told)
    learned(habits, told, 0.1, known)
    assert pickle.dumps((habits, known, rows)) == before
    assert pickle.dumps(told) == kept


def test_habits_are_the_same_after_pickling() -> None:
    known = population(7)
    habits, _, _ = follow(known, *a_life(7, 10, known))
    back = pickle.loads(pickle.dumps(habits))
    assert all(np.array_equal(one, other) for one, other in zip(back, habits, strict=True))
