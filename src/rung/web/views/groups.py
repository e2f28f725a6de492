"""What a group's lead reads: how many there are, and the weeks as they were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rung.app.ports import Group, GroupWeek
from rung.app.sharing.groups import LEAST, GroupSeen
from rung.web.views.sharing import OfferView, offer_views
from rung.words import _, day_and_month, ngettext, number

__all__ = ["GroupView", "WeekView", "group_view", "groups_view"]


@dataclass(frozen=True, slots=True)
class WeekView:
    """One week: its days, and what is said of it."""

    days: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group."""

    id: str
    name: str
    members: str
    weeks: tuple[WeekView, ...]
    offers: tuple[OfferView, ...]


def groups_view(found: Sequence[tuple[Group, int]]) -> tuple[tuple[str, str, str], ...]:
    """Groups: where they are, their names, and how many people are in them."""
    return tuple((f"/groups/{group.id}", group.name, _members(members)) for group, members in found)


def group_view(seen: GroupSeen) -> GroupView:
    """The whole page."""
    return GroupView(
        id=seen.group.id,
        name=seen.group.name,
        members=_members(seen.members),
        weeks=tuple(_week(week) for week in seen.weeks),
        offers=offer_views(seen.offers),
    )


def _members(count: int) -> str:
    if count < LEAST:
        return _("Fewer than five people")
    return ngettext("%(count)s person", "%(count)s people", count)


def _week(week: GroupWeek) -> WeekView:
    # Days of the calendar, told as such by any clock.
    begin = datetime.fromisoformat(week.begins).replace(hour=12, tzinfo=UTC)
    days = _("%(begin)s to %(end)s", begin=day_and_month(begin), end=day_and_month(begin + timedelta(days=6)))
    if week.active is None:
        return WeekView(days, (_("Fewer than five people were active: nothing is told."),))
    low, high = number(week.active), number(week.active + LEAST - 1)
    lines = [_("%(low)s to %(high)s people were active", low=low, high=high)]
    if week.tries is not None:
        lines.append(_("About %(tries)s tries each", tries=number(week.tries)))
    if week.worked is not None:
        lines.append(_("About %(share)s in 10 tries worked", share=number(round(10 * week.worked))))
    if week.change is not None:
        lines.append(_changed(week.change))
    return WeekView(days, tuple(lines))


def _changed(points: int) -> str:
    if points == 0:
        return _("They are about as sure as before")
    if points > 0:
        return _("They are about %(points)s points of 100 more sure than before", points=number(points))
    return _("They are about %(points)s points of 100 less sure than before", points=number(-points))
