"""Long lists in pages: a cursor says after which item the next page begins, and nobody need read it.

It names a place in the order of the list, so that items which come and go meanwhile move nothing.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request, Response

from rung.app.model import EventId
from rung.app.programs.logging import Position
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["Count", "Cursor", "change_in", "position_in", "rest_of", "set_next", "written"]

MOST = 200
_MOST_REVISIONS = 2**31
_ID = re.compile("[0-9a-f-]{36}")

Cursor = Annotated[
    str,
    Query(
        max_length=500,
        description="`next_cursor` of the page before; empty for the first page",
        examples=["WzE3NjM4ODg0MDAuMF0"],
    ),
]
Count = Annotated[int, Query(ge=1, le=MOST, description="How many items a page has at most")]

_Item = TypeVar("_Item")


def written(place: Sequence[Any]) -> str:
    """The cursor for a place."""
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode().rstrip("=")


def position_in(cursor: str) -> Position | None:
    """The place in the log that a cursor names; None for the first page."""
    if not cursor:
        return None
    match _read(cursor):
        case [float(time), int(rank), str(domain), str(task), str(id)] if math.isfinite(time):
            return (time, rank, domain, task, id)
    raise _none_of_ours()


def change_in(cursor: str) -> tuple[EventId, int] | None:
    """The event and its revision that a cursor of the changes names; None for the first page."""
    if not cursor:
        return None
    match _read(cursor):
        case [str(id), int(revision)] if _ID.fullmatch(id) and 0 < revision < _MOST_REVISIONS:
            return EventId(id), revision
    raise _none_of_ours()


def rest_of(
    items: Sequence[_Item], key: Callable[[_Item], tuple[str, str]], cursor: str, count: int
) -> tuple[list[_Item], str | None]:
    """The items of a page of a sorted list, and the cursor of the next one."""
    after: tuple[str, str] | None = None
    if cursor:
        match _read(cursor):
            case [str(first), str(second)]:
                after = (first, second)
            case _:
                raise _none_of_ours()
    rest = [item for item in items if after is None or key(item) > after]
    page = rest[:count]
    return page, written(key(page[-1])) if len(rest) > count else None


def set_next(request: Request, response: Response, cursor: str | None) -> None:
    """Tell of the next page in the header Link (RFC 8288)."""
    if cursor is not None:
        query = request.url.include_query_params(cursor=cursor).query
        response.headers["link"] = f'<{request.url.path}?{query}>; rel="next"'


def _read(cursor: str) -> Any:
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _none_of_ours() from None


def _none_of_ours() -> InvalidInput:
    return InvalidInput(_("This is no cursor of this list: begin with the first page"))
