"""Goal attainment scaling: how far goals were reached whose levels were described beforehand.

    T = 50 + 10 sum(w x) / sqrt((1 - rho) sum(w^2) + rho (sum w)^2)

x is the level of each goal, -2 (much less than expected) to 2 (much more), 0 being what was expected; w is
its weight, rho the correlation that goals are taken to have with each other. If levels have mean 0 and
variance 1 over many people and goals correlate by rho, T has mean 50 and standard deviation 10.

Kiresuk & Sherman 1968, doi:10.1007/BF01530764; rho = .3 is theirs. Turner-Stokes 2009,
doi:10.1177/0269215508101742, tells how it is used; an erratum corrects formulas printed there, so tests
hold this one against the original.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.errors import InvalidInput

__all__ = ["CORRELATION", "LEVELS", "attainment"]

LEVELS = (-2, -1, 0, 1, 2)
"""What a level can be; 0 is what was expected."""
CORRELATION = 0.3
"""How far goals of one person are taken to go together."""


def attainment(
    levels: Sequence[float], weights: Sequence[float] | None = None, correlation: float = CORRELATION
) -> float:
    """The T-score of goals at these levels; every weight is 1 unless given.

    >>> attainment([0, 0, 0]), attainment([1])
    (50.0, 60.0)
    >>> round(attainment([1, 1, 1]), 2), round(attainment([2, -1], [3, 1]), 2)
    (63.69, 64.56)
    """
    x = np.asarray(levels, dtype=float)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=float)
    if not x.size or x.shape != w.shape:
        raise InvalidInput("Every goal needs a level and a weight, and there must be one goal at least")
    if not (w > 0).all() or not np.isfinite(w).all() or not (np.abs(x) <= max(LEVELS)).all():
        raise InvalidInput("Levels lie between -2 and 2, and weights are above 0")
    if not 0.0 <= correlation <= 1.0:
        raise InvalidInput("A correlation of goals lies between 0 and 1")
    spread = (1.0 - correlation) * (w**2).sum() + correlation * w.sum() ** 2
    return float(50.0 + 10.0 * (w * x).sum() / np.sqrt(spread))
