"""Everything of a database replaced in one transaction: others see what was before, or what came, whole.

Who is signed in stays so, where the account came back: sessions are of the moment, and are in no backup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Column, Connection, Engine, MetaData, Table, insert, or_, select

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
    kept = [_kept(target, table) for table in stay]
    clear(target, [*tables, *stay])
    _copy(source, target, tables)
    there = select(next(table for table in tables if table.name == "people").c.id)
    for table, aside in zip(stay, kept, strict=True):
        whose = aside.c.person
        back = select(aside).where(or_(whose.is_(None), whose.in_(there)))
        target.execute(insert(table).from_select(list(aside.c.keys()), back))
        aside.drop(target)


def _kept(target: Connection, table: Table) -> Table:
    """A copy of the table's rows that only this connection sees."""
    columns = [Column(column.name, column.type) for column in table.columns]
    aside = Table(f"kept_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    aside.create(target)
    target.execute(insert(aside).from_select(list(aside.c.keys()), select(table)))
    return aside


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
