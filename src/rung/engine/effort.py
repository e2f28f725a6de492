"""Effort, and going on or giving up: both follow from belief.

    effort        e = .35 + .45 SE - .6 max(0, SE - .85)      0 to 1
    giving up     h = h_0 exp(-k SE)                          chance a day

Doubt lowers effort, and so does being very sure: within a goal high efficacy can cut the resources that
are thought needed (Vancouver & Purl 2017). Persistence goes with efficacy (r = .34, Multon et al. 1991,
from memory). The shapes and sizes are assumptions, or tuned so that belief moves performance within a
person as little as it does (.23, Sitzmann & Yeo 2013).
"""

from __future__ import annotations

from typing import Any

from rung.engine.parameters import Parameters
from rung.engine.scales import Number, exp, where

__all__ = ["chance_of_quitting", "effort"]


def effort(efficacy: Number, p: Parameters) -> Number:
    """Effort (0 to 1) that somebody puts in who is this sure.

    >>> p = Parameters()
    >>> round(effort(0.2, p), 2), round(effort(0.8, p), 2), round(effort(1.0, p), 2)
    (0.44, 0.71, 0.71)
    """
    above: Any = where(efficacy > p.effort_eased_from, efficacy - p.effort_eased_from, 0.0)
    put_in: Number = p.effort_least + p.effort_belief * efficacy - p.effort_eased * above
    return put_in


def chance_of_quitting(efficacy: Number, p: Parameters) -> Number:
    """Chance that somebody gives the whole thing up on a day.

    >>> p = Parameters()
    >>> chance_of_quitting(0.1, p) > 10 * chance_of_quitting(0.9, p)
    True
    """
    return p.quitting * exp(-p.quitting_fall * efficacy)
