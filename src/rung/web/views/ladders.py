"""All ladders of a person: in use, and put away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import Ladder, LadderId
from rung.app.outlook import Today
from rung.web import charts
from rung.web.views.notices import Notice
from rung.web.views.standing import firm_words, states
from rung.words import _, day

__all__ = ["LaddersView", "ladders_notice", "ladders_view"]


@dataclass(frozen=True, slots=True)
class InUse:
    """One ladder in use."""

    name: str
    href: str
    image: Markup
    firm: str
    last: str
    """The last thing that happened on it."""


@dataclass(frozen=True, slots=True)
class PutAway:
    """One ladder that is put away."""

    name: str
    href: str
    since: str


@dataclass(frozen=True, slots=True)
class LaddersView:
    """The whole page."""

    in_use: tuple[InUse, ...]
    """The one that something happened on last comes first."""
    put_away: tuple[PutAway, ...]


def ladders_view(all_today: Sequence[Today], all_ladders: Sequence[Ladder]) -> LaddersView:
    """Everything that the page shows."""
    archived = [ladder for ladder in all_ladders if ladder.archived_at is not None]
    return LaddersView(
        in_use=tuple(_in_use(today) for today in sorted(all_today, key=_last_moment, reverse=True)),
        put_away=tuple(_put_away(ladder) for ladder in reversed(archived)),
    )


def ladders_notice(all_ladders: Sequence[Ladder], away: LadderId | None) -> Notice | None:
    """What the page says first after a ladder was put away, with the way back."""
    for ladder in all_ladders:
        if ladder.id == away and ladder.archived_at is not None:
            words = _("“%(ladder)s” is put away. All of it is still here.", ladder=ladder.name)
            return Notice(words, undo=f"/ladders/{ladder.id}/restore", undo_words=_("Take it up again"))
    return None


def _in_use(today: Today) -> InUse:
    return InUse(
        name=today.ladder.name,
        href=f"/ladders/{today.ladder.id}",
        image=charts.small_ladder(states(today)),
        firm=firm_words(today),
        last=_last(today),
    )


def _put_away(ladder: Ladder) -> PutAway:
    since = _("Since %(day)s", day=day(ladder.archived_at)) if ladder.archived_at else ""
    return PutAway(ladder.name, f"/ladders/{ladder.id}", since)


def _last_moment(today: Today) -> float:
    deeds = [deed.at for outlook in today.steps for deed in outlook.deeds]
    said = [outlook.judged_at for outlook in today.steps if outlook.judged_at]
    return max([*deeds, *said, today.ladder.created_at]).timestamp()


def _last(today: Today) -> str:
    deeds = [(deed.at, deed, outlook.step) for outlook in today.steps for deed in outlook.deeds]
    if deeds:
        at, deed, step = max(deeds, key=lambda one: one[0])
        return _("%(day)s: %(step)s (%(did)s)", day=day(at), step=step.name, did=sentences.did(deed.did))
    said = [outlook.judged_at for outlook in today.steps if outlook.judged_at]
    if said:
        return _("%(day)s: you said how sure you are", day=day(max(said)))
    return _("Made on %(day)s", day=day(today.ladder.created_at))
