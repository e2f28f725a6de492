"""The tables, one definition for SQLite and PostgreSQL; Alembic's migrations must lead to just this.

Every row belongs to a person: the person is the first part of every primary key, and deleting a person
deletes their rows. Names and texts are sealed bytes. The columns of `events` are generated from
`rung.engine.events.COLUMNS`, with their ranges as CHECK constraints.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from rung.adapters.database.times import UtcTime
from rung.app.model import DELIVERY_STATES, PLAN_STATES, TEXT_FIELDS, WANTED_CHANCES
from rung.engine.events import COLUMNS, KINDS
from rung.engine.events import Column as LogColumn

__all__ = [
    "challenges",
    "deliveries",
    "esteem",
    "events",
    "feeds",
    "invitations",
    "ladders",
    "metadata",
    "passkeys",
    "people",
    "plans",
    "preferences",
    "recovery_codes",
    "reminders",
    "sessions",
    "states",
    "steps",
    "subscriptions",
    "texts",
    "tries",
]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_UUID = String(36)


def _person() -> Column[str]:
    return Column("person", _UUID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False)


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(text) for text in allowed)})"


people = Table(
    "people",
    metadata,
    Column("id", _UUID, primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("name_key", LargeBinary, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

tries = Table(
    "tries",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name_key", LargeBinary, nullable=False),
    Column("tried_at", UtcTime, nullable=False, index=True),
    Index(None, "name_key", "tried_at"),
)
"""Tries at passwords: by the name's keyed digest, for names without an account too, and not for long."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    _person(),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Column("agent", LargeBinary),
    Index(None, "person"),
)
"""Signed-in browsers; `agent` is what the browser said of itself, for the person to know it by."""

passkeys = Table(
    "passkeys",
    metadata,
    _person(),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    PrimaryKeyConstraint("person", "id"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _person(),
    Column("code_hash", LargeBinary, nullable=False),
    Column("used_at", UtcTime),
    PrimaryKeyConstraint("person", "code_hash"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("person", _UUID, ForeignKey("people.id", ondelete="CASCADE")),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Index(None, "person"),
)
"""What a passkey must sign, once: deleted when it is used; `person` is empty where anybody may sign in."""

invitations = Table(
    "invitations",
    metadata,
    _person(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    PrimaryKeyConstraint("person", "token_hash"),
)
"""Links with which somebody else may make an account here; `person` is who made the link."""

preferences = Table(
    "preferences",
    metadata,
    _person(),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person"),
)
"""Language, time zone, quiet hours and the like: sealed JSON."""

ladders = Table(
    "ladders",
    metadata,
    _person(),
    Column("id", _UUID, nullable=False),
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
    Column("person", _UUID, nullable=False),
    Column("ladder", _UUID, nullable=False),
    Column("id", _UUID, nullable=False),
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
            yield _person()
        elif column.type in ("number", "time"):
            yield Column(column.name, Double, nullable=not column.required)
        elif column.type == "uuid":
            yield Column(column.name, _UUID, nullable=False)
        else:
            yield Column(column.name, Text, nullable=False)


def _event_checks() -> Iterator[SchemaItem]:
    yield CheckConstraint(_one_of("kind", tuple(KINDS)), name="kind")
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
    _person(),
    Column("event", _UUID, nullable=False),
    Column("field", String(20), nullable=False),
    Column("text", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "event", "field"),
    CheckConstraint(_one_of("field", TEXT_FIELDS), name="field"),
)

states = Table(
    "states",
    metadata,
    _person(),
    Column("version", Text, nullable=False),
    Column("stands_on", Integer, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("person"),
)
"""The cache of derived states: may be emptied at any time."""

plans = Table(
    "plans",
    metadata,
    _person(),
    Column("id", _UUID, nullable=False),
    Column("ladder", _UUID, nullable=False),
    Column("step", _UUID, nullable=False),
    Column("at", UtcTime),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
    CheckConstraint(_one_of("state", PLAN_STATES), name="state"),
    Index(None, "person", "state"),
)
"""When, where and how a step is to be done; the words are sealed JSON."""

esteem = Table(
    "esteem",
    metadata,
    _person(),
    Column("at", UtcTime, nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("person", "at"),
    CheckConstraint("value BETWEEN 1 AND 7", name="value"),
)
"""Self-esteem, where somebody wants to note it: apart from the log, and never mixed with it."""

reminders = Table(
    "reminders",
    metadata,
    _person(),
    Column("id", _UUID, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)
"""When to remind of what: `due_at` is the next time (none where none is due), the rest is sealed JSON."""

deliveries = Table(
    "deliveries",
    metadata,
    _person(),
    Column("reminder", _UUID, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("channel", String(60), nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_until", UtcTime),
    Column("done_at", UtcTime),
    PrimaryKeyConstraint("person", "reminder", "due_at", "channel"),
    ForeignKeyConstraint(["person", "reminder"], ["reminders.person", "reminders.id"], ondelete="CASCADE"),
    CheckConstraint(_one_of("state", DELIVERY_STATES), name="state"),
    Index(None, "state", "claimed_until"),
)
"""Each message of each reminder, once: a worker claims its row before it sends."""

subscriptions = Table(
    "subscriptions",
    metadata,
    _person(),
    Column("id", _UUID, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)
"""Browsers that take web push: sealed JSON."""

feeds = Table(
    "feeds",
    metadata,
    _person(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person"),
)
"""The secret address of a person's calendar."""
