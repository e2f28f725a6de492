"""What must hold when nothing goes right: killed, no room, a clock that jumps, devices that were away."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from tests.adapters.test_faults import whole
from tests.conftest import Databases
from tests.databases import SetClock
from tests.web.stage import Visitor, served

from rung.adapters.backups.folder import BackupFolder
from rung.adapters.backups.operations import back_up, restore_file
from rung.adapters.backups.tables import Sum, sum_of, tables_in
from rung.adapters.database import DatabaseStore
from rung.adapters.wiring import open_services
from rung.app import evidence, outlook
from rung.app.accounts import people, tokens
from rung.app.accounts.sessions import Visit, is_fresh, open_session, whoami
from rung.app.beliefs import believer
from rung.app.climbing import ladders
from rung.app.keeping.log_bytes import log_to_bytes
from rung.app.model import Account, Did, EventId, Ladder, LadderId, PersonId, Reflection, Step, StepId
from rung.app.policies import Role, Scope
from rung.app.ports import Bond, Consent, Credentials, Reason, Services
from rung.app.reminding import reminders
from rung.app.reminding.delivering import deliver_until
from rung.app.reminding.occasions import Rule
from rung.app.sharing.actors import grants_of
from rung.app.sharing.fields import ALL_FIELDS
from rung.web import Settings, create_app

ROOT = Path(__file__).parents[2]


# Killed


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_killed_twenty_times_at_random_moments_nothing_is_lost_or_half_there(database: str) -> None:
    command = [sys.executable, "-m", "benchmarks.kill", "--times", "20", "--database", database]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["killed"], told["faults"]) == (20, [])
    assert sum(told["acknowledged"].values()) > 20


def test_what_is_lost_or_half_there_would_be_told(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = sqlite_services
    monkeypatch.syspath_prepend(ROOT)
    kill = importlib.import_module("benchmarks.kill")
    me = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, me, "Talks", kill.STEPS)
    event = evidence.record(services, me, ladder.id, ladder.steps[0].id, Did.DONE)
    evidence.reflect(services, me, event, kill.WORDS)
    assert kill.faults(services, me, [("event", event), ("reflected", event)]) == []
    lost = [(kind, "of which nothing is there") for kind in ("event", "reflected", "ladder", "plan")]
    assert len(kill.faults(services, me, lost)) == 4
    assert len(kill.faults(services, me, [("taken back", event)])) == 1
    with services.store.writing(me) as tx:
        tx.evidence.put_texts(me, event, {"what_next": ""})
        tx.states.drop(me)
        (entry,) = (one for one in tx.evidence.log(me) if one.event.kind == "choice")
        tx.evidence.append([entry.__class__(entry.event, entry.recorded_at, 2, withdrawn=True)])
    assert len(kill.faults(services, me, [])) == 2


# No room

WRITER = """
import pathlib, resource, sys
from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.model import Did, Reflection
from rung.errors import StoreUnavailable
folder, person, ladder, step, room = sys.argv[1:]
services = open_services(pathlib.Path(folder), None, {})
resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
try:
    while True:
        event_id = evidence.record(services, person, ladder, step, Did.DONE)
        print(event_id, flush=True)
        evidence.reflect(services, person, event_id, Reflection(aid=0.5, what_helped="text"))
except StoreUnavailable as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of POSIX")
def test_where_a_file_can_grow_no_further_it_is_told_and_all_that_was_stored_stays(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    me = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, me, "Talks", ["a"])
    services.store.close()
    room = (tmp_path / "rung.db").stat().st_size + 200_000
    command = [sys.executable, "-c", WRITER, str(tmp_path), me, ladder.id, ladder.steps[0].id, str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *said, error = done.stdout.splitlines()
    assert "Nothing was stored" in error
    assert "Traceback" not in done.stderr
    again = open_services(tmp_path, environment={})
    assert whole(again, me) == set(said)
    evidence.record(again, me, ladder.id, ladder.steps[0].id, Did.DONE)
    again.store.close()


# A clock that jumps

JUMPS = [timedelta(days=1), timedelta(days=365)]


@pytest.mark.parametrize("jump", JUMPS, ids=["a day", "a year"])
@pytest.mark.parametrize("first", [1, -1], ids=["forward", "back"])
def test_a_log_written_while_the_clock_jumps_is_whole_and_can_be_gone_on_with(
    sqlite_services: Services, clock: SetClock, jump: timedelta, first: int
) -> None:
    services = sqlite_services
    me = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, me, "Talks", ["a", "b", "c"])
    evidence.judge(services, me, ladder.id, {step.id: 50 for step in ladder.steps})
    for by in (timedelta(), first * jump, -first * jump, timedelta()):
        clock.moment += by + timedelta(minutes=1)
        for step in ladder.steps:
            event_id = evidence.record(services, me, ladder.id, step.id, Did.DONE)
            evidence.reflect(services, me, event_id, Reflection(aid=0.5, what_helped="text"))
        assert outlook.today(services, me, ladder.id)
    log = evidence.log_of(services, me)
    assert len(log) == 3 + 4 * 3 * 2
    assert [event.time for event in log] == sorted(event.time for event in log)
    whole(services, me)


@pytest.mark.parametrize("jump", JUMPS, ids=["a day", "a year"])
def test_a_clock_that_jumped_back_makes_no_session_fresh_and_ends_none(
    sqlite_services: Services, clock: SetClock, jump: timedelta
) -> None:
    services = sqlite_services
    me = people.welcome(services, "Ana", "correct horse").id
    token = people.sign_in(services, "Ana", "correct horse")
    clock.moment -= jump
    account = whoami(services, token)
    assert account is not None
    assert account.id == me
    assert not is_fresh(services, me, Visit(token))
    clock.moment += jump
    assert whoami(services, token)


def test_what_ended_while_the_clock_was_a_year_ahead_is_over_and_nobody_is_locked_out(
    sqlite_services: Services, clock: SetClock
) -> None:
    services = sqlite_services
    me = people.welcome(services, "Ana", "correct horse").id
    token = people.sign_in(services, "Ana", "correct horse")
    secret = tokens.make_token(services, me, Visit(token), "a program", list(Scope), None, 90)
    clock.move(days=365)
    assert whoami(services, token) is None
    assert tokens.find_token(services, secret) is None
    later = people.sign_in(services, "Ana", "correct horse")
    clock.move(days=-365)
    assert whoami(services, later)
    assert people.sign_in(services, "Ana", "correct horse")


@pytest.mark.parametrize("jump", JUMPS, ids=["a day", "a year"])
def test_a_consent_stands_by_the_clock_alone(
    sqlite_services: Services, clock: SetClock, jump: timedelta
) -> None:
    services = sqlite_services
    me = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, me, "Talks", ["a"])
    other = Account(PersonId(str(uuid4())), "Sam", clock.now())
    now = clock.now()
    consent = Consent(ladder.id, ALL_FIELDS, now, now + timedelta(hours=1))
    with services.store.writing(me) as tx:
        tx.people.add(other, Credentials(other.id, b"sam", ""))
        tx.bonds.put(Bond(me, str(uuid4()), other.id, Role.COACH, now, consents=(consent,)))

    def shown() -> int:
        with services.store.reading() as tx:
            return len(grants_of(tx.bonds.held_by(other.id, [Role.COACH]), clock.now()))

    assert shown() == 1
    clock.moment += jump
    assert shown() == 0
    clock.moment -= jump
    assert shown() == 1


class Jumps:
    """Lets a worker look once between all jumps of the clock, and then end."""

    def __init__(self, clock: SetClock, *jumps: timedelta) -> None:
        self._clock, self._jumps = clock, list(jumps)

    def is_set(self) -> bool:
        return not self._jumps

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.moment += self._jumps.pop(0)
        return self.is_set()


@pytest.mark.parametrize("jump", JUMPS, ids=["a day", "a year"])
def test_reminders_go_on_when_a_clock_that_was_ahead_is_right_again(
    sqlite_services: Services, clock: SetClock, jump: timedelta
) -> None:
    services = sqlite_services
    me = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, me, "Talks", ["a"])
    daily, once = Rule((time(18),), tuple(range(7))), Rule((time(18),), day=date(2028, 1, 1))
    made = [reminders.make_reminder(services, me, "ladder", ladder.id, None, rule) for rule in (daily, once)]

    def next_moments() -> list[datetime | None]:
        with services.store.reading() as tx:
            found = [tx.reminders.get(me, one.id) for one in made]
        return [one.next_at if one is not None else None for one in found]

    right = next_moments()
    deliver_until(services, Jumps(clock, timedelta(), jump, timedelta()))
    assert next_moments() == [right[0] and right[0] + jump, right[1]]
    # The process that ran while the clock was wrong notices, and so does one that is started afterwards.
    deliver_until(services, Jumps(clock, -jump, timedelta()))
    assert next_moments() == right
    clock.moment += timedelta(days=365)
    deliver_until(services, Jumps(clock, timedelta(days=-365)))
    deliver_until(services, Jumps(clock, timedelta()))
    assert next_moments() == right


# Devices that were away

NAMED = UUID(int=7)
STEPS = [StepId(str(uuid5(NAMED, f"step {number}"))) for number in range(4)]
LADDER = LadderId(str(uuid5(NAMED, "ladder")))
ME = PersonId(str(uuid5(NAMED, "me")))


def _week(account: str, device: str, began: datetime, known: EventId) -> list[dict[str, Any]]:
    """What one device keeps in a week: deeds, judgements, looking back; on something that both know, too."""

    def named(thing: str) -> str:
        return str(uuid5(NAMED, f"{device} {thing}"))

    items: list[dict[str, Any]] = []
    # The second device counts its hours differently, so that what they did lies between each other.
    offset = timedelta(hours=3 if device == "phone" else 4, minutes=len(device))
    for day in range(7):
        at = began + timedelta(days=day) + offset
        common = {"account": account, "at": at.isoformat()}
        did = ("done", "tried", "avoided", "partly", "skipped")[(day + len(device)) % 5]
        deed = {"id": named(f"deed {day}"), "kind": "log", "ladder": LADDER, "did": did, "fields": {}}
        items.append({**common, **deed, "step": STEPS[day % 4]})
        later = {"account": account, "at": (at + timedelta(minutes=5)).isoformat()}
        if did not in ("avoided", "skipped"):
            said = {"what_next": f"{device} {day}", "cause": "way"}
            about = {"id": named(f"said {day}"), "kind": "reflect", "event": deed["id"], "fields": said}
            items.append({**later, **about})
        rated = {STEPS[day % 4]: str(10 * day + len(device))}
        judged = {"id": named(f"judged {day}"), "kind": "judge", "ladder": LADDER, "ratings": rated}
        items.append({**later, **judged, "feared": {}, "fields": {}})
    at = began + timedelta(days=3) + offset
    about = {"id": named("said of both"), "kind": "reflect", "event": known, "at": at.isoformat()}
    return [*items, {**about, "account": account, "fields": {"what_next": device, "cause": "way"}}]


def _merged(services: Services, clock: SetClock, order: list[str], *, in_bits: bool) -> tuple[object, ...]:
    """The log, the texts and the state of somebody whose devices come back in this order."""
    now = clock.now()
    account = Account(ME, "Ana", now)
    steps = tuple(Step(one, f"step {number}", float(number)) for number, one in enumerate(STEPS))
    with services.store.writing(ME) as tx:
        tx.people.add(account, Credentials(ME, b"ana", ""))
        tx.ladders.put(Ladder(LADDER, ME, "Talks", 0.75, now, None, steps))
        token = open_session(services, tx, ME)
    known = evidence.record(services, ME, LADDER, STEPS[0], Did.DONE, str(uuid5(NAMED, "known")), now)
    clock.move(days=8)
    with served(create_app(services, Settings())) as address, Visitor(address) as visitor:
        visitor.cookies.set("rung", token, domain="localhost.local")
        key = visitor.get("/pocket").json()["accounts"][0]
        for device in order:
            items = _week(key, device, now, known)
            size = 3 if in_bits else len(items)
            for place in range(0, len(items), size):
                answer = visitor.post("/outbox", json=items[place : place + size])
                assert answer.status_code == 200
                states = {one["state"] for one in answer.json()["answers"]}
                # Of what both looked back on, what was said later stands, whichever came first.
                assert states <= {"stored", "known", "refused"}, answer.text
    clock.move(days=-8)
    log = evidence.log_of(services, ME)
    with services.store.reading() as tx:
        state, texts = believer(services, tx, ME), tx.evidence.texts(ME)
    assert state == services.engine.replay(log)
    return log, log_to_bytes(log), texts, state.to_json()


def test_two_devices_that_were_away_for_a_week_make_the_same_log_in_either_order(
    databases: Databases, open_at: Callable[[str], Services], clock: SetClock
) -> None:
    one = _merged(open_at(databases.fresh()), clock, ["phone", "laptop"], in_bits=False)
    other = _merged(open_at(databases.fresh()), clock, ["laptop", "phone"], in_bits=False)
    # In a tunnel: a few at a time, and all of one device sent twice.
    bits = _merged(open_at(databases.fresh()), clock, ["laptop", "phone", "laptop"], in_bits=True)
    assert one == other
    assert one == bits
    texts = one[2]
    assert isinstance(texts, dict)
    assert texts[EventId(str(uuid5(NAMED, "known")))] == {"what_next": "laptop", "cause": "way"}


# Backups


def test_a_backup_made_while_people_write_restores_to_the_byte(
    databases: Databases, open_at: Callable[[str], Services], tmp_path: Path
) -> None:
    services, target = open_at(databases.fresh()), open_at(databases.fresh())
    store, into = services.store, target.store
    assert isinstance(store, DatabaseStore)
    assert isinstance(into, DatabaseStore)
    me = people.welcome(services, "Ana", "correct horse").id
    ladder = ladders.name_ladder(services, me, "Talks", ["a", "b"])
    folder = BackupFolder(tmp_path)
    for number in range(3):
        with _writing(services, me, ladder), folder.locked():
            made = back_up(store.engine, folder, services.vault, Reason.ASKED, services.clock.now())
        restore_file(tmp_path / made.name, into, folder, services.vault, services.clock.now())
        whole(target, me)
        assert len(evidence.log_of(target, me)) >= number
    with folder.locked():
        made = back_up(store.engine, folder, services.vault, Reason.ASKED, services.clock.now())
    restore_file(tmp_path / made.name, into, folder, services.vault, services.clock.now())
    assert _sums(into) == _sums(store)


@contextmanager
def _writing(services: Services, me: PersonId, ladder: Ladder) -> Iterator[None]:
    """Somebody writes all the while, from two places."""
    stop, wrote = threading.Event(), threading.Barrier(3)

    def write() -> None:
        is_first = True
        while is_first or not stop.is_set():
            event_id = evidence.record(services, me, ladder.id, ladder.steps[0].id, Did.DONE)
            evidence.reflect(services, me, event_id, Reflection(aid=0.5, what_helped="text"))
            if is_first:
                wrote.wait()
                is_first = False

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    wrote.wait()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _sums(store: DatabaseStore) -> dict[str, Sum]:
    with store.engine.connect() as connection:
        return {table.name: sum_of(connection, table) for table in tables_in(connection)}


# Load


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is read as Linux tells it")
def test_people_who_log_at_once_are_all_answered_and_all_of_it_is_stored() -> None:
    command = [sys.executable, "-m", "benchmarks.load", "--people", "8", "--seconds", "1", "--seeded", "2"]
    done = subprocess.run([*command, "--days", "20"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.partition("\n")[2])
    assert (told["errors"], told["stored as said"]) == (0, True), told
