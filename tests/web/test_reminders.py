"""The page of reminders, its forms without script, and the calendar that needs no cookie."""

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from icalendar import Calendar
from tests.app.reminding.stage import NotingMail, NotingPush
from tests.conftest import join
from tests.databases import SetClock, counted
from tests.web.stage import Past, Visitor, field, path_of, served, session_of

from rung.app.accounts.preferences import PAUSED, Preferences, preferences_of, set_preferences
from rung.app.ports import Outcome, Plan, Reminder, Senders, Services
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import MOST_REMINDERS, make_reminder
from rung.web import Settings, create_app

ADDRESS = "https://rung.example.org"


@pytest.fixture
def mail() -> NotingMail:
    return NotingMail()


@pytest.fixture
def push() -> NotingPush:
    return NotingPush()


@pytest.fixture
def sending(sqlite_services: Services, mail: NotingMail, push: NotingPush) -> Services:
    return replace(sqlite_services, senders=Senders(mail, push, ADDRESS))


@pytest.fixture
def sam(sending: Services, past: Past) -> Iterator[Visitor]:
    """The person with a past, signed in where messages can be sent."""
    with served(create_app(sending, Settings())) as url, Visitor(url) as visitor:
        session_of(visitor, sending)
        visitor.cookies.set("rung-zone", "Europe/Berlin", domain="localhost.local")
        yield visitor


def reminders_of(services: Services, past: Past) -> list[Reminder]:
    with services.store.reading() as tx:
        return tx.reminders.of(past.person)


def made(services: Services, past: Past, **more: object) -> Reminder:
    rule = Rule((time(18, 30),), days=(1, 3))
    return make_reminder(
        services,
        past.person,
        "step",
        past.ladder,
        past.steps[5],
        rule,
        zone="Europe/Berlin",
        **more,  # type: ignore[arg-type]  # fields by name
    )


def test_without_reminders_the_page_teaches(sam: Visitor) -> None:
    page = sam.page("/reminders")
    assert "Your first reminder" in page
    assert page.count('class="primary') == 1


def test_a_reminder_is_made_once_however_often_it_is_sent(
    sam: Visitor, sending: Services, past: Past
) -> None:
    page = sam.page(f"/reminders?ladder={past.ladder}&step={past.steps[5]}")
    chosen = f"step/{past.ladder}/{past.steps[5]}"
    assert f'value="{chosen}" selected' in page
    fields: dict[str, str | list[str]] = {
        "id": field(page, "id"),
        "about": chosen,
        "how": "weekly",
        "days": ["1", "3"],
        "times": ["18:30", "", ""],
        "day": "",
        "window": "120",
    }
    for _ in range(2):
        assert path_of(sam.send_form("/reminders", **fields)) == "/reminders?said=made"
    (reminder,) = reminders_of(sending, past)
    assert (reminder.rule, reminder.zone) == (Rule((time(18, 30),), days=(1, 3)), "Europe/Berlin")
    told = sam.page("/reminders?said=made")
    assert "Tomorrow, 18:30" in told
    assert "Each week on Tue and Thu at 18:30" in told


def test_a_plan_leads_to_the_form_with_its_moment_and_to_a_reminder_that_follows_it(
    sam: Visitor, sending: Services, past: Past, clock: SetClock
) -> None:
    at = clock.moment + timedelta(days=2, hours=3)
    plan = Plan(str(uuid4()), past.person, past.ladder, past.steps[4], clock.moment, at)
    with sending.store.writing(past.person) as tx:
        tx.plans.put(plan)
    page = sam.page(f"/reminders?ladder={past.ladder}&step={past.steps[4]}&at={at:%Y-%m-%dT%H:%M:%SZ}")
    assert 'value="2026-11-25"' in page
    assert 'value="13:00"' in page
    assert "Wednesday, 13:00" in page
    for _ in range(2):
        assert path_of(sam.send_form("/reminders/plan", id=plan.id, before="60")) == "/reminders?said=made"
    (reminder,) = reminders_of(sending, past)
    assert reminder.due_at == at - timedelta(hours=1)
    assert "Remind me at its time" not in sam.page("/reminders")


@pytest.mark.parametrize("at", ["x", "2026-11-25", "1999-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "\0"])
def test_a_moment_in_the_address_that_is_none_is_left_out(sam: Visitor, at: str) -> None:
    assert 'value="18:30"' in sam.get("/reminders", params={"at": at}).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": "x"},
        {"about": "step/1"},
        {"about": "ladder/../../etc"},
        {"about": "judge/" + "x" * 100_000},
        {"times": ["25:00"]},
        {"times": [""]},
        {"times": [f"{hour:02}:00" for hour in range(20)]},
        {"days": []},
        {"days": ["9"]},
        {"days": ["²"]},
        {"how": "once", "day": ""},
        {"how": "once", "day": "2026-11-01"},
        {"how": "once", "day": "9999-12-31"},
        {"how": "once", "day": "<script>"},
        {"window": "999999999"},
        {"id": "nonsense"},
    ],
)
def test_hostile_and_careless_forms_make_nothing(
    sam: Visitor, sending: Services, past: Past, wrong: dict[str, str | list[str]]
) -> None:
    fields: dict[str, str | list[str]] = {
        "about": f"step/{past.ladder}/{past.steps[5]}",
        "how": "weekly",
        "days": ["1"],
        "times": ["18:30"],
        **wrong,
    }
    answer = sam.send_form("/reminders", **fields)
    assert answer.status_code in (404, 422), answer.text
    assert "<script>" not in answer.text
    assert reminders_of(sending, past) == []


def test_what_was_typed_stays_beside_its_fault(sam: Visitor, past: Past) -> None:
    answer = sam.send_form(
        "/reminders",
        about=f"judge/{past.ladder}",
        how="once",
        day="",
        times=["07:15", "08:15"],
        names="yes",
        window="360",
    )
    assert answer.status_code == 422
    for kept in (
        f'value="judge/{past.ladder}" selected',
        'value="07:15"',
        'value="08:15"',
        'value="360" selected',
    ):
        assert kept in answer.text
    assert 'role="alert"' in answer.text


def test_put_off_done_off_on_and_deleted_without_script(
    sam: Visitor, sending: Services, past: Past, clock: SetClock
) -> None:
    one = made(sending, past)
    clock.moment = one.due_at or clock.moment
    page = sam.page("/reminders")
    assert "It has come: Today, 18:30" in page
    base = f"/reminders/{one.id}"
    assert path_of(sam.send_form(f"{base}/later", until="hour")) == "/reminders?said=later"
    assert "Today, 19:30" in sam.page("/reminders")
    assert path_of(sam.send_form(f"{base}/done")) == "/reminders?said=done"
    assert "Thursday, 18:30" in sam.page("/reminders")
    assert path_of(sam.send_form(f"{base}/switch", on="no")) == "/reminders?said=off"
    assert "Switched off" in sam.page("/reminders")
    assert path_of(sam.send_form(f"{base}/switch", on="yes")) == "/reminders?said=on"
    assert "Thursday, 18:30" in sam.page("/reminders")
    assert sam.send_form(f"{base}/later", until="never").status_code == 422
    assert path_of(sam.send_form(f"{base}/delete")) == "/reminders?said=deleted"
    assert reminders_of(sending, past) == []
    assert sam.send_form(f"{base}/delete").status_code == 404


def test_quiet_hours_zone_and_pause(sam: Visitor, sending: Services, past: Past) -> None:
    def decided() -> Preferences:
        return preferences_of(sending, past.person)

    quiet = {"quiet_from": "22:00", "quiet_to": "07:00", "zone": "America/New_York"}
    assert path_of(sam.send_form("/reminders/quiet", **quiet)) == "/reminders?said=quiet"
    assert (decided().quiet_from, decided().quiet_to, decided().zone) == (
        "22:00",
        "07:00",
        "America/New_York",
    )
    assert sam.send_form("/reminders/quiet", quiet_from="22:00", quiet_to="", zone="").status_code == 422
    assert sam.send_form("/reminders/quiet", zone="../../etc/passwd").status_code == 422
    assert path_of(sam.send_form("/reminders/pause", until="2026-12-24")) == "/reminders?said=paused"
    assert "Everything is paused until 24 Dec 2026." in sam.page("/reminders")
    assert path_of(sam.send_form("/reminders/resume")) == "/reminders?said=resumed"
    assert decided().paused_until == ""
    assert path_of(sam.send_form("/reminders/pause", open="yes")) == "/reminders?said=paused"
    assert decided().paused_until == PAUSED
    assert sam.send_form("/reminders/pause", until="").status_code == 422
    assert sam.send_form("/reminders/pause", until="tomorrow").status_code == 422


@pytest.mark.parametrize(
    "outcome, said", [(Outcome.SENT, "sent"), (Outcome.LATER, "not-yet"), (Outcome.REFUSED, "refused")]
)
def test_one_is_sent_by_email_to_try(sam: Visitor, mail: NotingMail, outcome: Outcome, said: str) -> None:
    assert path_of(sam.send_form("/reminders/email", email="sam@example.org")) == "/reminders?said=email"
    mail.does = lambda letter, to: outcome
    assert path_of(sam.send_form("/reminders/try", way="email")) == f"/reminders?said={said}"
    assert mail.to == ["sam@example.org"]
    assert mail.letters[0].body == "It works. Nothing is due."
    assert 'role="status"' in sam.page(f"/reminders?said={said}")


def test_trying_is_no_way_to_flood_somebody(sam: Visitor, mail: NotingMail) -> None:
    sam.send_form("/reminders/email", email="somebody@example.org")
    answers = [sam.send_form("/reminders/try", way="email").status_code for _ in range(9)]
    assert answers == [303] * 6 + [422] * 3
    assert len(mail.letters) == 6


@pytest.mark.parametrize(
    "address",
    [
        "x",
        "a@b",
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org,b@example.org",
        "a b@example.org",
        "a;b@example.org",
        "a@b@example.org",
        "a@[192.168.1.1]",
    ],
)
def test_only_an_address_becomes_the_address(sam: Visitor, address: str) -> None:
    assert sam.send_form("/reminders/email", email=address).status_code == 422


@pytest.mark.parametrize(
    "way", ["", "email", "push:", "push:4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e", "x" * 10_000]
)
def test_what_is_no_way_cannot_be_tried(sam: Visitor, way: str, mail: NotingMail) -> None:
    assert sam.send_form("/reminders/try", way=way).status_code == 404
    assert mail.letters == []


def browser_fields(endpoint: str = "https://push.example.org/abc") -> dict[str, str]:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def encoded(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    return {"endpoint": endpoint, "p256dh": encoded(point), "auth": encoded(b"a" * 16)}


def test_a_browser_is_added_tried_and_taken_out(sam: Visitor, push: NotingPush) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
    answer = sam.post("/reminders/push", data=browser_fields(), headers={"user-agent": agent})
    assert answer.status_code == 200
    page = sam.page("/reminders")
    assert "Firefox on Linux" in page
    assert f'data-known="{answer.text}"' in page
    assert path_of(sam.send_form("/reminders/try", way=f"push:{answer.text}")) == "/reminders?said=sent"
    assert push.to == ["https://push.example.org/abc"]
    assert path_of(sam.send_form("/reminders/push/remove", id=answer.text)) == "/reminders?said=taken-out"
    assert "Firefox" not in sam.page("/reminders")


def test_a_browser_that_is_gone_when_tried_is_taken_out(sam: Visitor, push: NotingPush) -> None:
    known = sam.send_form("/reminders/push", **browser_fields()).text
    push.does = lambda letter, to: Outcome.GONE
    assert path_of(sam.send_form("/reminders/try", way=f"push:{known}")) == "/reminders?said=gone"
    assert known not in sam.page("/reminders")


def test_ten_browsers_are_the_most(sam: Visitor) -> None:
    answers = [
        sam.send_form("/reminders/push", **browser_fields(f"https://push.example.org/{number}")).status_code
        for number in range(11)
    ]
    assert answers == [200] * 10 + [422]
    same = sam.send_form("/reminders/push", **browser_fields("https://push.example.org/3"))
    assert same.status_code == 200


def test_a_browser_whose_endpoint_changed_takes_the_place_of_the_old_one(sam: Visitor) -> None:
    old = sam.send_form("/reminders/push", **browser_fields("https://push.example.org/old")).text
    fields = {**browser_fields("https://push.example.org/new"), "replaces": "https://push.example.org/old"}
    new = sam.send_form("/reminders/push", **fields).text
    assert f'data-known="{new}"' in sam.page("/reminders")
    assert old != new


def test_nobody_is_subscribed_who_is_not_signed_in(sam: Visitor, sending: Services, past: Past) -> None:
    sam.cookies.clear()
    assert path_of(sam.send_form("/reminders/push", **browser_fields())) == "/sign-in"
    with sending.store.reading() as tx:
        assert tx.subscriptions.of(past.person) == []


def feed_path(page: str) -> str:
    found = re.search(rf'value="{ADDRESS}(/calendar/[^"]+)"', page)
    assert found
    return html.unescape(found[1])


def test_the_calendar_needs_no_cookie_and_is_not_kept_by_anybody(
    sam: Visitor, sending: Services, past: Past
) -> None:
    made(sending, past, names=True)
    assert path_of(sam.send_form("/reminders/calendar")) == "/reminders?said=calendar"
    path = feed_path(sam.page("/reminders"))
    sam.cookies.clear()
    answer = sam.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (one,) = calendar.walk("VEVENT")
    assert one["summary"] == "Rung: your next step"
    assert "manager" not in answer.text
    lines = one.to_ical().decode().splitlines()
    assert "DTSTART;TZID=Europe/Berlin:20261124T183000" in lines
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU,TH" in lines
    assert len(one.walk("VALARM")) == 1
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert sam.get(path).content == answer.content


def test_the_calendar_names_steps_only_where_that_was_asked_for(
    sam: Visitor, sending: Services, past: Past
) -> None:
    made(sending, past)
    sam.send_form("/reminders/calendar", names="yes")
    page = sam.page("/reminders")
    path = feed_path(page)
    assert "Ask my manager for twenty minutes" in sam.get(path).text
    # The letter that says so is part of what is hashed: nobody else can ask for names.
    assert sam.get(path.replace("/calendar/n", "/calendar/p")).status_code == 404


def test_a_new_address_ends_the_old_one_and_off_ends_both(sam: Visitor) -> None:
    paths = []
    for _ in range(2):
        sam.send_form("/reminders/calendar")
        paths.append(feed_path(sam.page("/reminders")))
    assert [sam.get(path).status_code for path in paths] == [404, 200]
    sam.send_form("/reminders/calendar/remove")
    assert [sam.get(path).status_code for path in paths] == [404, 404]


def test_the_calendar_is_empty_while_everything_is_paused(
    sam: Visitor, sending: Services, past: Past
) -> None:
    made(sending, past)
    sam.send_form("/reminders/calendar")
    path = feed_path(sam.page("/reminders"))
    assert "BEGIN:VEVENT" in sam.get(path).text
    set_preferences(sending, past.person, paused_until=PAUSED)
    assert "BEGIN:VEVENT" not in sam.get(path).text


@pytest.mark.parametrize("token", ["x", "p" * 44, "n" * 5000, "%00", "..%2F..", "ü"])
def test_a_guessed_calendar_is_not_there(sam: Visitor, token: str) -> None:
    assert sam.get(f"/calendar/{token}.ics").status_code == 404


def test_what_is_kept_of_an_address_is_a_hash(sam: Visitor, sending: Services, past: Past) -> None:
    sam.send_form("/reminders/calendar")
    token = feed_path(sam.page("/reminders"))[len("/calendar/") : -len(".ics")]
    with sending.store.reading() as tx:
        feed = tx.feeds.get(past.person)
    assert feed
    assert token.encode() not in feed.token_hash


def test_where_nothing_can_be_sent_the_page_says_so(robin: Visitor) -> None:
    page = robin.page("/reminders")
    assert "This server sends no e-mail." in page
    assert "This server sends nothing to browsers." in page
    assert robin.send_form("/reminders/push", **browser_fields()).status_code == 422


def test_the_page_is_small_and_asks_little(sam: Visitor, sending: Services, past: Past) -> None:
    for _ in range(MOST_REMINDERS):
        made(sending, past)
    assert (
        sam.send_form("/reminders", about=f"ladder/{past.ladder}", days=["1"], times=["18:30"]).status_code
        == 422
    )
    sam.page("/reminders")
    with counted(sending) as queries:
        sam.page("/reminders")
    assert len(queries) <= 15, queries
    sam.send_form(f"/reminders/{reminders_of(sending, past)[0].id}/delete")


def test_an_ordinary_page_is_under_sixty_kilobytes(sam: Visitor, sending: Services, past: Past) -> None:
    for _ in range(5):
        made(sending, past)
    assert len(sam.get("/reminders").content) < 60_000


def test_reminders_of_others_are_not_there(sam: Visitor, sending: Services, past: Past) -> None:
    other = join(sending, "Eve")
    one = made(sending, past)
    with sending.store.reading() as tx:
        assert tx.reminders.of(other) == []
        assert tx.reminders.get(other, one.id) is None


def test_what_is_done_on_today_leads_back_there(
    sam: Visitor, sending: Services, past: Past, clock: SetClock
) -> None:
    one = made(sending, past)
    clock.moment = one.due_at or clock.moment
    assert f"/reminders/{one.id}/done" in sam.page("/")
    today = f"{sam.base_url}/"
    answers = [
        sam.post(f"/reminders/{one.id}/done", headers={"referer": referer})
        for referer in (today, "https://elsewhere.example/", f"{today}reminders")
    ]
    assert [path_of(answer) for answer in answers] == ["/", "/reminders?said=done", "/reminders?said=done"]
    assert f"/reminders/{one.id}/done" not in sam.page("/")
