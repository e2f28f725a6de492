"""Which rows are predicted, in which order, and what may be known of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import events

from rung.engine.events import Event, turned
from rung.log import Log
from rung.research.folds import folds_of, series_of
from rung.research.questions import questions_of
from rung.research.series import TARGETS, Series


def row(
    kind: str, value: float | None = None, domain: str = "talks", time: float = 0.0, **more: object
) -> Event:
    return Event("ana", domain, "ask", time, kind, value, **more)  # type: ignore[arg-type]


def test_rows_come_in_order_of_time_and_those_of_one_moment_in_the_order_of_the_file() -> None:
    told = [
        row("note", time=2.0),
        row("judgement", 0.1, time=1.0),
        row("attempt", 1.0, time=1.0),
        row("state"),
    ]
    series = Series.of("ana", told, [3, 5, 8, 9])
    assert series.rows == (9, 5, 8, 3)
    assert [event.kind for event in series.events] == ["state", "judgement", "attempt", "note"]


def test_a_judgement_is_predicted_once_there_is_an_earlier_one_of_its_domain() -> None:
    told = [row("judgement", 0.5), row("judgement", 0.5, "exams"), row("attempt", 1.0), row("judgement", 0.5)]
    assert Series.of("ana", told, range(4)).scored("judgement") == (3,)


def test_every_choice_is_predicted_the_first_one_too() -> None:
    assert Series.of("ana", [row("choice", 1.0), row("choice", 0.0)], range(2)).scored("choice") == (0, 1)


def test_an_attempt_is_predicted_where_its_outcome_is_known_and_its_domain_has_come_up() -> None:
    told = [row("attempt", 1.0), row("attempt"), row("attempt", 0.0, "exams"), row("attempt", 0.3)]
    assert Series.of("ana", told, range(4)).scored("attempt") == (3,)


def test_a_choice_between_two_tasks_is_told_the_same_way_whichever_was_chosen() -> None:
    one = row("choice", 1.0, difficulty=2.0, context="versus:zumba")
    other = one._replace(task="zumba", context="versus:ask", difficulty=-1.0)
    assert turned(one) == one._replace(difficulty=None)
    assert turned(other) == one._replace(difficulty=None, value=0.0)
    series = Series.of("ana", [one, other], range(2))
    assert series.asked(0) == series.asked(1)
    assert series.mirrored == {1}


@given(events(people=st.just("ana")))
def test_of_a_row_that_is_asked_for_nothing_is_known_but_task_domain_time_and_difficulty(
    event: Event,
) -> None:
    asked = Series.of("ana", [event], [0]).asked(0)
    turned_event = turned(event)
    told = ("person", "domain", "task", "time", "kind", "difficulty")
    assert all(getattr(asked, name) == getattr(turned_event, name) for name in told)
    hidden = asked._replace(**dict.fromkeys(told), context="")  # type: ignore[arg-type]
    assert not any(hidden)
    assert asked.versus == turned_event.versus


def test_questions_hold_the_scored_rows_person_after_person_with_their_rows_of_the_file() -> None:
    told = [
        Event(person, "talks", "ask", time, "judgement", value)
        for person, time, value in [("b", 1, 0.1), ("a", 1, 0.2), ("b", 0, 0.3), ("a", 2, 0.4), ("c", 0, 0.5)]
    ]
    series = series_of(Log.of(told))
    questions = questions_of(series, "judgement")
    assert [one.person for one in series] == ["a", "b", "c"]
    assert questions.names == ("a", "b")
    assert questions.values.tolist() == [0.4, 0.1]
    assert questions.rows.tolist() == [3, 0]
    assert questions.people.tolist() == [0, 1]
    assert len(questions_of(series, "choice").values) == 0


def test_the_folds_are_those_of_the_protocol() -> None:
    ids = ["p10", "p2", "p1", "p30", "p20", "p3", "p11"]
    series = series_of(Log.of(Event(person, "talks", "", 0.0, "judgement", 0.5) for person in ids))
    folds = list(folds_of(series))
    shuffled = np.random.default_rng(0).permutation(sorted(ids)).tolist()
    assert [{series[place].person for place in fold.test} for fold in folds] == [
        {person for position, person in enumerate(shuffled) if position % 5 == number} for number in range(5)
    ]
    for fold in folds:
        assert sorted((*fold.test, *fold.training)) == list(range(7))


def test_fewer_than_five_people_make_as_many_folds() -> None:
    for count in (1, 2, 4):
        told = [Event(f"p{number}", "talks", "", 0.0, "judgement", 0.5) for number in range(count)]
        assert [len(fold.test) for fold in folds_of(series_of(Log.of(told)))] == [1] * count


def test_every_target_is_a_kind_of_event_and_comes_once() -> None:
    assert sorted(TARGETS) == ["attempt", "choice", "judgement"]
