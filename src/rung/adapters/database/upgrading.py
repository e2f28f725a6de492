"""Bringing a database to today's tables when Rung starts, by Alembic's migrations inside the package."""

from __future__ import annotations

from collections.abc import Callable
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

__all__ = ["configuration", "head_revision", "is_known", "migrate_to", "revision_of", "upgrade"]

_MIGRATIONS = Path(__file__).with_name("migrations")
_ALL_SERVERS = 7_864_103
"""Key of the lock that servers starting at the same time wait for on PostgreSQL; any fixed number does."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for the migrations of the package."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """The revision of today's tables."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def revision_of(connection: Connection) -> str:
    """The revision of the tables in a database; empty where there are none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """True for a revision that this Rung, or an older one, made."""
    return revision in _known(configuration())


def migrate_to(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision, in the transaction of the connection."""
    command.upgrade(configuration(connection), revision)


def upgrade(engine: Engine, *, create: bool = True, before: Callable[[], object] | None = None) -> None:
    """Run the migrations that the database has not seen; all of them, or none.

    Without `create` a database that has seen none is refused: it is no database of Rung. `before` is called
    where tables that hold something are about to change; where it raises, nothing is changed.
    """
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(is_writing=True)
            with connection.begin():
                if not is_sqlite(engine):
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALL_SERVERS})
                _run(connection, create=create, before=before)
    except DBAPIError as error:
        raise StoreUnavailable(f"The database cannot be used: {error.orig}") from error


def _run(connection: Connection, *, create: bool, before: Callable[[], object] | None) -> None:
    config = configuration(connection)
    stored = MigrationContext.configure(connection).get_current_heads()
    if set(stored) - _known(config):
        raise StoreUnavailable(
            "The database was made by a newer Rung: install that version, or restore a backup from before"
        )
    if not stored and not create:
        raise StoreUnavailable(
            "The database holds nothing of Rung's: name the one that Rung was started with"
        )
    if before and stored and stored != (head_revision(),):
        before()
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(f"The database cannot be brought up to date: {error}") from error


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
