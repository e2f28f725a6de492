"""The rules by which people learn in the misspecified worlds, against their formulas."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from rung.engine import mastery
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, logit, sigmoid
from rung.engine.simulation import Kind
from rung.engine.simulation.population import born
from rung.research.planning.worlds import (
    PERSONAS,
    SCENES,
    WORLDS,
    by_confirmation,
    by_counting,
    by_delta_rule,
    by_good_news,
    by_last_times,
)

P = Parameters()
SURE = np.array([0.2, 0.5, 0.8, 0.3])
OUTCOME = np.array([1.0, 0.0, 1.0, 0.0])
CREDIT = np.array([0.9, 0.8, 0.7, 0.6])
PEOPLE = born(4, Kind(), np.random.default_rng(0), P)._replace(
    attempts=np.array([0.0, 3.0, 10.0, 90.0]), set_point=np.array([-1.0, -1.0, 1.0, 1.0])
)


def then(moved: FloatArray) -> FloatArray:
    after: FloatArray = sigmoid(logit(SURE) + moved)
    return after


def test_the_delta_rule_has_one_rate_for_good_news_and_another_for_bad() -> None:
    expected = SURE + np.array([0.25, 0.35, 0.25, 0.35]) * (OUTCOME - SURE)
    np.testing.assert_allclose(then(by_delta_rule(PEOPLE, SURE, OUTCOME, CREDIT, P)), expected)


def test_the_delta_rule_keeps_how_fast_each_person_learns() -> None:
    slow = P.varied({"weight_good": np.full(4, 0.4), "weight_bad": np.full(4, 0.6)})
    half = SURE + np.array([0.125, 0.175, 0.125, 0.175]) * (OUTCOME - SURE)
    np.testing.assert_allclose(then(by_delta_rule(PEOPLE, SURE, OUTCOME, CREDIT, slow)), half)


def test_counting_weighs_every_outcome_alike() -> None:
    expected = SURE + (OUTCOME - SURE) / np.array([10.0, 13.0, 20.0, 100.0])
    np.testing.assert_allclose(then(by_counting(PEOPLE, SURE, OUTCOME, CREDIT, P)), expected)


def test_good_news_weighs_what_bad_news_weighs_in_the_theory() -> None:
    swapped = P.with_values(
        {"weight_good": P.weight_bad, "weight_bad": P.weight_good}, "assumption", "swapped"
    )
    expected = mastery.shift(PEOPLE.openness, SURE, OUTCOME, CREDIT, swapped)
    np.testing.assert_allclose(by_good_news(PEOPLE, SURE, OUTCOME, CREDIT, P), expected)


def test_confirmation_halves_what_speaks_against_the_set_point() -> None:
    halved = np.array([0.5, 1.0, 1.0, 0.5])
    expected = mastery.shift(PEOPLE.openness, SURE, OUTCOME, CREDIT * halved, P)
    np.testing.assert_allclose(by_confirmation(PEOPLE, SURE, OUTCOME, CREDIT, P), expected)


def test_the_last_times_take_belief_half_of_the_way() -> None:
    np.testing.assert_allclose(then(by_last_times(PEOPLE, SURE, OUTCOME, CREDIT, P)), (SURE + OUTCOME) / 2.0)


@pytest.mark.parametrize("scene", WORLDS, ids=lambda scene: scene.name)
def test_success_raises_and_failure_lowers_belief_in_every_world(scene: object) -> None:
    learn = next(world for world in WORLDS if world is scene).climb.learn
    moved = learn(PEOPLE, SURE, OUTCOME, CREDIT, P)
    assert (np.sign(moved) == np.sign(OUTCOME - SURE)).all()


def test_scenes_have_names_of_their_own_and_travel_to_other_processes() -> None:
    assert len({scene.name for scene in SCENES}) == len(SCENES) == len(PERSONAS) + len(WORLDS) == 12
    assert pickle.loads(pickle.dumps(SCENES)) == SCENES
