"""Bringing a database to today's tables when Rung starts, by Alembic's migrations inside the package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from rung.adapters.database.connections import is_sqlite
from rung.errors import StoreUnavailable

__all__ = ["configuration", "upgrade"]

_MIGRATIONS = Path(__file__).with_name("migrations")
_ALL_SERVERS = 7_864_103
"""Key of the lock that servers starting at the same time wait for on PostgreSQL; any fixed number does."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for the migrations of the package."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, *, create: bool = True) -> None:
    """Run the migrations that the database has not seen; all of them, or none.

    Without `create` a database that has seen none is refused: it is no database of Rung.
    """
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(is_writing=True)
            with connection.begin():
                if not is_sqlite(engine):
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALL_SERVERS})
                _run(connection, create=create)
    except DBAPIError as error:
        raise StoreUnavailable(f"The database cannot be used: {error.orig}") from error


def _run(connection: Connection, *, create: bool) -> None:
    config = configuration(connection)
    stored = MigrationContext.configure(connection).get_current_heads()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if set(stored) - known:
        raise StoreUnavailable(
            "The database was made by a newer Rung: install that version, or restore a backup from before"
        )
    if not stored and not create:
        raise StoreUnavailable(
            "The database holds nothing of Rung's: name the one that Rung was started with"
        )
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(f"The database cannot be brought up to date: {error}") from error
