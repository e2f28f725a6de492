"""How people answer, fitted to a sample of them, on top of what is expected of their judgements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.answers import CUES, REPEAT_CUES, AnswerHabits
from rung.engine.prediction.cases import Cases, expected
from rung.engine.prediction.crowd import Judged
from rung.engine.scales import FloatArray
from rung.research.answers import Answered, answered_of, fit_answers, forecast_answers
from rung.research.fitting.expectations import EVERYONE, Expectations
from rung.research.fitting.heldout import Learned, hold_out
from rung.research.forecasts import Forecasts
from rung.research.scoring import score_judgements

__all__ = ["learn_answers"]

_SCORES = {"log score": "log_score", "CRPS": "crps"}


def learn_answers(
    expectations: Expectations,
    cases: Cases | None,
    given: AnswerHabits,
    *,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
) -> Learned[AnswerHabits] | None:
    """The habits of those who judged, held against what is given; None where nobody judged twice.

    They are learned on top of these tables of `cases`, or of those that are fitted with them (None). Cues
    that nobody had weigh what they weigh in `given`.
    """
    known = expectations.known
    if not len(known.change):
        return None

    @lru_cache(maxsize=1)
    def means(fold: int) -> FloatArray:
        found = expectations.of(fold)
        return found.mean if cases is None else expected(cases, known.rows, found.regression)

    def answered(person: int, fold: int) -> Answered:
        rows = expectations.rows(person)
        some = Judged(
            known.place[rows], known.person[rows], known.rows[rows], known.last[rows], known.change[rows]
        )
        return answered_of(some, means(fold)[rows], expectations.of(fold).sd[rows])

    def fit(people: NDArray[np.intp], fold: int) -> AnswerHabits:
        return _fitted([answered(person, fold) for person in people.tolist()], given, seed)

    def scores(person: int, fold: int, habits: AnswerHabits) -> FloatArray:
        one = answered(person, fold)
        found, _ = score_judgements(one.answer, Forecasts(*forecast_answers(one, habits)))
        return np.stack([found[name] for name in _SCORES.values()], axis=1)

    people = np.arange(len(expectations.fold))
    held_out = hold_out(expectations.fold, fit, scores, given, list(_SCORES), seed=seed, progress=progress)
    return Learned(fit(people, EVERYONE), len(people), len(known.change), held_out)


def _fitted(people: Sequence[Answered], given: AnswerHabits, seed: int) -> AnswerHabits:
    habits = fit_answers(people, seed)
    seen = np.ones(len(REPEAT_CUES), np.bool_)
    seen[[REPEAT_CUES.index(cue) for cue in CUES]] = np.any([one.cues.any(axis=0) for one in people], axis=0)
    return habits._replace(repeat=np.where(seen, habits.repeat, given.repeat))
