"""The pages about programs: tokens made and taken back, addresses that are told what happens."""

import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.databases import SetClock
from tests.web.stage import PASSWORD, Past, Visitor, field, path_of, served, session_of

from rung.adapters.webhooks import WebNotifier
from rung.app.accounts import tokens
from rung.app.accounts.sessions import Visit
from rung.app.policies import Scope
from rung.app.ports import Services
from rung.web import Settings, create_app

PAGE = "/you/tokens"
Form = dict[str, str | list[str]]
FORM: Form = {"name": "My watch", "scopes": ["read:ladders", "write:evidence"], "days": "30", "which": "all"}


@pytest.fixture
def receiver() -> list[bytes]:
    """What a program has got."""
    return []


@pytest.fixture
def receiver_url(receiver: list[bytes]) -> Iterator[str]:
    """Where that program listens."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Nobody reads it."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def made(robin: Visitor, **fields: str | list[str]) -> httpx.Response:
    return robin.send_form(PAGE, id=field(robin.page(PAGE), "id"), **{**FORM, **fields})


def test_a_token_is_made_shown_once_listed_and_taken_back(robin: Visitor, address: str) -> None:
    assert PAGE in robin.page("/you")
    shown = made(robin)
    assert shown.status_code == 200
    secret = re.findall(r"rung_[\w-]{43}", shown.text)[0]
    page = robin.page(PAGE)
    assert secret not in page
    assert "My watch" in page
    assert "not used yet" in page
    bearer = {"authorization": f"Bearer {secret}"}
    assert httpx.get(f"{address}/api/v1/ladders", headers=bearer).status_code == 200
    assert "last used" in robin.page(PAGE)
    id = re.findall(r'take-back"><input type="hidden" name="id" value="([^"]+)"', page)[0]
    assert path_of(robin.send_form(f"{PAGE}/take-back", id=id)) == f"{PAGE}?said=taken-back"
    assert "It opens nothing any longer" in robin.page(f"{PAGE}?said=taken-back")
    assert httpx.get(f"{address}/api/v1/ladders", headers=bearer).status_code == 401


def test_a_token_can_be_for_one_ladder(robin: Visitor, past: Past, sqlite_services: Services) -> None:
    assert made(robin, which="some", ladders=[past.ladder]).status_code == 200
    (token,) = tokens.tokens_of(sqlite_services, past.person, Visit(solo=True)).found
    assert token.ladders == frozenset({past.ladder})
    assert token.scopes == {Scope.READ_LADDERS, Scope.WRITE_EVIDENCE}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "The program&#39;s name is empty"),
        ({"scopes": []}, "choose at least one"),
        ({"scopes": ["all"]}, "choose at least one"),
        ({"which": "some"}, "Say which ladders"),
        ({"which": "some", "ladders": ["6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11"]}, "One of these ladders"),
        ({"days": "366"}, "1 to 365 days"),
        ({"days": "soon"}, "as a number"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_beside_the_field_and_nothing_is_made(
    robin: Visitor, past: Past, sqlite_services: Services, wrong: dict[str, str | list[str]], told: str
) -> None:
    answer = made(robin, **wrong)
    assert answer.status_code == 422
    assert told in answer.text
    assert tokens.tokens_of(sqlite_services, past.person, Visit(solo=True)).found == ()


def test_a_form_that_is_sent_twice_makes_one_token(robin: Visitor) -> None:
    id = field(robin.page(PAGE), "id")
    assert robin.send_form(PAGE, id=id, **FORM).status_code == 200
    again = robin.send_form(PAGE, id=id, **FORM)
    assert again.status_code == 422
    assert "made already, and shown once" in again.text


def test_letting_a_program_in_asks_to_confirm_first(robin: Visitor, clock: SetClock) -> None:
    clock.move(minutes=11)
    page = robin.page(PAGE)
    assert "/you/confirm?then=tokens" in page
    assert "Make a token" not in page
    assert path_of(robin.send_form(PAGE, **FORM)) == "/you/confirm?then=tokens"
    confirmed = robin.send_form("/you/confirm", password=PASSWORD, then="tokens")
    assert path_of(confirmed) == PAGE


def test_an_address_is_added_tested_and_removed(
    sqlite_services: Services, past: Past, clock: SetClock, receiver: list[bytes], receiver_url: str
) -> None:
    services = replace(sqlite_services, notifier=WebNotifier(is_anywhere=True))
    page = "/you/webhooks"
    with served(create_app(services, Settings())) as url, Visitor(url) as robin:
        session_of(robin, services)
        assert page in robin.page(PAGE)
        form: Form = {"name": "My program", "url": receiver_url, "kinds": ["attempt.recorded"]}
        shown = robin.send_form(page, id=field(robin.page(page), "id"), **form)
        assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", shown.text)
        assert "whsec_" not in robin.page(page)
        assert "It has been told nothing yet" in robin.page(page)
        id = re.findall(r'webhooks/test"><input type="hidden" name="id" value="([^"]+)"', robin.page(page))[0]
        assert path_of(robin.send_form(f"{page}/test", id=id)) == f"{page}?said=tested"
        assert len(receiver) == 1
        assert "Taken, 204" in robin.page(page)
        assert robin.send_form(f"{page}/test", id=id).status_code == 422
        for wrong, told in (
            ({"name": ""}, "The name is empty"),
            ({"kinds": []}, "Say what it is told"),
            ({"url": "ftp://x"}, "Rung does not send there"),
        ):
            answer = robin.send_form(page, **{**form, **wrong})
            assert (answer.status_code, told in answer.text) == (422, True)
        assert path_of(robin.send_form(f"{page}/remove", id=id)) == f"{page}?said=removed"
        assert "My program" not in robin.page(page)


def test_a_server_that_sends_nothing_says_so(robin: Visitor) -> None:
    assert "This server sends no messages to programs." in robin.page("/you/webhooks")
