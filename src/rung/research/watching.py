"""People as the filter sees them, day by day: the evidence of each sign, and the scores of rules of thumb."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import starmap
from typing import NamedTuple, TypeAlias

import numpy as np

from rung.engine import Event, Person
from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.filtering import observe
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation.policies import BoolArray
from rung.engine.state import DomainState
from rung.research.caught import DOMAIN, LOOP, OVER_REACH, STUCK, Lived, World, live

__all__ = ["KINDS", "RULES", "Watched", "watch"]

KINDS = (LOOP, OVER_REACH, STUCK)
"""The signs, in the order of `Watched.evidence`."""
RULES = {
    LOOP: (
        "let pass 3 times in a row",
        "let pass 3 times in two weeks or in four, and more often than tried",
        "let pass 3 times in two weeks or in four, and nothing tried",
    ),
    OVER_REACH: ("2 failures in a row",),
    STUCK: ("2 failures in a row",),
}
"""The rules of thumb that each sign is held against."""

_CHUNK = 100
_UNLIMITED = {"loop_limit": 1e6, "over_reach_limit": 1e6, "stuck_limit": 1e6}
_LEAST = 2
_Job: TypeAlias = tuple[int, World, int, Parameters]


class Watched(NamedTuple):
    """People, and what the filter says of them day by day."""

    lived: Lived
    evidence: FloatArray
    """Of each sign, without a limit, at the end of each day, shape (3, days, n)."""
    since: FloatArray
    """Day on which the first event was that speaks for it."""
    rules: dict[str, FloatArray]
    """Scores of the rules of thumb, shape (days, n); said from 3 times let pass on, or 2 failures."""

    def of(self, who: BoolArray) -> Watched:
        """Some of the people."""
        lived = self.lived
        rows = {name: getattr(lived, name)[..., who] for name in Lived._fields if name != "logs"}
        rules = {name: scores[:, who] for name, scores in self.rules.items()}
        return Watched(Lived(**rows, logs=[]), self.evidence[..., who], self.since[..., who], rules)


def watch(
    people: int,
    world: World,
    seed: int,
    p: Parameters | None = None,
    *,
    workers: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Watched:
    """Let people live, and read their logs."""
    sizes = [min(_CHUNK, people - first) for first in range(0, people, _CHUNK)]
    seeds = [int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(len(sizes))]
    jobs = [(size, world, one, p or Parameters()) for size, one in zip(sizes, seeds, strict=True)]
    parts, done = [], 0
    for part in _all(_watch_some, jobs, workers):
        parts.append(part)
        done += part.evidence.shape[-1]
        if progress:
            progress(done)
    return _joined(parts)


def _all(work: Callable[..., Watched], jobs: Sequence[_Job], workers: int) -> Iterator[Watched]:
    if workers <= 1:
        yield from starmap(work, jobs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(work, *zip(*jobs, strict=True))


def _joined(parts: list[Watched]) -> Watched:
    rows = {
        name: np.concatenate([getattr(part.lived, name) for part in parts], axis=-1)
        for name in Lived._fields
        if name != "logs"
    }
    return Watched(
        Lived(**rows, logs=[]),
        np.concatenate([part.evidence for part in parts], axis=-1),
        np.concatenate([part.since for part in parts], axis=-1),
        {name: np.concatenate([part.rules[name] for part in parts], axis=-1) for name in parts[0].rules},
    )


def _watch_some(people: int, world: World, seed: int, p: Parameters) -> Watched:
    lived = live(people, world, seed=seed, parameters=p)
    unlimited = p.with_values(_UNLIMITED, "assumption", "scores without a limit")
    evidence, since = np.zeros((3, world.days, people)), np.full((3, world.days, people), np.nan)
    names = dict.fromkeys(rule for rules in RULES.values() for rule in rules)
    rules = {name: np.zeros((world.days, people)) for name in names}
    for place, log in enumerate(lived.logs):
        for day, (state, scores) in enumerate(_days(log, world.days, unlimited)):
            evidence[:, day, place], since[:, day, place] = _evidence(state)
            for name, score in zip(rules, scores, strict=True):
                rules[name][day, place] = score
    return Watched(lived._replace(logs=[]), evidence, since, rules)


def _days(log: Iterable[Event], days: int, p: Parameters) -> Iterator[tuple[DomainState, tuple[float, ...]]]:
    """The state at the end of each day, and the scores of the rules of thumb on it."""
    person, events = Person(), deque(log)
    passed: list[int] = []
    tried: list[int] = []
    for day in range(days):
        row = 0.0
        while events and events[0].time < (day + 1) * SECONDS_PER_DAY:
            event = events.popleft()
            person = observe(person, event, p)
            if event.kind == "choice":
                (tried if event.value else passed).append(day)
        state = person.domains[DOMAIN]
        row = float(max((record.avoided_in_a_row for record in state.tasks), default=0))
        failures = float(max((record.failures_in_a_row for record in state.tasks), default=0))
        yield state, (row, *_passed(passed, tried, day), failures)


def _passed(passed: list[int], tried: list[int], day: int) -> tuple[float, float]:
    """Times let pass in two weeks, or in four, where more often than tried; and where nothing was tried."""
    more, alone = 0, 0
    for weeks in (2, 4):
        let, went = (sum(on > day - 7 * weeks for on in days) for days in (passed, tried))
        more = max(more, let if let > went else 0)
        alone = max(alone, 0 if went else let)
    return float(more), float(alone)


def _evidence(state: DomainState) -> tuple[list[float], list[float]]:
    stuck = max((record.stuck for record in state.tasks), key=lambda stretch: stretch.evidence)
    stretches = (state.loop, state.over_reach, stuck)
    return (
        [stretch.evidence if stretch.missed >= _LEAST else 0.0 for stretch in stretches],
        [np.nan if stretch.since is None else stretch.since // SECONDS_PER_DAY for stretch in stretches],
    )
