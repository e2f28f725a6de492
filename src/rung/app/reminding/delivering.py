"""The worker: sends what is due, each message once as the person sees it.

A message is a row (reminder, moment, way). A worker claims it in one transaction, which also asks whether it
is still wanted; sends it; and notes in another what became of it. Where the worker dies in between, the claim
runs out and the message is sent again under the same identity, so that it takes the place of the first one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from rung.app.accounts.preferences import Preferences, preferences_in
from rung.app.model import Ladder, PersonId
from rung.app.ports import (
    Delivery,
    DueReminder,
    Letter,
    Outcome,
    Plan,
    Reminder,
    ReminderId,
    Sent,
    Services,
    Subscription,
    Transaction,
)
from rung.app.reminding.clock_jumps import BACK, WEEK, count_anew
from rung.app.reminding.messages import letter_of
from rung.app.reminding.scheduling import (
    due_of,
    has_subject,
    is_paused_at,
    moments_come,
    quiet_hours,
    rescheduled,
    zone_for,
)
from rung.errors import RungError

__all__ = ["CLAIM", "LONGEST_SLEEP", "Stop", "deliver_due", "deliver_until"]

_log = logging.getLogger("rung.reminders")

CLAIM = timedelta(minutes=2)
"""How long a worker may take over one message; longer than any sender waits."""
LONGEST_SLEEP = timedelta(seconds=30)
_SHORTEST_SLEEP = 0.2
_AT_ONCE = 50
"""Reminders that one round looks at."""
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_KEPT = timedelta(days=30)
"""How long it stays known what became of a message."""
_SET_ASIDE = timedelta(hours=1)
"""For how long a reminder that cannot be read is left alone."""


class Stop(Protocol):
    """Tells a worker to end; `threading.Event` is one."""

    def is_set(self) -> bool:
        """True once it should end."""

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until it should end, or until the seconds are over."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message that this worker alone sends."""

    delivery: Delivery
    window: timedelta
    letter: Letter
    email: str
    subscription: Subscription | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """Everything that decides about one reminder at one moment."""

    now: datetime
    decided: Preferences
    zone: ZoneInfo
    ladder: Ladder | None
    plan: Plan | None
    subscriptions: dict[str, Subscription]
    """By the channel that they are."""

    @property
    def quiet_until(self) -> datetime | None:
        hours = quiet_hours(self.decided.quiet_from, self.decided.quiet_to)
        return hours.end_after(self.now, self.zone) if hours else None

    def is_wanted(self, reminder: Reminder) -> bool:
        """True where anything of this reminder may be sent at all."""
        is_paused = is_paused_at(self.decided.paused_until, self.now, self.zone)
        return reminder.is_on and not is_paused and has_subject(reminder, self.ladder, self.plan)


def deliver_until(services: Services, stop: Stop) -> None:
    """Send what is due, whenever it is, until told to stop."""
    before, beyond = datetime.min.replace(tzinfo=UTC), WEEK
    while not stop.is_set():
        wait = LONGEST_SLEEP
        try:
            now = services.clock.now()
            if beyond == WEEK or now < before - BACK:
                count_anew(services, beyond)
            before, beyond = now, timedelta()
            due_at = deliver_due(services, stop)
            if due_at is not None:
                wait = min(wait, due_at - services.clock.now())
        except RungError as error:
            _log.error("Reminders wait: %s", error)
        except Exception:
            # Whatever it is, a worker that has ended would remind of nothing any more.
            _log.exception("Reminders wait")
        stop.wait(max(wait.total_seconds(), _SHORTEST_SLEEP))


def deliver_due(services: Services, stop: Stop | None = None) -> datetime | None:
    """Send what is due now; when there is next something to do, as far as is known."""
    with services.store.reading() as tx:
        soonest = tx.reminders.soonest(_AT_ONCE)
    now = services.clock.now()
    due = [one for one in soonest if one.due_at <= now]
    for one in due:
        if stop is not None and stop.is_set():
            break
        _deliver(services, one)
    later = [one.due_at for one in soonest if one.due_at > now]
    return now if due else min(later, default=None)


def _deliver(services: Services, due: DueReminder) -> None:
    try:
        while (claimed := _claim(services, due.person, due.id)) is not None:
            _settle(services, claimed, _send(services, claimed))
    except RungError as error:
        _log.error("A reminder is set aside for an hour: %s", error)
        _set_aside(services, due)
    except Exception:
        # It comes first in every round: as long as it raises, nobody else would be reminded.
        _log.exception("A reminder is set aside for an hour")
        _set_aside(services, due)


def _set_aside(services: Services, due: DueReminder) -> None:
    with services.store.writing(due.person) as tx:
        tx.reminders.postpone(due.person, due.id, services.clock.now() + _SET_ASIDE)


def _claim(services: Services, person: PersonId, reminder_id: ReminderId) -> _Claimed | None:
    """Take the next message of a reminder; None where there is nothing to be sent now."""
    with services.store.writing(person) as tx:
        now, reminder = services.clock.now(), tx.reminders.get(person, reminder_id)
        if reminder is None or reminder.due_at is None or reminder.due_at > now:
            return None
        standing = _standing(services, tx, reminder, now)
        reminder = _opened(tx, reminder, standing)
        taken = None
        for delivery in tx.deliveries.unsettled(person, reminder_id):
            if delivery.claimed_until is not None and delivery.claimed_until > now:
                continue
            held = _held(delivery, reminder, standing)
            if held is not None:
                tx.deliveries.settle(delivery, *held)
            elif taken is None and tx.deliveries.claim(delivery, now, now + CLAIM):
                taken = replace(delivery, state="sending", tries=delivery.tries + 1)
        unsettled = tx.deliveries.unsettled(person, reminder_id)
        tx.reminders.put(replace(reminder, due_at=due_of(reminder, unsettled, now)))
        return _claimed(services, taken, reminder, standing) if taken else None


def _standing(services: Services, tx: Transaction, reminder: Reminder, now: datetime) -> _Standing:
    person, decided = reminder.person, preferences_in(tx, reminder.person)
    found = tx.subscriptions.of(person) if services.senders.push else []
    return _Standing(
        now=now,
        decided=decided,
        zone=zone_for(decided.zone, reminder),
        ladder=tx.ladders.get(person, reminder.ladder),
        plan=tx.plans.get(person, reminder.plan) if reminder.plan else None,
        subscriptions={f"push:{one.id}": one for one in found},
    )


def _opened(tx: Transaction, reminder: Reminder, standing: _Standing) -> Reminder:
    """Make the messages of the moment that has come; where several have, of the last one alone."""
    now = standing.now
    reminder = _following_plan(reminder, standing)
    passed = [one for one in (reminder.next_at, reminder.again_at) if one is not None and one <= now]
    if not passed:
        return reminder
    come, upcoming = moments_come(reminder, now, standing.zone)
    again = reminder.again_at if reminder.again_at is not None and reminder.again_at > now else None
    opened = replace(reminder, next_at=upcoming, again_at=again, waiting_since=max([*passed, *come]))
    tx.deliveries.forget_before(reminder.person, reminder.id, now - _KEPT)
    if come and standing.is_wanted(reminder):
        channels = [*standing.subscriptions, *(["email"] if standing.decided.email else [])]
        tx.deliveries.add(
            [Delivery(reminder.person, reminder.id, max(come), channel) for channel in channels]
        )
    return opened


def _following_plan(reminder: Reminder, standing: _Standing) -> Reminder:
    plan = standing.plan
    if plan is None or plan.at is None or plan.at - reminder.before == reminder.next_at:
        return reminder
    return rescheduled(reminder, plan, standing.now, standing.zone) if reminder.next_at else reminder


def _held(
    delivery: Delivery, reminder: Reminder, standing: _Standing
) -> tuple[str, datetime] | tuple[str, datetime, datetime] | None:
    """What to note instead of sending a message: that it expired, or waits; None where it may be sent."""
    now, ends = standing.now, delivery.due_at + reminder.window
    has_way = delivery.channel in standing.subscriptions or (
        delivery.channel == "email" and bool(standing.decided.email)
    )
    if now > ends or not has_way or not standing.is_wanted(reminder):
        return "expired", now
    quiet_until = standing.quiet_until
    if quiet_until is None:
        return None
    return ("waiting", now, quiet_until) if quiet_until <= ends else ("expired", now)


def _claimed(services: Services, taken: Delivery, reminder: Reminder, standing: _Standing) -> _Claimed | None:
    if standing.ladder is None:
        return None
    letter = letter_of(
        reminder,
        standing.ladder,
        taken.due_at,
        taken.channel,
        services.senders.address,
        standing.decided.language or reminder.language,
        standing.now,
    )
    subscription = standing.subscriptions.get(taken.channel)
    return _Claimed(taken, reminder.window, letter, standing.decided.email, subscription)


def _send(services: Services, claimed: _Claimed) -> Sent:
    senders = services.senders
    try:
        if claimed.subscription is not None and senders.push is not None:
            return senders.push.send(claimed.letter, claimed.subscription)
        if claimed.subscription is None and senders.mail is not None:
            return senders.mail.send(claimed.letter, claimed.email)
    except Exception:
        _log.exception("A message could not be made")
    return Sent(Outcome.REFUSED)


def _settle(services: Services, claimed: _Claimed, sent: Sent) -> None:
    """Note what became of a message; one that may still get through is tried again, ever more slowly."""
    delivery, person = claimed.delivery, claimed.delivery.person
    with services.store.writing(person) as tx:
        now = services.clock.now()
        if sent.outcome is Outcome.LATER:
            again = now + max(min(_FIRST_WAIT * 2 ** (delivery.tries - 1), _LONGEST_WAIT), sent.wait)
            if again <= delivery.due_at + claimed.window:
                tx.deliveries.settle(delivery, "waiting", now, again)
            else:
                tx.deliveries.settle(delivery, "expired", now)
        else:
            tx.deliveries.settle(delivery, "sent" if sent.outcome is Outcome.SENT else "failed", now)
        if sent.outcome is Outcome.GONE and claimed.subscription is not None:
            tx.subscriptions.remove(person, claimed.subscription.id)
        reminder = tx.reminders.get(person, delivery.reminder)
        if reminder is not None:
            unsettled = tx.deliveries.unsettled(person, reminder.id)
            tx.reminders.put(replace(reminder, due_at=due_of(reminder, unsettled, now)))
