"""What the server tells whoever runs it, a line at a time and without personal data.

A line holds the time, the level, the event, and the request that it belongs to; as text or as JSON. Of an
exception it tells the type and the places in the code that it passed, and not its message: that may quote
what somebody wrote. Only messages that speak of the database as a whole, or of the key, are told in full.
Other packages fill their messages with whatever they work on, so of theirs the pattern alone is told.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from rung.errors import InvalidInput, SealBroken, StoreUnavailable

__all__ = ["KINDS", "REQUEST", "kind_of_log", "logging_as"]

KINDS = ("text", "json")

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The random id of the request that is being answered; empty outside of one."""

_FIELDS = ("route", "method", "status", "duration_ms")
"""What a line about a request tells besides."""

_OURS = "rung"
_PLAIN = (StoreUnavailable, SealBroken)
_ABOUT_THE_DATABASE = frozenset({"OperationalError", "InterfaceError", "TimeoutError"})
"""Errors of drivers and of the pool whose words are about connections, locks and disks, never about a row."""

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def kind_of_log(environment: Mapping[str, str]) -> str:
    """`text` or `json` as RUNG_LOG says; empty where it says nothing: then warnings alone are told, as text.

    >>> kind_of_log({"RUNG_LOG": "JSON"})
    'json'
    """
    kind = environment.get("RUNG_LOG", "").strip().lower()
    if kind not in ("", *KINDS):
        raise InvalidInput(f"RUNG_LOG is {kind[:20]!r}: write text or json")
    return kind


@contextmanager
def logging_as(kind: str, stream: TextIO | None = None) -> Iterator[None]:
    """Let everything that is logged in this process go to one place, in one form, until the block ends."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if kind == "json" else _Text())
    root, ours = logging.getLogger(), logging.getLogger(_OURS)
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO if kind else logging.WARNING)
    try:
        yield
    finally:
        ours.setLevel(before)
        root.removeHandler(handler)


class _Text(logging.Formatter):
    """A line for people to read; the frames of an exception follow it."""

    def format(self, record: logging.LogRecord) -> str:
        told = [_time(record), record.levelname, f"{record.name}:", _words(record)]
        told += [f"{name}={value}" for name, value in _about(record).items()]
        lines = [" ".join(told)]
        for one in _exceptions(record.exc_info):
            lines.append(f"  {one['type']}")
            lines += [f"    {frame}" for frame in one["frames"]]
        return "\n".join(lines)


class _Json(logging.Formatter):
    """One JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            **({} if hasattr(record, "event") else {"message": _words(record)}),
            **_about(record),
        }
        raised = list(_exceptions(record.exc_info))
        if raised:
            told["exception"] = raised
        return json.dumps(told, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def _about(record: logging.LogRecord) -> dict[str, object]:
    found = {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
    request = REQUEST.get()
    return {**found, **({"request_id": request} if request else {})}


def _words(record: logging.LogRecord) -> str:
    if not record.args or record.name.partition(".")[0] != _OURS:
        return str(record.msg).strip()
    given = record.args if isinstance(record.args, tuple) else (record.args,)
    return (str(record.msg) % tuple(_told(one) for one in given)).strip()


def _told(value: object) -> object:
    """What a line may say of a value: of an exception, its type."""
    if not isinstance(value, BaseException):
        return value
    name = type(value).__name__
    is_plain = isinstance(value, _PLAIN) or any(
        kind.__name__ in _ABOUT_THE_DATABASE for kind in type(value).__mro__
    )
    if is_plain:
        return " ".join(str(value).split()) or name
    code = getattr(value, "sqlstate", None)
    return f"{name} {code}" if code else name


def _exceptions(raised: _ExcInfo | None) -> Iterator[dict[str, list[str] | str]]:
    """An exception and what led to it, the newest first: types and places, without messages."""
    error = raised[1] if raised else None
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        kind = type(error)
        yield {
            "type": kind.__qualname__
            if kind.__module__ == "builtins"
            else f"{kind.__module__}.{kind.__qualname__}",
            "frames": [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
        }
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _place(filename: str) -> str:
    """The file within its package, so that no line tells in whose folder the server lies."""
    path = filename.replace("\\", "/")
    for root in ("/site-packages/", "/src/"):
        if root in path:
            return path.rpartition(root)[2]
    return "/".join(path.split("/")[-2:])
