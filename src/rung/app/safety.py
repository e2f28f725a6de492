"""Goals that Rung does not build a ladder for: self-harm, doses, restriction, medical risk, violence, danger.

A text is refused for a topic where one of the topic's patterns is found, after harmless phrases have been
taken out ("kill it at karaoke"), unless an exception of the topic is found ("tell my doctor"). The terms
are data, one file a language in `rung/content/safety`. Every text is screened in every language, each on its
own, whatever language its reader has chosen: people write in any. Nothing is stored of what is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rung.errors import RefusedGoal

__all__ = ["screen_goal"]

_UNSEEN = frozenset({"Mn", "Cf"})
_APOSTROPHE = re.compile("['’‘`´ʼ]")
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ARABIC = str.maketrans("ىیةکٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ييهكا01234567890123456789", "ـء")
"""Letters that are written one for another, and digits; the lengthening stroke and the lone hamza go."""


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    patterns: re.Pattern[str]
    unless: re.Pattern[str]

    def names(self, text: str) -> bool:
        """True where a simplified text is about this topic."""
        return bool(self.patterns.search(text)) and not self.unless.search(text)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What one language refuses."""

    letters: re.Pattern[str]
    harmless: re.Pattern[str]
    topics: tuple[_Topic, ...]

    def topic_of(self, text: str) -> str | None:
        """The first topic that a simplified text is about, or None where it may pass."""
        if not self.letters.search(text):
            return None
        # What stood on both sides must not become one phrase: "x" is a word of no pattern.
        rest = self.harmless.sub(" x ", text)
        return next((topic.name for topic in self.topics if topic.names(rest)), None)


def screen_goal(text: str) -> None:
    """Raise `RefusedGoal` where the text names a goal that would put somebody in danger.

    >>> screen_goal("Kill it at karaoke")
    >>> screen_goal("Double my dose")
    Traceback (most recent call last):
    rung.errors.RefusedGoal: Rung does not build ladders for this (substance dose)
    """
    simplified = _simplified(text)
    for terms in _every_language():
        topic = terms.topic_of(simplified)
        if topic:
            raise RefusedGoal(topic)


def _simplified(text: str) -> str:
    """The words of a text, folded and parted by one space: letters and digits alone."""
    return " ".join(_WORD.findall(_folded(text)))


def _folded(text: str) -> str:
    """A text without what people write or leave out: case, accents, apostrophes, signs that are not seen.

    German ä, ö, ü and ß are ae, oe, ue and ss. Arabic loses vowel signs and hamzas, and ى and ة are ي and ه.
    """
    shown = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    whole = unicodedata.normalize("NFC", shown.casefold()).translate(_UMLAUTS)
    letters = unicodedata.normalize("NFKD", whole).casefold()
    kept = "".join(letter for letter in letters if unicodedata.category(letter) not in _UNSEEN)
    return _APOSTROPHE.sub("", kept).translate(_ARABIC)


@cache
def _every_language() -> tuple[_Terms, ...]:
    """The terms of each language that has a file."""
    folder = files("rung.content") / "safety"
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )
    return tuple(_terms(json.loads(file.read_text(encoding="utf-8"))) for file in found)


def _terms(content: dict[str, Any]) -> _Terms:
    words: dict[str, str] = {}
    for name, pattern in content["words"].items():
        words[name] = f"(?:{_filled(pattern, words)})"
    topics = (
        _Topic(each["topic"], _compiled(each["patterns"], words), _compiled(each["unless"], words))
        for each in content["topics"]
    )
    letters = re.compile(f"[{content['letters']}]")
    return _Terms(letters, _compiled(content["harmless"], words), tuple(topics))


def _compiled(patterns: list[str], words: dict[str, str]) -> re.Pattern[str]:
    """One pattern for any of several, each from the start of a word to the end of one."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_filled(pattern, words) for pattern in patterns)})\b")


def _filled(pattern: str, words: dict[str, str]) -> str:
    """A pattern, folded as texts are, with the lists that it names in their places."""
    return re.sub("<([a-z]+)>", lambda found: words[found[1]], _folded(pattern))
