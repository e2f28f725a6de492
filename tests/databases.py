"""Real databases for tests: SQLite files, and a PostgreSQL server of our own on a unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from argon2 import PasswordHasher
from sqlalchemy import event

from rung.adapters.database import DatabaseStore
from rung.adapters.passwords import ArgonPasswords
from rung.app.ports import Services

__all__ = [
    "SetClock",
    "counted",
    "emptied_database",
    "fast_passwords",
    "new_database",
    "postgresql_binaries",
    "postgresql_server",
]


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def move(self, **amount: float) -> None:
        self.moment += timedelta(**amount)


def fast_passwords() -> ArgonPasswords:
    """argon2 at its weakest: tests hash hundreds of passwords."""
    return ArgonPasswords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def postgresql_binaries() -> Path | None:
    """The folder of initdb and pg_ctl; None where PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("pg_ctl")
    if found:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def postgresql_server(binaries: Path) -> Iterator[str]:
    """A server for the length of the block; its address without the name of a database."""
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="rung-postgresql-"))
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -F"
    try:
        _run(user, binaries / "initdb", "-D", data, "-U", "rung", "-A", "trust", "-E", "UTF8", "--no-sync")
        _run(user, binaries / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
        try:
            yield f"postgresql://rung@/{{}}?host={folder}"
        finally:
            _run(user, binaries / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str, template: str = "template1") -> str:
    """Make a database on the server, as a copy of another one; its address."""
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return server.format(name)


def emptied_database(address: str) -> str:
    """Delete every row; the address of the database."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("TRUNCATE people, tries CASCADE")
    return address


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: it gets another user then."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _run(user: str | None, *command: str | Path) -> None:
    # The server keeps the pipes of whoever started it: its output goes nowhere, its log into its folder.
    done = subprocess.run(
        command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}")


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """The queries of a block, without those that open and close transactions."""
    assert isinstance(services.store, DatabaseStore)
    queries: list[str] = []

    def note(*arguments: object) -> None:
        if str(arguments[2]).startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            queries.append(str(arguments[2]))

    event.listen(services.store.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(services.store.engine, "before_cursor_execute", note)
