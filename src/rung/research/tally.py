"""The scores of one model on one target, filled person by person, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.forecasts import LEVELS, Forecasts, Rival
from rung.research.questions import Questions
from rung.research.resampling import Draws, draw_means, draw_people
from rung.research.scoring import Areas, Jumps, score_chances, score_judgements
from rung.research.series import Target

__all__ = ["MAIN", "Tally", "Traces", "check_forecasts"]

MAIN: dict[Target, str] = {"judgement": "crps", "choice": "log_loss", "attempt": "log_loss"}
"""The score by which models are sorted."""


class Traces(NamedTuple):
    """What a model's forecasts were like, row by row."""

    mean: FloatArray
    jumps: Jumps | None
    """Where each judgement fell in its forecast; None for choices and outcomes."""
    loss: FloatArray
    """The main score."""


@dataclass(slots=True)
class Tally:
    """One model on one target."""

    rival: Rival
    questions: Questions
    left_out: str = ""
    """Why there are no scores; empty where there are."""
    is_tried: bool = False
    """True once it is known whether the model looks ahead."""
    _columns: dict[str, FloatArray] = field(default_factory=dict)
    _mean: FloatArray = field(init=False)
    _jumps: Jumps | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        size = len(self.questions.values)
        self._mean = np.empty(size)
        if self.questions.target == "judgement":
            self._jumps = Jumps(np.empty(size), np.empty(size))

    def add(self, place: int, forecasts: Forecasts) -> None:
        """Score the forecasts of the series at this place."""
        span = self.questions.spans[place]
        values = self.questions.values[span]
        self._mean[span] = forecasts.mean
        if self._jumps is None:
            scores = score_chances(values, forecasts.mean)
        else:
            scores, (self._jumps.low[span], self._jumps.high[span]) = score_judgements(values, forecasts)
        for name, score in scores.items():
            self._columns.setdefault(name, np.empty(len(self._mean)))[span] = score

    def traces(self) -> Traces:
        """The rows, for a report."""
        return Traces(self._mean, self._jumps, self._columns[MAIN[self.questions.target]])

    def draws(self, seed: int) -> dict[str, Draws]:
        """Every score, on everyone and on the draws of people."""
        people = self.questions.people
        sums = np.array([np.bincount(people, column) for column in self._columns.values()]).T
        means, drawn = draw_means(sums, np.bincount(people).astype(np.float64), seed)
        found = {
            name: Draws(float(mean), column)
            for name, mean, column in zip(self._columns, means, drawn.T, strict=True)
        }
        if "rmse" in found:
            found["rmse"] = Draws(found["rmse"].value ** 0.5, np.sqrt(found["rmse"].drawn))
        else:
            found["auc"] = self._areas(seed)
        return found

    def _areas(self, seed: int) -> Draws:
        areas = Areas(self.questions.values, self._mean, self.questions.people)
        people = len(self.questions.names)
        drawn = [areas.area(weights) for weights in draw_people(people, seed)]
        return Draws(areas.area(np.ones(people)), np.array(drawn))


def check_forecasts(forecasts: Forecasts, rows: int, target: Target, model: str) -> None:
    """Raise where forecasts are not what `Forecasts` promises: then the model has a fault."""
    levels = len(LEVELS) if target == "judgement" else 0
    shapes = [np.shape(column) for column in forecasts]
    if shapes != [(rows,), (rows,), (rows, levels)]:
        raise RuntimeError(f"{model}: forecasts of {rows} rows of shapes {shapes}")
    if not all(np.isfinite(column).all() for column in forecasts):
        raise RuntimeError(f"{model}: a forecast is not a finite number")
    within = np.concatenate([forecasts.mean, forecasts.quantiles.ravel()])
    if rows and (within.min() < 0.0 or within.max() > 1.0 or forecasts.sd.min() < 0.0):
        raise RuntimeError(f"{model}: a forecast is not between 0 and 1, or an sd is negative")
    if (np.diff(forecasts.quantiles, axis=1) < 0.0).any():
        raise RuntimeError(f"{model}: the quantiles of a forecast fall")
