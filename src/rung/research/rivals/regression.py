"""AR + evidence: least squares on what a forecaster without a theory would look at.

    y - x = b . evidence + e,   b = argmin sum e^2 + .001 |b|^2

x is the last judgement; the evidence is listed in `evidence`. Every person has the same coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import Forecasts, Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.evidence import SIZE, evidence_of
from rung.research.rivals.plain import joined
from rung.research.rivals.spread import gaussian, residual_sd
from rung.research.series import Series, Target

__all__ = ["AR_EVIDENCE", "RIDGE", "coefficients"]

RIDGE = 1e-3
"""Keeps coefficients at 0 that the log says nothing of."""


def coefficients(rows: FloatArray, change: FloatArray) -> FloatArray:
    """Least squares with a grain of ridge."""
    return np.asarray(
        np.linalg.solve(rows.T @ rows + RIDGE * np.eye(rows.shape[1]), rows.T @ change), dtype=np.float64
    )


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    known = [evidence_of(series) for series in training]
    rows = np.concatenate([np.empty((0, SIZE)), *(evidence.rows for evidence in known)])
    change = joined(evidence.change for evidence in known)
    b = coefficients(rows, change)
    sd = residual_sd(change - rows @ b)

    def forecast(series: Series) -> Forecasts:
        evidence = evidence_of(series)
        return gaussian(evidence.last + evidence.rows @ b, sd)

    return Predictor(forecast)


AR_EVIDENCE = Entry("AR + evidence", "least squares on earlier answers and evidence", ("judgement",), _fit)
