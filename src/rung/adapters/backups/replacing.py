"""Everything of a database replaced in one transaction: others see what was before, or what came, whole.

Who is signed in stays so, where the account came back: sessions are of the moment, and are in no backup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, Table, text

from rung.adapters.backups.archive import LEFT_OUT
from rung.adapters.backups.tables import Sum, clear, columns_of, copy_rows, count, set_counters, tables_in
from rung.errors import Conflict, StoreUnavailable

__all__ = ["is_empty", "move_rows", "replace_rows", "snapshot"]

_TRIES = "tries"


def snapshot(engine: Engine) -> Connection:
    """A connection that sees one moment of the database until it is closed, and changes nothing."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


def is_empty(connection: Connection) -> bool:
    """True where no table holds a row."""
    return not any(count(connection, table) for table in tables_in(connection))


def replace_rows(source: Connection, target: Connection) -> None:
    """Put the rows of the source in the place of all rows of the target, and compare what arrived.

    The target's transaction is for the caller to end: nobody sees anything of this before.
    """
    tables = [table for table in tables_in(target) if table.name not in LEFT_OUT]
    stay = [table for table in tables_in(target) if table.name in LEFT_OUT - {_TRIES}]
    for table in stay:
        target.execute(text(f"CREATE TEMPORARY TABLE kept_{table.name} AS SELECT * FROM {table.name}"))  # noqa: S608 (our own names)
    clear(target, [*tables, *stay])
    _copy(source, target, tables)
    for table in stay:
        names = ", ".join(f'"{name}"' for name in columns_of(table))
        target.execute(
            text(
                f"INSERT INTO {table.name} ({names}) SELECT {names} FROM kept_{table.name} "  # noqa: S608 (our own names)
                "WHERE person IS NULL OR person IN (SELECT id FROM people)"
            )
        )
        target.execute(text(f"DROP TABLE kept_{table.name}"))


def move_rows(
    source: Connection, target: Connection, progress: Callable[[int], None] | None = None
) -> dict[str, Sum]:
    """Copy all rows into a database that holds none; what was counted, by table.

    Sessions come along: whoever is signed in stays so on the other database.
    """
    if not is_empty(target):
        raise Conflict(
            "The database to move to holds something already: name an empty one. Nothing was changed"
        )
    return _copy(source, target, tables_in(target), progress)


def _copy(
    source: Connection,
    target: Connection,
    tables: Sequence[Table],
    progress: Callable[[int], None] | None = None,
) -> dict[str, Sum]:
    found = {table.name: table for table in tables_in(source)}
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    sums: dict[str, Sum] = {}
    for table in tables:
        if columns_of(found[table.name]) != columns_of(table):
            raise StoreUnavailable(f"The table {table.name} has other columns there: nothing was changed")
        sums[table.name] = copy_rows(source, target, found[table.name], table)
        if progress:
            progress(sums[table.name].rows)
    set_counters(target, tables)
    return sums
