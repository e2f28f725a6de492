"""Choices and outcomes read off the last judgement.

    choice      P(1) = sigmoid(w0 + w1 (last belief - .5) + w2 [no belief yet])
    attempt     P(1) = the last belief as it stands; .5 where there is none

The last belief is the one about the same task, else about the domain. Between two tasks it is the first one's
minus the other's, plus .5. Logistic regression on the training people with ridge (prior sd 10), by Newton's
method.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.engine.events import Event
from rung.engine.scales import FloatArray, sigmoid
from rung.research.forecasts import Model
from rung.research.rivals.entry import Entry, Predictor
from rung.research.rivals.plain import joined, values_of
from rung.research.rivals.spread import chances
from rung.research.series import Series, Target

__all__ = ["LAST_BELIEF", "LOGISTIC", "last_beliefs", "logistic"]

_RIDGE = 0.01


def last_beliefs(series: Series, target: Target) -> FloatArray:
    """The last belief before each scored row, NaN where there is none."""
    known: dict[tuple[str, str], float] = {}
    domains: dict[str, float] = {}
    beliefs = []
    scored = set(series.scored(target))
    for place, event in enumerate(series.events):
        if place in scored:
            beliefs.append(_belief(event, known, domains))
        if event.kind == "judgement" and event.value is not None:
            known[event.domain, event.task] = domains[event.domain] = event.value
    return np.array(beliefs, dtype=np.float64)


def _belief(event: Event, known: dict[tuple[str, str], float], domains: dict[str, float]) -> float:
    about_all = domains.get(event.domain, float("nan"))
    own = known.get((event.domain, event.task), about_all)
    other = event.versus
    return own if other is None else own - known.get((event.domain, other), about_all) + 0.5


def logistic(rows: FloatArray, values: FloatArray) -> FloatArray:
    """Weights of a logistic regression with ridge, by Newton's method from 0."""
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        p = sigmoid(rows @ weights)
        slope = rows.T @ (p - values) + _RIDGE * weights
        curve = (rows * (p * (1.0 - p))[:, None]).T @ rows + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    return weights


def _rows(series: Series, target: Target) -> FloatArray:
    belief = last_beliefs(series, target)
    unknown = np.isnan(belief)
    return np.column_stack(
        [np.ones(len(belief)), np.where(unknown, 0.0, belief - 0.5), unknown.astype(np.float64)]
    )


def _logistic(training: Sequence[Series], target: Target, seed: int) -> Model:
    rows = np.concatenate([np.empty((0, 3)), *(_rows(series, target) for series in training)])
    weights = logistic(rows, joined(values_of(series, target) for series in training))
    return Predictor(lambda series: chances(sigmoid(_rows(series, target) @ weights), target, 0.0))


def _last_belief(training: Sequence[Series], target: Target, seed: int) -> Model:
    return Predictor(
        lambda series: chances(np.nan_to_num(last_beliefs(series, target), nan=0.5), target, 0.0)
    )


LOGISTIC = Entry("logistic, on the last belief", "logistic regression", ("choice",), _logistic)
LAST_BELIEF = Entry(
    "last belief", "the last judgement as the chance", ("attempt",), _last_belief, needs_training=False
)
