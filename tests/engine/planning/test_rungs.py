"""The steps of a ladder as they stand, before anything is proposed."""

from __future__ import annotations

import pytest
from tests.engine.planning.talk import DAY, ENGINE, LADDER, NAMES, chose, judged, tried

from rung import Event, Person
from rung.engine.planning.rungs import GONE_FOR, REACH, Rung, are_all_firm, rungs_of, stands
from rung.engine.scales import logit

P = ENGINE.parameters


def of(*events: Event) -> list[Rung]:
    return rungs_of(stands(ENGINE.replay(events), "talk", None, P), LADDER, P)


def test_a_rung_says_what_the_engine_says_of_its_step() -> None:
    events = [*judged(0.9, 0.7, 0.5, 0.3, 0.1), tried(0, 1.0, 1), tried(2, 0.0, 2)]
    person = ENGINE.replay(events)
    for at, rung in enumerate(of(*events)):
        assert (rung.place, rung.task) == (at, LADDER.tasks[at])
        assert rung.chance == ENGINE.chance_of_success(person, rung.task)
        assert rung.goes == ENGINE.chance_of_approach(person, rung.task).mean


def test_of_a_stranger_the_ladder_stands_as_for_everybody() -> None:
    rungs = rungs_of(stands(Person(), "talk", None, P), LADDER, P)
    assert [rung.place for rung in rungs] == [0, 1, 2, 3, 4]
    assert not any(rung.rests or rung.is_hopeless for rung in rungs)
    odds = [rung.able for rung in rungs]
    assert odds == sorted(odds, reverse=True)


def test_belief_is_as_of_the_moment_asked_for() -> None:
    person = ENGINE.replay(judged(0.9, 0.7, 0.5, 0.3, 0.1))
    assert stands(person, "talk", 50.0 * DAY, P).time == 50.0 * DAY
    assert stands(person, "talk", None, P).time == 0.0


@pytest.mark.parametrize(("failures", "successes", "rests"), [(1, 0, False), (2, 0, True), (2, 1, False)])
def test_two_failures_in_a_row_rest_until_as_much_less_one_has_worked(
    failures: int, successes: int, rests: bool
) -> None:
    past = [tried(3, 0.0, 1.0 + day) for day in range(failures)]
    past += [tried(0, 1.0, 5.0 + day) for day in range(successes)]
    assert of(*past)[3].rests is rests


def test_three_times_let_pass_rest_until_anything_has_worked() -> None:
    passed = [chose(2, 0.0, day) for day in (1.0, 2.0, 3.0)]
    assert not of(*passed[:2])[2].rests
    assert of(*passed)[2].rests
    assert not of(*passed, tried(0, 1.0, 4))[2].rests


def test_three_failures_without_a_success_are_hopeless_and_one_success_ends_it() -> None:
    failed = [tried(3, 0.0, day) for day in (1.0, 2.0, 3.0)]
    assert of(*failed)[3].is_hopeless
    assert not of(*failed, tried(3, 1.0, 4))[3].is_hopeless


def test_against_a_step_that_failed_chances_count_and_otherwise_how_sure_one_is() -> None:
    rungs = of(*judged(0.9, 0.8, 0.7, 0.6, 0.2), tried(1, 0.0, 7), tried(1, 0.0, 8))
    for rung in rungs[2:]:
        assert rung.is_no_likelier_than(rungs[1]) is (rung.chance.mean <= rungs[1].chance.mean)
        assert rung.is_no_likelier_than(rungs[0]) is (rung.met.efficacy <= rungs[0].met.efficacy)


@pytest.mark.parametrize("wanted", [0.6, 0.75, 0.9])
def test_likely_enough_is_within_reach_of_the_dial_and_not_let_pass_most_likely(wanted: float) -> None:
    rungs = of(*judged(0.9, 0.6, 0.4, 0.2, 0.0))
    for rung in rungs:
        is_within = logit(rung.chance.mean) >= logit(wanted) - REACH
        assert rung.is_likely_enough(wanted) is (is_within and rung.goes >= GONE_FOR)
    assert rungs[0].is_likely_enough(0.6)
    assert not rungs[4].is_likely_enough(0.99)


def test_a_ladder_stands_firm_when_every_step_does() -> None:
    assert not are_all_firm(of(*judged(0.9, 0.9, 0.9, 0.9, 0.9)))
    past = [*judged(*[1.0] * 5), *(tried(at, 1.0, day) for day in range(1, 13) for at in range(len(NAMES)))]
    assert are_all_firm(of(*past))
