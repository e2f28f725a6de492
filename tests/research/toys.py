"""Small models to try the benchmark on: honest ones, and ones that cheat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rung.errors import MissingExtra
from rung.research.forecasts import LEVELS, Forecasts, Rival
from rung.research.series import TARGETS, Series, Target

__all__ = ["AVERAGE", "CONSTANT", "LAST", "NEEDS_MORE", "Toy", "forecasts", "last", "peek"]

Guess = Callable[[Series, int, Target], float]


def forecasts(means: Sequence[float], target: Target, width: float = 0.2) -> Forecasts:
    """A Gaussian of no particular kind around each mean, or the chance itself."""
    mean = np.array(means, np.float64)
    if target != "judgement":
        return Forecasts(mean, np.zeros(len(mean)), np.empty((len(mean), 0)))
    spread = width * np.log(LEVELS / (1.0 - LEVELS)) / 1.7
    return Forecasts(mean, np.full(len(mean), width), np.clip(mean[:, None] + spread, 0.0, 1.0))


def last(series: Series, place: int, target: Target) -> float:
    """What was said last, or a half."""
    asked = series.asked(place)
    said = [e.value for e in series.events[:place] if (e.kind, e.domain) == (target, asked.domain)]
    return 0.1 + 0.8 * (said[-1] if said and said[-1] is not None else 0.5)


def peek(series: Series, place: int, target: Target) -> float:
    """The very value that is asked for."""
    return series.events[place].value or 0.0


@dataclass
class Toy:
    """A model that is one function of the series and the place."""

    name: str
    guess: Guess
    targets: tuple[Target, ...] = TARGETS
    source: str = "a test"
    needs_training: bool = False

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> Toy:
        return self

    def predict(self, series: Series, target: Target) -> Forecasts:
        return forecasts([self.guess(series, place, target) for place in series.scored(target)], target)


@dataclass
class Average:
    """The mean of the other people's values."""

    name: str = "average"
    source: str = "a test"
    targets: tuple[Target, ...] = TARGETS
    needs_training: bool = True

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> Toy:
        values = [one.events[place].value or 0.0 for one in training for place in one.scored(target)]
        mean = float(np.mean(values))
        return Toy(self.name, lambda series, place, target: mean)


@dataclass
class Missing:
    """A model whose package is not installed."""

    name: str = "missing"
    source: str = "a test"
    targets: tuple[Target, ...] = TARGETS
    needs_training: bool = False

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> Toy:
        raise MissingExtra("this model", "research")


CONSTANT: Rival = Toy("constant", lambda series, place, target: 0.5)
LAST: Rival = Toy("last", last)
AVERAGE: Rival = Average()
NEEDS_MORE: Rival = Missing()
