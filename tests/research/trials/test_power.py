"""Power and sample size of whole designs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import sqrt

import numpy as np
import pytest
from tests.research.trials.designs import PLAIN, design
from tests.research.trials.test_comparing import binomial_bounds

from rung.research.fitting.workers import processes
from rung.research.trials.blocks import blocks_of
from rung.research.trials.examples import example, names
from rung.research.trials.power import plan
from rung.research.trials.reading import read_design
from rung.research.trials.results import Contrast, Curve, Planned, shares_of
from rung.research.trials.sizing import by_formula, grid, reached, rising, sizing
from rung.research.trials.student import power
from rung.research.trials.tables import primary_contrast, primary_sizings

SAME = ('kind = "model"', 'kind = "attempt"')
STRONG = ("[[tasks]]", "[people]\nability = 3.0\nspread = 0.5\n\n[[tasks]]")
LEAVING = ("[ladders]", "[drop_out]\na_day = 0.04\n\n[ladders]")


def test_arms_that_get_the_same_differ_as_often_as_alpha() -> None:
    planned = plan(design(SAME), 2000)
    for contrast in planned.contrasts:
        low, high = binomial_bounds(planned.alpha, planned.trials)
        assert low <= contrast.power.value * planned.trials <= high
        assert contrast.adjusted_power is not None
        assert low <= contrast.adjusted_power.value * planned.trials <= high
    assert all(one.formula is None and one.checked is None for one in primary_sizings(planned))


def test_the_size_by_formula_has_its_power_in_simulated_trials() -> None:
    planned = plan(design(STRONG), 2000)
    for one in primary_sizings(planned):
        assert one.formula is not None
        assert one.checked is not None
        assert one.checked.value == pytest.approx(one.wanted, abs=0.05)
        assert one.simulated == pytest.approx(one.formula, rel=0.2)
        assert one.low is not None
        assert one.simulated is not None
        assert one.low <= one.simulated
        assert one.if_half is not None
        assert one.if_three_quarters is not None
        assert one.if_half > one.if_three_quarters > one.formula


def test_power_is_near_that_of_the_closed_form() -> None:
    planned = plan(design(STRONG), 2000)
    found = primary_contrast(planned)
    assert found.g is not None
    assert found.power.value == pytest.approx(power(found.g, 20, 20, 0.05), abs=0.05)
    curve = next(one for one in planned.curves if (one.measure, one.day) == ("efficacy", 9.0))
    at = dict(zip(curve.sizes, curve.power, strict=True))[20]
    assert at.value == pytest.approx(found.power.value, abs=5 * sqrt(0.5 / 2000))


def test_the_seed_decides_and_the_number_of_workers_does_not() -> None:
    planned = design(LEAVING)
    first = plan(planned, 60, seed=3)
    assert first == plan(planned, 60, seed=3)
    assert first != plan(planned, 60, seed=4)
    with processes(2) as workers:
        assert first == plan(planned, 60, seed=3, workers=workers)


def test_blocks_hold_all_trials_and_fit_into_memory() -> None:
    parts = blocks_of(design(), 1001, (10, 400), seed=1, stage=0)
    assert sum(part.trials for part in parts) == 1001
    assert max(part.trials * 800 for part in parts) <= 20_000
    assert [part.number for part in parts] == list(range(len(parts)))
    assert {part.trials for part in blocks_of(design(), 3, (50_000,), seed=1, stage=0)} == {1}


def test_who_leaves_is_told_and_completers_stand_beside_everybody() -> None:
    planned = plan(design(LEAVING), 300)
    assert [arm.left for arm in planned.arms] == pytest.approx([1 - 0.96**9] * 2, abs=0.02)
    assert {one.analysis for one in planned.contrasts} == {"intention to treat", "completers"}
    assert {one.analysis for one in plan(design(), 20).contrasts} == {"intention to treat"}


def test_what_is_lost_is_carried_forward() -> None:
    gone = ("[ladders]", "[drop_out]\na_day = 1.0\nfollowed = false\n\n[ladders]")
    one = plan(design(gone), 50)
    last = [contrast for contrast in one.contrasts if contrast.measure == "score"]
    everybody, completers = last
    assert everybody.adjusted_g == pytest.approx(0.0, abs=1e-9)
    assert completers.g is None
    assert completers.power.value == 0.0
    assert [reading.mean for reading in one.readings if reading.day == 9.0] == [None] * 4


def test_progress_is_told_for_both_stages() -> None:
    told: list[tuple[str, int, int]] = []

    @contextmanager
    def bar(title: str, total: int) -> Iterator[Callable[[int], object]]:
        yield lambda done: told.append((title, done, total))

    plan(design(), 20, bar=bar)
    assert {title for title, *_ in told} == {"Running trials", "Looking at sample sizes"}
    assert all(done <= total for _, done, total in told)


def test_more_people_than_a_curve_holds_are_left_out_of_it() -> None:
    planned = plan(design(('kind = "attempt"', 'kind = "attempt"\nattendance = 0.5'), STRONG), 20)
    assert max(planned.curves[0].sizes) <= 2000
    assert planned.curve_trials <= 20


@pytest.mark.parametrize("name", names())
def test_every_example_runs(name: str) -> None:
    planned = plan(read_design(example(name)), 60)
    assert all(0.0 <= one.power.low <= one.power.value <= one.power.high <= 1.0 for one in planned.contrasts)
    assert primary_contrast(planned).g is not None


def test_participating_beats_watching_and_watching_waiting() -> None:
    planned = plan(read_design(example("participant-modelling")), 400)
    gains = {
        (one.one, one.other): one.g
        for one in planned.contrasts
        if (one.measure, one.day) == ("efficacy", 7.0)
    }
    doing, watching = ("participant modelling", "watching"), ("watching", "waiting")
    assert (gains[doing] or 0.0) > (gains[watching] or 0.0) > 0.0


def test_reappraisal_beats_none() -> None:
    found = primary_contrast(plan(read_design(example("reappraisal")), 400))
    assert found.low is not None
    assert found.g is not None
    assert found.error is not None
    assert found.g > 3 * found.error


def test_the_model_hardly_tells_effort_from_ability_feedback() -> None:
    found = primary_contrast(plan(read_design(example("feedback")), 400))
    assert found.g == pytest.approx(0.0, abs=0.06)


def test_a_plain_file_has_one_pair_and_every_day() -> None:
    planned = plan(read_design(PLAIN), 20)
    assert [(one.measure, one.day) for one in planned.contrasts] == [
        ("efficacy", 2.0),
        ("efficacy", 9.0),
        ("score", 9.0),
    ]
    assert {(one.measure, one.day) for one in planned.readings} >= {("efficacy", None), ("score", None)}
    assert isinstance(planned, Planned)


@pytest.mark.parametrize("seed", range(5))
def test_a_rising_curve_rises_and_keeps_the_mean(seed: int) -> None:
    shares = np.random.default_rng(seed).random(12).tolist()
    curve = rising(shares)
    assert curve == sorted(curve)
    assert sum(curve) == pytest.approx(sum(shares))


def test_sizes_reach_a_power_or_do_not() -> None:
    assert reached([4, 8], [0.9, 0.95], 0.8) == 4
    assert reached([4, 8], [0.2, 0.3], 0.8) is None
    assert reached([4, 8], [0.2, 0.8], 0.8) == 8
    assert grid(4, []) == (4,)
    assert grid(2, [2]) == (2,)


def test_an_arm_twice_as_large_takes_fewer_in_the_other() -> None:
    contrast = Contrast(
        "m", 1.0, "a", "b", "intention to treat", 0.5, 0.01, 0.1, 0.9, shares_of([5], 10)[0], None, None
    )
    curve = Curve("m", 1.0, "a", "b", (4, 64), shares_of([1, 9], 10), None)
    even, twice = (sizing(contrast, curve, 0.8, 0.05, (1.0, ratio)) for ratio in (1.0, 2.0))
    assert even.formula == 64
    assert even.checked == curve.power[1]
    assert even.adjusted is None
    assert twice.formula is not None
    assert twice.formula < 64
    assert by_formula(contrast, 0.8, 0.05, (2.0, 2.0)) == 32
    assert by_formula(contrast._replace(error=0.3), 0.8, 0.05, (1.0, 1.0)) is None
