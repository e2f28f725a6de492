"""What evidence weighs for success and approach, fitted to a sample of people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.chances import Weights
from rung.engine.scales import FloatArray
from rung.research.chances import FittedChances, evidence_seen, fit_chances
from rung.research.fitting.heldout import Learned, filled, hold_out
from rung.research.fitting.samples import Sample, series_of_sample
from rung.research.scoring import score_chances
from rung.research.series import Series

__all__ = ["learn_chances"]

_SCORES = {"log loss": "log_loss", "Brier": "brier"}


def learn_chances(
    sample: Sample,
    target: Literal["attempt", "choice"],
    given: Weights,
    *,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
) -> Learned[Weights] | None:
    """The weights for those who answered, held against what is given; None where nobody did.

    Evidence that nobody had weighs what it weighs in `given`.
    """
    people = sample.of(target)
    series = series_of_sample(sample, people)
    if not series:
        return None

    def fit(chosen: NDArray[np.intp], _: int) -> Weights:
        return _fitted([series[person] for person in chosen.tolist()], target, given)

    def scores(person: int, _: int, weights: Weights) -> FloatArray:
        one = series[person]
        places = one.scored(target)
        values = np.array([one.events[place].value for place in places], dtype=np.float64)
        found = score_chances(values, FittedChances(weights).predict(one, target))
        return np.stack([found[name] for name in _SCORES.values()], axis=1)

    held_out = hold_out(sample.fold[people], fit, scores, given, list(_SCORES), seed=seed, progress=progress)
    answered = sum(event.kind == target and event.value is not None for one in series for event in one.events)
    return Learned(_fitted(series, target, given), len(series), answered, held_out)


def _fitted(training: Sequence[Series], target: Literal["attempt", "choice"], given: Weights) -> Weights:
    weights, seen = fit_chances(training, target).weights, evidence_seen(training, target)
    covariance = filled(weights.covariance, given.covariance, seen)
    return Weights(np.where(seen, weights.mean, given.mean), covariance, weights.dispersion)
