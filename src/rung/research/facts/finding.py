"""A published finding that can be run: what was found, where, and which numbers agree with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np

from rung.engine.parameters import Parameters

__all__ = ["Band", "Experiment", "Finding", "Numbers"]

Numbers: TypeAlias = Mapping[str, float]
Experiment: TypeAlias = Callable[[int, np.random.Generator, Parameters], Numbers]
"""Does a study once, with so many people in each of its groups, and gives what it would report."""


class Band(NamedTuple):
    """One number of an experiment, and where it has to lie.

    >>> Band("r", 0.28, 0.48, 0.38).holds(0.4)
    True
    """

    number: str
    """As the experiment names it."""
    low: float = -math.inf
    high: float = math.inf
    published: float | None = None
    """What the publication gives, where it gives a number."""

    def holds(self, value: float) -> bool:
        """Whether a value lies in the band."""
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """Infinite where only a direction was found."""
        return self.high - self.low


class Finding(NamedTuple):
    """A finding, and the experiment in the design of its study."""

    number: int
    """In the table of findings; those left out (13, 14, 27, 35) are no experiments."""
    name: str
    claim: str
    published: str
    source: str
    bands: tuple[Band, ...]
    experiment: Experiment
    people: int = 200
    """In each group."""
    times: int = 40
    """How often the study is repeated."""
