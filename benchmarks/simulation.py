"""How fast people are simulated, against the same agents in mesa; and a year of a hundred thousand people.

    python benchmarks/simulation.py [--agents 1000] [--people 100000] [--days 365] [--workers 2] [--json]

`mesa`: an Agent for each person, whose step is a day of `rung.engine.simulation.daily.climb` in Python
floats: by the same functions of the engine, the same ladder and the same policy (one up after a success, one
down after a failure), from the same people. What does not change from day to day is worked out once.
`arrays`: `climb` in chunks, in one process. `workers`: the same in several processes, started anew. Every day
of every person is lived, since nobody arrives or gives up. Each way runs in a process of its own. Rates of
mesa and of arrays are by the seconds that a processor was at work, so that what else goes on does not enter;
those with workers by the clock. Best of three rounds of arrays and of workers.

That both say the same is looked at by day, from the same people with other luck: the largest difference of
a mean (efficacy for the goal step, its chance, share who went for the step of the day) in standard errors,
those of efficacy and chance from the differences of each person at the end. That one person with the same
luck lives the very same life is tested.

mesa is not among what the checks need: requirements/mesa.txt locks it (docs/decisions/0013-large-extras.md).
Without it, it is left out.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np

from rung.engine import affect, approach, attribution, dynamics, mastery, performance, persuasion
from rung.engine.effort import effort
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, sigmoid
from rung.engine.simulation import Climb, climb
from rung.engine.simulation.population import born, individual, task_offsets
from rung.research.fitting.workers import processes
from rung.research.planning.populations import CHUNK, live
from rung.research.planning.rules import Staircase

MARK = 40.0


class World:
    """What holds for everybody: the ladder, the day, what a day leaves, and where chance comes from.

    Chance is drawn in the order in which `climb` draws it.
    """

    def __init__(
        self, setting: Climb, p: Parameters, normal: Callable[[], float], uniform: Callable[[], float]
    ) -> None:
        self.day = 0
        self.asked_again = setting.asked_again
        self.difficulties: list[float] = setting.difficulties.tolist()
        self.normal, self.uniform = normal, uniform
        self.kept = dynamics.retained(1.0, p.belief_half_life)
        self.mood_kept = dynamics.retained(1.0, p.mood_half_life)
        self.lift_kept = dynamics.retained(1.0, p.persuasion_half_life)
        self.arousal_kept = dynamics.retained(1.0, p.arousal_half_life)
        self.wander = p.belief_spread * (1.0 - self.kept**2) ** 0.5
        self.mood_wander = p.mood_spread * (1.0 - self.mood_kept**2) ** 0.5


class Born:
    """How a person begins, in the parameters that are their own."""

    def __init__(self, state: list[float], believed: list[float], able: list[float], p: Parameters) -> None:
        self.state, self.believed, self.able, self.p = state, believed, able, p


def everybody(number: int, setting: Climb, seed: int, p: Parameters) -> list[Born]:
    """The people whom `climb` makes of this seed."""
    random = np.random.default_rng(np.random.SeedSequence(seed).spawn(2)[0])
    own = individual(setting.kind.parameters(p), number, random)
    states = np.array(born(number, setting.kind, random, own)).T.tolist()
    offsets = [task_offsets(number, random, own, setting.task_spread) for _ in range(2 * setting.steps)]
    believed, able = (np.array(rows)[: setting.steps].T.tolist() for rows in zip(*offsets, strict=True))
    weights = zip(np.asarray(own.weight_good).tolist(), np.asarray(own.weight_bad).tolist(), strict=True)
    return [
        Born(states[place], believed[place], able[place], replace(own, weight_good=good, weight_bad=bad))
        for place, (good, bad) in enumerate(weights)
    ]


class Person:
    """Somebody on the way up, in Python floats. Nobody arrives or gives up, and nothing is at stake."""

    def __init__(self, world: World, begin: Born) -> None:
        self.world, self.p, self.believed, self.able = world, begin.p, begin.believed, begin.able
        (
            self.belief, self.set_point, self.mood, self.lift, self.openness, self.trust, self.arousal,
            self.appraisal, self.ability, self.practised, self.idle_days, self.tries, _, self.bias,
        ) = begin.state  # fmt: skip
        self.last, self.went, self.worked, self.passed = 0, False, False, 0
        self.sure = self.works = 0.0
        self.ratings = [self.judge(place) for place in range(len(world.difficulties))]

    def efficacy(self, place: int, mood: float) -> float:
        """How sure the person is of a step."""
        body = affect.on_belief(self.arousal, self.appraisal, self.p)
        standing = self.belief + self.lift + mood + body
        return sigmoid(self.p.slope * (standing + self.believed[place] - self.world.difficulties[place]))

    def chance(self, place: int, sure: float) -> float:
        """Chance that an attempt works for somebody who is this sure."""
        p = self.p
        around = performance.circumstances(effort(sure, p), 0.0, self.arousal, self.appraisal, p)
        return sigmoid(p.slope * (self.ability + self.able[place] - self.world.difficulties[place] + around))

    def judge(self, place: int) -> float:
        """An efficacy judgement in the steps of the scale."""
        told = self.efficacy(place, self.mood) + self.p.rating_noise * self.world.normal()
        if self.p.rating_step:
            told = round(told / self.p.rating_step) * self.p.rating_step
        return min(max(told, 0.0), 1.0)

    def wait(self) -> None:
        """A day passes."""
        p, world = self.p, self.world
        wander = world.wander * world.normal()
        self.belief = world.kept * self.belief + (1.0 - world.kept) * self.set_point + wander
        self.mood = world.mood_kept * self.mood + world.mood_wander * world.normal()
        self.lift *= world.lift_kept
        self.openness = min(self.openness + p.openness_per_day, p.openness_limit)
        self.arousal *= world.arousal_kept
        idle = self.idle_days + 1.0
        left = self.practised * performance.retained(idle, p) / performance.retained(self.idle_days, p)
        self.ability += left - self.practised
        self.practised, self.idle_days = left, idle

    def learn(self, sure: float, outcome: float) -> None:
        """What comes of an attempt."""
        p = self.p
        credit = attribution.credit(sure, outcome > sure, p)
        self.belief += mastery.shift(self.openness, sure, outcome, credit, p)
        self.openness = mastery.openness_after(self.openness, sure, credit, p)
        left = persuasion.left_after(self.lift, outcome, sure, p)
        self.trust = persuasion.trust_after(self.trust, self.lift, outcome, sure, p)
        self.lift *= left
        gained = performance.practice(outcome, self.tries, p)
        self.ability += gained
        self.practised += gained
        self.idle_days = 0.0
        self.tries += 1.0

    def live(self) -> None:
        """One day."""
        world, goal = self.world, len(self.ratings) - 1
        self.wait()
        if world.day and world.day % world.asked_again == 0:
            for place in range(goal + 1):
                self.ratings[place] = self.judge(place)
        up = (1 if self.worked else -1) if self.went else 0
        place = min(max(self.last + up, 0), goal)
        sure = self.efficacy(place, self.mood)
        feared = self.arousal * (1.0 - self.appraisal) / 2.0
        goes = world.uniform() < approach.chance(sure, feared, self.bias, self.p)
        luck = world.uniform()
        if goes:
            self.worked = luck < self.chance(place, sure)
            self.learn(sure, float(self.worked))
        told = self.judge(place)
        if goes:
            self.ratings[place] = told
        else:
            self.passed += 1
        self.last, self.went = place, goes
        self.sure = self.efficacy(goal, 0.0)
        self.works = self.chance(goal, self.sure)


class Told(NamedTuple):
    """What one way says of the same people: means by day, and each person's numbers at the end."""

    by_day: FloatArray
    """Efficacy, chance, share who went for it; shape (3, days)."""
    at_the_end: FloatArray
    """Efficacy, chance, attempts; shape (3, people)."""


def as_agents(number: int, days: int, seed: int = 0) -> tuple[Told, float, float]:
    """In mesa: what it says, a processor's seconds (making people is not counted), peak MB."""
    import mesa

    class Agent(mesa.Agent, Person):  # type: ignore[misc]  # mesa has no types
        step = Person.live

    class People(mesa.Model):  # type: ignore[misc]  # mesa has no types
        def __init__(self) -> None:
            super().__init__(seed=seed)
            setting, p = Climb(days=days, ends=False), Parameters()
            self.world = World(setting, p, self.random.gauss, self.random.random)
            self.by_day: list[list[float]] = []
            for each in everybody(number, setting, seed, p):
                Agent(self, self.world, each)  # type: ignore[call-arg, arg-type]  # mesa passes the rest on

        def step(self) -> None:
            self.agents.do("step")
            self.by_day.append([self.agents.agg(name, fmean) for name in ("sure", "works", "went")])
            self.world.day += 1

    people = People()
    start = time.process_time()
    for _ in range(days):
        people.step()
    taken = time.process_time() - start
    ends = [[each.sure, each.works, each.tries] for each in people.agents]
    return Told(np.array(people.by_day).T, np.array(ends).T), taken, _peak_mb()


def as_arrays(number: int, days: int, seed: int = 0) -> Told:
    """The same people by `climb`."""
    found = climb(Staircase(), number, Climb(days=days, ends=False), seed=seed)
    went = found.attempts_by_day / number
    return Told(
        np.array([found.efficacy_by_day, found.chance_by_day, went]),
        np.array([found.efficacy, found.chance, found.attempts]),
    )


def errors_apart(one: Told, other: Told) -> dict[str, float]:
    """The largest difference of the two on any day, in standard errors."""
    number = one.at_the_end.shape[1]
    off = np.abs(one.by_day - other.by_day)
    ends = (one.at_the_end - other.at_the_end).std(axis=1) / number**0.5
    went = (one.by_day[2] + other.by_day[2]) / 2.0
    attempts = np.abs(one.at_the_end[2].mean() - other.at_the_end[2].mean())
    return {
        "efficacy": float(off[0].max() / ends[0]),
        "chance": float(off[1].max() / ends[1]),
        "went for it": float((off[2] / np.sqrt(2.0 * went * (1.0 - went) / number)).max()),
        "attempts in all": float(attempts / ends[2]),
    }


def in_chunks(people: int, days: int, workers: int) -> tuple[float, float, float]:
    """Seconds by the clock and of a processor, peak MB of one process; to be called in its own process."""
    rounds = []
    for _ in range(3):
        start, work = time.perf_counter(), time.process_time()
        live(Staircase(), people, Climb(days=days, ends=False), workers=processes(workers))
        rounds.append((time.perf_counter() - start, time.process_time() - work))
    clock, processor = np.min(rounds, axis=0).tolist()
    return clock, processor, _peak_mb()


def _peak_mb() -> float:
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return max(peaks) / (1e6 if sys.platform == "darwin" else 1e3)


def alone(work: Callable[..., Any], *arguments: object) -> Any:
    """The work, done in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(work, *arguments).result()


def measured(agents: int, people: int, days: int, workers: int) -> dict[str, Any]:
    """All figures; those of mesa where it is installed."""
    clock, seconds, peak = alone(in_chunks, people, days, 1)
    together, _, together_peak = alone(in_chunks, people, days, workers)
    found: dict[str, Any] = {
        "agents": agents,
        "people": people,
        "days": days,
        "workers": workers,
        "chunk": CHUNK,
        "arrays": _way(people * days, seconds, peak) | {"seconds by the clock": clock},
        "with workers": _way(people * days, together, together_peak),
    }
    if find_spec("mesa"):
        there, mesa_seconds, mesa_peak = alone(as_agents, agents, days)
        mesa = _way(agents * days, mesa_seconds, mesa_peak)
        found |= {
            "mesa": mesa | {"version": version("mesa")},
            "ratio": found["arrays"]["steps a second"] / mesa["steps a second"],
            "ratio with workers": found["with workers"]["steps a second"] / mesa["steps a second"],
            "standard errors apart": errors_apart(there, as_arrays(agents, days)),
        }
    return found


def _way(steps: int, seconds: float, peak: float) -> dict[str, float]:
    return {"steps a second": steps / seconds, "seconds": seconds, "peak MB": peak}


def main() -> None:
    """Print the table."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parser = argparse.ArgumentParser(description="Time simulated people, against agents in mesa.")
    parser.add_argument("--agents", type=int, default=1000, help="in mesa")
    parser.add_argument("--people", type=int, default=100_000, help="in chunks")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measured(asked.agents, asked.people, asked.days, asked.workers)
    if asked.json:
        print(json.dumps(found))
        return
    print(f"{asked.days:,} days; {asked.people:,} people, {asked.agents:,} agents in mesa\n")
    print(f"{'':30}{'steps a second':>16}{'seconds':>10}{'peak MB':>10}")
    for name in ("mesa", "arrays", "with workers"):
        if way := found.get(name):
            print(f"{name:30}{way['steps a second']:16,.0f}{way['seconds']:10.2f}{way['peak MB']:10.0f}")
    if "mesa" in found:
        print(f"\n{f'arrays / mesa (mark: {MARK:.0f})':30}{found['ratio']:16.0f}")
        print(f"{f'with {asked.workers} workers':30}{found['ratio with workers']:16.0f}\n")
        for name, errors in found["standard errors apart"].items():
            print(f"{f'{name}, errors apart':30}{errors:16.1f}")


if __name__ == "__main__":
    main()
