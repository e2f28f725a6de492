"""How Rung talks to its database: one engine a process, set up for SQLite or PostgreSQL.

SQLite runs in WAL mode, so that readers never wait for the writer, with synchronous=FULL: a client drops
its copy of an attempt when the server says "saved", so "saved" must survive a power cut, which NORMAL
does not promise in WAL mode (https://www.sqlite.org/pragma.html#pragma_synchronous).
secure_delete overwrites what is deleted, for a deleted account must be gone from the file too.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from rung.errors import MissingExtra, StoreUnavailable

__all__ = ["connect", "cut_write_ahead_log", "database_address", "is_sqlite"]

_BUSY_SECONDS = 15
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
)


def database_address(data_folder: Path, database_url: str | None) -> URL:
    """The database's address: `rung.db` in the data folder unless a URL says otherwise."""
    if not database_url:
        return URL.create("sqlite", database=str(data_folder / "rung.db"))
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        # Nothing of the address is told: it may hold a password.
        raise StoreUnavailable(
            "The database address is no URL that Rung can read: write postgresql://name:password@host:port/"
            "database with a number as port, or sqlite:///folder/rung.db"
        ) from None
    if "@" in (url.host or ""):
        raise StoreUnavailable("The database address has more than one @: write @ in the password as %40")
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreUnavailable("The database address names no file: use sqlite:///folder/rung.db")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreUnavailable(
            f"Rung cannot use a {url.drivername} database: use postgresql://... or sqlite:///..."
        )
    return url


def is_sqlite(engine: Engine) -> bool:
    """True for SQLite."""
    return engine.dialect.name == "sqlite"


def connect(url: URL) -> Engine:
    """The engine for a database; connects when it is first used."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ImportError as error:
        raise MissingExtra("PostgreSQL", "postgresql") from error


def cut_write_ahead_log(engine: Engine, patience: float) -> bool:
    """Move SQLite's write-ahead log into the file and cut it to nothing; False where a reader needs it still.

    What was deleted stays readable in it until then. `patience` is how many seconds to wait for readers.
    """
    try:
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")
            try:
                is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    except (sqlite3.Error, DBAPIError):
        return False
    return not is_busy


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own idea of when a transaction begins is switched off: `_begin_sqlite` says when.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    # A transaction that reads first and writes later can fail halfway: one that will write says so at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
