"""What a study computes, against numbers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from rung.engine.simulation import Deed, People
from rung.research.facts.measuring import (
    agreement,
    betas,
    correlation,
    effect,
    explained,
    learning_rates,
    share_within,
    strength,
    within,
)

RANDOM = np.random.default_rng(0)


def test_within_persons_what_differs_between_them_does_not_count() -> None:
    level, shared = 5.0 * RANDOM.standard_normal(500), RANDOM.standard_normal((30, 500))
    one, other = (level + shared + RANDOM.standard_normal((30, 500)) for _ in range(2))
    assert within(one, other) == pytest.approx(0.5, abs=0.03)
    assert within(one, -level + RANDOM.standard_normal((30, 500))) == pytest.approx(0.0, abs=0.03)


def test_a_common_course_is_taken_out_when_detrended() -> None:
    course = np.linspace(0.0, 5.0, 20)[:, None]
    one, other = (course + RANDOM.standard_normal((20, 500)) for _ in range(2))
    assert within(one, other) > 0.5
    assert within(one, other, detrended=True) == pytest.approx(0.0, abs=0.04)


def test_weights_and_explained_variance_are_those_that_were_put_in() -> None:
    a, b = RANDOM.standard_normal((2, 50_000))
    outcome = 0.6 * a + 0.3 * b + np.sqrt(1 - 0.45) * RANDOM.standard_normal(50_000)
    assert betas(outcome, [a, 10.0 + 7.0 * b]) == pytest.approx([0.6, 0.3], abs=0.02)
    assert explained(outcome, [a, b]) == pytest.approx(0.45, abs=0.02)
    assert correlation(outcome, a) == pytest.approx(0.6, abs=0.02)


def test_an_effect_is_in_standard_deviations_and_none_where_nothing_varies() -> None:
    one = RANDOM.standard_normal(50_000)
    assert effect(3.0 * one + 1.5, 3.0 * one) == pytest.approx(0.5, abs=0.02)
    assert effect(np.ones(5), np.ones(5)) == 0.0


def test_agreement_beyond_chance_is_nought_for_chance_and_where_all_say_the_same() -> None:
    said, done = RANDOM.random((2, 50_000)) < 0.8
    assert agreement(said, done).kappa == pytest.approx(0.0, abs=0.02)
    assert agreement(said, said) == (1.0, 1.0)
    everybody = np.ones(5, dtype=bool)
    assert agreement(everybody, everybody) == (1.0, 0.0)


def test_the_share_within_is_that_which_was_put_in() -> None:
    values = RANDOM.standard_normal(3000) + 2.0**0.5 * RANDOM.standard_normal((20, 3000))
    assert share_within(values) == pytest.approx(2.0 / 3.0, abs=0.02)


def test_learning_rates_are_found_again_in_spite_of_noise() -> None:
    level, expected, feedback = np.full(60, 0.5), [], []
    for _ in range(40):
        expected.append(level + 0.02 * RANDOM.standard_normal(60))
        feedback.append(RANDOM.random(60))
        surprise = feedback[-1] - level
        level = level + np.where(surprise > 0.0, 0.1, 0.3) * surprise
    rates = learning_rates([np.array(expected)], [np.array(feedback)])
    assert rates.good.mean() == pytest.approx(0.1, abs=0.02)
    assert rates.bad.mean() == pytest.approx(0.3, abs=0.03)
    assert rates.bias.mean() == pytest.approx(-0.5, abs=0.06)


def test_several_items_say_more_than_one() -> None:
    people = People(4000, seed=1)
    true, deeds = people.efficacy(Deed("it")), [Deed("it")] * 5
    assert np.std(strength(people, deeds) - true) < 0.6 * np.std(people.judge(Deed("it")) - true)
