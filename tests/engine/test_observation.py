"""Readings by moment matching against a fine grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.observation import (
    Likelihood,
    expected_chance,
    judgement_likelihood,
    outcome_likelihood,
    read,
)
from rung.engine.parameters import Parameters
from rung.engine.scales import sigmoid

P = Parameters()


def on_a_fine_grid(mean: float, variance: float, likelihood: Likelihood) -> tuple[float, float, float]:
    z = mean + variance**0.5 * np.linspace(-9, 9, 20_001)
    log_weight = -0.5 * (z - mean) ** 2 / variance + likelihood(z)
    weight = np.exp(log_weight - log_weight.max())
    centre = float((weight * z).sum() / weight.sum())
    spread = float((weight * (z - centre) ** 2).sum() / weight.sum())
    step = 18 / 20_000
    density = np.exp(log_weight.max()) * weight.sum() * step / np.sqrt(2 * np.pi)
    return centre, spread, float(np.log(density))


@given(st.floats(-3, 3), st.floats(0.01, 4.0), st.floats(0, 1))
def test_a_judgement_is_read_as_on_a_fine_grid(mean: float, variance: float, rating: float) -> None:
    told = judgement_likelihood(rating, P)
    centre, spread, density = on_a_fine_grid(mean, variance, told)
    reading = read(mean, variance, told)
    if density < -15.0:
        return  # a judgement some 6 sd off the forecast: the grid ends there, and so does the claim
    assert reading.mean == pytest.approx(centre, abs=2e-3)
    assert reading.variance == pytest.approx(spread, abs=2e-3, rel=2e-2)
    assert reading.log_density == pytest.approx(density, abs=1e-2)


@given(st.floats(-4, 4), st.floats(0.01, 4.0), st.floats(0, 1))
def test_an_outcome_is_read_as_on_a_fine_grid(mean: float, variance: float, outcome: float) -> None:
    told = outcome_likelihood(outcome)
    centre, spread, density = on_a_fine_grid(mean, variance, told)
    reading = read(mean, variance, told)
    assert reading.mean == pytest.approx(centre, abs=1e-4)
    assert reading.variance == pytest.approx(spread, abs=1e-3, rel=1e-3)
    assert reading.log_density == pytest.approx(density, abs=1e-4)


@given(st.floats(-5, 5), st.floats(0.0, 9.0))
def test_the_expected_chance_lies_between_the_median_and_a_coin(mean: float, variance: float) -> None:
    low, high = sorted((0.5, sigmoid(mean)))
    assert low - 1e-9 <= expected_chance(mean, variance) <= high + 1e-9


@given(st.floats(-3, 3), st.floats(0.05, 4.0), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_rating_is_read_as_a_higher_belief(
    mean: float, variance: float, one: float, two: float
) -> None:
    low, high = sorted((one, two))
    less, more = (read(mean, variance, judgement_likelihood(rating, P)).mean for rating in (low, high))
    assert less <= more + 1e-9
