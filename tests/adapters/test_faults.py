"""What must hold when the machine does not: killed processes, a full disk, what is left in the file."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event as database_event
from sqlalchemy import text
from tests.conftest import Databases

from rung.adapters.database import DatabaseStore
from rung.adapters.wiring import open_services
from rung.app import evidence, outbox, sources
from rung.app.accounts import people, recovery
from rung.app.accounts.preferences import set_preferences
from rung.app.accounts.sessions import Visit
from rung.app.beliefs import believer
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Reflection
from rung.app.ports import Passkey, Services, Subscription
from rung.app.reminding import channels, reminders
from rung.app.reminding.occasions import Rule
from rung.errors import StoreUnavailable

WRITER = """
import sys, pathlib
from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.model import Did, Reflection
folder, url, person, ladder, step = sys.argv[1:]
services = open_services(pathlib.Path(folder), url or None)
while True:
    event_id = evidence.record(services, person, ladder, step, Did.DONE)
    print(event_id, flush=True)
    evidence.reflect(services, person, event_id, Reflection(aid=0.5, what_helped="text"))
    print(event_id, "reflected", flush=True)
"""


def whole(services: Services, person: PersonId) -> set[str]:
    """Ids of the attempts; every one of them complete, and the state equal to a replay."""
    log = evidence.log_of(services, person)
    attempts = [event for event in log if event.kind == "attempt"]
    choices = [event for event in log if event.kind == "choice"]
    assert sorted(event.time for event in attempts) == sorted(event.time for event in choices)
    for event in attempts:
        texts = evidence.texts_of(services, person, event.id)  # type: ignore[arg-type]
        assert (event.aid == 0.5) == (texts == {"what_helped": "text"})
    with services.store.reading() as tx:
        assert believer(services, tx, person) == services.engine.replay(log)
    return {event.id for event in attempts}


def test_a_process_killed_while_it_writes_loses_nothing_that_it_said_was_saved(
    tmp_path: Path, databases: Databases
) -> None:
    url = "" if "sqlite" in (address := databases.fresh()) else address
    services = open_services(tmp_path, url or None)
    person = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, person, "Talks", ["a", "b"])
    command = [sys.executable, "-c", WRITER, str(tmp_path), url, person, ladder.id, ladder.steps[0].id]
    for lines in (1, 2, 7, 12):
        said = _killed_after(command, lines)
        found = whole(services, person)
        assert {line.split()[0] for line in said} <= found
        waiting = {event.id for event in evidence.waiting(services, person)}
        assert not waiting & {line.split()[0] for line in said if "reflected" in line}
    if not url:
        assert _integrity(services) == "ok"
    evidence.record(services, person, ladder.id, ladder.steps[1].id, Did.TRIED)
    whole(services, person)
    services.store.close()


def _killed_after(command: list[str], lines: int) -> list[str]:
    """Lines that a process printed until it was killed, in the middle of what came next."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(lines)]
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.readlines()
    return [line for line in said if line.endswith("\n")]


def _integrity(services: Services) -> str:
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        return str(connection.scalar(text("PRAGMA integrity_check")))


def test_a_full_disk_is_told_and_leaves_everything_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    services = open_services(tmp_path, environment={})
    assert isinstance(services.store, DatabaseStore)
    person = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, person, "Talks", ["a"])
    with services.store.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    services.store.close()
    database_event.listen(services.store.engine, "connect", lambda raw, _: _limit(raw, pages + 4))
    saved: set[str] = set()
    with pytest.raises(StoreUnavailable, match="Nothing was stored") as told:
        _fill(services, person, ladder.id, saved)
    assert "full" not in str(told.value), "the driver's words are not for visitors"
    assert "database or disk is full" in caplog.text
    assert whole(services, person) == saved
    with services.store.engine.connect() as connection:
        _limit(connection.connection.driver_connection, pages + 1000)
        connection.detach()
    services.store.close()
    again = open_services(tmp_path, environment={})
    assert whole(again, person) == saved
    evidence.record(again, person, ladder.id, ladder.steps[0].id, Did.DONE)
    again.store.close()


def _limit(connection: object, pages: int) -> None:
    connection.execute(f"PRAGMA max_page_count={pages}").fetchall()  # type: ignore[attr-defined]


def _fill(services: Services, person: PersonId, ladder: LadderId, saved: set[str]) -> None:
    (step,) = ladders.ladder(services, person, ladder).steps
    for _ in range(10_000):
        event_id = evidence.record(services, person, ladder, step.id, Did.DONE)
        saved.add(event_id)
        evidence.reflect(services, person, event_id, Reflection(aid=0.5, what_helped="text"))


SECRETS = (
    "Anastasia",
    "Secret ladder",
    "Secret step",
    "what helped me",
    "what comes next",
    "my deepest fear",
    "what I can lean on",
    "Secret friend",
    "a secret assurance",
    "a secret sight",
    "a secret model",
    "a secret tale",
    "a secret heartbeat",
    "a secret place",
    "a secret cue",
    "a secret answer",
    "a secret obstacle",
    "a secret detour",
    "a secret witness",
    "secret@example.org",
    "Antarctica/Troll",
    "Secret browser",
    "Secret key",
    "push.secret.example",
    "secret-agent",
)


def test_the_files_on_disk_tell_no_name_and_no_text(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    person = _live_in_secret(services)
    for state in ("while it runs", "after it closed"):
        content = _raw(tmp_path)
        assert person.encode() in content, "the scan reads the right files"
        assert [secret for secret in SECRETS if secret.encode() in content] == [], state
        services.store.close()


def test_a_deleted_account_is_gone_from_the_files_on_disk_too(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    person = _live_in_secret(services)
    assert person.encode() in _raw(tmp_path)
    people.delete_account(services, person, "correct horse")
    assert person.encode() not in _raw(tmp_path)
    assert b"argon2" not in _raw(tmp_path)
    services.store.close()


def test_what_was_deleted_while_somebody_read_goes_with_the_next_write(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    person = _live_in_secret(services)
    with services.store.reading() as tx:
        assert tx.people.get(person)
        people.delete_account(services, person, "correct horse")
        assert person.encode() in _raw(tmp_path), "the reader needs it still"
        people.sign_out(services, "a write that comes while somebody reads waits for nobody")
    people.sign_out(services, "the next write")
    assert person.encode() not in _raw(tmp_path)
    services.store.close()


def test_what_was_deleted_while_somebody_read_goes_with_the_next_start(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    person = _live_in_secret(services)
    reader = sqlite3.connect(tmp_path / "rung.db", isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM people").fetchone() == (1,)
    people.delete_account(services, person, "correct horse")
    services.store.close()
    assert person.encode() in _raw(tmp_path), "the reader needs it still"
    reader.execute("COMMIT")
    again = open_services(tmp_path, environment={})
    assert person.encode() not in _raw(tmp_path)
    again.store.close()
    reader.close()


def test_a_copy_of_the_file_alone_is_whole_once_the_store_was_closed(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    person = _live_in_secret(services)
    reader = sqlite3.connect(tmp_path / "rung.db")
    assert reader.execute("SELECT count(*) FROM people").fetchone() == (1,)
    services.store.close()
    assert (tmp_path / "rung.db-wal").read_bytes() == b""
    assert person.encode() in (tmp_path / "rung.db").read_bytes()
    reader.close()


def _live_in_secret(services: Services) -> PersonId:
    person = people.welcome(services, "Anastasia", "correct horse").id
    people.sign_in(services, "Anastasia", "correct horse")
    ladder = ladders.name_ladder(services, person, "Secret ladder", ["Secret step"])
    event_id = evidence.record(services, person, ladder.id, ladder.steps[0].id, Did.DONE)
    written = Reflection(
        what_helped="what helped me", what_next="what comes next", what_feared="my deepest fear"
    )
    evidence.reflect(services, person, event_id, written)
    _live_on_in_secret(services, person, ladder)
    return person


def _live_on_in_secret(services: Services, person: PersonId, ladder: Ladder) -> None:
    """Something of every other kind of thing that is written or named."""
    step, now = ladder.steps[0].id, services.clock.now()
    evidence.judge(services, person, ladder.id, {step: 50}, resources="what I can lean on")
    sources.hear(
        services, person, ladder.id, "Secret friend", "a secret assurance", 0.5, 0.5, "a secret sight"
    )
    sources.see_somebody(services, person, ladder.id, "a secret model", "a secret tale", 1.0)
    sources.note_state(services, person, ladder.id, 0.5, 0.5, "a secret heartbeat")
    draft = Draft(
        at=now + timedelta(days=1),
        where="a secret place",
        if_text="a secret cue",
        then_text="a secret answer",
        obstacle="a secret obstacle",
        then_what="a secret detour",
        who="a secret witness",
    )
    plan = plans.make(services, person, ladder.id, step, draft)
    reminders.remind_of_plan(services, person, plan.id, names=True)
    rule = Rule((time(18),), (0,))
    reminders.make_reminder(services, person, "step", ladder.id, step, rule, names=True)
    set_preferences(services, person, email="secret@example.org", zone="Antarctica/Troll")
    channels.make_feed(services, person, names=True)
    token = people.sign_in(services, "Anastasia", "correct horse", "Secret browser")
    recovery.make_codes(services, person, Visit(token))
    endpoint = "https://push.secret.example/endpoint"
    with services.store.writing(person) as tx:
        tx.passkeys.add(Passkey(person, b"its id", b"its public half", 0, "Secret key", now))
        tx.subscriptions.put(
            Subscription(str(uuid4()), person, endpoint, "p256dh", "auth", "key", "secret-agent", now)
        )
    at = now - timedelta(minutes=1)
    late = outbox.Logged(EventId(str(uuid4())), at, ladder.id, step, Did.TRIED)
    said = outbox.LookedBack(EventId(str(uuid4())), at, late.id, Reflection(what_next="what comes next"))
    assert [one.state for one in outbox.take_in(services, person, [late, said])] == ["stored", "stored"]


def _raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("rung.db*")))
