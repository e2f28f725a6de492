"""When to remind of what, and on which way."""

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
)

from rung.adapters.database.schema.columns import UUID, metadata, one_of, person_column
from rung.adapters.database.times import UtcTime
from rung.app.model import DELIVERY_STATES

__all__ = [
    "deliveries",
    "feeds",
    "reminders",
    "subscriptions",
]

reminders = Table(
    "reminders",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)
"""When to remind of what: `due_at` is the next time (none where none is due), the rest is sealed JSON."""

deliveries = Table(
    "deliveries",
    metadata,
    person_column(),
    Column("reminder", UUID, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("channel", String(60), nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_until", UtcTime),
    Column("done_at", UtcTime),
    PrimaryKeyConstraint("person", "reminder", "due_at", "channel"),
    ForeignKeyConstraint(["person", "reminder"], ["reminders.person", "reminders.id"], ondelete="CASCADE"),
    CheckConstraint(one_of("state", DELIVERY_STATES), name="state"),
    Index(None, "state", "claimed_until"),
)
"""Each message of each reminder, once: a worker claims its row before it sends."""

subscriptions = Table(
    "subscriptions",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)
"""Browsers that take web push: sealed JSON."""

feeds = Table(
    "feeds",
    metadata,
    person_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person"),
)
"""The secret address of a person's calendar."""
