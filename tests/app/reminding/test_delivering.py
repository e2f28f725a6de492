"""Sending what is due: once, in its window, to whom it is wanted by, and not a moment after it is not."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update
from tests.app.reminding.stage import (
    ADDRESS,
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
    unsettled,
)
from tests.databases import SetClock, counted

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import deliveries, reminders
from rung.app.accounts.preferences import PAUSED, set_preferences
from rung.app.climbing import ladders, plans
from rung.app.model import PersonId
from rung.app.ports import Letter, Outcome, Plan, Reminder, Sent, Services
from rung.app.reminding.channels import subscribe
from rung.app.reminding.delivering import CLAIM, deliver_due, deliver_until
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import (
    due_now,
    make_reminder,
    put_off,
    remind_of_plan,
    reminder_done,
    remove_reminder,
    switch_reminder,
)
from rung.errors import InvalidInput, StoreUnavailable

COMES = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
"""18:30 in Berlin on the day on which the tests begin."""


@pytest.fixture
def mail() -> NotingMail:
    return NotingMail()


@pytest.fixture
def push() -> NotingPush:
    return NotingPush()


@pytest.fixture
def sent(services: Services, mail: NotingMail, push: NotingPush) -> Services:
    """The services with senders that note."""
    return sending(services, mail, push)


@pytest.fixture
def daily(sent: Services, ana: PersonId) -> Reminder:
    """A reminder each day at 18:30 in Berlin, by e-mail."""
    by_mail(sent, ana)
    return reminded(sent, ana, a_ladder(sent, ana))


def states(services: Services) -> list[tuple[str, int]]:
    store = services.store
    assert isinstance(store, DatabaseStore)
    with store.engine.connect() as connection:
        rows = connection.execute(
            select(deliveries.c.state, deliveries.c.tries).order_by(deliveries.c.due_at)
        )
        return [(row.state, row.tries) for row in rows]


def test_nothing_comes_before_its_time_and_then_it_comes_once(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    assert deliver_due(sent) == COMES
    clock.moment = COMES - timedelta(seconds=1)
    deliver_due(sent)
    assert mail.letters == []
    clock.moment = COMES
    deliver_due(sent)
    deliver_due(sent)
    assert mail.to == [ADDRESS]
    assert states(sent) == [("sent", 1)]
    assert again(sent, daily).due_at == COMES + timedelta(days=1)


def test_a_message_tells_nothing_about_the_person_unless_asked(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    reminded(sent, ana, a_ladder(sent, ana), names=True)
    clock.moment = COMES
    deliver_due(sent)
    plain, named = sorted(mail.letters, key=lambda letter: letter.body != "You asked Rung to tell you now.")
    assert plain.title == named.title == "Time for your next step"
    assert "say" not in plain.body + plain.title + plain.link + plain.footer
    assert named.body == "say one thing"
    assert plain.link == "https://rung.example.org/"
    assert plain.identity != named.identity


def test_the_link_of_judging_again_leads_there(
    sent: Services, ana: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    by_mail(sent, ana)
    ladder = a_ladder(sent, ana)
    make_reminder(sent, ana, "judge", ladder.id, None, EVERY_DAY, zone=BERLIN)
    clock.moment = COMES
    deliver_due(sent)
    assert mail.letters[0].link == f"https://rung.example.org/ladders/{ladder.id}/judge"


def test_it_speaks_the_persons_language(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    set_preferences(sent, ana, language="ar")
    clock.moment = COMES
    deliver_due(sent)
    assert (mail.letters[0].language, mail.letters[0].direction) == ("ar", "rtl")


def test_what_nobody_could_send_in_its_window_expires(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    clock.moment = COMES + timedelta(hours=2, seconds=1)
    deliver_due(sent)
    assert mail.letters == []
    assert again(sent, daily).due_at == COMES + timedelta(days=1)
    # On the page it waits still.
    assert [one.since for one in due_now(sent, ana)] == [COMES]


def test_within_its_window_it_still_comes(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    clock.moment = COMES + timedelta(hours=2)
    deliver_due(sent)
    assert len(mail.letters) == 1


def test_after_a_long_night_what_came_meanwhile_comes_as_one(
    sent: Services, ana: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    by_mail(sent, ana)
    often = Rule((time(18), time(18, 10), time(18, 20), time(18, 30)), days=tuple(range(7)))
    reminded(sent, ana, a_ladder(sent, ana), often)
    clock.moment = COMES + timedelta(days=400)
    deliver_due(sent)
    assert len(mail.letters) == 1


def test_once_is_once(sent: Services, ana: PersonId, mail: NotingMail, clock: SetClock) -> None:
    by_mail(sent, ana)
    made = reminded(sent, ana, a_ladder(sent, ana), ONCE)
    clock.moment = COMES + timedelta(days=1)
    deliver_due(sent)
    assert len(mail.letters) == 1
    assert again(sent, made).due_at is None


def test_quiet_hours_let_it_wait_for_their_end(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    set_preferences(sent, ana, quiet_from="18:00", quiet_to="20:00")
    clock.moment = COMES
    deliver_due(sent)
    assert mail.letters == []
    assert again(sent, daily).due_at == COMES + timedelta(minutes=90)
    clock.move(minutes=90)
    deliver_due(sent)
    assert len(mail.letters) == 1


def test_quiet_hours_past_the_window_let_it_expire(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    set_preferences(sent, ana, quiet_from="18:00", quiet_to="07:00")
    clock.moment = COMES
    deliver_due(sent)
    assert states(sent) == [("expired", 0)]
    clock.move(hours=13)
    deliver_due(sent)
    assert mail.letters == []


@pytest.mark.parametrize("until", [PAUSED, "2026-11-25"])
def test_nothing_comes_while_everything_is_paused(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock, until: str
) -> None:
    set_preferences(sent, ana, paused_until=until)
    for days in (0, 1):
        clock.moment = COMES + timedelta(days=days)
        deliver_due(sent)
        assert due_now(sent, ana) == []
    assert mail.letters == []
    clock.moment = COMES + timedelta(days=2)
    deliver_due(sent)
    assert len(mail.letters) == (0 if until == PAUSED else 1)


UNWANTED: dict[str, Callable[[Services, Reminder], object]] = {
    "deleted": lambda s, r: remove_reminder(s, r.person, r.id),
    "switched off": lambda s, r: switch_reminder(s, r.person, r.id, False),
    "done": lambda s, r: reminder_done(s, r.person, r.id),
    "paused": lambda s, r: set_preferences(s, r.person, paused_until=PAUSED),
    "without e-mail": lambda s, r: set_preferences(s, r.person, email=""),
    "put away": lambda s, r: ladders.archive_ladder(s, r.person, r.ladder),
}


@pytest.mark.parametrize("why", UNWANTED)
@pytest.mark.parametrize("when", ["before", "while it waits to be tried again"])
def test_no_message_comes_after_it_is_unwanted_although_it_was_due(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock, why: str, when: str
) -> None:
    clock.moment = COMES
    if when == "before":
        UNWANTED[why](sent, daily)
    else:
        mail.does = lambda letter, to: Outcome.LATER
        deliver_due(sent)
        assert len(unsettled(sent, daily)) == 1
        UNWANTED[why](sent, daily)
    said = len(mail.letters)
    mail.does = lambda letter, to: Outcome.SENT
    for _ in range(20):
        clock.move(minutes=5)
        deliver_due(sent)
    assert len(mail.letters) == said


def test_what_does_not_get_through_is_tried_ever_more_slowly_until_its_window_ends(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    tried: list[datetime] = []

    def does(letter: Letter, to: str) -> Outcome:
        tried.append(clock.moment)
        return Outcome.LATER

    mail.does = does
    clock.moment = COMES
    while clock.moment < COMES + timedelta(hours=3):
        deliver_due(sent)
        clock.move(seconds=10)
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps == sorted(gaps)
    assert gaps[0] == timedelta(seconds=30)
    assert max(gaps) == timedelta(minutes=15)
    assert max(tried) <= COMES + timedelta(hours=2)
    assert states(sent) == [("expired", len(tried))]
    assert len({letter.identity for letter in mail.letters}) == 1


def test_a_service_that_asks_to_wait_is_left_in_peace(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    mail.does = lambda letter, to: Sent(Outcome.LATER, timedelta(minutes=40))
    clock.moment = COMES
    deliver_due(sent)
    assert again(sent, daily).due_at == COMES + timedelta(minutes=40)


def test_what_is_refused_is_not_tried_again(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    mail.does = lambda letter, to: Outcome.REFUSED
    clock.moment = COMES
    deliver_due(sent)
    assert states(sent) == [("failed", 1)]
    assert again(sent, daily).due_at == COMES + timedelta(days=1)


def test_a_sender_that_breaks_stops_nobody_else(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    other = reminded(sent, ana, a_ladder(sent, ana))

    def does(letter: Letter, to: str) -> Outcome:
        if len(mail.letters) == 1:
            raise ValueError("broken")
        return Outcome.SENT

    mail.does = does
    clock.moment = COMES
    deliver_due(sent)
    assert sorted(states(sent)) == [("failed", 1), ("sent", 1)]
    assert again(sent, other).due_at == COMES + timedelta(days=1)


def test_a_browser_that_is_gone_is_forgotten(
    sent: Services, ana: PersonId, push: NotingPush, clock: SetClock
) -> None:
    for name in ("one", "two"):
        subscribe(sent, ana, endpoint=f"https://push.example/{name}", p256dh="p", auth="a")
    reminded(sent, ana, a_ladder(sent, ana))
    push.does = lambda letter, to: Outcome.GONE if to.endpoint.endswith("one") else Outcome.SENT
    clock.moment = COMES
    deliver_due(sent)
    assert sorted(push.to) == ["https://push.example/one", "https://push.example/two"]
    with sent.store.reading() as tx:
        assert [one.endpoint for one in tx.subscriptions.of(ana)] == ["https://push.example/two"]
    assert sorted(states(sent)) == [("failed", 1), ("sent", 1)]


def test_a_claim_keeps_others_away_until_it_runs_out(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    class Killed(BaseException):
        pass

    def dies(letter: Letter, to: str) -> Outcome:
        raise Killed

    mail.does = dies
    clock.moment = COMES
    with pytest.raises(Killed):
        deliver_due(sent)
    assert states(sent) == [("sending", 1)]
    mail.does = lambda letter, to: Outcome.SENT
    clock.move(seconds=CLAIM.total_seconds() - 1)
    deliver_due(sent)
    assert len(mail.letters) == 1
    clock.move(seconds=1)
    deliver_due(sent)
    assert states(sent) == [("sent", 2)]
    first, second = mail.letters
    assert first.identity == second.identity


def test_who_was_too_slow_does_not_overwrite_what_became_of_it(
    sent: Services, daily: Reminder, mail: NotingMail, clock: SetClock
) -> None:
    def slow(letter: Letter, to: str) -> Outcome:
        mail.does = lambda letter, to: Outcome.SENT
        clock.move(seconds=CLAIM.total_seconds() + 1)
        deliver_due(sent)
        return Outcome.REFUSED

    mail.does = slow
    clock.moment = COMES
    deliver_due(sent)
    assert states(sent) == [("sent", 2)]


def test_put_off_it_comes_later_and_not_now(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    clock.moment = COMES
    deliver_due(sent)
    put_off(sent, ana, daily.id, "hour")
    assert due_now(sent, ana) == []
    clock.move(minutes=60)
    deliver_due(sent)
    assert len(mail.letters) == 2
    assert len({letter.identity for letter in mail.letters}) == 2
    assert len(due_now(sent, ana)) == 1


def test_tomorrow_is_at_the_same_time_and_comes_once_beside_the_rule(
    sent: Services, daily: Reminder, mail: NotingMail, ana: PersonId, clock: SetClock
) -> None:
    clock.moment = COMES + timedelta(minutes=20)
    deliver_due(sent)
    assert put_off(sent, ana, daily.id, "tomorrow").again_at == COMES + timedelta(days=1)
    clock.moment = COMES + timedelta(days=1)
    deliver_due(sent)
    assert len(mail.letters) == 2
    assert again(sent, daily).due_at == COMES + timedelta(days=2)


def test_a_changed_zone_counts_anew(
    sent: Services, daily: Reminder, ana: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    set_preferences(sent, ana, zone="Asia/Tokyo")
    assert again(sent, daily).due_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    set_preferences(sent, ana, zone="America/New_York")
    assert again(sent, daily).due_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def plan_at(services: Services, person: PersonId, at: datetime, state: str = "planned") -> str:
    ladder = a_ladder(services, person)
    plan = Plan(
        id="00000000-0000-4000-8000-000000000001",
        person=person,
        ladder=ladder.id,
        step=ladder.steps[0].id,
        made_at=services.clock.now(),
        at=at,
        state=state,
    )
    with services.store.writing(person) as tx:
        tx.plans.put(plan)
    return plan.id


def test_a_plan_is_reminded_of_before_its_time(
    sent: Services, ana: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    by_mail(sent, ana)
    made = remind_of_plan(sent, ana, plan_at(sent, ana, COMES), before=timedelta(minutes=30), zone=BERLIN)
    assert made.due_at == COMES - timedelta(minutes=30)
    clock.moment = COMES - timedelta(minutes=30)
    deliver_due(sent)
    assert len(mail.letters) == 1


@pytest.mark.parametrize("state", ["done", "dropped", "moved"])
def test_a_plan_that_is_over_or_moved_is_not_reminded_of_at_its_old_time(
    sent: Services, ana: PersonId, mail: NotingMail, clock: SetClock, state: str
) -> None:
    by_mail(sent, ana)
    plan = plan_at(sent, ana, COMES)
    made = remind_of_plan(sent, ana, plan, zone=BERLIN)
    with sent.store.writing(ana) as tx:
        stored = tx.plans.get(ana, plan)
        assert stored
        at = COMES + timedelta(days=3) if state == "moved" else COMES
        state_now = "planned" if state == "moved" else state
        tx.plans.put(Plan(stored.id, ana, stored.ladder, stored.step, stored.made_at, at, state=state_now))
    clock.moment = COMES
    deliver_due(sent)
    assert mail.letters == []
    assert again(sent, made).due_at == (COMES + timedelta(days=3) if state == "moved" else None)


def test_a_reminder_moves_with_its_plan_to_an_earlier_time_too(
    sent: Services, ana: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    by_mail(sent, ana)
    plan = plan_at(sent, ana, COMES)
    made = remind_of_plan(sent, ana, plan, before=timedelta(hours=1), zone=BERLIN)
    plans.change(sent, ana, plan, plans.Draft(at=COMES - timedelta(hours=4)))
    assert again(sent, made).due_at == COMES - timedelta(hours=5)
    set_preferences(sent, ana, zone="Asia/Tokyo")
    assert again(sent, made).due_at == COMES - timedelta(hours=5)


def test_with_nothing_due_a_round_is_one_query(sent: Services, daily: Reminder) -> None:
    with counted(sent) as queries:
        deliver_due(sent)
    assert len(queries) == 1, queries


def test_a_reminder_that_cannot_be_opened_is_set_aside_and_stops_nobody(
    sent: Services, daily: Reminder, ana: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    broken = reminded(sent, ana, a_ladder(sent, ana))
    store = sent.store
    assert isinstance(store, DatabaseStore)
    with store.engine.begin() as connection:
        connection.execute(
            update(reminders).where(reminders.c.id == broken.id).values(content=b"not sealed at all")
        )
    clock.moment = COMES
    deliver_due(sent)
    assert len(mail.letters) == 1
    with store.reading() as tx:
        due = {one.id: one.due_at for one in tx.reminders.soonest(9)}
    assert due[broken.id] == COMES + timedelta(hours=1)


def test_a_reminder_over_which_the_worker_stumbles_is_set_aside_and_stops_nobody(
    sent: Services, daily: Reminder, ben: PersonId, mail: NotingMail, clock: SetClock
) -> None:
    set_preferences(sent, ben, email="ben@example.org")
    broken = reminded(sent, ben, a_ladder(sent, ben), Rule((time(18),), days=tuple(range(7))))
    with sent.store.writing(ben) as tx:
        tx.preferences.put(ben, {"email": "ben@example.org", "zone": "Nowhere/At all"})
    clock.moment = COMES
    for _ in range(2):
        deliver_due(sent)
    assert mail.to == [ADDRESS]
    assert again(sent, broken).due_at == COMES + timedelta(hours=1)


@pytest.mark.parametrize("clock_time", ["22:00Z", "22:00+05:00", "T22-01", "25:00", "22:00\0"])
def test_quiet_hours_are_by_the_persons_clock_and_by_no_other(
    sent: Services, daily: Reminder, ana: PersonId, mail: NotingMail, clock: SetClock, clock_time: str
) -> None:
    with pytest.raises(InvalidInput, match="A time of day"):
        set_preferences(sent, ana, quiet_from=clock_time, quiet_to="07:00Z")
    clock.moment = COMES
    deliver_due(sent)
    assert len(mail.letters) == 1


class Rounds:
    """Lets a worker run for some rounds, and notes how long it would have slept."""

    def __init__(self, count: int) -> None:
        self.left, self.slept = count, list[float]()

    def is_set(self) -> bool:
        return self.left <= 0

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        self.slept.append(timeout or 0.0)
        return self.is_set()


def test_a_worker_sleeps_until_the_next_moment_and_half_a_minute_at_most(
    sent: Services, daily: Reminder, clock: SetClock
) -> None:
    rounds = Rounds(1)
    deliver_until(sent, rounds)
    clock.moment = COMES - timedelta(seconds=5)
    rounds.left = 1
    deliver_until(sent, rounds)
    assert rounds.slept == [30, 5]


def test_a_worker_outlives_a_database_that_is_away(
    sent: Services, daily: Reminder, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(sent.store, "reading", away)
    rounds = Rounds(2)
    deliver_until(sent, rounds)
    assert rounds.slept == [30, 30]
