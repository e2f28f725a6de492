"""Ladder templates, and the one that fits a goal.

A template fits a goal by the words they share, each cut down to its stem. It is offered where the goal
shares two words with it, or consists of nothing else, and shares fewer with every other template.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["IfThen", "LadderTemplate", "ladder_templates", "matching_template"]


@dataclass(frozen=True, slots=True)
class IfThen:
    """A plan for one situation: if it arises, then this is what I do."""

    situation: str
    response: str


@dataclass(frozen=True, slots=True)
class LadderTemplate:
    """Graded steps for one kind of goal, offered to whoever names such a goal, and theirs to edit."""

    id: str
    title: str
    version: str
    licence: str
    keywords: tuple[str, ...]
    steps: tuple[str, ...]
    """Easiest first; the last is the goal."""
    harder: tuple[str, ...]
    """What makes a step harder: along these it can be split or varied."""
    obstacles: tuple[str, ...]
    if_then: tuple[IfThen, ...]
    note: str
    """What to mind before the first step; empty = nothing."""


@cache
def ladder_templates() -> tuple[LadderTemplate, ...]:
    """Every template, by title."""
    texts = (entry.read_text(encoding="utf-8") for entry in (files("rung.content") / "ladders").iterdir())
    return tuple(sorted((_template(text) for text in texts), key=lambda template: template.title))


def _template(text: str) -> LadderTemplate:
    content = json.loads(text)
    for name, value in content.items():
        if isinstance(value, list):
            content[name] = tuple(value)
    content["if_then"] = tuple(IfThen(plan["if"], plan["then"]) for plan in content["if_then"])
    return LadderTemplate(**content)


def matching_template(goal: str) -> LadderTemplate | None:
    """The template that fits a goal best, or None where none does, or two do equally."""
    words = _stems(goal)
    needed = min(2, max(1, len(words)))
    shared = {template: len(words & _stems(" ".join(template.keywords))) for template in ladder_templates()}
    most = max(shared.values(), default=0)
    best = [template for template, count in shared.items() if count == most]
    return best[0] if most >= needed and len(best) == 1 else None


_LENGTH = re.compile(r"(\d+)\s*k(?:m|ilomet(?:re|er)s?)?\b")
_WORD = re.compile(r"[^\W_]+")
_SMALL = re.compile(r"a|an|and|at|be|do|first|for|go|have|i|in|is|it|me|my|of|on|or|that|the|to|up|with|your")
_ENDINGS = re.compile(r"(?<=\w{3})(?:ations?|ances?|ions?|ings?|ies|ers?|ed|es|ly|s|e|y)$")
_DOUBLED = re.compile(r"([^\W\d_aeiou])\1$")


def _stems(text: str) -> frozenset[str]:
    """The words of a text that carry its meaning, without their endings; 5 km and 5K are one word."""
    words = _WORD.findall(_LENGTH.sub(r"\1km", text.casefold()))
    return frozenset(
        _DOUBLED.sub(r"\1", _ENDINGS.sub("", word)) for word in words if not _SMALL.fullmatch(word)
    )
