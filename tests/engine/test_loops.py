"""Loops, over-reach and stuck steps: what gathers, when a sign stands, and when it ends."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung import Engine, Event, Ladder, Parameters, Person
from rung.engine.loops import AVOIDANCE_LOOP, OVER_REACH, STUCK_STEP, signs

DAY = 86_400.0
P = Parameters()
UNLIMITED = P.with_values(
    {"loop_limit": 1e6, "over_reach_limit": 1e6, "stuck_limit": 1e6}, "assumption", "a test"
)
LADDER = Ladder.of("talks", "one", "two", "three")
ENGINE = Engine()


def choice(day: float, went: float) -> Event:
    return Event("ana", "talks", "two", day * DAY, "choice", went)


def attempt(day: float, outcome: float, effort: float | None = None, aid: float | None = None) -> Event:
    return Event(
        "ana", "talks", "two", day * DAY, "attempt", outcome, feedback=outcome, effort=effort, aid=aid
    )


def judgement(day: float, value: float, feared: float = 0.0) -> Event:
    return Event("ana", "talks", "two", day * DAY, "judgement", value, feared=feared)


def kinds(person: Person, at: float | None = None) -> list[str]:
    return [sign.kind for sign in ENGINE.signs(person, LADDER, at)]


def willing(days: int = 20) -> list[Event]:
    """Somebody sure who goes for it, and it works."""
    went = [event for day in range(days) for event in (choice(day, 1.0), attempt(day, 1.0))]
    return [judgement(0.0, 0.8), *went]


def in_a_loop() -> list[Event]:
    return [*willing(), *[choice(20.0 + day, 0.0) for day in range(6)]]


def test_letting_pass_what_is_usually_gone_for_is_a_loop_that_ends_with_one_step_gone_for() -> None:
    person = ENGINE.replay(in_a_loop())
    (sign,) = ENGINE.signs(person, LADDER)
    assert (sign.kind, sign.task, sign.occasions, sign.evidence) == (AVOIDANCE_LOOP, None, 6, 1.0)
    assert sign.numbers["missed"] == 6.0
    assert sign.numbers["expected"] > 4.0
    assert sign.numbers["days"] == 5.0
    assert sign.since == 20.0 * DAY
    assert kinds(ENGINE.observe(person, choice(27.0, 1.0))) == []


def test_once_let_pass_is_never_a_loop_whatever_is_judged() -> None:
    events = [*willing(), choice(20.0, 0.0), judgement(20.5, 0.1, 1.0)]
    person = ENGINE.replay(events)
    assert kinds(person) == []
    assert kinds(ENGINE.observe(person, choice(21.0, 0.0))) == [AVOIDANCE_LOOP]


def test_a_judgement_tells_of_a_loop_only_where_something_was_let_pass() -> None:
    low = judgement(20.5, 0.1, 1.0)
    assert kinds(ENGINE.replay([*willing(), low])) == []
    two = [*willing(), choice(20.0, 0.0), choice(20.2, 0.0)]
    assert kinds(ENGINE.replay(two)) == []
    assert kinds(ENGINE.replay([*two, low])) == [AVOIDANCE_LOOP]


def test_somebody_who_lets_pass_now_and_then_is_in_no_loop() -> None:
    events = [judgement(0.0, 0.7)]
    for week in range(12):
        events += [choice(7.0 * week + day, float(day not in (2, 5))) for day in range(7)]
    assert kinds(ENGINE.replay(events)) == []


def test_what_lies_long_back_is_left_in_peace() -> None:
    person = ENGINE.replay(in_a_loop())
    assert kinds(person, at=(25.0 + 28.0) * DAY) == [AVOIDANCE_LOOP]
    assert kinds(person, at=(25.0 + 28.1) * DAY) == []
    later = ENGINE.observe(person, choice(60.0, 0.0))
    assert later.domains["talks"].loop.occasions == 1


def test_failing_at_what_one_is_sure_of_is_over_reach_until_something_works() -> None:
    events = [judgement(0.0, 1.0)]
    for day in range(1, 6):
        events += [attempt(day, 0.0, effort=0.6), judgement(day + 0.5, 1.0)]
    person = ENGINE.replay(events)
    assert OVER_REACH in kinds(person)
    assert OVER_REACH not in kinds(ENGINE.observe(person, attempt(7.0, 1.0)))


def test_a_step_that_does_not_come_to_work_is_stuck_and_the_sign_names_it() -> None:
    person = ENGINE.replay([attempt(day, 0.0) for day in range(4)])
    assert STUCK_STEP not in kinds(person)
    person = ENGINE.observe(person, attempt(4.0, 0.0))
    (sign,) = (sign for sign in ENGINE.signs(person, LADDER) if sign.kind == STUCK_STEP)
    assert (sign.task, sign.numbers["missed"]) == ("two", 5.0)
    assert STUCK_STEP not in kinds(ENGINE.observe(person, attempt(5.0, 1.0)))
    assert STUCK_STEP in kinds(ENGINE.observe(person, attempt(5.0, 1.0, aid=1.0)))
    others = Ladder.of("talks", "one", "three")
    assert STUCK_STEP not in [sign.kind for sign in ENGINE.signs(person, others)]


def test_failures_without_effort_are_no_stuck_step() -> None:
    events = [attempt(day, 0.0, effort=0.1) for day in range(6)]
    assert STUCK_STEP not in kinds(ENGINE.replay(events))


def test_nobody_knows_anything_of_a_domain_without_events() -> None:
    assert ENGINE.signs(Person(), LADDER) == ()


def test_signs_on_the_way_can_be_asked_for() -> None:
    person = ENGINE.replay([*willing(), choice(20.0, 0.0)])
    (sign,) = signs(person, LADDER, None, P, least=0.1)
    assert 0.1 < sign.evidence <= 0.5


@given(outcomes=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_the_sum_is_the_best_over_all_days_on_which_it_may_have_begun(outcomes: list[float]) -> None:
    """CUSUM against brute force: the highest log likelihood ratio over change points, or nought."""
    engine = Engine(UNLIMITED)
    person = engine.replay(attempt(day, y) for day, y in enumerate(outcomes))
    steps = [y * log(0.1 / 0.5) + (1.0 - y) * log(0.9 / 0.5) for y in outcomes]
    best = max([0.0, *(sum(steps[begun:]) for begun in range(len(steps)))])
    assert person.domains["talks"].tasks[0].stuck.evidence == pytest.approx(best, abs=1e-9)


HAPPENED = st.lists(
    st.tuples(st.sampled_from(("choice", "attempt", "judgement")), st.sampled_from((0.0, 0.3, 1.0))),
    max_size=15,
)


def log_of(happened: list[tuple[str, float]], domain: str = "talks") -> list[Event]:
    events = []
    for day, (kind, value) in enumerate(happened):
        told = {"choice": float(value == 1.0)}.get(kind, value)
        events.append(Event("ana", domain, "two", day * DAY, kind, told, feared=1.0 - value))
    return events


@given(happened=HAPPENED)
@settings(max_examples=60, deadline=None)
def test_going_for_something_never_speaks_for_a_loop(happened: list[tuple[str, float]]) -> None:
    before = ENGINE.replay(log_of(happened))
    after = ENGINE.observe(before, choice(len(happened) + 0.5, 1.0))
    gathered = before.domains["talks"].loop.evidence if happened else 0.0
    assert after.domains["talks"].loop.evidence <= gathered
    assert AVOIDANCE_LOOP not in kinds(after)


@given(happened=HAPPENED)
@settings(max_examples=60, deadline=None)
def test_evidence_stays_between_nought_and_the_limit(happened: list[tuple[str, float]]) -> None:
    person = ENGINE.replay(log_of(happened))
    for state in person.domains.values():
        assert 0.0 <= state.loop.evidence <= P.loop_limit
        assert 0.0 <= state.over_reach.evidence <= P.over_reach_limit
        assert all(0.0 <= record.stuck.evidence <= P.stuck_limit for record in state.tasks)


@given(one=HAPPENED, other=HAPPENED)
@settings(max_examples=40, deadline=None)
def test_what_happens_in_another_domain_says_nothing_here(
    one: list[tuple[str, float]], other: list[tuple[str, float]]
) -> None:
    alone = ENGINE.replay(log_of(one))
    both = ENGINE.replay([*log_of(other, "meetings"), *log_of(one)])
    assert ENGINE.signs(both, LADDER, 20 * DAY) == ENGINE.signs(alone, LADDER, 20 * DAY)
    if one:
        assert both.domains["talks"].loop == alone.domains["talks"].loop


@given(happened=HAPPENED)
@settings(max_examples=40, deadline=None)
def test_signs_are_the_same_after_a_trip_through_json(happened: list[tuple[str, float]]) -> None:
    person = ENGINE.replay(log_of(happened))
    back = Person.from_json(person.to_json())
    assert back == person
    assert signs(back, LADDER, None, P, least=0.0) == signs(person, LADDER, None, P, least=0.0)
    assert all(state[-3:] == person.domains[name][-3:] for name, state in back.domains.items())
