"""Belief as a Beta distribution over one's own rate of success, with and without weights.

    told f:  A <- A + f, B <- B + 1 - f        nothing told, but sure with p:  A <- A + p, B <- B + 1 - p
    expected judgement = A / (A + B),  from A = 6, B = 3

Rouault, Dayan & Fleming 2019, Nat Commun 10:1141. The second model weighs what is told by u and one's own
confidence by v, after Katyal, Huys, Dolan & Fleming 2025, Nat Commun 16:1854 (own confidence counts for less
in anxious-depression, feedback does not), and begins with a fitted number of events in the same proportion.
A stated judgement moves the mean, and leaves A + B as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rung.research.rivals.laws import ANCHOR, Law, Numbers, Row, State, as_rival, shift

__all__ = ["KATYAL", "ROUAULT"]

_EVENTS = 9.0
_MEAN = 6.0 / 9.0


def _learn(state: State, row: Row, of_told: Any, of_own: Any) -> State:
    good, events = state
    told = of_told * row["has_told"]
    own = of_own * row["has_sure"] * (1.0 - row["has_told"])
    return good + told * row["told"] + own * row["sure"], events + told + own


def _rouault(state: State, row: Row, p: Numbers) -> State:
    return _learn(state, row, 1.0, 1.0)


def _katyal(state: State, row: Row, p: Numbers) -> State:
    return _learn(state, row, p[1], p[2])


def _begin_with(events: Callable[[Numbers], Any]) -> Callable[[Numbers], State]:
    return lambda p: (_MEAN * events(p), events(p))


def _expect(state: State, row: Row, p: Numbers) -> Any:
    return state[0] / state[1]


def _pull(state: State, surprise: Any, is_first: Any, p: Numbers) -> State:
    good, events = state
    return good + events * shift(surprise, is_first, p), events


_COLUMNS = ("told", "sure")
ROUAULT = as_rival(
    "Beta (Rouault)",
    "Rouault, Dayan & Fleming 2019, 10.1038/s41467-019-09075-3",
    Law({"k": ANCHOR}, _begin_with(lambda p: _EVENTS), _rouault, _expect, _pull, _COLUMNS),
)
KATYAL = as_rival(
    "Beta, weighted (Katyal)",
    "Katyal, Huys, Dolan & Fleming 2025, 10.1038/s41467-025-57040-0",
    Law(
        {"events": (_EVENTS, 0.5, 200.0), "told": (1.0, 0.0, 10.0), "own": (1.0, 0.0, 10.0), "k": ANCHOR},
        _begin_with(lambda p: p[0]),
        _katyal,
        _expect,
        _pull,
        _COLUMNS,
    ),
)
