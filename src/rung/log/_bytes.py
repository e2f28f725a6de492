"""A log as bytes in memory, for what must not lie on a disk: the same parts as for files."""

from __future__ import annotations

import io

from rung.log._columns import Columns, joined
from rung.log._csv import csv_rows, write_csv
from rung.log._faults import Faults
from rung.log._jsonl import jsonl_rows
from rung.log._log import Log
from rung.log._sieve import Sieve

__all__ = ["log_from_bytes", "log_to_bytes"]

_ROWS = 1024
"""Rows parsed at a time."""


def log_from_bytes(data: bytes, name: str) -> Log:
    """The log in the bytes of a file of this name: JSON Lines by its ending, else CSV.

    `InvalidLog` tells every fault, under the name.
    """
    read = jsonl_rows if name.lower().endswith((".jsonl", ".ndjson")) else csv_rows
    faults = Faults(name)
    sieve, pieces = Sieve(faults), list[Columns]()
    for raw in read(io.BytesIO(data), _ROWS, faults):
        columns = sieve.sift(raw)
        if not faults.count:
            pieces.append(columns)
    faults.raise_any()
    return Log(joined(pieces, sieve.names, bool(sieve.timestamps)))


def log_to_bytes(log: Log) -> bytes:
    """The log as CSV."""
    target = io.BytesIO()
    write_csv(log.held, target)
    return target.getvalue()
