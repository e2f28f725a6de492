"""A task as it meets a person at one moment: which latent numbers add up to their efficacy for it.

    efficacy          SE = sigmoid(z),    z  = a [m + u + d_task - b + body]
    chance it works   P  = sigmoid(z'),   z' = a [theta + e_task - b + circumstances]

After Bandura (2006): a judgement is bound to a task and its conditions, as of now. The person's own
uncertainty does not enter SE, so that good news can never lower it (docs/decisions/0010).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rung.engine.affect import on_belief
from rung.engine.events import Event
from rung.engine.gaussian import extend, forget, project
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, logit, sigmoid
from rung.engine.state import BELIEF, LIFT, MAX_TASKS, DomainState, TaskRecord

__all__ = ["Situation", "Task", "meet", "meet_event"]

_FIRST_TASK = 3
_FARTHEST = 20.0
"""Difficulties beyond this are as good as this: nothing works, or everything does."""


class Task(NamedTuple):
    """One step, as the engine sees it.

    >>> Task("talks", "ask a question in the meeting", difficulty=-0.5).name
    'ask a question in the meeting'
    """

    domain: str
    name: str = ""
    """Empty = the domain as a whole."""
    difficulty: float | None = None
    """Logits, 0 = neutral; None = as it was told last, else 0."""


class Situation(NamedTuple):
    """Where a task stands in the state, and the log odds of efficacy for it."""

    place: int | None
    """Index among the domain's tasks; None for the domain as a whole."""
    difficulty: float
    arousal: float
    appraisal: float
    belief: FloatArray
    """h: z = h . x + offset."""
    offset: float
    mean: float
    """Of z."""
    variance: float
    """Of z: Rung's uncertainty about where the person's belief stands."""
    efficacy: float
    """sigmoid(mean)."""

    def lasting(self, state: DomainState, p: Parameters) -> tuple[float, float]:
        """Mean and variance of z without what passes: the lift of persuasion and the bodily state."""
        h = self.belief.copy()
        h[LIFT] = 0.0
        mean, variance = project(state.belief, h)
        return mean - p.slope * self.difficulty, variance

    def ability(self, size: int, p: Parameters) -> FloatArray:
        """h': z' = h' . x + a (circumstances - difficulty)."""
        h = np.zeros(size)
        h[0] = p.slope
        if self.place is not None:
            h[1 + self.place] = p.slope
        return h


def meet_event(state: DomainState, event: Event, p: Parameters) -> tuple[DomainState, Situation]:
    """The situation of an event; the state knows its task afterwards."""
    arousal = state.arousal if event.arousal is None else event.arousal
    appraisal = state.appraisal if event.appraisal is None else event.appraisal
    state, place = _placed(state, event.task, p)
    told = event.difficulty
    if told is None and event.difficulty_rated is not None:
        told = logit(0.05 + 0.9 * event.difficulty_rated)
    return state, _situation(state, place, _difficulty(state, place, told), arousal, appraisal, p)


def meet(state: DomainState, task: Task, p: Parameters) -> tuple[DomainState, Situation]:
    """A task as it would meet the person now."""
    state, place = _placed(state, task.name, p)
    difficulty = _difficulty(state, place, task.difficulty)
    return state, _situation(state, place, difficulty, state.arousal, state.appraisal, p)


def _difficulty(state: DomainState, place: int | None, told: float | None) -> float:
    """Difficulty as told now, else as told last, else 0."""
    if told is None and place is not None:
        told = state.tasks[place].difficulty
    return 0.0 if told is None else min(max(told, -_FARTHEST), _FARTHEST)


def _situation(
    state: DomainState, place: int | None, difficulty: float, arousal: float, appraisal: float, p: Parameters
) -> Situation:
    h = np.zeros(state.belief.mean.size)
    h[BELIEF] = h[LIFT] = p.slope
    if place is not None:
        h[_FIRST_TASK + place] = p.slope
    offset = p.slope * (on_belief(arousal, appraisal, p) - difficulty)
    mean, variance = project(state.belief, h)
    mean += offset
    return Situation(place, difficulty, arousal, appraisal, h, offset, mean, variance, sigmoid(mean))


def _placed(state: DomainState, name: str, p: Parameters) -> tuple[DomainState, int | None]:
    """The task's place in the state, made where there is none yet."""
    if not name:
        return state, None
    for index, record in enumerate(state.tasks):
        if record.name == name:
            return state, index
    if len(state.tasks) >= MAX_TASKS:
        state = _without(state, min(range(len(state.tasks)), key=lambda i: state.tasks[i].seen))
    state = state._replace(
        belief=extend(state.belief, 0.0, p.task_spread**2),
        ability=extend(state.ability, 0.0, p.ability_task_spread**2),
        tasks=(*state.tasks, TaskRecord(name, state.time)),
    )
    return state, len(state.tasks) - 1


def _without(state: DomainState, index: int) -> DomainState:
    return state._replace(
        belief=forget(state.belief, _FIRST_TASK + index),
        ability=forget(state.ability, 1 + index),
        tasks=state.tasks[:index] + state.tasks[index + 1 :],
    )
