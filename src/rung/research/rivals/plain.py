"""What anybody would try first; whoever cannot beat these knows nothing.

    constant        the training people's mean and sd (choices and outcomes: their rate)
    running mean    the person's own mean so far; for choices and outcomes shrunk to the training rate r as
                    (4 r + count) / (4 + n), r = 1/2 where nobody is known
    persistence     the person's last answer
    AR(1)           a + phi x the last answer, by least squares on the training people

Spread is the root mean squared error on the training people. Order, domain by domain, is all that is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.spread import chances, gaussian, residual_sd
from rung.research.rivals.tracks import interleaved, tracks_of
from rung.research.series import TARGETS, Series, Target

__all__ = ["AR1", "CONSTANT", "PERSISTENCE", "RUNNING_MEAN", "joined", "values_of"]

_WEIGHT = 4.0
"""Events that the training people's rate counts for in a person's own."""
_Guess = Callable[[FloatArray], FloatArray]


def joined(pieces: Iterable[FloatArray]) -> FloatArray:
    """The arrays one after another; an empty one where there are none."""
    return np.concatenate([np.empty(0), *pieces])


def values_of(series: Series, target: Target) -> FloatArray:
    """What happened in the scored rows."""
    return np.array([series.events[place].value for place in series.scored(target)], dtype=np.float64)


def _constant(training: Sequence[Series], target: Target, seed: int) -> Model:
    values = joined(values_of(series, target) for series in training)
    mean = float(values.mean()) if values.size else 0.5
    sd = residual_sd(values - mean)
    return Predictor(lambda series: chances(np.full(len(series.scored(target)), mean), target, sd))


def _running_mean(training: Sequence[Series], target: Target, seed: int) -> Model:
    if target == "judgement":
        return _by_answers(training, lambda said: np.cumsum(said)[:-1] / np.arange(1, said.size))
    values = joined(values_of(series, target) for series in training)
    rate = float(values.mean()) if values.size else 0.5
    return Predictor(lambda series: chances(_rates(series, target, rate), target, 0.0))


def _rates(series: Series, target: Target, rate: float) -> FloatArray:
    sums: dict[str, list[float]] = {}
    rates = []
    scored = set(series.scored(target))
    for place, event in enumerate(series.events):
        if event.kind == target and event.value is not None:
            own = sums.setdefault(event.domain, [_WEIGHT * rate, _WEIGHT])
            if place in scored:
                rates.append(own[0] / own[1])
            own[0] += event.value
            own[1] += 1.0
    return np.array(rates, dtype=np.float64)


def _persistence(training: Sequence[Series], target: Target, seed: int) -> Model:
    return _by_answers(training, lambda said: said[:-1])


def _ar1(training: Sequence[Series], target: Target, seed: int) -> Model:
    told = [track.said for series in training for track in tracks_of(series)]
    last, then = joined(said[:-1] for said in told), joined(said[1:] for said in told)
    if not last.size:
        return _persistence(training, target, seed)
    about, varied = last.mean(), last - last.mean()
    # A grain of a tenth of a rating, for the case that all answers are the same.
    phi = float(varied @ then / (varied @ varied)) if varied @ varied > 1e-9 else 1.0
    start = then.mean() - phi * about
    return _by_answers(training, lambda said: start + phi * said[:-1])


def _by_answers(training: Sequence[Series], guess: _Guess) -> Predictor:
    """A forecast of each answer but the first of a domain, from the answers before it."""
    errors = joined(
        track.said[1:] - guess(track.said)
        for series in training
        for track in tracks_of(series)
        if track.said.size
    )
    sd = residual_sd(errors)

    def forecast(series: Series) -> Forecasts:
        means = joined(guess(track.said) for track in tracks_of(series) if track.said.size)
        return interleaved(series, gaussian(means, sd))

    return Predictor(forecast)


CONSTANT = Entry(
    "constant", "the mean and the spread of other people", TARGETS, _constant, needs_training=False
)
RUNNING_MEAN = Entry(
    "running mean", "the person's own mean so far", TARGETS, _running_mean, needs_training=False
)
PERSISTENCE = Entry(
    "persistence", "the person's last answer", ("judgement",), _persistence, needs_training=False
)
AR1 = Entry("AR(1)", "a straight line on the last answer, by least squares", ("judgement",), _ar1)
