"""One person event by event is the same person among many at once; nothing is read that is not known yet."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.strategies import events

from rung.engine.events import COLUMNS, Event
from rung.engine.parameters import Parameters
from rung.engine.prediction import habits, judging
from rung.engine.prediction.crowd import Crowd, Judged, expect, judged
from rung.engine.prediction.habits import OWN, PERSONAL, Population
from rung.engine.prediction.judging import Judging
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray

P = Parameters()
_NUMBERS = [column.name for column in COLUMNS if column.type in ("number", "time")]


def population(seed: int = 0) -> Population:
    """Some weights for every number, and people who differ in ways that go together."""
    random = np.random.default_rng(seed)
    root = 0.1 * random.normal(size=(len(PERSONAL), len(PERSONAL)))
    weights = 0.1 * random.normal(size=len(NAMES))
    return Population(weights, root @ root.T + 1e-4 * np.eye(len(PERSONAL)), 0.02)


POPULATION = population()


def lives(most: int = 25, **chosen: Any) -> st.SearchStrategy[list[Event]]:
    """What happened to a few people, in two domains and three tasks, in the order of a file."""
    given_all: dict[str, Any] = {
        "people": st.sampled_from(["ana", "ben", "eva"]),
        "domains": st.sampled_from(["talks", "exams"]),
        "tasks": st.sampled_from(["", "ask", "tell"]),
        "times": st.floats(-4e9, 4e9),
        "ids": False,
        "strays": True,
        **chosen,
    }
    # Judgements are half of what happens, or hardly anything would come after one.
    judgement = events(**{**given_all, "kinds": ["judgement"]})
    return st.lists(st.one_of(judgement, events(**given_all)), max_size=most)


of_one = lives(people=st.just("ana"))


def assert_close(one: Any, other: Any, name: str = "") -> None:
    np.testing.assert_allclose(one, other, rtol=0.0, atol=1e-12, err_msg=name)


def numbered(texts: Sequence[str]) -> NDArray[np.intp]:
    return np.array([sorted(set(texts)).index(text) for text in texts], np.intp)


def crowd_of(told: Sequence[Event]) -> Crowd:
    """The events as columns; a column that nobody uses is left out, as in a log."""
    columns = {name: np.array([getattr(event, name) for event in told], np.float64) for name in _NUMBERS}
    return Crowd(
        numbered([event.person for event in told]),
        numbered([event.domain for event in told]),
        numbered([event.task for event in told]),
        np.array([event.kind for event in told], dtype=np.str_),
        {
            name: column
            for name, column in columns.items()
            if name in ("time", "value") or not np.isnan(column).all()
        },
    )


class Lived(NamedTuple):
    """One person's way, event by event."""

    state: Judging
    rows: list[FloatArray]
    last: list[float]
    mean: list[float]
    sd: list[float]


def lived(told: Sequence[Event], population: Population = POPULATION, state: Judging | None = None) -> Lived:
    """A person who is asked before each judgement, and then learned from."""
    found = Lived(judging.begun(population) if state is None else state, [], [], [], [])
    for event in told:
        state = found.state
        if event.kind == "judgement" and (known := judging.before(state, event)) is not None:
            last, row = known
            expected = habits.expected(state.habits, row, population)
            found.rows.append(row)
            found.last.append(last)
            found.mean.append(float(expected.mean))
            found.sd.append(float(expected.sd))
            assert event.value is not None
            state = judging.learned(state, expected, event.value - last, population)
        found = found._replace(state=judging.after(state, event, P))
    return found


def same(one: Judging, other: Judging) -> bool:
    """The same to the last bit."""
    habits_too = all(np.array_equal(a, b) for a, b in zip(one.habits, other.habits, strict=True))
    return habits_too and repr(one.domains) == repr(other.domains)


# Many at once


def assert_same_alone(told: list[Event]) -> None:
    known = judged(crowd_of(told), P)
    means, sds = expect(known, POPULATION)
    people = sorted({event.person for event in told})
    for number, person in enumerate(people):
        alone = lived([event for event in told if event.person == person])
        mine = known.person == number
        assert mine.sum() == len(alone.rows)
        if not mine.any():
            continue
        for name, ours, theirs in zip(NAMES, known.rows[mine].T, np.array(alone.rows).T, strict=True):
            assert_close(ours, theirs, name)
        np.testing.assert_array_equal(known.last[mine], alone.last)
        assert_close(means[mine], alone.mean)
        assert_close(sds[mine], alone.sd)


JUDGES_ONE_TASK_OF_TWO = [
    ("ask", "judgement", 0.5),
    ("ask", "attempt", 0.0),
    ("tell", "attempt", 1.0),
    ("ask", "judgement", 0.6),
]


def short(*told: tuple[str, str, float | None]) -> list[Event]:
    """What happened to one person: task, kind and value."""
    return [
        Event("ana", "talks", task, float(time), kind, value) for time, (task, kind, value) in enumerate(told)
    ]


@settings(max_examples=150)
@given(lives())
@example(short(*JUDGES_ONE_TASK_OF_TWO))
def test_one_person_event_by_event_is_the_same_among_many_at_once(told: list[Event]) -> None:
    assert_same_alone(told)


def test_a_long_way_is_the_same_among_many_at_once() -> None:
    random = np.random.default_rng(1)
    kinds = ["judgement", "judgement", "attempt", "feedback", "model", "persuasion", "state", "choice"]
    told = []
    for number in range(1_500):
        kind = kinds[random.integers(len(kinds))]
        told.append(
            Event(
                f"p{random.integers(4)}",
                ("talks", "exams")[random.integers(2)],
                ("ask", "tell", "sing")[random.integers(3)],
                3600.0 * number,
                kind,
                None if kind == "state" else float(random.integers(0, 101)) / 100,
                float(random.normal()),
                feedback=float(random.random()) if random.random() < 0.7 else None,
                confidence=float(random.random()),
                arousal=float(random.random()),
                appraisal=float(random.uniform(-1, 1)),
                credibility=float(random.random()),
            )
        )
    assert_same_alone(told)


@settings(max_examples=50)
@given(lives())
def test_nobody_is_expected_otherwise_for_who_else_is_there(told: list[Event]) -> None:
    together = judged(crowd_of(told), P)
    people = sorted({event.person for event in told})
    for number, person in enumerate(people):
        mine = together.person == number
        alone = judged(crowd_of([event for event in told if event.person == person]), P)
        assert_close(together.rows[mine], alone.rows)
        assert_close(together.change[mine], alone.change)


def test_a_crowd_is_told_where_its_judgements_stand() -> None:
    told = [
        Event("ben", "talks", "ask", 0.0, "judgement", 0.2),
        Event("ana", "talks", "ask", 0.0, "judgement", 0.3),
        Event("ben", "exams", "ask", 1.0, "judgement", 0.4),
        Event("ben", "talks", "tell", 2.0, "judgement", 0.9),
        Event("ana", "talks", "ask", 3.0, "attempt", 1.0),
        Event("ana", "talks", "ask", 4.0, "judgement", 0.8),
    ]
    known = judged(crowd_of(told), P)
    assert known.place.tolist() == [3, 5]
    assert known.person.tolist() == [1, 0]
    assert known.last.tolist() == [0.2, 0.3]
    assert known.change.tolist() == pytest.approx([0.7, 0.5])


def test_nobody_at_all_is_a_crowd_too() -> None:
    for told in ([], short(("ask", "attempt", 1.0)), short(("ask", "judgement", 0.5))):
        known = judged(crowd_of(told), P)
        means, sds = expect(known, POPULATION)
        assert known.rows.shape == (0, len(NAMES))
        assert len(means) == len(sds) == 0


# No leaks


@settings(max_examples=50)
@given(of_one, events(strays=True, ids=True), st.booleans())
def test_of_what_is_asked_only_domain_task_time_and_difficulty_are_read(
    past: list[Event], other: Event, judges: bool
) -> None:
    state = lived([Event("ana", "talks", "ask", 0.0, "judgement", 0.5), *past]).state
    plain = Event("", "talks", "tell", 7.0, "judgement", difficulty=0.5)
    kind = "judgement" if judges else other.kind
    told = other._replace(domain="talks", task="tell", time=7.0, difficulty=0.5, kind=kind)
    found, same = judging.before(state, plain), judging.before(state, told)
    assert found is not None
    assert same is not None
    assert found[0] == same[0]
    np.testing.assert_array_equal(found[1], same[1])


@given(of_one, st.integers(0, 24))
def test_what_comes_later_changes_nothing_that_was_expected(past: list[Event], cut: int) -> None:
    whole, part = lived(past), lived(past[:cut])
    count = len(part.rows)
    for name in ("rows", "last", "mean", "sd"):
        np.testing.assert_array_equal(getattr(whole, name)[:count], getattr(part, name))


@settings(max_examples=50)
@given(of_one)
def test_domains_do_not_know_of_each_other_but_for_the_habits(past: list[Event]) -> None:
    together = lived(past).state
    for domain in ("talks", "exams"):
        alone = lived([event for event in past if event.domain == domain]).state
        assert repr(together.domains.get(domain)) == repr(alone.domains.get(domain))


def test_before_the_first_judgement_of_a_domain_nothing_is_expected() -> None:
    state = lived(short(("ask", "judgement", 0.5))).state
    asked = Event("ana", "exams", "ask", 9.0, "judgement")
    assert judging.before(judging.begun(POPULATION), asked) is None
    assert judging.before(state, asked) is None
    after_an_attempt = judging.after(state, asked._replace(kind="attempt", value=1.0), P)
    assert judging.before(after_an_attempt, asked) is None
    assert judging.before(state, asked._replace(domain="talks")) is not None


# State in, new state out


@settings(max_examples=50)
@given(of_one)
def test_a_log_that_is_replayed_gives_the_same_state_to_the_last_bit(past: list[Event]) -> None:
    state: Judging | None = None
    for event in past:
        state = pickle.loads(pickle.dumps(lived([event], state=state).state))
    whole = lived(past).state
    assert same(whole, lived(past).state)
    assert state is None or same(state, whole)


@settings(max_examples=50)
@given(of_one, events(people=st.just("ana"), domains=st.just("talks"), ids=False))
def test_nothing_is_written_to_what_was_given(past: list[Event], another: Event) -> None:
    state = lived(past).state
    before = pickle.dumps(state)
    lived([another, another._replace(kind="judgement", value=0.3)], state=state)
    assert pickle.dumps(state) == before


def test_somebody_of_whom_nothing_is_known_can_be_pickled() -> None:
    state = judging.begun(POPULATION)
    assert same(pickle.loads(pickle.dumps(state)), state)
    assert state.domains == {}


# What it learns


def test_habits_are_learned_over_all_domains() -> None:
    told = []
    for number in range(60):
        domain = ("talks", "exams")[number % 2]
        time = 10.0 * number
        told += [
            Event("ana", domain, "ask", time, "judgement", 0.9 if number % 4 < 2 else 0.1),
        ]
    found = lived(told, Population(np.zeros(len(NAMES)), 0.1 * np.eye(len(PERSONAL)), 0.02)).state
    alone = lived([event for event in told if event.domain == "talks"]).state
    assert found.habits.worth > alone.habits.worth
    level = PERSONAL.index("level")
    assert found.habits.own[level] < -0.3


def test_who_expects_what_happens_expects_it_of_the_same_person_again() -> None:
    """Somebody who always goes back to .5: expected at first nowhere, and then there."""
    told = [
        Event("ana", "talks", "ask", float(number), "judgement", value)
        for number, value in enumerate([0.9, 0.5, 0.1, 0.5] * 15)
    ]
    flat = Population(np.zeros(len(NAMES)), 0.3 * np.eye(len(PERSONAL)), 0.02)
    found = lived(told, flat)
    error = np.abs(np.array([event.value for event in told[1:]]) - np.array(found.last) - found.mean)
    assert error[-12:].mean() < 0.6 * error[:12].mean()
    assert np.isin(OWN, np.arange(len(NAMES))).all()


def same_judged(one: Judged, other: Judged) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@settings(max_examples=50)
@given(lives())
def test_the_columns_of_a_crowd_are_not_written_to(told: list[Event]) -> None:
    crowd = crowd_of(told)
    before = pickle.dumps(crowd)
    known = judged(crowd, P)
    assert pickle.dumps(crowd) == before
    again = pickle.loads(pickle.dumps(known))
    expect(known, POPULATION)
    assert same_judged(known, again)
