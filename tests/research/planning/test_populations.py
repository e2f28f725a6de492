"""Whole populations: the same however many work at them, and their logs are theirs."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from rung.engine.simulation import Climb, climb
from rung.errors import InvalidLog
from rung.log import check_log, read_log
from rung.research.fitting.workers import processes
from rung.research.planning.populations import Lived, live, told, write_told
from rung.research.planning.rules import Staircase
from rung.research.planning.worlds import PERSONAS

SETTING = Climb(days=40)


def same(one: Lived, other: Lived) -> bool:
    numbers = zip(np.concatenate(one[1:]), np.concatenate(other[1:]), strict=True)
    return one.people == other.people and all(left == right for left, right in numbers)


def test_sums_by_day_are_those_of_the_chunks() -> None:
    lived = live(Staircase(), 250, SETTING, seed=1, chunk=100)
    parts = [
        climb(Staircase(), size, SETTING, seed=seed)
        for size, seed in zip((100, 100, 50), np.random.SeedSequence(1).spawn(3), strict=True)
    ]
    np.testing.assert_allclose(
        lived.efficacy, (100 * parts[0].efficacy_by_day + 100 * parts[1].efficacy_by_day
                         + 50 * parts[2].efficacy_by_day) / 250
    )  # fmt: skip
    assert lived.arrivals.sum() == sum(np.isfinite(part.reached).sum() for part in parts)
    assert lived.leavers.sum() == sum(np.isfinite(part.gave_up).sum() for part in parts)
    assert lived.attempts.sum() == sum(part.attempts.sum() for part in parts)


def test_it_does_not_matter_how_many_processes_work() -> None:
    setting = PERSONAS[3].climb
    alone = live(Staircase(), 60, setting, seed=4, chunk=20)
    assert same(alone, live(Staircase(), 60, setting, seed=4, chunk=20, workers=processes(2)))
    assert not same(alone, live(Staircase(), 60, setting, seed=5, chunk=20))


def test_months_end_with_the_last_day() -> None:
    months = live(Staircase(), 100, SETTING).months()
    assert [month.day for month in months] == [30, 40]
    assert months[0].given_up <= months[1].given_up
    assert months[1].approached is not None
    assert 0.0 < months[1].approached < 1.0
    assert live(Staircase(), 10, Climb(days=30, occasions=0.0)).months()[0].approached is None


def test_when_all_have_ended_their_last_day_stands() -> None:
    lived = live(Staircase(), 3, Climb(days=3000), seed=1)
    ended = int(np.flatnonzero(lived.arrivals + lived.leavers)[-1])
    assert lived.arrivals.sum() + lived.leavers.sum() == 3
    assert len(lived.efficacy) == 3000
    assert (lived.efficacy[ended:] == lived.efficacy[ended]).all()
    assert not lived.occasions[ended + 1 :].any()


@pytest.mark.parametrize("name", ["made-up.csv", "made-up.csv.gz"])
def test_a_log_is_written_as_it_is_told_and_checks(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    events = list(told(Staircase(), 90, SETTING, 50, seed=2, chunk=40))
    write_told(iter(events), path)
    check = check_log(path)
    assert (check.is_valid, check.people, check.rows, check.duplicates) == (True, 50, len(events), 0)
    assert list(read_log(path).events()) == events
    if name.endswith(".gz"):
        first = path.read_bytes()
        write_told(iter(events), path)
        assert path.read_bytes() == first
        assert gzip.decompress(first).startswith(b"person,domain,task,")


def test_those_who_are_logged_are_those_who_lived() -> None:
    lived = live(Staircase(), 90, SETTING, seed=2, chunk=40)
    events = told(Staircase(), 90, SETTING, 90, seed=2, chunk=40)
    assert sum(event.kind == "attempt" for event in events) == lived.attempts.sum()


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "made-up.csv"
    path.write_text("as it was")
    (event,) = list(told(Staircase(), 1, SETTING, 1))[:1]
    with pytest.raises(InvalidLog):
        write_told([event._replace(value=7.0)], path)
    assert path.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [path]
