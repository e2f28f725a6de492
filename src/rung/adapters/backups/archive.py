"""A backup as a file: a zip of one file of JSON Lines a table, and the manifest that vouches for them.

    tables/people.jsonl     one row a line, as an array in the order of the manifest's columns
    manifest.json           when, why and by which Rung; columns, rows and SHA-256 of every table
    seal.txt                keyed digest of the manifest

Any program can read it; the texts in it stay sealed. Both ways a thousand rows are in memory at a time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table

from rung.adapters.backups.manifest import Manifest, TableEntry, is_sealed, release, seal_of
from rung.adapters.backups.tables import Kind, Row, columns_of, line_of, rows_of, tables_in
from rung.adapters.database.sealed_columns import SEALED
from rung.adapters.database.upgrading import is_known, revision_of
from rung.adapters.vault import key_id_in
from rung.app.ports import Reason, Vault
from rung.errors import InvalidBackup, StoreUnavailable

__all__ = ["LEFT_OUT", "Archive", "manifest_of", "opened_archive", "write_archive"]

LEFT_OUT = frozenset({"sessions", "challenges", "tries"})
"""Tables of the moment: who is signed in must not come back, for somebody may have signed out since."""

_MANIFEST, _SEAL = "manifest.json", "seal.txt"
_SEALED = tuple((column.table.name, column.name) for column in SEALED)
_LARGEST_MANIFEST = 4 * 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)
"""What `zipfile` raises over a damaged file; `RuntimeError` over one that is locked or packed otherwise."""
Progress = Callable[[int], None]


def write_archive(
    connection: Connection,
    file: IO[bytes],
    vault: Vault,
    reason: Reason,
    made_at: datetime,
    progress: Progress | None = None,
) -> Manifest:
    """Write all tables as the connection sees them, which must be one moment of the database."""
    revision = revision_of(connection)
    if not revision:
        raise StoreUnavailable("The database holds nothing of Rung's: there is nothing to back up")
    entries: dict[str, TableEntry] = {}
    keys: set[bytes] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for table in tables_in(connection):
            if table.name not in LEFT_OUT:
                ids = _KeyIds(table)
                entries[table.name] = _write_table(archive, connection, table, ids, progress)
                keys |= ids.found
        manifest = Manifest(
            made_at,
            reason,
            release(),
            connection.dialect.name,
            revision,
            entries,
            tuple(sorted(one.hex() for one in keys if one)),
        )
        content = manifest.to_json()
        archive.writestr(_MANIFEST, content)
        archive.writestr(_SEAL, seal_of(vault, content))
    return manifest


class _KeyIds:
    """With which keys the texts of a table are sealed."""

    def __init__(self, table: Table) -> None:
        named = list(columns_of(table))
        self._places = [named.index(one) for where, one in _SEALED if where == table.name and one in named]
        self.found: set[bytes] = set()

    def look(self, row: Row) -> None:
        """Note the keys of a row."""
        self.found |= {key_id_in(row[place]) or b"" for place in self._places if row[place] is not None}


def _write_table(
    archive: zipfile.ZipFile, connection: Connection, table: Table, ids: _KeyIds, progress: Progress | None
) -> TableEntry:
    digest, rows, size = hashlib.sha256(), 0, 0
    with archive.open(_place_of(table.name), "w", force_zip64=True) as file:
        for row in rows_of(connection, table):
            line = line_of(row)
            ids.look(row)
            digest.update(line)
            file.write(line)
            rows, size = rows + 1, size + len(line)
            if progress:
                progress(1)
    return TableEntry(columns_of(table), rows, size, digest.hexdigest())


def _place_of(table: str) -> str:
    return f"tables/{table}.jsonl"


class Archive:
    """An open backup whose manifest is read, and belongs to this server and this Rung."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table; `InvalidBackup` at the end where they are not those of the manifest."""
        entry = self.manifest.tables[table]
        digest, rows, size = hashlib.sha256(), 0, 0
        kinds = tuple(entry.columns.values())
        try:
            with self._archive.open(_place_of(table)) as file:
                while line := file.readline(_LONGEST_LINE):
                    digest.update(line)
                    rows, size = rows + 1, size + len(line)
                    yield _row_of(table, line, kinds)
        except _BROKEN as error:
            raise _damaged(table) from error
        if (rows, size, digest.hexdigest()) != (entry.rows, entry.bytes, entry.sha256):
            raise _damaged(table)

    def check_sums(self) -> None:
        """Read everything, and hold it against the manifest."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass


@contextmanager
def opened_archive(path: Path, vault: Vault) -> Iterator[Archive]:
    """Open a backup of this server; `InvalidBackup` says what is wrong where it is none."""
    with _zip(path) as archive:
        content = _small(archive, _MANIFEST)
        manifest = Manifest.from_json(content)
        key_ids = {one.hex() for one in getattr(vault, "key_ids", ())}
        missing = set(manifest.keys) - key_ids
        if missing:
            raise InvalidBackup(
                "The backup was sealed with another key, which is not at hand: put the key file of that time "
                f"into the data folder, or set RUNG_KEY (missing: {', '.join(sorted(missing))})"
            )
        if not is_sealed(vault, content, _small(archive, _SEAL)):
            raise InvalidBackup(
                "The backup was changed after it was made, or made by a server with another key: "
                "its seal does not fit. Use another backup"
            )
        if not is_known(manifest.revision):
            raise InvalidBackup(
                f"The backup was made by a newer Rung ({manifest.release}): install that one, then restore"
            )
        wanted = {_MANIFEST, _SEAL, *map(_place_of, manifest.tables)}
        if sorted(archive.namelist()) != sorted(wanted):
            raise InvalidBackup("The backup is damaged: it does not hold the files that its manifest names")
        yield Archive(archive, manifest)


def manifest_of(path: Path) -> Manifest:
    """What a backup says of itself; whether that is true is not looked at."""
    with _zip(path) as archive:
        return Manifest.from_json(_small(archive, _MANIFEST))


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise InvalidBackup(f"There is no backup {path.name}") from error
    except _BROKEN as error:
        raise InvalidBackup(
            f"{path.name} is no backup, or one that was cut short: use another one"
        ) from error
    with archive:
        yield archive


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > _LARGEST_MANIFEST:
            raise InvalidBackup("This is no backup of Rung")
        return archive.read(name)
    except KeyError as error:
        raise InvalidBackup("This is no backup of Rung") from error
    except _BROKEN as error:
        raise InvalidBackup("The backup is damaged: its manifest cannot be read") from error


def _row_of(table: str, line: bytes, kinds: tuple[Kind, ...]) -> Row:
    try:
        cells = json.loads(line)
        return [_value(cell, kind) for cell, kind in zip(cells, kinds, strict=True)]
    except (ValueError, TypeError) as error:
        raise _damaged(table) from error


def _value(cell: Any, kind: Kind) -> Any:
    if cell is None:
        return None
    if kind is Kind.BYTES:
        return base64.b64decode(cell, validate=True)
    return datetime.fromisoformat(cell) if kind is Kind.TIME else cell


def _damaged(table: str) -> InvalidBackup:
    return InvalidBackup(
        f"The backup is damaged: its table {table} is not what the manifest says. Use another"
    )
