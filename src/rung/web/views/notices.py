"""What a page says first, about what was just done; what can be taken back can be so from here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

__all__ = ["GONE", "PASSWORD_CHANGED", "Notice", "attempt_kept", "of_today", "said"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A line at the top of a page."""

    words: str
    good: bool = True
    undo: str = ""
    """Where to post to undo it; empty where it cannot be undone."""
    undo_words: str = "Take it back"


GONE = Notice("Your account and everything in it is deleted.")
PASSWORD_CHANGED = Notice("Your password is changed. Everywhere else you are signed out.")

# Any link can make a page say these: none of them alarms or reassures anybody where it is not so.
SAID = {
    "imported": Notice("It is here: everything in the file that was not here before."),
    "judged": Notice("Kept. That is how sure you are as things are now."),
    "reflected": Notice("Kept. It counts towards what Rung proposes next."),
    "renamed": Notice("Renamed."),
    "archived": Notice("Put away. You find it under Your data, and can take it up again at any time."),
    "restored": Notice("It is back on Today."),
}


def said(key: str) -> Notice | None:
    """The notice of this name; None for a name that is not known."""
    return SAID.get(key)


def attempt_kept(event_id: str) -> Notice:
    """After an attempt or an avoidance was logged."""
    return Notice("It is saved. The rest is optional.", undo=f"/attempts/{event_id}/take-back")


def of_today(words: str, skipped: UUID | None, taken: UUID | None, put: UUID | None) -> Notice | None:
    """What Today says first: after a step was put off, an event taken back or put back, or anything else."""
    if skipped:
        return Notice(
            "Not today, then. It waits, and nothing counts against you.",
            undo=f"/attempts/{skipped}/take-back",
        )
    if taken:
        undo = f"/attempts/{taken}/put-back"
        return Notice("Taken back. It counts no longer.", False, undo, "Let it count after all")
    if put:
        return Notice("It counts again.", undo=f"/attempts/{put}/take-back")
    return said(words)
