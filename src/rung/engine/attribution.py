"""How far an outcome is put down to oneself, and so how much it says about one's efficacy.

With efficacy SE, prior `pi` that something outside decides, and `q` the chance of the outcome if it did:

    P(internal) = (1 - pi) L / [(1 - pi) L + pi q],   L = SE after good news, 1 - SE after bad
    pi         <- pi + (1 - pi) aid                    help that all can see takes the credit
    credit      = P + (1 - P) w_ext                    good news
    credit      = P [(1 - psi) + psi w_pass] + (1 - P) w_ext     bad news; psi = how far its cause passes

So doubt feeds itself: a failure is blamed on oneself at .83 when SE is .2, at .55 when SE is .8.
What the person says of the cause replaces the guess, P = internal (1 - aid). Both figures are the
model's, not a study's; its form is after Dorfman et al. 2019 (a hidden cause, weighed by Bayes) and
Zamfir & Dayan 2022 (beliefs shape attributions and back); the weights are parameters.
That a cause in one's own hands counts as partly passing is our assumption (Weiner's dimensions).
"""

from __future__ import annotations

from typing import Any

from rung.engine.parameters import Parameters
from rung.engine.scales import Number, where

__all__ = ["credit", "internal_share"]


def internal_share(efficacy: Number, good: Any, aid: Number | float, p: Parameters) -> Number:
    """Chance that the person puts the outcome down to themselves, where they do not say.

    >>> round(internal_share(0.2, False, 0.0, Parameters()), 2)
    0.83
    """
    prior = where(good, p.external_good, p.external_bad)
    outside = prior + (1.0 - prior) * aid
    expected = where(good, efficacy, 1.0 - efficacy)
    share: Number = (
        (1.0 - outside) * expected / ((1.0 - outside) * expected + outside * p.external_likelihood + 1e-12)
    )
    return share


def credit(
    efficacy: Number,
    good: Any,
    p: Parameters,
    *,
    aid: Number | float = 0.0,
    internal: Number | float | None = None,
    stable: Number | float | None = None,
    controllable: Number | float | None = None,
) -> Number:
    """Share (0 to 1) of an outcome that counts as evidence about oneself.

    `good` is whether the outcome was better than believed. `aid`, `internal`, `stable` and
    `controllable` are the log's columns; None where the person did not say.

    >>> p = Parameters()
    >>> own, lucky = (credit(0.5, True, p, internal=share) for share in (1.0, 0.0))
    >>> own, lucky
    (1.0, 0.15)
    """
    share: Any = internal_share(efficacy, good, aid, p) if internal is None else internal * (1.0 - aid)
    passing = p.passing_share if stable is None else 1.0 - stable
    in_hand = 0.0 if controllable is None else p.controllable_share * controllable
    passes = passing + (1.0 - passing) * in_hand
    own = where(good, 1.0 + 0.0 * passes, 1.0 - passes * (1.0 - p.passing_weight))
    weight: Number = share * own + (1.0 - share) * p.external_weight
    return weight
