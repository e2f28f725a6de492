"""A database opened as it stands, with its key: nothing is made, and nothing is brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from rung.adapters.backups.settings import BackupSettings
from rung.adapters.database.connections import connect, database_address
from rung.adapters.database.upgrading import revision_of
from rung.adapters.doctor.patient import vault_at
from rung.adapters.vault import AesVault
from rung.errors import StoreUnavailable

__all__ = ["Opened", "check_is_there", "opened_database"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A database, its key, and what is decided about its backups."""

    engine: Engine
    vault: AesVault
    settings: BackupSettings
    address: URL


@contextmanager
def opened_database(
    data_folder: Path, database_url: str | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Opened]:
    """Open a database that Rung made; `StoreUnavailable` where there is none, or no key."""
    known = os.environ if environment is None else environment
    address = database_address(data_folder, database_url)
    check_is_there(address)
    vault = vault_at(data_folder, known)
    settings = BackupSettings.from_environment(data_folder, known)
    engine = connect(address)
    try:
        with engine.connect() as connection:
            if not revision_of(connection):
                raise StoreUnavailable(
                    "The database holds nothing of Rung's: name the one that Rung was started with"
                )
        yield Opened(engine, vault, settings, address)
    except DBAPIError as error:
        raise StoreUnavailable(f"The database cannot be used: {error.orig}") from error
    finally:
        engine.dispose()


def check_is_there(address: URL) -> None:
    """`StoreUnavailable` where an address leads to an SQLite file that is not there."""
    if address.get_backend_name() == "sqlite" and not os.path.isfile(address.database or ""):
        raise StoreUnavailable(
            f"There is no database {address.database}: name the folder that Rung keeps its data in"
        )
