"""Choices and outcomes read off the last judgement."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.rivals.crowd import series

from rung.engine.events import Event
from rung.research.rivals.beliefs import LAST_BELIEF, LOGISTIC, last_beliefs, logistic


def test_the_belief_about_the_task_comes_before_that_about_the_domain() -> None:
    person = series(
        "p",
        [
            Event("p", "d", "a", 0.0, "choice", 1.0),
            Event("p", "d", "a", 1.0, "judgement", 0.3),
            Event("p", "d", "b", 2.0, "judgement", 0.8),
            Event("p", "d", "a", 3.0, "choice", 1.0),
            Event("p", "d", "c", 4.0, "choice", 0.0),
            Event("p", "e", "a", 5.0, "choice", 0.0),
        ],
    )
    assert last_beliefs(person, "choice") == pytest.approx([np.nan, 0.3, 0.8, np.nan], nan_ok=True)


def test_between_two_tasks_it_is_the_difference_that_counts() -> None:
    person = series(
        "p",
        [
            Event("p", "d", "a", 0.0, "judgement", 0.3),
            Event("p", "d", "b", 1.0, "judgement", 0.8),
            Event("p", "d", "b", 2.0, "choice", 1.0, context="versus:a"),
        ],
    )
    # The series asks whether `a`, the first of the two, was chosen.
    assert last_beliefs(person, "choice") == pytest.approx([0.0])


def test_an_outcome_is_expected_as_it_was_judged() -> None:
    person = series(
        "p",
        [
            Event("p", "d", "", 0.0, "note"),
            Event("p", "d", "", 1.0, "attempt", 1.0),
            Event("p", "d", "", 2.0, "judgement", 0.7),
            Event("p", "d", "", 3.0, "attempt", 0.0),
        ],
    )
    found = LAST_BELIEF.fit([], "attempt", 0).predict(person, "attempt")
    assert found.mean.tolist() == [0.5, 0.7]


def test_logistic_regression_recovers_the_weights_that_made_the_choices() -> None:
    generator = np.random.default_rng(0)
    rows = np.column_stack([np.ones(20_000), generator.uniform(-0.5, 0.5, 20_000)])
    chance = 1 / (1 + np.exp(-(0.4 + 3.0 * rows[:, 1])))
    values = (generator.random(20_000) < chance).astype(float)
    assert logistic(rows, values) == pytest.approx([0.4, 3.0], abs=0.2)


def test_those_who_believe_in_themselves_are_expected_to_approach() -> None:
    def person(name: str, belief: float, chosen: float) -> list[Event]:
        return [Event(name, "d", "", 0.0, "judgement", belief), Event(name, "d", "", 1.0, "choice", chosen)]

    training = [series(f"p{i}", person(f"p{i}", i / 20, float(i > 8 + i % 3))) for i in range(21)]
    model = LOGISTIC.fit(training, "choice", 0)
    low, high = (model.predict(series("q", person("q", b, 1.0)), "choice").mean[0] for b in (0.1, 0.9))
    assert low < 0.2
    assert high > 0.8
