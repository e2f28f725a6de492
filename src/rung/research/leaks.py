"""Whether a model looks at what it predicts, or at what comes later.

A forecast must be the same whatever stands in the row's own `value` and every column of it but `task`,
`domain`, `time` and `difficulty`, whatever comes after it, and whether anything does. So a series is taken
twice more, cut off after the row, and with everything after the row changed, the row's hidden cells too both
times; a forecast that moves gives the model away.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.engine.events import COLUMNS, KINDS, Event
from rung.research.forecasts import Model
from rung.research.series import Series, Target

__all__ = ["CLOSE", "looks_ahead", "spoiled"]

CLOSE = 1e-9
"""Sums over arrays of another length may differ in the last digits."""

_NUMBERS = [column for column in COLUMNS if column.type == "number" and column.name != "difficulty"]


def looks_ahead(
    model: Model, series: Series, target: Target, place: int, generator: np.random.Generator
) -> bool:
    """True where the forecast of the event at `place` changes with what it must not know."""
    number = series.scored(target).index(place)
    said = [
        model.predict(version, target)
        for version in (
            series,
            spoiled(series, place, generator, keep_rest=False),
            spoiled(series, place, generator, keep_rest=True),
        )
    ]
    true, *others = [np.r_[f.mean[number], f.sd[number], f.quantiles[number]] for f in said]
    return any(not np.allclose(true, other, rtol=0.0, atol=CLOSE, equal_nan=True) for other in others)


def spoiled(series: Series, place: int, generator: np.random.Generator, *, keep_rest: bool) -> Series:
    """The series with the event at `place` and all later ones changed, the later ones left out or kept."""
    own = _changed(series.events[place], series.asked(place), generator)
    rest = [_changed(event, event, generator) for event in series.events[place + 1 :]] if keep_rest else []
    events = (*series.events[:place], own, *rest)
    return Series(series.person, events, series.rows[: len(events)])


def _changed(event: Event, kept: Event, generator: np.random.Generator) -> Event:
    """The event with another value and, in every column that `kept` does not hold, other numbers."""
    numbers: dict[str, Any] = {
        column.name: float(generator.integers(2)) if column.binary else round(float(generator.random()), 3)
        for column in _NUMBERS
        if column.name != "value" and event.kind in column.kinds
    }
    value = event.value
    if value is not None:
        value = 1.0 - value if KINDS[event.kind].value == "binary" or value != 0.5 else 0.9
    context = kept.context if event.versus is not None else "changed"
    return kept._replace(value=value, context=context, **numbers)
