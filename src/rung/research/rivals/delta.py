"""The delta rule of self-belief, with one rate, and with one each for good and bad news.

    b <- b + a (told - b)            b <- b + a+ max(told - b, 0) + a- min(told - b, 0)

Müller-Pinzler et al. 2019, Sci Rep 9:14416 (learning of own performance, LOOP), where the rule with two rates
won in every experiment. They start at the rates of its first one, .12 and .14.
"""

from __future__ import annotations

from typing import Any

from rung.research.rivals.laws import ANCHOR, Law, Numbers, Row, State, as_rival, positive, shift

__all__ = ["ONE_RATE", "TWO_RATES"]

_SOURCE = "Müller-Pinzler et al. 2019, 10.1038/s41598-019-50821-w"


def _begin(p: Numbers) -> State:
    return (0.5,)


def _one_rate(state: State, row: Row, p: Numbers) -> State:
    (b,) = state
    return (b + p[0] * row["has_told"] * (row["told"] - b),)


def _two_rates(state: State, row: Row, p: Numbers) -> State:
    (b,) = state
    news = row["has_told"] * (row["told"] - b)
    good = positive(news)
    return (b + p[0] * good + p[1] * (news - good),)


def _expect(state: State, row: Row, p: Numbers) -> Any:
    return state[0]


def _pull(state: State, surprise: Any, is_first: Any, p: Numbers) -> State:
    return (state[0] + shift(surprise, is_first, p),)


ONE_RATE = as_rival(
    "delta rule, one rate",
    _SOURCE,
    Law({"rate": (0.13, 0.0, 1.0), "k": ANCHOR}, _begin, _one_rate, _expect, _pull),
)
TWO_RATES = as_rival(
    "delta rule, two rates",
    _SOURCE,
    Law({"good": (0.12, 0.0, 1.0), "bad": (0.14, 0.0, 1.0), "k": ANCHOR}, _begin, _two_rates, _expect, _pull),
)
