"""What is remembered of a person so that chances can be foretold: trails of outcomes and choices, last words.

Trails are log odds that wander, with a doubt v, moved by the surprise s of each outcome or choice given all
trails that it rests on (Elo 1978; Glickman 1999, Applied Statistics 48:377):

    m <- m + v s / (1 + w V)        v <- v - w v^2 / (1 + w V) + drift

w = p (1 - p), p the chance by all of these trails together (at the difficulty of the task, but for choices),
V the sum of their v. An outcome moves the ability of its domain and of its task, and the form of the domain,
which drifts fast; a choice the bias of its domain and the liking of its task; a choice between two tasks both
likings, in opposite ways. A judgement R moves the belief of its domain and of its task (extended Kalman
filter, with the engine's noise of judgements):

    s = p (1 - p) (R - p) / noise^2,   w = p^2 (1 - p)^2 / noise^2

Drifts and the weight of the newest in a smooth mean are assumptions, the drift of form chosen among three on
development logs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.scales import information, sigmoid
from rung.engine.state import MAX_TASKS

__all__ = [
    "Memory",
    "Past",
    "Trail",
    "log_odds_by_judgements",
    "log_odds_by_outcomes",
    "remembered",
    "told_log_odds",
]

_P = Parameters()
_FORM_DRIFT, _ABILITY_DRIFT, _BELIEF_DRIFT, _BIAS_DRIFT = 0.2, 0.0005, 0.05, 0.01
"""Logits² that an outcome, a judgement or a choice adds to the doubt of a trail."""
_RATING_VARIANCE = _P.rating_noise**2 + _P.rating_step**2 / 12.0
_SHARE = 0.3
"""Weight of the newest in a smooth mean."""
_DAY = 86_400.0


class Trail(NamedTuple):
    """Log odds that wander."""

    mean: float
    doubt: float
    """Variance, logits²."""

    def moved(self, surprise: float, w: float, total: float, drift: float, most: float) -> Trail:
        """After an outcome with information `w`, given the doubt of all trails that it rests on."""
        gain = self.doubt / (1.0 + w * total)
        return Trail(self.mean + gain * surprise, min(self.doubt * (1.0 - w * gain) + drift, most))


_ABILITY, _TASK = Trail(0.0, _P.ability_spread**2), Trail(0.0, _P.ability_task_spread**2)
_BELIEF = Trail(_P.prior_belief, _P.set_point_spread**2 + _P.belief_spread**2)
_TRUST = Trail(0.0, _P.task_spread**2)
_BIAS, _LIKING = Trail(0.0, _P.approach_spread**2), Trail(0.0, 1.0)


class Past(NamedTuple):
    """What is remembered of a domain, or of one of its tasks."""

    ability: Trail
    belief: Trail
    bias: Trail
    form: Trail = _ABILITY
    attempts: int = 0
    """Those with a known outcome."""
    tried: float = 0.0
    """When the last of them was."""
    surprise: float = 0.0
    said: float | None = None
    """The last judgement."""
    calibration: float = 0.0
    told: float = 0.0
    heard: float = 0.0
    threat: float = 0.0
    felt: float = 0.0
    """When the threat was."""
    feared: float = 0.0
    difficulty: float = 0.0
    choices: int = 0
    chosen: float = 0.0
    """1 or -1: whether it was chosen the last time."""


_NEW_DOMAIN, _NEW_TASK = Past(_ABILITY, _BELIEF, _BIAS), Past(_TASK, _TRUST, _LIKING)
_Both: TypeAlias = tuple[Past, Past]
"""A domain and a task."""


class Memory(NamedTuple):
    """What is remembered of a person; of each domain, the tasks that came up last (at most 48)."""

    domains: Mapping[str, Past] = {}
    tasks: Mapping[str, Mapping[str, Past]] = {}

    def of(self, domain: str, task: str) -> _Both:
        """A domain and one of its tasks."""
        tasks = self.tasks.get(domain, {})
        return self.domains.get(domain, _NEW_DOMAIN), tasks.get(task, _NEW_TASK)


def remembered(memory: Memory, event: Event) -> Memory:
    """The memory after an event.

    >>> event = Event("ana", "talks", "ask", 0.0, "attempt", 1.0)
    >>> remembered(Memory(), event).domains["talks"].attempts
    1
    """
    take = _TAKES.get(event.kind)
    if take is None:
        return memory
    domain, task = memory.of(event.domain, event.task)
    other = event.versus
    if other is None:
        domain, task = take(event, domain, _described(task, event))
        seen = {event.task: task}
    else:
        second = memory.of(event.domain, other)[1]
        domain = domain._replace(choices=domain.choices + 1)
        first, second = _picked(event, task, second)
        seen = {event.task: first, other: second}
    tasks = {name: past for name, past in memory.tasks.get(event.domain, {}).items() if name not in seen}
    tasks |= seen
    while len(tasks) > MAX_TASKS:
        del tasks[next(iter(tasks))]
    return Memory({**memory.domains, event.domain: domain}, {**memory.tasks, event.domain: tasks})


def _described(task: Past, event: Event) -> Past:
    """The task with the difficulty and the fear that the event tells."""
    if event.difficulty is None and event.feared is None:
        return task
    difficulty = task.difficulty if event.difficulty is None else event.difficulty
    return task._replace(difficulty=difficulty, feared=task.feared if event.feared is None else event.feared)


def _judged(event: Event, domain: Past, task: Past) -> _Both:
    value = event.value
    if value is None:
        return domain, task
    p, total = (
        sigmoid(log_odds_by_judgements(domain, task, task.difficulty)),
        domain.belief.doubt + task.belief.doubt,
    )
    slope = information(p)
    surprise, w = slope * (value - p) / _RATING_VARIANCE, slope**2 / _RATING_VARIANCE
    belief = domain.belief.moved(surprise, w, total, _BELIEF_DRIFT, _BELIEF.doubt)
    trust = task.belief.moved(surprise, w, total, _BELIEF_DRIFT, _TRUST.doubt)
    return domain._replace(said=value, belief=belief), task._replace(said=value, belief=trust)


def _tried(event: Event, domain: Past, task: Past) -> _Both:
    domain, task = _felt(event, domain, task)
    if event.feedback is not None:
        domain = _told(domain, event.feedback)
    y = event.value
    if y is None:
        return domain, task
    p, late = sigmoid(log_odds_by_outcomes(domain, task, task.difficulty)), domain.form.mean - task.difficulty
    w, total, surprise = information(p), domain.ability.doubt + task.ability.doubt, y - p
    waited = max(event.time - domain.tried, 0.0) / _DAY if domain.attempts else 0.0
    drift, said = _ABILITY_DRIFT + _P.ability_drift * waited, domain.said if task.said is None else task.said
    missed = 0.0 if said is None else y - said - domain.calibration
    after = domain._replace(
        ability=domain.ability.moved(surprise, w, total, drift, _ABILITY.doubt),
        form=domain.form.moved(
            y - sigmoid(late), information(sigmoid(late)), domain.form.doubt, _FORM_DRIFT, _ABILITY.doubt
        ),
        attempts=domain.attempts + 1,
        tried=event.time,
        surprise=surprise,
        calibration=domain.calibration + _SHARE * missed,
    )
    ability = task.ability.moved(surprise, w, total, _ABILITY_DRIFT, _TASK.doubt)
    return after, task._replace(ability=ability, attempts=task.attempts + 1, surprise=surprise)


def log_odds_by_judgements(domain: Past, task: Past, difficulty: float) -> float:
    """How sure the person is of a task, by earlier judgements."""
    return domain.belief.mean + task.belief.mean - _P.slope * difficulty


def log_odds_by_outcomes(domain: Past, task: Past, difficulty: float) -> float:
    """What earlier outcomes say of success at a task."""
    return domain.ability.mean + task.ability.mean - difficulty


def _fed_back(event: Event, domain: Past, task: Past) -> _Both:
    return domain if event.value is None else _told(domain, event.value), task


def _told(domain: Past, value: float) -> Past:
    return domain._replace(told=domain.told + _SHARE * (told_log_odds(value) - domain.told))


def _heard(event: Event, domain: Past, task: Past) -> _Both:
    if event.value is None:
        return domain, task
    said = told_log_odds(event.value)
    return (
        domain._replace(heard=domain.heard + _SHARE * (said - domain.heard)),
        task._replace(heard=task.heard + _SHARE * (said - task.heard)),
    )


def _felt(event: Event, domain: Past, task: Past) -> _Both:
    if event.arousal is None:
        return domain, task
    threat = event.arousal * (1.0 - (event.appraisal or 0.0)) / 2.0
    return domain._replace(threat=threat, felt=event.time), task


def _chose(event: Event, domain: Past, task: Past) -> _Both:
    if event.value is None:
        return domain, task
    p, total = sigmoid(domain.bias.mean + task.bias.mean), domain.bias.doubt + task.bias.doubt
    surprise, w = event.value - p, information(p)
    bias = domain.bias.moved(surprise, w, total, _BIAS_DRIFT, _BIAS.doubt)
    liking = task.bias.moved(surprise, w, total, _BIAS_DRIFT, _LIKING.doubt)
    chosen = 2.0 * event.value - 1.0
    return domain._replace(bias=bias, choices=domain.choices + 1), task._replace(bias=liking, chosen=chosen)


def _picked(event: Event, one: Past, two: Past) -> _Both:
    """Two tasks after a choice between them; `value` says whether it was the first."""
    if event.value is None:
        return one, two
    p, total = sigmoid(one.bias.mean - two.bias.mean), one.bias.doubt + two.bias.doubt
    surprise, w, chosen = event.value - p, information(p), 2.0 * event.value - 1.0
    return (
        one._replace(bias=one.bias.moved(surprise, w, total, _BIAS_DRIFT, _LIKING.doubt), chosen=chosen),
        two._replace(bias=two.bias.moved(-surprise, w, total, _BIAS_DRIFT, _LIKING.doubt), chosen=-chosen),
    )


_TAKES: dict[str, Callable[[Event, Past, Past], _Both]] = {
    "judgement": _judged,
    "attempt": _tried,
    "feedback": _fed_back,
    "model": _heard,
    "persuasion": _heard,
    "state": _felt,
    "choice": _chose,
}


def told_log_odds(chance: float) -> float:
    """Of a chance as people tell it: 0 and 1 are said, not meant (3.9 logits at most)."""
    inside = 0.02 + 0.96 * chance
    return math.log(inside / (1.0 - inside))
