"""What many simulated trials of one design say, in the shape in which it is told as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

__all__ = [
    "Analysis",
    "Contrast",
    "Curve",
    "Group",
    "Planned",
    "Reading",
    "Share",
    "Sizing",
    "share_of",
    "shares_of",
]

Analysis = Literal["intention to treat", "completers"]


class Share(NamedTuple):
    """A share of the trials, with its 95 % interval (Wilson 1927)."""

    value: float
    low: float
    high: float


class Group(NamedTuple):
    """An arm as it was in the trials."""

    name: str
    people: int
    left: float
    """Mean share that had left by the last day."""


class Reading(NamedTuple):
    """One arm on one measure: means over trials of the mean and of the sd between people."""

    measure: str
    day: float | None
    """None = before everything else."""
    arm: str
    mean: float | None
    sd: float | None


class Contrast(NamedTuple):
    """One arm minus another on one measure and day, at the sample size of the design."""

    measure: str
    day: float
    one: str
    other: str
    analysis: Analysis
    g: float | None
    """Mean of Hedges' g over trials."""
    error: float | None
    """Its standard error, by the number of trials."""
    low: float | None
    high: float | None
    """Between these lies g in 95 of 100 trials."""
    power: Share
    """Share of trials in which Welch's test finds a difference."""
    adjusted_g: float | None
    adjusted_power: Share | None
    """Adjusted for baseline; None without one."""


class Curve(NamedTuple):
    """Power by sample size, by intention to treat."""

    measure: str
    day: float
    one: str
    other: str
    sizes: tuple[int, ...]
    """People randomised to an arm of ratio 1."""
    power: tuple[Share, ...]
    adjusted_power: tuple[Share, ...] | None


class Sizing(NamedTuple):
    """How many people in an arm of ratio 1 a power takes, those who leave counted in."""

    measure: str
    day: float
    one: str
    other: str
    wanted: float
    formula: int | None
    """By the t distribution from the mean g; None = over 100,000, or a g that is not told from 0."""
    checked: Share | None
    """Power at this size in simulated trials; None where it is beyond those that were run."""
    simulated: int | None
    """Where the simulated curve reaches it; None = beyond."""
    low: int | None
    high: int | None
    """Where its 95 % interval does: the chance that a simulation of so many trials leaves."""
    adjusted: int | None
    """Where the curve of the test that is adjusted for baseline does."""
    if_three_quarters: int | None
    if_half: int | None
    """By formula, if the true difference is this share of the model's."""


class Planned(NamedTuple):
    """Everything about one design."""

    name: str
    note: str
    source: str
    version: str
    seed: int
    trials: int
    alpha: float
    primary: str
    primary_day: float
    people: int
    arms: tuple[Group, ...]
    readings: tuple[Reading, ...]
    contrasts: tuple[Contrast, ...]
    curve_trials: int
    """Further trials, with as many people as the longest curve has."""
    curves: tuple[Curve, ...]
    sizings: tuple[Sizing, ...]
    caution: str


def share_of(count: int, trials: int) -> Share:
    """A count of trials as a share, with Wilson's interval.

    >>> [round(number, 3) for number in share_of(8, 10)]
    [0.8, 0.49, 0.943]
    """
    z = NormalDist().inv_cdf(0.975)
    value = count / trials
    whole = 1.0 + z * z / trials
    middle = (value + z * z / (2.0 * trials)) / whole
    reach = z / whole * sqrt(value * (1.0 - value) / trials + z * z / (4.0 * trials**2))
    return Share(value, max(0.0, middle - reach), min(1.0, middle + reach))


def shares_of(counts: Sequence[int], trials: int) -> tuple[Share, ...]:
    """Several of them."""
    return tuple(share_of(count, trials) for count in counts)
