"""A backup built up on the side: the proof that it restores, and what is restored from.

It goes into a new SQLite file with the tables of its own revision, is brought up to date by the same
migrations as any database, and is looked through there. Nothing of the server is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from rung.adapters.backups.archive import LEFT_OUT, Archive
from rung.adapters.backups.reading import Readable, readable_texts
from rung.adapters.backups.tables import columns_of, fill, tables_in
from rung.adapters.database.connections import connect
from rung.adapters.database.upgrading import head_revision, migrate_to
from rung.app.ports import Vault
from rung.errors import InvalidBackup, RungError, StoreUnavailable

__all__ = ["Rebuilt", "rebuilt"]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A backup as a database of today."""

    engine: Engine
    texts: Readable


@contextmanager
def rebuilt(
    archive: Archive, folder: Path, vault: Vault, progress: Callable[[int], None] | None = None
) -> Iterator[Rebuilt]:
    """Build a backup up in a folder, and look it through; `InvalidBackup` where it would not restore."""
    engine = connect(URL.create("sqlite", database=str(folder / "rebuilt.db")))
    event.listen(engine, "connect", _hurry)
    try:
        with engine.connect() as connection, _told():
            with connection.begin():
                _fill(connection, archive, progress)
            with connection.begin():
                migrate_to(connection, head_revision())
            texts = _looked_through(connection, vault)
        yield Rebuilt(engine, texts)
    finally:
        engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    """A file that is thrown away needs no safety against power cuts."""
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _fill(connection: Connection, archive: Archive, progress: Callable[[int], None] | None) -> None:
    migrate_to(connection, archive.manifest.revision)
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    tables = [table for table in tables_in(connection) if table.name not in LEFT_OUT]
    if {table.name for table in tables} != set(archive.manifest.tables):
        raise InvalidBackup("The backup does not hold the tables of its revision: use another one")
    for table in tables:
        entry = archive.manifest.tables[table.name]
        if dict(entry.columns) != columns_of(table):
            raise InvalidBackup(f"The backup's table {table.name} has other columns than its revision")
        filled = fill(connection, table, archive.rows(table.name), tuple(entry.columns))
        if progress:
            progress(filled.rows)


def _looked_through(connection: Connection, vault: Vault) -> Readable:
    found = connection.execute(text("PRAGMA integrity_check")).scalars().all()
    if found != ["ok"]:
        raise StoreUnavailable(f"The backup could not be built up: {'; '.join(map(str, found[:3]))}")
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        raise InvalidBackup(
            f"The backup has {len(orphans):,} rows that belong to nothing, in {orphans[0][0]}"
        )
    texts = readable_texts(connection, vault)
    if texts.names and texts.names == texts.broken_names:
        raise InvalidBackup("The key at hand opens no name in the backup: put back the key of that time")
    return texts


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except RungError:
        raise
    except OperationalError as error:
        raise StoreUnavailable(
            f"The backup could not be built up beside the others ({error.orig}): make room on that disk. "
            "Nothing was changed"
        ) from error
    except DBAPIError as error:
        raise InvalidBackup(f"The backup does not fit its tables: {error.orig}") from error
    except ValueError as error:
        raise InvalidBackup(f"The backup does not fit its tables: {error}") from error
