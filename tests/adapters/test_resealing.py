"""Sealing with a new key what an old one sealed: everything, wherever it stops, and while Rung serves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, select, update
from tests.conftest import Databases

from rung.adapters.database import DatabaseStore, connect, database_address
from rung.adapters.database.resealing import AT_ONCE, Resealed, count_sealed, reseal
from rung.adapters.database.schema import metadata, texts
from rung.adapters.database.schema import people as people_table
from rung.adapters.database.sealed_columns import NOT_SEALED, SEALED, place_of
from rung.adapters.vault import KEY_FILE, AesVault, new_key, read_keys
from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.accounts import people, recovery
from rung.app.accounts.credentials import name_keys
from rung.app.accounts.preferences import set_preferences
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.keeping.archive import import_log
from rung.app.model import Did, PersonId, Reflection
from rung.app.policies import Role, Scope
from rung.app.ports import Identity, Services, Transaction
from rung.app.ports.programs import KeptAnswer, Token
from rung.app.ports.reminding import Subscription
from rung.app.ports.sharing import Group, Left, Offer, Read
from rung.app.ports.sheets import ScaledGoal, Scaling
from rung.app.ports.ways_in import Passkey
from rung.app.ports.webhooks import Webhook
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule
from rung.cli.main import cli
from rung.errors import SealBroken, SignInFailed, StoreUnavailable

OLD, NEW = (read_keys(new_key(), "the test")[0] for _ in range(2))
PASSWORD = "correct horse"

WRITER = """
import pathlib, sys
from rung.adapters.wiring import open_services
from rung.adapters.database import resealing
from rung.app.accounts.credentials import name_keys
services = open_services(pathlib.Path(sys.argv[1]), sys.argv[2])
rewrite = resealing._rewrite
def told(*arguments):
    print("one", flush=True)
    return rewrite(*arguments)
resealing._rewrite = told
resealing.reseal(services.store, services.vault, lambda name: name_keys(services, name))
print("done", flush=True)
"""


def test_every_column_of_bytes_is_sealed_or_said_why_not() -> None:
    of_bytes = {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    listed = [str(column) for column in (*SEALED, *NOT_SEALED)]
    assert len(listed) == len(set(listed))
    assert set(listed) == of_bytes, "register new columns in adapters/database/sealed_columns.py"
    assert all(NOT_SEALED.values())


def test_the_rule_of_the_places_is_the_one_by_which_tables_seal(services: Services) -> None:
    _live(services)
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        for column in SEALED:
            rows = connection.execute(select(column.table).where(column.is_not(None))).all()
            assert rows, f"the test has nothing sealed in {column}: add it to _live"
            for row in rows:
                assert services.vault.open(bytes(row._mapping[column]), place_of(column, row))


@pytest.fixture
def with_keys(services: Services) -> Callable[..., Services]:
    """The same server with other keys, the one that seals first."""

    def changed(*keys: bytes) -> Services:
        assert isinstance(services.store, DatabaseStore)
        vault = AesVault(keys)
        return replace(services, store=DatabaseStore(services.store.engine, vault), vault=vault)

    return changed


def _resealed(services: Services, *, end_codes: bool = False) -> Resealed:
    assert isinstance(services.store, DatabaseStore)
    assert isinstance(services.vault, AesVault)
    return reseal(services.store, services.vault, lambda name: name_keys(services, name), end_codes=end_codes)


def test_afterwards_the_old_key_is_needed_no_more(with_keys: Callable[..., Services]) -> None:
    before = with_keys(OLD)
    person = _live(before)
    both = with_keys(NEW, OLD)
    done = _resealed(both)
    assert done.rewritten == done.texts >= len(SEALED)
    assert (done.keys, done.name_keys, done.identities) == (2, 1, 1)
    after = with_keys(NEW)
    assert people.sign_in(after, "ana", PASSWORD)
    assert people.account_of(after, person).name == "Ana"
    assert [one.name for one in ladders.ladders_of(after, person)] == [
        one.name for one in ladders.ladders_of(both, person)
    ]
    with after.store.reading() as tx, both.store.reading() as same:
        assert tx.evidence.log(person) == same.evidence.log(person)
        assert tx.evidence.texts(person) == same.evidence.texts(person)
        assert tx.webhooks.of(person) == same.webhooks.of(person)
    with pytest.raises(SealBroken):
        people.account_of(before, person)


def test_twice_does_nothing_more(with_keys: Callable[..., Services]) -> None:
    _live(with_keys(OLD))
    both = with_keys(NEW, OLD)
    first, second = _resealed(both), _resealed(both)
    assert second == replace(first, rewritten=0, name_keys=0)


def test_what_does_not_open_ends_it_before_anything_is_written(with_keys: Callable[..., Services]) -> None:
    before = with_keys(OLD)
    person = _live(before)
    assert isinstance(before.store, DatabaseStore)
    with before.store.engine.begin() as connection:
        row = connection.execute(select(texts)).first()
        assert row is not None
        broken = bytes(row.text)[:-1] + bytes([bytes(row.text)[-1] ^ 1])
        is_it = (texts.c.event == row.event) & (texts.c.field == row.field)
        connection.execute(update(texts).where(is_it).values(text=broken))
    with pytest.raises(SealBroken, match=r"1 in texts\.text"):
        _resealed(with_keys(NEW, OLD))
    with pytest.raises(SealBroken, match="put back the key"):
        _resealed(with_keys(NEW))
    assert people.account_of(before, person).name == "Ana"


def test_a_digest_that_does_not_fit_its_name_is_told(with_keys: Callable[..., Services]) -> None:
    before = with_keys(OLD)
    _live(before)
    assert isinstance(before.store, DatabaseStore)
    with before.store.engine.begin() as connection:
        connection.execute(update(people_table).values(name_key=b"of another name"))
    with pytest.raises(SealBroken, match="does not fit"):
        _resealed(with_keys(NEW, OLD))


def test_a_server_that_still_seals_with_the_old_key_is_noticed(
    with_keys: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = with_keys(OLD)
    person = _live(before)
    both = with_keys(NEW, OLD)
    _resealed(both)
    from rung.adapters.database import resealing

    rewrite = resealing._rewrite_table

    def with_somebody_else(*arguments: object) -> tuple[int, int]:
        done = rewrite(*arguments)  # type: ignore[arg-type]
        with before.store.writing(person) as tx:
            tx.people.rename(person, "Ana", name_keys(before, "Ana")[0])
        return done

    monkeypatch.setattr(resealing, "_rewrite_table", with_somebody_else)
    with pytest.raises(SealBroken, match=r"1 in people\.name.*restart the server with the new key"):
        _resealed(both)


def test_rows_that_a_request_holds_are_waited_for_by_nobody(
    postgresql: Databases, open_at: Callable[[str], Services]
) -> None:
    services = open_at(postgresql.fresh())
    _live(services)
    assert isinstance(services.store, DatabaseStore)
    vault = AesVault((NEW, *services.vault._keys))  # type: ignore[attr-defined]
    with services.store.engine.connect() as request:
        request.execute(select(people_table).with_for_update())
        with pytest.raises(StoreUnavailable, match="still being sealed with an older key"):
            reseal(DatabaseStore(services.store.engine, vault), vault, lambda name: [b""])


def test_recovery_codes_need_the_old_key_until_they_end(with_keys: Callable[..., Services]) -> None:
    before = with_keys(OLD)
    person = _live(before)
    codes = recovery.make_codes(before, person, Visit(people.sign_in(before, "Ana", PASSWORD)))
    both = with_keys(NEW, OLD)
    done = _resealed(both)
    assert (done.codes, done.people_with_codes, done.codes_ended) == (10, 1, False)
    assert recovery.sign_in_with_code(both, "Ana", codes[0])
    with pytest.raises(SignInFailed):
        recovery.sign_in_with_code(with_keys(NEW), "Ana", codes[1])
    ended = _resealed(both, end_codes=True)
    assert (ended.codes, ended.codes_ended) == (9, True)
    assert recovery.codes_left(both, person) == 0


def test_killed_in_the_middle_each_text_opens_and_the_next_run_goes_on(
    tmp_path: Path, databases: Databases
) -> None:
    url, keys = databases.fresh(), [new_key(), new_key()]
    old, both, new = keys[1], " ".join(keys), keys[0]
    services = open_services(tmp_path, url, {"RUNG_KEY": old})
    person = people.welcome(services, "Ana", PASSWORD).id
    names = [f"step {number}" for number in range(12)]
    for number in range(2 * AT_ONCE // 12):
        ladders.name_ladder(services, person, f"ladder {number}", names)
    services.store.close()
    command = [sys.executable, "-c", WRITER, str(tmp_path), url]
    environment = {**os.environ, "RUNG_KEY": both}
    # Once in the middle of a transaction, and once after the first of the steps was made.
    for lines in (3, AT_ONCE + 80):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout
            said = [process.stdout.readline() for _ in range(lines)]
            os.kill(process.pid, signal.SIGKILL)
        assert "done\n" not in said
        services = open_services(tmp_path, url, {"RUNG_KEY": both})
        assert len(ladders.ladders_of(services, person)) == 2 * AT_ONCE // 12
        services.store.close()
    done = CliRunner().invoke(
        cli, ["reseal", "--data", str(tmp_path), "--database", url, "--json"], env={"RUNG_KEY": both}
    )
    told = json.loads(done.stdout)
    assert 0 < told["rewritten"] < told["texts"]
    services = open_services(tmp_path, url, {"RUNG_KEY": new})
    assert [step.name for step in ladders.ladders_of(services, person)[0].steps] == names
    services.store.close()


def test_the_command_says_what_it_did_and_what_is_left_to_do(tmp_path: Path) -> None:
    services = open_services(tmp_path, environment={})
    person = _live(services)
    recovery.make_codes(services, person, Visit(people.sign_in(services, "Ana", PASSWORD)))
    services.store.close()

    def run(*options: str) -> str:
        done = CliRunner().invoke(cli, ["reseal", "--data", str(tmp_path), *options], env={"RUNG_KEY": ""})
        assert done.exit_code == 0, done.output
        return done.output

    assert "There is no older key at hand" in run()
    key_file = tmp_path / KEY_FILE
    before = key_file.read_text()
    key_file.write_text(f"{new_key()}\n{before}")
    told = run()
    assert "the digests of 1 name." in told
    assert "1 account has recovery codes" in told
    assert "1 account elsewhere (OpenID Connect) is known by an older key" in told
    assert "10 recovery codes of 1 account ended" in run("--end-codes")
    key_file.write_text(key_file.read_text().splitlines()[0])
    services = open_services(tmp_path, environment={})
    assert people.account_of(services, person).name == "Ana"
    services.store.close()


def test_progress_goes_through_every_row_twice(sqlite_services: Services) -> None:
    _live(sqlite_services)
    assert isinstance(sqlite_services.store, DatabaseStore)
    assert isinstance(sqlite_services.vault, AesVault)
    told: list[int] = []
    reseal(
        sqlite_services.store,
        sqlite_services.vault,
        lambda name: name_keys(sqlite_services, name),
        told.append,
    )
    assert sum(told) == 2 * count_sealed(sqlite_services.store)


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["reseal", "--data", str(tmp_path / "nowhere")])
    assert done.exit_code == 1
    assert not (tmp_path / "nowhere").exists()
    store = DatabaseStore(connect(database_address(tmp_path, None)), AesVault([OLD]))
    with pytest.raises(StoreUnavailable, match="Run this again"):
        count_sealed(store)
    store.close()


LOG = """person,domain,task,time,kind,value,mood,context
x,Talks,say it,0,judgement,0.5,rather low,in the hall
"""


def _live(services: Services) -> PersonId:
    """Somebody of whom there is a sealed text in every column that can hold one."""
    me = people.welcome(services, "Ana", PASSWORD).id
    people.sign_in(services, "Ana", PASSWORD, "a browser")
    made = ladders.name_ladder(services, me, "Talks", ["say it", "say it aloud"])
    step, now = made.steps[0].id, services.clock.now()
    event = evidence.record(services, me, made.id, step, Did.DONE)
    evidence.reflect(services, me, event, Reflection(what_helped="text", what_next="more"))
    plans.make(services, me, made.id, step, Draft(at=now + timedelta(days=1), where="at home"))
    reminders.make_reminder(services, me, "step", made.id, step, Rule((time(18),), (0,)))
    set_preferences(services, me, email="ana@example.org")
    import_log(services, me, LOG.encode(), "log.csv")
    with services.store.writing(me) as tx:
        tx.identities.add(Identity(me, b"issuer", b"subject", "ana elsewhere", now))
        tx.passkeys.add(Passkey(me, b"its id", b"its public half", 0, "key", now))
        tx.subscriptions.put(Subscription(_id(), me, "https://push.example", "p", "a", "k", "agent", now))
        _let_in(tx, me, services)
        token = Token(me, _id(), "program", b"digest", frozenset(Scope), None, now, now + timedelta(days=1))
        tx.tokens.add(token)
        tx.kept_answers.put(KeptAnswer(me, token.id, b"\x01key", b"request", now, "an answer"))
        address = "https://hook.example"
        tx.webhooks.put(Webhook(me, _id(), "hook", address, "secret", frozenset({"attempt"}), now, now))
    return me


def _let_in(tx: Transaction, me: PersonId, services: Services) -> None:
    now = services.clock.now()
    ladder = tx.ladders.of(me)[0].id
    group = Group(me, _id(), "a class", now)
    tx.groups.put(group)
    tx.offers.add(Offer(me, _id(), b"token", Role.COACH, True, "for Sam", now, now + timedelta(days=1)))
    tx.reads.add([Read(me, _id(), now, "Sam", "ladder", ladder, frozenset())])
    goal = ScaledGoal(_id(), "a goal", 1, ("--", "-", "as expected", "+", "++"))
    tx.scalings.put(Scaling(me, ladder, (goal,)))
    tx.left.put(Left(me, _id(), None, ladder, "comment", "open", now, {"text": "well seen"}))


def _id() -> str:
    return str(uuid4())
