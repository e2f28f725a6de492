"""What asking about some steps tells of a judgement of all: people made up, and people found in logs."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.logs import study

from rung import Event, Parameters
from rung.log import Log
from rung.research.asking import ORDERS, measure_asking
from rung.research.ladders import Judged, found_ladders, made_up_ladders

TASKS = ("look at it", "ask", "tell", "insist", "all of it", "again")


def answers(people: int = 20, seed: int = 0, *, twice: bool = False) -> Log:
    """People who judge six tasks, easiest first: after what they are, and a little noise."""
    random, told = np.random.default_rng(seed), []
    for number in range(people):
        belief = random.standard_normal()
        for place, task in enumerate(TASKS):
            z = belief + 1.25 - 0.5 * place + 0.5 * random.standard_normal()
            rating = round(float(1.0 / (1.0 + np.exp(-z))), 1)
            told.append(Event(f"p{number:02}", "talks", task, float(place), "judgement", rating))
            if twice:
                told.append(Event(f"p{number:02}", "talks", task, 10.0 + place, "judgement", 1.0))
    return Log.of(told)


def test_people_are_made_up_as_the_model_assumes_them() -> None:
    p = Parameters()
    judged = made_up_ladders(3000, 4, 1)
    assert len({one.person for one in judged}) == 3000
    odds = np.log(np.array([one.truth for one in judged]) / (1.0 - np.array([one.truth for one in judged])))
    difficulties = [task.difficulty or 0.0 for task in judged[0].ladder.tasks]
    np.testing.assert_allclose(odds.mean(axis=0), np.negative(difficulties), atol=0.1)
    shared = p.set_point_spread**2 + p.belief_spread**2
    covariance = np.cov(odds.T)
    np.testing.assert_allclose(covariance[0, 1:], shared, atol=0.2)
    np.testing.assert_allclose(covariance.diagonal(), shared + p.task_spread**2, atol=0.25)
    ratings = np.array([one.ratings for one in judged])
    np.testing.assert_allclose(ratings * 10, np.round(ratings * 10), atol=1e-9)
    assert ratings.min() == 0.0
    assert ratings.max() == 1.0
    assert made_up_ladders(5, 4, 1) == made_up_ladders(5, 4, 1) != made_up_ladders(5, 4, 2)


def test_every_answer_tells_more_and_the_last_one_all() -> None:
    asked = measure_asking(made_up_ladders(60, 6, 0))
    assert (asked.people, asked.steps) == (60, (6, 6))
    assert [line.order for line in asked.lines] == [name for name in ORDERS for _ in range(7)]
    for name in ORDERS:
        lines = [line for line in asked.lines if line.order == name and line.answers]
        shares = [line.steps.value or 0.0 for line in lines]
        assert shares == sorted(shares)
        assert [line.answers for line in lines] == [1, 2, 3, 4, 5, 6]
        assert lines[-1].strength.value == lines[-1].steps.value == 1.0
        assert lines[-1].points == lines[-1].points_of_strength == 0.0
        assert lines[-1].rest is None
        errors = [line.points for line in lines]
        assert errors == sorted(errors, reverse=True)
        half = asked.half(name)
        assert half[2:] == lines[2][2:]
        assert half.answers is None
        assert half.strength.low is not None
        assert half.strength.value is not None
        assert half.strength.low < half.strength.value < (half.strength.high or 0.0)


def test_half_of_the_questions_tell_most_of_it_and_what_was_promised() -> None:
    asked = measure_asking(made_up_ladders(150, 12, 0))
    half, chance = asked.half("expected information"), asked.half("at random")
    assert half.strength.value is not None
    assert chance.steps.value is not None
    assert half.strength.value > 0.9
    assert half.promised == pytest.approx(half.strength.value, abs=0.04)
    assert (half.steps.value or 0.0) > chance.steps.value
    again = next(name for name in ORDERS if "anew" in name)
    assert (asked.half(again).steps.value or 0.0) > (half.steps.value or 0.0) + 0.02


def test_the_seed_decides_and_the_progress_is_told() -> None:
    judged, seen = made_up_ladders(5, 4, 0), list[int]()
    assert measure_asking(judged, seed=1, progress=seen.append) == measure_asking(judged, seed=1)
    assert seen == [1, 2, 3, 4, 5]
    assert measure_asking(judged, seed=1) != measure_asking(judged, seed=2)


def test_ladders_are_found_where_enough_tasks_of_a_domain_were_judged() -> None:
    judged = found_ladders(answers())
    assert [one.person for one in judged] == [f"p{number:02}" for number in range(20)]
    assert all(one.truth == one.ratings for one in judged)
    assert found_ladders(answers(), least=7) == []
    assert found_ladders(study()) == []
    assert len(found_ladders(study(), least=2)) == 8


def test_what_people_have_in_common_is_learned_from_others() -> None:
    log = answers(people=200)
    judged = found_ladders(log)
    one = judged[0]
    assert [task.name for task in one.ladder.tasks] == list(TASKS), "easiest first, as others found them"
    difficulties = [task.difficulty or 0.0 for task in one.ladder.tasks]
    np.testing.assert_allclose(np.diff(difficulties), 0.45, atol=0.15)
    between = np.hypot(one.parameters.set_point_spread, one.parameters.belief_spread)
    assert 0.7 < between < 1.1
    assert 0.2 < one.parameters.task_spread < 0.6
    assert len({each.parameters.set_point_spread for each in judged}) == 5
    others = [event for event in log.events() if event.person != one.person]
    turned = [
        event._replace(value=1.0 - (event.value or 0.0))
        for event in log.events()
        if event.person == one.person
    ]
    again = found_ladders(Log.of([*turned, *others]))[0]
    assert again.parameters == one.parameters, "what somebody says themselves changes nothing of it"
    assert again.ladder == one.ladder


def test_the_first_judgement_of_a_task_counts_or_the_mean_of_all() -> None:
    first, mean = (found_ladders(answers(twice=True), means=means) for means in (False, True))
    assert first == found_ladders(answers())
    by_task = dict(zip((task.name for task in first[0].ladder.tasks), first[0].ratings, strict=True))
    for task, rating in zip(mean[0].ladder.tasks, mean[0].ratings, strict=True):
        assert rating == pytest.approx((by_task[task.name] + 1.0) / 2.0)


def test_ladders_of_different_lengths_are_measured_together() -> None:
    whole, short = answers(), Log.of([event for event in answers(seed=1).events() if event.task != "ask"])
    renamed = [event._replace(person=f"q{event.person}") for event in short.events()]
    asked = measure_asking(found_ladders(Log.of([*whole.events(), *renamed]), least=5))
    assert asked.steps == (5, 6)
    assert 0.5 < (asked.half("evenly spread").strength.value or 0.0) < 1.0
    assert asked.lines[5].strength.value == 1.0


@pytest.mark.parametrize("people", [1, 2])
def test_hardly_anybody_is_survived(people: int) -> None:
    judged = found_ladders(answers(people=people))
    assert [one.parameters for one in judged] == [Parameters()] * people
    assert all(task.difficulty == 0.0 for task in judged[0].ladder.tasks)
    assert measure_asking(judged).people == people
    assert measure_asking([]).lines == ()


def test_people_who_never_differ_are_survived() -> None:
    told = [
        Event(f"p{number}", "talks", task, 0.0, "judgement", 1.0) for number in range(6) for task in TASKS
    ]
    judged: list[Judged] = found_ladders(Log.of(told))
    assert judged[0].parameters.task_spread > 0.0
    assert measure_asking(judged).half("at random").strength.value is not None
