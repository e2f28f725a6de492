"""A sample has whole people, the same ones whoever works on which part, and no more than are needed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.research.logs import ODD, study

from rung.engine.events import Event
from rung.log import Log
from rung.research.chances import fit_chances
from rung.research.fitting.parts import parts_of
from rung.research.fitting.samples import Sample, draw, series_of_sample
from rung.research.fitting.workers import in_turn, processes
from rung.research.folds import folds_of, series_of
from rung.research.series import TARGETS

PEOPLE = 11
LOG = study(people=PEOPLE, rounds=6, seed=2)


def drawn(log: Log, parts: int = 1, seed: int = 0, enough: int = 50_000) -> Sample:
    with TemporaryDirectory() as folder, in_turn() as workers:
        return draw(parts_of(log, "log", Path(folder, "parts"), parts), Path(folder), workers, seed, enough)


def told_of(sample: Sample) -> list[list[tuple[float, str, float | None]]]:
    """Everybody's events, without the numbers that stand for names."""
    everyone = series_of_sample(sample, np.arange(len(sample.fold)))
    return [[(event.time, event.kind, event.value) for event in one.events] for one in everyone]


def assert_same(one: Sample, other: Sample) -> None:
    assert told_of(one) == told_of(other)
    assert one.fold.tolist() == other.fold.tolist()
    assert one.taken.tolist() == other.taken.tolist()
    assert one.people == other.people


@settings(max_examples=10, deadline=None)
@given(parts=st.integers(1, PEOPLE + 2), enough=st.integers(1, 80))
def test_the_same_people_are_drawn_whatever_the_partition(parts: int, enough: int) -> None:
    assert_same(drawn(LOG, parts, enough=enough), drawn(LOG, enough=enough))


def test_the_same_people_are_drawn_with_processes_as_without(tmp_path: Path) -> None:
    with processes(2) as workers:
        found = draw(parts_of(LOG, "log", tmp_path / "parts", 4), tmp_path, workers, enough=20)
    assert_same(found, drawn(LOG, enough=20))


def test_another_seed_draws_others() -> None:
    assert told_of(drawn(LOG, enough=20)) != told_of(drawn(LOG, seed=1, enough=20))


@given(enough=st.integers(1, 80))
@settings(max_examples=10, deadline=None)
def test_nobody_is_drawn_once_enough_was_answered(enough: int) -> None:
    sample = drawn(LOG, enough=enough)
    for target, each in zip(TARGETS, (5, 6, 6), strict=True):
        wanted = min(PEOPLE, -(-enough // each))
        assert len(sample.of(target)) == wanted
    assert sample.people == (PEOPLE, PEOPLE, PEOPLE)
    assert all(len(events) == 24 for events in told_of(sample))


def test_who_was_drawn_stays_in_the_fold_that_they_were_dealt() -> None:
    sample, everyone = drawn(LOG, parts=3), series_of(LOG)
    told = [[(event.time, event.kind, event.value) for event in one.events] for one in everyone]
    fold = {place: number for number, fold in enumerate(folds_of(everyone)) for place in fold.test}
    assert [fold[told.index(events)] for events in told_of(sample)] == sample.fold.tolist()


def test_people_of_several_logs_are_told_apart(tmp_path: Path) -> None:
    logs = [study(people=3, rounds=4, seed=seed) for seed in range(2)]
    parts = [
        part
        for number, log in enumerate(logs)
        for part in parts_of(log, "log", tmp_path / str(number), 2, number=number)
    ]
    with in_turn() as workers:
        sample = draw(parts, tmp_path, workers)
    assert len(sample.fold) == 6
    assert all(len(events) == 16 for events in told_of(sample))


def test_of_many_small_logs_not_only_the_first_are_drawn(tmp_path: Path) -> None:
    parts = []
    for number in range(8):
        alone = [Event("ana", "talks", "ask", 10.0 * number + turn, "judgement", 0.5) for turn in range(3)]
        parts += parts_of(Log.of(alone), "log", tmp_path / str(number), number=number)
    found = set()
    with in_turn() as workers:
        for seed in range(6):
            sample = draw(parts, tmp_path, workers, seed, 4)
            found.add(tuple(sorted(events[0][0] for events in told_of(sample))))
    assert all(len(times) == 2 for times in found)
    assert len(found) > 3


@pytest.mark.parametrize("name", ["choices between two", "only choices", "two people", "partial outcomes"])
def test_a_sample_teaches_chances_as_the_log_does(name: str) -> None:
    log = ODD[name]()
    sample = drawn(log, parts=2)
    everyone = series_of_sample(sample, np.arange(len(sample.fold)))
    for target in ("attempt", "choice"):
        found, wanted = fit_chances(everyone, target).weights, fit_chances(series_of(log), target).weights
        np.testing.assert_allclose(found.mean, wanted.mean, atol=1e-8)
        np.testing.assert_allclose(found.covariance, wanted.covariance, atol=1e-8)
        assert found.dispersion == pytest.approx(wanted.dispersion)


def test_who_answered_nothing_is_not_drawn() -> None:
    silent = [
        Event("bo", "talks", "ask", 1.0, "feedback", 0.5),
        Event("bo", "talks", "ask", 2.0, "judgement", 1.0),
    ]
    sample = drawn(Log.of([*study(people=1).events(), *silent]))
    assert sample.people == (1, 1, 1)
    assert len(told_of(sample)) == 1


@pytest.mark.parametrize("log", [Log.of([]), Log.of([Event("ana", "talks", "ask", 0.0, "note")])])
def test_where_nobody_answered_nobody_is_drawn(log: Log) -> None:
    sample = drawn(log)
    assert sample.people == (0, 0, 0)
    assert not len(sample.fold)
    assert series_of_sample(sample, sample.of("choice")) == []
