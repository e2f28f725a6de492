"""Are new weights better than those that Rung comes with? Held against them on people they have not met.

People are predicted by the weights of a fit that left their fold out, each learned judgement by judgement
as Rung does (`crowd.expect`), and by the given weights just so. Scores are means over judgements:

    log score       -log N(y - x; mean, sd^2), in nats per judgement
    squared error   (y - x - mean)^2

Lower is better. Intervals are of 95 % and come from drawing people with replacement (`resampling`); the
difference is paired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rung.engine.crowd import Judged, expect, judged
from rung.engine.habits import Population
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.research.fitting.parts import Part, batches
from rung.research.fitting.workers import Workers
from rung.research.resampling import Draws, Measure, draw_means, measure

__all__ = ["Comparison", "HeldOut", "hold_out"]


class Comparison(NamedTuple):
    """One score of both, on the same people."""

    fitted: Measure
    given: Measure
    difference: Measure
    """Fitted minus given; below nought the fitted weights are better."""


class HeldOut(NamedTuple):
    """How fitted and given weights predict people whom neither has met."""

    people: int
    judgements: int
    log_score: Comparison
    squared_error: Comparison

    @property
    def is_better(self) -> bool:
        """True where the fitted weights have the better log score."""
        value = self.log_score.difference.value
        return value is not None and value < 0.0


def hold_out(
    parts: Sequence[Part],
    fitted: Mapping[int, Population],
    given: Population,
    workers: Workers,
    p: Parameters,
    *,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
) -> HeldOut | None:
    """The comparison, given the fit that left out each fold, by its number; None with nobody to score."""
    found = workers.over(
        _scored, parts, dict(fitted), given, p, name=lambda part: part.name, progress=progress
    )
    sums = np.concatenate([np.empty((0, 5)), *found])
    if not len(sums):
        return None
    means, drawn = draw_means(sums[:, :4], sums[:, 4], seed)

    def comparison(place: int) -> Comparison:
        ours, theirs = (Draws(float(means[at]), drawn[:, at]) for at in (place, place + 1))
        apart = Draws(ours.value - theirs.value, ours.drawn - theirs.drawn)
        return Comparison(measure(ours), measure(theirs), measure(apart))

    return HeldOut(len(sums), int(sums[:, 4].sum()), comparison(0), comparison(2))


def _scored(part: Part, fitted: dict[int, Population], given: Population, p: Parameters) -> FloatArray:
    """Each one's sums of both log scores and both squared errors, and judgements, shape (n, 5)."""
    found = [np.empty((0, 5))]
    for fold, some in batches(part.read()):
        if fold not in fitted:
            continue
        known = judged(some, p)
        if not len(known.change):
            continue
        ours, theirs = _scores(known, fitted[fold]), _scores(known, given)
        rows = np.stack([ours[0], theirs[0], ours[1], theirs[1], np.ones(len(known.change))], axis=1)
        person = np.unique(known.person, return_inverse=True)[1]
        sums = np.zeros((int(person.max()) + 1, 5))
        np.add.at(sums, person, rows)
        found.append(sums)
    return np.concatenate(found)


def _scores(known: Judged, population: Population) -> tuple[FloatArray, FloatArray]:
    means, sds = expect(known, population)
    square = (known.change - means) ** 2
    return 0.5 * (np.log(2.0 * np.pi * sds**2) + square / sds**2), square
