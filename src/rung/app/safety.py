"""Goals that Rung does not build a ladder for: self-harm, doses, restriction, medical risk, violence, danger.

A text is refused for a topic where one of the topic's patterns is found, after harmless phrases have been
taken out ("kill it at karaoke"), unless an exception of the topic is found ("tell my doctor"). The terms
are data, in `rung/content/safety.json`. Nothing is stored of what is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rung.errors import RefusedGoal

__all__ = ["screen_goal"]


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def names(self, text: str) -> bool:
        """True where a simplified text is about this topic."""
        is_found = any(pattern.search(text) for pattern in self.patterns)
        return is_found and not any(pattern.search(text) for pattern in self.unless)


@dataclass(frozen=True, slots=True)
class _Terms:
    harmless: tuple[re.Pattern[str], ...]
    topics: tuple[_Topic, ...]


def screen_goal(text: str) -> None:
    """Raise `RefusedGoal` where the text names a goal that would put somebody in danger.

    >>> screen_goal("Kill it at karaoke")
    >>> screen_goal("Double my dose")
    Traceback (most recent call last):
    rung.errors.RefusedGoal: Rung does not build ladders for this (substance dose)
    """
    terms = _terms()
    simplified = _simplified(text)
    for harmless in terms.harmless:
        # What stood on both sides must not become one phrase: "x" is a word of no pattern.
        simplified = harmless.sub(" x ", simplified)
    for topic in terms.topics:
        if topic.names(simplified):
            raise RefusedGoal(topic.name)


def _simplified(text: str) -> str:
    """Lower case, letters and digits alone, words parted by one space, without accents and apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(character for character in letters if unicodedata.category(character) not in ("Mn", "Cf"))
    return " ".join(re.findall(r"[^\W_]+", re.sub("['’‘`´]", "", kept)))


@cache
def _terms() -> _Terms:
    content = json.loads(resources.files("rung.content").joinpath("safety.json").read_text(encoding="utf-8"))
    words: dict[str, str] = content["words"]
    topics = [
        _Topic(
            topic["topic"],
            _compiled(topic["patterns"], words),
            _compiled(topic["unless"], words),
        )
        for topic in content["topics"]
    ]
    return _Terms(_compiled(content["harmless"], words), tuple(topics))


def _compiled(patterns: list[Any], words: dict[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(re.sub("<([a-z]+)>", lambda found: words[found[1]], pattern)) for pattern in patterns
    )
