"""Putting the services together from a data folder and a database address: for the outer mains alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, select
from sqlalchemy import Engine as Database

from rung.adapters.backups.folder import BackupFolder
from rung.adapters.backups.operations import ServerOperations, back_up
from rung.adapters.backups.settings import BackupSettings
from rung.adapters.clock import SystemClock
from rung.adapters.database import DatabaseStore, connect, database_address, upgrade
from rung.adapters.database.schema import people
from rung.adapters.database.sealing import opened
from rung.adapters.doctor.examining import examine
from rung.adapters.doctor.patient import key_place
from rung.adapters.oidc_settings import oidc_settings
from rung.adapters.passkeys import WebAuthnCeremonies
from rung.adapters.passwords import ArgonPasswords
from rung.adapters.sending import senders_from
from rung.adapters.vault import KEY_FILE, AesVault, read_key_file, read_keys, write_key_file
from rung.adapters.webhooks import notifier_from
from rung.app.ports import Finding, Providers, Reason, Services
from rung.engine import Engine
from rung.errors import SealBroken, StoreUnavailable

__all__ = ["open_services"]


def open_services(
    data_folder: Path,
    database_url: str | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    create: bool = True,
) -> Services:
    """Open everything that the use cases work with, and bring the database up to date.

    The keys come from `RUNG_KEY` where it is set, else from `secret.key` in the data folder, which is
    made at the first start. Without `create` nothing is made that is not there. `StoreUnavailable` says what
    to do where key or database are missing, or do not fit.
    """
    folder = _made(data_folder) if create else data_folder
    address = database_address(folder, database_url)
    if create:
        _keep_to_owner(address)
    else:
        _check_file_is_there(address)
    database = connect(address)
    known = os.environ if environment is None else environment
    try:
        settings = BackupSettings.from_environment(folder, known)

        def before() -> None:
            """Keep what is there, before migrations change it."""
            if settings.keeps:
                _back_up_first(settings, database, AesVault(_keys(folder, known, database, create=False)))

        upgrade(database, create=create, before=before)
        vault = AesVault(_keys(folder, known, database, create=create))
        _check_keys_fit(database, vault)
        senders = senders_from(known, vault)
        providers = _providers(known)
    except BaseException:
        database.dispose()
        raise
    store, clock = DatabaseStore(database, vault), SystemClock()
    store.tidy()

    def looked_over(is_thorough: bool) -> list[Finding]:
        return examine(folder, address, known, clock.now(), is_thorough=is_thorough)

    operations = ServerOperations(store, vault, clock, settings, key_place(folder, known), looked_over)
    return Services(
        store,
        vault,
        ArgonPasswords(),
        clock,
        Engine(),
        WebAuthnCeremonies(),
        senders=senders,
        operations=operations,
        providers=providers,
        notifier=notifier_from(known),
    )


def _providers(environment: Mapping[str, str]) -> Providers | None:
    """Who vouches for people from outside; nobody where RUNG_OIDC names none."""
    settings = oidc_settings(environment)
    if settings is None:
        return None
    # With it come two packages that a server needs only then.
    from rung.adapters.oidc import OidcProviders

    return OidcProviders(settings)


def _back_up_first(settings: BackupSettings, database: Database, vault: AesVault) -> None:
    """Make the backup before an upgrade; where that fails, there is no upgrade."""
    folder = BackupFolder(settings.folder)
    try:
        with folder.locked():
            back_up(database, folder, vault, Reason.UPGRADE, SystemClock().now())
    except StoreUnavailable as error:
        raise StoreUnavailable(
            f"The tables were not brought up to date, for there must be a backup first: {error} "
            "(RUNG_BACKUPS=no goes on without)"
        ) from error


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"The data folder {folder} cannot be made: {error}") from error
    return folder


def _keep_to_owner(address: URL) -> None:
    """Make a new SQLite file readable by its owner alone; those that SQLite puts beside it follow."""
    if address.get_backend_name() == "sqlite" and address.database:
        try:
            Path(address.database).touch(mode=0o600)
        except OSError as error:
            raise StoreUnavailable(f"The database {address.database} cannot be made: {error}") from error


def _check_file_is_there(address: URL) -> None:
    if address.get_backend_name() == "sqlite" and not os.path.isfile(address.database or ""):
        raise StoreUnavailable(
            f"There is no database {address.database}: name the folder that Rung keeps its data in"
        )


def _keys(
    folder: Path, environment: Mapping[str, str], database: Database, *, create: bool
) -> tuple[bytes, ...]:
    if environment.get("RUNG_KEY"):
        return read_keys(environment["RUNG_KEY"], "RUNG_KEY")
    path = folder / KEY_FILE
    if create and not os.path.lexists(path):
        if _holds_sealed_text(database):
            raise StoreUnavailable(
                f"{path} is missing, and the database holds text that only its key opens: "
                "put the file back from your backup"
            )
        write_key_file(path)
    return read_key_file(path)


def _holds_sealed_text(database: Database) -> bool:
    # Every sealed text belongs to a person, and every person has a sealed name.
    with database.connect() as connection:
        return connection.execute(select(people.c.id).limit(1)).first() is not None


def _check_keys_fit(database: Database, vault: AesVault) -> None:
    with database.connect() as connection:
        row = connection.execute(select(people.c.id, people.c.name).limit(1)).first()
    try:
        if row is not None:
            opened(vault, row.name, "people.name", row.id)
    except SealBroken:
        raise StoreUnavailable(
            "The key does not open what is in the database: put back the key file or RUNG_KEY of before"
        ) from None
