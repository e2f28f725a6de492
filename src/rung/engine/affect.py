"""Bodily state: arousal, and how it is read.

With arousal T (0 to 1) and its appraisal r (-1 threat to 1 challenge; rho = (1 + r) / 2):

    efficacy     gets  - k_A T (1 - 2 rho)  =  k_A T r        logits
    performance  gets  - k_P T (1 - rho)                      logits

    arousal      rises with doubt: k_T (1 - SE) stakes        before something that matters

The same heartbeat takes from belief when it is read as "I can't" and gives when it is read as "I'm
ready" (reappraisal and stress mindset: d = .23, Bosshard & Gomez 2024; Brooks 2014). Arousal falls as
efficacy rises (Bandura, Reese & Adams 1982); that it does so in a straight line is an assumption.
"""

from __future__ import annotations

from rung.engine.parameters import Parameters
from rung.engine.scales import Number

__all__ = ["arousal_before", "on_belief", "on_performance"]


def on_belief(arousal: Number, appraisal: Number, p: Parameters) -> Number:
    """What the bodily state adds to belief, in logits.

    >>> on_belief(1.0, -1.0, Parameters()), on_belief(1.0, 1.0, Parameters())
    (-0.8, 0.8)
    """
    return p.arousal_on_belief * arousal * appraisal


def on_performance(arousal: Number, appraisal: Number, p: Parameters) -> Number:
    """What the bodily state takes from performance, in logits (never above 0)."""
    return -p.arousal_on_performance * arousal * (1.0 - appraisal) / 2.0


def arousal_before(efficacy: Number, stakes: Number | float, p: Parameters) -> Number:
    """Arousal (0 to 1) that doubt brings before something with such stakes (0 to 1).

    >>> p = Parameters()
    >>> arousal_before(0.2, 1.0, p) > arousal_before(0.8, 1.0, p) > arousal_before(0.8, 0.0, p)
    True
    """
    return p.arousal_doubt * (1.0 - efficacy) * stakes
