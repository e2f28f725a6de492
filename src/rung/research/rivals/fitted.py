"""Rung as it is meant to be used: fitted to the people of the other folds, then learning each person.

    judgement   personal weights of the evidence give a mean and an sd (`rung.engine.habits`), and how people
                repeat and round their answers the whole distribution (`rung.engine.answers`)
    choice      personal weights of belief, fear and earlier choices                  (`rung.engine.chances`)
    attempt     personal weights of outcomes, difficulty and belief                   (`rung.engine.chances`)

`DEFAULTS` is the same with what comes with the package, and nothing estimated from the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rung.engine import Parameters, judging
from rung.engine.answers import AnswerHabits
from rung.engine.crowd import Judged, expect
from rung.engine.habits import Population
from rung.engine.learned import Model
from rung.engine.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.answers import Answered, fit_answers, forecast_answers
from rung.research.chances import FittedChances, fit_chances
from rung.research.fitting.judgements import fit_judgements
from rung.research.forecasts import Forecasts
from rung.research.rivals.tracks import once_per_series
from rung.research.series import TARGETS, Series, Target

__all__ = ["DEFAULTS", "FITTED", "Fitted", "judged_of"]

_CUES = ["was_told", "told", "was_outcome", "outcome", "difficulty_change", "other"]
_CUE_PLACES = [NAMES.index(name) for name in _CUES]
_PARAMETERS = Parameters()


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
    last = np.array(lasts)
    found = np.array(rows).reshape(-1, len(NAMES))
    return Judged(np.array(places, np.intp), np.zeros(len(places), np.intp), found, last, values - last)


def _answers(known: Judged, population: Population) -> Answered:
    means, sds = expect(known, population)
    return _told(known, means, sds)


def _told(known: Judged, means: FloatArray, sds: FloatArray) -> Answered:
    cues = np.abs(known.rows[:, _CUE_PLACES])
    return Answered(known.last, known.last + means, sds, cues, known.last + known.change)


class _Judgements(NamedTuple):
    population: Population
    habits: AnswerHabits

    def predict(self, series: Series, target: Target) -> Forecasts:
        return Forecasts(*forecast_answers(_answers(judged_of(series), self.population), self.habits))


class _Chances(NamedTuple):
    chances: FittedChances

    def predict(self, series: Series, target: Target) -> Forecasts:
        chances = self.chances.predict(series, target)
        return Forecasts(chances, np.zeros(len(chances)), np.empty((len(chances), 0)))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rung, as `rung.research.forecasts.Rival` has it."""

    name: str = "Rung"
    source: str = "this engine, fitted to the people of the other folds (docs/model.md)"
    targets: tuple[Target, ...] = TARGETS
    needs_training: bool = False
    to_the_log: bool = True
    """False for what comes with the package."""

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> _Judgements | _Chances:
        """Estimate what people have in common; without anybody, what comes with the package."""
        shipped = Model.default()
        training = [series for series in training if series.scored(target)] if self.to_the_log else []
        if target == "judgement":
            return _fitted(training) if training else _Judgements(shipped.judgements, shipped.answers)
        if training:
            return _Chances(fit_chances(training, target))
        return _Chances(FittedChances(shipped.attempt if target == "attempt" else shipped.choice))


def _fitted(training: Sequence[Series]) -> _Judgements:
    each = [judged_of(series) for series in training]
    person = np.repeat(np.arange(len(each)), [len(one.last) for one in each])
    place, _, rows, last, change = (np.concatenate(column) for column in zip(*each, strict=True))
    known = Judged(place, person, rows, last, change)
    population = fit_judgements(known).population
    means, sds = expect(known, population)
    told = []
    for number, one in enumerate(each):
        mine = person == number
        told.append(_told(one, means[mine], sds[mine]))
    return _Judgements(population, fit_answers(told))


FITTED = Fitted()
DEFAULTS = Fitted(
    "Rung (defaults)",
    "this engine as it comes, with nothing estimated from the log (docs/fitting.md)",
    to_the_log=False,
)
