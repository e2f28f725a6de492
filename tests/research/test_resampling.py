"""Intervals over people, and paired differences."""

from __future__ import annotations

import numpy as np
import pytest

from rung.research.resampling import DRAWS, Difference, Draws, difference, draw_means, draw_people, measure


def test_every_draw_takes_as_many_people_as_there_are() -> None:
    draws = list(draw_people(7, seed=1))
    assert len(draws) == DRAWS
    assert {weights.sum() for weights in draws} == {7.0}
    assert np.mean(draws, axis=0) == pytest.approx(np.ones(7), abs=0.15)


def test_all_rows_of_a_person_go_together() -> None:
    """One person with three rows at 1, one with one row at 0: a draw has either, or both."""
    means, drawn = draw_means(np.array([[3.0], [0.0]]), np.array([3.0, 1.0]), seed=0)
    assert means.tolist() == [0.75]
    assert set(drawn[:, 0].tolist()) == {0.0, 0.75, 1.0}


def test_the_interval_of_a_mean_is_that_of_its_standard_error() -> None:
    values = np.random.default_rng(2).normal(0.3, 0.1, 400)
    means, drawn = draw_means(values[:, None], np.ones(400), seed=0)
    value, low, high = measure(Draws(means[0], drawn[:, 0]))
    assert low is not None
    assert high is not None
    assert value == pytest.approx(values.mean())
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_two_models_that_fail_on_the_same_people_differ_by_little_because_draws_are_paired() -> None:
    hard = np.random.default_rng(3).random(100)
    sums = np.stack([hard, hard + 0.01], axis=1)
    means, drawn = draw_means(sums, np.ones(100), seed=0)
    rung, rival = (Draws(means[place], drawn[:, place]) for place in (0, 1))
    found = difference(rival, rung)
    assert found[:3] == pytest.approx((0.01, 0.01, 0.01))
    assert found.better == "Rung"
    assert difference(rung, rival).better == "rival"
    assert difference(rival, rung, higher_is_better=True).better == "rival"
    assert difference(rung, rung) == Difference(0.0, 0.0, 0.0, None)


def test_one_person_alone_has_a_score_and_no_interval() -> None:
    means, drawn = draw_means(np.array([[0.5]]), np.array([2.0]), seed=0)
    assert measure(Draws(means[0], drawn[:, 0])) == (0.25, None, None)


def test_what_cannot_be_said_is_none() -> None:
    assert measure(Draws(float("nan"), np.full(3, np.nan))) == (None, None, None)
