"""Looking back that a device kept before it was sent: stored once, and the later of two wins, in any order.

The revision that it makes carries a stamp beside the columns of the log: when it was written, and its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rung.app.model import EventId
from rung.app.ports import Entry
from rung.errors import Conflict
from rung.words import _

__all__ = ["Sent", "is_of", "is_stored", "stamped"]

COLUMN = "looked_back"
"""Name of the column for the stamp."""


@dataclass(frozen=True, slots=True)
class Sent:
    """When a looking back was written, and its id, both by the device."""

    id: EventId
    at: datetime


def is_of(revision: Entry, id: EventId) -> bool:
    """True where the revision was made by the looking back of this id."""
    return _stamp_of(revision).endswith(f" {id}")


def is_stored(revisions: Sequence[Entry], sent: Sent) -> bool:
    """True where it is among the revisions of its event; `Conflict` where something written later stands."""
    if any(is_of(revision, sent.id) for revision in revisions):
        return True
    last = revisions[-1]
    # What came from a page was written when it was recorded.
    if last.reflected and _stamp(sent.at, sent.id) < (_stamp_of(last) or _stamp(last.recorded_at)):
        raise Conflict(_("Something that you wrote later is kept about this already"))
    return False


def stamped(entry: Entry, sent: Sent | None) -> Entry:
    """The entry with the stamp of what was sent; without any where it came from a page."""
    others = {name: value for name, value in entry.extra.items() if name != COLUMN}
    return replace(entry, extra={**others, COLUMN: _stamp(sent.at, sent.id)} if sent else others)


def _stamp(at: datetime, id: str = "") -> str:
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')} {id}"


def _stamp_of(revision: Entry) -> str:
    return str(revision.extra.get(COLUMN, ""))
