"""Reminders in words: when they come next, what they are about, and on which ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names

from rung.app.accounts.preferences import PAUSED
from rung.app.model import Ladder, LadderId, StepId
from rung.app.ports import Reminder, Subscription
from rung.app.reminding.channels import FeedAddress
from rung.app.reminding.reminder_overview import Overview
from rung.app.reminding.reminders import PUT_OFF, WINDOWS
from rung.app.reminding.scheduling import is_paused_at, moments_come, zone_for
from rung.web.views.notices import Notice
from rung.words import (
    _,
    clock_time,
    date_and_time,
    day,
    later,
    listed,
    local,
    ngettext,
    speaking,
    speech,
    weekday,
)

__all__ = ["RemindersView", "reminders_view", "said", "subject"]

_SAID = {
    "made": later("Kept. Rung tells you then."),
    "later": later("Put off. It comes again then."),
    "done": later("Done with. It comes again at its next time."),
    "off": later("Switched off. Nothing of it comes until you switch it on."),
    "on": later("Switched on."),
    "deleted": later("Deleted. Nothing of it comes any more."),
    "quiet": later("Kept. In those hours Rung is quiet."),
    "paused": later("Everything is paused. Nothing is lost, and nothing counts against you."),
    "resumed": later("Reminders come again."),
    "email": later("Kept."),
    "taken-out": later("Taken out. Nothing goes there any more."),
    "calendar": later("Here is the address. Add it in your calendar as a subscription."),
    "calendar-off": later("Switched off. The old address leads nowhere."),
    "sent": later("Sent. It should be there within a minute."),
}
_SAID_BADLY = {
    "not-yet": later("It could not be sent just now. Try it once more in a few minutes."),
    "refused": later("It was refused. Look at the address, or add this browser once more."),
    "gone": later("That browser takes nothing any more, so Rung took it out. Add it once more there."),
}
_LATER = dict(
    zip(PUT_OFF, (later("In an hour"), later("This evening"), later("Tomorrow, same time")), strict=True)
)
_BEFORE = (
    (0, later("Remind me at its time")),
    (60, later("An hour before")),
    (24 * 60, later("The day before")),
)
_USUAL = "18:30"
_MOST_PLANS = 5
_FARTHEST = timedelta(days=1000)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class ReminderView:
    """One reminder of the list."""

    id: str
    href: str
    name: str
    over: str
    """The ladder that a step is on, or what is asked of the ladder."""
    next: str
    """The next time, in plain words; or why there is none."""
    rule: str
    """When it comes round; empty where that says nothing more."""
    is_on: bool
    is_waiting: bool
    """True where it has come and is not done with."""
    since: str
    names: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan that Rung can remind of."""

    id: str
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to be reminded of."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a ladder has to be reminded of."""

    ladder: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the week to tick."""

    value: str
    short: str
    name: str


@dataclass(frozen=True, slots=True)
class BrowserView:
    """One browser that takes web push."""

    id: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class RemindersView:
    """The page."""

    reminders: tuple[ReminderView, ...]
    plans: tuple[PlanView, ...]
    """What is planned, and not reminded of yet."""
    befores: tuple[tuple[str, str], ...]
    """How long before a plan it may come: minutes, and words."""
    how: str
    day: str
    time: str
    """What the form for a new one begins with."""
    subjects: tuple[Choices, ...]
    subject: str
    """What is chosen first."""
    days: tuple[DayView, ...]
    windows: tuple[tuple[str, str], ...]
    """How late it may come: minutes, and words."""
    put_off: tuple[tuple[str, str], ...]
    today: str
    zone: str
    is_zone_known: bool
    quiet_from: str
    quiet_to: str
    paused: str
    """Until when everything is paused, in words; empty where it is not."""
    email: str
    has_mail: bool
    push_key: str
    browsers: tuple[BrowserView, ...]
    known: str
    """The ids of the browsers, with spaces between them."""
    feed: FeedAddress | None
    feed_address: str


def reminders_view(seen: Overview, ladder: str = "", step: str = "", at: str = "") -> RemindersView:
    """Everything that the page shows; what the new reminder is of, and when, may be chosen beforehand."""
    subjects = tuple(_choices(one) for one in seen.ladders if one.archived_at is None and one.climbing)
    offered = [choice.value for group in subjects for choice in group.choices]
    wanted = (f"step/{ladder}/{step}", f"ladder/{ladder}")
    zone = seen.decided.zone or speech().zone
    with speaking(speech().language.code, zone):
        begins = _moment(at, seen.now)
        return RemindersView(
            plans=tuple(_plans(seen)),
            befores=tuple((str(minutes), _(words)) for minutes, words in _BEFORE),
            how="once" if begins else "weekly",
            day=f"{local(begins):%Y-%m-%d}" if begins else "",
            time=f"{local(begins):%H:%M}" if begins else _USUAL,
            reminders=tuple(_reminder(one, seen) for one in sorted(seen.reminders, key=_by_time)),
            subjects=subjects,
            subject=next((one for one in wanted if one in offered), offered[0] if offered else ""),
            days=_days(),
            windows=tuple((str(int(one.total_seconds() // 60)), _window(one.seconds)) for one in WINDOWS),
            put_off=tuple((key, _(words)) for key, words in _LATER.items()),
            today=local(seen.now).date().isoformat(),
            zone=zone,
            is_zone_known=bool(seen.decided.zone) or zone != "UTC",
            quiet_from=seen.decided.quiet_from,
            quiet_to=seen.decided.quiet_to,
            paused=_paused(seen),
            email=seen.decided.email,
            has_mail=seen.has_mail,
            push_key=seen.push_key,
            browsers=tuple(_browser(one) for one in seen.subscriptions),
            known=" ".join(one.id for one in seen.subscriptions),
            feed=seen.feed,
            feed_address=f"{seen.address}/calendar/{seen.feed.token}.ics" if seen.feed else "",
        )


def subject(value: str) -> tuple[str, LadderId, StepId | None] | None:
    """What a choice of the form stands for; None for anything else."""
    match value.split("/"):
        case ["step", ladder, step]:
            return "step", LadderId(ladder), StepId(step)
        case [("ladder" | "judge") as about, ladder]:
            return about, LadderId(ladder), None
    return None


def said(key: str) -> Notice | None:
    """What the page says first about what was just done; None for what is not known."""
    if key in _SAID_BADLY:
        return Notice(_(_SAID_BADLY[key]), good=False)
    return Notice(_(_SAID[key])) if key in _SAID else None


def _by_time(reminder: Reminder) -> tuple[bool, float, str]:
    moments = [one.timestamp() for one in (reminder.next_at, reminder.again_at) if one is not None]
    has_time = reminder.is_on and bool(moments)
    return not has_time, min(moments) if has_time else 0.0, reminder.id


def _choices(ladder: Ladder) -> Choices:
    return Choices(
        ladder.name,
        (
            Choice(f"ladder/{ladder.id}", _("Whatever is my next step then")),
            *(Choice(f"step/{ladder.id}/{step.id}", step.name) for step in ladder.climbing),
            Choice(f"judge/{ladder.id}", _("Say again how sure I am")),
        ),
    )


def _plans(seen: Overview) -> list[PlanView]:
    """The next plans with a time to come, of which no reminder is there yet."""
    reminded = {one.plan for one in seen.reminders}
    by_id = {ladder.id: ladder for ladder in seen.ladders}
    found = []
    for plan in seen.plans:
        ladder = by_id.get(plan.ladder)
        step = ladder.step(plan.step) if ladder and ladder.archived_at is None else None
        if step and plan.at is not None and plan.at > seen.now and plan.id not in reminded:
            found.append(PlanView(plan.id, step.name, _in_words(plan.at, seen.now)))
    return found[:_MOST_PLANS]


def _moment(text: str, now: datetime) -> datetime | None:
    """The moment that an address names, where it is still to come."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and now < at < now + _FARTHEST else None


def _days() -> tuple[DayView, ...]:
    locale = speech().locale
    short = get_day_names("abbreviated", "stand-alone", locale)
    full = get_day_names("wide", "stand-alone", locale)
    order = [(locale.first_week_day + number) % 7 for number in range(7)]
    return tuple(DayView(str(number), short[number], full[number]) for number in order)


def _window(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 60:
        return ngettext("%(count)s minute later at most", "%(count)s minutes later at most", minutes)
    return ngettext("%(count)s hour later at most", "%(count)s hours later at most", minutes // 60)


def _reminder(reminder: Reminder, seen: Overview) -> ReminderView:
    zone = zone_for(seen.decided.zone, reminder)
    ladder = next((one for one in seen.ladders if one.id == reminder.ladder), None)
    waiting = next((one for one in seen.waiting if one.reminder.id == reminder.id), None)
    with speaking(speech().language.code, zone.key):
        name, over = _named(reminder, ladder)
        return ReminderView(
            id=reminder.id,
            href=f"/ladders/{reminder.ladder}" if ladder else "",
            name=name,
            over=over,
            next=_next(reminder, seen, zone),
            rule=_rule(reminder),
            is_on=reminder.is_on,
            is_waiting=waiting is not None,
            since=_in_words(waiting.since, seen.now) if waiting else "",
            names=reminder.names,
        )


def _named(reminder: Reminder, ladder: Ladder | None) -> tuple[str, str]:
    if ladder is None:
        return _("Something that is gone"), ""
    step = ladder.step(reminder.step) if reminder.step else None
    if step is not None:
        return step.name, ladder.name
    if reminder.about == "judge":
        return ladder.name, _("Say again how sure I am")
    return ladder.name, _("Whatever is my next step then")


def _next(reminder: Reminder, seen: Overview, zone: ZoneInfo) -> str:
    _come, upcoming = moments_come(reminder, seen.now, zone)
    moments = [one for one in (upcoming, reminder.again_at) if one is not None and one > seen.now]
    if moments:
        return _in_words(min(moments), seen.now)
    return _("It does not come again")


def _in_words(at: datetime, now: datetime) -> str:
    """A moment as one says it: Today, 18:30; Tuesday, 18:30; Tue, 3 Nov, 18:30."""
    away = (local(at).date() - local(now).date()).days
    clock = clock_time(at)
    if away == 0:
        return _("Today, %(time)s", time=clock)
    if away == 1:
        return _("Tomorrow, %(time)s", time=clock)
    if 1 < away < 7:
        return _("%(weekday)s, %(time)s", weekday=weekday(at), time=clock)
    return date_and_time(at)


def _rule(reminder: Reminder) -> str:
    rule, locale = reminder.rule, speech().locale
    times = listed([format_time(_whole(clock), "short", locale=locale) for clock in rule.times])
    if len(rule.days) == 7:
        return _("Every day at %(times)s", times=times)
    if rule.days:
        names = get_day_names("abbreviated", "stand-alone", locale)
        order = sorted(rule.days, key=lambda one: (one - locale.first_week_day) % 7)
        return _(
            "Each week on %(days)s at %(times)s", days=listed([names[one] for one in order]), times=times
        )
    return _("With your plan") if reminder.about == "plan" else _("Once")


def _whole(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)


def _paused(seen: Overview) -> str:
    until = seen.decided.paused_until
    if not is_paused_at(until, seen.now, speech().clock):
        return ""
    if until == PAUSED:
        return _("Everything is paused until you say otherwise.")
    at = datetime.combine(datetime.fromisoformat(until), time(), speech().clock)
    return _("Everything is paused until %(day)s.", day=day(at))


def _browser(one: Subscription) -> BrowserView:
    browser = next((name for mark, name in _BROWSERS if mark in one.agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in one.agent), "")
    if browser and system:
        name = _("%(browser)s on %(system)s", browser=browser, system=system)
    else:
        name = browser or system or _("A browser")
    return BrowserView(one.id, name, _("since %(day)s", day=day(one.created_at)))
