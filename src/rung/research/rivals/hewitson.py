"""Confidence from a running estimate of one's own error.

    err <- err + K (|e|^p - err),   e = 1 - told            expected judgement = offset - w err

Hewitson et al. 2023, J Neurophysiology 130:264: confidence before a reach follows the errors one has made. A
stated judgement moves the offset, which is one's own.
"""

from __future__ import annotations

from typing import Any

from rung.research.rivals.laws import ANCHOR, Law, Numbers, Row, State, as_rival, shift

__all__ = ["HEWITSON"]


def _begin(p: Numbers) -> State:
    return 0.0, 0.5


def _learn(state: State, row: Row, p: Numbers) -> State:
    err, offset = state
    # 1 - 0 where nothing was told: any number will do, as long as it has a power.
    error = (1.0 - row["told"]) ** p[1]
    return err + p[0] * row["has_told"] * (error - err), offset


def _expect(state: State, row: Row, p: Numbers) -> Any:
    return state[1] - p[2] * state[0]


def _pull(state: State, surprise: Any, is_first: Any, p: Numbers) -> State:
    return state[0], state[1] + shift(surprise, is_first, p)


HEWITSON = as_rival(
    "error model (Hewitson)",
    "Hewitson et al. 2023, J Neurophysiology 130:264",
    Law(
        {"K": (0.3, 0.0, 1.0), "power": (1.0, 0.2, 3.0), "w": (1.0, 0.0, 5.0), "k": ANCHOR},
        _begin,
        _learn,
        _expect,
        _pull,
    ),
)
