"""Persuasion without mastery: what is left of it, and what failures make of the trust in it.

Doubting people (their set points 1 logit below those at large) stand before a goal of .5 logits for 60
days. In the first 28 they are, every other day, assured that they can (it conveys .8, at a credibility of
.8), or they try a step of -.5 logits, or both (the assurance first), or neither; then nothing more
happens. Efficacy for the goal is the truth, without the mood.

Then others are assured once a day, and each time fail at the goal, up to five times: what is left of
trust in assurances, and how many points the next one lifts efficacy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, Kind, People, Seen

__all__ = ["ARMS", "LAST_DAY", "Arm", "Failed", "Persuaded", "persuade"]

ARMS = {
    "assured, no mastery": (True, False),
    "mastery": (False, True),
    "both": (True, True),
    "neither": (False, False),
}
LAST_DAY, DAYS = 28, 60
"""Day of the last assurance, and days in all."""

_GOAL, _STEP = Deed("the goal", 0.5), Deed("a step", -0.5)
_KIND = Kind("doubting", belief=-1.0)
_CONVEYED, _CREDIBILITY = 0.8, 0.8
_FAILURES = 5


class Arm(NamedTuple):
    """One way, and what came of it."""

    name: str
    efficacy: list[float]
    """Mean efficacy for the goal on each day, before anything is done on it; 0 to 1."""
    gained: float
    """Mean gain in logits over who had neither, on the day after the last assurance (or try)."""
    left: float
    """Of it, 28 days after that last assurance (or try)."""

    @property
    def share_left(self) -> float:
        """Share of the gain that is left."""
        return self.left / self.gained if self.gained else np.nan


class Failed(NamedTuple):
    """After so many failures, each after an assurance."""

    failures: int
    trust: float
    """0 to 1."""
    lift: float
    """Points of 100 that the next assurance adds to efficacy."""


class Persuaded(NamedTuple):
    """Both experiments."""

    people: int
    arms: list[Arm]
    failed: list[Failed]


def persuade(people: int, seed: int, progress: Callable[[int], object] | None = None) -> Persuaded:
    """Do both experiments with `people` in each arm; the arms have the same people."""
    lives = {}
    for place, (name, (assured, tries)) in enumerate(ARMS.items()):
        lives[name] = _sixty_days(people, seed, assured, tries)
        if progress:
            progress(place + 1)
    nothing = lives["neither"]
    arms = [
        Arm(
            name,
            [float(value) for value in _chance(life).mean(axis=1)],
            float((life[LAST_DAY + 1] - nothing[LAST_DAY + 1]).mean()),
            float((life[LAST_DAY + 28] - nothing[LAST_DAY + 28]).mean()),
        )
        for name, life in lives.items()
    ]
    return Persuaded(people, arms, list(_failures(people, seed)))


def _sixty_days(people: int, seed: int, assured: bool, tries: bool) -> FloatArray:
    """Log odds of efficacy for the goal on each day, shape (days, n)."""
    world = People(people, seed=seed, kind=_KIND)
    days = []
    for day in range(DAYS):
        days.append(_log_odds(world))
        if day <= LAST_DAY and day % 2 == 0:
            if assured:
                world.assure(_GOAL, _CONVEYED, credibility=_CREDIBILITY)
            if tries:
                world.attempt(_STEP)
        world.wait(1.0)
    return np.array(days)


def _log_odds(world: People) -> FloatArray:
    sure = np.clip(world.efficacy(_GOAL, without_mood=True), 1e-9, 1.0 - 1e-9)
    odds: FloatArray = np.log(sure / (1.0 - sure))
    return odds


def _chance(log_odds: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-log_odds))


def _failures(people: int, seed: int) -> list[Failed]:
    world = People(people, seed=seed, kind=_KIND)
    found = []
    for failures in range(_FAILURES + 1):
        before, trust = world.efficacy(_GOAL, without_mood=True), float(world.crowd().trust.mean())
        world.assure(_GOAL, _CONVEYED, credibility=_CREDIBILITY)
        lift = float((world.efficacy(_GOAL, without_mood=True) - before).mean())
        found.append(Failed(failures, trust, 100.0 * lift))
        world.attempt(_GOAL, seen=Seen(0.0))
        world.wait(1.0)
    return found
