"""What a coach left, as the person reads it: a card each, with what taking it would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from rung import content
from rung.app.coaching.answering import FromOther
from rung.app.ports import Left
from rung.web.views.notices import Notice
from rung.web.views.sources_encouragement import BELIEVED
from rung.web.views.sources_models import ALIKE
from rung.words import _, day, later, ngettext, speech

__all__ = [
    "MOST_ON_TODAY",
    "CardsView",
    "CommentView",
    "LeftCard",
    "answered_notice",
    "cards",
    "comment_views",
]

MOST_ON_TODAY = 3

Options = tuple[tuple[str, str], ...]

_HEADS: Mapping[str, str] = {
    "step": later("proposes a step"),
    "split": later("proposes to split a step"),
    "bridge": later("proposes a step in between"),
    "homework": later("asks you to do this until next time"),
    "comment": later("wrote about a try of yours"),
    "praise": later("saw something"),
    "story": later("tells of somebody"),
}
_TAKES: Mapping[str, str] = {
    "step": later("Put it into the ladder"),
    "split": later("Split it like that"),
    "bridge": later("Put it in between"),
    "homework": later("Plan it"),
    "comment": later("I have read it"),
    "praise": later("Keep it"),
    "story": later("I have read it"),
}
_TAKEN: Mapping[str, str] = {
    "step": later("It is in the ladder."),
    "split": later("The step is split."),
    "bridge": later("It is in the ladder."),
    "homework": later("It is planned. Change day and place as you like."),
    "comment": later("It stays with the try."),
    "praise": later("It is kept among what others told you."),
    "story": later("It is kept where it is like you."),
}
_NOW: Mapping[str, str] = {
    "open": later("waits for you"),
    "taken": later("taken"),
    "declined": later("let go"),
}


@dataclass(frozen=True, slots=True)
class LeftCard:
    """One thing that was left."""

    id: str
    who: str
    head: str
    ladder: str
    ladder_href: str
    kind: str
    title: str
    """The step, or the try, that it is about; or the new one."""
    place: str
    """Where it would come, or until when it is to be done."""
    names: tuple[str, ...]
    text: str
    seen: str
    paragraphs: tuple[str, ...]
    chance: str
    take: str
    believed: Options
    alike: Options
    state: str
    facts: str
    href: str
    """Where the try is looked back on; empty where there is none."""


@dataclass(frozen=True, slots=True)
class CardsView:
    """Some cards, and how many more there are."""

    cards: tuple[LeftCard, ...]
    more: str


@dataclass(frozen=True, slots=True)
class CommentView:
    """What somebody said about a try."""

    who: str
    text: str
    day: str


def cards(found: Sequence[FromOther], most: int | None = None) -> CardsView:
    """The newest of them, as cards."""
    shown = found if most is None else found[:most]
    rest = len(found) - len(shown)
    more = ngettext("%(count)s more from others", "%(count)s more from others", rest) if rest else ""
    return CardsView(tuple(map(_card, shown)), more)


def comment_views(left: Sequence[Left]) -> tuple[CommentView, ...]:
    """What was said about one try."""
    return tuple(
        CommentView(str(one.content.get("who", "")), str(one.content.get("text", "")), day(one.made_at))
        for one in left
    )


def answered_notice(left: Left) -> Notice:
    """What the page says after something was taken or let go, with the way back."""
    words = _(_TAKEN[left.kind]) if left.state == "taken" else _("You let it go. That is fine.")
    return Notice(words, left.state == "taken", f"/from-others/{left.id}/undo", _("Undo"))


def _card(one: FromOther) -> LeftCard:
    left = one.left
    told = {name: str(value) for name, value in left.content.items()}
    names = left.content.get("names")
    story = content.story(told.get("story", ""), speech().language.code) if left.kind == "story" else None
    text = told.get("note") or told.get("text") or told.get("said") or ""
    paragraphs = (story.text if story else told.get("text", "")).split("\n\n") if left.kind == "story" else ()
    return LeftCard(
        id=left.id,
        who=told.get("who", "") or _("Somebody"),
        head=_(_HEADS[left.kind]),
        ladder=one.ladder.name,
        ladder_href=f"/ladders/{one.ladder.id}",
        kind=left.kind,
        title=told.get("name") or one.step() or (story.who if story else told.get("whom", "")),
        place=_place(one, told),
        names=tuple(str(name) for name in names) if isinstance(names, list) else (),
        text="" if left.kind == "story" else text,
        seen=told.get("seen", ""),
        paragraphs=tuple(paragraphs),
        chance=_chance(left),
        take=_(_TAKES[left.kind]),
        believed=tuple((key, _(words)) for key, (words, _share) in BELIEVED.items()),
        alike=tuple((key, _(words)) for key, (words, _share) in ALIKE.items()),
        state=left.state,
        facts=_("%(day)s: %(state)s", day=day(left.answered_at or left.made_at), state=_(_NOW[left.state])),
        href=f"/attempts/{told['attempt']}/reflect" if told.get("attempt") else "",
    )


def _place(one: FromOther, told: Mapping[str, str]) -> str:
    match one.left.kind:
        case "step":
            after = one.step("after")
            return _("After “%(step)s”", step=after) if after else _("As the easiest step")
        case "bridge":
            return _("Below “%(step)s”", step=one.step("above"))
        case "homework" if told.get("day"):
            return _("On %(day)s", day=_day(told["day"]))
        case "praise" if told.get("day"):
            return _("On %(day)s", day=_day(told["day"]))
    return ""


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text), "medium", locale=speech().locale)


def _chance(left: Left) -> str:
    chance = left.content.get("chance")
    if not isinstance(chance, float | int):
        return ""
    return _("They think that next time it works in %(many)s of 10 times.", many=round(10 * chance))
