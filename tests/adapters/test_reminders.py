"""The tables of reminders keep what they are given, on both databases, and nothing of it in plain words."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import reminders, subscriptions
from rung.app.model import LadderId, PersonId, StepId
from rung.app.ports import Delivery, Feed, Reminder, ReminderId, Services, Subscription
from rung.app.reminding.occasions import Rule
from rung.errors import SealBroken

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


def reminder(person: PersonId, **more: object) -> Reminder:
    made = Reminder(
        id=ReminderId(str(uuid4())),
        person=person,
        about="step",
        ladder=LadderId(str(uuid4())),
        step=StepId(str(uuid4())),
        plan="",
        rule=Rule((time(8), time(18, 30)), days=(0, 4)),
        zone="Europe/Berlin",
        language="de",
        created_at=NOW,
        next_at=NOW + timedelta(hours=1),
        due_at=NOW + timedelta(hours=1),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def test_a_reminder_comes_back_as_it_was_put(services: Services, ana: PersonId) -> None:
    for one in (
        reminder(ana),
        reminder(ana, rule=Rule((time(7, 5),), day=date(2026, 12, 24)), step=None, about="judge"),
        reminder(
            ana,
            about="plan",
            plan=str(uuid4()),
            rule=Rule(()),
            before=timedelta(minutes=30),
            window=timedelta(minutes=30),
            is_on=False,
            names=True,
            again_at=NOW,
            waiting_since=NOW,
            next_at=None,
            due_at=None,
        ),
    ):
        with services.store.writing(ana) as tx:
            tx.reminders.put(one)
        changed = replace(one, language="ar")
        with services.store.writing(ana) as tx:
            assert tx.reminders.get(ana, one.id) == one
            tx.reminders.put(changed)
        with services.store.reading() as tx:
            assert tx.reminders.get(ana, one.id) == changed


def test_reminders_of_others_are_not_read(services: Services, ana: PersonId, ben: PersonId) -> None:
    one = reminder(ana)
    with services.store.writing(ana) as tx:
        tx.reminders.put(one)
        tx.reminders.put(replace(one, person=ben, language="es"))
    with services.store.reading() as tx:
        assert tx.reminders.of(ana) == [one]
        assert tx.reminders.of(ben) == [replace(one, person=ben, language="es")]


def test_what_is_due_soonest_comes_first_and_what_is_never_due_not_at_all(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    for number, person in enumerate((ana, ben, ana)):
        with services.store.writing(person) as tx:
            tx.reminders.put(reminder(person, due_at=NOW - timedelta(hours=number)))
            tx.reminders.put(reminder(person, due_at=None))
    with services.store.reading() as tx:
        assert [one.due_at for one in tx.reminders.soonest(2)] == [
            NOW - timedelta(hours=2),
            NOW - timedelta(hours=1),
        ]
        assert len(tx.reminders.soonest(9)) == 3


def test_a_message_is_claimed_by_one(services: Services, ana: PersonId) -> None:
    one = reminder(ana)
    message = Delivery(ana, one.id, NOW, "email")
    until = NOW + timedelta(seconds=60)
    with services.store.writing(ana) as tx:
        tx.reminders.put(one)
        tx.deliveries.add([message, message])
        assert tx.deliveries.claim(message, NOW, until)
        assert not tx.deliveries.claim(message, NOW, until)
        assert not tx.deliveries.claim(message, until - timedelta(microseconds=1), until)
        # Put in once more it is not free again.
        tx.deliveries.add([message])
        assert not tx.deliveries.claim(message, NOW, until)
        assert tx.deliveries.claim(message, until, until + timedelta(seconds=60))
        assert [(m.state, m.tries) for m in tx.deliveries.unsettled(ana, one.id)] == [("sending", 2)]


def test_only_who_claimed_it_last_says_what_became_of_it(services: Services, ana: PersonId) -> None:
    one = reminder(ana)
    message = Delivery(ana, one.id, NOW, "email")
    with services.store.writing(ana) as tx:
        tx.reminders.put(one)
        tx.deliveries.add([message])
        tx.deliveries.claim(message, NOW, NOW)
        tx.deliveries.claim(message, NOW, NOW + timedelta(minutes=1))
        tx.deliveries.settle(replace(message, tries=1), "failed", NOW)
        assert len(tx.deliveries.unsettled(ana, one.id)) == 1
        tx.deliveries.settle(replace(message, tries=2), "sent", NOW)
        assert tx.deliveries.unsettled(ana, one.id) == []
        tx.deliveries.settle(replace(message, tries=2), "waiting", NOW, NOW)
        assert tx.deliveries.unsettled(ana, one.id) == []
        tx.deliveries.forget_before(ana, one.id, NOW + timedelta(days=1))
        tx.deliveries.add([message])
        assert len(tx.deliveries.unsettled(ana, one.id)) == 1


def test_with_a_reminder_its_messages_go(services: Services, ana: PersonId) -> None:
    one = reminder(ana)
    with services.store.writing(ana) as tx:
        tx.reminders.put(one)
        tx.deliveries.add([Delivery(ana, one.id, NOW, "email")])
        tx.reminders.remove(ana, one.id)
        assert tx.deliveries.unsettled(ana, one.id) == []
        assert tx.reminders.get(ana, one.id) is None


def test_subscriptions_and_feeds_come_back(services: Services, ana: PersonId, ben: PersonId) -> None:
    one = Subscription(str(uuid4()), ana, "https://push.example/1", "p", "a", "k", "Firefox", NOW)
    feed = Feed(ana, b"x" * 32, NOW)
    with services.store.writing(ana) as tx:
        tx.subscriptions.put(one)
        tx.subscriptions.put(replace(one, agent="Chrome"))
        tx.feeds.put(replace(feed, token_hash=b"y" * 32))
        tx.feeds.put(feed)
    with services.store.writing(ana) as tx:
        assert tx.subscriptions.of(ana) == [replace(one, agent="Chrome")]
        assert tx.subscriptions.of(ben) == []
        assert (tx.feeds.get(ana), tx.feeds.get(ben)) == (feed, None)
        assert (tx.feeds.find(b"x" * 32), tx.feeds.find(b"y" * 32)) == (feed, None)
        tx.subscriptions.remove(ben, one.id)
        assert len(tx.subscriptions.of(ana)) == 1
        tx.subscriptions.remove(ana, one.id)
        tx.feeds.remove(ana)
        assert (tx.subscriptions.of(ana), tx.feeds.get(ana)) == ([], None)


def test_what_is_written_is_sealed_and_bound_to_its_row(services: Services, ana: PersonId) -> None:
    one, other = reminder(ana), reminder(ana)
    browser = Subscription(str(uuid4()), ana, "https://push.example/1", "p", "a", "k", "Firefox", NOW)
    with services.store.writing(ana) as tx:
        tx.reminders.put(one)
        tx.reminders.put(other)
        tx.subscriptions.put(browser)
    store = services.store
    assert isinstance(store, DatabaseStore)
    with store.engine.begin() as connection:
        for column in (reminders.c.content, subscriptions.c.content):
            for content in connection.scalars(select(column)):
                assert b"Berlin" not in content
                assert b"push.example" not in content
        content = connection.scalar(select(reminders.c.content).where(reminders.c.id == one.id))
        connection.execute(reminders.update().where(reminders.c.id == other.id).values(content=content))
    with services.store.reading() as tx, pytest.raises(SealBroken):
        tx.reminders.get(ana, other.id)
