"""What would help first: each source where it is open and saves days, and none twice running that fades."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.planning.talk import ENGINE, LADDER, assured, chose, ids, judged, place, step, tried

from rung import Event
from rung.engine.planning.lookahead import HORIZON
from rung.engine.planning.rungs import rungs_of, stands
from rung.engine.planning.ways import SOURCES, Source, Way, ways

P = ENGINE.parameters
DOUBTING = judged(0.6, 0.5, 0.4, 0.3, 0.2)


def of(*events: Event) -> list[Way]:
    """Every way to spend the day, without bridges."""
    state = stands(ENGINE.replay(events), "talk", None, P)
    return ways(state, rungs_of(state, LADDER, P), {}, P)


def open_to(*events: Event) -> set[Source]:
    return {source for way in of(*events) for source in way.before}


def test_every_step_is_weighed_alone_and_after_each_set_of_sources_that_are_open() -> None:
    found = of(*DOUBTING)
    assert {way.before for way in found} == {(), ("model",), ("assurance",), ("model", "assurance")}
    assert len(found) == 4 * len(LADDER.tasks) == len({(way.place, way.before) for way in found})
    assert all(1.0 <= way.days <= 2.0 * HORIZON + 1.0 for way in found)


def test_reading_the_heartbeat_is_weighed_only_where_an_attempt_told_of_it() -> None:
    assert "reappraisal" not in open_to(*DOUBTING, tried(0, 1.0, 1))
    told = tried(0, 1.0, 1)._replace(arousal=0.9, appraisal=-1.0)
    assert "reappraisal" in open_to(*DOUBTING, told)
    calm = told._replace(arousal=0.0)
    assert "reappraisal" not in open_to(*DOUBTING, calm)


def test_an_assurance_is_not_weighed_again_before_two_occasions_have_passed() -> None:
    past = [*DOUBTING, assured(1)]
    assert "assurance" in open_to(*DOUBTING)
    assert "assurance" not in open_to(*past)
    assert "assurance" not in open_to(*past, tried(0, 1.0, 2))
    assert "assurance" not in open_to(*past, chose(0, 0.0, 2))
    assert "assurance" in open_to(*past, tried(0, 1.0, 2), tried(0, 1.0, 3))


def test_waiting_brings_no_assurance_back() -> None:
    person = ENGINE.replay([*DOUBTING, assured(1)])
    later = ENGINE.next_step(person, LADDER, at=60 * 86_400.0)
    assert "assurance" not in later.before


@pytest.mark.parametrize("wanted", [0.6, 0.75, 0.9])
def test_whoever_does_what_is_proposed_is_assured_at_most_every_other_time(wanted: float) -> None:
    past, advised = judged(0.9, 0.7, 0.5, 0.3, 0.1), []
    for day in range(1, 25):
        chosen = step(*past, wanted=wanted)
        advised.append("assurance" in chosen.before)
        past += [assured(day)] * advised[-1]
        at = place(chosen)
        past.append(tried(at, float(at < 4), day + 0.5))
    assert any(advised)
    assert not any(one and other for one, other in pairwise(advised))


def test_whoever_is_sure_of_everything_needs_nothing_first() -> None:
    past = [*judged(1.0, 1.0, 1.0, 1.0, 1.0), *(tried(at, 1.0, 1 + at) for at in range(5))]
    chosen = step(*past)
    assert chosen.before == ()
    assert not [reason for reason in ids(chosen) if reason.startswith("before-")]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 1.0])), max_size=12))
def test_the_best_way_to_each_step_saves_what_it_is_said_to(tries: list[tuple[int, float]]) -> None:
    past = [*DOUBTING, *(tried(at, outcome, 1.0 + day) for day, (at, outcome) in enumerate(tries))]
    chosen = step(*past)
    if chosen.days is None:
        return
    at = place(chosen)
    days = {way.before: way.days for way in of(*past) if way.place == at}
    assert chosen.days == pytest.approx(min(days.values()))
    assert days[chosen.before] == pytest.approx(chosen.days)
    for reason in chosen.reasons:
        if reason.id.startswith("before-"):
            assert reason.id.removeprefix("before-") in SOURCES
            assert reason.numbers["sooner"] == pytest.approx(days[()] - chosen.days)


def test_a_bridge_is_weighed_as_the_step_that_it_would_be() -> None:
    state = stands(ENGINE.replay(DOUBTING), "talk", None, P)
    rungs = rungs_of(state, LADDER, P)
    same = rungs[2]
    found = ways(state, rungs, {3: (same.lasting, same.able)}, P)
    (bridge,) = (way for way in found if way.is_bridge and not way.before)
    assert bridge.place == 3
    harder, easier = (
        next(way.days for way in found if way.place == at and not way.before and not way.is_bridge)
        for at in (3, 2)
    )
    assert min(harder, easier) - 1.0 <= bridge.days <= max(harder, easier) + 1.0
