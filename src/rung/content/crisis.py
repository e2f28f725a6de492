"""Whom to call in a crisis: the line of one's country, or else the directory that knows every country's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["CrisisLine", "crisis_line"]


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """Where somebody answers. Without numbers it is the directory of lines, not a line."""

    country: str
    """ISO 3166-1 alpha-2; empty for the directory."""
    name: str
    numbers: tuple[str, ...]
    """To call, the best first."""
    text: str
    """Number for text messages; empty = not offered."""
    url: str
    hours: str
    """When somebody answers; empty = not known."""
    emergency: str
    """Number to call where a life is in danger; empty = not known."""
    source: str
    """The best official address, to check the line against."""
    checked: str | None
    """Day on which somebody found `checked_in` to state the number; None = not yet."""
    checked_in: str | None
    """Address of a page, or repository and path of a file, that stated it; None where `checked` is."""


def crisis_line(country: str) -> CrisisLine:
    """The crisis line of a country (ISO 3166-1 alpha-2, any case), or the directory where none is known."""
    lines = _crisis_lines()
    return lines.get(country.strip().upper(), lines[""])


@cache
def _crisis_lines() -> dict[str, CrisisLine]:
    """Every line by its country; the directory under the empty text."""
    content = json.loads((files("rung.content") / "crisis_lines.json").read_text(encoding="utf-8"))
    name, url = content["directory"]["name"], content["directory"]["url"]
    directory = CrisisLine("", name, (), "", url, "", "", source=url, checked=None, checked_in=None)
    lines = (CrisisLine(**{**line, "numbers": tuple(line["numbers"])}) for line in content["lines"])
    return {"": directory} | {line.country: line for line in lines}
