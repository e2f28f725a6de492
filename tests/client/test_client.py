"""The client against a server that runs as a process of its own."""

import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.accounts import people, tokens
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders
from rung.app.model import Did, Reflection
from rung.app.policies import Scope
from rung.client import (
    Client,
    Event,
    NotAccepted,
    NothingThere,
    NotInScope,
    OutOfDate,
    ServerTrouble,
    TokenRefused,
    TooMany,
    Unreachable,
)

ALL = tuple(Scope)
HERE = Visit(solo=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[..., str]]]:
    """A running server; its address, and what makes a token for its one person."""
    folder = tmp_path_factory.mktemp("server")
    services = open_services(folder)
    me = people.welcome(services, "Ana", "correct horse").id
    made = ladders.name_ladder(services, me, "Give a talk", ["Alone", "To Sam", "On stage"])
    event = evidence.record(services, me, made.id, made.steps[0].id, Did.DONE)
    evidence.reflect(services, me, event, Reflection(what_helped="Notes in hand"))
    command = [sys.executable, "-m", "rung.cli.main", "serve", "--no-open", "--no-reminders", "--port", "0"]
    process = subprocess.Popen([*command, "--data", str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    found = re.match(r"Rung is at (http://[^/ ]+)", process.stdout.readline())
    assert found

    def let_in(*scopes: Scope) -> str:
        for old in tokens.tokens_of(services, me, HERE).found[:-5]:
            tokens.revoke(services, me, old.id)
        return tokens.make_token(services, me, HERE, "the test", scopes or ALL, None, 1)

    yield found[1], let_in
    process.terminate()
    process.communicate()
    services.store.close()


@pytest.fixture
def rung(server: tuple[str, Callable[..., str]]) -> Client:
    address, let_in = server
    return Client(address, let_in())


def test_a_ladder_is_made_climbed_and_put_away(rung: Client) -> None:
    made = rung.create_ladder("Sing", ["Hum", "Sing to Sam", "Sing on stage"])
    rung.judge(made.id, dict.fromkeys(made.steps, 60))
    logged = rung.record(made.id, made.steps[0], "done", at=datetime.now(UTC) - timedelta(minutes=5))
    assert not logged.is_taken_back
    proposed = rung.next_step(made.id)
    assert proposed.step in made.steps
    assert proposed.chance.low < proposed.chance.mean < proposed.chance.high
    assert "rated" in [reason.id for reason in proposed.reasons]
    first = rung.state(made.id).steps[0]
    assert (first.judged, first.tried, first.worked) == (0.6, 1, 1)
    added = rung.add_steps(made.id, ["Sing to two"], after=made.steps[1])
    rung.rename_step(made.id, added.steps[0], "Sing to three")
    rung.move_step(made.id, added.steps[0], 1)
    rung.retire_step(made.id, made.steps[1])
    rung.rename_ladder(made.id, "Sing aloud")
    rung.set_wanted_chance(made.id, 0.9)
    ladder = rung.ladder(made.id)
    assert [step.name for step in ladder.climbing] == ["Sing to three", "Hum", "Sing on stage"]
    assert (ladder.name, ladder.wanted_chance) == ("Sing aloud", 0.9)
    rung.restore_step(ladder, made.steps[1])
    rung.archive_ladder(ladder)
    assert ladder.id not in [one.id for one in rung.ladders()]
    assert ladder.id in [one.id for one in rung.ladders(archived=True)]
    rung.restore_ladder(ladder)
    planned = rung.plan(ladder, ladder.steps[0], where="at home")
    assert next(plan for plan in rung.plans("planned") if plan.id == planned.id).where == "at home"
    rung.drop_plan(planned)
    assert planned.id in [plan.id for plan in rung.plans("dropped")]


def test_more_than_a_page_of_events_goes_in_and_comes_out(rung: Client) -> None:
    made = rung.create_ladder("Run", ["One mile", "Two miles"])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    events = [
        Event("attempt", made.id, start + timedelta(hours=n), made.steps[0], value=1.0, feedback=1.0)
        for n in range(450)
    ]
    assert all(one.is_new for one in rung.append(events))
    assert not any(one.is_new for one in rung.append(events[:3]))
    found = list(rung.events(domain=made.id, kinds=["attempt"]))
    assert [event.id for event in found] == [event.id for event in events]
    assert found[0].time == start
    later = list(rung.events(domain=made.id, since=start + timedelta(hours=440)))
    assert len(later) == 10
    known = rung.changes(domain=made.id)
    assert [one.event for one in known.items] == found
    assert rung.changes(known.cursor, domain=made.id).items == ()
    rung.take_back(found[0])
    (change,) = rung.changes(known.cursor).items
    assert (change.id, change.ladder, change.event) == (found[0].id, made.id, None)
    with pytest.raises(NothingThere):
        rung.event(found[0])


def test_words_are_read_where_the_token_may(rung: Client, server: tuple[str, Callable[..., str]]) -> None:
    assert [one.texts for one in rung.texts()] == [{"what_helped": "Notes in hand"}]
    little = Client(server[0], server[1](Scope.READ_LADDERS))
    assert little.whoami().scopes == ("read:ladders",)
    with pytest.raises(NotInScope, match="read:texts"):
        list(little.texts())


def test_each_thing_that_goes_wrong_has_a_class_of_its_own(
    rung: Client, server: tuple[str, Callable[..., str]]
) -> None:
    with pytest.raises(NothingThere, match="There is no such ladder"):
        rung.ladder("6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11")
    with pytest.raises(NotAccepted, match=r"body\.name: String should have at least 1 character"):
        rung.create_ladder("")
    made = rung.create_ladder("Swim", ["One length"])
    event = Event("attempt", made.id, datetime.now(UTC), made.steps[0], value=1.0)
    rung.append([event])
    with pytest.raises(OutOfDate, match="stands for something else"):
        rung.append([Event("attempt", made.id, event.time, made.steps[0], value=0.0, id=event.id)])
    with pytest.raises(TokenRefused, match="You, Programs"):
        Client(server[0], "rung_none").whoami()
    with pytest.raises(ValueError, match="https"):
        Client("http://rung.example.org", "rung_x")


class Moody(http.server.BaseHTTPRequestHandler):
    """A server that answers as it is told to, one answer after the other."""

    answers: ClassVar[list[tuple[int, dict[str, str], bytes]]] = []
    keys: ClassVar[list[str | None]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.keys.append(self.headers.get("idempotency-key"))
        status, headers, body = self.answers.pop(0)
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_arguments: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def moody() -> Iterator[str]:
    Moody.answers, Moody.keys = [], []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_what_can_be_helped_by_asking_again_is_asked_again_under_the_same_key(moody: str) -> None:
    slept: list[float] = []
    Moody.answers = [
        (503, {}, b"{}"),
        (429, {"retry-after": "7"}, b"{}"),
        (409, {"retry-after": "1"}, b"{}"),
        (201, {}, b'{"id": "x", "steps": []}'),
    ]
    assert Client(moody, "rung_x", sleep=slept.append).create_ladder("Sing").id == "x"
    assert len(set(Moody.keys)) == 1
    assert None not in Moody.keys
    assert slept[1:] == [7.0, 1.0]
    assert 0 < slept[0] < 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((429, {"retry-after": "1"}, b"{}"), TooMany),
        ((502, {}, b"<html>"), ServerTrouble),
        ((200, {}, b"<html>"), ServerTrouble),
        ((200, {}, b'{"person": 1}'), ServerTrouble),
        ((302, {"location": "http://127.0.0.1:1/"}, b""), ServerTrouble),
    ],
    ids=["too many", "bad gateway", "no JSON", "other JSON", "elsewhere"],
)
def test_what_stays_wrong_is_said(moody: str, answer: Any, kind: type[Exception]) -> None:
    Moody.answers = [answer] * 4
    with pytest.raises(kind):
        Client(moody, "rung_x", sleep=lambda seconds: None).whoami()


def test_a_server_that_is_not_there_is_unreachable() -> None:
    slept: list[float] = []
    with pytest.raises(Unreachable, match="cannot be reached"):
        Client("http://127.0.0.1:9", "rung_x", sleep=slept.append).whoami()
    assert len(slept) == 3


def test_the_client_needs_nothing_but_the_standard_library() -> None:
    code = "import sys, rung.client; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    outside = set(done.stdout.split()) - sys.stdlib_module_names
    assert {name for name in outside if not name.startswith("_")} <= {"rung"}
