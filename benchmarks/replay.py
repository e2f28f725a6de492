"""How long it takes to run the full model over many people, and what one event costs online.

    python benchmarks/replay.py [--people 100000] [--events 50] [--chunk 2000] [--json]

Made-up people try, are told, and judge, by turns. The model makes its evidence before each judgement and
foretells it, learning every person's own weights. Beside it, over the same events and in chunks of the same
size, runs a plain filter of two numbers: a belief that returns to a set point, both Gaussian,

    b <- b + k (s - b) + noise,   told = b + noise,   said = b + noise                      (Kalman 1960)

Both tell mean and sd of each judgement before it is made. Times are the best of three rounds, on one core.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction import Predictor
from rung.engine.prediction.crowd import Crowd, expect, judged
from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray

P = Parameters()
MARK = 4.0


def population(seed: int = 0) -> Population:
    """Small weights for every number: what they are does not matter here."""
    weights = 0.02 * np.random.default_rng(seed).normal(size=len(NAMES))
    return Population(weights, 0.01 * np.eye(len(PERSONAL)), 0.01)


def crowds(people: int, events: int, chunk: int, seed: int = 0) -> Iterator[Crowd]:
    """People in chunks; each tries and judges by turns."""
    random = np.random.default_rng(seed)
    for start in range(0, people, chunk):
        here = min(chunk, people - start)
        size = here * events
        tried = np.arange(size) % events % 2 == 0
        outcome = (random.random(size) < 0.6).astype(np.float64)
        columns = {
            "value": np.where(tried, outcome, random.integers(0, 101, size) / 100),
            "feedback": np.where(tried, outcome, np.nan),
            "time": np.tile(60.0 * np.arange(events), here),
        }
        nought = np.zeros(size, np.intp)
        kind = np.where(tried, "attempt", "judgement")
        yield Crowd(np.repeat(np.arange(here), events), nought, nought, kind, columns)


def full_model(crowd: Crowd, told: Population) -> FloatArray:
    """Mean and sd of each judgement but the first."""
    return np.stack(expect(judged(crowd, P), told))


def plain_filter(crowd: Crowd, events: int) -> FloatArray:
    """The same by two numbers a person, each with the variances it needs."""
    said = (crowd.kind == "judgement").reshape(-1, events)
    number = crowd.columns["value"].reshape(-1, events)
    belief, point = np.full((2, len(said)), 0.5)
    bb, bs, ss = np.full(len(said), 0.1), np.full(len(said), 0.05), np.full(len(said), 0.1)
    back, wander, noises = 0.1, 0.005, (0.3, 0.02)
    found = np.empty((2, *said.shape))
    for step in range(events):
        belief = belief + back * (point - belief)
        bb = (1 - back) ** 2 * bb + 2 * back * (1 - back) * bs + back**2 * ss + wander
        bs = (1 - back) * bs + back * ss
        now = said[:, step]
        variance = bb + np.where(now, noises[1], noises[0])
        found[0, :, step], found[1, :, step] = belief, np.sqrt(variance)
        error = (number[:, step] - belief) / variance
        belief, point = belief + bb * error, point + bs * error
        bb, bs, ss = bb - bb**2 / variance, bs - bb * bs / variance, ss - bs**2 / variance
    return found[:, said]


def seconds(work: Callable[[], object]) -> float:
    """Of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measured(people: int, events: int, chunk: int) -> dict[str, float]:
    """Seconds of each way over all people, best of three rounds; simulation is not counted."""
    told = population()
    rounds = []
    for _ in range(3):
        taken = np.zeros(3)
        for crowd in crowds(people, events, chunk):
            known = judged(crowd, P)
            taken[0] += seconds(partial(judged, crowd, P))
            taken[1] += seconds(partial(expect, known, told))
            taken[2] += seconds(partial(plain_filter, crowd, events))
        rounds.append(taken)
    evidence_, habits_, plain = np.min(rounds, axis=0).tolist()
    whole = evidence_ + habits_
    return {"evidence": evidence_, "habits": habits_, "model": whole, "plain": plain, "ratio": whole / plain}


def online(times: int = 2000) -> dict[str, float]:
    """Microseconds of one event of one person who is known by 120 events, best of five rounds."""
    predictor = Predictor()
    ana = predictor.begin()
    attempt = Event("ana", "talks", "ask", 0.0, "attempt", 1.0, 0.3, feedback=1.0)
    asked = Event("ana", "talks", "ask", 0.0, "judgement", 0.6, 0.3)
    for time_now in range(0, 120, 2):
        for event in (attempt, asked._replace(value=time_now * 7 % 11 / 10)):
            ana = predictor.observe(ana, event._replace(time=float(time_now)))
    ways: dict[str, Callable[[], object]] = {
        "attempt, learned": lambda: predictor.observe(ana, attempt._replace(time=200.0)),
        "judgement, learned": lambda: predictor.observe(ana, asked._replace(time=200.0)),
        "judgement, its distribution foretold": lambda: predictor.answer(ana, asked._replace(time=200.0)),
        "attempt, its chance foretold": lambda: predictor.chance(ana, attempt._replace(time=200.0)),
    }
    found = {}
    for name, way in ways.items():
        rounds = [seconds(partial(_again, way, times)) for _ in range(5)]
        found[name] = 1e6 * min(rounds) / times
    return found


def _again(way: Callable[[], object], times: int) -> None:
    for _ in range(times):
        way()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the model over many people, and one event online.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=50)
    parser.add_argument("--chunk", type=int, default=2000, help="people at once")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    replay, single = measured(asked.people, asked.events, asked.chunk), online()
    if asked.json:
        print(json.dumps({"people": asked.people, "events": asked.events, **replay, "microseconds": single}))
        return
    print(f"{asked.people:,} people x {asked.events} events, {asked.chunk:,} people at once\n")
    for name in ("evidence", "habits", "model", "plain"):
        print(f"{name:34}{replay[name]:8.2f} s")
    print(f"{'model / plain (mark: 4)':34}{replay['ratio']:8.1f}\n")
    for name, taken in single.items():
        print(f"{name:34}{taken:8.1f} microseconds")


if __name__ == "__main__":
    main()
