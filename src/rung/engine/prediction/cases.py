"""What people said in cases like this one: a committee of small decision tables, beside the regression.

A regression adds up what evidence weighs. It cannot say that evidence counts only from a point on, or only
together with other evidence. So tables learned from people say the half of its expectation m anew, and are
listened to as far as they have proved themselves on other people:

    t    = m / 2 + sum over tables of value[answers],   answers = (number_1 > threshold_1, ..) as bits
    mean = m + heard (t - m)

Each table asks a few yes-no questions of the row of evidence, m being one more number of it, and holds a
value for every pattern of answers. They are learned one after the other, each from what those before it left
(gradient boosting: Friedman 2001, 10.1214/aos/1013203451; with one question a level, as in CatBoost:
Prokhorenkova et al. 2018, arXiv:1706.09516). Half, rather than all or nothing, is the combination of two
forecasts whose errors are not known to differ (Bates & Granger 1969, 10.1057/jors.1969.103).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.errors import InvalidParameters

__all__ = ["KEPT", "NONE", "Cases", "as_lists", "expected", "from_lists", "with_mean"]

KEPT = 0.5
"""Share of the regression's expectation that stays."""
_TOGETHER = 4096
"""Rows worked on at a time, to bound memory."""


class Cases(NamedTuple):
    """The tables, all with the same number of questions."""

    asked: NDArray[np.intp]
    """Places in the row of what each table asks, shape (tables, questions); `len(NAMES)` is m."""
    thresholds: FloatArray
    """Shape (tables, questions)."""
    values: FloatArray
    """Shape (tables, 2^questions), the first question being the highest bit, in units of the rating."""
    heard: float = 1.0
    """How far they are listened to, 0 to 1."""


NONE = Cases(np.empty((0, 1), np.intp), np.empty((0, 1)), np.empty((0, 2)))
"""Nothing was learned of cases: the regression stands alone."""


def expected(cases: Cases, rows: FloatArray, means: FloatArray) -> FloatArray:
    """The expected change, from rows of evidence (n, k) and what the regression expects, shape (n,).

    >>> one = Cases(np.array([[len(NAMES)]]), np.array([[0.0]]), np.array([[-0.1, 0.1]]))
    >>> expected(one, np.zeros((2, len(NAMES))), np.array([0.2, -0.2])).tolist()
    [0.2, -0.2]
    """
    if not len(cases.values):
        return means
    whole = with_mean(rows, means)
    bits = 2 ** np.arange(cases.asked.shape[1] - 1, -1, -1)
    table = np.arange(len(cases.values))
    found = KEPT * means
    for start in range(0, len(whole), _TOGETHER):
        some = whole[start : start + _TOGETHER]
        pattern = (some[:, cases.asked] > cases.thresholds) @ bits
        found[start : start + _TOGETHER] += cases.values[table, pattern].sum(axis=1)
    return means + cases.heard * (found - means)


def with_mean(rows: FloatArray, means: FloatArray) -> FloatArray:
    """What the tables ask of: the rows, and the regression's expectation as their last number."""
    return np.concatenate([rows, means[:, None]], axis=1)


def as_lists(cases: Cases) -> dict[str, Any]:
    """The tables as plain numbers, to be stored."""
    tables = {name: getattr(cases, name).tolist() for name in ("asked", "thresholds", "values")}
    return {**tables, "heard": cases.heard}


def from_lists(told: Mapping[str, Any]) -> Cases:
    """The tables from `as_lists`. Raises `InvalidParameters` where they do not fit together.

    >>> len(from_lists(as_lists(NONE)).values)
    0
    """
    asked = np.array(told["asked"], np.intp)
    if not asked.size:
        return NONE
    thresholds, values = np.array(told["thresholds"], np.float64), np.array(told["values"], np.float64)
    cases = Cases(asked, thresholds, values, float(told["heard"]))
    fits = asked.ndim == 2 and cases.thresholds.shape == asked.shape
    if not fits or cases.values.shape != (len(asked), 2 ** asked.shape[1]):
        raise InvalidParameters(["cases: asked, thresholds and values are not of one number of tables"])
    if asked.min() < 0 or asked.max() > len(NAMES):
        raise InvalidParameters([f"cases: asked has a place outside 0 to {len(NAMES)}"])
    if not (np.isfinite(cases.thresholds).all() and np.isfinite(cases.values).all()):
        raise InvalidParameters(["cases: expected finite numbers"])
    if not 0.0 <= cases.heard <= 1.0:
        raise InvalidParameters([f"cases: heard is {cases.heard}, not 0 to 1"])
    return cases
