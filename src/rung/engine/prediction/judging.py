"""One person's judgements, event by event: what they have seen, and how they weigh it.

    state = begun(population)
    for each event:  ask `before` what a judgement would be made from;  state = after(state, event, ...)

A domain holds its evidence and what was said of each of its tasks; habits are the person's, over domains.
Tests hold this against the same made for many people at once (`crowd`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction import evidence, habits
from rung.engine.prediction.evidence import UNKNOWN, Evidence
from rung.engine.prediction.habits import Expected, Habits, Population
from rung.engine.prediction.rows import Memory, row
from rung.engine.scales import FloatArray

__all__ = ["Domain", "Judging", "TaskSaid", "after", "before", "begun", "learned"]


class Shown(NamedTuple):
    """What a person was shown of success: told, else felt, else achieved."""

    times: int = 0
    total: float = 0.0

    def and_(self, value: float) -> Shown:
        """With one more."""
        return Shown(self.times + 1, self.total + value)

    @property
    def mean(self) -> float:
        """NaN without any."""
        return self.total / self.times if self.times else UNKNOWN


class TaskSaid(NamedTuple):
    """What a person said, and was shown, of one task."""

    last: float = UNKNOWN
    times: int = 0
    total: float = 0.0
    like: tuple[tuple[int, float], ...] = ((0, 0.0), (0, 0.0), (0, 0.0))
    """Number and sum of judgements without an outcome just seen, after a bad one, after a good one."""
    shown: Shown = Shown()
    fresh: Shown = Shown()
    """Since its last judgement."""


class Domain(NamedTuple):
    """One domain of one person."""

    evidence: Evidence
    tasks: Mapping[str, TaskSaid]
    task: str = ""
    """Of the last judgement."""
    shown: Shown = Shown()


class Judging(NamedTuple):
    """One person."""

    domains: Mapping[str, Domain]
    habits: Habits


def begun(population: Population) -> Judging:
    """Somebody of whom nothing is known."""
    return Judging({}, habits.begun(population))


def before(state: Judging, asked: Event) -> tuple[float, FloatArray] | None:
    """The last judgement of the domain and the row of evidence now; None where there was no judgement yet.

    Of `asked` only domain, task, time and difficulty are read.
    """
    domain = state.domains.get(asked.domain)
    if domain is None or not domain.evidence.said.count:
        return None
    e = domain.evidence
    memory = _memory(domain, domain.tasks.get(asked.task, TaskSaid()), asked.task != domain.task)
    difficulty = UNKNOWN if asked.difficulty is None else asked.difficulty
    return e.said.last, np.array(row(e, difficulty, asked.time, memory))


def after(state: Judging, event: Event, p: Parameters) -> Judging:
    """The person after an event; what a judgement tells of their habits is `learned`, before this."""
    domain = state.domains.get(event.domain) or Domain(evidence.begun(p), {})
    known, kind, task = domain.tasks.get(event.task, TaskSaid()), _outcome_seen(domain.evidence), domain.task
    seen = evidence.seen(event, p)
    shown = _shown(seen)
    if event.kind == "judgement" and event.value is not None:
        known, task = _said(known, event.value, kind), event.task
    elif shown is not None:
        known = known._replace(shown=known.shown.and_(shown), fresh=known.fresh.and_(shown))
    domain = Domain(
        evidence.after(domain.evidence, seen, p),
        {**domain.tasks, event.task: known},
        task,
        domain.shown if shown is None else domain.shown.and_(shown),
    )
    return state._replace(domains={**state.domains, event.domain: domain})


def learned(state: Judging, told: Expected, change: float, population: Population) -> Judging:
    """The person once a judgement that was `told` is known to differ by `change` from the one before."""
    return state._replace(habits=habits.learned(state.habits, told, change, population))


def _memory(domain: Domain, task: TaskSaid, other: bool) -> Memory:
    """What was said and shown before in the like case."""
    count, total = task.like[_outcome_seen(domain.evidence)]
    return Memory(
        task.last,
        task.total / task.times if task.times else UNKNOWN,
        total / count if count else UNKNOWN,
        float(other),
        task.shown.mean - domain.shown.mean,
        task.fresh.mean if other else UNKNOWN,
    )


def _shown(seen: evidence.Seen) -> float | None:
    """What an event showed of success; None where it showed nothing."""
    return next((value for value in (seen.told, seen.sure, seen.outcome) if value == value), None)


def _said(task: TaskSaid, value: float, kind: int) -> TaskSaid:
    like = list(task.like)
    count, total = like[kind]
    like[kind] = count + 1, total + value
    return TaskSaid(value, task.times + 1, task.total + value, tuple(like), task.shown)


def _outcome_seen(e: Evidence) -> int:
    """0 without an outcome since the last judgement, 1 after a bad one, 2 after a good one."""
    return 0 if not e.outcome.fresh else 1 + (e.outcome.last > 0.5)
