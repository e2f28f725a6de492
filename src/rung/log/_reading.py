"""Reading a log: whole, in chunks, or only to check it. A file with faults is never half-loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from rung.errors import Fault
from rung.log._columns import BY_NAME, Columns, joined
from rung.log._csv import csv_rows
from rung.log._faults import Faults
from rung.log._files import Progress, format_of, opened
from rung.log._jsonl import jsonl_rows
from rung.log._log import Log
from rung.log._parquet import parquet_rows
from rung.log._sieve import Raw, Sieve

__all__ = ["Check", "check_log", "read_chunks", "read_log"]

_STEP = 1024
"""Rows parsed at a time: so few that their cells stay in the cache (2.5 times as fast as 16,384)."""

_READERS: dict[str, Callable[[IO[bytes], int, Faults], Iterator[Raw]]] = {
    "csv": csv_rows,
    "jsonl": jsonl_rows,
    "parquet": parquet_rows,
}


class Check(NamedTuple):
    """What a log file holds, and what is wrong with it; the counts mean little where it has faults."""

    file: str
    rows: int
    """Rows of the file that could be read as rows, repeated events too."""
    people: int
    kinds: dict[str, int]
    """Events of each kind, each event counted once; in the order of the format."""
    duplicates: int
    """Rows that repeat an earlier event, with the same id and content."""
    columns: tuple[str, ...]
    extras: tuple[str, ...]
    """Columns that the format does not know."""
    timestamps: bool
    faults: tuple[Fault, ...]
    fault_count: int

    @property
    def is_valid(self) -> bool:
        """True where the file has no fault."""
        return not self.fault_count


def read_log(path: str | os.PathLike[str], *, progress: Progress | None = None) -> Log:
    """The whole log; `InvalidLog` with every fault of the file where it has any."""
    faults = Faults(os.fspath(path))
    sieve = Sieve(faults)
    pieces: list[Columns] = []
    for columns in _scanned(Path(path), _STEP, sieve, progress):
        if faults.count:
            pieces.clear()
        else:
            pieces.append(columns)
    faults.raise_any()
    return Log(_joined(pieces, sieve), repeats=sieve.repeats)


def read_chunks(
    path: str | os.PathLike[str], rows: int = 16_384, *, progress: Progress | None = None
) -> Iterator[Log]:
    """The log in pieces of up to `rows` rows; memory is bounded by a piece, the ids and the people.

    At the first fault no further piece comes: the rest is only checked, and `InvalidLog` with every fault is
    raised at the end. Who must not act on a part of a faulty file calls `check_log` first.
    """
    if rows < 1:
        raise ValueError(f"rows must be 1 or more, not {rows}")
    faults = Faults(os.fspath(path))
    sieve = Sieve(faults)
    step, start, pieces = min(rows, _STEP), 0, list[Columns]()
    for columns in _scanned(Path(path), step, sieve, progress):
        if faults.count:
            pieces.clear()
            continue
        pieces.append(columns)
        if sum(piece.size for piece in pieces) + step > rows:
            yield (log := Log(_joined(pieces, sieve), start, sieve.repeats))
            start += len(log)
    faults.raise_any()
    if any(piece.size for piece in pieces):
        yield Log(_joined(pieces, sieve), start, sieve.repeats)


def check_log(path: str | os.PathLike[str], *, progress: Progress | None = None) -> Check:
    """Check a file without keeping it in memory; faults are returned, not raised."""
    faults = Faults(os.fspath(path))
    sieve = Sieve(faults)
    for _ in _scanned(Path(path), _STEP, sieve, progress):
        pass
    extras = tuple(name for name in sieve.names if name not in BY_NAME)
    return Check(
        file=faults.file,
        rows=sieve.rows,
        people=len(sieve.people),
        kinds=sieve.counted_kinds(),
        duplicates=sieve.duplicates,
        columns=sieve.names,
        extras=extras,
        timestamps=bool(sieve.timestamps),
        faults=faults.listed(),
        fault_count=faults.count,
    )


def _joined(pieces: list[Columns], sieve: Sieve) -> Columns:
    whole = joined(pieces, sieve.names, bool(sieve.timestamps))
    pieces.clear()
    return whole


def _scanned(path: Path, rows: int, sieve: Sieve, progress: Progress | None) -> Iterator[Columns]:
    """The columns of each chunk; without meaning once there are faults."""
    read = _READERS[format_of(path)]
    with opened(path, sieve.faults) as source:
        if source is None:
            return
        for raw in read(source.stream, rows, sieve.faults):
            yield sieve.sift(raw)
            if progress:
                progress(source.position() if raw.done is None else int(raw.done * source.size))
        if progress:
            progress(source.size)
