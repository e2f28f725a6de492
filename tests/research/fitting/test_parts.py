"""A fit in parts gives what a fit in one gives, whoever does the work and whoever dies on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.research.logs import study

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import Judged, expect, judged
from rung.engine.prediction.model import Model
from rung.errors import InvalidInput, MissingExtra, PartFailed
from rung.log import Log, write_log
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.heldout import hold_out_judgements
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.mixed import Fit
from rung.research.fitting.parts import Folded, LogPart, Part, batches, fit_pieces, parts_of, weighed
from rung.research.fitting.workers import Workers, dask_cluster, in_turn, processes
from rung.research.folds import folds_of

PARAMETERS = Parameters()
PEOPLE = 14
LOG = study(people=PEOPLE, rounds=8, seed=3)
KNOWN = judged(crowd_of(LOG), PARAMETERS)
GIVEN = Model.default().judgements


@pytest.fixture(autouse=True)
def tests_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look there for the work that is defined here."""
    monkeypatch.syspath_prepend(Path(__file__).parents[3])


def fitted(parts: Sequence[Part], folder: Path, workers: Workers, without: int | None = None) -> Fit:
    return fit_pieces(weighed(parts, folder, workers, PARAMETERS), workers, without)


def assert_equal(one: Fit, other: Fit) -> None:
    for name in ("weights", "spread", "noise"):
        ours, theirs = getattr(one.population, name), getattr(other.population, name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(one.errors, other.errors, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(one.spread_errors, other.spread_errors, rtol=1e-9, atol=1e-10)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-10)
    counts = ("steps", "converged", "people", "judgements")
    assert [getattr(one, name) for name in counts] == [getattr(other, name) for name in counts]


def of_people(places: Sequence[int]) -> Judged:
    kept = np.isin(KNOWN.person, places)
    return Judged(
        KNOWN.place[kept], KNOWN.person[kept], KNOWN.rows[kept], KNOWN.last[kept], KNOWN.change[kept]
    )


# Parts


@settings(max_examples=8, deadline=None)
@given(parts=st.integers(1, PEOPLE + 3), folds=st.integers(2, PEOPLE))
def test_the_fit_is_the_same_whatever_the_partition(parts: int, folds: int) -> None:
    with TemporaryDirectory() as folder, in_turn() as workers:
        saved = parts_of(LOG, "study", Path(folder, "parts"), parts, folds)
        assert len(saved) == min(parts, PEOPLE)
        assert_equal(fitted(saved, Path(folder), workers), fit_judgements(KNOWN))


def test_the_fit_is_the_same_with_processes_as_without(tmp_path: Path) -> None:
    with processes(2) as workers:
        found = fitted(parts_of(LOG, "study", tmp_path / "parts", 4), tmp_path, workers)
    assert_equal(found, fit_judgements(KNOWN))


def test_files_of_a_log_are_read_by_whoever_works_on_them(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs the extra parquet")
    paths = []
    for number in range(3):
        some = [event for event in LOG.events() if int(event.person[1:]) % 3 == number]
        paths.append(tmp_path / f"part-{number}.parquet")
        write_log(some, paths[-1])
    with processes(2) as workers:
        assert_equal(fitted([LogPart(path) for path in paths], tmp_path, workers), fit_judgements(KNOWN))


def test_a_fold_that_is_left_out_says_nothing(tmp_path: Path) -> None:
    with in_turn() as workers:
        pieces = weighed(parts_of(LOG, "study", tmp_path / "parts", 2), tmp_path, workers, PARAMETERS)
        for number, fold in enumerate(folds_of(range(PEOPLE))):
            assert_equal(fit_pieces(pieces, workers, number), fit_judgements(of_people(fold.training)))


def test_a_batch_holds_whole_people_of_one_fold_within_its_bounds() -> None:
    crowd = crowd_of(LOG)
    folded = Folded(crowd, crowd.person % 2)
    for people, events in [(1, 10_000), (3, 10_000), (100, 70), (100, 1)]:
        found = list(batches(folded, people, events))
        assert [set((some.person % 2).tolist()) for _, some in found] == [{fold} for fold, _ in found]
        held = [sorted(set(some.person.tolist())) for _, some in found]
        assert sorted(number for numbers in held for number in numbers) == list(range(PEOPLE))
        assert all(len(numbers) <= people for numbers in held)
        assert all(len(some.person) <= max(events, 32) for _, some in found)
        assert sum(len(some.person) for _, some in found) == len(LOG)


def test_a_log_without_judgements_makes_no_pieces(tmp_path: Path) -> None:
    with in_turn() as workers:
        parts = parts_of(Log.of([]), "empty", tmp_path / "parts", 3)
        assert weighed(parts, tmp_path, workers, PARAMETERS) == []


def test_many_small_logs_fill_all_the_folds(tmp_path: Path) -> None:
    alone = [Event("ana", "talks", "ask", float(turn), "judgement", 0.5) for turn in range(3)]
    parts = [parts_of(Log.of(alone), "ana", tmp_path / str(log), 1, 5, log)[0] for log in range(7)]
    assert [int(part.read().fold[0]) for part in parts] == [0, 1, 2, 3, 4, 0, 1]
    assert [part.read().log for part in parts] == list(range(7))
    path = tmp_path / "ana.csv"
    write_log(alone, path)
    assert [int(LogPart(path, 5, log).read().fold[0]) for log in range(7)] == [0, 1, 2, 3, 4, 0, 1]


# Held out


def test_people_are_predicted_by_those_of_the_other_folds_alone(tmp_path: Path) -> None:
    populations = {
        number: fit_judgements(of_people(fold.training)).population
        for number, fold in enumerate(folds_of(range(PEOPLE)))
    }
    with in_turn() as workers:
        parts = parts_of(LOG, "study", tmp_path / "parts", 3)
        found = hold_out_judgements(parts, populations, GIVEN, workers, PARAMETERS)
    squares, scores = [], []
    for number, fold in enumerate(folds_of(range(PEOPLE))):
        known = of_people(fold.test)
        means, sds = expect(known, populations[number])
        squares += ((known.change - means) ** 2).tolist()
        scores += (np.log(sds * np.sqrt(2 * np.pi)) + 0.5 * ((known.change - means) / sds) ** 2).tolist()
    assert found is not None
    assert (found.people, found.predicted) == (PEOPLE, len(KNOWN.change))
    assert list(found.scores) == ["log score", "squared error"]
    assert found.scores["squared error"].fitted.value == pytest.approx(np.mean(squares))
    assert found.scores["log score"].fitted.value == pytest.approx(np.mean(scores))
    means, _ = expect(KNOWN, GIVEN)
    assert found.scores["squared error"].given.value == pytest.approx(np.mean((KNOWN.change - means) ** 2))


def test_what_is_held_against_itself_does_not_differ(tmp_path: Path) -> None:
    with in_turn() as workers:
        parts = parts_of(LOG, "study", tmp_path / "parts")
        found = hold_out_judgements(parts, dict.fromkeys(range(5), GIVEN), GIVEN, workers, PARAMETERS)
    assert found is not None
    assert found.scores["log score"].difference == (0.0, 0.0, 0.0)
    assert not found.is_better


# Workers


@dataclass(frozen=True)
class Counted:
    """Work that leaves a trace of each try in its folder."""

    number: int
    folder: Path

    def begin(self) -> int:
        """Which try this is, from 1."""
        tries = 1 + len(list(self.folder.glob(f"{self.number}-*")))
        Path(self.folder, f"{self.number}-{tries}").touch()
        return tries


def name_of(part: Counted) -> str:
    return f"part {part.number}"


def parts_in(folder: Path, count: int = 6) -> list[Counted]:
    return [Counted(number, folder) for number in range(count)]


def tries(folder: Path) -> list[int]:
    return [len(list(folder.glob(f"{number}-*"))) for number in range(6)]


def squared(part: Counted) -> int:
    part.begin()
    return part.number**2


def dies_once(part: Counted) -> int:
    if part.begin() == 1 and part.number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return part.number**2


def dies_always(part: Counted) -> int:
    part.begin()
    if part.number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return part.number**2


def raises(part: Counted, error: Exception) -> int:
    part.begin()
    if part.number == 2:
        raise error
    return part.number**2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_results_come_in_the_order_of_the_parts(count: int, tmp_path: Path) -> None:
    done: list[int] = []
    with processes(count) as workers:
        found = workers.over(squared, parts_in(tmp_path), name=name_of, progress=done.append)
    assert found == [0, 1, 4, 9, 16, 25]
    assert done == [1, 2, 3, 4, 5, 6]


def test_a_killed_worker_is_replaced_and_what_was_lost_is_done_again(tmp_path: Path) -> None:
    with processes(2) as workers:
        assert workers.over(dies_once, parts_in(tmp_path), name=name_of) == [0, 1, 4, 9, 16, 25]
        assert workers.over(squared, parts_in(tmp_path), name=name_of) == [0, 1, 4, 9, 16, 25]
    assert tries(tmp_path)[3] == 3


def test_a_part_that_kills_every_worker_is_named_and_no_other(tmp_path: Path) -> None:
    with processes(2) as workers, pytest.raises(PartFailed, match=r"^part 3 failed 3 times: its worker"):
        workers.over(dies_always, parts_in(tmp_path), name=name_of)
    assert tries(tmp_path)[3] == 3


@pytest.mark.parametrize("count", [1, 2])
def test_a_part_that_fails_three_times_is_named_with_its_reason(count: int, tmp_path: Path) -> None:
    failed = pytest.raises(PartFailed, match=r"^part 2 failed 3 times: OSError: no room$")
    with processes(count) as workers, failed:
        workers.over(raises, parts_in(tmp_path), OSError("no room"), name=name_of)
    assert tries(tmp_path)[2] == 3


def test_a_fault_that_rung_tells_is_not_tried_again(tmp_path: Path) -> None:
    failed = pytest.raises(PartFailed, match=r"^part 2 failed: not so$")
    with processes(2) as workers, failed:
        workers.over(raises, parts_in(tmp_path), InvalidInput("not so"), name=name_of)
    assert tries(tmp_path)[2] == 1


def test_a_log_with_faults_is_named_with_the_first_of_them(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("person,domain,time,kind,value\nana,talks,0,judgement,2\n")
    with processes(2) as workers, pytest.raises(PartFailed, match=r"^bad.csv failed: 1 fault .*value"):
        weighed([LogPart(path)], tmp_path, workers, PARAMETERS)


@dataclass(frozen=True)
class Deadly:
    """A part whose first reader dies."""

    inner: Part
    mark: Path

    @property
    def name(self) -> str:
        return self.inner.name

    def read(self) -> Folded:
        if not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.inner.read()


def test_a_fit_survives_a_worker_that_is_killed(tmp_path: Path) -> None:
    first, *others = parts_of(LOG, "study", tmp_path / "parts", 4)
    mark = tmp_path / "mark"
    with processes(2) as workers:
        found = fitted([*others[:2], Deadly(first, mark), *others[2:]], tmp_path, workers)
    assert mark.exists()
    assert_equal(found, fit_judgements(KNOWN))


# A cluster


def test_without_dask_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"rung\[dask\]"), dask_cluster("tcp://127.0.0.1:1"):
        pass


@pytest.mark.skipif(find_spec("distributed") is None, reason="a cluster needs the extra dask")
def test_an_address_that_is_none_is_told() -> None:
    with (
        pytest.raises(InvalidInput, match=r"no Dask scheduler can be reached at 'nowhere': "),
        dask_cluster("nowhere"),
    ):
        pass


@pytest.mark.skipif(find_spec("distributed") is None, reason="a cluster needs the extra dask")
def test_the_fit_is_the_same_on_a_cluster(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with (
        distributed.LocalCluster(**options) as cluster,
        dask_cluster(cluster.scheduler_address) as workers,
    ):
        found = fitted(parts_of(LOG, "study", tmp_path / "parts", 4), tmp_path, workers)
        with pytest.raises(PartFailed, match=r"^part 2 failed 3 times: OSError: no room$"):
            workers.over(raises, parts_in(tmp_path), OSError("no room"), name=name_of)
    assert_equal(found, fit_judgements(KNOWN))
