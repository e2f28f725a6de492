"""Goal attainment scaling against closed forms, brute force, and the distribution that it was made for."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.measures import LEVELS, attainment
from rung.errors import InvalidInput

goals = st.lists(st.tuples(st.sampled_from(LEVELS), st.integers(1, 3)), min_size=1, max_size=5)


def by_hand(found: list[tuple[int, int]], correlation: float) -> float:
    """Kiresuk and Sherman's formula, written out."""
    top = sum(weight * level for level, weight in found)
    below = (1 - correlation) * sum(weight**2 for _, weight in found)
    below += correlation * sum(weight for _, weight in found) ** 2
    return 50 + 10 * top / sqrt(below)


@given(goals, st.floats(0, 1))
def test_it_is_the_formula_of_1968(found: list[tuple[int, int]], correlation: float) -> None:
    levels, weights = zip(*found, strict=True)
    assert attainment(levels, weights, correlation) == pytest.approx(by_hand(found, correlation))


@given(st.integers(1, 5), st.sampled_from(LEVELS))
def test_goals_of_equal_weight_have_a_closed_form(count: int, level: int) -> None:
    expected = 50 + 10 * count * level / sqrt(0.7 * count + 0.3 * count**2)
    assert attainment([level] * count) == pytest.approx(expected)


@pytest.mark.parametrize(("levels", "score"), [([1], 60), ([2], 70), ([1, 1], 62.40), ([1, 1, 1], 63.69)])
def test_known_scores(levels: list[int], score: float) -> None:
    assert attainment(levels) == pytest.approx(score, abs=0.005)


@given(goals)
def test_as_expected_is_fifty_and_the_scale_is_symmetric(found: list[tuple[int, int]]) -> None:
    levels, weights = zip(*found, strict=True)
    assert attainment([0] * len(levels), weights) == 50
    mirrored = attainment([-level for level in levels], weights)
    assert attainment(levels, weights) - 50 == pytest.approx(50 - mirrored)


@given(goals, st.integers(2, 9))
def test_only_the_proportion_of_weights_counts(found: list[tuple[int, int]], factor: int) -> None:
    levels, weights = zip(*found, strict=True)
    larger = [weight * factor for weight in weights]
    assert attainment(levels, larger) == pytest.approx(attainment(levels, weights))


@given(goals.filter(lambda found: min(level for level, _ in found) < 2))
def test_one_goal_reached_further_never_lowers_it(found: list[tuple[int, int]]) -> None:
    levels, weights = map(list, zip(*found, strict=True))
    before = attainment(levels, weights)
    levels[levels.index(min(levels))] += 1
    assert attainment(levels, weights) > before


def test_over_many_people_it_has_mean_50_and_standard_deviation_10() -> None:
    weights, correlation = [3.0, 1.0, 2.0], 0.3
    covariance = correlation + (1 - correlation) * np.eye(3)
    many = np.random.default_rng(1).multivariate_normal(np.zeros(3), covariance, 100_000)
    many = many[(np.abs(many) <= 2).all(axis=1)][:40_000]
    # Cut at two standard deviations the levels spread a little less, which the score takes over as it is.
    scores = np.array([attainment(tuple(one), weights) for one in many[:4000]])
    told = np.sqrt(np.array(weights) @ np.cov(many[:4000].T) @ weights)
    whole = sqrt(np.array(weights) @ covariance @ weights)
    assert scores.mean() == pytest.approx(50, abs=0.5)
    assert scores.std(ddof=1) == pytest.approx(10 * told / whole)


@pytest.mark.parametrize(
    ("levels", "weights", "correlation"),
    [
        ([], None, 0.3), ([1], [1, 2], 0.3), ([3], None, 0.3), ([float("nan")], None, 0.3),
        ([1], [0], 0.3), ([1], [-1], 0.3), ([1], [float("inf")], 0.3), ([1], None, 1.1), ([1], None, -0.1),
    ],
)  # fmt: skip
def test_what_is_no_scaling_is_refused(
    levels: list[float], weights: list[float] | None, correlation: float
) -> None:
    with pytest.raises(InvalidInput):
        attainment(levels, weights, correlation)
