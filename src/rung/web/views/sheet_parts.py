"""What a sheet is put together from, on the page and on paper."""

from __future__ import annotations

from dataclasses import dataclass

from rung.web.views.records import Table
from rung.words import ngettext

__all__ = ["Line", "SheetPart", "more_words"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what it says, and what stands smaller below."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One part: sentences, a table or lines, and what is said where not all of it has room."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    note: str = ""
    more: tuple[str, ...] = ()
    """How many more there are than shown: one more, two more, and so on."""
    most: int = 6
    """Lines on the screen."""
    most_printed: int = 4
    """Lines of the page that a browser prints; the PDF finds out how many fit."""

    def left_out(self, shown: int) -> str:
        """What to say where only so many lines are shown; empty where these are all."""
        left = len(self.lines) - shown
        return self.more[left - 1] if left > 0 and self.more else ""


def more_words(count: int) -> tuple[str, ...]:
    """What is said where lines of a list have no room, by how many have none."""
    return tuple(ngettext("and %(count)s more", "and %(count)s more", left) for left in range(1, count + 1))
