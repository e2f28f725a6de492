"""The four sources of efficacy with weights set by hand, as apps that keep a diary of efficacy do it.

    efficacy = .4 mastery + .2 vicarious + .2 persuasion + .2 affect

Each source is the mean of what the log has of it so far: how it went (as told, else the outcome itself), how
it went for others, what was said to the person, and how calm they were; .5 where there is nothing. The
sources are Bandura's (1977, 10.1037/0033-295X.84.2.191); the weights are nobody's finding. Only the spread is
estimated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.plain import joined
from rung.research.rivals.spread import gaussian, residual_sd
from rung.research.rivals.tracks import Track, interleaved, tracks_of
from rung.research.series import Series, Target

__all__ = ["FIXED_CONSTANTS", "efficacy"]

_WEIGHTS = {"mastery": 0.4, "others": 0.2, "urged": 0.2, "calm": 0.2}


def efficacy(track: Track) -> FloatArray:
    """Efficacy at each judgement of the track but the first."""
    columns = track.columns
    mastery = np.where(np.isnan(columns["told"]), columns["outcome"], columns["told"])
    sources = {**columns, "mastery": mastery}
    whole = sum(
        (weight * _mean_so_far(sources[name]) for name, weight in _WEIGHTS.items()), np.zeros(len(mastery))
    )
    return whole[track.judgements[1:]]


def _mean_so_far(column: FloatArray) -> FloatArray:
    counts = np.cumsum(~np.isnan(column))
    sums = np.cumsum(np.nan_to_num(column))
    return np.where(counts > 0, sums / np.maximum(counts, 1), 0.5)


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    tracks = [track for series in training for track in tracks_of(series)]
    sd = residual_sd(joined(track.said[1:] - efficacy(track) for track in tracks))

    def forecast(series: Series) -> Forecasts:
        means = joined(efficacy(track) for track in tracks_of(series))
        return interleaved(series, gaussian(means, sd))

    return Predictor(forecast)


FIXED_CONSTANTS = Entry(
    "fixed constants", "four sources, weights set by hand", ("judgement",), _fit, needs_training=False
)
