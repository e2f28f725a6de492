"""Made-up people who judge as the model says: to see whether a fit finds what was put in.

Each person has own weights drawn from N(0, V) and an ability from N(0, 1) logits. Before each judgement they
try one of three tasks, of difficulty -1, 0 and 1, feel how it went, and mostly are told; at times they see
somebody else do it, are spoken to, or are aroused. Then they judge:

    y = x + row . weights + row[own] . b_i + s e,   e ~ N(0, 1),   kept within 0 and 1

Their evidence is made by the very functions that a forecast uses (`judging`). What happens to people, how
often, and the rating they start from (0.2 to 0.8) are assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction import judging
from rung.engine.prediction.habits import OWN, Population
from rung.engine.scales import FloatArray, sigmoid
from rung.errors import InvalidInput
from rung.log import Log

__all__ = ["Simulated", "simulate"]

_TASKS = {"easy": -1.0, "middling": 0.0, "hard": 1.0}
_TOLD, _FELT = 0.9, 0.5
"""Share of attempts of which people are told, and after which they say how it felt."""
_OTHERS = {"model": 0.15, "persuasion": 0.15, "state": 0.15}
"""Chance of each before a judgement."""
_MINUTE = 60.0


class Simulated(NamedTuple):
    """A log and the people behind it."""

    log: Log
    own: FloatArray
    """What each person's own weights were, shape (people, r), people in the order of their ids as text."""


def simulate(
    population: Population,
    people: int = 200,
    judgements: int = 60,
    *,
    seed: int = 0,
    p: Parameters | None = None,
    progress: Callable[[int], object] | None = None,
) -> Simulated:
    """A log of `people` who judge `judgements` times each after a first time.

    `progress` is called with the number of people made up. Raises `InvalidInput` where somebody's own weights
    follow from each other.
    """
    random = np.random.default_rng(seed)
    size = len(population.spread)
    try:
        own = random.multivariate_normal(np.zeros(size), population.spread, people, method="cholesky")
    except np.linalg.LinAlgError as error:
        raise InvalidInput("own weights cannot be drawn: some of them do not vary by themselves") from error
    digits = len(str(people))
    told: list[Event] = []
    for number, weights in enumerate(own):
        told += _life(f"p{number:0{digits}d}", weights, population, judgements, p or Parameters(), random)
        if progress:
            progress(number + 1)
    return Simulated(Log.of(told), own)


def _life(
    person: str,
    own: FloatArray,
    population: Population,
    judgements: int,
    p: Parameters,
    random: np.random.Generator,
) -> Iterator[Event]:
    """All events of one person."""
    state = judging.begun(population)
    ability, first = random.normal(), float(random.uniform(0.2, 0.8))
    time = 0.0
    for turn in range(judgements + 1):
        task = str(random.choice(list(_TASKS)))
        for event in _happened(person, task, ability, random) if turn else ():
            time += _MINUTE
            event = event._replace(time=time)
            state = judging.after(state, event, p)
            yield event
        time += _MINUTE
        asked = Event(person, "talks", task, time, "judgement", difficulty=_TASKS[task])
        before = judging.before(state, asked)
        value = first
        if before is not None:
            last, row = before
            change = row @ population.weights + row[OWN] @ own + population.noise**0.5 * random.normal()
            value = min(max(float(last + change), 0.0), 1.0)
        judgement = asked._replace(value=value)
        state = judging.after(state, judgement, p)
        yield judgement


def _happened(person: str, task: str, ability: float, random: np.random.Generator) -> Iterator[Event]:
    """What happens to a person between two judgements; times are still open."""
    difficulty = _TASKS[task]
    chance = sigmoid(ability - difficulty)
    for kind, often in _OTHERS.items():
        if random.random() < often:
            event = Event(person, "talks", task, 0.0, kind)
            if kind == "state":
                yield event._replace(arousal=float(random.random()), appraisal=float(random.uniform(-1, 1)))
            else:
                yield event._replace(value=float(random.integers(2)), difficulty=difficulty)
    worked = float(random.random() < chance)
    yield Event(
        person,
        "talks",
        task,
        0.0,
        "attempt",
        worked,
        difficulty,
        feedback=worked if random.random() < _TOLD else None,
        confidence=float(random.random()) if random.random() < _FELT else None,
    )
