"""The reliable change index against its closed form, its rate of false alarms, and a person's own noise."""

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.measures import (
    LEAST_PAIRS,
    Noise,
    error_of_measurement,
    noise_of_mean,
    own_noise,
    reliable_change,
)
from rung.errors import InvalidInput

ratings = st.floats(0, 1)
errors = st.floats(0.001, 1)
occasions = st.lists(st.lists(st.floats(-1, 1), max_size=6), max_size=8)


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(1, 50), st.floats(0, 0.99))
def test_it_is_the_formula_of_1991(before: float, after: float, spread: float, reliability: float) -> None:
    change = reliable_change(before, after, error_of_measurement(spread, reliability))
    assert change.score == pytest.approx((after - before) / (spread * sqrt(2 * (1 - reliability))))
    assert change.is_reliable == (abs(change.score) > 1.96)


def test_the_example_of_the_literature_on_a_scale_to_100() -> None:
    assert reliable_change(0, 0, error_of_measurement(20, 0.85)).least == pytest.approx(21.5, abs=0.05)


@given(ratings, ratings, errors)
def test_there_and_back_are_as_reliable(before: float, after: float, error: float) -> None:
    there, back = reliable_change(before, after, error), reliable_change(after, before, error)
    assert (there.score, there.is_reliable) == (-back.score, back.is_reliable)


def test_of_those_who_did_not_change_5_in_100_seem_to() -> None:
    chance = np.random.default_rng(3)
    noisy = 0.5 + 0.1 * chance.standard_normal((20_000, 2))
    rate = np.mean([reliable_change(one, two, 0.1).is_reliable for one, two in noisy])
    assert rate == pytest.approx(0.05, abs=0.005)


@given(errors, st.floats(0, 1), st.integers(1, 30))
def test_a_mean_is_never_noisier_than_one_and_never_better_than_independence(
    error: float, shared: float, count: int
) -> None:
    of_mean = noise_of_mean(Noise(error, shared), count)
    assert error / sqrt(count) * (1 - 1e-9) <= of_mean <= error * (1 + 1e-9)


def test_the_noise_of_a_mean_is_that_of_means_that_were_drawn() -> None:
    chance = np.random.default_rng(5)
    error, shared, count = 0.1, 0.4, 6
    day = sqrt(shared) * chance.standard_normal((200_000, 1))
    own = sqrt(1 - shared) * chance.standard_normal((200_000, count))
    drawn = (error * (day + own)).mean(axis=1).std()
    assert noise_of_mean(Noise(error, shared), count) == pytest.approx(drawn, rel=0.01)


@given(occasions)
def test_own_noise_is_the_mean_square_by_brute_force(found: list[list[float]]) -> None:
    assumed = Noise(0.09, 0.5)
    differences = [one for occasion in found for one in occasion]
    own = own_noise(found, assumed, least_error=0.01)
    assert own.pairs == len(differences)
    if len(differences) < LEAST_PAIRS:
        assert own[:2] == assumed[:2]
        assert not own.is_own
        return
    assert own.is_own
    square = sum(one * one for one in differences) / len(differences)
    assert own.error == pytest.approx(max(sqrt(square / 2), 0.01))
    couples = [one * two for occasion in found for one, two in combinations(occasion, 2)]
    if couples and square > 1e-12:
        told = sum(couples) / len(couples) / square
        assert own.shared == pytest.approx(min(max(told, 0), 1), abs=1e-6)


def test_own_noise_finds_what_people_were_made_with() -> None:
    chance = np.random.default_rng(7)
    error, shared = 0.08, 0.3
    told = []
    for _ in range(3000):
        days = sqrt(shared) * chance.standard_normal((2, 1)) + sqrt(1 - shared) * chance.standard_normal(
            (2, 5)
        )
        told.append((error * (days[1] - days[0])).tolist())
    own = own_noise(told, Noise(0.09, 0.5))
    assert own.error == pytest.approx(error, rel=0.03)
    assert own.shared == pytest.approx(shared, abs=0.03)


def test_somebody_who_always_says_the_same_has_the_noise_of_rounding() -> None:
    own = own_noise([[0.0] * 10], Noise(0.09, 0.5), least_error=0.03)
    assert own == Noise(0.03, 0.5, 10, True)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: reliable_change(0, 1, 0),
        lambda: reliable_change(0, 1, float("nan")),
        lambda: noise_of_mean(Noise(0.1), 0),
        lambda: error_of_measurement(-1, 0.5),
        lambda: error_of_measurement(1, 1.5),
    ],
)
def test_what_cannot_be_measured_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(InvalidInput):
        wrong()
