"""Rung as it is meant to be used: fitted to the people of the other folds, then learning each person.

    judgement   personal weights of the evidence give a mean and an sd (`habits`), tables of cases correct the
                mean (`cases`), and how people repeat and round their answers makes the rest (`answers`)
    choice      personal weights of belief, fear and earlier choices                  (`chances`)
    attempt     personal weights of outcomes, difficulty and belief                   (`chances`)

all of them of `rung.engine.prediction`.

`DEFAULTS` is the same with what comes with the package, and nothing estimated from the log. Parts and numbers
can be taken out, to see what each is worth (`rung.research.ablation`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rung.engine import Parameters
from rung.engine.prediction import judging
from rung.engine.prediction.answers import AnswerHabits
from rung.engine.prediction.cases import NONE, Cases, expected
from rung.engine.prediction.crowd import Judged, expect
from rung.engine.prediction.habits import Population
from rung.engine.prediction.model import Model
from rung.engine.prediction.rows import NAMES
from rung.research.answers import answered_of, fit_answers, forecast_answers
from rung.research.chances import FittedChances, fit_chances
from rung.research.fitting.cases import learn_cases
from rung.research.fitting.judgements import fit_judgements
from rung.research.forecasts import Forecasts
from rung.research.rivals.spread import gaussian
from rung.research.rivals.tracks import once_per_series
from rung.research.series import TARGETS, Series, Target

__all__ = ["DEFAULTS", "FITTED", "PARTS", "Fitted", "joined", "judged_of"]

PARTS = ("own weights", "own noise", "cases", "ways of answering")
"""What can be taken out, beside the numbers of a row."""
_PARAMETERS = Parameters()
_CERTAIN = 1e12
"""Judgements that the common noise counts for where nobody has any of their own."""


@once_per_series
def judged_of(series: Series) -> Judged:
    """The evidence before each scored judgement of a person."""
    state = judging.begun(Model.default().judgements)
    rows, lasts, places = [], [], []
    scored = set(series.scored("judgement"))
    for place, event in enumerate(series.events):
        if place in scored and (known := judging.before(state, series.asked(place))) is not None:
            lasts.append(known[0])
            rows.append(known[1])
            places.append(place)
        state = judging.after(state, event, _PARAMETERS)
    values = np.array([series.events[place].value for place in places], dtype=np.float64)
    last = np.array(lasts, dtype=np.float64)
    found = np.array(rows).reshape(-1, len(NAMES))
    return Judged(np.array(places, np.intp), np.zeros(len(places), np.intp), found, last, values - last)


def joined(each: Sequence[Judged]) -> Judged:
    """The judgements of several people, numbered in their order."""
    person = np.repeat(np.arange(len(each)), [len(one.last) for one in each])
    place, _, rows, last, change = (np.concatenate(column) for column in zip(*each, strict=True))
    return Judged(place, person, rows, last, change)


class _Judgements(NamedTuple):
    population: Population
    cases: Cases
    habits: AnswerHabits | None
    """None for a Gaussian."""
    without: frozenset[str]

    def predict(self, series: Series, target: Target) -> Forecasts:
        known = _kept(judged_of(series), self.without)
        means, sds = expect(known, self.population)
        means = expected(self.cases, known.rows, means)
        if self.habits is None:
            return gaussian(known.last + means, sds)
        return Forecasts(*forecast_answers(answered_of(known, means, sds), self.habits))


class _Chances(NamedTuple):
    chances: FittedChances

    def predict(self, series: Series, target: Target) -> Forecasts:
        chances = self.chances.predict(series, target)
        return Forecasts(chances, np.zeros(len(chances)), np.empty((len(chances), 0)))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rung, as `rung.research.forecasts.Rival` has it."""

    name: str = "Rung"
    source: str = "this engine, fitted to the people of the other folds (docs/prediction.md)"
    targets: tuple[Target, ...] = TARGETS
    needs_training: bool = False
    model: Model | None = None
    """What is known of people; None to estimate it from the log."""
    without: frozenset[str] = frozenset()
    """`PARTS`, and numbers of a row, that are taken out."""

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> _Judgements | _Chances:
        """Estimate what people have in common; without anybody, what comes with the package."""
        training = [series for series in training if series.scored(target)] if self.model is None else []
        model = self.model or Model.default()
        if target == "judgement":
            if training:
                return self._fit(training, seed)
            return _Judgements(model.judgements, model.cases, model.answers, frozenset())
        if training:
            return _Chances(fit_chances(training, target))
        return _Chances(FittedChances(model.attempt if target == "attempt" else model.choice))

    def _fit(self, training: Sequence[Series], seed: int) -> _Judgements:
        each = [_kept(judged_of(series), self.without) for series in training]
        known = joined(each)
        population = fit_judgements(known).population
        if "own weights" in self.without:
            population = population._replace(spread=0.0 * population.spread)
        if "own noise" in self.without:
            population = population._replace(noise_weight=_CERTAIN)
        means, sds = expect(known, population)
        cases = NONE
        if "cases" not in self.without:
            cases, means = learn_cases(known, means, seed)
        habits = None
        if "ways of answering" not in self.without:
            own = [known.person == number for number in range(len(each))]
            told = [answered_of(one, means[mine], sds[mine]) for one, mine in zip(each, own, strict=True)]
            habits = fit_answers(told, seed)
        return _Judgements(population, cases, habits, self.without)


def _kept(known: Judged, without: frozenset[str]) -> Judged:
    """With the numbers that are taken out at nought."""
    out = [place for place, name in enumerate(NAMES) if name in without]
    if not out:
        return known
    rows = known.rows.copy()
    rows[:, out] = 0.0
    return known._replace(rows=rows)


FITTED = Fitted()
DEFAULTS = Fitted(
    "Rung (defaults)",
    "this engine as it comes, with nothing estimated from the log (docs/fitting.md)",
    model=Model.default(),
)
