"""Ladders, the evidence log with its texts, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from rung.adapters.database.schema.columns import UUID, metadata, one_of, person_column
from rung.adapters.database.times import UtcTime
from rung.app.model import PLAN_STATES, TEXT_FIELDS, WANTED_CHANCES
from rung.engine.events import COLUMNS, KINDS
from rung.engine.events import Column as LogColumn

__all__ = [
    "esteem",
    "events",
    "ladders",
    "meetings",
    "plans",
    "scalings",
    "states",
    "steps",
    "texts",
]

ladders = Table(
    "ladders",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("wanted_chance", Double, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("archived_at", UtcTime),
    Column("template", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("person", "id"),
    CheckConstraint(f"wanted_chance IN ({', '.join(map(str, WANTED_CHANCES))})", name="wanted_chance"),
)

steps = Table(
    "steps",
    metadata,
    Column("person", UUID, nullable=False),
    Column("ladder", UUID, nullable=False),
    Column("id", UUID, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("difficulty", Double, nullable=False),
    Column("retired_at", UtcTime),
    Column("conditions", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("person", "ladder", "id"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
)


def _event_columns() -> Iterator[SchemaItem]:
    for column in COLUMNS:
        if column.name == "person":
            yield person_column()
        elif column.type in ("number", "time"):
            yield Column(column.name, Double, nullable=not column.required)
        elif column.type == "uuid":
            yield Column(column.name, UUID, nullable=False)
        else:
            yield Column(column.name, Text, nullable=False)


def _event_checks() -> Iterator[SchemaItem]:
    yield CheckConstraint(one_of("kind", tuple(KINDS)), name="kind")
    for column in COLUMNS:
        if column.low is not None:
            yield CheckConstraint(_range(column), name=column.name)


def _range(column: LogColumn) -> str:
    if column.binary:
        return f"{column.name} IN (0, 1)"
    return f"{column.name} BETWEEN {column.low:g} AND {column.high:g}"


events = Table(
    "events",
    metadata,
    *_event_columns(),
    Column("sealed", LargeBinary),
    Column("revision", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("withdrawn", Boolean(create_constraint=True, name="withdrawn"), nullable=False),
    Column("reflected", Boolean(create_constraint=True, name="reflected"), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    *_event_checks(),
    CheckConstraint("revision >= 1", name="revision"),
    CheckConstraint("number >= 1", name="number"),
    PrimaryKeyConstraint("person", "id", "revision"),
    UniqueConstraint("person", "number"),
    Index(None, "person", "time"),
    Index(None, "person", "domain", "time"),
)
"""The log: rows are added and never changed. `number` counts the person's rows in the order they came;
`sealed` holds what an imported log says in words: unknown columns, and contexts of other apps."""

texts = Table(
    "texts",
    metadata,
    person_column(),
    Column("event", UUID, nullable=False),
    Column("field", String(20), nullable=False),
    Column("text", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "event", "field"),
    CheckConstraint(one_of("field", TEXT_FIELDS), name="field"),
)

states = Table(
    "states",
    metadata,
    person_column(),
    Column("version", Text, nullable=False),
    Column("stands_on", Integer, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("person"),
)
"""The cache of derived states: may be emptied at any time."""

plans = Table(
    "plans",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("ladder", UUID, nullable=False),
    Column("step", UUID, nullable=False),
    Column("at", UtcTime),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
    CheckConstraint(one_of("state", PLAN_STATES), name="state"),
    Index(None, "person", "state"),
)
"""When, where and how a step is to be done; the words are sealed JSON."""

scalings = Table(
    "scalings",
    metadata,
    person_column(),
    Column("ladder", UUID, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "ladder"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
)
"""Goals of a ladder with their levels, and how far they came: sealed JSON."""

meetings = Table(
    "meetings",
    metadata,
    person_column(),
    Column("ladder", UUID, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person", "ladder", "at"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
)
"""Sessions about a ladder: the next sheet begins there."""

esteem = Table(
    "esteem",
    metadata,
    person_column(),
    Column("at", UtcTime, nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("person", "at"),
    CheckConstraint("value BETWEEN 1 AND 7", name="value"),
)
"""Self-esteem, where somebody wants to note it: apart from the log, and never mixed with it."""
