"""The month of made-up people: the same every time, within its bounds, and moved as theory says."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.app import showing
from rung.app.showing import ASSURED_ON, DAYS, DUE_ON, RANGES, STEPS, Levers, Middle, month, place_of
from rung.engine import attribution
from rung.engine.parameters import Parameters

REST = month(Levers())
LEVERS = st.builds(
    Levers,
    coping=st.booleans(),
    **{name: st.sampled_from(range(one.low, one.high + one.by, one.by)) for name, one in RANGES.items()},
)


def ends_sure(**levers: int) -> float:
    return month(Levers(coping=False, **levers)).sure[-1].mean


def test_the_same_levers_give_the_same_month_whatever_was_asked_before() -> None:
    asked = Levers(dial=60, attribution=20, similarity=70, coping=True, credibility=40, reappraisal=90)
    before = month(asked)
    month.cache_clear()
    showing._scene.cache_clear()
    month(Levers(dial=85))
    assert month(asked) == before


@settings(max_examples=25, deadline=None)
@given(LEVERS)
def test_every_month_is_within_its_bounds(levers: Levers) -> None:
    found = month(levers)
    assert len(found.sure) == len(found.works) == len(found.lift) == DAYS + 1
    for one in (*found.sure, *found.works):
        assert 0.0 < one.low < one.high < 0.8, "the chart's scale ends there"
        assert one.low < one.mean < one.high
    assert 0.0 <= found.let_pass <= len(DUE_ON)
    assert 0.0 <= found.worked <= len(DUE_ON) - found.let_pass
    assert 0.0 <= found.hardest <= STEPS


@settings(max_examples=10, deadline=None)
@given(LEVERS)
def test_every_month_begins_at_the_same_place(levers: Levers) -> None:
    assert (month(levers).sure[0], month(levers).works[0]) == (REST.sure[0], REST.works[0])


def test_they_can_do_more_than_they_think() -> None:
    assert REST.works[0].mean > REST.sure[0].mean + 0.1


@pytest.mark.parametrize("lever", ["similarity", "attribution", "reappraisal"])
def test_more_of_it_leaves_more_belief(lever: str) -> None:
    ends = [ends_sure(**{lever: place}) for place in range(0, 101, 20)]
    assert all(later > earlier for earlier, later in pairwise(ends))


def test_who_struggled_first_says_more_unless_they_are_alike_anyhow() -> None:
    flawless, coping = (month(Levers(similarity=40, coping=coped)).sure[-1].mean for coped in (False, True))
    assert coping > flawless
    assert month(Levers(similarity=100, coping=True)) == month(Levers(similarity=100))


def test_watching_is_no_practice() -> None:
    belief, ability = (
        [getattr(month(Levers(similarity=place)), kind)[-1].mean for place in (0, 100)]
        for kind in ("sure", "works")
    )
    assert belief[1] - belief[0] > 3 * (ability[1] - ability[0]) > 0.0


def test_the_more_they_believe_an_assurance_the_higher_the_lift_and_it_is_gone_at_the_end() -> None:
    lifts = [month(Levers(credibility=place)).lift for place in range(0, 101, 20)]
    assert all(max(later) > max(earlier) for earlier, later in pairwise(lifts))
    assert max(lifts[0]) == 0.0
    for lift in lifts[1:]:
        assert lift[-1] < 0.1 * max(lift)
    assert abs(ends_sure(credibility=100) - ends_sure()) < 0.01


def test_a_lift_begins_with_the_first_assurance_and_sinks_between_two() -> None:
    wholly = month(Levers(credibility=100))
    assert wholly.sure[: ASSURED_ON[0]] == REST.sure[: ASSURED_ON[0]]
    for told, next_told in pairwise((*ASSURED_ON, DAYS + 1)):
        assert wholly.lift[told] > wholly.lift[told - 1]
        assert all(later < earlier for earlier, later in pairwise(wholly.lift[told:next_told]))


def test_belief_falls_where_success_is_luck_and_failure_is_oneself_though_most_tries_work() -> None:
    found = month(Levers(attribution=0))
    assert found.sure[-1].mean < found.sure[0].mean
    assert found.worked > 0.5 * (len(DUE_ON) - found.let_pass)


def test_a_reading_of_the_heart_moves_both_at_once() -> None:
    threat, ready = month(Levers(reappraisal=0)), month(Levers(reappraisal=100))
    assert threat.sure[1].mean < REST.sure[1].mean < ready.sure[1].mean
    assert threat.works[1].mean < REST.works[1].mean < ready.works[1].mean


def test_easier_steps_are_gone_for_more_often_and_work_more_often_but_are_easier() -> None:
    hard, easy = month(Levers(dial=50)), month(Levers(dial=90))
    assert hard.let_pass > REST.let_pass > easy.let_pass
    assert hard.worked < REST.worked < easy.worked
    assert hard.sure[-1].mean < REST.sure[-1].mean < easy.sure[-1].mean
    assert REST.hardest > easy.hardest


def test_attribution_at_rest_is_what_people_guess_by_themselves() -> None:
    sure, outcome = np.array([0.2, 0.2, 0.8]), np.array([0.0, 1.0, 0.0])
    p = Parameters()
    seen = showing._put_down(sure, outcome, 50, p)
    own = attribution.credit(sure, outcome > sure, p)
    said = attribution.credit(
        sure, outcome > sure, p, internal=seen.internal, stable=seen.stable, controllable=seen.controllable
    )
    assert np.allclose(own, said, atol=1e-12)


def test_a_lever_stands_at_the_nearest_place_that_it_has() -> None:
    assert [place_of("dial", text) for text in ("50", "52", "53", "-9", "999", "1e3")] == [
        50,
        50,
        55,
        50,
        90,
        75,
    ]
    assert [place_of("similarity", text) for text in (" 84 ", "86.5", "37,5", "-0")] == [80, 90, 40, 0]


@given(st.sampled_from(sorted(RANGES)), st.text() | st.integers().map(str) | st.floats().map(str))
def test_whatever_is_written_a_lever_stands_in_its_range(lever: str, text: str) -> None:
    known = RANGES[lever]
    assert place_of(lever, text) in range(known.low, known.high + 1, known.by)


def test_levers_at_rest_are_what_their_ranges_say() -> None:
    assert all(getattr(Levers(), name) == place_of(name, "") for name in RANGES)
    assert replace(Levers(), dial=80) != Levers()
    assert isinstance(REST.sure[0], Middle)
