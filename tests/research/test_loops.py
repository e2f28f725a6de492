"""Signs measured on made-up people, small: what is true of them, and what is found."""

from __future__ import annotations

import numpy as np
import pytest

from rung.engine.parameters import Parameters
from rung.research import loops
from rung.research.caught import AT_LARGE, LOOP, OVER_REACH, STEADY, STUCK, World, live
from rung.research.loops_report import loops_report
from rung.research.persuading import LAST_DAY, persuade
from rung.research.watching import Watched, watch

STRANGE = 1e-9


@pytest.fixture(scope="module")
def measured() -> loops.Measured:
    return loops.measure(40, seed=3)


def test_steady_people_stay_as_they_are() -> None:
    lived = live(30, World(STEADY), seed=1)
    assert np.ptp(lived.over, axis=0).max() < STRANGE
    assert np.isnan(lived.later).all()
    assert len(lived.logs) == 30


def test_a_loop_lowers_the_chance_to_go_from_its_day_on() -> None:
    lived = live(60, World(LOOP), seed=2)
    assert (lived.later < lived.usual).all()
    assert np.median(lived.later / lived.usual) < 0.4
    assert lived.caught_on.min() >= 21
    assert lived.caught_on.max() <= 45


def test_over_reach_is_being_surer_than_it_works_and_a_stuck_step_hardly_works() -> None:
    over, stuck = live(30, World(OVER_REACH), seed=3), live(30, World(STUCK), seed=3)
    assert over.over[-1].min() > 2.0 - STRANGE
    assert (stuck.working[-1] < 0.081).all()


def test_people_at_large_change_and_the_truth_of_that_time_is_asked() -> None:
    lived = live(30, World(AT_LARGE), seed=4)
    assert np.ptp(lived.over, axis=0).min() > 0.1
    assert isinstance(lived.is_false(LOOP, 0, 40, 60), bool)


def test_the_same_seed_gives_the_same_lives_with_any_number_of_workers() -> None:
    one, two = (watch(120, World(LOOP, 30, between=(5, 10)), 7, workers=workers) for workers in (1, 2))
    assert np.array_equal(one.evidence, two.evidence)
    assert isinstance(one, Watched)


def test_the_limits_hold_false_alarms_at_five_of_a_hundred_people_not_seen_before(
    measured: loops.Measured,
) -> None:
    assert measured.limits == loops.Limits.of(Parameters())
    for found in measured.detectors:
        if found.detector == "sequential test":
            assert found.false_alarms.low < 0.05


def test_the_sequential_test_finds_loops_as_the_rule_does_with_far_fewer_false_alarms(
    measured: loops.Measured,
) -> None:
    test, row, *_ = (found for found in measured.detectors if found.sign == LOOP)
    assert test.area.value > 0.9
    assert test.within[5].value > 0.7
    assert test.false_alarms.value < row.false_alarms.value
    assert list(test.within.values()) == sorted(test.within.values())


def test_a_curve_goes_from_nobody_to_everybody(measured: loops.Measured) -> None:
    for found in measured.detectors:
        assert found.roc[0] == (0.0, 0.0)
        assert found.roc[-1] == (1.0, 1.0)
        assert found.roc == sorted(found.roc)


def test_limits_are_such_that_one_in_twenty_has_a_false_alarm_at_most() -> None:
    limits = loops.calibrate(40, seed=5)
    assert all(1.0 < limit < 20.0 for limit in limits)


def test_persuasion_without_mastery_collapses_and_failures_take_trust() -> None:
    found = persuade(300, seed=1)
    assured, mastered, _, nothing = found.arms
    assert assured.gained > 0.2
    assert assured.share_left < 0.05
    assert mastered.share_left > 0.6
    assert nothing.gained == 0.0
    assert assured.efficacy[LAST_DAY + 1] > assured.efficacy[-1]
    trusts, lifts = ([getattr(one, name) for one in found.failed] for name in ("trust", "lift"))
    assert trusts == sorted(trusts, reverse=True)
    assert lifts[-1] < 0.5 * lifts[0]


def test_the_page_says_what_was_measured_and_loads_nothing(measured: loops.Measured) -> None:
    page = loops_report(measured, persuade(50, seed=1), seed=3)
    assert page.count("<svg viewBox") == 7
    assert "found within 3 in" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
