"""What people write: names and texts are stripped and measured before anything is done with them."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from rung.errors import InvalidInput
from rung.words import _, number

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "checked_id", "checked_name", "checked_text"]

LONGEST_NAME = 200
LONGEST_TEXT = 4000


def checked_name(name: str, what: str) -> str:
    """The name without surrounding space; refused where it is empty, too long or not printable."""
    name = name.strip()
    if not name:
        raise InvalidInput(_("%(what)s is empty: write at least one character", what=what))
    if len(name) > LONGEST_NAME:
        raise _too_long(what, len(name), LONGEST_NAME)
    if any(_is_forbidden(character) or _is_line_end(character) for character in name):
        raise InvalidInput(
            _(
                "%(what)s has a character that cannot be printed: write it in one line of plain text",
                what=what,
            )
        )
    if not any(_is_seen(character) for character in name):
        raise InvalidInput(_("%(what)s has no character that can be seen: write at least one", what=what))
    return name


def checked_text(text: str, what: str) -> str:
    """The text without surrounding space; refused where it is too long."""
    # A browser sends a line's end as two characters, and counts it as one.
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise _too_long(what, len(text), LONGEST_TEXT)
    if any(_is_forbidden(character) and character not in "\n\r\t" for character in text):
        raise InvalidInput(
            _("%(what)s has a character that cannot be printed: write it in plain text", what=what)
        )
    return text


def checked_id(text: str, what: str) -> str:
    """The id in its one way of being written; refused where it is not a UUID."""
    try:
        found = UUID(text)
        if found.int == 0:
            raise ValueError
        return str(found)
    except (ValueError, AttributeError):
        raise InvalidInput(f"{what} is {str(text)[:50]!r}: it must be a UUID") from None


def _too_long(what: str, length: int, most: int) -> InvalidInput:
    return InvalidInput(
        _(
            "%(what)s has %(length)s characters: %(most)s is the most",
            what=what,
            length=number(length),
            most=number(most),
        )
    )


def _is_seen(character: str) -> bool:
    # Not Cf: signs for the layout alone; Z: spaces; M: what only stands on another character.
    category = unicodedata.category(character)
    return category != "Cf" and category[0] not in "ZM"


def _is_line_end(character: str) -> bool:
    return unicodedata.category(character) in ("Zl", "Zp")


def _is_forbidden(character: str) -> bool:
    # Cc: control characters (NUL among them, which PostgreSQL cannot store); Cs: halves of surrogate pairs.
    return unicodedata.category(character) in ("Cc", "Cs")
