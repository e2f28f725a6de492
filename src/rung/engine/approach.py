"""Approach and avoidance: whether a planned step is gone for.

    P(approach) = sigmoid(beta [SE - cost - threshold] + bias)      cost = fear_cost * feared
    P(A over B) = sigmoid(beta [SE_A - SE_B])

Efficacy drives approach (experimentally raised efficacy changes behaviour by d = .47: Sheeran et al.
2016). An avoided step teaches nothing: belief stays where it is, and so does doubt. The slope and
the threshold are assumptions; the bias is learned for each person from their choices.
"""

from __future__ import annotations

from rung.engine.parameters import Parameters
from rung.engine.scales import Number, sigmoid

__all__ = ["chance", "chance_over", "drive"]


def drive(efficacy: Number, feared: Number | float, p: Parameters) -> Number:
    """Log odds of approach before the person's own bias."""
    pull: Number = p.approach_slope * (efficacy - p.fear_cost * feared - p.approach_threshold)
    return pull


def chance(efficacy: Number, feared: Number | float, bias: Number, p: Parameters) -> Number:
    """Chance that the person goes for a step.

    >>> p = Parameters()
    >>> round(chance(0.2, 0.0, 0.0, p), 2), round(chance(0.75, 0.0, 0.0, p), 2)
    (0.12, 0.92)
    """
    return sigmoid(drive(efficacy, feared, p) + bias)


def chance_over(efficacy: Number, other: Number, p: Parameters) -> Number:
    """Chance that the person picks a task over another one.

    >>> chance_over(0.6, 0.6, Parameters())
    0.5
    """
    return sigmoid(p.approach_slope * (efficacy - other))
