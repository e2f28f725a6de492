"""The evidence log as a file: the open format "efficacy log 1.0" in CSV, JSON Lines and Parquet."""

from __future__ import annotations

from rung.log._bytes import log_from_bytes, log_to_bytes
from rung.log._files import replaced
from rung.log._log import Log
from rung.log._reading import Check, check_log, read_chunks, read_log
from rung.log._schemas import json_schema, table_schema
from rung.log._writing import write_log

__all__ = [
    "Check",
    "Log",
    "check_log",
    "json_schema",
    "log_from_bytes",
    "log_to_bytes",
    "read_chunks",
    "read_log",
    "replaced",
    "table_schema",
    "write_log",
]
