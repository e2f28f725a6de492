"""Ability against difficulty, moved by each outcome.

    p = sigmoid(theta - s difficulty)          theta <- theta + K (y - p)

Elo 1978 for chess, Pelánek 2016, Computers & Education 98:169 for learners: a logistic (Rasch) model learned
online. The first ability, s and K by least squares (Brier score) on the training people; a difficulty that is
not known is 0.
"""

from __future__ import annotations

from typing import Any

from rung.engine.scales import sigmoid
from rung.research.rivals.laws import Law, Numbers, Row, State, as_rival

__all__ = ["ELO"]


def _begin(p: Numbers) -> State:
    return (p[0],)


def _learn(state: State, row: Row, p: Numbers) -> State:
    return state


def _expect(state: State, row: Row, p: Numbers) -> Any:
    return sigmoid(state[0] - p[1] * row["difficulty"])


def _pull(state: State, surprise: Any, is_first: Any, p: Numbers) -> State:
    return (state[0] + p[2] * surprise,)


ELO = as_rival(
    "Elo, with difficulty",
    "Pelánek 2016, 10.1016/j.compedu.2016.03.017",
    Law(
        {"first ability": (0.0, -5.0, 5.0), "s": (1.0, 0.0, 3.0), "K": (0.3, 0.0, 3.0)},
        _begin,
        _learn,
        _expect,
        _pull,
        (),
        ("difficulty",),
        ("attempt",),
    ),
)
