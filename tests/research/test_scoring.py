"""Scores against closed forms and brute force."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.scales import FloatArray
from rung.research.forecasts import LEVELS, Forecasts
from rung.research.scoring import Areas, score_chances, score_judgements

shares = st.floats(0.0, 1.0)


def scored(values: FloatArray, quantiles: FloatArray) -> dict[str, FloatArray]:
    mean = quantiles.mean(axis=1)
    return score_judgements(values, Forecasts(mean, np.zeros(len(mean)), quantiles))[0]


def gaussian_crps(value: float, mean: float, sd: float) -> float:
    """Gneiting & Raftery 2007, equation 21."""
    normal, z = NormalDist(), (value - mean) / sd
    return sd * (z * (2 * normal.cdf(z) - 1) + 2 * normal.pdf(z) - 1 / math.sqrt(math.pi))


@pytest.mark.parametrize("value", [0.35, 0.45, 0.5, 0.6])
def test_crps_of_a_gaussian_is_the_closed_form_but_for_the_hundredth_level(value: float) -> None:
    normal = NormalDist(0.5, 0.08)
    quantiles = np.array([[normal.inv_cdf(level) for level in LEVELS]])
    found = scored(np.array([value]), quantiles)["crps"][0]
    assert found * 99 / 100 == pytest.approx(gaussian_crps(value, 0.5, 0.08), rel=2e-3)


@given(shares, shares)
def test_crps_of_one_point_is_the_absolute_error(value: float, point: float) -> None:
    found = scored(np.array([value]), np.full((1, 99), point))["crps"][0]
    assert found == pytest.approx(abs(value - point), abs=1e-12)


@pytest.mark.parametrize("value", [0.3, 0.42, 0.7])
def test_crps_of_a_mixture_is_the_integral_of_the_squared_distance(value: float) -> None:
    """Half at .3 exactly, half uniform from .4 to .8."""
    quantiles = np.where(LEVELS <= 0.5, 0.3, 0.4 + 0.8 * (LEVELS - 0.5))[None, :]
    x = np.linspace(0, 1, 200_001)
    chance = np.where(x < 0.3, 0.0, 0.5) + 0.5 * np.clip((x - 0.4) / 0.4, 0, 1)
    exact = float(np.mean((chance - (x >= value)) ** 2))
    assert scored(np.array([value]), quantiles)["crps"][0] * 99 / 100 == pytest.approx(exact, abs=6e-4)


@given(st.lists(shares, min_size=99, max_size=99).map(sorted))
def test_the_chances_of_all_bins_add_up_to_one_and_none_is_below_its_floor(quantiles: list[float]) -> None:
    values = np.arange(101) / 100
    chances = np.exp(-scored(values, np.tile(quantiles, (101, 1)))["log_score"])
    assert chances.sum() == pytest.approx(1.0, abs=1e-3)
    assert chances[1:-1].min() >= 1e-4 - 1e-12
    assert chances.min() >= 5e-5 - 1e-12


@pytest.mark.parametrize("value, in_bin", [(0.285, 29), (0.28, 28), (0.2849, 28), (0.0, 0), (1.0, 100)])
def test_a_rating_belongs_to_the_nearest_hundredth(value: float, in_bin: int) -> None:
    mass = np.full((1, 99), in_bin / 100)
    assert scored(np.array([value]), mass)["log_score"][0] < 0.05


def test_coverage_counts_the_share_of_a_point_mass_that_lies_in_the_interval() -> None:
    """A fifth lies at .5 exactly, between the levels .7 and .9: the interval of 80 % takes all of it, that of
    50 % a quarter of it."""
    quantiles = np.where((LEVELS > 0.7) & (LEVELS < 0.905), 0.5, np.where(LEVELS < 0.75, 0.2, 0.8))[None, :]
    found = scored(np.array([0.5]), quantiles)
    assert found["cover80"][0] == pytest.approx(1.0, abs=0.03)
    assert found["cover50"][0] == pytest.approx(0.25, abs=0.03)
    assert found["closed50"][0] == 1.0


@pytest.mark.parametrize("percent", [50, 80, 95])
def test_coverage_of_the_truth_is_what_it_says_point_mass_or_not(percent: int) -> None:
    """Draws from the forecast itself: 40 % the same answer as before, the others anywhere."""
    generator = np.random.default_rng(1)
    before = np.round(generator.random(40_000), 1)
    level = generator.random((2, 40_000))
    values = np.where(level[0] < 0.4, before, level[1])
    below = 0.6 * before
    tau = LEVELS[None, :]
    free = np.where(tau <= below[:, None], tau / 0.6, (tau - 0.4) / 0.6)
    quantiles = np.where((tau > below[:, None]) & (tau < below[:, None] + 0.4), before[:, None], free)
    found = scored(values, np.maximum.accumulate(np.clip(quantiles, 0, 1), axis=1))
    assert found[f"cover{percent}"].mean() == pytest.approx(percent / 100, abs=0.012)
    assert found[f"closed{percent}"].mean() > found[f"cover{percent}"].mean()


def test_the_plain_count_takes_the_ends_in_and_halves_the_way_to_the_level_of_two_and_a_half() -> None:
    quantiles = np.tile(LEVELS, (4, 1))
    found = scored(np.array([0.1, 0.0999, 0.025, 0.0249]), quantiles)
    assert found["closed80"].tolist() == [1, 0, 0, 0]
    assert found["closed95"].tolist() == [1, 1, 1, 0]


def test_the_mean_is_kept_within_the_scale_and_errors_are_plain() -> None:
    forecasts = Forecasts(np.array([1.2, 0.5]), np.zeros(2), np.tile(LEVELS, (2, 1)))
    found, _ = score_judgements(np.array([0.9, 0.2]), forecasts)
    assert found["rmse"].tolist() == pytest.approx([0.01, 0.09])
    assert found["mae"].tolist() == pytest.approx([0.1, 0.3])


def test_chances_are_scored_by_log_loss_and_brier_partial_outcomes_in_part() -> None:
    found = score_chances(np.array([1.0, 0.0, 0.5, 1.0]), np.array([0.8, 0.8, 0.8, 0.0]))
    assert found["log_loss"][:3].tolist() == pytest.approx(
        [-math.log(0.8), -math.log(0.2), -(math.log(0.8) + math.log(0.2)) / 2]
    )
    assert found["log_loss"][3] == pytest.approx(-math.log(1e-6))
    assert found["brier"].tolist() == pytest.approx([0.04, 0.64, 0.09, 1.0])


def brute_force_area(values: list[float], chances: list[float], weights: list[float]) -> float:
    won = pairs = 0.0
    for good, one, weight in zip(values, chances, weights, strict=True):
        for bad, other, other_weight in zip(values, chances, weights, strict=True):
            pair = weight * other_weight * good * (1 - bad)
            pairs += pair
            won += pair * (1.0 if one > other else 0.5 if one == other else 0.0)
    return won / pairs if pairs else math.nan


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 0.5]), st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.integers(0, 3))
    )
)
def test_auc_is_what_comparing_every_pair_gives(rows: list[tuple[float, float, int]]) -> None:
    rows = rows or [(1.0, 0.5, 0)]
    values, chances, people = zip(*rows, strict=True)
    weights = np.array([0.0, 1.0, 2.0, 3.0])
    areas = Areas(np.array(values, float), np.array(chances), np.array(people))
    expected = brute_force_area(list(values), list(chances), [float(weights[person]) for person in people])
    assert areas.area(weights) == pytest.approx(expected, nan_ok=True)
