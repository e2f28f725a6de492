"""A log as the bytes of a file, read and written in memory: nothing of it lies on a disk in plain text.

The public reader and writer of `rung.log` work on files; these are the same parts, put together on bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from rung.app.parcels import inflated
from rung.engine.events import Event
from rung.log import Log
from rung.log._columns import Columns, joined
from rung.log._csv import csv_rows, write_csv
from rung.log._faults import Faults
from rung.log._jsonl import jsonl_rows
from rung.log._sieve import Sieve

__all__ = ["LOG_ENDINGS", "log_from_bytes", "log_to_bytes"]

LOG_ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
"""How the name of a file ends that holds a plain log."""

_ROWS = 1024
"""Rows read at a time."""


def log_from_bytes(data: bytes, name: str) -> Log:
    """The log in a file of this name: JSON Lines or CSV, packed or not; faults are told under the name."""
    kind = name.lower()
    if kind.endswith(".gz"):
        data, kind = inflated(data), kind.removesuffix(".gz")
    read = jsonl_rows if kind.endswith((".jsonl", ".ndjson")) else csv_rows
    faults = Faults(name)
    sieve, pieces = Sieve(faults), list[Columns]()
    for raw in read(io.BytesIO(data), _ROWS, faults):
        columns = sieve.sift(raw)
        if not faults.count:
            pieces.append(columns)
    faults.raise_any()
    return Log(joined(pieces, sieve.names, bool(sieve.timestamps)))


def log_to_bytes(events: Sequence[Event]) -> bytes:
    """The events as CSV."""
    target = io.BytesIO()
    write_csv(Log.of(events, timestamps=_are_moments(events)).held, target)
    return target.getvalue()


def _are_moments(events: Sequence[Event]) -> bool:
    """True where timestamps tell every time exactly; laboratory data keeps its numbers."""
    # Within 1716 to 2191; the format's timestamps reach a little further.
    return all(-8e9 < event.time < 7e9 and round(event.time * 1e6) / 1e6 == event.time for event in events)
