"""A log as the bytes of a file, packed or not, and in memory: nothing of it lies on a disk in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from rung import log
from rung.app.keeping.parcels import inflated
from rung.engine.events import Event
from rung.log import Log

__all__ = ["LOG_ENDINGS", "log_from_bytes", "log_to_bytes"]

LOG_ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
"""How the name of a file ends that holds a plain log."""


def log_from_bytes(data: bytes, name: str) -> Log:
    """The log in a file of this name: JSON Lines or CSV, packed or not; faults are told under the name."""
    if name.lower().endswith(".gz"):
        data, name = inflated(data), name[:-3]
    return log.log_from_bytes(data, name)


def log_to_bytes(events: Sequence[Event]) -> bytes:
    """The events as CSV."""
    return log.log_to_bytes(Log.of(events, timestamps=_are_moments(events)))


def _are_moments(events: Sequence[Event]) -> bool:
    """True where timestamps tell every time exactly; laboratory data keeps its numbers."""
    # Within 1716 to 2191; the format's timestamps reach a little further.
    return all(-8e9 < event.time < 7e9 and round(event.time * 1e6) / 1e6 == event.time for event in events)
