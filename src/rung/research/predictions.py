"""Every forecast as a row of a CSV file, so that anybody can score them independently.

Columns: log, row (0-based row of the log's file), target, model, mean, sd, q01 to q99. For choices and
outcomes `mean` is the chance that the row's `value` is 1, and the rest is empty. Eight digits, all of them
where a rating needs more, so that a quantile that is one of the log's ratings is equal to it.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from rung.log import Log, replaced
from rung.research.benchmark import Written
from rung.research.forecasts import LEVELS, Forecasts
from rung.research.series import Target

__all__ = ["HEADER", "predictions_file"]

HEADER = ("log", "row", "target", "model", "mean", "sd", *(f"q{round(100 * level):02}" for level in LEVELS))
_DIGITS = "%.8g"
_EMPTY = "," * (len(LEVELS) + 1)


@contextmanager
def predictions_file(path: Path) -> Iterator[Callable[[str, Log], Written]]:
    """A writer for each log; the file is complete once the block ends, or is as it was before.

    Compressed where its name ends with `.gz`.
    """
    with replaced(path) as file, _text(path, file) as text:
        text.write(",".join(HEADER) + "\n")
        yield lambda name, log: _Writer(text, _quoted(name), _long(log)).write


@contextmanager
def _text(path: Path, file: IO[bytes]) -> Iterator[IO[str]]:
    if not path.name.lower().endswith(".gz"):
        text = io.TextIOWrapper(file, "utf-8", newline="")
        yield text
        text.flush()
        text.detach()
        return
    packed = cast(IO[bytes], gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=1, mtime=0))
    with packed, io.TextIOWrapper(packed, "utf-8", newline="") as text:
        yield text


class _Writer:
    def __init__(self, text: IO[str], log: str, long: dict[float, str]) -> None:
        self._text, self._log, self._long = text, log, long

    def write(self, target: Target, model: str, rows: NDArray[np.intp], forecasts: Forecasts) -> None:
        """Write the forecasts of one person."""
        own = f"{target},{_quoted(model)}"
        if target == "judgement":
            told = self._numbers(np.column_stack([forecasts.mean, forecasts.sd, forecasts.quantiles]))
        else:
            told = [_DIGITS % mean + _EMPTY for mean in forecasts.mean.tolist()]
        self._text.writelines(
            f"{self._log},{row},{own},{numbers}\n" for row, numbers in zip(rows.tolist(), told, strict=True)
        )

    def _numbers(self, table: NDArray[np.float64]) -> list[str]:
        rows = table.tolist()
        if not self._long:
            line = ",".join([_DIGITS] * table.shape[1])
            return [line % tuple(row) for row in rows]
        return [",".join([self._long.get(number) or _DIGITS % number for number in row]) for row in rows]


def _long(log: Log) -> dict[float, str]:
    """Values of the log that eight digits do not give back, as they are written."""
    values = log.number("value")
    distinct = np.unique(values[~np.isnan(values)]).tolist()
    return {value: repr(value) for value in distinct if float(_DIGITS % value) != value}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text
