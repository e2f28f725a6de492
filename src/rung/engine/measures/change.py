"""Whether a change is more than noise: the reliable change index.

    RC = (after - before) / sqrt(2 E^2),    reliable where |RC| > 1.96

E is the standard error of one measurement. Jacobson & Truax 1991, doi:10.1037/0022-006X.59.1.12, take it from
a norm group, E = s sqrt(1 - r); `error_of_measurement` is theirs. No norm exists for the steps of a ladder
that somebody wrote themselves, so that Rung takes E from the person: from pairs of successive judgements d
apart of a step that was not tried in between,

    E^2 = mean(d^2) / 2                              (mean square successive difference, von Neumann 1941)
    shared = mean(d_i d_j) / mean(d^2), i != j       within one occasion, kept within 0 and 1

A belief that moved meanwhile makes E larger, never smaller, so that less is called reliable. With fewer than
8 pairs (an assumption) the noise is that of the model, and `is_own` is False. The error of the mean of m
judgements of one occasion is E sqrt((1 + (m - 1) shared) / m): a good day lifts them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from rung.errors import InvalidInput

__all__ = [
    "LEAST_PAIRS",
    "RELIABLE",
    "Change",
    "Noise",
    "error_of_measurement",
    "noise_of_mean",
    "own_noise",
    "reliable_change",
]

RELIABLE = 1.96
"""Index from which a change is called reliable: 5 in 100 of those who did not change reach it."""
LEAST_PAIRS = 8
"""Pairs of judgements from which a person's own noise is known well enough (assumption)."""


class Noise(NamedTuple):
    """How far one measurement strays without any change."""

    error: float
    """Standard error of one measurement, on the scale of what is measured."""
    shared: float = 0.0
    """Share of the variance that all measurements of one occasion have in common, 0 to 1."""
    pairs: int = 0
    """Pairs of measurements that it was found in."""
    is_own: bool = False
    """True where it is the person's own, False where it is what was assumed of them."""


class Change(NamedTuple):
    """A difference, and how it compares with noise."""

    difference: float
    error: float
    """Standard error of the difference."""
    score: float
    """The reliable change index."""
    is_reliable: bool

    @property
    def least(self) -> float:
        """The smallest difference that would be reliable."""
        return RELIABLE * self.error


def error_of_measurement(spread: float, reliability: float) -> float:
    """Standard error of one measurement, from the spread of a norm group and a reliability.

    >>> round(error_of_measurement(20.0, 0.85), 2)
    7.75
    """
    if spread < 0.0 or not 0.0 <= reliability <= 1.0:
        raise InvalidInput("A spread is 0 or more, and a reliability lies between 0 and 1")
    return spread * sqrt(1.0 - reliability)


def reliable_change(before: float, after: float, error: float) -> Change:
    """The change between two measurements with this standard error each.

    >>> change = reliable_change(40.0, 62.0, error_of_measurement(20.0, 0.85))
    >>> round(change.score, 2), change.is_reliable, round(change.least, 1)
    (2.01, True, 21.5)
    """
    if not error > 0.0:
        raise InvalidInput("The error of a measurement is above 0")
    of_difference = sqrt(2.0) * error
    score = (after - before) / of_difference
    return Change(after - before, of_difference, score, abs(score) > RELIABLE)


def noise_of_mean(noise: Noise, count: int) -> float:
    """Standard error of the mean of several measurements of one occasion.

    >>> round(noise_of_mean(Noise(10.0), 4), 3), round(noise_of_mean(Noise(10.0, shared=1.0), 4), 3)
    (5.0, 10.0)
    """
    if count < 1:
        raise InvalidInput("A mean needs one measurement at least")
    return noise.error * sqrt((1.0 + (count - 1) * noise.shared) / count)


def own_noise(occasions: Sequence[Sequence[float]], assumed: Noise, least_error: float = 0.0) -> Noise:
    """The noise in a person's differences between successive measurements, by occasion.

    `assumed` where there are too few of them; never less than `least_error`, which rounding alone makes.

    >>> own_noise([[0.1, 0.1]] * 3, Noise(0.09)).is_own
    False
    >>> own = own_noise([[0.1, -0.1]] * 4, Noise(0.09))
    >>> round(own.error, 3), own.shared, own.pairs, own.is_own
    (0.071, 0.0, 8, True)
    """
    differences = [difference for occasion in occasions for difference in occasion]
    if len(differences) < LEAST_PAIRS:
        return assumed._replace(pairs=len(differences))
    square = sum(difference**2 for difference in differences) / len(differences)
    error = max(sqrt(square / 2.0), least_error)
    couples = sum(len(occasion) * (len(occasion) - 1) for occasion in occasions)
    shared = assumed.shared
    if couples and square:
        products = sum(sum(one) ** 2 - sum(difference**2 for difference in one) for one in occasions)
        shared = min(max(products / couples / square, 0.0), 1.0)
    return Noise(error, shared, len(differences), True)
