"""Databases of every older Rung, with rows in them: kept as a backup, brought up to date, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, MetaData
from tests.adapters.backups.lives import operations_of, server
from tests.conftest import Databases
from tests.databases import fast_passwords

from rung.adapters.backups.tables import Kind, columns_of
from rung.adapters.database import connect, database_address
from rung.adapters.database.sealing import sealed
from rung.adapters.database.upgrading import migrate_to, revision_of
from rung.adapters.vault import KEY_FILE, AesVault, new_key, read_keys
from rung.app import evidence
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.model import EventId, PersonId
from rung.app.ports import Reason
from rung.errors import StoreUnavailable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = new_key()
VAULT = AesVault(read_keys(KEY, "the test"))


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    engine = connect(database_address(Path(), address))
    try:
        yield engine
    finally:
        engine.dispose()


def older(address: str, revision: str) -> tuple[PersonId, EventId]:
    """A database as a Rung of that revision left it: a person, a ladder, an attempt with a text."""
    person, ladder, step, event = (str(uuid4()) for _ in range(4))
    with opened(address) as engine, engine.begin() as connection:
        migrate_to(connection, revision)
        key = VAULT.fingerprints("ana", "account name")[0]
        _put(
            connection,
            "people",
            id=person,
            name=sealed(VAULT, "Ana", "people.name", person),
            name_key=key,
            password_hash=fast_passwords().hash("correct horse"),
        )
        name = sealed(VAULT, "Talks", "ladders.name", person, ladder)
        _put(connection, "ladders", person=person, id=ladder, name=name, wanted_chance=0.75, archived_at=None)
        for one, difficulty in ((step, -1.0), (str(uuid4()), 1.0)):
            name = sealed(VAULT, "Say it", "steps.name", person, ladder, one)
            _put(
                connection, "steps", person=person, ladder=ladder, id=one, name=name, difficulty=difficulty,
                retired_at=None,
            )  # fmt: skip
        done = {
            "domain": ladder,
            "task": step,
            "time": NOW.timestamp() / 86400,
            "kind": "attempt",
            "value": 1.0,
        }
        _put(connection, "events", person=person, id=event, revision=1, number=1, **done)
        said = sealed(VAULT, "I began", "texts.text", person, event, "what_helped")
        _put(connection, "texts", person=person, event=event, field="what_helped", text=said)
        if revision != "0001":
            content = sealed(VAULT, '{"zone": "Europe/Berlin"}', "preferences.content", person)
            _put(connection, "preferences", person=person, content=content)
    return PersonId(person), EventId(event)


def _put(connection: Connection, table: str, **values: object) -> None:
    """Insert a row into a table as it is; what is not given is empty, or the moment."""
    found = MetaData()
    found.reflect(connection, only=[table])
    there = found.tables[table]
    empty: dict[Kind, object] = {Kind.TEXT: "", Kind.BOOLEAN: False}
    moment = NOW.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOW
    for column, kind in zip(there.columns, columns_of(there).values(), strict=True):
        if column.name not in values and not column.nullable:
            values[column.name] = moment if kind is Kind.TIME else empty[kind]
    connection.execute(there.insert(), values)


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_an_older_database_is_kept_as_a_backup_brought_up_to_date_and_opened(
    tmp_path: Path, databases: Databases, revision: str
) -> None:
    address = databases.bare()
    person, event = older(address, revision)
    with server(tmp_path, address, RUNG_KEY=KEY) as services:
        (kept,) = operations_of(services).backups()
        assert (kept.reason, kept.revision, kept.people) == (Reason.UPGRADE, revision, 1)
        assert people.sign_in(services, "Ana", "correct horse")
        (ladder,) = ladders.ladders_of(services, person)
        assert (ladder.name, [step.name for step in ladder.steps]) == ("Talks", ["Say it", "Say it"])
        assert [one.id for one in evidence.log_of(services, person)] == [event]
        assert evidence.texts_of(services, person, event) == {"what_helped": "I began"}
        people.delete_account(services, person, "correct horse")
        people.welcome(services, "Ben", "battery staple")
        done = operations_of(services).restore(kept.name)
        assert done.before
        assert people.account_of(services, person).name == "Ana"
        assert evidence.texts_of(services, person, event) == {"what_helped": "I began"}
    with server(tmp_path, address, RUNG_KEY=KEY) as services:
        assert len(operations_of(services).backups()) == 2, "up to date, so there is none before an upgrade"


def test_without_room_for_a_backup_nothing_is_upgraded(tmp_path: Path, databases: Databases) -> None:
    address = databases.bare()
    older(address, "0002")
    (tmp_path / "backups").write_text("in the way")
    with (
        pytest.raises(StoreUnavailable, match="there must be a backup first"),
        server(tmp_path, address, RUNG_KEY=KEY),
    ):
        pass
    with opened(address) as engine, engine.connect() as connection:
        assert revision_of(connection) == "0002"
    with server(tmp_path, address, RUNG_KEY=KEY, RUNG_BACKUPS="no") as services:
        assert people.sign_in(services, "Ana", "correct horse")


def test_without_the_key_nothing_is_upgraded(tmp_path: Path, databases: Databases) -> None:
    address = databases.bare()
    older(address, "0002")
    with pytest.raises(StoreUnavailable, match=KEY_FILE), server(tmp_path, address):
        pass
    with opened(address) as engine, engine.connect() as connection:
        assert revision_of(connection) == "0002"
