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

from rung.engine import evidence, habits
from rung.engine.events import Event
from rung.engine.evidence import UNKNOWN, Evidence
from rung.engine.habits import Expected, Habits, Population
from rung.engine.parameters import Parameters
from rung.engine.rows import Memory, row
from rung.engine.scales import FloatArray

__all__ = ["Domain", "Judging", "TaskSaid", "after", "before", "begun", "learned"]


class TaskSaid(NamedTuple):
    """What a person said of one task."""

    last: float
    times: int
    total: float
    like: tuple[tuple[int, float], ...] = ((0, 0.0), (0, 0.0), (0, 0.0))
    """Number and sum of judgements without an outcome just seen, after a bad one, after a good one."""


class Domain(NamedTuple):
    """One domain of one person."""

    evidence: Evidence
    tasks: Mapping[str, TaskSaid]
    task: str = ""
    """Of the last judgement."""


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
    task = domain.tasks.get(asked.task)
    memory = Memory(UNKNOWN, UNKNOWN, UNKNOWN, float(asked.task != domain.task))
    if task is not None:
        count, total = task.like[_outcome_seen(e)]
        memory = Memory(task.last, task.total / task.times, total / count if count else UNKNOWN, memory.other)
    difficulty = UNKNOWN if asked.difficulty is None else asked.difficulty
    return e.said.last, np.array(row(e, difficulty, asked.time, memory))


def after(state: Judging, event: Event, p: Parameters) -> Judging:
    """The person after an event; what a judgement tells of their habits is `learned`, before this."""
    domain = state.domains.get(event.domain) or Domain(evidence.begun(p), {})
    tasks, task = domain.tasks, domain.task
    if event.kind == "judgement" and event.value is not None:
        said, kind, task = tasks.get(event.task), _outcome_seen(domain.evidence), event.task
        tasks = {**tasks, task: _said(said, event.value, kind)}
    domain = Domain(evidence.after(domain.evidence, evidence.seen(event, p), p), tasks, task)
    return state._replace(domains={**state.domains, event.domain: domain})


def learned(state: Judging, told: Expected, change: float, population: Population) -> Judging:
    """The person once a judgement that was `told` is known to differ by `change` from the one before."""
    return state._replace(habits=habits.learned(state.habits, told, change, population))


def _said(said: TaskSaid | None, value: float, kind: int) -> TaskSaid:
    said = said or TaskSaid(value, 0, 0.0)
    like = list(said.like)
    count, total = like[kind]
    like[kind] = count + 1, total + value
    return TaskSaid(value, said.times + 1, said.total + value, tuple(like))


def _outcome_seen(e: Evidence) -> int:
    """0 without an outcome since the last judgement, 1 after a bad one, 2 after a good one."""
    return 0 if not e.outcome.fresh else 1 + (e.outcome.last > 0.5)
