"""Whole distributions for rivals whose source gives only a mean.

    F = N(mean, sd^2), cut off at 0 and 1;   sd^2 = mean squared error on the training people

Nothing here is finer than that, so that rivals differ by what they expect and not by how they are dressed.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import LEVELS, Forecasts
from rung.research.series import Target

__all__ = ["NO_SPREAD_KNOWN", "SCORES", "chances", "gaussian", "residual_sd"]

NO_SPREAD_KNOWN = 0.2
"""Residual sd where there is nobody to estimate it from: about what judgements vary by within a person."""
_LEAST = 0.005
"""Half a point of a scale of 0 to 100: no rating is known more exactly."""
SCORES: FloatArray = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
"""Standard scores of the 99 levels."""


def residual_sd(errors: FloatArray) -> float:
    """Root mean square of the errors of forecasts on the training people."""
    if not errors.size:
        return NO_SPREAD_KNOWN
    return max(float(np.sqrt(np.mean(errors**2))), _LEAST)


def gaussian(mean: FloatArray, sd: FloatArray | float) -> Forecasts:
    """Gaussians around the means, shape (n,), cut off at 0 and 1."""
    spread = np.broadcast_to(np.asarray(sd, dtype=np.float64), mean.shape)
    quantiles = np.clip(mean[:, None] + spread[:, None] * SCORES, 0.0, 1.0)
    return Forecasts(np.clip(mean, 0.0, 1.0), spread.copy(), quantiles)


def chances(mean: FloatArray, target: Target, sd: float) -> Forecasts:
    """A Gaussian for judgements; for choices and outcomes the chance alone."""
    if target == "judgement":
        return gaussian(mean, sd)
    return Forecasts(np.clip(mean, 0.0, 1.0), np.zeros(len(mean)), np.empty((len(mean), 0)))
