"""A row of evidence: each number by hand, by its name, and what holds for all of them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import events

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction import judging
from rung.engine.prediction.evidence import UNKNOWN, begun
from rung.engine.prediction.habits import OWN, PERSONAL
from rung.engine.prediction.model import Model
from rung.engine.prediction.rows import NAMES, Memory, row
from rung.engine.scales import logit, sigmoid

P = Parameters()
DAY = 86_400.0
NOTHING = Memory(*[UNKNOWN] * len(Memory._fields))._replace(other=0.0)
BEGUN = judging.begun(Model.default().judgements)
of_one = events(
    people=st.just("ana"),
    domains=st.just("talks"),
    tasks=st.sampled_from(["ask", "tell"]),
    ids=False,
)
histories = st.lists(of_one, max_size=12)


def event(kind: str, value: float | None = None, day: float = 0.0, task: str = "ask", **more: Any) -> Event:
    return Event("ana", "talks", task, day * DAY, kind, value, **more)


def numbers(*past: Event, day: float = 0.0, task: str = "ask", hard: float | None = None) -> dict[str, float]:
    """The row before a judgement, by the names of its numbers."""
    state = BEGUN
    for each in past:
        state = judging.after(state, each, P)
    known = judging.before(state, event("judgement", None, day, task, difficulty=hard))
    assert known is not None
    return dict(zip(NAMES, known[1].tolist(), strict=True))


def check(found: dict[str, float], **wanted: float) -> None:
    """Every number that a row still has is as wanted."""
    for name, number in wanted.items():
        if name in found:
            assert found[name] == pytest.approx(number, abs=1e-12), name


# Names


def test_every_number_has_one_name_and_people_differ_in_some_of_them() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len(set(PERSONAL)) == len(PERSONAL)
    assert [NAMES[place] for place in OWN] == list(PERSONAL)
    state = judging.after(BEGUN, event("judgement", 0.5), P)
    assert len(row(state.domains["talks"].evidence, 0.0, 0.0, NOTHING)) == len(NAMES)


# By hand


def test_somebody_who_judged_once_and_no_more() -> None:
    for x in (0.0, 0.2, 0.5, 1.0):
        found = numbers(event("judgement", x))
        wanted = dict.fromkeys(NAMES, 0.0) | {"one": 1.0, "level": x - 0.5, "level3": 4 * (x - 0.5) ** 3}
        wanted |= {"full": float(x == 1.0), "none": float(x == 0.0), "few": 1.0, "few_level": x - 0.5}
        bounded = min(max(x, 0.02), 0.98)
        wanted |= {"signals": bounded - x}
        check(found, **wanted)


def test_earlier_judgements_are_told_against_the_last() -> None:
    told = [0.8, 0.6, 0.6, 0.3]
    found = numbers(*(event("judgement", value) for value in told))
    quick = slow = 0.8
    repeats = 0.4
    for last, value in pairwise(told):
        quick, slow = quick + 0.4 * (value - quick), slow + 0.08 * (value - slow)
        repeats += 0.2 * ((value == last) - repeats)
    check(
        found,
        mean=sum(told) / 4 - 0.3,
        quick=quick - 0.3,
        slow=slow - 0.3,
        before=0.6 - 0.3,
        first=0.8 - 0.3,
        few=0.5,
        few_level=0.5 * -0.2,
        repeats=(repeats - 0.4) * -0.2,
    )


def test_days_count_less_the_more_there_were() -> None:
    past = [event("judgement", 0.8), event("judgement", 0.4, 1.0)]
    for days, waited in [(0.0, 0.0), (1.0, 0.5), (3.0, 0.75)]:
        check(numbers(*past, day=1.0 + days), days=waited, days_mean=waited * 0.2)
    check(numbers(*past, day=-5.0), days=0.0, days_mean=0.0)


def test_what_was_told_is_told_against_the_last_judgement() -> None:
    found = numbers(
        event("feedback", 0.1),
        event("judgement", 0.4),
        event("feedback", 0.9),
        event("attempt", 0.0, feedback=0.7),
    )
    news = 0.8 - 0.4
    quick = 0.1 + 0.4 * 0.8
    slow = 0.1 + 0.08 * 0.8
    check(
        found,
        told=news,
        told_up=news,
        told_level=news * -0.1,
        was_told=1.0,
        told_few=news,
        told_last=0.7 - 0.4,
        told_quick=quick + 0.4 * (0.7 - quick) - 0.4,
        told_slow=slow + 0.08 * (0.7 - slow) - 0.4,
    )
    check(numbers(event("judgement", 0.4), event("feedback", 0.1)), told=-0.3, told_up=0.0)


def test_outcomes_are_told_against_the_last_judgement() -> None:
    found = numbers(event("judgement", 0.4), event("attempt", 1.0), event("attempt", 0.2, confidence=0.9))
    check(
        found,
        outcome=0.6 - 0.4,
        outcome_level=0.2 * -0.1,
        was_outcome=1.0,
        last=0.2 - 0.4,
        last_size=-0.2 * 0.2,
        last_up=0.0,
        last_few=-0.2,
        outcome_quick=1.0 + 0.4 * -0.8 - 0.4,
        outcome_slow=1.0 + 0.08 * -0.8 - 0.4,
        sure=0.9 - 0.4,
    )
    later = numbers(event("judgement", 0.4), event("attempt", 1.0), event("judgement", 0.5))
    check(later, outcome=0.0, was_outcome=0.0, last=0.5, sure=0.0)


def test_theory_stands_in_units_of_the_rating() -> None:
    state = BEGUN
    past = [
        event("judgement", 0.4),
        event("attempt", 1.0, feedback=1.0),
        event("attempt", 0.0, feedback=0.0),
        event("model", 1.0),
        event("state", arousal=1.0, appraisal=-1.0),
    ]
    for each in past:
        state = judging.after(state, each, P)
    e = state.domains["talks"].evidence
    body = sigmoid(e.belief - P.arousal_on_belief) - sigmoid(e.belief)
    check(numbers(*past), good=e.good, bad=e.bad, borrowed=e.borrowed, body=body)
    assert e.good > 0.0 > e.bad
    assert e.borrowed > 0.0


def test_signals_alone_are_taken_in_at_two_fifths() -> None:
    told = [event("feedback", 1.0, credibility=0.75), event("feedback", 1.0, credibility=0.75)]
    found = numbers(event("judgement", 0.6), *told)
    check(found, signals=sigmoid(logit(0.6) + 0.4 * 2 * math.log(3)) - 0.6)


def test_difficulty_is_of_the_task_that_is_asked() -> None:
    past = [event("judgement", 0.3, difficulty=1.0), event("attempt", 1.0)]
    found = numbers(*past, hard=2.0)
    check(found, difficulty=2.0, difficulty_last=1.4, difficulty_level=-0.4, difficulty_change=1.0)
    check(numbers(*past), difficulty=0.0, difficulty_last=0.0, difficulty_level=0.0, difficulty_change=-1.0)


def test_judgements_of_the_same_task_are_told_against_the_last_of_any() -> None:
    past = [
        event("judgement", 0.2),
        event("judgement", 0.9, task="tell"),
        event("judgement", 0.4),
        event("judgement", 0.6, task="tell"),
    ]
    mean = (0.2 + 0.9 + 0.4 + 0.6) / 4
    check(numbers(*past), task=0.4 - 0.6, task_mean=0.3 - mean, like=0.3 - 0.6, other=1.0)
    check(numbers(*past, task="tell"), task=0.0, task_mean=0.75 - mean, like=0.75 - 0.6, other=0.0)
    check(numbers(*past, task="sing"), task=0.0, task_mean=0.0, like=0.0, other=1.0)


def test_judgements_after_a_like_outcome_are_told_apart() -> None:
    good, bad = event("attempt", 1.0), event("attempt", 0.0)
    past = [
        event("judgement", 0.5),
        *(good, event("judgement", 0.8)),
        *(bad, event("judgement", 0.3)),
        *(good, event("judgement", 0.9)),
    ]
    check(numbers(*past, good), like=0.85 - 0.9)
    check(numbers(*past, bad), like=0.3 - 0.9)
    check(numbers(*past), like=0.5 - 0.9)


def test_what_was_shown_at_the_task_is_told_against_the_domain_and_against_the_last_judgement() -> None:
    past = [
        event("judgement", 0.2),
        event("attempt", 0.0, feedback=0.9),
        event("judgement", 0.6, task="tell"),
        event("attempt", 0.3, confidence=0.7),
        event("attempt", 0.5),
        event("attempt", 0.1, task="tell"),
    ]
    every = (0.9 + 0.7 + 0.5 + 0.1) / 4
    check(numbers(*past), task_shown=0.7 - every, task_fresh=0.7 - 0.6)
    check(numbers(*past, task="tell"), task_shown=0.1 - every, task_fresh=0.0)
    check(numbers(*past, task="sing"), task_shown=0.0, task_fresh=0.0)


# What always holds


@given(histories, st.floats(0.0, 1.0), st.none() | st.floats(-6, 6), st.floats(-4e9, 4e9))
def test_every_number_is_finite_whatever_happened(
    past: list[Event], said: float, hard: float | None, time: float
) -> None:
    found = numbers(event("judgement", said), *past, day=time / DAY, hard=hard)
    assert all(map(math.isfinite, found.values()))
    assert found["one"] == 1.0


@given(histories, st.floats(0.0, 1.0))
def test_a_number_that_needs_what_the_log_does_not_have_says_nothing(past: list[Event], said: float) -> None:
    """Whoever only judges and is told nothing has a row of nothing but what they said."""
    judged = [each for each in past if each.kind == "judgement"]
    found = numbers(event("judgement", said), *(each._replace(difficulty=None) for each in judged))
    own = numbers(event("judgement", said), *judged)
    for name in (
        "good",
        "bad",
        "borrowed",
        "body",
        "told",
        "was_told",
        "outcome",
        "last",
        "sure",
        "difficulty",
    ):
        check(found, **{name: 0.0})
        check(own, **{name: 0.0})


def test_a_crowd_has_side_by_side_what_each_has_alone() -> None:
    random = np.random.default_rng(0)
    e = begun(P, np.zeros(50))
    trails: dict[str, Any] = {
        name: type(e.said)(*random.random((len(e.said), 50))) for name in ("said", "told", "outcome", "sure")
    }
    rest: dict[str, Any] = {name: random.normal(size=50) for name in e._fields if name not in trails}
    e = e._replace(**trails, **rest)
    e = e._replace(said=e.said._replace(count=random.integers(1, 9, 50).astype(np.float64)))
    e = e._replace(told=e.told._replace(count=np.arange(50) % 2.0, fresh=np.arange(50) % 3.0))
    memory = Memory(*np.where(random.random((len(Memory._fields), 50)) < 0.5, np.nan, 0.3))
    memory = memory._replace(other=np.arange(50) % 2.0)
    difficulty = np.where(np.arange(50) % 3 == 0, np.nan, random.normal(size=50))
    time = DAY * random.normal(size=50)
    together = np.array(np.broadcast_arrays(*row(e, difficulty, time, memory)))

    def alone(group: Any, place: int) -> Any:
        parts = (alone(part, place) if isinstance(part, tuple) else float(part[place]) for part in group)
        return type(group)(*parts)

    for place in range(50):
        mine = row(alone(e, place), float(difficulty[place]), float(time[place]), alone(memory, place))
        np.testing.assert_allclose(together[:, place], mine, rtol=0.0, atol=1e-12)
