"""The backups of one server: made from one moment of its database, proved before they replace anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from rung.adapters.backups.archive import opened_archive, write_archive
from rung.adapters.backups.folder import BackupFolder, backup_of
from rung.adapters.backups.manifest import Manifest, release
from rung.adapters.backups.rebuilding import rebuilt
from rung.adapters.backups.replacing import replace_rows, snapshot
from rung.adapters.backups.settings import BackupSettings
from rung.adapters.database.connections import is_sqlite
from rung.adapters.database.schema import people
from rung.adapters.database.store import DatabaseStore
from rung.adapters.database.upgrading import revision_of
from rung.app.ports import Backup, Checked, Clock, Finding, Reason, Restored, Standing, Vault
from rung.errors import StoreUnavailable

__all__ = [
    "AUTOMATIC",
    "ServerOperations",
    "back_up",
    "check_file",
    "database_bytes",
    "free_bytes",
    "restore_file",
]

AUTOMATIC = frozenset({Reason.NIGHTLY, Reason.UPGRADE, Reason.RESTORE})
"""The kinds that go by themselves when there are enough of them; what somebody asked for stays."""

Progress = Callable[[int], None]


def back_up(
    engine: Engine,
    folder: BackupFolder,
    vault: Vault,
    reason: Reason,
    made_at: datetime,
    progress: Progress | None = None,
) -> Backup:
    """Make a backup of one moment of a database that may be in use; the folder must be locked."""

    def fill(file: IO[bytes]) -> Manifest:
        with snapshot(engine) as connection:
            return write_archive(connection, file, vault, reason, made_at, progress)

    try:
        return folder.write(reason, made_at, vault, fill)
    except DBAPIError as error:
        raise StoreUnavailable(
            f"The database cannot be read ({error.orig}), and no backup was made: run `rung doctor`"
        ) from error


def check_file(path: Path, folder: BackupFolder, vault: Vault, progress: Progress | None = None) -> Checked:
    """Read a backup from end to end, and build it up on the side; the folder must be locked."""
    with (
        opened_archive(path, vault) as archive,
        folder.scratch() as scratch,
        rebuilt(archive, scratch, vault, progress) as proof,
    ):
        return Checked(backup_of(path), proof.texts.texts, proof.texts.broken)


def restore_file(
    path: Path,
    store: DatabaseStore,
    folder: BackupFolder,
    vault: Vault,
    made_at: datetime,
    progress: Progress | None = None,
) -> Restored:
    """Put a backup in the place of everything, whole or not at all; what is there becomes a backup first."""
    with folder.locked(), opened_archive(path, vault) as archive, folder.scratch() as scratch:
        with rebuilt(archive, scratch, vault, progress) as proof, store.replacing() as target:
            before = None
            if target.scalar(select(func.count()).select_from(people)):
                # In the very transaction that replaces: nothing can be written in between, and be lost.
                before = folder.write(
                    Reason.RESTORE,
                    made_at,
                    vault,
                    lambda file: write_archive(target, file, vault, Reason.RESTORE, made_at),
                )
            with proof.engine.connect() as source:
                replace_rows(source, target)
        return Restored(backup_of(path), before)


@dataclass(frozen=True, slots=True)
class ServerOperations:
    """Looks after one server; an `Operations` of the app."""

    store: DatabaseStore
    vault: Vault
    clock: Clock
    settings: BackupSettings
    key_place: str
    examine: Callable[[bool], Sequence[Finding]]
    """What is well and what is not, thoroughly or at a glance."""

    @property
    def folder(self) -> BackupFolder:
        """Where the backups are."""
        return BackupFolder(self.settings.folder)

    @property
    def keeps(self) -> int:
        """Nightly backups that are kept; 0 where none are made."""
        return self.settings.keeps

    def standing(self) -> Standing:
        """How the server stands."""
        with snapshot(self.store.engine) as connection:
            revision = revision_of(connection)
            accounts = connection.scalar(select(func.count()).select_from(people)) or 0
        return Standing(
            release(),
            "SQLite" if is_sqlite(self.store.engine) else "PostgreSQL",
            database_bytes(self.store.engine),
            revision,
            accounts,
            free_bytes(self.settings.folder),
            str(self.settings.folder.resolve()),
            self.key_place,
            self.keeps,
        )

    def backups(self) -> list[Backup]:
        """The backups in the folder, newest first; none where it cannot be read, which is a finding."""
        try:
            return self.folder.backups()
        except StoreUnavailable:
            return []

    def back_up(self, reason: Reason) -> Backup:
        """Make a backup now."""
        with self.folder.locked():
            return back_up(self.store.engine, self.folder, self.vault, reason, self.clock.now())

    def back_up_nightly(self, due_at: datetime) -> Backup | None:
        """Make the backup that was due then, unless there is one; older ones beyond those kept go."""
        with self.folder.locked():
            now = self.clock.now()
            # A backup of the future is one of a clock that was wrong: it does not stand in for this one.
            if any(due_at <= one.made_at <= now and not one.fault for one in self.folder.backups()):
                return None
            made = back_up(self.store.engine, self.folder, self.vault, Reason.NIGHTLY, now)
            self.folder.prune(AUTOMATIC, self.keeps)
            return made

    def check(self, name: str) -> Checked:
        """Read a backup from end to end; `InvalidBackup` where it would not restore."""
        with self.folder.locked():
            return check_file(self.folder.place(name), self.folder, self.vault)

    def restore(self, name: str) -> Restored:
        """Put a backup in the place of everything, after keeping what is there as a backup."""
        return restore_file(self.folder.place(name), self.store, self.folder, self.vault, self.clock.now())

    def findings(self, *, is_thorough: bool) -> Sequence[Finding]:
        """What is well and what is not; only a thorough look reads everything."""
        return self.examine(is_thorough)


def database_bytes(engine: Engine) -> int:
    """How large the database is."""
    if is_sqlite(engine):
        path = engine.url.database or ""
        return sum(os.path.getsize(name) for name in (path, f"{path}-wal") if os.path.exists(name))
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def free_bytes(folder: Path) -> int:
    """How much room is left on the disk of a folder, or of the one that it will be made in."""
    place = folder.resolve()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
