"""Writing a log: all or nothing, in the format that the file's name says."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, cast

from rung.engine.events import Event
from rung.log._columns import Columns
from rung.log._csv import write_csv
from rung.log._files import format_of, is_gzip, replaced
from rung.log._jsonl import write_jsonl
from rung.log._log import Log
from rung.log._parquet import write_parquet

__all__ = ["write_log"]

_WRITERS: dict[str, Callable[[Columns, IO[bytes]], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
}


def write_log(log: Log | Iterable[Event], path: str | os.PathLike[str]) -> None:
    """Write a log, or plain events, to a file.

    The file is complete or, where writing fails, as it was before. Events with faults are refused
    (`InvalidLog`) before anything is written.
    """
    target = Path(path)
    write = _WRITERS[format_of(target)]
    log = log if isinstance(log, Log) else Log.of(log)
    with replaced(target) as file:
        if is_gzip(target):
            # No name and no time inside, so that the same log gives the same bytes.
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as packed:
                write(log.held, cast(IO[bytes], packed))
        else:
            write(log.held, file)
