"""Webhooks: what happens is told once, signed, by ids alone, and tried again where it did not get through."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from tests.databases import SetClock

from rung.adapters.webhooks import WebNotifier, notifier_from
from rung.app import evidence, webhooks
from rung.app.accounts import people
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders, steps
from rung.app.model import Did, Ladder, PersonId, Reflection
from rung.app.ports import Notice, Services
from rung.app.webhooks import KINDS
from rung.app.webhooks_telling import CLAIM, WAITS, tell_due
from rung.errors import ConfirmationNeeded, Conflict, InvalidInput, NotFound

HERE = Visit(solo=True)


@dataclass
class Program:
    """A program that takes messages, and answers as it is told to."""

    url: str
    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, dict[str, str]]]:
        """Kinds and ids of the messages."""
        found = []
        for _headers, body in self.got:
            content = json.loads(body)
            found.append((content["type"], {k: v for k, v in content["data"].items() if k != "person"}))
        return found


@pytest.fixture
def program() -> Iterator[Program]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            listening.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(listening.status)
            if listening.status == 302:
                self.send_header("location", "http://127.0.0.1:9/")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Nobody reads it."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening = Program(f"http://127.0.0.1:{server.server_address[1]}/hook?from=rung")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield listening
    server.shutdown()
    server.server_close()


@pytest.fixture
def telling(services: Services) -> Services:
    """Services that send anywhere."""
    return replace(services, notifier=WebNotifier(is_anywhere=True))


@pytest.fixture
def ladder(telling: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(telling, ana, "Give a talk", ["Alone", "To Sam", "On stage"])


def add(services: Services, person: PersonId, url: str, *kinds: str) -> str:
    return webhooks.add_webhook(services, person, HERE, "My program", url, kinds or KINDS)


def log_of(services: Services, person: PersonId) -> list[Notice]:
    """What the person's one webhook was told, newest first."""
    ((_webhook, messages),) = webhooks.webhooks_of(services, person, HERE).webhooks
    return list(messages)


def test_what_happens_is_told_once_by_ids_alone(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    assert tell_due(telling) == 0, "what was before is not told"
    first, second, _goal = ladder.steps
    clock.move(minutes=1)
    evidence.judge(telling, ana, ladder.id, {step.id: 50 for step in ladder.steps})
    tried = evidence.record(telling, ana, ladder.id, first.id, Did.DONE)
    evidence.record(telling, ana, ladder.id, second.id, Did.AVOIDED)
    for _ in range(2):
        tell_due(telling)
    attempt = {"ladder": ladder.id, "step": first.id, "event": tried}
    assert sorted(program.told) == [
        ("attempt.recorded", attempt),
        ("judgement.recorded", {"ladder": ladder.id}),
    ]
    program.got.clear()
    clock.move(minutes=1)
    evidence.reflect(telling, ana, tried, Reflection(what_helped="A secret of mine"))
    evidence.take_back(telling, ana, tried)
    steps.rename_step(telling, ana, ladder.id, first.id, "Another secret")
    tell_due(telling)
    assert sorted(program.told, key=str) == [
        ("evidence.changed", attempt),
        ("evidence.changed", attempt),
        ("ladder.changed", {"ladder": ladder.id}),
    ]
    assert "secret" not in str(program.got)
    assert {one.state for one in log_of(telling, ana)} == {"sent"}


def test_only_what_was_chosen_is_told(
    telling: Services, ana: PersonId, ben: PersonId, ladder: Ladder, program: Program
) -> None:
    add(telling, ana, program.url, "ladder.changed")
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    ladders.name_ladder(telling, ben, "Sing")
    tell_due(telling)
    assert program.got == []
    made = ladders.name_ladder(telling, ana, "Run")
    tell_due(telling)
    assert program.told == [("ladder.changed", {"ladder": made.id})]


def test_a_message_is_signed_as_standard_webhooks_are(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    secret = add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    tell_due(telling)
    ((headers, body),) = program.got
    assert secret.startswith("whsec_")
    signed = f"{headers['webhook-id']}.{int(clock.now().timestamp())}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    assert len(key) == 32


def test_what_does_not_get_through_is_tried_again_under_the_same_id_and_then_given_up(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    program.status = 500
    tell_due(telling)
    for count, wait in enumerate(WAITS, start=1):
        assert len(program.got) == count
        clock.move(seconds=wait.total_seconds() - 1)
        assert tell_due(telling) == 0
        clock.move(seconds=1)
        assert tell_due(telling) == 1
    assert len({headers["webhook-id"] for headers, _body in program.got}) == 1
    clock.move(days=2)
    assert tell_due(telling) == 0
    (message,) = log_of(telling, ana)
    assert (message.state, message.answer, message.tries) == ("failed", "500", len(WAITS) + 1)


def test_one_that_answers_later_gets_it_then(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    program.status = 503
    tell_due(telling)
    program.status = 200
    clock.move(seconds=5)
    tell_due(telling)
    (message,) = log_of(telling, ana)
    assert (message.state, message.answer, message.tries) == ("sent", "200", 2)


@pytest.mark.parametrize("status", [302, 400, 410])
def test_a_redirect_is_not_followed_and_a_refusal_is_final(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock, status: int
) -> None:
    add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    program.status = status
    tell_due(telling)
    clock.move(days=1)
    tell_due(telling)
    assert len(program.got) == 1
    assert [(one.state, one.answer) for one in log_of(telling, ana)] == [("failed", str(status))]


def test_two_workers_send_a_message_once_and_one_that_died_is_followed(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    program.status = 500
    tell_due(telling)
    clock.move(seconds=5)
    (message,) = log_of(telling, ana)
    now = clock.now()
    with telling.store.writing(ana) as tx:
        assert tx.webhooks.claim(ana, message.id, now, now + CLAIM)
        assert tx.webhooks.claim(ana, message.id, now, now + CLAIM) is None
    assert tell_due(telling) == 0
    program.status = 200
    clock.move(seconds=CLAIM.total_seconds())
    assert tell_due(telling) == 1


def test_a_test_is_sent_at_once_and_not_tried_again(
    telling: Services, ana: PersonId, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    ((webhook, _messages),) = webhooks.webhooks_of(telling, ana, HERE).webhooks
    webhooks.try_webhook(telling, ana, webhook.id)
    assert program.told == [("test", {})]
    with pytest.raises(Conflict, match="wait ten seconds"):
        webhooks.try_webhook(telling, ana, webhook.id)
    clock.move(seconds=10)
    program.status = 500
    webhooks.try_webhook(telling, ana, webhook.id)
    clock.move(days=1)
    tell_due(telling)
    assert len(program.got) == 2


def test_nothing_is_told_to_what_was_removed_and_nobody_removes_anothers(
    telling: Services, ana: PersonId, ben: PersonId, ladder: Ladder, program: Program
) -> None:
    add(telling, ana, program.url)
    ((webhook, _messages),) = webhooks.webhooks_of(telling, ana, HERE).webhooks
    for act in (webhooks.remove_webhook, webhooks.try_webhook):
        with pytest.raises(NotFound, match="There is no such webhook"):
            act(telling, ben, webhook.id)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    webhooks.remove_webhook(telling, ana, webhook.id)
    tell_due(telling)
    assert program.got == []
    assert webhooks.webhooks_of(telling, ana, HERE).webhooks == ()


def test_adding_one_asks_for_a_fresh_sign_in_and_there_are_five_at_most(
    telling: Services, ana: PersonId, program: Program, clock: SetClock
) -> None:
    visit = Visit(people.sign_in(telling, "Ana", "correct horse"))
    clock.move(minutes=11)
    with pytest.raises(ConfirmationNeeded):
        webhooks.add_webhook(telling, ana, visit, "x", program.url, KINDS)
    for _ in range(webhooks.MOST_WEBHOOKS):
        add(telling, ana, program.url)
    with pytest.raises(Conflict, match="You have 5 addresses already"):
        add(telling, ana, program.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://rung.example.org/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://1.1.1.1:8443/",
        "https://name:word@1.1.1.1/",
        "https://1.1.1.1/#x",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "https://",
        "https://a b/",
        "x",
    ],
)
def test_nothing_goes_into_a_network_of_ones_own(services: Services, ana: PersonId, url: str) -> None:
    strict = replace(services, notifier=notifier_from({}))
    with pytest.raises(InvalidInput):
        add(strict, ana, url)
    assert notifier_from({}).post(url, b"{}", {}).is_taken is False


def test_an_address_that_has_become_private_gets_nothing_any_more(
    services: Services, telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    tell_due(replace(services, notifier=WebNotifier()))
    assert program.got == []
    assert [one.state for one in log_of(telling, ana)] == ["failed"]


def test_a_server_that_sends_nothing_says_so(services: Services, ana: PersonId) -> None:
    assert not webhooks.webhooks_of(services, ana, HERE).can_tell
    with pytest.raises(Conflict, match="sends no messages"):
        add(services, ana, "https://1.1.1.1/")
    assert tell_due(services) == 0


def test_old_messages_are_forgotten(
    telling: Services, ana: PersonId, ladder: Ladder, program: Program, clock: SetClock
) -> None:
    add(telling, ana, program.url)
    evidence.record(telling, ana, ladder.id, ladder.steps[0].id, Did.DONE)
    tell_due(telling)
    clock.move(days=timedelta(days=31).days)
    tell_due(telling)
    assert log_of(telling, ana) == []
