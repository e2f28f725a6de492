"""The four sources at a glance; and what all pages about them share: the choice of a ladder, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from markupsafe import Markup

from rung.app.model import Ladder, LadderId
from rung.app.sources import Balance, Given, Shelf, Source
from rung.web.charts_sources import share_bar
from rung.web.views.notices import Notice
from rung.words import _, later, ngettext

__all__ = ["Chooser", "Place", "SourcesView", "chooser", "notice_of", "sources_view", "steps_of", "tenths"]

Place = Literal["models", "encouragement", "body"]
"""Pages on which something is kept, and can be taken back."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """The ladders to choose from, and the one that the page is about."""

    ladders: tuple[tuple[str, str], ...]
    """Id and name of each."""
    chosen: str
    name: str
    query: str
    """What the address of another page of the same ladder ends in."""


@dataclass(frozen=True, slots=True)
class Card:
    """One source."""

    source: Source
    title: str
    about: str
    counts: str
    """Empty for somebody without a ladder."""
    bar: Markup | None
    share: str
    chip: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Todo:
    """The one thing to do."""

    title: str
    words: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class SourcesView:
    """The whole page."""

    chooser: Chooser
    todo: Todo | None
    balanced: str
    """What to say where none is thin; empty where one is."""
    cards: tuple[Card, ...]
    foot: str


TITLES: Mapping[Source, str] = {
    "mastery": later("What you did yourself"),
    "models": later("Whom you saw manage"),
    "encouragement": later("What somebody told you"),
    "body": later("What your body did"),
}

ABOUT: Mapping[Source, str] = {
    "mastery": later("Your own tries. The strongest of the four: what you have done counts most."),
    "models": later(
        "Somebody like you who manages it. Weaker than a try of your own; it counts more the more "
        "alike you feel, "
        "and if they struggled first."
    ),
    "encouragement": later(
        "Somebody you believe says that you can. It lifts at once, and fades within days unless a "
        "try follows."
    ),
    "body": later(
        "A fast heart, and how you read it: as “I can’t” it takes from belief, as “I’m ready” it gives. "
        "Either lasts for hours."
    ),
}

LABELS: Mapping[Source, str] = {
    "mastery": later("Open the mastery bank"),
    "models": later("People like you"),
    "encouragement": later("What was said, and what is left of it"),
    "body": later("The log of your body"),
}

THIN: Mapping[Source, str] = {
    "mastery": later("Thin at the moment: your own tries"),
    "models": later("Thin at the moment: people like you"),
    "encouragement": later("Thin at the moment: what others saw in you"),
    "body": later("Thin at the moment: what your body tells"),
}

TO_DO: Mapping[Source, str] = {
    "mastery": later("Nothing else moves belief as far. The next step waits on your ladder."),
    "models": later("Two people who struggled with the same thing tell how they went about it."),
    "encouragement": later(
        "Whoever saw you try something may have seen more than you did. Write down what they "
        "said, or ask them."
    ),
    "body": later("Note how strongly it is going now, and what you read in it: two taps."),
}

TO_DO_LABELS: Mapping[Source, str] = {
    "mastery": later("See the next step"),
    "models": later("Read about them"),
    "encouragement": later("Write down what somebody said"),
    "body": later("Note it now"),
}


def sources_view(balance: Balance) -> SourcesView:
    """Everything that the overview shows."""
    found = chooser(balance.shelf)
    return SourcesView(
        chooser=found,
        todo=_todo(balance, found),
        balanced=_("None of the four is thin at the moment.") if found.chosen and not balance.thin else "",
        cards=tuple(_card(given, found, balance.thin) for given in balance.given),
        foot=_foot(balance),
    )


def chooser(shelf: Shelf) -> Chooser:
    """The choice of a ladder."""
    chosen = shelf.chosen
    return Chooser(
        ladders=tuple((str(ladder.id), ladder.name) for ladder in shelf.ladders),
        chosen=chosen.id if chosen else "",
        name=chosen.name if chosen else "",
        query=f"?ladder={chosen.id}" if chosen else "",
    )


def steps_of(ladder: Ladder | None) -> tuple[tuple[str, str], ...]:
    """Id and name of the steps that something may be about, from the easiest up."""
    return tuple((str(step.id), step.name) for step in ladder.climbing) if ladder else ()


def notice_of(
    place: Place, ladder: LadderId | None, kept: UUID | None, taken: UUID | None, put: UUID | None
) -> Notice | None:
    """What a page says first after something was kept there, taken back or put back."""
    query = f"?ladder={ladder}" if ladder else ""
    if taken:
        undo = f"/sources/{place}/{taken}/put-back{query}"
        return Notice(_("Taken back. It counts no longer."), False, undo, _("Let it count after all"))
    event_id = kept or put
    if event_id is None:
        return None
    undo = f"/sources/{place}/{event_id}/take-back{query}"
    words = _("Kept. It counts from now on.") if kept else _("It counts again.")
    return Notice(words, undo=undo, undo_words=_("Take it back"))


def tenths(share: float) -> int:
    """A share in tenths, as it is told."""
    return round(10 * min(1.0, max(0.0, share)))


def _card(given: Given, found: Chooser, thin: Source | None) -> Card:
    source = given.source
    return Card(
        source=source,
        title=_(TITLES[source]),
        about=_(ABOUT[source]),
        counts=_counts(given) if found.chosen else "",
        bar=share_bar(given.share) if given.share is not None and given.events else None,
        share=_share(given) if found.chosen else "",
        chip=_("thin") if found.chosen and source == thin else "",
        href=f"/sources/{source}{found.query}",
        label=_(LABELS[source]),
    )


def _counts(given: Given) -> str:
    if not given.count:
        return _("Nothing in the last 90 days.")
    if given.source == "mastery":
        return ngettext(
            "%(count)s try in the last 90 days; %(worked)s worked.",
            "%(count)s tries in the last 90 days; %(worked)s worked.",
            given.count,
            worked=given.worked,
        )
    if given.source == "models":
        return ngettext(
            "%(count)s person in the last 90 days.", "%(count)s people in the last 90 days.", given.count
        )
    if given.source == "encouragement":
        return ngettext(
            "Somebody said something %(count)s time in the last 90 days.",
            "Somebody said something %(count)s times in the last 90 days.",
            given.count,
        )
    return ngettext(
        "Noted %(count)s time in the last 90 days, with a try or without.",
        "Noted %(count)s times in the last 90 days, with a try or without.",
        given.count,
    )


def _share(given: Given) -> str:
    if given.share is None:
        return _("Too early to say how much of your belief came from it.")
    if not given.events:
        if given.count:
            return _("You said it of tries alone; there its part cannot be told from theirs.")
        return _("There is nothing of it in your log yet.")
    many = tenths(given.share)
    if many == 0:
        return _("Your belief hardly rose right after it.")
    if many == 10:
        return _("Nearly all of the rise in your belief came right after it.")
    if given.source in ("encouragement", "body"):
        return _(
            "Of 10 points that your belief rose, about %(many)s came right after it. They pass again.",
            many=many,
        )
    return _("Of 10 points that your belief rose, about %(many)s came right after it.", many=many)


def _todo(balance: Balance, found: Chooser) -> Todo | None:
    if not found.chosen:
        return Todo(
            _("It begins with one thing that you doubt"),
            _("Name it, break it into steps, and each of the four sources has something to work on."),
            "/ladders/new",
            _("Name one thing"),
        )
    source = balance.thin
    if source is None:
        return None
    href = f"/ladders/{found.chosen}" if source == "mastery" else f"/sources/{source}{found.query}"
    return Todo(_(THIN[source]), _(TO_DO[source]), href, _(TO_DO_LABELS[source]))


def _foot(balance: Balance) -> str:
    if balance.shelf.chosen is None:
        return ""
    return _(
        "How this is worked out: Rung goes through your log from the first event on, and adds up "
        "how far belief rose "
        "with each. What rises when you say how sure you are is left out: that tells Rung what "
        "you knew already."
    )
