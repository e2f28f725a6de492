"""How long a fit of millions of events takes in parts, and how much memory each worker needs.

Every part makes its own events from a seed where it is worked on: people who judge and try in turn, each
with rates of their own. Reading files is not measured here (`read_log.py` does that).
Run: `python benchmarks/parts.py --people 100000 --events 100 --parts 50 --workers 1 2`; with `--whole` all
parts of a model are fitted and held against Rung's own, and the time of each stage is told.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import Crowd
from rung.research.fitting.model import fit_model
from rung.research.fitting.parts import Folded, fit_pieces, weighed
from rung.research.fitting.workers import Workers, processes


@dataclass(frozen=True)
class Simulated:
    """People who learn from their own outcomes by a delta rule, made when they are read."""

    seed: int
    people: int
    events: int

    @property
    def name(self) -> str:
        """Its number."""
        return f"part {self.seed}"

    def read(self) -> Folded:
        """The same people each time."""
        random = np.random.default_rng(self.seed)
        rounds = self.events // 2
        belief = random.uniform(0.2, 0.8, self.people)
        ability, rate = random.uniform(0.1, 0.9, self.people), random.uniform(0.05, 0.3, self.people)
        difficulty = random.normal(0.0, 1.0, (self.people, rounds))
        said, worked = np.empty((self.people, rounds)), np.empty((self.people, rounds))
        for turn in range(rounds):
            said[:, turn] = np.clip(belief + random.normal(0.0, 0.08, self.people), 0.0, 1.0)
            worked[:, turn] = random.random(self.people) < ability
            belief += rate * (worked[:, turn] - belief)
        count = self.people * rounds * 2
        value = np.stack([said, worked], axis=2).reshape(count)
        columns = {
            "value": value,
            "time": np.tile(3600.0 * np.arange(2.0 * rounds), self.people),
            "difficulty": np.repeat(difficulty, 2),
        }
        person = np.repeat(np.arange(self.people), 2 * rounds)
        kind = np.tile(np.array(["judgement", "attempt"]), self.people * rounds)
        task = np.repeat(random.integers(0, 5, self.people * rounds), 2)
        crowd = Crowd(person, np.zeros(count, np.intp), task, kind, columns)
        return Folded(crowd, person % 5, log=self.seed)


class _Watched(ProcessPoolExecutor):
    """Processes that tell their peak memory when all is done."""

    def peaks(self, count: int) -> list[float]:
        """MB of as many workers as answer."""
        futures = [self.submit(_peak, 0.2) for _ in range(4 * count)]
        return sorted(dict(future.result() for future in futures).values())


def _peak(pause: float) -> tuple[int, float]:
    time.sleep(pause)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return multiprocessing.current_process().pid or 0, peak


def measured(parts: list[Simulated], count: int) -> None:
    """Print what one way of doing it took."""
    opened: list[_Watched] = []

    def open_pool() -> Executor:
        opened.append(_Watched(count, multiprocessing.get_context("spawn")))
        return opened[-1]

    events = sum(part.people * part.events for part in parts)
    with tempfile.TemporaryDirectory() as folder, Workers(open_pool, count) as workers:
        start = time.perf_counter()
        pieces = weighed(parts, Path(folder), workers, Parameters())
        weighed_at = time.perf_counter()
        passes = 0

        def step(number: int) -> None:
            nonlocal passes
            passes = number

        fit = fit_pieces(pieces, workers, progress=step)
        done = time.perf_counter()
        kept = sum(piece.path.stat().st_size for piece in pieces) / 1e6
        peaks = ", ".join(f"{peak:.0f}" for peak in opened[-1].peaks(count))
    print(
        f"{count:>7}{weighed_at - start:>10.1f}{(done - weighed_at) / passes:>10.2f}{passes:>8}"
        f"{done - start:>9.1f}{events / (done - start):>12,.0f}{peaks:>14}{kept:>10.0f}"
    )
    print(
        f"{'':7}log likelihood {fit.log_likelihood:.6f}, {fit.people:,} people, {fit.judgements:,} judgements"
    )


@contextmanager
def timed(title: str, total: int) -> Iterator[Callable[[int], object]]:
    """Print how long a stage took."""
    start = time.perf_counter()
    yield lambda done: None
    print(f"{title:30}{time.perf_counter() - start:>8.1f} s")


def whole(parts: list[Simulated], count: int) -> None:
    """Print what each stage of a whole model took."""
    print(f"\n{count} workers")
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, processes(count) as workers:
        fitted = fit_model(parts, Path(folder), workers, bar=timed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(f"{'all':30}{time.perf_counter() - start:>8.1f} s, peak of this process {peak:.0f} MB")
    for part, outcome in fitted.outcomes.items():
        print(f"  {part}: {outcome.people:,} people, {outcome.answers:,} answers")


def main() -> None:
    """Print one row for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--parts", type=int, default=50)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--whole", action="store_true")
    told = parser.parse_args()
    parts = [Simulated(seed, told.people // told.parts, told.events) for seed in range(told.parts)]
    print(f"{told.people:,} people x {told.events} events in {told.parts} parts\n")
    if told.whole:
        for count in told.workers:
            whole(parts, count)
        return
    print("workers  evidence s  s/pass  passes  all s    events/s    peak MB each   kept MB")
    for count in told.workers:
        measured(parts, count)


if __name__ == "__main__":
    main()
