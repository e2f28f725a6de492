"""Search in the library of domains, and the one domain to offer for a goal.

Search ranks by Okapi BM25 (Robertson & Zaragoza 2009, doi:10.1561/1500000019), as SQLite's FTS5 computes it
over the parts of a domain, each with its weight. English words are compared by their Porter stems, those of
other languages by how they begin. A word that stands nowhere is taken for a slip of the keyboard, and those
that look like it are searched for. Readers of a translation search it first, then the original.

An offer that nobody asked for must be right. A domain matches a goal where it shares two of the goal's words,
or all of them, one of which names it; where these make up enough of what the goal says, rare words counting
for more, and words that stand side by side in both; and where every other domain shares clearly less.
"""

from __future__ import annotations

import difflib
import math
import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from threading import Lock

from rung.content.domains import ORIGINAL, Domain, domain, domains, nearest_language
from rung.content.words import ending_of, words_of

__all__ = ["matching", "search"]

# How much each part of a domain weighs in a search stands in _RANK, in the order of the columns.
_CREATE = "CREATE VIRTUAL TABLE library USING fts5(title, about, sayings, keywords, steps, tokenize='{}')"
_INSERT = "INSERT INTO library VALUES (?, ?, ?, ?, ?)"
_RANK = "SELECT rowid, -bm25(library, 8, 3, 4, 6, 1.5) FROM library WHERE library MATCH ? ORDER BY 2 DESC"
_FIND = "SELECT rowid FROM library WHERE library MATCH ?"
_STEMS = {"en": "porter unicode61"}
_WORTH_SHOWING = 0.15
"""A domain is found where it scores at least this share of the best."""
_MOST_LETTERS = 2000
_MOST_WORDS = 32
"""Of a text that is searched for; what comes after is not read."""
_MOST_SLIPS = 6
"""Words of one search that are looked for among similar ones."""

# The numbers of an offer are set by hand, on the goals in tests/content/test_matching.py.
_ONLY_SAID = 0.6
"""What a shared word counts where it stands in a saying, and is neither a keyword nor in the title."""
_ONLY_DONE = 0.3
"""What it counts where it stands in a step alone, and names no other domain."""
_PAIR = 0.7
"""What two words count on top, where they stand side by side in a saying or the title too."""
_SHARE = 0.45
"""How much of a goal a domain must share to be offered."""
_LEAD = 1.6
"""How many times as much as any other it must share."""


def search(text: str, language: str = ORIGINAL, most: int = 5) -> tuple[Domain, ...]:
    """The domains that a text is about, best first; none where nothing fits.

    >>> [found.id for found in search("couch to 5k", most=1)]
    ['first-5-km']
    """
    found: dict[str, Domain] = {}
    for index in _indexes(language):
        for id in index.ranked(_read(text, index.language)):
            if id not in found and (one := domain(id, language)):
                found[id] = one
    return tuple(found.values())[: max(most, 0)]


def matching(goal: str, language: str = ORIGINAL) -> Domain | None:
    """The domain to offer for a goal, or None where none fits, or two do about equally.

    >>> matching("Ask my boss for a pay rise").id
    'difficult-conversation'
    >>> matching("talk") is None
    True
    """
    for index in _indexes(language):
        id = _clearest(index.shares(_read(goal, index.language)))
        if id:
            return domain(id, language)
    return None


def _clearest(shares: dict[str, float]) -> str | None:
    """The domain that shares enough of a goal, and clearly more than every other."""
    first, second, *_ = [*sorted(shares.values(), reverse=True), 0.0, 0.0]
    if first < _SHARE or first < _LEAD * second:
        return None
    return max(shares, key=lambda id: shares[id])


def _read(text: str, language: str) -> list[str]:
    """The first words of a text that carry its meaning, each once."""
    return list(dict.fromkeys(words_of(text[:_MOST_LETTERS], language)))[:_MOST_WORDS]


class _Index:
    """The domains that are written in one language, by their words. Threads take turns."""

    def __init__(self, language: str) -> None:
        self.language = language
        own = [each for each in domains(language) if each.language == language]
        rows = [_parts(each) for each in own]
        strong = {word for title, _, sayings, keywords, _ in rows for word in (title + sayings + keywords)}
        self._ids = [each.id for each in own]
        self._vocabulary = sorted(word for word in strong if len(word) > 3)
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(_CREATE.format(_STEMS.get(language, "unicode61")))
        self._connection.executemany(_INSERT, [[" ".join(words) for words in row] for row in rows])

    def ranked(self, words: Sequence[str]) -> list[str]:
        """The ids of the domains that have some of the words, best first."""
        with self._lock:
            known = self._corrected(words)
            if not known:
                return []
            terms = [*map(self._term, known), *map(self._pair, pairwise(known))]
            rows = self._connection.execute(_RANK, (" OR ".join(terms),)).fetchall()
        return [self._ids[row - 1] for row, score in rows if score >= _WORTH_SHOWING * rows[0][1]]

    def shares(self, words: Sequence[str]) -> dict[str, float]:
        """How much of a goal each domain shares, of those that share enough words with it."""
        total, sums = 0.0, dict.fromkeys(self._ids, 0.0)
        shared, by_name = dict.fromkeys(self._ids, 0), set[str]()
        with self._lock:
            for word in words:
                term = self._term(word)
                named = self._having(f"{{title keywords}} : {term}")
                said = self._having(f"{{title sayings}} : {term}")
                done = set() if named else self._having(f"steps : {term}")
                if len(words) == 1:
                    named, said, done = named & said, set(), set()
                by_name |= named
                rarity = self._rarity(named | said)
                total += rarity
                for id in named | said | done:
                    weight = 1.0 if id in named else _ONLY_SAID if id in said else _ONLY_DONE
                    sums[id] += weight * rarity
                    shared[id] += 1
            for pair in pairwise(words):
                having = self._having(f"{{title sayings}} : {self._pair(pair)}")
                for id in having:
                    sums[id] += _PAIR * self._rarity(having)
        needed = min(2, len(words))
        return {id: sums[id] / total for id in by_name if shared[id] >= needed}

    def _rarity(self, ids: set[str]) -> float:
        return math.log(1 + len(self._ids) / max(1, len(ids)))

    def _pair(self, words: tuple[str, str]) -> str:
        return f'"{words[0]} {words[1]}"'

    def _having(self, expression: str) -> set[str]:
        rows = self._connection.execute(_FIND, (expression,))
        return {self._ids[row - 1] for (row,) in rows}

    def _term(self, word: str) -> str:
        """A word as the index is asked for it. Words are letters and digits, so quotes keep it a word."""
        return f'"{word}"' if self.language == "en" else f'"{word[: len(word) - ending_of(word)]}"*'

    def _corrected(self, words: Sequence[str]) -> list[str]:
        """The words, with those that stand nowhere replaced by the ones that look like them."""
        corrected: list[str] = []
        slips = 0
        for word in words:
            if self._having(self._term(word)):
                corrected.append(word)
            elif len(word) > 3 and slips < _MOST_SLIPS:
                slips += 1
                corrected += self._alike(word)
        return corrected

    def _alike(self, word: str) -> list[str]:
        """Words that a slip turns into this one: of its letters in another order, or of most of them."""
        near = [each for each in self._vocabulary if abs(len(each) - len(word)) <= 2]
        turned = [each for each in near if each[0] == word[0] and sorted(each) == sorted(word)]
        return turned or difflib.get_close_matches(word, near, n=2, cutoff=0.8)


def _parts(one: Domain) -> list[tuple[str, ...]]:
    """The words of a domain, in the order of the columns."""
    steps = " ".join(step.name for step in one.steps)
    texts = (one.title, one.about, " ".join(one.sayings), " ".join(one.keywords), steps)
    return [words_of(text, one.language) for text in texts]


_BUILT: dict[str, _Index] = {}
_BUILDING = Lock()


def _indexes(language: str) -> list[_Index]:
    """What a reader of a language searches: its own domains, then the original ones. Built when needed."""
    names = dict.fromkeys((nearest_language(language), ORIGINAL))
    with _BUILDING:
        for name in names:
            if name not in _BUILT:
                _BUILT[name] = _Index(name)
    return [_BUILT[name] for name in names]
