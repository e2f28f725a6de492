"""What always holds, whatever happens: laws of the filter, on random histories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.strategies import events

from rung import Engine, Event, Person, Task
from rung.engine.dynamics import advance
from rung.engine.events import in_order
from rung.engine.state import BELIEF, LIFT, MAX_TASKS, DomainState
from rung.errors import EventOutOfOrder, InvalidEvent

ENGINE = Engine()
DAY = 86_400.0
shares = st.floats(0.0, 1.0)
tasks = st.sampled_from(["", "one", "two", "three"])


def histories(
    *, domains: list[str] | None = None, kinds: tuple[str, ...] | None = None, most: int = 12
) -> Any:
    """Up to a dozen events of one person in a few domains, over a few months, in order."""
    given_kinds = {} if kinds is None else {"kinds": kinds}
    event = events(
        people=st.just("ana"),
        domains=st.sampled_from(domains or ["talks"]),
        tasks=tasks,
        times=st.floats(0, 100 * DAY),
        ids=False,
        **given_kinds,  # type: ignore[arg-type]
    )
    return st.lists(event, max_size=most).map(in_order)


def beliefs_equal(one: DomainState, other: DomainState) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.belief, other.belief, strict=True))


def close(one: DomainState, other: DomainState) -> None:
    for part in ("belief", "ability"):
        for a, b in zip(getattr(one, part), getattr(other, part), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
    for name in ("openness", "trust", "arousal", "appraisal", "approach_mean", "approach_variance"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-9)


@given(histories(), st.floats(-3, 3), st.floats(0.01, 3))
def test_efficacy_is_a_chance_that_falls_with_difficulty(
    past: list[Event], difficulty: float, more: float
) -> None:
    person = ENGINE.replay(past)
    easy, hard = (ENGINE.efficacy(person, Task("talks", "one", b)) for b in (difficulty, difficulty + more))
    assert 0.0 < hard.mean < easy.mean < 1.0
    assert 0.0 <= hard.low <= hard.mean <= hard.high <= 1.0


@given(histories())
def test_every_state_is_finite_and_every_covariance_positive(past: list[Event]) -> None:
    for state in ENGINE.replay(past).domains.values():
        for g in (state.belief, state.ability):
            assert np.isfinite(g.mean).all()
            np.testing.assert_allclose(g.covariance, g.covariance.T, atol=1e-9)
            assert np.linalg.eigvalsh(g.covariance).min() > -1e-9
        assert 0.0 < state.openness <= ENGINE.parameters.openness_limit
        assert 0.0 <= state.trust <= 1.0


@given(histories(), st.floats(0, 400), st.floats(0, 400))
def test_a_gap_of_time_split_in_two_equals_the_whole(past: list[Event], first: float, second: float) -> None:
    assume(past)
    state = ENGINE.replay(past).domains["talks"]
    p = ENGINE.parameters
    whole = advance(state, state.time + (first + second) * DAY, p)
    split = advance(advance(state, state.time + first * DAY, p), state.time + (first + second) * DAY, p)
    close(whole, split)


@given(histories(), st.floats(0.001, 400))
def test_time_alone_draws_belief_to_its_set_point_fades_the_lift_and_takes_of_ability_only_practice(
    past: list[Event], days: float
) -> None:
    assume(past)
    state = ENGINE.replay(past).domains["talks"]
    later = advance(state, state.time + days * DAY, ENGINE.parameters)
    set_point = state.belief.mean[1]
    assert later.belief.mean[1] == set_point
    assert abs(later.belief.mean[BELIEF] - set_point) <= abs(state.belief.mean[BELIEF] - set_point) + 1e-9
    assert abs(later.belief.mean[LIFT]) <= abs(state.belief.mean[LIFT]) + 1e-12
    np.testing.assert_array_equal(later.belief.mean[3:], state.belief.mean[3:])
    forgotten = state.practised - later.practised
    assert 0.0 <= forgotten <= state.practised
    assert later.ability.mean[0] == pytest.approx(state.ability.mean[0] - forgotten, abs=1e-12)
    np.testing.assert_array_equal(later.ability.mean[1:], state.ability.mean[1:])


@given(histories(), st.floats(0.001, 400), st.floats(1.0, 400))
def test_the_longer_nothing_is_done_the_more_of_practice_is_gone_but_never_all(
    past: list[Event], days: float, more: float
) -> None:
    state = ENGINE.replay([*past, Event("ana", "talks", "one", 100 * DAY, "attempt", 1.0)]).domains["talks"]
    soon, late = (advance(state, state.time + gap * DAY, ENGINE.parameters) for gap in (days, days + more))
    assert 0.0 < late.practised < soon.practised < state.practised


@given(histories(), st.sampled_from([0.0, 1.0]))
def test_going_for_a_step_or_avoiding_it_leaves_belief_where_it_is(past: list[Event], went: float) -> None:
    now = past[-1].time if past else 0.0
    person = ENGINE.replay([*past, Event("ana", "talks", "one", now, "note")])
    after = ENGINE.observe(person, Event("ana", "talks", "one", now, "choice", went))
    assert beliefs_equal(person.domains["talks"], after.domains["talks"])
    assert after.domains["talks"].openness == person.domains["talks"].openness


@given(histories(), shares)
def test_an_outcome_that_nobody_told_them_leaves_belief_where_it_is(
    past: list[Event], outcome: float
) -> None:
    now = past[-1].time if past else 0.0
    person = ENGINE.replay([*past, Event("ana", "talks", "one", now, "note")])
    after = ENGINE.observe(person, Event("ana", "talks", "one", now, "attempt", outcome))
    assert beliefs_equal(person.domains["talks"], after.domains["talks"])
    before, then = (ENGINE.ability(each, "talks") for each in (person, after))
    assert before != then


@given(histories(), shares)
def test_asking_how_sure_they_are_leaves_ability_where_it_is(past: list[Event], rating: float) -> None:
    now = past[-1].time if past else 0.0
    person = ENGINE.replay([*past, Event("ana", "talks", "one", now, "note")])
    after = ENGINE.observe(person, Event("ana", "talks", "one", now, "judgement", rating))
    np.testing.assert_array_equal(person.domains["talks"].ability.mean, after.domains["talks"].ability.mean)
    assert after.domains["talks"].openness == person.domains["talks"].openness


@settings(max_examples=300)
@given(
    histories(kinds=("judgement", "attempt", "feedback", "model", "persuasion", "choice")),
    shares,
    st.floats(-2, 2),
    st.tuples(*[st.none() | shares] * 5),
)
def test_good_news_never_lowers_efficacy_and_bad_news_never_raises_it(
    past: list[Event], outcome: float, difficulty: float, told: tuple[float | None, ...]
) -> None:
    internal, stable, controllable, aid, effort = told
    now = past[-1].time if past else 0.0
    person = ENGINE.replay(past)
    attempt = Event(
        "ana", "talks", "one", now, "attempt", outcome, difficulty, feedback=outcome,
        internal=internal, stable=stable, controllable=controllable, aid=aid, effort=effort,
    )  # fmt: skip
    after = ENGINE.observe(person, attempt)
    for name in ("", "one", "two"):
        task = Task("talks", name, difficulty)
        before, then = ENGINE.efficacy(person, task).mean, ENGINE.efficacy(after, task).mean
        if outcome > ENGINE.efficacy(person, Task("talks", "one", difficulty)).mean:
            assert then >= before - 1e-12
        else:
            assert then <= before + 1e-12


@given(histories(domains=["talks", "exams", "running"], most=20))
def test_unrelated_domains_do_not_know_of_each_other(past: list[Event]) -> None:
    together = ENGINE.replay(past)
    for domain in ("talks", "exams", "running"):
        alone = ENGINE.replay([event for event in past if event.domain == domain])
        if domain in alone.domains:
            assert replace(alone, time=together.time) == Person(
                {domain: together.domains[domain]}, time=together.time
            )


@given(histories(domains=["talks", "exams"]), st.randoms())
def test_however_events_arrive_the_state_is_the_same(past: list[Event], shuffler: Any) -> None:
    coarse = [event._replace(time=float(round(event.time / (20 * DAY)))) for event in past]
    arrived = list(coarse)
    shuffler.shuffle(arrived)
    assert ENGINE.replay(coarse) == ENGINE.replay(arrived)


@given(histories(domains=["talks", "exams"]))
def test_a_state_is_the_same_after_a_trip_through_json_and_goes_on_the_same(past: list[Event]) -> None:
    half = len(past) // 2
    straight = ENGINE.replay(past)
    stored = Person.from_json(ENGINE.replay(past[:half]).to_json())
    assert Person.from_json(straight.to_json()).to_json() == straight.to_json()
    assert ENGINE.replay(past[half:], stored) == straight


@given(histories())
def test_one_by_one_is_the_same_as_replay(past: list[Event]) -> None:
    person = Person()
    for event in past:
        person = ENGINE.observe(person, event)
    assert person == ENGINE.replay(past)


@given(shares, shares)
def test_what_is_learned_spreads_to_related_domains_by_the_square(outcome: float, relatedness: float) -> None:
    attempt = Event("ana", "talks", "", 0.0, "attempt", outcome, feedback=outcome)
    start = Person(relatedness={("talks", "meetings"): relatedness})
    after = ENGINE.observe(start, attempt)
    here = after.domains["talks"].belief.mean[BELIEF]
    there = after.domains["meetings"].belief.mean[BELIEF] if "meetings" in after.domains else 0.0
    assert there == pytest.approx(relatedness**2 * here, abs=1e-12)


def test_which_way_round_two_domains_are_related_does_not_matter() -> None:
    attempt = Event("ana", "talks", "", 0.0, "attempt", 1.0, feedback=1.0)
    one, other = (
        ENGINE.observe(Person(relatedness={pair: 0.5}), attempt)
        for pair in (("talks", "meetings"), ("meetings", "talks"))
    )
    assert one == other


def test_a_person_without_events_has_wide_intervals_and_says_so() -> None:
    estimate = ENGINE.efficacy(Person(), Task("talks", "one"))
    assert estimate.mean == 0.5
    assert estimate.high - estimate.low > 0.6
    assert estimate.missing is not None


def test_ten_thousand_events_and_a_thousand_tasks_stay_finite_and_bounded() -> None:
    generator = np.random.default_rng(3)
    kinds = ("judgement", "attempt", "feedback", "choice")
    past = [
        Event(
            "ana", "talks", f"task {generator.integers(1000)}", float(second),
            kind := kinds[int(generator.integers(4))], float(generator.integers(2)),
            feedback=float(generator.integers(2)) if kind == "attempt" else None,
        )
        for second in range(10_000)
    ]  # fmt: skip
    state = ENGINE.replay(past).domains["talks"]
    assert len(state.tasks) == MAX_TASKS
    assert np.isfinite(state.belief.mean).all()
    assert np.linalg.eigvalsh(state.belief.covariance).min() > -1e-9
    assert abs(float(state.ability.mean[0])) < 6.0


def test_an_event_older_than_the_state_is_refused_and_says_what_to_do() -> None:
    person = ENGINE.observe(Person(), Event("ana", "talks", "", 10.0, "judgement", 0.5))
    with pytest.raises(EventOutOfOrder, match="replay the whole log"):
        ENGINE.observe(person, Event("ana", "talks", "", 9.0, "judgement", 0.5))


def test_a_faulty_event_is_refused_with_every_fault() -> None:
    faulty = Event("", "talks", "", float("nan"), "judgment", 1.5, appraisal=-2.0)
    with pytest.raises(InvalidEvent) as caught:
        ENGINE.observe(Person(), faulty)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "person", "time", "value", "appraisal", "kind",
    ]  # fmt: skip


def test_an_event_that_needs_a_value_is_refused_without_one_even_in_a_replay() -> None:
    with pytest.raises(InvalidEvent, match="a judgement needs one"):
        ENGINE.replay([Event("ana", "talks", "", 0.0, "judgement")])


def test_after_thousands_of_successes_nothing_is_less_certain_than_after_hundreds() -> None:
    person = Person()
    widths, expected = [], []
    for number in range(2000):
        person = ENGINE.observe(
            person, Event("ana", "talks", "", float(number), "attempt", 1.0, feedback=1.0)
        )
        if number in (300, 1999):
            estimate = ENGINE.efficacy(person, Task("talks"))
            widths.append(estimate.high - estimate.low)
            expected.append(ENGINE.calibration(person, "talks").expected)
    assert widths[1] <= widths[0] < 0.1
    assert expected[1] >= expected[0]


def test_a_difficulty_told_once_holds_until_another_is_told() -> None:
    told = Event("ana", "talks", "one", 0.0, "judgement", 0.5, difficulty=1.5)
    person = ENGINE.replay([told, Event("ana", "talks", "one", 1.0, "choice", 1.0)])
    assert ENGINE.efficacy(person, Task("talks", "one")) == ENGINE.efficacy(person, Task("talks", "one", 1.5))
    rated = ENGINE.replay([Event("ana", "talks", "one", 0.0, "judgement", 0.5, difficulty_rated=0.9)])
    assert ENGINE.efficacy(rated, Task("talks", "one")).mean == pytest.approx(0.5, abs=0.05)


def test_extremes_of_difficulty_and_time_stay_finite() -> None:
    past = [
        Event("ana", "talks", "one", time, kind, 1.0, difficulty, feedback=1.0 if kind == "attempt" else None)
        for time in (-1e307, -4e9, 0.0, 4e9, 1e307)
        for kind in ("judgement", "attempt", "feedback")
        for difficulty in (-1e300, -50.0, 50.0, 1e300)
    ]
    state = ENGINE.replay(past).domains["talks"]
    assert np.isfinite(state.belief.mean).all()
    assert np.isfinite(state.ability.covariance).all()


@pytest.mark.parametrize("number", [np.float64, np.float32, int])
def test_any_sort_of_number_may_be_given(number: Any) -> None:
    attempt = Event("ana", "talks", "one", number(0), "attempt", number(1), feedback=number(1))
    plain = Event("ana", "talks", "one", 0.0, "attempt", 1.0, feedback=1.0)
    assert ENGINE.observe(Person(), attempt).to_json() == ENGINE.observe(Person(), plain).to_json()


def test_a_replay_refuses_faults_and_a_second_person() -> None:
    with pytest.raises(InvalidEvent, match="7 is not between"):
        ENGINE.replay([Event("ana", "talks", "", 0.0, "judgement", 7.0)])
    with pytest.raises(InvalidEvent, match="'ben' stands among the events of 'ana'"):
        ENGINE.replay([Event(name, "talks", "", 0.0, "judgement", 0.7) for name in ("ana", "ben")])


def test_without_a_time_the_answer_is_as_of_the_last_event_of_any_domain() -> None:
    tense = Event("ana", "talks", "", 0.0, "state", arousal=1.0, appraisal=-1.0)
    person = ENGINE.replay([tense, Event("ana", "exams", "", 365 * DAY, "note")])
    assert ENGINE.efficacy(person, Task("talks")).mean == pytest.approx(0.5, abs=1e-9)
