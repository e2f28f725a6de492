"""Where a reminder stands: which of its moments have come, which is next, and whether it may speak now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rung.app.model import Ladder, PersonId
from rung.app.ports import Delivery, Plan, Reminder, Transaction
from rung.app.reminding.occasions import QuietHours, next_moment

__all__ = [
    "dealt_with",
    "due_of",
    "follow_plan",
    "has_subject",
    "is_paused_at",
    "moments_come",
    "quiet_hours",
    "reschedule_all",
    "rescheduled",
    "zone_for",
]

_PAUSED = "paused"
_A_MOMENT = timedelta(microseconds=1)


def zone_for(decided: str, reminder: Reminder) -> ZoneInfo:
    """The person's own zone, or else that of where the reminder was made."""
    return ZoneInfo(decided or reminder.zone)


def is_paused_at(paused_until: str, now: datetime, zone: ZoneInfo) -> bool:
    """True where everything is paused: until further notice, or until a day that has not come yet."""
    if paused_until in ("", _PAUSED):
        return paused_until == _PAUSED
    return now.astimezone(zone).date() < date.fromisoformat(paused_until)


def quiet_hours(quiet_from: str, quiet_to: str) -> QuietHours | None:
    """The quiet hours that were decided on; None where there are none."""
    if not quiet_from or not quiet_to:
        return None
    return QuietHours(time.fromisoformat(quiet_from), time.fromisoformat(quiet_to))


def moments_come(reminder: Reminder, now: datetime, zone: ZoneInfo) -> tuple[list[datetime], datetime | None]:
    """The moments that have come and may still be told, oldest first; and the next one of the rule."""
    come = [reminder.again_at] if reminder.again_at is not None and reminder.again_at <= now else []
    at, earliest = reminder.next_at, now - reminder.window
    if at is not None and at < earliest:
        at = next_moment(reminder.rule, earliest - _A_MOMENT, zone)
    while at is not None and at <= now:
        come.append(at)
        at = next_moment(reminder.rule, at, zone)
    return sorted(one for one in come if one >= earliest), at


def dealt_with(reminder: Reminder, now: datetime, zone: ZoneInfo) -> Reminder:
    """The reminder with nothing waiting: what has come is over, what comes is still to come."""
    _, upcoming = moments_come(reminder, now, zone)
    return replace(reminder, next_at=upcoming, again_at=None, waiting_since=None)


def rescheduled(reminder: Reminder, plan: Plan | None, now: datetime, zone: ZoneInfo) -> Reminder:
    """The reminder with the next moment of its rule, or of its plan, counted anew."""
    if reminder.about != "plan":
        return replace(reminder, next_at=next_moment(reminder.rule, now, zone))
    at = plan.at - reminder.before if plan and plan.at and plan.state == "planned" else None
    return replace(reminder, next_at=at if at is not None and at > now else None)


def due_of(reminder: Reminder, unsettled: Iterable[Delivery], now: datetime) -> datetime | None:
    """When there is next something to do about the reminder."""
    if not reminder.is_on:
        return None
    moments = [reminder.next_at, reminder.again_at, *(one.claimed_until or now for one in unsettled)]
    return min((moment for moment in moments if moment is not None), default=None)


def has_subject(reminder: Reminder, ladder: Ladder | None, plan: Plan | None) -> bool:
    """True while what it reminds of is still to be done: nothing put away, retired, done or dropped."""
    if ladder is None or ladder.archived_at is not None:
        return False
    if reminder.about == "plan" and (plan is None or plan.state != "planned"):
        return False
    if reminder.step is None:
        return True
    step = ladder.step(reminder.step)
    return step is not None and step.retired_at is None


def reschedule_all(tx: Transaction, person: PersonId, decided_zone: str, now: datetime) -> None:
    """Count all reminders of a person anew, after their time zone changed.

    What has come already stays as it is, and so does what was put off to a moment.
    """
    for reminder in tx.reminders.of(person):
        # A plan is a moment, whatever the clocks say.
        if reminder.about != "plan":
            _put_anew(tx, reminder, None, now, zone_for(decided_zone, reminder))


def follow_plan(tx: Transaction, plan: Plan, now: datetime) -> None:
    """Let the reminders of a plan move with it."""
    for reminder in tx.reminders.of(plan.person):
        if reminder.plan == plan.id:
            _put_anew(tx, reminder, plan, now, zone_for("", reminder))


def _put_anew(tx: Transaction, reminder: Reminder, plan: Plan | None, now: datetime, zone: ZoneInfo) -> None:
    if not reminder.is_on or (reminder.next_at is not None and reminder.next_at <= now):
        return
    after = rescheduled(reminder, plan, now, zone)
    if after != reminder:
        unsettled = tx.deliveries.unsettled(reminder.person, reminder.id)
        tx.reminders.put(replace(after, due_at=due_of(after, unsettled, now)))
