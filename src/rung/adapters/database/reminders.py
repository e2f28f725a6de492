"""Reminders, what was sent of them, browsers that take web push, and addresses of calendars, in tables.

A worker finds what is due by `reminders.due_at` alone: it is the next moment of the rule, or the moment at
which a claim of one of its messages runs out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from rung.adapters.database.schema import deliveries, feeds, reminders, subscriptions
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import LadderId, PersonId, StepId
from rung.app.ports import (
    Delivery,
    DueReminder,
    Feed,
    Reminder,
    ReminderId,
    Subscription,
    Vault,
)
from rung.app.reminding.occasions import Rule

__all__ = ["DeliveriesTable", "FeedsTable", "RemindersTable", "SubscriptionsTable"]

_REMINDER = "reminders.content"
_SUBSCRIPTION = "subscriptions.content"
_OPEN = ("waiting", "sending")


class RemindersTable:
    """Reminders of people."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Reminder]:
        """All reminders of the person, oldest first."""
        found = [self._reminder(row) for row in self._rows(reminders.c.person == person)]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def get(self, person: PersonId, reminder_id: ReminderId) -> Reminder | None:
        """One reminder of the person."""
        found = self._rows(_is_reminder(person, reminder_id))
        return self._reminder(found[0]) if found else None

    def put(self, reminder: Reminder) -> None:
        """Store the reminder as it is now."""
        text = json.dumps(_reminder_content(reminder), ensure_ascii=False)
        values = {
            "due_at": reminder.due_at,
            "content": sealed(self._vault, text, _REMINDER, reminder.person, reminder.id),
        }
        key = _is_reminder(reminder.person, reminder.id)
        if self._connection.execute(update(reminders).where(key).values(values)).rowcount == 0:
            self._connection.execute(
                insert(reminders).values(person=reminder.person, id=reminder.id, **values)
            )

    def remove(self, person: PersonId, reminder_id: ReminderId) -> None:
        """Delete the reminder; the foreign key deletes what was sent of it."""
        self._connection.execute(delete(reminders).where(_is_reminder(person, reminder_id)))

    def postpone(self, person: PersonId, reminder_id: ReminderId, until: datetime) -> None:
        """Look at the reminder later, without reading it."""
        key = _is_reminder(person, reminder_id)
        self._connection.execute(update(reminders).where(key).values(due_at=until))

    def soonest(self, most: int) -> list[DueReminder]:
        """Of all people, the reminders with something to do first."""
        query = (
            select(reminders.c.person, reminders.c.id, reminders.c.due_at)
            .where(reminders.c.due_at.is_not(None))
            .order_by(reminders.c.due_at)
            .limit(most)
        )
        return [DueReminder(row.person, row.id, row.due_at) for row in self._connection.execute(query)]

    def _rows(self, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
        return self._connection.execute(select(reminders).where(which)).all()

    def _reminder(self, row: Row[Any]) -> Reminder:
        read = json.loads(opened(self._vault, row.content, _REMINDER, row.person, row.id))
        return replace(_reminder_of(row.person, row.id, read), due_at=row.due_at)


class DeliveriesTable:
    """What is to be sent, and what was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unsettled(self, person: PersonId, reminder_id: ReminderId) -> list[Delivery]:
        """What is waiting or being sent, oldest first."""
        query = (
            select(deliveries)
            .where(_of_reminder(person, reminder_id), deliveries.c.state.in_(_OPEN))
            .order_by(deliveries.c.due_at, deliveries.c.channel)
        )
        return [_delivery(row) for row in self._connection.execute(query)]

    def add(self, new: Sequence[Delivery]) -> None:
        """Store new ones; those that are there already stay as they are."""
        for one in new:
            if self._connection.execute(select(deliveries.c.state).where(_is_delivery(one))).first() is None:
                self._connection.execute(
                    insert(deliveries).values(
                        person=one.person,
                        reminder=one.reminder,
                        due_at=one.due_at,
                        channel=one.channel,
                        state=one.state,
                        tries=one.tries,
                        claimed_until=one.claimed_until,
                    )
                )

    def claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Take it for sending, until a moment; False where somebody else was faster."""
        is_free = deliveries.c.claimed_until.is_(None) | (deliveries.c.claimed_until <= now)
        change = (
            update(deliveries)
            .where(_is_delivery(delivery), deliveries.c.state.in_(_OPEN), is_free)
            .values(state="sending", tries=deliveries.c.tries + 1, claimed_until=until)
        )
        return self._connection.execute(change).rowcount == 1

    def settle(
        self, delivery: Delivery, state: str, at: datetime, claimed_until: datetime | None = None
    ) -> None:
        """Say what became of it, unless somebody else has taken it over."""
        change = (
            update(deliveries)
            .where(
                _is_delivery(delivery),
                deliveries.c.state.in_(_OPEN),
                deliveries.c.tries == delivery.tries,
            )
            .values(state=state, claimed_until=claimed_until, done_at=None if state in _OPEN else at)
        )
        self._connection.execute(change)

    def forget_before(self, person: PersonId, reminder_id: ReminderId, moment: datetime) -> None:
        """Drop what is older and settled."""
        self._connection.execute(
            delete(deliveries).where(
                _of_reminder(person, reminder_id),
                deliveries.c.due_at < moment,
                deliveries.c.state.not_in(_OPEN),
            )
        )


class SubscriptionsTable:
    """Browsers that take web push."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Subscription]:
        """Those of the person, oldest first."""
        query = (
            select(subscriptions)
            .where(subscriptions.c.person == person)
            .order_by(subscriptions.c.created_at, subscriptions.c.id)
        )
        return [self._subscription(row) for row in self._connection.execute(query)]

    def put(self, subscription: Subscription) -> None:
        """Store it as it is now; nobody else has this browser any longer."""
        content = {
            "endpoint": subscription.endpoint,
            "p256dh": subscription.p256dh,
            "auth": subscription.auth,
            "server_key": subscription.server_key,
            "agent": subscription.agent,
        }
        text = json.dumps(content, ensure_ascii=False)
        self._connection.execute(delete(subscriptions).where(subscriptions.c.id == subscription.id))
        self._connection.execute(
            insert(subscriptions).values(
                person=subscription.person,
                id=subscription.id,
                content=sealed(self._vault, text, _SUBSCRIPTION, subscription.person, subscription.id),
                created_at=subscription.created_at,
            )
        )

    def remove(self, person: PersonId, subscription_id: str) -> None:
        """Forget it."""
        self._connection.execute(
            delete(subscriptions).where(
                subscriptions.c.person == person, subscriptions.c.id == subscription_id
            )
        )

    def _subscription(self, row: Row[Any]) -> Subscription:
        read = json.loads(opened(self._vault, row.content, _SUBSCRIPTION, row.person, row.id))
        return Subscription(id=row.id, person=row.person, created_at=row.created_at, **read)


class FeedsTable:
    """Secret addresses of calendars."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: PersonId) -> Feed | None:
        """That of the person."""
        return self._feed(feeds.c.person == person)

    def find(self, token_hash: bytes) -> Feed | None:
        """Whose address it is."""
        return self._feed(feeds.c.token_hash == token_hash)

    def put(self, feed: Feed) -> None:
        """Store it in the place of the one before."""
        self.remove(feed.person)
        self._connection.execute(
            insert(feeds).values(person=feed.person, token_hash=feed.token_hash, created_at=feed.created_at)
        )

    def remove(self, person: PersonId) -> None:
        """Forget it: the address leads nowhere."""
        self._connection.execute(delete(feeds).where(feeds.c.person == person))

    def _feed(self, which: ColumnElement[bool]) -> Feed | None:
        row = self._connection.execute(select(feeds).where(which)).one_or_none()
        return None if row is None else Feed(row.person, bytes(row.token_hash), row.created_at)


def _is_reminder(person: str, reminder_id: str) -> ColumnElement[bool]:
    return (reminders.c.person == person) & (reminders.c.id == reminder_id)


def _of_reminder(person: str, reminder_id: str) -> ColumnElement[bool]:
    return (deliveries.c.person == person) & (deliveries.c.reminder == reminder_id)


def _is_delivery(one: Delivery) -> ColumnElement[bool]:
    return (
        _of_reminder(one.person, one.reminder)
        & (deliveries.c.due_at == one.due_at)
        & (deliveries.c.channel == one.channel)
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row.person, row.reminder, row.due_at, row.channel, row.state, row.tries, row.claimed_until
    )


def _reminder_content(one: Reminder) -> dict[str, object]:
    return {
        "about": one.about,
        "ladder": one.ladder,
        "step": one.step,
        "plan": one.plan,
        "times": [clock.isoformat("minutes") for clock in one.rule.times],
        "days": list(one.rule.days),
        "day": one.rule.day.isoformat() if one.rule.day else None,
        "zone": one.zone,
        "language": one.language,
        "created_at": _written(one.created_at),
        "names": one.names,
        "window": one.window.total_seconds(),
        "before": one.before.total_seconds(),
        "is_on": one.is_on,
        "next_at": _written(one.next_at),
        "again_at": _written(one.again_at),
        "waiting_since": _written(one.waiting_since),
    }


def _reminder_of(person: str, reminder_id: str, read: dict[str, Any]) -> Reminder:
    rule = Rule(
        times=tuple(time.fromisoformat(clock) for clock in read["times"]),
        days=tuple(read["days"]),
        day=date.fromisoformat(read["day"]) if read["day"] else None,
    )
    return Reminder(
        id=ReminderId(reminder_id),
        person=PersonId(person),
        about=read["about"],
        ladder=LadderId(read["ladder"]),
        step=StepId(read["step"]) if read["step"] else None,
        plan=read["plan"],
        rule=rule,
        zone=read["zone"],
        language=read["language"],
        created_at=datetime.fromisoformat(read["created_at"]),
        names=read["names"],
        window=timedelta(seconds=read["window"]),
        before=timedelta(seconds=read["before"]),
        is_on=read["is_on"],
        next_at=_moment(read["next_at"]),
        again_at=_moment(read["again_at"]),
        waiting_since=_moment(read["waiting_since"]),
    )


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
