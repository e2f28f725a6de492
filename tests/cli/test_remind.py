"""`rung remind` as processes of their own: two at once, one killed while it sends, one told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.adapters.mail_server import Box, mail_server, until
from tests.adapters.push_service import Browser, PushService, push_service
from tests.app.reminding.stage import again, unsettled
from tests.conftest import Databases
from tests.databases import SetClock, fast_passwords

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import deliveries
from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.accounts.preferences import set_preferences
from rung.app.climbing import ladders
from rung.app.model import PersonId
from rung.app.ports import Reminder, Services
from rung.app.reminding.channels import subscribe
from rung.app.reminding.delivering import CLAIM, deliver_due
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import make_reminder, remove_reminder, switch_reminder

ENDS = 60

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def environment(box: Box) -> Iterator[dict[str, str]]:
    """Where workers send to."""
    with mail_server(box) as port:
        yield {
            "RUNG_SMTP": f"smtp://127.0.0.1:{port}",
            "RUNG_MAIL_FROM": "rung@example.org",
            "RUNG_PUSH_ANYWHERE": "yes",
        }


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.fresh()


@pytest.fixture
def mine(url: str, tmp_path: Path, environment: dict[str, str]) -> Iterator[Services]:
    """The services of this process on the workers' database, by a clock of the test."""
    services = open_services(tmp_path / "data", url, {**os.environ, **environment})
    yield replace(services, passwords=fast_passwords(), clock=SetClock(datetime.now(UTC)))
    services.store.close()


@pytest.fixture
def ana(mine: Services) -> PersonId:
    person = people.welcome(mine, "Ana", "correct horse").id
    set_preferences(mine, person, email="ana@example.org")
    return person


@pytest.fixture
def start(url: str, tmp_path: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Starts a worker."""
    started: list[subprocess.Popen[str]] = []

    def one(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "rung.cli.main", "remind", "--data", str(tmp_path / "data")]
        process = subprocess.Popen(
            [*command, "--database", url, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment, "OMP_NUM_THREADS": "1"},
        )
        started.append(process)
        return process

    yield one
    for process in started:
        process.kill()
        process.communicate()


def due(services: Services, person: PersonId, count: int = 1) -> list[Reminder]:
    """Reminders that are due just now."""
    ladder = ladders.name_ladder(services, person, "Talks", ["say one thing"])
    made = []
    for _ in range(count):
        rule = Rule((time(12),), days=tuple(range(7)))
        one = make_reminder(services, person, "step", ladder.id, ladder.steps[0].id, rule, zone="UTC")
        now = datetime.now(UTC)
        one = replace(one, next_at=now, due_at=now)
        with services.store.writing(person) as tx:
            tx.reminders.put(one)
        made.append(one)
    return made


def later(services: Services, **amount: float) -> Services:
    return replace(services, clock=SetClock(datetime.now(UTC) + timedelta(**amount)))


def states(services: Services) -> Counter[tuple[str, int]]:
    store = services.store
    assert isinstance(store, DatabaseStore)
    query = select(deliveries.c.state, deliveries.c.tries, func.count()).group_by(
        deliveries.c.state, deliveries.c.tries
    )
    with store.engine.connect() as connection:
        return Counter({(state, tries): count for state, tries, count in connection.execute(query)})


def test_two_workers_at_once_send_each_message_once(
    mine: Services, ana: PersonId, start: Start, box: Box
) -> None:
    count = 24
    due(mine, ana, count)
    workers = [start(), start()]
    until(lambda: states(mine)["sent", 1] == count)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    for worker in workers:
        _said, complaints = worker.communicate(timeout=ENDS)
        assert (worker.returncode, complaints) == (0, "")
    assert len(box.ids()) == count
    assert len(set(box.ids())) == count


def test_a_worker_killed_while_it_sends_leaves_a_message_that_is_seen_once(
    mine: Services, ana: PersonId, start: Start, box: Box
) -> None:
    (one,) = due(mine, ana)
    box.is_slow = True
    worker = start()
    assert box.got_one.wait(ENDS)
    worker.kill()
    worker.wait(ENDS)
    box.is_slow = False
    box.may_answer.set()
    assert states(mine) == {("sending", 1): 1}
    # While the claim holds, nobody sends it: the worker might be alive.
    deliver_due(mine)
    assert len(box.ids()) == 1
    deliver_due(later(mine, seconds=CLAIM.total_seconds() + 5))
    assert states(mine) == {("sent", 2): 1}
    # The mail server had taken the first one: both have one identity.
    assert len(box.ids()) == 2
    assert len(set(box.ids())) == 1
    deliver_due(later(mine, minutes=30))
    assert len(box.ids()) == 2
    assert unsettled(mine, one) == []


@pytest.mark.parametrize("end", ["deleted", "switched off"])
def test_after_a_kill_nothing_comes_of_what_is_unwanted_meanwhile(
    mine: Services, ana: PersonId, start: Start, box: Box, end: str
) -> None:
    (one,) = due(mine, ana)
    box.is_slow = True
    worker = start()
    assert box.got_one.wait(ENDS)
    worker.kill()
    worker.wait(ENDS)
    box.is_slow = False
    box.may_answer.set()
    if end == "deleted":
        remove_reminder(mine, ana, one.id)
    else:
        switch_reminder(mine, ana, one.id, False)
    deliver_due(later(mine, minutes=5))
    assert len(box.ids()) == 1


def test_a_push_that_was_cut_short_comes_again_under_the_same_topic_and_tag(
    mine: Services, ana: PersonId, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_preferences(mine, ana, email="")
    browser = Browser()
    with push_service() as service:
        monkeypatch.setattr(service, "received", _Waiting())
        received = service.received
        assert isinstance(received, _Waiting)
        subscribed(mine, ana, browser, service)
        due(mine, ana)
        worker = start()
        assert received.got_one.wait(ENDS)
        worker.kill()
        worker.wait(ENDS)
        received.may_go_on.set()
        deliver_due(later(mine, minutes=5))
        first, second = received
    assert first.headers["topic"] == second.headers["topic"]
    said = [browser.read(one.body)["notification"] for one in (first, second)]
    assert said[0]["tag"] == said[1]["tag"]
    assert states(mine) == {("sent", 2): 1}


class _Waiting(list[Any]):
    """Takes a push, and lets the answer wait."""

    def __init__(self) -> None:
        super().__init__()
        self.got_one, self.may_go_on = threading.Event(), threading.Event()

    def append(self, one: object) -> None:
        super().append(one)
        self.got_one.set()
        self.may_go_on.wait(ENDS)


def subscribed(services: Services, person: PersonId, browser: Browser, service: PushService) -> None:
    push = services.senders.push
    assert push
    found = browser.subscription(f"{service.url}/ana", push.public_key)
    subscribe(services, person, endpoint=found.endpoint, p256dh=found.p256dh, auth=found.auth)


def test_once_sends_what_is_due_and_ends(mine: Services, ana: PersonId, start: Start, box: Box) -> None:
    (one,) = due(mine, ana)
    worker = start("--once")
    _said, complaints = worker.communicate(timeout=ENDS)
    assert (worker.returncode, complaints) == (0, "")
    assert len(box.ids()) == 1
    assert again(mine, one).waiting_since == one.next_at


def test_without_a_database_a_worker_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rung.cli.main", "remind", "--once", "--data", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=ENDS)
    assert done.returncode == 1
    assert "There is no database" in done.stderr


def test_the_server_reminds_by_itself(
    mine: Services, ana: PersonId, url: str, tmp_path: Path, environment: dict[str, str], box: Box
) -> None:
    due(mine, ana)
    command = [sys.executable, "-m", "rung.cli.main", "serve", "--no-open", "--port", "0"]
    with subprocess.Popen(
        [*command, "--data", str(tmp_path / "data"), "--database", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as server:
        try:
            assert box.got_one.wait(ENDS)
            until(lambda: states(mine) == {("sent", 1): 1})
            server.send_signal(signal.SIGTERM)
            _said, complaints = server.communicate(timeout=ENDS)
            assert (server.returncode, complaints) == (0, "")
        finally:
            server.kill()
