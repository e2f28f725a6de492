"""What a step is done under, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rung.content import CONDITIONS
from rung.words import _, later

__all__ = ["ConditionView", "condition_choices", "condition_words", "ways_to_vary"]

_WORDS = {
    "alone": later("on your own"),
    "help": later("with somebody helping"),
    "notes": later("with notes in hand"),
    "watched": later("with others watching"),
    "pressure": later("under pressure"),
    "interrupted": later("with an interruption"),
    "unfamiliar": later("on unfamiliar ground"),
    "bad-day": later("on a bad day"),
}
_MAKES_IT_OTHER = ("unfamiliar", "watched", "interrupted", "pressure", "bad-day", "alone")
"""Conditions that a step which stands firm can be tried under, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition to choose."""

    key: str
    words: str
    chosen: bool = False


def condition_words(conditions: Sequence[str]) -> tuple[str, ...]:
    """Conditions in words, in their own order; keys that are not known are left out."""
    return tuple(_(_WORDS[key]) for key in CONDITIONS if key in conditions)


def condition_choices(chosen: Sequence[str]) -> tuple[ConditionView, ...]:
    """Every condition, to set and unset."""
    return tuple(ConditionView(key, _(_WORDS[key]), key in chosen) for key in CONDITIONS)


def ways_to_vary(conditions: Sequence[str]) -> tuple[ConditionView, ...]:
    """The conditions under which a step is not done yet."""
    return tuple(ConditionView(key, _(_WORDS[key])) for key in _MAKES_IT_OTHER if key not in conditions)
