"""What a page says first, about what was just done; what can be taken back can be so from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from rung.words import _, later

__all__ = ["GONE", "Notice", "attempt_kept", "of_today", "said", "spoken"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A line at the top of a page."""

    words: str
    good: bool = True
    undo: str = ""
    """Where to post to undo it; empty where it cannot be undone."""
    undo_words: str = ""
    """What the button says; empty = take it back."""


GONE = Notice(later("Your account and everything in it is deleted."))

# Any link can make a page say these: none of them alarms or reassures anybody where it is not so.
SAID = {
    "imported": Notice(later("It is here: everything in the file that was not here before.")),
    "judged": Notice(later("Kept. That is how sure you are as things are now.")),
    "reflected": Notice(later("Kept. It counts towards what Rung proposes next.")),
    "renamed": Notice(later("Renamed.")),
    "archived": Notice(later("Put away. You find it under Ladders, and can take it up again at any time.")),
    "restored": Notice(later("It is back on Today.")),
}


def spoken(notice: Notice) -> Notice:
    """The notice in the language of the moment."""
    return replace(notice, words=_(notice.words))


def said(key: str) -> Notice | None:
    """The notice of this name; None for a name that is not known."""
    return spoken(SAID[key]) if key in SAID else None


def attempt_kept(event_id: str) -> Notice:
    """After an attempt or an avoidance was logged."""
    return Notice(_("It is saved. The rest is optional."), undo=f"/attempts/{event_id}/take-back")


def of_today(words: str, skipped: UUID | None, taken: UUID | None, put: UUID | None) -> Notice | None:
    """What Today says first: after a step was put off, an event taken back or put back, or anything else."""
    if skipped:
        return Notice(
            _("Not today, then. It waits, and nothing counts against you."),
            undo=f"/attempts/{skipped}/take-back",
        )
    if taken:
        undo = f"/attempts/{taken}/put-back"
        return Notice(_("Taken back. It counts no longer."), False, undo, _("Let it count after all"))
    if put:
        return Notice(_("It counts again."), undo=f"/attempts/{put}/take-back")
    return said(words)
