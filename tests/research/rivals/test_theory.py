"""Rung as an entry of its own benchmark: the engine's words, turned into forecasts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.research.logs import ODD, study

from rung import Engine, Parameters, Person, Task
from rung.engine.observation import expected_chance
from rung.engine.scales import FloatArray, sigmoid
from rung.research.folds import series_of
from rung.research.forecasts import LEVELS
from rung.research.rivals.theory import THEORY, Theory, rating_forecasts
from rung.research.series import TARGETS

ENGINE = Engine()


def exact(mean: float, variance: float, ratings: FloatArray, p: Parameters) -> FloatArray:
    """Chance that a rating is at most r, on a fine grid of z."""
    z = np.linspace(-6.0, 6.0, 401)
    weights = np.exp(-0.5 * z**2)
    noise = math.sqrt(p.rating_noise**2 + p.rating_step**2 / 12)
    chances = sigmoid(mean + variance**0.5 * z)
    gaussians = 0.5 * (1.0 + np.vectorize(math.erf)((ratings[:, None] - chances) / (noise * 2**0.5)))
    below: FloatArray = gaussians @ weights / weights.sum()
    return below


@settings(max_examples=20, deadline=None)
@given(st.floats(-6, 6), st.floats(0.0, 4.0), st.sampled_from([0.05, 0.09, 0.3]))
def test_the_quantiles_are_those_of_the_reading(mean: float, variance: float, noise: float) -> None:
    p = Parameters(rating_noise=noise)
    found = rating_forecasts(np.array([mean]), np.array([variance]), p)
    ratings = np.linspace(0, 1, 1001)
    below = exact(mean, variance, ratings, p)
    np.testing.assert_allclose(found.quantiles[0], np.interp(LEVELS, below, ratings), atol=1e-3)
    assert found.mean[0] == pytest.approx(float(np.mean(1 - below)), abs=1e-3)
    square = float(np.mean(2 * ratings * (1 - below)))
    assert found.sd[0] == pytest.approx(math.sqrt(max(square - float(np.mean(1 - below)) ** 2, 0)), abs=3e-3)


def test_far_up_the_scale_the_mass_beyond_it_lies_at_its_end() -> None:
    found = rating_forecasts(np.array([3.0]), np.array([0.1]), Parameters())
    assert (found.quantiles[0] == 1.0).sum() > 20
    assert found.mean[0] < 1.0


def test_many_rows_at_once_are_the_same_as_one_by_one() -> None:
    generator = np.random.default_rng(0)
    means, variances = generator.normal(0, 2, 5000), generator.random(5000)
    whole = rating_forecasts(means, variances, Parameters())
    for place in (0, 4095, 4096, 4999):
        one = rating_forecasts(means[place : place + 1], variances[place : place + 1], Parameters())
        np.testing.assert_allclose(whole.quantiles[place], one.quantiles[0], atol=1e-12)


def test_nothing_to_forecast_is_no_forecast() -> None:
    assert [len(column) for column in rating_forecasts(np.empty(0), np.empty(0), Parameters())] == [0, 0, 0]


def test_every_forecast_is_what_the_engine_says_after_the_rows_before_it() -> None:
    series = series_of(study(people=1))[0]
    said = {target: THEORY.fit([], target, 0).predict(series, target) for target in TARGETS}
    person, numbers = Person(), dict.fromkeys(TARGETS, 0)
    for place, event in enumerate(series.events):
        task = Task(event.domain, event.task, event.difficulty)
        for target in TARGETS:
            if place in series.scored(target):
                mean = said[target].mean[numbers[target]]
                if target == "choice":
                    assert mean == pytest.approx(ENGINE.chance_of_approach(person, task, event.time).mean)
                elif target == "attempt":
                    assert mean == pytest.approx(ENGINE.chance_of_success(person, task, event.time).mean)
                else:
                    efficacy = ENGINE.efficacy(person, task, event.time)
                    assert mean == pytest.approx(efficacy.mean, abs=0.06)
                numbers[target] += 1
        person = ENGINE.observe(person, event)


def test_of_two_tasks_the_one_believed_in_more_is_more_likely_chosen() -> None:
    series = series_of(ODD["choices between two"]())[0]
    assert THEORY.predict(series, "choice").mean.tolist() == [0.5] * 4


def test_other_parameters_make_another_entry() -> None:
    noisy = Theory(Parameters(rating_noise=0.3), "noisy")
    series = series_of(study(people=1))[0]
    assert noisy.predict(series, "judgement").sd.mean() > THEORY.predict(series, "judgement").sd.mean()


def test_the_mean_chance_is_over_what_is_not_known() -> None:
    assert expected_chance(2.0, 4.0) < sigmoid(2.0)
