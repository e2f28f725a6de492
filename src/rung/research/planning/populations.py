"""Whole populations that climb: in chunks over processes, and in sums by day that do not grow with people.

Every chunk has a seed of its own, so that the same people come out however many processes work. A log is
made by letting those who are logged live once more, from the same seed.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from rung.engine.events import COLUMNS, Event
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation.climbs import Climb, Climbed, Knowing
from rung.engine.simulation.daily import climb, climb_told
from rung.engine.simulation.policies import Policy
from rung.log import Log, log_to_bytes, replaced
from rung.research.fitting.workers import Workers, in_turn

__all__ = ["CHUNK", "Lived", "Month", "live", "told", "write_told"]

CHUNK = 10_000
"""People at once: so many that calls of numpy cost little, so few that they fit a small memory."""
_MONTH = 30
_ROWS = 20_000
"""Events that are turned into lines at a time."""
_TOLD = (
    "person", "domain", "task", "time", "kind", "value", "difficulty", "feedback", "effort", "similarity",
    "coping", "credibility", "arousal", "appraisal", "feared",
)  # fmt: skip


class Month(NamedTuple):
    """Thirty days of a population, or those that are left at the end."""

    day: int
    """The last of them."""
    efficacy: float
    """Mean for the goal step on the last of them, 0 to 1, without the mood."""
    chance: float
    """Mean chance that the goal step works on the last of them."""
    approached: float | None
    """Share of the occasions that were gone for; None where there were none."""
    arrived: float
    """Share of all people who had come to the goal by then."""
    given_up: float
    """Share of all people who had given up by then."""


class Lived(NamedTuple):
    """What became of a population; every array has shape (days,)."""

    people: int
    efficacy: FloatArray
    """Mean for the goal step, 0 to 1, without the mood. Where the last of a chunk has arrived or given up,
    the chunk's last mean stands for the days after."""
    chance: FloatArray
    """Mean chance that the goal step works, likewise."""
    occasions: FloatArray
    """How many people had one."""
    attempts: FloatArray
    """How many of them went for it."""
    arrivals: FloatArray
    """How many came to the goal on this day."""
    leavers: FloatArray
    """How many gave up on this day."""

    def months(self) -> list[Month]:
        """Month by month."""
        days = len(self.efficacy)
        ends = [*range(_MONTH, days, _MONTH), days]
        return [self._month(end, slice((end - 1) // _MONTH * _MONTH, end)) for end in ends]

    def _month(self, end: int, these: slice) -> Month:
        occasions = float(self.occasions[these].sum())
        return Month(
            end,
            float(self.efficacy[end - 1]),
            float(self.chance[end - 1]),
            float(self.attempts[these].sum()) / occasions if occasions else None,
            float(self.arrivals[:end].sum()) / self.people,
            float(self.leavers[:end].sum()) / self.people,
        )


class _Part(NamedTuple):
    """People who live together in memory."""

    first: int
    people: int
    seed: np.random.SeedSequence


def live(
    policy: Policy | Knowing,
    people: int,
    setting: Climb,
    *,
    seed: int = 0,
    parameters: Parameters | None = None,
    workers: Workers | None = None,
    chunk: int = CHUNK,
    progress: Callable[[int], object] | None = None,
) -> Lived:
    """Let a population climb by a policy's advice; `progress` is called with the people done so far.

    The result depends on `chunk` and the seed, and on nothing else. Policies must be picklable where
    processes work.

    >>> from rung.research.planning.rules import Staircase
    >>> lived = live(Staircase(), 500, Climb(days=45))
    >>> [month.day for month in lived.months()]
    [30, 45]
    """
    parts = _parts(people, seed, chunk)
    with workers or in_turn() as work:
        sums = work.over(
            _lived, parts, policy, setting, parameters, name=lambda part: f"people from p{part.first} on",
            progress=None if progress is None else lambda done: progress(min(done * chunk, people)),
        )  # fmt: skip
    whole = np.sum(sums, axis=0)
    whole[:2] /= people
    return Lived(people, *whole)


def told(
    policy: Policy | Knowing,
    people: int,
    setting: Climb,
    logged: int,
    *,
    seed: int = 0,
    parameters: Parameters | None = None,
    chunk: int = CHUNK,
) -> Iterator[Event]:
    """What the first `logged` of the same population tell, as events of a log."""
    for part in _parts(people, seed, chunk):
        here = min(logged - part.first, part.people)
        if here > 0:
            yield from climb_told(
                policy,
                part.people,
                setting,
                seed=part.seed,
                parameters=parameters,
                logged=here,
                first=part.first,
            )


def write_told(events: Iterable[Event], path: Path) -> None:
    """Write a log as CSV, packed where the name ends in `.gz`, without ever holding much of it.

    The file is complete or, where writing fails, as it was before.
    """
    left = iter(events)
    with ExitStack() as closing:
        file = closing.enter_context(replaced(path))
        if path.name.lower().endswith(".gz"):
            # No name and no time inside, so that the same log gives the same bytes.
            packed = gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0)
            file = cast(IO[bytes], closing.enter_context(packed))
        file.write(_lines([])[0])
        while some := list(islice(left, _ROWS)):
            file.writelines(_lines(some)[1:])


def _lines(events: list[Event]) -> list[bytes]:
    """Header and rows; every column that may be needed is named, whatever these events hold."""
    held = replace(Log.of(events).held, names=tuple(each.name for each in COLUMNS if each.name in _TOLD))
    return log_to_bytes(Log(held)).splitlines(keepends=True)


def _parts(people: int, seed: int, chunk: int) -> list[_Part]:
    starts = range(0, people, chunk)
    seeds = np.random.SeedSequence(seed).spawn(len(starts))
    return [_Part(start, min(chunk, people - start), own) for start, own in zip(starts, seeds, strict=True)]


def _lived(
    part: _Part, policy: Policy | Knowing, setting: Climb, parameters: Parameters | None
) -> FloatArray:
    """Sums by day, one row each: efficacy, chance, occasions, attempts, arrivals, leavers."""
    found: Climbed = climb(policy, part.people, setting, seed=part.seed, parameters=parameters)
    return np.array([
        part.people * _to_the_end(found.efficacy_by_day, setting.days),
        part.people * _to_the_end(found.chance_by_day, setting.days),
        _by_day(found.occasions_by_day, setting.days),
        _by_day(found.attempts_by_day, setting.days),
        _counted(found.reached, setting.days),
        _counted(found.gave_up, setting.days),
    ])  # fmt: skip


def _to_the_end(means: FloatArray, days: int) -> FloatArray:
    lasting: FloatArray = np.append(means, np.full(days - len(means), means[-1]))
    return lasting


def _by_day(counts: FloatArray, days: int) -> FloatArray:
    counted: FloatArray = np.append(counts, np.zeros(days - len(counts)))
    return counted


def _counted(day: FloatArray, days: int) -> FloatArray:
    """How many of these fell on each day, the first of which is 1."""
    counts = np.bincount(day[~np.isnan(day)].astype(np.int64), minlength=days + 1)
    return counts[1:].astype(np.float64)
