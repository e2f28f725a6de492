"""What the operator of a server looks after: its backups, and whether all is well with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

__all__ = ["Backup", "Checked", "Finding", "Gravity", "Operations", "Reason", "Restored", "Standing"]


class Reason(StrEnum):
    """Why a backup was made; part of its file's name."""

    ASKED = "asked"
    NIGHTLY = "nightly"
    UPGRADE = "upgrade"
    """Before the tables were brought up to date."""
    RESTORE = "restore"
    """Before another backup took the place of everything."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup in the folder, by what its file says of itself."""

    name: str
    """Of the file, without its folder."""
    made_at: datetime
    reason: Reason
    size: int
    """Bytes of the file."""
    people: int
    rows: int
    revision: str
    """Of the tables."""
    release: str
    """The version of Rung that made it."""
    fault: str = ""
    """Why it cannot be read; empty where it can."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read from end to end, built up on the side, and opened with the key."""

    backup: Backup
    texts: int
    """Sealed texts that the key opened."""
    unreadable: int
    """Sealed texts that were damaged before the backup was made, and are so in it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that took the place of everything, and the backup of what was there before."""

    backup: Backup
    before: Backup | None
    """None where nothing was there."""


class Gravity(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    NOTE = "note"
    """Worth a look, nothing is broken."""
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what, where, and what to do about it."""

    check: str
    gravity: Gravity
    what: str
    where: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the server stands, in numbers."""

    release: str
    database: str
    """Its kind, and its size where that is known."""
    database_bytes: int
    revision: str
    people: int
    free_bytes: int
    """On the disk of the backups."""
    backup_folder: str
    key_place: str
    keeps: int
    """Nightly backups that are kept; 0 where none are made."""


class Operations(Protocol):
    """Looks after one server."""

    @property
    def keeps(self) -> int:
        """Nightly backups that are kept; 0 where none are made."""

    def standing(self) -> Standing:
        """How the server stands."""

    def backups(self) -> list[Backup]:
        """The backups in the folder, newest first."""

    def back_up(self, reason: Reason) -> Backup:
        """Make a backup now."""

    def back_up_nightly(self, due_at: datetime) -> Backup | None:
        """Make the backup that was due then, unless there is one; older ones beyond those kept go."""

    def check(self, name: str) -> Checked:
        """Read a backup from end to end; `InvalidBackup` where it would not restore."""

    def restore(self, name: str) -> Restored:
        """Put a backup in the place of everything, after keeping what is there as a backup."""

    def findings(self, *, is_thorough: bool) -> Sequence[Finding]:
        """What is well and what is not; only a thorough look reads everything."""
