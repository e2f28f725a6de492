"""Whether a database can answer requests just now: it is there, and its tables are those of this version."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rung.adapters.database.upgrading import head_revision, revision_of

__all__ = ["readiness"]


def readiness(database: Engine) -> Callable[[], str]:
    """What says why the database could answer no request, in a few words; nothing where it can."""
    wanted = head_revision()

    def why_not() -> str:
        try:
            with database.connect() as connection:
                found = revision_of(connection)
        except (DBAPIError, PoolTimeout):
            return "the database does not answer"
        return "" if found == wanted else "the tables are not those of this version"

    return why_not
