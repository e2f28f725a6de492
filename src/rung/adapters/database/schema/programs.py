"""Programs that act for a person: their tokens, answers kept for retries, and what is told to them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from rung.adapters.database.schema.columns import UUID, metadata, one_of, person_column
from rung.adapters.database.times import UtcTime
from rung.app.ports.webhooks import NOTICE_STATES

__all__ = ["answers", "notices", "tokens", "webhooks"]

tokens = Table(
    "tokens",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("name", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("ladders", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    PrimaryKeyConstraint("person", "id"),
)
"""What programs show; the database has digests alone. `ladders` holds ids, and is empty (NULL) for all."""

answers = Table(
    "answers",
    metadata,
    person_column(),
    Column("token", UUID, nullable=False),
    Column("key_digest", LargeBinary, nullable=False),
    Column("request_digest", LargeBinary, nullable=False),
    Column("made_at", UtcTime, nullable=False, index=True),
    Column("answer", LargeBinary),
    PrimaryKeyConstraint("person", "token", "key_digest"),
    ForeignKeyConstraint(["person", "token"], ["tokens.person", "tokens.id"], ondelete="CASCADE"),
)
"""What was answered, sealed, for a program that asks the same once more; NULL while it is being made."""

webhooks = Table(
    "webhooks",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("looked_at", UtcTime, nullable=False, index=True),
    Column("seen", Integer, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)
"""Addresses that are told what happens: `seen` is the last entry of the log that was looked at, and the
address, its key and what ladders looked like are sealed JSON."""

notices = Table(
    "notices",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("webhook", UUID, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("about", Text, nullable=False),
    Column("happened_at", UtcTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("done_at", UtcTime),
    Column("answer", String(60), nullable=False),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["person", "webhook"], ["webhooks.person", "webhooks.id"], ondelete="CASCADE"),
    CheckConstraint(one_of("state", NOTICE_STATES), name="state"),
    Index(None, "person", "webhook"),
)
"""What is to be told to an address, and what became of it: ids alone. `due_at` is NULL once it is settled."""
