"""The library: domains to look through, and one of them to start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from rung.app.model import Ladder
from rung.content import Domain
from rung.web.views.conditions import condition_words
from rung.words import _

__all__ = ["DomainView", "LibraryView", "domain_view", "library_view"]


@dataclass(frozen=True, slots=True)
class DomainLine:
    """One domain in the list."""

    title: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class LibraryView:
    """The list, or what was found in it."""

    text: str
    """What was searched for."""
    ladder: str
    """Id of the ladder that steps are wanted for; empty = none."""
    ladder_name: str
    lines: tuple[DomainLine, ...]
    title: str
    nothing: str
    """Said where nothing comes near; everything is listed then."""


@dataclass(frozen=True, slots=True)
class DomainStepView:
    """One step of a domain."""

    name: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainView:
    """One domain."""

    id: str
    language: str
    """Of the words below: the original's where the domain is not translated."""
    title: str
    about: str
    note: str
    steps: tuple[DomainStepView, ...]
    """Easiest first."""
    harder: tuple[str, ...]
    obstacles: tuple[str, ...]
    text: str
    """The steps line by line, to edit."""
    rows: int
    ladder_name: str
    """The ladder that steps are wanted for; empty = none."""
    take_href: str
    library_href: str


def library_view(
    text: str, found: Sequence[Domain], everything: Sequence[Domain], ladder: Ladder | None
) -> LibraryView:
    """What was found, or everything by title where nothing was looked for."""
    query = {"ladder": ladder.id} if ladder else {}
    is_found = bool(text.strip() and found)
    return LibraryView(
        text=text,
        ladder=ladder.id if ladder else "",
        ladder_name=ladder.name if ladder else "",
        lines=tuple(
            DomainLine(one.title, one.about, _href(f"/library/{one.id}", query))
            for one in (found if is_found else everything)
        ),
        title=_("What comes near, nearest first") if is_found else _("Everything in the library"),
        nothing=_("Nothing in the library comes near this. Your own words and your own steps do as well.")
        if text.strip() and not found
        else "",
    )


def domain_view(domain: Domain, ladder: Ladder | None) -> DomainView:
    """Everything that the page of one domain shows."""
    return DomainView(
        id=domain.id,
        language=domain.language,
        title=domain.title,
        about=domain.about,
        note=domain.note,
        steps=tuple(DomainStepView(step.name, condition_words(step.conditions)) for step in domain.steps),
        harder=domain.harder,
        obstacles=domain.obstacles,
        # A list mark shows where a step begins when it runs over its line.
        text="\n".join(f"- {step.name}" for step in domain.steps),
        rows=2 * len(domain.steps),
        ladder_name=ladder.name if ladder else "",
        take_href=_href(f"/ladders/{ladder.id}/steps", {"take": domain.id}) if ladder else "",
        library_href=_href("/library", {"ladder": ladder.id} if ladder else {}),
    )


def _href(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
