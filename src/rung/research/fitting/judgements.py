"""The fit of judgements to people whose evidence is known."""

from __future__ import annotations

import numpy as np

from rung.engine.prediction.crowd import Judged
from rung.research.fitting.mixed import Fit, fit, totals
from rung.research.fitting.sums import people_of

__all__ = ["fit_judgements"]


def fit_judgements(known: Judged) -> Fit:
    """Fit what people have in common to all of them at once, on this machine."""
    people = people_of(known)
    count = max(len(known.change), 1)
    sizes = np.sqrt((known.rows**2).sum(axis=0) / count)
    return fit(lambda guess: totals(people, guess), sizes, float(known.change @ known.change) / count)
