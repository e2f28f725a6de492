"""A log's columns as a crowd: what its events, one by one, come to."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.research.logs import ODD, study
from tests.strategies import events

from rung.engine.events import COLUMNS, Event
from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import Crowd, judged
from rung.log import Log, read_log
from rung.research.fitting.crowds import crowd_of, joined, some_of, versus_of
from rung.research.folds import series_of

DATA = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[4] / "shared" / "data"))
_NUMBERS = [column.name for column in COLUMNS if column.type in ("number", "time")]


def from_events(log: Log) -> Crowd:
    """The slow way: every event of everyone, in the order of their series."""
    told = list(log.events())
    places = {row: place for place, row in enumerate(log.file_rows.tolist())}
    found = [(number, told[places[row]]) for number, one in enumerate(series_of(log)) for row in one.rows]

    def numbered(texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        return np.array([sorted(set(texts)).index(text) for text in texts], np.intp)

    columns = {
        name: np.array([getattr(event, name) for _, event in found], dtype=np.float64) for name in _NUMBERS
    }
    return Crowd(
        np.array([number for number, _ in found], np.intp),
        numbered([event.domain for _, event in found]),
        numbered([event.task for _, event in found]),
        np.array([event.kind for _, event in found], dtype=np.str_),
        columns,
    )


def same_groups(one: np.ndarray, other: np.ndarray) -> bool:
    """True where two numberings put the same events together."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len({a for a, _ in pairs}) == len(pairs) == len({b for _, b in pairs})


def assert_same(log: Log) -> None:
    found, wanted = crowd_of(log), from_events(log)
    assert found.person.tolist() == wanted.person.tolist()
    assert found.kind.tolist() == wanted.kind.tolist()
    assert same_groups(found.domain, wanted.domain)
    assert same_groups(found.task, wanted.task)
    nothing = np.full(len(log), np.nan)
    for name, column in wanted.columns.items():
        assert np.array_equal(found.columns.get(name, nothing), column, equal_nan=True), name
    ours, theirs = judged(found, Parameters()), judged(wanted, Parameters())
    assert ours.place.tolist() == theirs.place.tolist()
    assert np.allclose(ours.rows, theirs.rows, rtol=0.0, atol=1e-12)


def several_domains() -> Log:
    generator = np.random.default_rng(1)
    kinds = ["judgement", "judgement", "attempt", "feedback", "state", "model", "persuasion"]
    told = []
    for _ in range(400):
        person, domain = f"p{generator.integers(12)}", ("talks", "exams", "runs")[generator.integers(3)]
        task, kind = ("", "ask", "tell")[generator.integers(3)], kinds[generator.integers(len(kinds))]
        value = None if kind == "state" else float(generator.integers(0, 101)) / 100
        time = 1.7e9 + 3600.0 * float(generator.integers(50))
        arousal = 0.3 if kind == "state" else None
        told.append(Event(person, domain, task, time, kind, value, arousal=arousal))
    return Log.of(told, timestamps=True)


def test_a_log_with_timestamps_and_several_domains_is_told_as_its_events_are() -> None:
    assert_same(several_domains())


@pytest.mark.parametrize("name", [*ODD, "study"])
def test_a_made_up_log_is_told_as_its_events_are(name: str) -> None:
    assert_same({**ODD, "study": study}[name]())


@given(st.lists(events(), max_size=30, unique_by=lambda event: event.id or id(event)))
def test_any_log_is_told_as_its_events_are(told: list[Event]) -> None:
    log = Log.of(told)
    found, wanted = crowd_of(log), from_events(log)
    assert found.person.tolist() == wanted.person.tolist()
    assert found.kind.tolist() == wanted.kind.tolist()
    assert same_groups(found.task, wanted.task)


@pytest.mark.parametrize("name", ["moebius2022", "hewitson2023_exp3"])
def test_a_published_log_is_told_as_its_events_are(name: str) -> None:
    path = DATA / f"{name}.csv.gz"
    if not path.is_file():
        pytest.skip("the development data is not here; set RUNG_DATA to its folder")
    assert_same(read_log(path))


def test_only_columns_with_numbers_are_held() -> None:
    log = Log.of([Event("ana", "talks", "ask", float(turn), "judgement", 0.5) for turn in range(3)])
    assert set(crowd_of(log).columns) == {"time", "value"}


def test_an_empty_log_is_an_empty_crowd() -> None:
    empty = crowd_of(Log.of([]))
    assert len(empty.person) == 0
    assert len(judged(empty, Parameters()).change) == 0


def test_a_part_of_a_crowd_has_those_events_alone() -> None:
    crowd = crowd_of(study(people=3))
    some = some_of(crowd, crowd.person == 1)
    assert set(some.person.tolist()) == {1}
    assert some.columns["value"].tolist() == crowd.columns["value"][crowd.person == 1].tolist()


def test_the_task_that_was_not_chosen_has_the_number_it_has_elsewhere() -> None:
    log = Log.of(
        [
            Event("bo", "talks", "ask", 2.0, "choice", 1.0, context="versus:tell"),
            Event("bo", "talks", "tell", 3.0, "choice", 1.0, context="versus:sing"),
            Event("ana", "talks", "ask", 1.0, "choice", 1.0),
            Event("ana", "talks", "ask", 2.0, "attempt", 1.0, context="versus:tell"),
        ]
    )
    crowd, versus = crowd_of(log), versus_of(log)
    assert versus is not None
    ask, tell = crowd.task[2], crowd.task[3]
    assert versus[:3].tolist() == [-1, -1, tell]
    assert versus[3] not in (-1, ask, tell)
    assert versus_of(study(people=2)) is None


def test_crowds_are_joined_with_gaps_where_one_has_no_such_column() -> None:
    plain = crowd_of(Log.of([Event("ana", "talks", "ask", 1.0, "judgement", 0.5)]))
    hard = crowd_of(Log.of([Event("bo", "talks", "ask", 2.0, "judgement", 0.4, 1.5)]))
    whole = joined([plain, hard])
    assert whole.columns["value"].tolist() == [0.5, 0.4]
    assert np.array_equal(whole.columns["difficulty"], [np.nan, 1.5], equal_nan=True)
    assert whole.kind.tolist() == ["judgement", "judgement"]
