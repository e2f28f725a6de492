"""What the operator decides about backups, read from the environment: how many are kept, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rung.errors import InvalidInput

__all__ = ["BackupSettings"]

_KEPT = 14
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """How many nightly backups are kept, and the folder they are in."""

    folder: Path
    keeps: int = _KEPT
    """0: Rung makes no backup by itself."""

    @classmethod
    def from_environment(cls, data_folder: Path, environment: Mapping[str, str]) -> BackupSettings:
        """Read RUNG_BACKUPS (a number, or no) and RUNG_BACKUP_FOLDER.

        >>> BackupSettings.from_environment(Path("data"), {"RUNG_BACKUPS": "30"})
        BackupSettings(folder=PosixPath('data/backups'), keeps=30)
        """
        folder = environment.get("RUNG_BACKUP_FOLDER", "").strip()
        return cls(
            Path(folder) if folder else data_folder / "backups",
            _number(environment.get("RUNG_BACKUPS", "").strip().lower()),
        )


def _number(told: str) -> int:
    if told in ("", "yes", "true"):
        return _KEPT
    if told in ("no", "false"):
        return 0
    if told.isdecimal() and told.isascii() and int(told) <= _MOST:
        return int(told)
    raise InvalidInput(f"RUNG_BACKUPS is {told[:100]!r}: write how many nightly backups to keep, or no")
