"""A rival as one line of a table: its name, its source, and the function that fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rung.research.forecasts import Forecasts, Model
from rung.research.series import Series, Target

__all__ = ["Entry", "Predictor"]


@dataclass(frozen=True, slots=True)
class Predictor:
    """A fitted rival that is one function of the series."""

    forecast: Callable[[Series], Forecasts]

    def predict(self, series: Series, target: Target) -> Forecasts:
        """Forecast the scored rows of the target it was fitted to."""
        return self.forecast(series)


@dataclass(slots=True)
class Entry:
    """A rival, as `rung.research.forecasts.Rival` has it."""

    name: str
    source: str
    targets: tuple[Target, ...]
    fitted: Callable[[Sequence[Series], Target, int], Model]
    """The model for training people, a target and a seed."""
    needs_training: bool = True

    def fit(self, training: Sequence[Series], target: Target, seed: int) -> Model:
        """Estimate what people share."""
        return self.fitted(training, target, seed)
