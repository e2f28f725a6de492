"""When something comes round: local rules, time zones and quiet hours, as plain arithmetic.

A rule is in local time. Where a clock is put forward, an hour that does not exist comes at the first moment
after the gap; where it is put back, an hour that comes twice comes once, the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rung.errors import InvalidInput
from rung.words import _

__all__ = [
    "EVENING",
    "MOST_TIMES",
    "QuietHours",
    "Rule",
    "checked_rule",
    "moment_of",
    "moments_after",
    "next_moment",
]

MOST_TIMES = 8
"""Times of a day that one rule may have."""
EVENING = time(19)
"""When "this evening" is."""
_LATEST_YEAR = 2200
_A_WEEK_AND_SOME = 9
"""Days to look through for the next time of a weekly rule: a week, and a day of the calendar at each end."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Once on a day, or each week on these weekdays; at these times of the day."""

    times: tuple[time, ...]
    days: tuple[int, ...] = ()
    """Weekdays, 0 = Monday; empty where it is once."""
    day: date | None = None
    """The one day; None where it is each week."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of each day in which nothing is sent; it may span midnight, and is empty where both are one."""

    begin: time
    end: time

    def end_after(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When they end, where the moment is within them; else None."""
        local = at.astimezone(zone)
        clock = local.time()
        if self.begin <= self.end:
            days = 0 if self.begin <= clock < self.end else None
        elif clock >= self.begin:
            days = 1
        else:
            days = 0 if clock < self.end else None
        if days is None:
            return None
        return _first_after(at, local.date() + timedelta(days=days), self.end, zone)


def checked_rule(rule: Rule) -> Rule:
    """The rule in order and without repetition; `InvalidInput` says what is missing."""
    if not rule.times:
        raise InvalidInput(_("Say at what time, such as 18:30"))
    if len(set(rule.times)) > MOST_TIMES:
        raise InvalidInput(
            _("That is more than %(most)s times a day: make a second reminder", most=MOST_TIMES)
        )
    if rule.day is None and not rule.days:
        raise InvalidInput(_("Choose at least one day of the week, or a date"))
    if any(day not in range(7) for day in rule.days):
        raise InvalidInput(_("This is no day of the week: choose one of those shown"))
    if rule.day is not None and not 2000 < rule.day.year < _LATEST_YEAR:
        raise InvalidInput(_("This date is too far away: choose a nearer one"))
    times = sorted({one.replace(second=0, microsecond=0, tzinfo=None) for one in rule.times})
    return replace(rule, times=tuple(times), days=() if rule.day else tuple(sorted(set(rule.days))))


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a clock in the zone shows this on this day.

    >>> moment_of(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    local = datetime.combine(day, clock, tzinfo=zone)
    first = local.replace(fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return first
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), first, zone)


def next_moment(rule: Rule, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment of the rule later than this one; None where there is none."""
    days = [rule.day] if rule.day is not None else list(_days_of_week(rule, after, zone))
    found = (moment_of(day, clock, zone) for day in days for clock in rule.times)
    return min((moment for moment in found if moment > after), default=None)


def moments_after(rule: Rule, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """All moments of the rule later than this one, each later than the one before."""
    while (found := next_moment(rule, after, zone)) is not None:
        yield found
        after = found


def _days_of_week(rule: Rule, after: datetime, zone: ZoneInfo) -> Iterator[date]:
    start = after.astimezone(zone).date() - timedelta(days=1)
    for number in range(_A_WEEK_AND_SOME + 1):
        day = start + timedelta(days=number)
        if day.weekday() in rule.days:
            yield day


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock was put forward, between a moment before it and one not before it."""
    new = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == new:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def _first_after(at: datetime, day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the clock next shows this time; the second time round where the first is over already."""
    found = moment_of(day, clock, zone)
    return found if found > at else datetime.combine(day, clock, zone).replace(fold=1).astimezone(UTC)
