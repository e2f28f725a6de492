"""Moving to another database: every row counted and compared, and the one it comes from left as it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Engine, inspect
from sqlalchemy.exc import DBAPIError

from rung.adapters.backups.replacing import is_empty, move_rows, snapshot
from rung.adapters.backups.tables import Sum, count, tables_in
from rung.adapters.database.connections import connect, database_address
from rung.adapters.database.upgrading import head_revision, revision_of, upgrade
from rung.errors import Conflict, StoreUnavailable

__all__ = ["move", "rows_stored", "rows_to_move", "target_address"]

_HOLDS = (
    "The database to move to holds something already: name an empty one. Nothing was changed, here or there"
)


def target_address(told: str) -> URL:
    """The address that is moved to: a URL, or `sqlite:FOLDER` for the file `rung.db` in a data folder.

    >>> target_address("sqlite:data").database
    'data/rung.db'
    """
    if told.startswith("sqlite:") and not told.startswith("sqlite://"):
        return database_address(Path(told.removeprefix("sqlite:")), None)
    return database_address(Path(), told)


def rows_to_move(engine: Engine) -> int:
    """How many rows there are to move; `StoreUnavailable` where the tables are not those of this Rung."""
    with snapshot(engine) as connection:
        if revision_of(connection) != head_revision():
            raise StoreUnavailable(
                "The tables are of another Rung: start this one once, which brings them up to date, then move"
            )
    return rows_stored(engine)


def rows_stored(engine: Engine) -> int:
    """How many rows there are, of whichever revision."""
    with snapshot(engine) as connection:
        return sum(count(connection, table) for table in tables_in(connection))


def move(source: Engine, address: URL, progress: Callable[[int], None] | None = None) -> dict[str, Sum]:
    """Copy everything to an empty database; rows and SHA-256 of every table, as they arrived."""
    made = _made(address)
    target = connect(address)
    is_done = False
    try:
        _check_empty(target)
        upgrade(target)
        with snapshot(source) as reading, target.connect() as connection:
            connection = connection.execution_options(is_writing=True)
            with connection.begin():
                sums = move_rows(reading, connection, progress)
        is_done = True
        return sums
    except DBAPIError as error:
        raise StoreUnavailable(f"The database to move to cannot be used: {error.orig}") from error
    finally:
        target.dispose()
        if made and not is_done:
            _take_back(made)


def _made(address: URL) -> Path | None:
    """Make the file of a new SQLite database for its owner alone; None where nothing had to be made."""
    if address.get_backend_name() != "sqlite":
        return None
    path = Path(address.database or "")
    if path.exists():
        return None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreUnavailable(f"The database {path} cannot be made: {error.strerror}") from error
    return path


def _take_back(path: Path) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(OSError):
            os.unlink(name)


def _check_empty(target: Engine) -> None:
    with target.connect() as connection:
        if revision_of(connection):
            if not is_empty(connection):
                raise Conflict(_HOLDS)
        elif inspect(connection).get_table_names():
            raise Conflict(_HOLDS)
