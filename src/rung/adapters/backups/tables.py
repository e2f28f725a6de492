"""Tables as a database has them: their columns by kind, their rows in one order, copied and counted.

They are read from the database itself, and not from today's schema, so that a database of an older Rung is
read as it is. Rows come in the order of their primary key, texts compared byte by byte: the same rows give
the same lines, and the same SHA-256, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData, Table, collate, create_engine, func, inspect, select, text
from sqlalchemy import types as sql
from sqlalchemy.pool import StaticPool

from rung.adapters.database.schema import metadata
from rung.adapters.database.upgrading import head_revision, migrate_to, revision_of
from rung.errors import StoreUnavailable

__all__ = [
    "AT_ONCE",
    "Kind",
    "Row",
    "Sum",
    "clear",
    "columns_of",
    "copy_rows",
    "count",
    "fill",
    "line_of",
    "rows_of",
    "set_counters",
    "sum_of",
    "tables_in",
]

Row = Sequence[Any]
AT_ONCE = 1000
"""Rows in memory at a time."""


class Kind(StrEnum):
    """What a column holds, on every database alike."""

    TEXT = "text"
    BYTES = "bytes"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"


_KINDS: tuple[tuple[type[sql.TypeEngine[Any]], Kind], ...] = (
    (sql.Boolean, Kind.BOOLEAN),
    (sql.DateTime, Kind.TIME),
    (sql.LargeBinary, Kind.BYTES),
    (sql.BINARY, Kind.BYTES),
    (sql.Integer, Kind.INTEGER),
    (sql.Float, Kind.NUMBER),
    (sql.String, Kind.TEXT),
)


class Sum(NamedTuple):
    """How many rows a table has, and the SHA-256 of their lines."""

    rows: int
    sha256: str


def tables_in(connection: Connection) -> list[Table]:
    """The tables of Rung in a database, as they are there; a table comes after those it refers to."""
    names = _names_at(revision_of(connection))
    found = MetaData()
    found.reflect(connection, only=[name for name in inspect(connection).get_table_names() if name in names])
    missing = names - set(found.tables)
    if missing:
        raise StoreUnavailable(f"The database has no table {', '.join(sorted(missing))}: restore a backup")
    return list(found.sorted_tables)


def _names_at(revision: str) -> set[str]:
    """The names of the tables that the migrations make up to a revision."""
    if not revision or revision == head_revision():
        return set(metadata.tables) if revision else set()
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            migrate_to(connection, revision)
            return set(inspect(connection).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def columns_of(table: Table) -> dict[str, Kind]:
    """The columns of a table, each with its kind."""
    return {column.name: _kind_of(table, column.type) for column in table.columns}


def _kind_of(table: Table, found: sql.TypeEngine[Any]) -> Kind:
    for known, kind in _KINDS:
        if isinstance(found, known):
            return kind
    raise StoreUnavailable(
        f"The table {table.name} has a column of the type {found!r}, which Rung never made"
    )


def rows_of(connection: Connection, table: Table, names: Sequence[str] = ()) -> Iterator[Row]:
    """The rows, ordered by the primary key, a thousand in memory at a time; of these columns where named."""
    is_postgresql = connection.dialect.name == "postgresql"
    order = [
        collate(column, "C") if is_postgresql and isinstance(column.type, sql.String) else column
        for column in table.primary_key.columns
    ]
    known = columns_of(table)
    wanted = tuple(names) or tuple(known)
    kinds = [known[name] for name in wanted]
    query = select(*(table.c[name] for name in wanted)).order_by(*order).execution_options(yield_per=AT_ONCE)
    with connection.execute(query) as found:
        for row in found:
            yield [_plain(value, kind) for value, kind in zip(row, kinds, strict=True)]


def _plain(value: Any, kind: Kind) -> Any:
    """The same value from every database: aware times, bytes, and no nought with a sign."""
    if value is None:
        return None
    if kind is Kind.TIME:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if kind is Kind.BYTES:
        return bytes(value)
    return value + 0.0 if kind is Kind.NUMBER else value


def line_of(row: Row) -> bytes:
    """A row as a line of JSON: bytes in base64, times in ISO 8601."""
    cells = [_cell(value) for value in row]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def count(connection: Connection, table: Table) -> int:
    """How many rows there are."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def sum_of(connection: Connection, table: Table, names: Sequence[str] = ()) -> Sum:
    """Count and digest of all rows."""
    digest, rows = hashlib.sha256(), 0
    for row in rows_of(connection, table, names):
        digest.update(line_of(row))
        rows += 1
    return Sum(rows, digest.hexdigest())


def fill(connection: Connection, table: Table, rows: Iterable[Row], names: Sequence[str] = ()) -> Sum:
    """Insert rows into an empty table; count and digest of them. `names`: their columns."""
    kinds, is_sqlite = columns_of(table), connection.dialect.name == "sqlite"
    wanted = tuple(names) or tuple(kinds)
    naive = [name for name, kind in kinds.items() if kind is Kind.TIME] if is_sqlite else []
    digest, total, waiting = hashlib.sha256(), 0, iter(rows)
    while part := list(islice(waiting, AT_ONCE)):
        values = []
        for row in part:
            digest.update(line_of(row))
            named = dict(zip(wanted, row, strict=True))
            for name in naive:
                named[name] = named[name] and named[name].replace(tzinfo=None)
            values.append(named)
        connection.execute(table.insert(), values)
        total += len(part)
    return Sum(total, digest.hexdigest())


def clear(connection: Connection, tables: Sequence[Table]) -> None:
    """Delete all rows, those that refer to others first."""
    for table in reversed(tables):
        connection.execute(table.delete())


def copy_rows(source: Connection, target: Connection, table: Table, into: Table) -> Sum:
    """Copy all rows of a table into one of another database, and compare what arrived."""
    names = tuple(columns_of(table))
    sent = fill(target, into, rows_of(source, table, names), names)
    arrived = sum_of(target, into, names)
    if sent != arrived:
        raise StoreUnavailable(
            f"The table {table.name} did not arrive as it was sent ({sent.rows:,} rows sent, "
            f"{arrived.rows:,} arrived, or their checksums differ). Nothing was changed"
        )
    return sent


def set_counters(connection: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL go on counting after the highest number that was copied; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            counter = connection.scalar(
                text("SELECT pg_get_serial_sequence(:name, :column)"),
                {"name": table.name, "column": column.name},
            )
            if counter:
                highest = connection.scalar(select(func.max(column))) or 0
                connection.execute(
                    text("SELECT setval(:counter, :next, false)"), {"counter": counter, "next": highest + 1}
                )
