"""When something comes round: in every time zone, across every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.app.reminding.occasions import (
    MOST_TIMES,
    QuietHours,
    Rule,
    checked_rule,
    moment_of,
    moments_after,
    next_moment,
)
from rung.errors import InvalidInput

BERLIN, NEW_YORK, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
days = st.dates(date(2001, 1, 1), date(2060, 12, 31))
moments = st.integers(978_307_200, 2_840_140_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
rules = st.builds(
    Rule,
    times=st.lists(clocks, min_size=1, max_size=4, unique=True).map(tuple),
    days=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
)


def shown(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def exists(day: date, clock: time, zone: ZoneInfo) -> bool:
    local = datetime.combine(day, clock, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


@given(rules, moments, zones)
@settings(max_examples=300)
def test_moments_only_grow_and_come_as_the_rule_asks(rule: Rule, after: datetime, zone: ZoneInfo) -> None:
    found = list(islice(moments_after(rule, after, zone), 10))
    assert all(earlier < later for earlier, later in pairwise([after, *found]))
    for at in found:
        local = at.astimezone(zone)
        is_asked = local.weekday() in rule.days and local.time() in rule.times
        before = (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        is_end_of_gap = local.replace(tzinfo=None) - before > timedelta(seconds=1)
        assert is_asked or is_end_of_gap
        # An hour that comes twice is told the first time.
        assert local.fold == 0 or is_end_of_gap


@given(days, clocks, zones)
@settings(max_examples=500)
def test_the_clock_shows_what_was_asked_or_the_first_moment_after_the_gap(
    day: date, clock: time, zone: ZoneInfo
) -> None:
    at = moment_of(day, clock, zone)
    wall = at.astimezone(zone).replace(tzinfo=None)
    if exists(day, clock, zone):
        assert wall == datetime.combine(day, clock)
    else:
        before = (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < datetime.combine(day, clock) < wall or before < wall == datetime.combine(day, clock)


@given(rules, moments, zones)
@settings(max_examples=100)
def test_no_moment_of_a_rule_is_left_out(rule: Rule, after: datetime, zone: ZoneInfo) -> None:
    found = set(islice(moments_after(rule, after, zone), 30))
    last, start = max(found), after.astimezone(zone).date()
    for number in range(8):
        day = start + timedelta(days=number)
        for clock in rule.times:
            at = moment_of(day, clock, zone)
            if day.weekday() in rule.days and after < at <= last:
                assert at in found


@pytest.mark.parametrize(
    "day, clock, zone, expected",
    [
        (date(2026, 3, 29), time(2, 30), BERLIN, "2026-03-29T01:00:00+00:00"),
        (date(2026, 3, 29), time(3), BERLIN, "2026-03-29T01:00:00+00:00"),
        (date(2026, 10, 25), time(2, 30), BERLIN, "2026-10-25T00:30:00+00:00"),
        (date(2026, 3, 8), time(2, 15), NEW_YORK, "2026-03-08T07:00:00+00:00"),
        (date(2026, 11, 1), time(1, 30), NEW_YORK, "2026-11-01T05:30:00+00:00"),
        (date(2011, 12, 30), time(12), APIA, "2011-12-30T10:00:00+00:00"),
        (date(2026, 10, 4), time(2, 10), LORD_HOWE, "2026-10-03T15:30:00+00:00"),
    ],
)
def test_changes_of_the_clocks(day: date, clock: time, zone: ZoneInfo, expected: str) -> None:
    assert moment_of(day, clock, zone).isoformat() == expected


def test_two_times_within_one_gap_come_as_one() -> None:
    rule = Rule((time(2, 15), time(2, 45)), days=(6,))
    found = list(islice(moments_after(rule, datetime(2026, 3, 28, tzinfo=UTC), BERLIN), 3))
    assert [shown(at, BERLIN) for at in found] == ["2026-03-29 03:00", "2026-04-05 02:15", "2026-04-05 02:45"]


def test_once_comes_once() -> None:
    rule = Rule((time(18, 30),), day=date(2026, 11, 24))
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    found = next_moment(rule, now, BERLIN)
    assert found is not None
    assert shown(found, BERLIN) == "2026-11-24 18:30"
    assert next_moment(rule, found, BERLIN) is None


@given(clocks, clocks, moments, zones)
@settings(max_examples=300)
def test_quiet_hours_end_at_their_end_and_not_before_now(
    begin: time, end: time, at: datetime, zone: ZoneInfo
) -> None:
    until = QuietHours(begin, end).end_after(at, zone)
    clock = at.astimezone(zone).time()
    spans = begin <= clock < end if begin <= end else clock >= begin or clock < end
    assert (until is not None) == spans
    if until is not None:
        assert at < until <= at + timedelta(hours=27) or zone == APIA
        if exists(until.astimezone(zone).date(), end, zone):
            assert until.astimezone(zone).time() == end


def test_quiet_hours_may_span_midnight() -> None:
    night = QuietHours(time(22), time(7))
    for hour, expected in [(21, None), (23, "2026-11-24 07:00"), (30, "2026-11-24 07:00"), (31, None)]:
        at = datetime(2026, 11, 23, tzinfo=BERLIN) + timedelta(hours=hour)
        until = night.end_after(at, BERLIN)
        assert (shown(until, BERLIN) if until else None) == expected


def test_a_rule_is_put_in_order() -> None:
    rule = checked_rule(Rule((time(18), time(8), time(18, 0, 30)), days=(4, 1, 4)))
    assert rule == Rule((time(8), time(18)), days=(1, 4))


@pytest.mark.parametrize(
    "rule",
    [
        Rule(()),
        Rule((time(8),)),
        Rule((), days=(1,)),
        Rule((time(8),), days=(7,)),
        Rule((time(8),), days=(-1,)),
        Rule((time(8),), day=date(9999, 12, 31)),
        Rule((time(8),), day=date(1, 1, 1)),
        Rule(tuple(time(hour) for hour in range(MOST_TIMES + 1)), days=(1,)),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(rule: Rule) -> None:
    with pytest.raises(InvalidInput):
        checked_rule(rule)
