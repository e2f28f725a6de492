"""Databases and services for every test that needs them: each test gets its own, of both kinds."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest
from tests.databases import (
    SetClock,
    emptied_database,
    fast_passwords,
    new_database,
    postgresql_binaries,
    postgresql_server,
)

from rung.adapters.database import DatabaseStore, connect, database_address, upgrade
from rung.adapters.passkeys import WebAuthnCeremonies
from rung.adapters.vault import AesVault, new_key, read_keys
from rung.app.accounts import people
from rung.app.model import Account, PersonId
from rung.app.ports import Credentials, Services
from rung.engine import Engine

_number = itertools.count(1)


class Databases(NamedTuple):
    """Databases of one kind, by their addresses."""

    bare: Callable[[], str]
    """A new one without tables."""
    fresh: Callable[[], str]
    """A new one with tables, to do anything with."""
    emptied: Callable[[], str]
    """One with no row in it; its tables must be left as they are, for others come after."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """PostgreSQL databases, on a server for the length of the session."""
    binaries = postgresql_binaries()
    if binaries is None:
        told = "PostgreSQL is not installed: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with postgresql_server(binaries) as server:
        _migrate(new_database(server, "model"))
        shared = new_database(server, "shared", template="model")
        yield Databases(
            bare=lambda: new_database(server, f"rung_{next(_number)}"),
            fresh=lambda: new_database(server, f"rung_{next(_number)}", template="model"),
            emptied=lambda: emptied_database(shared),
        )


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """SQLite databases, each in a file of its own."""
    folder = tmp_path_factory.mktemp("sqlite")
    _migrate(f"sqlite:///{folder}/model.db")

    def fresh() -> str:
        path = folder / f"rung_{next(_number)}.db"
        shutil.copy(folder / "model.db", path)
        return f"sqlite:///{path}"

    return Databases(lambda: f"sqlite:///{folder}/rung_{next(_number)}.db", fresh, fresh)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Databases of one kind, and then of the other."""
    found: Databases = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def open_at(clock: SetClock) -> Iterator[Callable[[str], Services]]:
    """Opens services on a database address; they are closed after the test."""
    opened: list[Services] = []
    vault = AesVault(read_keys(new_key(), "the test"))

    def open_one(url: str) -> Services:
        store = DatabaseStore(connect(database_address(Path(), url)), vault)
        opened.append(Services(store, vault, fast_passwords(), clock, Engine(), WebAuthnCeremonies()))
        return opened[-1]

    yield open_one
    for services in opened:
        services.store.close()


@pytest.fixture
def services(databases: Databases, open_at: Callable[[str], Services]) -> Services:
    """Services on an empty database, with a clock that the test moves."""
    return open_at(databases.emptied())


@pytest.fixture
def sqlite_services(sqlite: Databases, open_at: Callable[[str], Services]) -> Services:
    """The same on SQLite alone, where the kind of database cannot matter."""
    return open_at(sqlite.fresh())


@pytest.fixture
def ana(services: Services) -> PersonId:
    """The first person of the server."""
    return people.welcome(services, "Ana", "correct horse").id


@pytest.fixture
def ben(services: Services, ana: PersonId) -> PersonId:
    """Somebody else on the same server."""
    return join(services, "Ben")


def join(services: Services, name: str = "") -> PersonId:
    """Add a person beside the first one, for which there is no use case yet."""
    name = name or f"person {next(_number)}"
    account = Account(PersonId(str(uuid4())), name, services.clock.now())
    key = services.vault.fingerprints(name.casefold(), "account name")[0]
    with services.store.writing(account.id) as tx:
        tx.people.add(account, Credentials(account.id, key, services.passwords.hash("battery staple")))
    return account.id


def _migrate(url: str) -> None:
    database = connect(database_address(Path(), url))
    upgrade(database)
    database.dispose()
