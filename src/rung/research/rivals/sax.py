"""Belief drawn to a weighted blend of one's performance and of what one is told.

    c <- c + a (w_p performance + w_f told - c)

Sax, Baddeley & Costa 2023, PsyArXiv 9a7y8. It moves at every outcome and at everything told, each time with
the latest of the other; what is not known yet counts as c itself.
"""

from __future__ import annotations

from typing import Any

from rung.research.rivals.laws import ANCHOR, Law, Numbers, Row, State, as_rival, kept, shift

__all__ = ["SAX"]


def _begin(p: Numbers) -> State:
    zero = p[0] * 0.0
    return zero + 0.5, zero, zero, zero, zero


def _learn(state: State, row: Row, p: Numbers) -> State:
    c, outcome, knows_outcome, told, knows_told = state
    outcome = outcome + row["has_outcome"] * (row["outcome"] - outcome)
    told = told + row["has_told"] * (row["told"] - told)
    knows_outcome = knows_outcome + row["has_outcome"] * (1.0 - knows_outcome)
    knows_told = knows_told + row["has_told"] * (1.0 - knows_told)
    performance = c + knows_outcome * (outcome - c)
    feedback = c + knows_told * (told - c)
    moves = row["has_outcome"] + row["has_told"] * (1.0 - row["has_outcome"])
    blended = c + p[0] * moves * (p[1] * performance + p[2] * feedback - c)
    return kept(blended, 0.0, 1.0), outcome, knows_outcome, told, knows_told


def _expect(state: State, row: Row, p: Numbers) -> Any:
    return state[0]


def _pull(state: State, surprise: Any, is_first: Any, p: Numbers) -> State:
    return state[0] + shift(surprise, is_first, p), *state[1:]


SAX = as_rival(
    "weighted blend (Sax)",
    "Sax, Baddeley & Costa 2023, 10.31234/osf.io/9a7y8",
    Law(
        {"a": (0.3, 0.0, 1.0), "w_p": (0.5, 0.0, 1.5), "w_f": (0.5, 0.0, 1.5), "k": ANCHOR},
        _begin,
        _learn,
        _expect,
        _pull,
        ("outcome", "told"),
    ),
)
