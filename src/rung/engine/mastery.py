"""Mastery experience: one's own outcomes, the strongest source of efficacy.

    m <- m + gain * credit * omega * (y - SE)     gain = v / (1 + v I),   I = SE (1 - SE)
    v <- v / (1 + v I credit) + q                 v: how open the belief is to evidence

with omega = `weight_good` when the news is better than believed and `weight_bad` when it is worse: a
delta rule with separate rates for good and bad news (Müller-Pinzler et al. 2019, 2022), with a gain
that falls as evidence gathers (Bayesian, logistic). On the rating scale the rate is
about gain I credit omega.

`v` is the person's own uncertainty. It is not Rung's uncertainty about the person, which the filter
keeps apart: asking somebody a question tells us more, but teaches them nothing.
"""

from __future__ import annotations

from typing import Any

from rung.engine.parameters import Parameters
from rung.engine.scales import Number, information, where

__all__ = ["gain", "openness_after", "rate", "shift"]


def gain(openness: Number, efficacy: Number) -> Number:
    """How far a belief moves, in logits, per unit of surprise.

    >>> round(gain(1.5, 0.5), 3)
    1.091
    """
    return openness / (1.0 + openness * information(efficacy))


def rate(openness: Number, efficacy: Number, outcome: Number, credit: Number, p: Parameters) -> Number:
    """Logits that a belief moves per unit of surprise by this outcome: gain, credit and valence together."""
    omega: Any = where(outcome > efficacy, p.weight_good, p.weight_bad)
    whole: Number = gain(openness, efficacy) * credit * omega
    return whole


def shift(openness: Number, efficacy: Number, outcome: Number, credit: Number, p: Parameters) -> Number:
    """Change of belief, in logits, by one's own outcome (0 to 1).

    >>> p = Parameters()
    >>> round(shift(1.5, 0.5, 1.0, 1.0, p), 3), round(shift(1.5, 0.5, 0.0, 1.0, p), 3)
    (0.436, -0.655)
    """
    return rate(openness, efficacy, outcome, credit, p) * (outcome - efficacy)


def openness_after(openness: Number, efficacy: Number, credit: Number, p: Parameters) -> Number:
    """Openness (logits²) of the belief after one's own outcome."""
    left: Any = openness / (1.0 + openness * information(efficacy) * credit) + p.openness_per_event
    kept: Number = where(left > p.openness_limit, p.openness_limit, left)
    return kept
