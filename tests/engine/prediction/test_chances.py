"""Chances from named evidence: one step of learning by brute force, and what always holds."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.strategies import events

from rung.engine.events import Event, in_order
from rung.engine.prediction.chances import (
    ATTEMPT,
    CHOICE,
    Evidence,
    Weights,
    chance,
    evidence_of,
    learned,
    theory,
)
from rung.engine.prediction.memory import Memory, remembered
from rung.engine.scales import FloatArray, sigmoid

DAY = 86_400.0
EVERY = pytest.mark.parametrize("evidence", [ATTEMPT, CHOICE], ids=["attempt", "choice"])
NAMED = {"attempt": [item.name for item in ATTEMPT], "choice": [item.name for item in CHOICE]}
shares = st.floats(0.0, 1.0)
tasks = st.sampled_from(["ask", "tell", "sing"])


def histories(most: int = 15) -> st.SearchStrategy[list[Event]]:
    """Some events of one person in two domains, in order."""
    event = events(
        people=st.just("ana"),
        domains=st.sampled_from(["talks", "exams"]),
        tasks=tasks,
        times=st.floats(0, 400 * DAY),
        ids=False,
        strays=True,
    )
    return st.lists(event, max_size=most).map(in_order)


def after(past: list[Event]) -> Memory:
    memory = Memory()
    for event in past:
        memory = remembered(memory, event)
    return memory


def vectors(size: int, low: float = -3.0, high: float = 3.0) -> st.SearchStrategy[FloatArray]:
    return st.lists(st.floats(low, high), min_size=size, max_size=size).map(np.array)


def some_weights(seed: int, size: int, scale: float = 1.0, dispersion: float = 1.0) -> Weights:
    """Weights with a full covariance."""
    random = np.random.default_rng(seed)
    root = random.normal(size=(size, size))
    return Weights(random.normal(size=size), scale * root @ root.T, dispersion)


# One step of learning


def likeliest(start: float, variance: float, value: float, dispersion: float) -> float:
    """The log odds of greatest posterior density, found on finer and finer grids."""
    low, high = start - variance / dispersion - 1.0, start + variance / dispersion + 1.0
    for _ in range(12):
        z = np.linspace(low, high, 1001)
        density = (value * z - np.logaddexp(0.0, z)) / dispersion - (z - start) ** 2 / (2.0 * variance)
        best = int(density.argmax())
        low, high = float(z[max(best - 1, 0)]), float(z[min(best + 1, 1000)])
    return (low + high) / 2.0


one_dimension = (
    st.floats(-8.0, 8.0),
    st.floats(0.001, 100.0),
    st.one_of(shares, st.sampled_from((0.0, 1.0))),
    st.floats(0.01, 1.0),
)


@given(*one_dimension)
@example(-8.0, 100.0, 1.0, 0.01)
@example(2.2, 1000.0, 0.5, 0.01)
def test_the_step_leads_to_the_top_of_the_posterior(
    start: float, variance: float, value: float, dispersion: float
) -> None:
    weights = Weights(np.array([start]), np.array([[variance]]), dispersion)
    then = learned(weights, np.ones(1), value)
    z = likeliest(start, variance, value, dispersion)
    assert float(then.mean[0]) == pytest.approx(z, abs=2e-5)
    p = sigmoid(z)
    exact = 1.0 / (1.0 / variance + p * (1.0 - p) / dispersion)
    assert float(then.covariance[0, 0]) == pytest.approx(exact, rel=1e-3)
    assert then.dispersion == dispersion


@given(st.integers(0, 10_000), vectors(4), shares, st.floats(0.05, 1.0))
def test_in_many_dimensions_the_gradient_is_nought_there_and_precision_adds_up(
    seed: int, x: FloatArray, value: float, dispersion: float
) -> None:
    before = some_weights(seed, 4, dispersion=dispersion)
    then = learned(before, x, value)
    p = sigmoid(float(x @ then.mean))
    moved = before.covariance @ x * (value - p) / dispersion
    np.testing.assert_allclose(then.mean - before.mean, moved, atol=1e-6 * (1.0 + np.abs(moved).max()))
    told = p * (1.0 - p) / dispersion
    along = before.covariance @ x
    exact = before.covariance - np.outer(along, along) * told / (1.0 + told * (x @ along))
    np.testing.assert_allclose(then.covariance, exact, atol=1e-9 * (1.0 + np.abs(exact).max()))


@given(st.integers(0, 10_000), vectors(4), shares)
def test_every_event_takes_doubt_away_and_never_adds_any(seed: int, x: FloatArray, value: float) -> None:
    before = some_weights(seed, 4)
    taken = before.covariance - learned(before, x, value).covariance
    assert np.linalg.eigvalsh((taken + taken.T) / 2.0).min() >= -1e-9 * np.abs(before.covariance).max()


@given(*one_dimension, st.floats(1.01, 10.0))
def test_the_more_doubt_or_the_less_dispersion_the_further_the_step(
    start: float, variance: float, value: float, dispersion: float, factor: float
) -> None:
    def step(variance: float, dispersion: float) -> float:
        weights = Weights(np.array([start]), np.array([[variance]]), dispersion)
        return float(learned(weights, np.ones(1), value).mean[0]) - start

    short = step(variance, dispersion)
    for further in (step(factor * variance, dispersion), step(variance, dispersion / factor)):
        assert abs(further) >= abs(short) - 1e-8
        assert further * short >= -1e-12


def test_an_even_chance_tells_most_and_a_sure_one_next_to_nothing() -> None:
    left = []
    for start in (0.0, 1.0, 2.0, 4.0, 8.0):
        weights = Weights(np.array([start]), np.array([[0.01]]))
        left.append(float(learned(weights, np.ones(1), 1.0).covariance[0, 0]))
    assert left == sorted(left)
    assert left[0] == pytest.approx(1.0 / (100.0 + 0.25), rel=1e-4)
    assert left[-1] == pytest.approx(0.01, rel=1e-4)


@given(st.integers(0, 10_000), vectors(3, -1.0, 1.0), vectors(3, -1.0, 1.0), st.booleans(), st.booleans())
def test_the_order_of_two_events_hardly_matters(
    seed: int, x: FloatArray, z: FloatArray, first: bool, second: bool
) -> None:
    start = some_weights(seed, 3, scale=0.01)
    one = learned(learned(start, x, float(first)), z, float(second))
    other = learned(learned(start, z, float(second)), x, float(first))
    np.testing.assert_allclose(one.mean, other.mean, atol=0.005)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=0.005)


@EVERY
def test_what_was_learned_moves_the_chance_towards_what_happened(evidence: tuple[Evidence, ...]) -> None:
    random = np.random.default_rng(0)
    weights = theory(evidence)
    for _ in range(50):
        x = random.normal(size=len(evidence))
        p = sigmoid(float(x @ weights.mean))
        good, bad = (learned(weights, x, value) for value in (1.0, 0.0))
        assert x @ bad.mean < x @ weights.mean < x @ good.mean
        same = learned(weights, x, p)
        np.testing.assert_allclose(same.mean, weights.mean, atol=1e-9)


@EVERY
def test_evidence_that_is_nought_or_fully_known_teaches_nothing(evidence: tuple[Evidence, ...]) -> None:
    weights = theory(evidence)
    assert learned(weights, np.zeros(len(evidence)), 1.0) is weights
    known = weights._replace(covariance=np.zeros_like(weights.covariance))
    assert learned(known, np.ones(len(evidence)), 0.0) is known


@EVERY
def test_a_weight_whose_evidence_is_nought_is_left_alone(evidence: tuple[Evidence, ...]) -> None:
    weights = theory(evidence)
    x = np.ones(len(evidence))
    x[::2] = 0.0
    then = learned(weights, x, 1.0)
    np.testing.assert_array_equal(then.mean[::2], weights.mean[::2])
    np.testing.assert_array_equal(then.covariance[::2, ::2], weights.covariance[::2, ::2])
    assert (then.mean[1::2] != weights.mean[1::2]).all()


@given(
    st.integers(0, 10_000),
    vectors(5, -1e3, 1e3),
    st.sampled_from((1e-12, 1.0, 1e6)),
    shares,
    st.sampled_from((0.01, 1.0)),
)
def test_whatever_is_told_the_weights_stay_finite_and_the_chance_a_chance(
    seed: int, x: FloatArray, scale: float, value: float, dispersion: float
) -> None:
    weights = some_weights(seed, 5, scale, dispersion)
    for _ in range(3):
        weights = learned(weights, x, value)
        assert np.isfinite(weights.mean).all()
        assert np.isfinite(weights.covariance).all()
        assert 0.0 <= chance(weights, x) <= 1.0


def test_many_events_leave_a_covariance_that_is_one() -> None:
    random = np.random.default_rng(1)
    weights = theory(ATTEMPT)
    for _ in range(2_000):
        x = random.normal(size=len(ATTEMPT))
        weights = learned(weights, x, float(random.integers(2)))
    np.testing.assert_allclose(weights.covariance, weights.covariance.T, atol=1e-12)
    assert np.linalg.eigvalsh(weights.covariance).min() > 0.0


def test_the_weights_of_a_person_are_found_where_there_is_enough_to_learn_from() -> None:
    random = np.random.default_rng(2)
    own = np.array([0.5, -1.0, 2.0])
    weights = Weights(np.zeros(3), np.eye(3))
    for _ in range(4_000):
        x = random.normal(size=3)
        weights = learned(weights, x, float(random.random() < sigmoid(float(own @ x))))
    sd = np.sqrt(np.diag(weights.covariance))
    assert (np.abs(weights.mean - own) < 4.0 * sd).all()
    assert sd.max() < 0.1


def test_partial_outcomes_tell_more_where_they_scatter_less() -> None:
    x = np.ones(1)
    told = [learned(Weights(np.zeros(1), np.eye(1), phi), x, 0.7) for phi in (1.0, 0.1)]
    assert 0.0 < told[0].mean[0] < told[1].mean[0] < math.log(0.7 / 0.3)
    assert told[1].covariance[0, 0] < told[0].covariance[0, 0]


def test_nothing_is_written_to_what_was_given() -> None:
    weights, x = some_weights(3, 4), np.ones(4)
    before = pickle.dumps((weights, x))
    learned(weights, x, 1.0)
    chance(weights, x)
    assert pickle.dumps((weights, x)) == before


# The chance


@given(st.floats(-5.0, 5.0), st.floats(0.0, 9.0))
def test_the_chance_is_the_mean_over_what_is_not_known(mean: float, variance: float) -> None:
    z = mean + math.sqrt(variance) * np.linspace(-9.0, 9.0, 20_001)
    weight = np.exp(-0.5 * np.linspace(-9.0, 9.0, 20_001) ** 2)
    exact = float(weight @ sigmoid(z) / weight.sum())
    weights = Weights(np.array([mean]), np.array([[variance]]))
    assert chance(weights, np.ones(1)) == pytest.approx(exact, abs=1e-6)


@given(st.integers(0, 10_000), vectors(6))
def test_the_chance_of_the_opposite_is_what_is_left(seed: int, x: FloatArray) -> None:
    weights = some_weights(seed, 6)
    assert 0.0 <= chance(weights, x) <= 1.0
    assert chance(weights, x) + chance(weights, -x) == pytest.approx(1.0, abs=1e-12)


# The evidence


def asked(kind: str, task: str, time: float, versus: str = "", difficulty: float | None = None) -> Event:
    context = f"versus:{versus}" if versus else ""
    return Event("ana", "talks", task, time, kind, difficulty=difficulty, context=context)


@given(histories(), st.sampled_from(["attempt", "choice"]), tasks, st.none() | st.floats(-6, 6))
def test_evidence_is_finite_and_in_the_order_of_its_names(
    past: list[Event], kind: str, task: str, difficulty: float | None
) -> None:
    row = evidence_of(after(past), asked(kind, task, 500 * DAY, difficulty=difficulty))
    named = dict(zip(NAMED[kind], row, strict=True))
    assert all(map(math.isfinite, row))
    assert named["start"] == 1.0
    if difficulty is not None:
        assert named["ease"] == -difficulty


@given(histories(), tasks, tasks.filter(lambda task: task != "sing"))
def test_the_chance_of_the_first_over_the_second_is_one_less_the_chance_of_the_second_over_the_first(
    past: list[Event], one: str, other: str
) -> None:
    other = "sing" if one == other else other
    memory = after(past)
    ways = [evidence_of(memory, asked("choice", *pair)) for pair in ((one, 9e9, other), (other, 9e9, one))]
    np.testing.assert_array_equal(ways[0], np.negative(ways[1]))
    weights = theory(CHOICE)
    chances = [chance(weights, np.array(row)) for row in ways]
    assert sum(chances) == pytest.approx(1.0, abs=1e-12)
    mirrored = [learned(weights, np.array(row), value) for row, value in zip(ways, (1.0, 0.0), strict=True)]
    np.testing.assert_allclose(mirrored[0].mean, mirrored[1].mean, atol=1e-9)
    np.testing.assert_allclose(mirrored[0].covariance, mirrored[1].covariance, atol=1e-9)


@given(histories(), st.sampled_from(["attempt", "choice"]), tasks, events(strays=True), st.booleans())
def test_a_question_is_answered_from_its_domain_task_time_and_difficulty_alone(
    past: list[Event], kind: str, task: str, other: Event, between: bool
) -> None:
    memory = after(past)
    versus = "dance" if between and kind == "choice" else ""
    plain = asked(kind, task, 500 * DAY, versus, 1.5)
    told = other._replace(
        domain=plain.domain, task=task, time=plain.time, kind=kind, difficulty=1.5, context=plain.context
    )
    assert evidence_of(memory, told) == evidence_of(memory, plain)


@given(histories(), tasks, st.sampled_from([0.0, 1.0]))
def test_a_task_that_was_gone_for_is_gone_for_sooner_and_an_avoided_one_later(
    past: list[Event], task: str, went: float
) -> None:
    memory, time = after(past), 500 * DAY
    question = asked("choice", task, time)
    then = remembered(memory, question._replace(value=went))
    weights = theory(CHOICE)
    x, later = (np.array(evidence_of(one, question)) for one in (memory, then))
    up = 1.0 if went else -1.0
    assert up * float(weights.mean @ (later - x)) >= 0.0
    assert up * float(learned(weights, x, went).mean @ x - weights.mean @ x) > 0.0


@given(histories(), st.sampled_from([0.0, 1.0]))
def test_of_two_tasks_the_chosen_one_is_chosen_sooner_again(past: list[Event], first: float) -> None:
    memory = after(past)
    question = asked("choice", "ask", 500 * DAY, "tell")
    then = remembered(memory, question._replace(value=first))
    x, later = (np.array(evidence_of(one, question)) for one in (memory, then))
    gap = float(theory(CHOICE).mean @ (later - x))
    assert gap >= 0.0 if first else gap <= 0.0


@given(histories(), tasks, st.sampled_from([0.0, 1.0]))
def test_success_raises_the_chance_of_success_and_failure_lowers_it(
    past: list[Event], task: str, worked: float
) -> None:
    memory, time = after(past), 500 * DAY
    question = asked("attempt", task, time)
    then = remembered(memory, question._replace(value=worked))
    trails = ("ability", "task")
    before, later = (
        dict(zip(NAMED["attempt"], evidence_of(one, question), strict=True)) for one in (memory, then)
    )
    for name in trails:
        assert later[name] >= before[name] if worked else later[name] <= before[name]
    assert (later["surprise"] >= 0.0) == bool(worked) or later["surprise"] == 0.0
    assert later["surprise"] == later["same"]


def test_somebody_who_is_not_known_goes_by_theory() -> None:
    for kind, evidence in (("attempt", ATTEMPT), ("choice", CHOICE)):
        row = np.array(evidence_of(Memory(), asked(kind, "ask", 0.0)))
        assert 0.2 < chance(theory(evidence), row) < 0.8
        assert np.count_nonzero(row) <= 4


def test_a_harder_task_is_less_likely_to_work() -> None:
    weights = theory(ATTEMPT)
    chances = [
        chance(weights, np.array(evidence_of(Memory(), asked("attempt", "ask", 0.0, difficulty=hard))))
        for hard in (-2.0, 0.0, 2.0)
    ]
    assert chances == sorted(chances, reverse=True)


def test_a_difficulty_that_is_not_told_is_the_last_one_of_the_task() -> None:
    past = [Event("ana", "talks", "ask", 0.0, "judgement", 0.6, 1.3)]
    for kind in NAMED:
        told, untold = (
            evidence_of(after(past), asked(kind, "ask", 1.0, difficulty=difficulty))
            for difficulty in (1.3, None)
        )
        assert told == untold


@EVERY
def test_theory_doubts_every_weight_by_its_doubt_and_spread(evidence: tuple[Evidence, ...]) -> None:
    weights = theory(evidence)
    assert len({item.name for item in evidence}) == len(evidence)
    for place, item in enumerate(evidence):
        assert weights.mean[place] == item.weight
        assert weights.covariance[place, place] == pytest.approx(item.doubt**2 + item.spread**2)
    assert np.count_nonzero(weights.covariance - np.diag(np.diag(weights.covariance))) == 0
