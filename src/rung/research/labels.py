"""The table of scores, as it stands on the terminal and in the report: its columns, words and numbers."""

from __future__ import annotations

from collections.abc import Callable

from rung.research.benchmark import Entry
from rung.research.resampling import Difference, Measure
from rung.research.scoring import INTERVALS
from rung.research.series import Target

__all__ = ["SCORES", "TARGETS", "columns_of", "number_text", "people_text"]

SCORES = {
    "rmse": "RMSE",
    "mae": "MAE",
    "crps": "CRPS",
    "log_score": "log score",
    "log_loss": "log loss",
    "brier": "Brier",
    "auc": "AUC",
}
TARGETS: dict[Target, str] = {
    "judgement": "Judgements",
    "choice": "Choices",
    "attempt": "Outcomes of attempts",
}
_MARKS = {"Rung": "●", "rival": "○", None: " "}
"""Who is better where the paired interval leaves out zero."""


def number_text(number: float | None, digits: int = 4, sign: str = "") -> str:
    """Without the zero before the point, as scores are printed; a dash where there is no number.

    >>> number_text(0.12345), number_text(-0.5, 2), number_text(1.25, 1, "+"), number_text(None)
    ('.1235', '-.50', '+1.2', '-')
    """
    if number is None:
        return "-"
    text = f"{number:{sign}.{digits}f}"
    return text.replace("0.", ".", 1) if text.lstrip("+-").startswith("0.") else text


def _measure_text(measure: Measure) -> str:
    """A score with its interval."""
    value, low, high = measure
    return number_text(value) + ("" if low is None else f" ({number_text(low)}-{number_text(high)})")


def _difference_text(difference: Difference) -> str:
    """A difference with its interval and its mark."""
    value, low, high, better = difference
    interval = "" if low is None else f" ({number_text(low, sign='+')} {number_text(high, sign='+')})"
    return f"{number_text(value, sign='+')}{interval} {_MARKS[better]}"


def people_text(count: int) -> str:
    """So many people."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


_Column = tuple[str, Callable[[Entry], str]]


def columns_of(target: Target) -> tuple[_Column, ...]:
    """For each column of the table of a target, its heading and what stands in it."""
    if target != "judgement":
        return tuple(column for score in ("log_loss", "brier", "auc") for column in _compared(score))
    return (
        *_compared("rmse"),
        *_compared("crps"),
        _plain("mae", 4),
        _plain("log_score", 3),
        *map(_coverage, INTERVALS),
    )


def _compared(score: str) -> tuple[_Column, _Column]:
    def difference(entry: Entry) -> str:
        return _difference_text(entry.differences[score]) if score in entry.differences else ""

    return (SCORES[score], lambda entry: _measure_text(entry.scores[score])), ("- Rung", difference)


def _plain(score: str, digits: int) -> _Column:
    return SCORES[score], lambda entry: number_text(entry.scores[score].value, digits)


def _coverage(percent: int) -> _Column:
    def share(entry: Entry) -> str:
        value = entry.scores[f"cover{percent}"].value
        return number_text(None if value is None else 100.0 * value, 1)

    return f"in {percent} %", share
