"""Reminders as a person decides on them, and somebody who knows all ids of another person at every door."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from tests.app.reminding.stage import (
    BERLIN,
    EVERY_DAY,
    ONCE,
    NotingMail,
    NotingPush,
    a_ladder,
    again,
    by_mail,
    reminded,
    sending,
)
from tests.databases import SetClock

from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.model import Ladder, LadderId, PersonId, StepId
from rung.app.ports import Plan, Reminder, ReminderId, Services
from rung.app.reminding import channels, reminder_overview, reminders
from rung.app.reminding.occasions import Rule
from rung.errors import InvalidInput, NotFound

COMES = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


def test_what_has_come_waits_a_day_until_it_is_done(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    one = reminded(services, ana, a_ladder(services, ana), ONCE)
    clock.moment = COMES + timedelta(days=1)
    (waiting,) = reminders.due_now(services, ana)
    assert (waiting.reminder.id, waiting.since) == (one.id, COMES + timedelta(days=1))
    assert waiting.step
    assert waiting.step.name == "say one thing"
    clock.move(hours=25)
    assert reminders.due_now(services, ana) == []
    clock.move(hours=-5)
    reminders.reminder_done(services, ana, one.id)
    assert reminders.due_now(services, ana) == []


@pytest.mark.parametrize(
    "hour, until, expected",
    [
        (17, "hour", "18:30"),
        (17, "evening", "19:00"),
        (20, "evening", "21:30"),
        (17, "tomorrow", "17:00"),
    ],
)
def test_it_can_be_put_off(
    services: Services, ana: PersonId, clock: SetClock, hour: int, until: str, expected: str
) -> None:
    rule = Rule((time(17),), days=tuple(range(7)))
    one = reminded(services, ana, a_ladder(services, ana), rule)
    clock.moment = datetime(2026, 11, 23, hour - 1, 30, tzinfo=UTC)
    at = reminders.put_off(services, ana, one.id, until).again_at
    assert at
    assert f"{at + timedelta(hours=1):%H:%M}" == expected


def test_several_reminders_may_be_of_one_step(services: Services, ana: PersonId) -> None:
    ladder = a_ladder(services, ana)
    for _ in range(3):
        reminded(services, ana, ladder)
    with services.store.reading() as tx:
        assert len(tx.reminders.of(ana)) == 3


def test_sent_again_under_its_id_it_is_made_once(services: Services, ana: PersonId) -> None:
    ladder, given = a_ladder(services, ana), str(uuid4())
    first = reminded(services, ana, ladder, reminder_id=given)
    second = reminded(services, ana, ladder, reminder_id=given.upper())
    assert first == second


def test_what_is_put_away_is_not_reminded_of(services: Services, ana: PersonId) -> None:
    ladder = a_ladder(services, ana)
    ladders.archive_ladder(services, ana, ladder.id)
    with pytest.raises(InvalidInput):
        reminded(services, ana, ladder)


def test_more_than_the_most_are_refused(services: Services, ana: PersonId) -> None:
    ladder = a_ladder(services, ana)
    for _ in range(reminders.MOST_REMINDERS):
        reminded(services, ana, ladder)
    with pytest.raises(InvalidInput, match="delete one first"):
        reminded(services, ana, ladder)


def test_switched_on_again_it_counts_from_now(services: Services, ana: PersonId, clock: SetClock) -> None:
    one = reminded(services, ana, a_ladder(services, ana))
    assert reminders.switch_reminder(services, ana, one.id, False).due_at is None
    clock.move(days=10)
    assert reminders.switch_reminder(services, ana, one.id, True).due_at == COMES + timedelta(days=10)


def test_a_browser_with_a_new_owner_tells_nothing_to_the_old_one(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    sent = sending(services, NotingMail(), NotingPush())
    for person in (ana, ben):
        channels.subscribe(sent, person, endpoint="https://push.example/shared", p256dh="p", auth="a")
    with services.store.reading() as tx:
        assert tx.subscriptions.of(ana) == []
        assert len(tx.subscriptions.of(ben)) == 1


def test_another_persons_calendar_holds_nothing_of_mine(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    reminded(services, ana, a_ladder(services, ana))
    token = channels.make_feed(services, ben, names=True).token
    assert channels.calendar_of(services, token).entries == ()


def test_deleting_the_account_ends_everything(services: Services, ana: PersonId, ben: PersonId) -> None:
    sent = sending(services, NotingMail(), NotingPush())
    by_mail(sent, ana)
    reminded(sent, ana, a_ladder(sent, ana))
    token = channels.make_feed(sent, ana).token
    channels.subscribe(sent, ana, endpoint="https://push.example/1", p256dh="p", auth="a")
    with services.store.writing(ana) as tx:
        tx.people.remove(ana)
    with services.store.reading() as tx:
        assert (tx.reminders.soonest(9), tx.subscriptions.of(ana), tx.feeds.get(ana)) == ([], [], None)
    with pytest.raises(NotFound):
        channels.calendar_of(services, token)


@dataclass(frozen=True)
class Anas:
    """What Ben knows of Ana: every id."""

    services: Services
    ana: PersonId
    ben: PersonId
    ladder: Ladder
    reminder: Reminder
    subscription: str
    plan: str


@pytest.fixture
def anas(services: Services, ana: PersonId, ben: PersonId) -> Anas:
    sent = sending(services, NotingMail(), NotingPush())
    ladder = a_ladder(sent, ana)
    by_mail(sent, ana)
    plan = Plan(str(uuid4()), ana, ladder.id, ladder.steps[0].id, COMES, COMES)
    with services.store.writing(ana) as tx:
        tx.plans.put(plan)
    subscribed = channels.subscribe(sent, ana, endpoint="https://push.example/ana", p256dh="p", auth="a")
    return Anas(sent, ana, ben, ladder, reminded(sent, ana, ladder), subscribed.id, plan.id)


def make(a: Anas, about: str, ladder: LadderId, step: StepId | None) -> Reminder:
    return reminders.make_reminder(a.services, a.ben, about, ladder, step, EVERY_DAY, zone=BERLIN)


DOORS: dict[str, Callable[[Anas], object]] = {
    "reminders.make_reminder": lambda a: make(a, "step", a.ladder.id, a.ladder.steps[0].id),
    "reminders.make_reminder of the ladder": lambda a: make(a, "ladder", a.ladder.id, None),
    "reminders.make_reminder with its id": lambda a: reminders.make_reminder(
        a.services, a.ben, "ladder", a.ladder.id, None, EVERY_DAY, reminder_id=a.reminder.id
    ),
    "reminders.remind_of_plan": lambda a: reminders.remind_of_plan(a.services, a.ben, a.plan),
    "reminders.reminder_of": lambda a: reminders.reminder_of(a.services, a.ben, a.reminder.id),
    "reminders.put_off": lambda a: reminders.put_off(a.services, a.ben, a.reminder.id, "hour"),
    "reminders.reminder_done": lambda a: reminders.reminder_done(a.services, a.ben, a.reminder.id),
    "reminders.switch_reminder": lambda a: reminders.switch_reminder(a.services, a.ben, a.reminder.id, False),
    "reminders.remove_reminder": lambda a: reminders.remove_reminder(a.services, a.ben, a.reminder.id),
    "channels.try_way": lambda a: channels.try_way(a.services, a.ben, f"push:{a.subscription}"),
}
WITHOUT_IDS = {
    "reminders.due_now",
    "reminder_overview.overview",
    "channels.subscribe",
    "channels.make_feed",
    "channels.remove_feed",
    "channels.unsubscribe",
}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_reaches_what_is_somebody_elses(anas: Anas, door: str) -> None:
    with pytest.raises(NotFound, match=r"^There is no such (ladder|reminder|plan|way)$"):
        DOORS[door](anas)
    assert again(anas.services, anas.reminder) == anas.reminder


def test_every_use_case_is_on_one_of_the_two_lists() -> None:
    found = {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}"
        for module in (channels, reminder_overview, reminders)
        for name in module.__all__
        if inspect.isfunction(case := getattr(module, name)) and "actor" in inspect.signature(case).parameters
    }
    assert found == {door.partition(" ")[0] for door in DOORS} | WITHOUT_IDS


def test_what_names_only_its_actor_touches_nothing_of_others(anas: Anas) -> None:
    services, ben = anas.services, anas.ben
    channels.unsubscribe(services, ben, anas.subscription)
    channels.remove_feed(services, ben)
    assert reminders.due_now(services, ben) == []
    seen = reminder_overview.overview(services, ben)
    assert (seen.reminders, seen.subscriptions, seen.ladders, seen.plans) == ((), (), (), ())
    with services.store.reading() as tx:
        assert [one.id for one in tx.subscriptions.of(anas.ana)] == [anas.subscription]


@pytest.mark.parametrize("given", ["\0", "x\0", "\ud800", "x" * 100_000])
def test_what_no_database_takes_is_refused_before_it_gets_there(
    services: Services, ana: PersonId, given: str
) -> None:
    sent = sending(services, NotingMail(), NotingPush())
    for ask in (
        lambda: channels.unsubscribe(sent, ana, given),
        lambda: reminders.make_reminder(sent, ana, "ladder", LadderId(given), None, EVERY_DAY),
        lambda: reminders.remind_of_plan(sent, ana, given),
        lambda: channels.try_way(sent, ana, given),
    ):
        with pytest.raises((InvalidInput, NotFound)):
            ask()
    with pytest.raises(NotFound):
        channels.calendar_of(sent, given)


@pytest.mark.parametrize("given", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_is_none_is_refused(services: Services, ana: PersonId, given: str) -> None:
    with pytest.raises((NotFound, InvalidInput)):
        reminders.put_off(services, ana, ReminderId(given), "hour")


def test_a_way_is_tried_six_times_an_hour_whatever_others_try_meanwhile(
    services: Services, ana: PersonId, ben: PersonId, clock: SetClock
) -> None:
    mail = NotingMail()
    sent = sending(services, mail)
    by_mail(sent, ana)
    for _ in range(6):
        channels.try_way(sent, ana, "email")
    clock.move(minutes=50)
    people.sign_in(services, "Ben", "battery staple")
    with pytest.raises(InvalidInput, match="in an hour"):
        channels.try_way(sent, ana, "email")
    clock.move(minutes=11)
    channels.try_way(sent, ana, "email")
    assert len(mail.letters) == 7


def test_addresses_of_browsers_are_looked_up_sixty_times_an_hour(
    services: Services, ana: PersonId, ben: PersonId, clock: SetClock
) -> None:
    sent = sending(services, push=NotingPush())
    browser = {"endpoint": "https://push.example/one", "p256dh": "p", "auth": "a"}
    for _ in range(60):
        channels.subscribe(sent, ana, **browser)
    with pytest.raises(InvalidInput, match="in an hour"):
        channels.subscribe(sent, ana, **browser)
    assert channels.subscribe(sent, ben, **browser), "others are counted apart"
    clock.move(minutes=61)
    assert channels.subscribe(sent, ana, **browser)
