"""What a model says of a row before it is seen: a whole distribution for numbers, a chance for yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.series import Series, Target

__all__ = ["LEVELS", "Forecasts", "Model", "Rival"]

LEVELS: FloatArray = np.arange(1, 100) / 100.0
"""Levels of the quantiles q01 to q99."""


class Forecasts(NamedTuple):
    """Forecasts of the scored rows of one series, in their order."""

    mean: FloatArray
    """Shape (n,), within 0 to 1. For choices and outcomes: the chance of 1."""
    sd: FloatArray
    """Shape (n,). Zeros for choices and outcomes."""
    quantiles: FloatArray
    """Shape (n, 99), non-decreasing along each row, within 0 to 1. Shape (n, 0) for choices and outcomes."""


class Model(Protocol):
    """A rival after fitting: it predicts a person it has not seen, event by event."""

    def predict(self, series: Series, target: Target) -> Forecasts:
        """Forecast `series.scored(target)`; row by row, from what came before each."""


class Rival(Protocol):
    """Something that can be fitted to training people."""

    @property
    def name(self) -> str:
        """Short name for tables."""

    @property
    def source(self) -> str:
        """Where it comes from: author, year, DOI; or what it is."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """What it can predict."""

    @property
    def needs_training(self) -> bool:
        """False where it predicts a person without having seen any other, so that `training` may be empty."""

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> Model:
        """Estimate what it shares over people, from training people alone."""
