"""What is expected of the judgements of a sample: by the regression, and by tables of cases beside it.

For each fold that is held out there is a population, and tables learned from the sample's people of the other
folds. Whom tables were learned from is predicted by those of other people (`cases.learn_cases`), so that
what is built on top meets errors as large as they will be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.parameters import Parameters
from rung.engine.prediction.cases import Cases, expected
from rung.engine.prediction.crowd import expect, judged
from rung.engine.prediction.habits import Population
from rung.engine.scales import FloatArray
from rung.research.fitting.cases import learn_cases
from rung.research.fitting.crowds import some_of
from rung.research.fitting.heldout import Learned, gaussian_scores, hold_out
from rung.research.fitting.samples import Sample

__all__ = ["EVERYONE", "Expectations", "Expected", "learn_tables"]

EVERYONE = -1
"""In the place of a fold: nobody is held out."""


class Expected(NamedTuple):
    """What is expected of each change before it is seen, each of shape (n,)."""

    regression: FloatArray
    """By what evidence weighs alone."""
    sd: FloatArray
    cases: Cases
    """Learned from those who are not held out."""
    mean: FloatArray
    """With these tables; with those of other people for whom they were learned from."""


class Expectations:
    """Of everyone in a sample who judged."""

    def __init__(
        self,
        sample: Sample,
        population: Population,
        without: Mapping[int, Population],
        p: Parameters,
        seed: int = 0,
    ) -> None:
        """`population` is what judgements are expected from, `without` that for each fold held out."""
        crowd = some_of(sample.crowd, np.isin(sample.crowd.person, sample.of("judgement")))
        known = judged(crowd, p)
        people, person = np.unique(known.person, return_inverse=True)
        self.known = known._replace(person=person)
        """People are numbered from 0 up."""
        self.fold = sample.fold[people]
        """Of each person."""
        self._populations = {EVERYONE: population, **without}
        self._seed = seed
        self._found: dict[int, Expected] = {}
        order = np.argsort(person, kind="stable")
        self._rows = np.split(order, np.searchsorted(person[order], np.arange(1, len(people))))

    def rows(self, person: int) -> NDArray[np.intp]:
        """The judgements of a person, in their order."""
        return self._rows[person]

    def of(self, fold: int = EVERYONE) -> Expected:
        """With a fold held out; the answer is remembered."""
        if fold not in self._found:
            self._found[fold] = self._expected(fold)
        return self._found[fold]

    def _expected(self, fold: int) -> Expected:
        known = self.known
        regression, sd = expect(known, self._populations.get(fold, self._populations[EVERYONE]))
        others = np.flatnonzero((self.fold != fold)[known.person])
        some = type(known)(
            known.place[others],
            known.person[others],
            known.rows[others],
            known.last[others],
            known.change[others],
        )
        cases, mean = learn_cases(some, regression[others], self._seed)
        means = expected(cases, known.rows, regression)
        means[others] = mean
        return Expected(regression, sd, cases, means)


def learn_tables(
    expectations: Expectations,
    given: Cases,
    *,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
) -> Learned[Cases] | None:
    """The tables of cases, held against what is given; None where nobody judged twice."""
    known = expectations.known
    if not len(known.change):
        return None

    def scores(person: int, fold: int, cases: Cases) -> FloatArray:
        found, rows = expectations.of(fold), expectations.rows(person)
        means = expected(cases, known.rows[rows], found.regression[rows])
        return np.stack(gaussian_scores(known.change[rows], means, found.sd[rows]), axis=1)

    held_out = hold_out(
        expectations.fold,
        lambda _, fold: expectations.of(fold).cases,
        scores,
        given,
        ("log score", "squared error"),
        seed=seed,
        progress=progress,
    )
    return Learned(expectations.of().cases, len(expectations.fold), len(known.change), held_out)
