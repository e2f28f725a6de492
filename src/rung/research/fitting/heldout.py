"""Is what was fitted better than what Rung comes with? Held against it on people whom it has not met.

People are predicted by a fit that left their fold out, each learned answer by answer as Rung does, and by
what is given just so. Scores are means over what was predicted, in nats where they are logs; lower is
better, and the first of them decides:

    judgements, cases   log score of the change y - x, -log N(y - x; mean, sd^2); its squared error
    answers             log score of the hundredth that was answered; CRPS          (`rung.research.scoring`)
    attempt, choice     log loss; Brier score                                       (`rung.research.scoring`)

Intervals are of 95 % and come from drawing people with replacement (`resampling`); the difference is paired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import Judged, expect, judged
from rung.engine.prediction.habits import Population
from rung.engine.scales import FloatArray
from rung.research.fitting.parts import Part, batches
from rung.research.fitting.workers import Workers
from rung.research.resampling import Draws, Measure, draw_means, measure

__all__ = [
    "Comparison",
    "HeldOut",
    "Learned",
    "filled",
    "gaussian_scores",
    "hold_out",
    "hold_out_judgements",
]

M = TypeVar("M")

_OF_JUDGEMENTS = ("log score", "squared error")


class Comparison(NamedTuple):
    """One score of both, on the same people."""

    fitted: Measure
    given: Measure
    difference: Measure
    """Fitted minus given; below nought what was fitted is better."""


class HeldOut(NamedTuple):
    """How what was fitted and what is given predict people whom neither has met."""

    people: int
    predicted: int
    scores: Mapping[str, Comparison]
    """By name; the first one decides."""

    @property
    def is_better(self) -> bool:
        """True where what was fitted has the better first score."""
        value = next(iter(self.scores.values())).difference.value
        return value is not None and value < 0.0


class Learned(NamedTuple, Generic[M]):
    """What was fitted to people, and how it does on others."""

    fitted: M
    people: int
    answers: int
    """Judgements, attempts or choices that it was fitted to."""
    held_out: HeldOut | None
    """None where nobody could be held out."""


def filled(fitted: FloatArray, given: FloatArray, seen: NDArray[np.bool_]) -> FloatArray:
    """A fitted covariance, and the given one among what was not seen; nought between the two."""
    unseen = ~seen
    covariance: FloatArray = np.where(np.outer(seen, seen), fitted, 0.0)
    covariance[np.ix_(unseen, unseen)] = given[np.ix_(unseen, unseen)]
    return covariance


def _compared(sums: FloatArray, counts: FloatArray, names: Sequence[str], seed: int) -> HeldOut | None:
    """From each one's sums of every score, first all of what was fitted, then all of what is given."""
    scored = counts > 0.0
    if not scored.any():
        return None
    means, drawn = draw_means(sums[scored], counts[scored], seed)

    def comparison(place: int) -> Comparison:
        at = place, place + len(names)
        ours, theirs = (Draws(float(means[one]), drawn[:, one]) for one in at)
        apart = Draws(ours.value - theirs.value, ours.drawn - theirs.drawn)
        return Comparison(measure(ours), measure(theirs), measure(apart))

    scores = {name: comparison(place) for place, name in enumerate(names)}
    return HeldOut(int(scored.sum()), int(counts.sum()), scores)


def hold_out(
    fold: NDArray[np.intp],
    fit: Callable[[NDArray[np.intp], int], M],
    scores: Callable[[int, int, M], FloatArray],
    given: M,
    names: Sequence[str],
    *,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
) -> HeldOut | None:
    """The comparison of what is fitted to people, by their numbers, with what is given.

    `fold` is that of each; `fit(people, without)` fits to those of the other folds, and
    `scores(person, fold, fitted)` predicts one person, shape (predicted, names). None where nobody can be
    held out. `progress` is called with the number of people predicted.
    """
    held = np.unique(fold).tolist()
    ours: list[FloatArray] = []
    theirs: list[FloatArray] = []
    for number in held if len(held) > 1 else ():
        fitted = fit(np.flatnonzero(fold != number), number)
        for person in np.flatnonzero(fold == number).tolist():
            ours.append(scores(person, number, fitted))
            theirs.append(scores(person, number, given))
            if progress:
                progress(len(ours))
    return _of_rows(ours, theirs, names, seed) if ours else None


def _of_rows(
    ours: Sequence[FloatArray], theirs: Sequence[FloatArray], names: Sequence[str], seed: int
) -> HeldOut | None:
    """From every score of each one's answers, for each person an array of shape (predicted, names)."""
    counts = np.array([len(rows) for rows in ours], dtype=np.float64)
    sums = [
        np.concatenate([mine.sum(axis=0), given.sum(axis=0)])
        for mine, given in zip(ours, theirs, strict=True)
    ]
    return _compared(np.array(sums), counts, names, seed)


def hold_out_judgements(
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
    return _compared(sums[:, :4], sums[:, 4], _OF_JUDGEMENTS, seed)


def _scored(part: Part, fitted: dict[int, Population], given: Population, p: Parameters) -> FloatArray:
    """Each one's sums of both scores of both, and judgements, shape (n, 5)."""
    found = [np.empty((0, 5))]
    for fold, some in batches(part.read()):
        if fold not in fitted:
            continue
        known = judged(some, p)
        if not len(known.change):
            continue
        ours, theirs = _scores(known, fitted[fold]), _scores(known, given)
        rows = np.stack([*ours, *theirs, np.ones(len(known.change))], axis=1)
        person = np.unique(known.person, return_inverse=True)[1]
        sums = np.zeros((int(person.max()) + 1, 5))
        np.add.at(sums, person, rows)
        found.append(sums)
    return np.concatenate(found)


def _scores(known: Judged, population: Population) -> tuple[FloatArray, FloatArray]:
    return gaussian_scores(known.change, *expect(known, population))


def gaussian_scores(changes: FloatArray, means: FloatArray, sds: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Log score and squared error of each change."""
    square = (changes - means) ** 2
    return 0.5 * (np.log(2.0 * np.pi * sds**2) + square / sds**2), square
