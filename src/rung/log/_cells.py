"""From the cells of a file to numbers, times, texts and ids: every distinct cell is parsed once.

A cell that cannot be parsed becomes an empty one, and is told with its row and the reason: one bad
cell is one fault.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rung.log._columns import Floats, Json, Texts, interned
from rung.log._ids import Ids, id_bytes, packed

__all__ = [
    "LONGEST_TEXT",
    "Wrong",
    "extras",
    "ids",
    "numbers",
    "stamped",
    "text_fault",
    "texts",
    "time_fault",
    "times",
    "to_microseconds",
]

T = TypeVar("T")
Wrong = dict[int, str]
"""Rows of a chunk whose cell is wrong, with the reason."""

LONGEST_TEXT = 131_072
"""The longest cell that CSV readers commonly take; the limit of every format, so that all hold the same."""

_UNFIT = re.compile("[\0\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_EARLIEST = datetime(1700, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def text_fault(text: str) -> str | None:
    """Why a text cannot be kept in a log, or None."""
    if len(text) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT:,} characters; shorten it"
    unfit = _UNFIT.search(text)
    if unfit is None:
        return None
    if unfit.group() == "\0":
        return "holds a NUL character; take it out"
    return f"is not UTF-8 text ({_shown(text)}); save the file as UTF-8"


def time_fault(seconds: float) -> str | None:
    """Why a moment cannot be kept exactly to the microsecond, or None."""
    return None if _EARLIEST <= seconds < _LATEST else "a timestamp must lie in the years 1700 to 2199"


def numbers(cells: Sequence[Any], *, is_text: bool) -> tuple[Floats, Wrong]:
    """Numbers with NaN where empty; `is_text` says that the file gives them as text (CSV)."""
    cells, odd = (cells, {}) if is_text else _admitted(cells, (float, int), "a number")
    parsed, wrong = _parsed(cells, _number_text if is_text else _number_value, math.nan)
    column = np.fromiter(map(parsed.__getitem__, cells), np.float64, len(cells))
    return column + 0.0, odd | wrong  # -0.0 becomes 0.0


def texts(cells: Sequence[Any], *, is_text: bool) -> tuple[Texts, Wrong]:
    """Interned texts."""
    cells, odd = (cells, {}) if is_text else _admitted(cells, (str,), "text")
    parsed, wrong = _parsed(cells, _text, "")
    return interned(cells if is_text and not wrong else [parsed[cell] for cell in cells]), odd | wrong


def times(cells: Sequence[Any], *, is_text: bool) -> tuple[Floats, NDArray[np.bool_], Wrong]:
    """Seconds with NaN where empty, and which of the cells were timestamps."""
    cells, odd = (cells, {}) if is_text else _admitted(cells, (float, int, str), "a number or a timestamp")
    parsed, wrong = _parsed(cells, _time_text if is_text else _time_value, (math.nan, False))
    seconds = np.array([parsed[cell][0] for cell in cells], np.float64)
    return seconds + 0.0, np.array([parsed[cell][1] for cell in cells], np.bool_), odd | wrong


def stamped(moments: NDArray[np.datetime64]) -> tuple[Floats, NDArray[np.bool_], Wrong]:
    """The same for a file that has timestamps of its own (Parquet)."""
    empty = np.isnat(moments)
    seconds = np.where(empty, np.nan, moments.astype(np.int64) / 1e6)
    wrong: Wrong = {}
    for row in np.flatnonzero(~empty & ((seconds < _EARLIEST) | (seconds >= _LATEST))).tolist():
        wrong[row] = time_fault(seconds[row]) or ""
        seconds[row] = np.nan
    return seconds, ~empty, wrong


def ids(cells: Sequence[Any], *, is_text: bool) -> tuple[Ids, Wrong]:
    """Ids of 16 bytes each."""
    cells, odd = (cells, {}) if is_text else _admitted(cells, (str,), "text")
    parsed, wrong = _parsed(cells, lambda cell: id_bytes(cell or ""), bytes(16))
    return packed([parsed[cell] for cell in cells]), odd | wrong


def extras(cells: Sequence[Any], *, is_text: bool) -> tuple[Texts, Wrong]:
    """An unknown column: texts, and any other JSON value as its JSON."""
    if is_text:
        return texts(cells, is_text=True)
    wrong: Wrong = {}
    kept: list[str | Json] = []
    for row, cell in enumerate(cells):
        try:
            kept.append(_extra(cell))
        except ValueError as error:
            kept.append("")
            wrong[row] = str(error)
    return interned(kept), wrong


def to_microseconds(seconds: Floats) -> NDArray[np.int64]:
    """Whole microseconds since 1970: exact for the seconds of any timestamp that was read."""
    whole = np.floor(seconds)
    return whole.astype(np.int64) * 1_000_000 + np.rint((seconds - whole) * 1e6).astype(np.int64)


def _parsed(cells: Sequence[Any], parse: Callable[[Any], T], blank: T) -> tuple[dict[Any, T], Wrong]:
    parsed: dict[Any, T] = {}
    reasons: dict[Any, str] = {}
    for cell in dict.fromkeys(cells):
        try:
            parsed[cell] = parse(cell)
        except ValueError as error:
            parsed[cell] = blank
            reasons[cell] = str(error)
    if not reasons:
        return parsed, {}
    return parsed, {row: reasons[cell] for row, cell in enumerate(cells) if cell in reasons}


def _admitted(cells: Sequence[Any], types: tuple[type, ...], wanted: str) -> tuple[Sequence[Any], Wrong]:
    """The cells with those of a wrong type made empty (true is no number, though Python thinks so)."""
    if set(map(type, cells)) <= {*types, type(None)}:
        return cells, {}
    fits = [cell is None or (isinstance(cell, types) and not isinstance(cell, bool)) for cell in cells]
    wrong = {row: f"{_shown(cells[row])} is not {wanted}" for row, fit in enumerate(fits) if not fit}
    return [cell if fit else None for cell, fit in zip(cells, fits, strict=True)], wrong


def _shown(cell: object) -> str:
    text = repr(cell)
    return text if len(text) <= 60 else text[:59] + "…"


def _number_text(text: str) -> float:
    if not text:
        return math.nan
    if not _NUMBER.fullmatch(text):
        wrong = f"{_shown(text)} is not a finite number; write it like 0.5, or leave it empty"
        raise ValueError(text_fault(text) or wrong)
    return float(text)


def _number_value(number: float | None) -> float:
    if number is None:
        return math.nan
    if not -math.inf < number < math.inf:
        raise ValueError(f"{number} is not a finite number; leave out what is not known")
    try:
        return float(number)
    except OverflowError:
        raise ValueError("is too large a number") from None


def _text(text: str | None) -> str:
    fault = text_fault(text) if text else None
    if fault:
        raise ValueError(fault)
    return text or ""


def _time_text(text: str) -> tuple[float, bool]:
    if not text:
        return math.nan, False
    if _NUMBER.fullmatch(text):
        return float(text), False
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError(text_fault(text) or _no_time(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_no_time(text)) from None
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    fault = time_fault(seconds)
    if fault:
        raise ValueError(fault)
    return seconds, True


def _time_value(time: float | str | None) -> tuple[float, bool]:
    if not isinstance(time, str):
        return _number_value(time), False
    if _NUMBER.fullmatch(time):
        raise ValueError(f"{_shown(time)} is text; write seconds as a number, without quotes")
    return _time_text(time)


def _no_time(text: str) -> str:
    return f"{_shown(text)} is neither a number of seconds nor a timestamp like 2026-05-01T18:30:00Z"


def _extra(cell: object) -> str | Json:
    if cell is None or isinstance(cell, str):
        return _text(cell)
    try:
        value = Json(json.dumps(cell, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    except (ValueError, TypeError):
        raise ValueError(f"{_shown(cell)} is no JSON value") from None
    return Json(_text(value.text))
