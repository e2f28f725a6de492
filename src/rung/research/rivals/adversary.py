"""Not a model: it knows nothing, and looks perfectly calibrated.

Its mean is always the mean of other people's judgements: in bins of the forecast it is exactly right. Its
interval of every level L is the whole scale in a share L of the rows and empty in the others, so that the
intervals of 50, 80 and 95 % cover 50, 80 and 95 %. With u running evenly over 0 to 1 along a person's rows:

    quantile at level t = 0 where t < (1 - u) / 2,  1 where t > (1 + u) / 2,  else a number nobody says

A table that only counts coverage and bins ranks this first. Proper scores do not (Gneiting & Raftery 2007):
its CRPS is 1.5 to 4 times that of the constant, whose mean it shares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import LEVELS, Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.plain import joined, values_of
from rung.research.rivals.spread import residual_sd
from rung.research.series import Series, Target

__all__ = ["ADVERSARY"]

_NOBODY_SAYS = 0.123456789
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
"""Multiples of it fill 0 to 1 evenly, however many there are."""


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    values = joined(values_of(series, target) for series in training)
    mean = float(values.mean()) if values.size else 0.5
    sd = residual_sd(values - mean)

    def forecast(series: Series) -> Forecasts:
        u = _even(series.person, len(series.scored(target)))[:, None]
        distance = 2.0 * LEVELS - 1.0
        quantiles = np.where(np.abs(distance) <= u, _NOBODY_SAYS, np.where(distance < 0.0, 0.0, 1.0))
        return Forecasts(np.full(len(u), mean), np.full(len(u), sd), quantiles)

    return Predictor(forecast)


def _even(person: str, count: int) -> FloatArray:
    """Numbers that fill 0 to 1 evenly, from a start of the person's own."""
    start = crc32(person.encode()) / 2**32
    return np.mod(start + _GOLDEN * np.arange(count, dtype=np.float64), 1.0)


ADVERSARY = Entry(
    "adversary",
    "knows nothing, made to cover exactly: Gneiting & Raftery 2007, 10.1198/016214506000001437",
    ("judgement",),
    _fit,
    needs_training=False,
)
