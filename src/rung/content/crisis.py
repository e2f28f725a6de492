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
    emergency: str
    """Number to call where a life is in danger; empty = not known."""
    source: str
    checked: str | None
    """Day on which somebody found the source to say so; None = not yet."""


def crisis_line(country: str) -> CrisisLine:
    """The crisis line of a country (ISO 3166-1 alpha-2, any case), or the directory where none is known."""
    lines = _crisis_lines()
    return lines.get(country.strip().upper(), lines[""])


@cache
def _crisis_lines() -> dict[str, CrisisLine]:
    """Every line by its country; the directory under the empty text."""
    content = json.loads((files("rung.content") / "crisis_lines.json").read_text(encoding="utf-8"))
    name, url = content["directory"]["name"], content["directory"]["url"]
    directory = CrisisLine("", name, (), "", url, "", "", source=url, checked=None)
    lines = (CrisisLine(**{**line, "numbers": tuple(line["numbers"])}) for line in content["lines"])
    return {"": directory} | {line.country: line for line in lines}
