"""What each ingredient of Rung is worth: Rung without it, and how far anybody could get.

An ingredient earns its place where Rung without it predicts people worse. Each is taken out by itself, and
what is left is fitted anew. Only forecasts of judgements are taken apart.

The ceiling is what Rung's mean would err by if everyone's own weights had been known beforehand: fitted to
all that the person said, the judgements that are predicted too (Laird & Ware 1982, 10.2307/2529876). It is no
forecast, and no rival; a model of other numbers could be better.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rung.engine.prediction.cases import expected
from rung.engine.prediction.crowd import expect
from rung.engine.prediction.habits import OWN
from rung.log import Log
from rung.research.fitting.cases import fit_cases
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.mixed import own_weights
from rung.research.fitting.sums import people_of
from rung.research.folds import series_of
from rung.research.forecasts import Rival
from rung.research.rivals.fitted import PARTS, Fitted, joined, judged_of

__all__ = ["ABLATIONS", "INGREDIENTS", "Ceiling", "ceiling_of"]

_NUMBERS: Mapping[str, str] = {
    "what theory expects of news": "good bad borrowed body",
    "what was told": (
        "told told_up told_level was_told told_few told_last told_quick told_slow gap surprise signals"
    ),
    "outcomes": (
        "outcome outcome_level was_outcome last last_size last_up last_few outcome_quick outcome_slow"
    ),
    "own sense of success": "sure",
    "difficulty": "difficulty difficulty_last difficulty_level difficulty_change",
    "earlier judgements": "mean quick slow before first repeats",
    "place on the scale": "level level3 full none few_level",
    "how long it goes on": "few few_level told_few last_few days days_mean",
    "the task": "task task_mean like other task_shown task_fresh",
}
INGREDIENTS: Mapping[str, frozenset[str]] = {
    **{part: frozenset((part,)) for part in PARTS},
    **{name: frozenset(numbers.split()) for name, numbers in _NUMBERS.items()},
}
"""What can be taken out, and what of `Fitted` that is."""
ABLATIONS: tuple[Rival, ...] = tuple(
    Fitted(f"without {name}", "Rung, an ingredient taken out", ("judgement",), without=numbers)
    for name, numbers in INGREDIENTS.items()
)


class Ceiling(NamedTuple):
    """How far judgements could be foretold, had everyone's own weights been known."""

    judgements: int
    rmse: float


def ceiling_of(log: Log) -> Ceiling | None:
    """The ceiling of a log; None where no judgement has an earlier one."""
    each = [judged_of(series) for series in series_of(log)]
    known = joined([one for one in each if len(one.last)] or each[:1]) if each else None
    if known is None or not len(known.change):
        return None
    population = fit_judgements(known).population
    own, _ = own_weights(people_of(known), population)
    means = known.rows @ population.weights + (known.rows[:, OWN] * own[known.person]).sum(axis=1)
    cases = fit_cases(known.rows, expect(known, population)[0], known.change)
    told = np.clip(known.last + expected(cases, known.rows, means), 0.0, 1.0)
    return Ceiling(len(told), float(np.sqrt(np.mean((known.last + known.change - told) ** 2))))
