"""Whether an encouragement can carry: it says what was seen, and promises no more than the record supports.

Persuasion lifts a belief where it is specific and comes close to what the person finds when they try; an
assurance that the next try contradicts takes its source's credit along (Bandura 1997, chapter 3). Praise of
the person is therefore declined, and a chance far above the record is asked about once more: that one can be
confirmed, since a coach may know what the record does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rung.app.coaching.praise_words import PRAISE
from rung.app.coaching.seeing import SharedLadder
from rung.app.model import StepId
from rung.engine import Estimate

__all__ = ["FAR_ABOVE", "LEAST_WORDS", "Doubt", "Why", "doubt_of", "is_empty_praise", "promises"]

LEAST_WORDS = 4
"""Words that tell something, in what was seen (assumption)."""
_LEAST_LETTERS = 20
FAR_ABOVE = 0.2
"""How far above the upper end of what the record says a stated chance may lie (assumption)."""

Why = Literal["empty", "promise", "above"]

_WITHOUT_SPACES = "\u2e80"
"""From here on scripts put no space between words."""
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an encouragement would hardly carry."""

    why: Why
    record: Estimate | None = None
    """What the record says, where the chance lies far above it."""
    phrase: str = ""
    """The promise that was found."""

    @property
    def is_confirmable(self) -> bool:
        """Whether it can be sent all the same."""
        return self.why == "above"


def doubt_of(ladder: SharedLadder, step_id: StepId, seen: str, said: str, chance: float) -> Doubt | None:
    """What speaks against an encouragement; None where it can carry."""
    if found := promises(f"{said}\n{seen}"):
        return Doubt("promise", phrase=found)
    if is_empty_praise(seen):
        return Doubt("empty")
    record = _record(ladder, step_id)
    if record is not None and chance > record.high + FAR_ABOVE:
        return Doubt("above", record)
    return None


def is_empty_praise(text: str) -> bool:
    """True where a text tells hardly anything that somebody did.

    >>> is_empty_praise("You were great today, really amazing!")
    True
    >>> is_empty_praise("You stayed calm when he interrupted you, and finished the sentence.")
    False
    """
    words = {part for word in _words(text) for part in _parts(word) if len(word) > 1}
    return not all(_tells(words - empty) for empty in _empty_words())


def _tells(words: Collection[str]) -> bool:
    """Four words, or two that are as long: German makes one of what takes three elsewhere."""
    return len(words) >= LEAST_WORDS or (len(words) >= 2 and sum(map(len, words)) >= _LEAST_LETTERS)


def promises(text: str) -> str:
    """The first phrase that promises what nobody can know; empty where there is none.

    >>> promises("Just believe in yourself"), promises("You asked twice")
    ('believe in yourself', '')
    """
    folded = f" {' '.join(_words(text))} "
    return next((phrase for phrase in _promises() if f" {' '.join(_words(phrase))} " in folded), "")


def _record(ladder: SharedLadder, step_id: StepId) -> Estimate | None:
    """What is known of the step by what is shown: the chance that it works, or else how sure they are."""
    found = next((one for one in ladder.steps if one.step.id == step_id), None)
    known = (found.chance or found.belief) if found else None
    return None if known is None or known.missing else known


def _parts(word: str) -> Iterable[str]:
    """A word, or its letters where the script puts no space between words."""
    return word if word[0] >= _WITHOUT_SPACES else (word,)


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    """A text without case, accents and apostrophes; Arabic hamzas and final letters in one form."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub("['’]", "", kept).translate(_ARABIC)


_ARABIC = str.maketrans("ىةأإآ", "يهااا", "ـء")


@cache
def _empty_words() -> tuple[frozenset[str], ...]:
    """By language, each on its own: a word that is empty in one may tell something in another."""
    return tuple(frozenset(map(_folded, one.empty.split())) for one in PRAISE.values())


@cache
def _promises() -> tuple[str, ...]:
    return tuple(phrase for one in PRAISE.values() for phrase in one.promises)
