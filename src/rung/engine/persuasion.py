"""Social persuasion: a lift that fades in days, and collapses when what happens speaks against it.

    u <- u + eta * c * exp(-(D/2)^2) * D,     D = logit(conveyed) - logit(SE)
    u <- u * 2^(-days / 3)                    fading
    u <- u / 2                                at an own outcome that speaks against it
    c  = credibility * trust                  trust falls and rises with what followed assurances

The lift `u` adds to belief but never becomes it: only mastery moves `m` (persuasion raises
performance only for a time: McNatt & Judge 2004). Assurances far from what one believes lose their
hold. The half-life, the reach and the change of trust are assumptions.
"""

from __future__ import annotations

from typing import Any

from rung.engine.parameters import Parameters
from rung.engine.scales import Number, exp, logit, where

__all__ = ["left_after", "lift", "trust_after"]


def lift(efficacy: Number, conveyed: Number, credibility: Number | float, p: Parameters) -> Number:
    """Lift, in logits, by an assurance that conveys a chance of success.

    >>> p = Parameters()
    >>> lift(0.3, 0.7, 0.8, p) > lift(0.3, 0.7, 0.2, p) > lift(0.3, 0.3, 0.8, p) == 0.0
    True
    """
    low, high = 0.01, 0.99
    bounded: Any = where(conveyed < low, low, where(conveyed > high, high, conveyed))
    distance: Number = logit(bounded) - logit(efficacy)
    change: Number = p.persuasion_rate * credibility * exp(-((distance / p.persuasion_reach) ** 2)) * distance
    return change


def left_after(lift_now: Number, outcome: Number, efficacy: Number, p: Parameters) -> Number:
    """Share of the lift that is left after an own outcome: all, unless the outcome speaks against it."""
    against = (outcome - efficacy) * lift_now < 0.0
    share: Number = where(against, p.persuasion_left, 1.0)
    return share


def trust_after(trust: Number, lift_now: Number, outcome: Number, efficacy: Number, p: Parameters) -> Number:
    """Trust (0 to 1) in assurances after an own outcome; it moves only as far as a lift is still felt."""
    borne_out = (outcome - efficacy) * lift_now
    size: Any = where(lift_now < 0.0, -lift_now, lift_now) / p.lift_felt
    change: Any = p.trust_change * where(size > 1.0, 1.0, size)
    after: Number = where(borne_out < 0.0, trust * (1.0 - change), trust + change * (1.0 - trust))
    return after
