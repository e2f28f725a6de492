"""The pages about the account: what they keep, what they refuse, and what they never tell."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.authenticator import Authenticator
from tests.databases import SetClock, counted
from tests.web.stage import NAME, PASSWORD, Past, Visitor, path_of, served, session_of

from rung.adapters.database import DatabaseStore
from rung.app.accounts import invitations, people
from rung.app.accounts.passkeys import Ceremony
from rung.app.accounts.preferences import preferences_of, set_preferences
from rung.app.ports import Place, Services
from rung.web import Settings, create_app

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
HOSTILE = "\"><script>alert(1)</script>'&amp;{{1111*1111}}"


def begun(visitor: Visitor, base: str, **fields: str) -> Ceremony:
    told = visitor.post(f"{base}/begin", json=fields)
    assert told.status_code == 200, told.text
    return Ceremony(**told.json())


def finished(visitor: Visitor, base: str, ceremony: Ceremony, answer: Any, **fields: str) -> httpx.Response:
    return visitor.post(f"{base}/finish", json={**fields, "token": ceremony.token, "answer": answer})


@pytest.fixture
def device(address: str) -> Authenticator:
    return Authenticator(Place("localhost", address))


@pytest.fixture
def guest(address: str) -> Iterator[Visitor]:
    """Somebody else, in a browser of their own."""
    with Visitor(address) as visitor:
        yield visitor


def test_an_account_is_made_and_opened_by_json_alone(
    stranger: Visitor, guest: Visitor, device: Authenticator, sqlite_services: Services
) -> None:
    ceremony = begun(stranger, "/welcome/passkey", name=NAME)
    made = finished(stranger, "/welcome/passkey", ceremony, device.make(ceremony), name=NAME)
    assert made.json() == {"to": "/start"}
    assert "httponly" in made.headers["set-cookie"].lower()
    assert "None yet" not in stranger.page("/you")
    ceremony = begun(guest, "/sign-in/passkey")
    assert finished(guest, "/sign-in/passkey", ceremony, device.use(ceremony)).json() == {"to": "/"}
    assert guest.page("/you")
    again = finished(guest, "/sign-in/passkey", ceremony, device.use(ceremony))
    assert again.status_code == 403
    assert "try once more" in again.json()["fault"]


def test_a_ceremony_passes_the_same_guards_as_a_form(stranger: Visitor, address: str) -> None:
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        refused = stranger.post("/sign-in/passkey/begin", json={}, headers=headers)
        assert refused.status_code == 403
    rebound = stranger.post("/sign-in/passkey/begin", json={}, headers={"host": "evil.example"})
    assert rebound.status_code == 421


def test_a_passkey_is_asked_for_under_the_name_that_the_browser_used(sqlite_services: Services) -> None:
    settings = Settings(allowed_hosts=("rung.example.org", "192.168.1.5"), https=True)
    with served(create_app(sqlite_services, settings)) as url, Visitor(url) as visitor:

        def ask(host: str) -> httpx.Response:
            headers = {"host": host, "origin": f"https://{host}"}
            return visitor.post("/welcome/passkey/begin", json={"name": NAME}, headers=headers)

        assert ask("rung.example.org").json()["options"]["rp"]["id"] == "rung.example.org"
        numbered = ask("192.168.1.5")
        assert numbered.status_code == 422
        assert "https" in numbered.json()["fault"]
    plain = Settings(allowed_hosts=("rung.example.org",))
    with served(create_app(sqlite_services, plain)) as url, Visitor(url) as visitor:
        page = visitor.get("/welcome", headers={"host": "rung.example.org"}).text
        assert "Passkeys work over https alone" in page
        assert "data-passkey" not in page


def test_the_first_passkey_takes_the_code_of_an_exposed_server(sqlite_services: Services) -> None:
    app = create_app(sqlite_services, Settings(welcome_code="0123"))
    with served(app) as url, Visitor(url) as visitor:
        refused = visitor.post("/welcome/passkey/begin", json={"name": NAME, "code": "0124"})
        assert refused.status_code == 422
        ceremony = begun(visitor, "/welcome/passkey", name=NAME, code="0123")
        answer = Authenticator(Place("localhost", url)).make(ceremony)
        assert finished(visitor, "/welcome/passkey", ceremony, answer, name=NAME).status_code == 422
        assert people.is_new(sqlite_services)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nonsense",
        b'{"token": 1, "answer": []}',
        b"[" * 100_000,
        b'{"token":"\\ud800","answer":{}}',
    ],
    ids=lambda body: body[:20].decode(),
)
def test_whatever_is_sent_to_a_ceremony_is_refused_calmly(stranger: Visitor, past: Past, body: bytes) -> None:
    kind = {"content-type": "application/json"}
    for path in ("/sign-in/passkey/finish", "/welcome/passkey/finish", "/join/passkey/begin"):
        assert 400 <= stranger.post(path, content=body, headers=kind).status_code < 500


def test_somebody_joins_with_the_link_that_is_shown_once(robin: Visitor, guest: Visitor) -> None:
    shown = robin.send_form("/you/invitations").text
    code = re.search(r"/join\?code=([\w-]+)", shown)
    assert code
    assert code[1] not in robin.page("/you")
    assert "open until" in robin.page("/you")
    assert "You are invited" in guest.page(f"/join?code={code[1]}")
    taken = guest.send_form("/join", name=NAME.lower(), password=PASSWORD, code=code[1])
    assert "has this name already" in taken.text
    assert path_of(guest.send_form("/join", name="Gil", password=PASSWORD, code=code[1])) == "/start"
    assert NAME not in guest.page("/you")
    closed = guest.get(f"/join?code={code[1]}")
    assert closed.status_code == 404
    assert "not open any more" in closed.text


def test_an_invitation_can_be_taken_back_by_who_made_it_alone(
    robin: Visitor, guest: Visitor, sqlite_services: Services, past: Past
) -> None:
    guest_code = invitations.invite(sqlite_services, past.person)
    code = invitations.invite(sqlite_services, past.person)
    guest.send_form("/join", name="Gil", password=PASSWORD, code=guest_code)
    [made] = invitations.invitations_of(sqlite_services, past.person)
    assert guest.send_form("/you/invitations/take-back", id=made.token_hash.hex()).status_code == 404
    assert guest.get(f"/join?code={code}").status_code == 200
    robin.send_form("/you/invitations/take-back", id=made.token_hash.hex())
    assert guest.get(f"/join?code={code}").status_code == 404


def test_pages_of_strangers_do_not_tell_whether_a_name_is_taken(guest: Visitor, past: Past) -> None:
    for path, fields in {
        "/join": {"password": PASSWORD, "code": "x"},
        "/sign-in": {"password": "wrong horse"},
        "/welcome": {"password": PASSWORD},
    }.items():
        known, unknown = (guest.send_form(path, name=name, **fields) for name in (NAME, "Nobody"))
        assert known.status_code == unknown.status_code
        assert known.text.replace(NAME, "Nobody") == unknown.text
    known, unknown = (
        guest.post("/join/passkey/begin", json={"name": name, "code": "x"}) for name in (NAME, "Nobody")
    )
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text) == (404, known.text)


def test_recovery_codes_are_shown_once_and_open_the_account(robin: Visitor, guest: Visitor) -> None:
    codes = re.findall(r"<code>([\w-]+)</code>", robin.send_form("/you/codes").text)
    assert len(codes) == 10
    assert codes[0] not in robin.page("/you/sign-in")
    wrong = guest.send_form("/sign-in", name=NAME, code="wrong")
    assert wrong.status_code == 403
    assert 'id="code-fault"' in wrong.text
    inside = guest.send_form("/sign-in", name=NAME, code=codes[0])
    assert path_of(inside) == "/you/sign-in"
    assert "that code is used up" in guest.page("/you/sign-in")
    assert "that code is used up" not in guest.page("/you/sign-in")


def test_browsers_are_told_by_their_names_and_signed_out_one_by_one(
    robin: Visitor, sqlite_services: Services
) -> None:
    people.sign_in(sqlite_services, NAME, PASSWORD, "Safari")
    robin.headers["user-agent"] = FIREFOX
    robin.send_form("/sign-in", name=NAME, password=PASSWORD)
    other = people.sign_in(sqlite_services, NAME, PASSWORD, HOSTILE)
    page = robin.page("/you/sign-in")
    assert "Firefox on Linux" in page
    assert page.count("this browser") == 1
    assert "alert(1)" not in page
    ids = re.findall(r'sessions/end"><input type="hidden" name="id" value="(\w+)"', page)
    assert len(ids) == 2
    for one in ids:
        assert path_of(robin.send_form("/you/sessions/end", id=one)) == "/you/sign-in#sessions"
    assert people.whoami(sqlite_services, other) is None
    assert robin.page("/you/sign-in").count("Signed in ") == 1


def test_a_stale_sign_in_changes_nothing_and_leads_to_the_question(
    robin: Visitor, clock: SetClock, sqlite_services: Services
) -> None:
    clock.move(minutes=11)
    page = robin.page("/you/sign-in")
    assert "/you/password" not in page
    for path in ("/you/password", "/you/password/remove", "/you/codes"):
        assert path_of(robin.send_form(path, new="battery staple horse")) == "/you/confirm", path
    assert path_of(robin.post("/you/passkeys/begin", json={})) == "/you/confirm"
    assert people.sign_in(sqlite_services, NAME, PASSWORD)
    assert "That is not your password." in robin.send_form("/you/confirm", password="wrong horse").text
    before = robin.cookies["rung"]
    assert path_of(robin.send_form("/you/confirm", password=PASSWORD)) == "/you/sign-in"
    assert robin.cookies["rung"] != before
    assert path_of(robin.send_form("/you/password", new="battery staple horse")) == "/you/sign-in"


@pytest.mark.parametrize("then", ["https://evil.example", "//evil.example", "/sign-out", ""])
def test_the_question_leads_on_to_pages_of_ours_alone(robin: Visitor, clock: SetClock, then: str) -> None:
    assert path_of(robin.get("/you/confirm", params={"then": then})) == "/you/sign-in"
    clock.move(minutes=11)
    assert "evil" not in robin.page(f"/you/confirm?then={then}")
    assert path_of(robin.send_form("/you/confirm", password=PASSWORD, then=then)) == "/you/sign-in"


def test_name_language_and_zone_are_kept_and_hold_at_the_next_sign_in(
    robin: Visitor, guest: Visitor, sqlite_services: Services, past: Past
) -> None:
    kept = robin.send_form("/you", name="Robin R.", language="ar", zone="Asia/Tokyo")
    assert path_of(kept) == "/you?said=kept"
    assert 'dir="rtl"' in robin.page("/you")
    assert people.account_of(sqlite_services, past.person).name == "Robin R."
    guest.send_form("/sign-in", name="robin r.", password=PASSWORD)
    assert 'lang="ar"' in guest.page("/you")
    cookies = {one.name: one for one in guest.cookies.jar}
    assert cookies["rung-zone"].value == '"Asia/Tokyo"'
    robin.send_form("/you", name="Robin R.", language="", zone="")
    assert 'lang="en"' in robin.page("/you")
    assert preferences_of(sqlite_services, past.person).zone == ""


@pytest.mark.parametrize(
    "field, value",
    [("name", ""), ("name", "x" * 201), ("language", "xx"), ("zone", "Mars/Base"), ("zone", HOSTILE)],
)
def test_what_does_not_fit_is_told_beside_its_field(robin: Visitor, field: str, value: str) -> None:
    sent = {"name": NAME, "language": "en", "zone": "Europe/Berlin", field: value}
    response = robin.send_form("/you", **sent)
    assert response.status_code == 422
    assert f'id="{field}-fault"' in response.text
    assert "<script>alert" not in response.text


def test_a_passkey_may_be_called_anything_and_is_shown_as_text(
    robin: Visitor, device: Authenticator, past: Past
) -> None:
    ceremony = begun(robin, "/you/passkeys")
    assert finished(robin, "/you/passkeys", ceremony, device.make(ceremony)).json() == {"to": "/you/sign-in"}
    key = device.id.hex()
    assert path_of(robin.send_form("/you/passkeys/rename", id=key, name=HOSTILE)) == "/you/sign-in"
    page = robin.page("/you/sign-in")
    assert "<script>alert" not in page
    assert "1234321" not in page
    assert robin.send_form("/you/passkeys/rename", id=key, name="").status_code == 422
    assert robin.send_form("/you/passkeys/remove", id="00").status_code == 404
    assert path_of(robin.send_form("/you/password/remove")) == "/you/sign-in"
    refused = robin.send_form("/you/passkeys/remove", id=key)
    assert refused.status_code == 409
    assert "only way in" in refused.text


@pytest.mark.parametrize(
    "referer, back",
    [
        ("{address}/join?code=a%26b", "/join?code=a%26b"),
        ("{address}//evil.example/x", "/evil.example/x"),
        ("https://evil.example/sign-in", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_the_language_is_changed_on_the_page_at_hand(
    stranger: Visitor, address: str, referer: str, back: str
) -> None:
    headers = {"referer": referer.format(address=address)}
    changed = stranger.post("/language", data={"language": "es"}, headers=headers)
    assert path_of(changed) == back
    assert 'lang="es"' in stranger.page("/about")
    stranger.send_form("/language", language=HOSTILE)
    assert 'lang="es"' in stranger.page("/about")


def test_the_wizard_can_be_skipped_and_keeps_what_is_chosen(
    stranger: Visitor, sqlite_services: Services
) -> None:
    stranger.cookies.set("rung-zone", "America/Lima", domain="localhost.local")
    assert path_of(stranger.send_form("/welcome", name=NAME, password=PASSWORD)) == "/start"
    first = stranger.page("/start")
    assert '<option value="America/Lima" selected>' in first
    assert 'href="/start/codes"' in first
    assert path_of(stranger.send_form("/start", language="en", zone="America/Lima")) == "/start/codes"
    me = people.account_named(sqlite_services, NAME)
    assert preferences_of(sqlite_services, me.id).zone == "America/Lima"
    assert 'href="/start/limits"' in stranger.page("/start/codes")
    assert stranger.send_form("/start", language="xx").status_code == 422
    assert 'href="/"' in stranger.page("/start/limits")


def test_signing_out_leaves_no_clock_of_the_person_behind(
    robin: Visitor, sqlite_services: Services, past: Past
) -> None:
    set_preferences(sqlite_services, past.person, zone="Asia/Tokyo")
    robin.send_form("/sign-in", name=NAME, password=PASSWORD)
    assert "rung-zone" in robin.cookies
    robin.send_form("/sign-out")
    assert "rung-zone" not in robin.cookies


# One person, one machine


@pytest.fixture
def solo(sqlite_services: Services) -> Iterator[Visitor]:
    """Whoever sits at a machine on which Rung runs for one person."""
    people.solo_account(sqlite_services)
    with served(create_app(sqlite_services, Settings(solo=True))) as url, Visitor(url) as visitor:
        yield visitor


def test_alone_on_a_machine_nobody_signs_in(solo: Visitor, sqlite_services: Services) -> None:
    page = solo.page("/you")
    assert 'value="You"' in page
    assert "/sign-out" not in page
    assert "/you/invitations" not in page
    assert path_of(solo.send_form("/sign-out")) == "/"
    assert solo.send_form("/you/invitations").status_code == 403
    assert path_of(solo.send_form("/you", name="Robin")) == "/you?said=kept"
    assert path_of(solo.send_form("/you/password", new=PASSWORD)) == "/you/sign-in"
    assert people.sign_in(sqlite_services, "Robin", PASSWORD)


def test_alone_on_a_machine_the_guards_hold_all_the_same(solo: Visitor) -> None:
    for headers in (
        {"host": "evil.example"},
        {"host": "rebound.example:80", "origin": "http://rebound.example"},
    ):
        assert solo.get("/you", headers=headers).status_code == 421
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert solo.post("/you", data={"name": "Eve"}, headers=headers).status_code == 403
    assert 'value="You"' in solo.page("/you")


def test_alone_on_a_machine_a_large_archive_is_read_without_a_sign_in(solo: Visitor) -> None:
    large = b"x" * (Settings().largest_form + 1)
    answer = solo.post("/data/archive", files={"file": ("rung.zip", large, "application/zip")})
    assert answer.status_code == 422
    assert solo.post("/you", data={"name": large}).status_code == 413


def test_alone_on_a_machine_nobody_joins(solo: Visitor, sqlite_services: Services) -> None:
    code = invitations.invite_as_operator(sqlite_services)
    assert solo.get(f"/join?code={code}").status_code == 404
    assert solo.send_form("/join", name="Eve", password=PASSWORD, code=code).status_code == 404
    assert solo.post("/join/passkey/begin", json={"name": "Eve", "code": code}).status_code == 404
    assert people.only_account(sqlite_services)


def test_alone_on_a_machine_nothing_is_deleted_by_one_touch(solo: Visitor, sqlite_services: Services) -> None:
    refused = solo.send_form("/data/delete")
    assert refused.status_code == 422
    assert 'id="sure-fault"' in refused.text
    assert path_of(solo.send_form("/data/delete", sure="yes")) == "/sign-in?gone=1"
    assert people.is_new(sqlite_services)
    assert "is deleted" in solo.page("/sign-in?gone=1")
    assert path_of(solo.get("/")) == "/welcome"


def test_with_a_second_account_everybody_must_sign_in(solo: Visitor, sqlite_services: Services) -> None:
    people.join(sqlite_services, invitations.invite_as_operator(sqlite_services), "Ben", PASSWORD)
    assert path_of(solo.get("/you")) == "/sign-in"


def test_the_first_page_and_the_ways_in_stay_light(
    robin: Visitor, sqlite_services: Services, past: Past, device: Authenticator
) -> None:
    for _ in range(5):
        people.sign_in(sqlite_services, NAME, PASSWORD)
        invitations.invite(sqlite_services, past.person)
        ceremony = begun(robin, "/you/passkeys")
        finished(robin, "/you/passkeys", ceremony, Authenticator(device.place).make(ceremony))
    for path in ("/you", "/you/sign-in", "/you/confirm", "/start", "/data"):
        with counted(sqlite_services) as queries:
            robin.get(path)
        assert len(queries) <= 15, (path, len(queries))


def test_nothing_secret_of_the_ways_in_stands_in_the_database(
    robin: Visitor, sqlite_services: Services, device: Authenticator, past: Past
) -> None:
    session_of(robin, sqlite_services)
    robin.headers["user-agent"] = FIREFOX
    token = people.sign_in(sqlite_services, NAME, PASSWORD, FIREFOX)
    code = invitations.invite(sqlite_services, past.person)
    codes = re.findall(r"<code>([\w-]+)</code>", robin.send_form("/you/codes").text)
    ceremony = begun(robin, "/you/passkeys")
    finished(robin, "/you/passkeys", ceremony, device.make(ceremony))
    store = sqlite_services.store
    assert isinstance(store, DatabaseStore)
    kept = b""
    with store.engine.connect() as connection:
        for table in ("sessions", "passkeys", "recovery_codes", "invitations", "challenges", "people"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                kept += json.dumps([str(cell) for cell in row]).encode()
    for secret in (token, code, codes[0], codes[0].replace("-", ""), "Firefox", ceremony.token):
        assert secret.encode() not in kept
