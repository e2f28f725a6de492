"""Ladders that were judged as a whole: made up from the model's own prior, or found in evidence logs.

*Made up.* Each person has a belief and an own ease of each step, drawn from the prior that the filter
starts from, and says how sure they are as the model says that people do: with noise, in tens.

*Found.* Somebody who judged enough different tasks of one domain has a ladder there; each task counts with
its first judgement, or with the mean of its judgements where they are many and each of one moment. What is
true of such people is not known: the ratings themselves stand in for it. What people have in common comes
from others, in the five folds of `folds`:

    l_ip = logit(.05 + .9 rating)         of person p at task i
    difficulty of i = prior belief - mean over p of l_ip
    variance between people = mean over pairs of tasks of cov(l_i, l_j)
    variance of a task for a person = what is left of var(l_i), the noise of an answer taken away

A task that fewer than five of the others judged keeps the difficulty that the log tells, or is neutral.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rung.engine import Ladder, Parameters, Task
from rung.engine.events import Event
from rung.engine.scales import FloatArray, information, logit, sigmoid
from rung.log import Log
from rung.research.folds import folds_of

__all__ = ["Judged", "found_ladders", "made_up_ladders"]

_ENOUGH = 5
"""People who must have judged a task before its difficulty is taken from them; an assumption."""
_LEAST = 0.05
"""Variances in logits² that are found smaller than this are set to it."""


class Judged(NamedTuple):
    """One person's judgement of a whole ladder."""

    person: str
    ladder: Ladder
    """Easiest step first."""
    ratings: tuple[float, ...]
    """What was answered at each step, 0 to 1."""
    truth: tuple[float, ...]
    """The efficacies behind the answers; the answers themselves where nobody knows them."""
    parameters: Parameters
    """What holds for people in general, this person left out."""


class _Found(NamedTuple):
    """A ladder in a log: one judgement of each task."""

    person: str
    events: tuple[Event, ...]


def made_up_ladders(people: int, steps: int, seed: int, p: Parameters | None = None) -> list[Judged]:
    """People who judge a ladder of evenly graded steps, drawn from what the model assumes of people."""
    p, random = p or Parameters(), np.random.default_rng(seed)
    ladder = Ladder.of("made up", *(f"step {number}" for number in range(1, steps + 1)))
    difficulties = np.array([task.difficulty for task in ladder.tasks])
    between = np.hypot(p.set_point_spread, p.belief_spread)
    beliefs = p.prior_belief + between * random.standard_normal((people, 1))
    own = p.task_spread * random.standard_normal((people, steps))
    sure = sigmoid(p.slope * (beliefs + own - difficulties))
    said = sure + p.rating_noise * random.standard_normal((people, steps))
    ratings = np.clip(np.round(said / p.rating_step) * p.rating_step, 0.0, 1.0)
    return [
        Judged(f"p{number}", ladder, tuple(answers), tuple(true), p)
        for number, (answers, true) in enumerate(zip(ratings.tolist(), sure.tolist(), strict=True), start=1)
    ]


def found_ladders(
    log: Log, least: int = 6, *, means: bool = False, p: Parameters | None = None
) -> list[Judged]:
    """Everyone in a log who judged at least so many tasks of a domain, each with what others taught.

    With `means` a task counts with the mean of its judgements instead of the first one.
    """
    p = p or Parameters()
    by_domain: defaultdict[str, list[_Found]] = defaultdict(list)
    for person, events in sorted(log.by_person()):
        for domain, judged in _judgements(events, means).items():
            if len(judged) >= least:
                by_domain[domain].append(_Found(person, judged))
    return [one for domain in sorted(by_domain) for one in _folded(by_domain[domain], p)]


def _judgements(events: Sequence[Event], means: bool) -> dict[str, tuple[Event, ...]]:
    """By domain, one judgement of each task that has a name: the first one, or one with their mean."""
    found: defaultdict[str, defaultdict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in sorted(events, key=lambda event: event.time):
        if event.kind == "judgement" and event.task and event.value is not None:
            found[event.domain][event.task].append(event)
    return {
        domain: tuple(_mean(judged) if means else judged[0] for judged in tasks.values())
        for domain, tasks in found.items()
    }


def _mean(judged: Sequence[Event]) -> Event:
    values = [event.value for event in judged if event.value is not None]
    return judged[0]._replace(value=sum(values) / len(values))


def _folded(people: Sequence[_Found], p: Parameters) -> list[Judged]:
    judged: dict[int, Judged] = {}
    for fold in folds_of(people):
        known, difficulties = _learned([people[place] for place in fold.training], p)
        for place in fold.test:
            judged[place] = _judged(people[place], known, difficulties)
    return [judged[place] for place in sorted(judged)]


def _judged(found: _Found, p: Parameters, difficulties: dict[str, float]) -> Judged:
    ratings = {event.task: event.value or 0.0 for event in found.events}
    domain = found.events[0].domain
    tasks = [
        Task(domain, event.task, difficulties.get(event.task, event.difficulty or 0.0))
        for event in found.events
    ]
    tasks.sort(key=lambda task: (task.difficulty or 0.0, task.name))
    said = tuple(ratings[task.name] for task in tasks)
    return Judged(found.person, Ladder(domain, tuple(tasks)), said, said, p)


def _learned(others: Sequence[_Found], p: Parameters) -> tuple[Parameters, dict[str, float]]:
    """What other people taught: how far people and tasks differ, and how hard each task is."""
    names = sorted({event.task for one in others for event in one.events})
    said = np.full((len(others), len(names)), np.nan)
    for number, one in enumerate(others):
        for event in one.events:
            said[number, names.index(event.task)] = event.value
    said = said[:, np.isfinite(said).sum(axis=0) >= _ENOUGH]
    names = [name for name in names if sum(name in _tasks(one) for one in others) >= _ENOUGH]
    if len(names) < 2:
        return p, {}
    odds = logit(0.05 + 0.9 * said)
    means = np.nanmean(odds, axis=0)
    off = odds - means
    between = max(_shared(off), _LEAST)
    noise = p.rating_noise**2 + p.rating_step**2 / 12.0
    answer = noise / float(np.nanmean(information(0.05 + 0.9 * said) ** 2))
    own = max(float(np.nanmean(off**2)) - between - answer, _LEAST)
    middle = float(means.mean())
    lasting = p.set_point_spread**2 / (p.set_point_spread**2 + p.belief_spread**2)
    learned = replace(
        p,
        prior_belief=middle,
        set_point_spread=(lasting * between) ** 0.5,
        belief_spread=((1.0 - lasting) * between) ** 0.5,
        task_spread=own**0.5,
    )
    return learned, dict(zip(names, (middle - means).tolist(), strict=True))


def _tasks(found: _Found) -> set[str]:
    return {event.task for event in found.events}


def _shared(off: FloatArray) -> float:
    """Mean covariance of two different tasks, over people who judged both."""
    known = np.where(np.isfinite(off), off, 0.0)
    there = np.isfinite(off).astype(np.float64)
    products = known.sum(axis=1) ** 2 - (known**2).sum(axis=1)
    pairs = there.sum(axis=1) ** 2 - there.sum(axis=1)
    return float(products.sum() / max(pairs.sum(), 1.0))
