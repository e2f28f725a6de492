"""The library of domains: graded steps, obstacles, plans, people who managed, questions to look back with.

One file a domain, in `<language>/<id>.json` beside this one. English is the original and has them all. Where
a language has no file of its own for a domain, its readers get the English one; `Domain.language` says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = [
    "CONDITIONS",
    "ORIGINAL",
    "Domain",
    "DomainStep",
    "IfThen",
    "Questions",
    "Story",
    "domain",
    "domains",
    "languages",
    "nearest_language",
    "story",
]

ORIGINAL = "en"
"""The language that every domain is written in first."""

CONDITIONS = ("alone", "help", "notes", "watched", "pressure", "interrupted", "unfamiliar", "bad-day")
"""What a step can be done under: on one's own, with help, with notes or a plan in hand, watched by others,
where it counts or time is short, with an interruption, in a place or with people one does not know, on a day
with little strength."""


@dataclass(frozen=True, slots=True)
class DomainStep:
    """One step of a domain, and the conditions it is done under."""

    name: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IfThen:
    """A plan for one situation: if it arises, then this is what I do."""

    situation: str
    response: str


@dataclass(frozen=True, slots=True)
class Story:
    """A coping model: an invented person who struggled first, and managed a step."""

    id: str
    domain: str
    """Id of the domain it belongs to."""
    who: str
    text: str
    """Paragraphs are parted by an empty line."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask when looking back: after it worked, did not work this time, or was let pass."""

    worked: tuple[str, ...]
    not_yet: tuple[str, ...]
    let_pass: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """One kind of goal, offered to whoever names such a goal, and theirs to edit."""

    id: str
    language: str
    """Of the words below: the language asked for, or the original where it is not translated."""
    title: str
    version: str
    licence: str
    about: str
    """One sentence: what it is, and for whom."""
    sayings: tuple[str, ...]
    """How people name such a goal."""
    keywords: tuple[str, ...]
    steps: tuple[DomainStep, ...]
    """Easiest first; the last is the goal."""
    harder: tuple[str, ...]
    """What makes a step harder: along these it can be split or varied."""
    obstacles: tuple[str, ...]
    if_then: tuple[IfThen, ...]
    stories: tuple[Story, ...]
    questions: Questions
    note: str
    """What to mind before the first step; empty = nothing."""


def domains(language: str = ORIGINAL) -> tuple[Domain, ...]:
    """Every domain by title, in a language where it is translated and in the original where it is not."""
    return _sorted(nearest_language(language))


def domain(id: str, language: str = ORIGINAL) -> Domain | None:
    """The domain of an id, or None where there is none.

    >>> domain("first-5-km").title
    'Run my first 5 km'
    """
    return _by_id(nearest_language(language)).get(id)


def story(id: str, language: str = ORIGINAL) -> Story | None:
    """The story of an id, or None where there is none."""
    return _stories(nearest_language(language)).get(id)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a domain of their own, the original first."""
    folders = [each.name for each in files(__name__).iterdir() if each.is_dir()]
    return (ORIGINAL, *sorted(name for name in folders if name.isalpha() and name != ORIGINAL))


def nearest_language(tag: str) -> str:
    """The language of the library for a language tag: de for de-AT, the original for one it lacks."""
    name = tag.replace("_", "-").partition("-")[0].casefold()
    return name if name in languages() else ORIGINAL


@cache
def _sorted(language: str) -> tuple[Domain, ...]:
    return tuple(sorted(_by_id(language).values(), key=lambda each: each.title.casefold()))


@cache
def _by_id(language: str) -> dict[str, Domain]:
    """Every domain of a language by its id: the original ones, with the translated ones in their place."""
    own = _read(language)
    return own if language == ORIGINAL else {**_by_id(ORIGINAL), **own}


@cache
def _stories(language: str) -> dict[str, Story]:
    return {each.id: each for one in _by_id(language).values() for each in one.stories}


def _read(language: str) -> dict[str, Domain]:
    """The domains that have a file in the folder of a language."""
    folder = files(__name__) / language
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".json")]
    return {one.id: one for one in (_domain(json.loads(text), language) for text in texts)}


def _domain(content: dict[str, Any], language: str) -> Domain:
    asked = content["questions"]
    return Domain(
        id=content["id"],
        language=language,
        title=content["title"],
        version=content["version"],
        licence=content["licence"],
        about=content["about"],
        sayings=tuple(content["sayings"]),
        keywords=tuple(content["keywords"]),
        steps=tuple(DomainStep(step["name"], tuple(step["conditions"])) for step in content["steps"]),
        harder=tuple(content["harder"]),
        obstacles=tuple(content["obstacles"]),
        if_then=tuple(IfThen(plan["if"], plan["then"]) for plan in content["if_then"]),
        stories=tuple(
            Story(each["id"], content["id"], each["who"], each["text"]) for each in content["stories"]
        ),
        questions=Questions(tuple(asked["worked"]), tuple(asked["not-yet"]), tuple(asked["let-pass"])),
        note=content["note"],
    )
