"""How people learn from their own outcomes, and whom they put them down to: findings 11 to 17."""

from __future__ import annotations

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import DEPRESSED, Deed, Kind, People, Seen
from rung.research.facts.finding import Numbers
from rung.research.facts.measuring import learning_rates, mean_of, ratio, strength
from rung.research.facts.relations import MEDIUM, MINUTES, scale

__all__ = ["by_blame", "with_help", "with_low_mood", "with_own_feedback", "with_reattribution"]

_TRIALS = 25
_SHIFT, _SPREAD = 0.12, 0.15
"""Feedback departs from the last expectations by so much on average, either way, and around it."""


def with_own_feedback(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Learning of own performance: feedback is mostly above what one expects in one field, below in another.

    25 trials of each, a minute apart: an expectation, then feedback that is made up. Two rates are fitted
    to each person.
    """
    return _rates(people, random, p, Kind())


def with_low_mood(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """The same task, with people at large and with people of a depressive learning style."""
    healthy, low = (_rates(people, random, p, kind) for kind in (Kind(), DEPRESSED))
    return {
        "drop of bias": healthy["bias"] - low["bias"],
        "drop of a+": healthy["a+"] - low["a+"],
        "bias": low["bias"],
        "a+": low["a+"],
        "a-": low["a-"],
    }


def _rates(people: int, random: np.random.Generator, p: Parameters, kind: Kind) -> Numbers:
    group = People(people, seed=random, parameters=p, kind=kind)
    expected, feedback = [], []
    for field, direction in (("one field", 1.0), ("another field", -1.0)):
        said, told = _one_field(group, Deed(domain=field), direction, random)
        expected.append(said)
        feedback.append(told)
    rates = learning_rates(expected, feedback)
    return {"a+": float(rates.good.mean()), "a-": float(rates.bad.mean()), "bias": float(rates.bias.mean())}


def _one_field(
    group: People, deed: Deed, direction: float, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    said: list[FloatArray] = []
    told: list[FloatArray] = []
    for _ in range(_TRIALS):
        said.append(group.judge(deed))
        around = np.mean(said[-5:], axis=0)
        news = around + direction * _SHIFT + _SPREAD * random.standard_normal(group.number)
        told.append(np.clip(news, 0.0, 1.0))
        group.feedback(deed, told[-1])
        group.wait(MINUTES)
    return np.array(said), np.array(told)


def with_help(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """A task works five times for doubting people: one group alone, one with much visible help (.9)."""
    doubting, task = Kind("doubting", belief=-1.0), Deed("the task")
    gains = []
    for aid in (0.0, 0.9):
        group = People(people, seed=random, parameters=p, kind=doubting)
        before = strength(group, scale(task))
        for _ in range(5):
            group.attempt(task, aid=aid, seen=Seen(1.0))
        gains.append(float(np.mean(strength(group, scale(task)) - before)))
    return {"gain alone": gains[0], "gain with help": gains[1], "ratio": ratio(gains[1], gains[0])}


def with_reattribution(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Six failures in a row. One group makes of them what it will; the other is led to what can change.

    Led, they take the cause to be as passing (stable .25) as people who are not take it to be lasting
    (.75), and to lie in their hands as much (.75).
    """
    task, losses = Deed("the task"), []
    for seen in (Seen(0.0), Seen(0.0, stable=0.25, controllable=0.75)):
        group = People(people, seed=random, parameters=p)
        before = strength(group, scale(task))
        for _ in range(6):
            group.attempt(task, seen=seen)
        losses.append(float(np.mean(before - strength(group, scale(task)))))
    return {"loss": losses[0], "loss when led": losses[1], "cut": 1.0 - ratio(losses[1], losses[0])}


def by_blame(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """People judge, fail, and say how far it was their own doing: those who had said 20, and those of 80."""
    group, task = People(people, seed=random, parameters=p), Deed("the task", luck=MEDIUM)
    sure = group.judge(task)
    blame = group.put_down(task, 0.0)
    low, high = (np.abs(sure - rating) < 0.05 for rating in (0.2, 0.8))
    means = [mean_of(blame, who) for who in (low, high)]
    return {"at 20": means[0], "at 80": means[1], "difference": means[0] - means[1]}
