"""Letting pass, and goals near and far: findings 28 to 30."""

from __future__ import annotations

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, Kind, People, Seen
from rung.research.facts.finding import Numbers
from rung.research.facts.measuring import correlation, effect, mean_of, strength
from rung.research.facts.relations import SIMPLE, scale

__all__ = ["by_goal", "by_ladder"]

_DOUBTING = Kind("able but doubting", belief=-2.0, ability=1.5, appraisal=-0.5, spread=0.3)
"""At a neutral task it works for them 82 times of 100; they were chosen as alike in that."""
_DAYS = 60
_RATED = 0.45
"""A rating of 50 or more, as it comes in tens."""


def by_ladder(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Sixty days of able people who dread something (stakes 1): each day they go for it or let it pass.

    How many of those under 40 at first still are? One group meets the thing itself. The other has eight
    steps up to it, whose stakes grow as well: each day begins with the hardest that they rate 50 or more,
    and when one is let pass, the next smaller one is offered.
    """
    return {name: _still(people, random, p, steps) for name, steps in (("alone", 0), ("ladder", 8))}


def _still(people: int, random: np.random.Generator, p: Parameters, count: int) -> float:
    group, goal = People(people, seed=random, parameters=p, kind=_DOUBTING), Deed("", stakes=1.0)
    steps = [Deed("", -4.0 * (1.0 - n / count), stakes=n / count) for n in range(count)]
    ladder = [*steps, goal]
    doubted = group.efficacy(goal, without_mood=True) < 0.4
    for _ in range(_DAYS):
        sure = np.array([group.judge(step) >= _RATED for step in ladder])
        first = np.where(sure.any(axis=0), len(steps) - np.argmax(sure[::-1], axis=0), 0)
        free = np.ones(people, dtype=bool)
        for place in reversed(range(len(ladder))):
            goes = group.choose(ladder[place], who=free & (first >= place))
            group.attempt(ladder[place], who=goes)
            free &= ~goes
        group.wait(1.0)
    return mean_of((group.efficacy(goal, without_mood=True) < 0.4).astype(np.float64), doubted)


_BEGINNERS = Kind("beginners in subtraction", belief=-1.0, ability=-1.0, values={"belief_ability_link": 0.0})
"""They have not done it yet, so what they believe does not rest on what they can do."""
_SESSIONS, _TAUGHT = 7, 0.3
_OWN_SENSE = 0.25
"""Beginners hardly see whether a sum is right."""


def by_goal(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Children teach themselves subtraction in seven sessions: a goal for each, one for all, or none.

    The sheets are easier than the test (difficulty -1.5) and teach everybody alike (.3 logits a session).
    Nobody is told how a sheet went; all have their own faint sense of it. With a near goal they see twice a
    session how far they reached it, and take that as a sign of how good they are at subtraction; with a far
    goal they see it once, at the end.
    """
    sheet, test = Deed("", -1.5, parts=3), Deed("", luck=SIMPLE, parts=20)
    rated, scores = {}, {}
    for goal in ("near", "far", "none"):
        group, reached = People(people, seed=random, parameters=p, kind=_BEGINNERS), []
        for _ in range(_SESSIONS):
            for _ in range(2):
                tried = group.attempt(sheet, told=False, seen=Seen(np.nan, weight=_OWN_SENSE))
                reached.append(tried.outcome)
                if goal == "near":
                    group.feedback(test, tried.outcome)
            group.change(ability=group.crowd().ability + _TAUGHT)
            group.wait(1.0)
        if goal == "far":
            group.feedback(test, np.mean(reached, axis=0))
        rated[goal] = strength(group, scale(test))
        scores[goal] = group.attempt(test).outcome
    return _of_goals(rated, scores)


def _of_goals(rated: dict[str, FloatArray], scores: dict[str, FloatArray]) -> Numbers:
    means = {f"efficacy, {goal}": float(ratings.mean()) for goal, ratings in rated.items()}
    fit = {f"r, {goal}": correlation(rated[goal], scores[goal]) for goal in rated}
    return {
        **means,
        **fit,
        "near - far, d": effect(rated["near"], rated["far"]),
        "far - none": means["efficacy, far"] - means["efficacy, none"],
        "r, near - far": fit["r, near"] - fit["r, far"],
    }
