"""What people write: names and texts are stripped and measured before anything is done with them."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from rung.errors import InvalidInput

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "checked_id", "checked_name", "checked_text"]

LONGEST_NAME = 200
LONGEST_TEXT = 4000


def checked_name(name: str, what: str) -> str:
    """The name without surrounding space; refused where it is empty, too long or not printable."""
    name = name.strip()
    if not name:
        raise InvalidInput(f"{what} is empty: write at least one character")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"{what} has {len(name)} characters: {LONGEST_NAME} is the most")
    if any(_is_forbidden(character) or _is_line_end(character) for character in name):
        raise InvalidInput(
            f"{what} has a character that cannot be printed: write it in one line of plain text"
        )
    if not any(_is_seen(character) for character in name):
        raise InvalidInput(f"{what} has no character that can be seen: write at least one")
    return name


def checked_text(text: str, what: str) -> str:
    """The text without surrounding space; refused where it is too long."""
    # A browser sends a line's end as two characters, and counts it as one.
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"{what} has {len(text)} characters: {LONGEST_TEXT} is the most")
    if any(_is_forbidden(character) and character not in "\n\r\t" for character in text):
        raise InvalidInput(f"{what} has a character that cannot be printed: write it in plain text")
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


def _is_seen(character: str) -> bool:
    # Not Cf: signs for the layout alone; Z: spaces; M: what only stands on another character.
    category = unicodedata.category(character)
    return category != "Cf" and category[0] not in "ZM"


def _is_line_end(character: str) -> bool:
    return unicodedata.category(character) in ("Zl", "Zp")


def _is_forbidden(character: str) -> bool:
    # Cc: control characters (NUL among them, which PostgreSQL cannot store); Cs: halves of surrogate pairs.
    return unicodedata.category(character) in ("Cc", "Cs")
