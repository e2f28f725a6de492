"""The folder of the backups: each written under another name first, read back, and only then named.

A backup is there as a whole or not at all, whatever happens to the process or the disk. What makes backups
in a folder waits for its lock; what a killed one left behind goes with the next.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from rung.adapters.backups.archive import manifest_of, opened_archive
from rung.adapters.backups.manifest import Manifest
from rung.app.ports import Backup, Reason, Vault
from rung.errors import InvalidBackup, StoreUnavailable

__all__ = ["BackupFolder", "backup_of"]

_NAME = re.compile(
    rf"rung-(\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}-\d{{2}}-\d{{2}}Z)-({'|'.join(Reason)})(?:-\d+)?\.zip"
)
_TIME = "%Y-%m-%dT%H-%M-%SZ"
_DRAFT = ".unfinished-"


class BackupFolder:
    """A folder in which backups are made, listed and let go."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """The names of the backups, newest first; whatever else lies in the folder is none."""
        try:
            found = [entry.name for entry in os.scandir(self.path) if _NAME.fullmatch(entry.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unusable(self.path, error) from error
        return sorted(found, key=lambda name: (made_at_of(name), name), reverse=True)

    def backups(self) -> list[Backup]:
        """What each says of itself, newest first."""
        found = [backup_of(self.path / name) for name in self.names()]
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def place(self, name: str) -> Path:
        """Where the backup of this name is; `InvalidBackup` for a name that is none."""
        if not _NAME.fullmatch(name) or not (self.path / name).is_file():
            raise InvalidBackup(f"There is no backup {name[:100]!r} in {self.path}")
        return self.path / name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder, wait until nobody else works in it, and take away what a killed process left."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(self.path, error) from error
        try:
            _wait_for(lock)
            self._sweep()
            yield
        finally:
            os.close(lock)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder of its own for the length of the block; the folder must be locked."""
        try:
            made = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.path))
        except OSError as error:
            raise _unusable(self.path, error) from error
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def write(
        self, reason: Reason, made_at: datetime, vault: Vault, fill: Callable[[IO[bytes]], Manifest]
    ) -> Backup:
        """Let a backup be written, read it back, and give it its name; the folder must be locked."""
        draft = self.path / f"{_DRAFT}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            with opened_archive(draft, vault) as archive:
                archive.check_sums()
            named = self._named(draft, reason, made_at)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        finally:
            with suppress(OSError):
                draft.unlink()
        return backup_of(named)

    def prune(self, reasons: frozenset[Reason], keep: int) -> list[str]:
        """Delete all but the newest of each of these kinds; the names of those that went."""
        gone: list[str] = []
        for reason in sorted(reasons):
            of_it = [name for name in self.names() if reason_of(name) is reason]
            gone += of_it[max(keep, 1) :]
        for name in gone:
            with suppress(FileNotFoundError):
                (self.path / name).unlink()
        return gone

    def _named(self, draft: Path, reason: Reason, made_at: datetime) -> Path:
        stem = f"rung-{made_at.astimezone(UTC).strftime(_TIME)}-{reason}"
        number = 1
        while True:
            path = self.path / (f"{stem}.zip" if number == 1 else f"{stem}-{number}.zip")
            if not path.exists():
                # Nobody else names anything here: the folder is locked.
                os.replace(draft, path)
                _sync(self.path)
                return path
            number += 1

    def _sweep(self) -> None:
        for entry in list(os.scandir(self.path)):
            if entry.name.startswith(_DRAFT):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    with suppress(OSError):
                        os.unlink(entry.path)


def backup_of(path: Path) -> Backup:
    """What a file says of itself, and why not where it says nothing."""
    made_at, reason, size = made_at_of(path.name), reason_of(path.name), 0
    try:
        size = path.stat().st_size
        manifest = manifest_of(path)
    except (OSError, InvalidBackup) as error:
        return Backup(path.name, made_at, reason, size, 0, 0, "", "", fault=str(error))
    return Backup(
        path.name,
        manifest.made_at,
        manifest.reason,
        size,
        manifest.people,
        manifest.rows,
        manifest.revision,
        manifest.release,
    )


def made_at_of(name: str) -> datetime:
    """When a backup was made, by its name; long ago for another name."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1] if found else "", _TIME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def reason_of(name: str) -> Reason:
    """Why a backup was made, by its name."""
    found = _NAME.fullmatch(name)
    return Reason(found[2]) if found else Reason.ASKED


def _wait_for(lock: int) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)


def _sync(folder: Path) -> None:
    """Make the new name survive a power cut."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unusable(folder: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"The folder {folder} cannot be used for backups: {error.strerror or error}")


def _unwritable(folder: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(
        f"No backup could be written into {folder} ({error.strerror or error}), and none was left half-made: "
        "make room there, or name another folder"
    )
