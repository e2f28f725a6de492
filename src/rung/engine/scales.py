"""The scales that belief lives on: chances between 0 and 1, and their log odds (logits).

Every function takes a float or an array and gives the same back, so that one formula serves one
person's filter and a simulated crowd alike; a test holds the two together to 1e-12.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloatArray", "Number", "exp", "information", "logit", "sigmoid", "where"]

FloatArray: TypeAlias = NDArray[np.float64]
Number = TypeVar("Number", float, FloatArray)
"""A float, or an array of float64: the same formula holds for both."""

_EDGE = 1e-9
"""Chances are kept this far from 0 and 1 before log odds are taken."""


def exp(x: Number) -> Number:
    """e to the power of x."""
    return math.exp(x) if isinstance(x, float) else np.exp(x)


def sigmoid(x: Number) -> Number:
    """Chance that belongs to the log odds `x`: 1 / (1 + exp(-x)).

    >>> round(sigmoid(1.0), 3)
    0.731
    """
    if isinstance(x, float):
        if x >= 0.0:
            return 1.0 / (1.0 + math.exp(-x))
        odds = math.exp(max(x, -700.0))
        return odds / (1.0 + odds)
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def logit(chance: Number) -> Number:
    """Log odds of a chance, which is first kept within 1e-9 of 0 and 1.

    >>> round(logit(0.75), 3)
    1.099
    """
    if isinstance(chance, float):
        inside = min(max(chance, _EDGE), 1.0 - _EDGE)
        return math.log(inside / (1.0 - inside))
    clipped = np.clip(chance, _EDGE, 1.0 - _EDGE)
    return np.log(clipped / (1.0 - clipped))


def information(chance: Number) -> Number:
    """Slope of the sigmoid at a chance, `p (1 - p)`: how much one outcome can tell (Fisher)."""
    return chance * (1.0 - chance)


def where(condition: Any, yes: Number | float, no: Number | float) -> Any:
    """`yes` where the condition holds, else `no`; by element for arrays."""
    if isinstance(condition, bool | np.bool_):
        return yes if condition else no
    return np.where(condition, yes, no)
