"""Values of an export, read from JSON that anybody may have written: each with its checks, none trusted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rung.app.wording import checked_id, checked_name
from rung.errors import InvalidArchive, InvalidInput, RefusedGoal
from rung.words import _

__all__ = [
    "MOST_BRACKETS",
    "chosen",
    "flag",
    "from_json",
    "identity",
    "line",
    "moment",
    "moment_or_none",
    "once",
    "reading",
    "to_json",
    "words",
    "written",
]

MOST_BRACKETS = 1_000_000
"""Lists and objects in one part: an empty one takes 2 bytes of the file and 60 of memory."""

_FIRST_YEAR, _LAST_YEAR = 1900, 9000
"""Moments beyond cannot be told by every clock of the world."""

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)
"""What reading raises where a part is not made as an export makes it."""


@contextmanager
def reading(part: str) -> Iterator[None]:
    """Tell what is wrong inside the block as a fault of this part; a refused goal stays one."""
    try:
        yield
    except (InvalidArchive, RefusedGoal):
        raise
    except InvalidInput as error:
        raise InvalidArchive(_("%(part)s: %(fault)s", part=part, fault=error)) from error
    except _UNREADABLE as error:
        raise InvalidArchive(
            _(
                "%(part)s cannot be read (%(fault)s): export it again",
                part=part,
                fault=repr(error)[:200],
            )
        ) from error


def to_json(content: object) -> bytes:
    """A part of an export."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def from_json(data: bytes, kind: type[list[Any]] | type[dict[str, Any]]) -> Any:
    """What a part holds: a list, or an object."""
    if data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
        raise InvalidArchive(_("A part of the file holds more than any export does"))
    content = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    if not isinstance(content, kind):
        raise TypeError(f"a {kind.__name__} was expected")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def written(at: datetime | None) -> str | None:
    """A moment as it stands in an export."""
    return None if at is None else at.astimezone(UTC).isoformat()


def moment(text: str) -> datetime:
    """A moment, in UTC."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise InvalidInput(_("The time %(time)s has no time zone", time=repr(text[:50])))
    if not _FIRST_YEAR < at.year < _LAST_YEAR:
        raise InvalidInput(_("The time %(time)s is too far away", time=repr(text[:50])))
    return at.astimezone(UTC)


def moment_or_none(text: str | None) -> datetime | None:
    """A moment, or none."""
    return None if text is None else moment(text)


def identity(text: str) -> str:
    """An id."""
    return checked_id(text, _("An id"))


def line(text: str) -> str:
    """A line of text that may be empty."""
    return checked_name(text, _("A text")) if text.strip() else ""


def words(value: object) -> str:
    """A text; anything else is refused."""
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:50]} is no text")
    return value


def flag(value: object) -> bool:
    """True or false; anything else is refused."""
    if not isinstance(value, bool):
        raise TypeError(f"{str(value)[:50]} is neither true nor false")
    return value


def chosen(value: object, known: Sequence[str]) -> str:
    """One of the words that are known."""
    if not isinstance(value, str) or value not in known:
        told = ", ".join(one for one in known if one)
        raise InvalidInput(_("%(word)s is none of %(known)s", word=repr(str(value)[:50]), known=told))
    return value


def once(keys: Iterable[object]) -> None:
    """Refuse a part that holds the same thing twice."""
    found = list(keys)
    if len(set(found)) != len(found):
        raise InvalidInput(_("The same id stands there twice"))
