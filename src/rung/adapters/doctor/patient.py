"""What is looked over: a server by its folder, database and environment, opened as far as it opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event

from rung.adapters.backups.settings import BackupSettings
from rung.adapters.database.connections import connect
from rung.adapters.vault import KEY_FILE, AesVault, read_key_file, read_keys
from rung.app.ports import Finding, Gravity
from rung.errors import StoreUnavailable

__all__ = ["Patient", "fine", "key_place", "looked_at", "note", "trouble", "vault_at"]


@dataclass(frozen=True, slots=True)
class Patient:
    """A server that is looked over."""

    folder: Path
    environment: Mapping[str, str]
    backups: BackupSettings
    now: datetime
    database: Engine
    """Opened so that nothing can be changed through it."""
    vault: AesVault | None
    """None where there is no key that can be used."""


def key_place(folder: Path, environment: Mapping[str, str]) -> str:
    """Where the key is, for people to read."""
    return "RUNG_KEY" if environment.get("RUNG_KEY") else str((folder / KEY_FILE).resolve())


def vault_at(folder: Path, environment: Mapping[str, str]) -> AesVault:
    """What seals and opens, with the keys that are there; `StoreUnavailable` where there are none."""
    if environment.get("RUNG_KEY"):
        return AesVault(read_keys(environment["RUNG_KEY"], "RUNG_KEY"))
    return AesVault(read_key_file(folder / KEY_FILE))


@contextmanager
def looked_at(folder: Path, address: URL, environment: Mapping[str, str], now: datetime) -> Iterator[Patient]:
    """Open a server to look at it."""
    database = connect(address)
    if address.get_backend_name() == "sqlite":
        event.listen(database, "connect", _only_read)
    try:
        vault = vault_at(folder, environment)
    except StoreUnavailable:
        vault = None
    settings = BackupSettings.from_environment(folder, environment)
    try:
        yield Patient(folder, environment, settings, now, database, vault)
    finally:
        database.dispose()


def _only_read(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def fine(check: str, what: str, where: str = "") -> Finding:
    """All is well here."""
    return Finding(check, Gravity.FINE, what, where)


def note(check: str, what: str, where: str, do: str) -> Finding:
    """Worth a look."""
    return Finding(check, Gravity.NOTE, what, where, do)


def trouble(check: str, what: str, where: str, do: str) -> Finding:
    """Something is broken, or will be."""
    return Finding(check, Gravity.TROUBLE, what, where, do)
