"""Accounts: who somebody is, how they come in, what they decided."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from rung.adapters.database.schema.columns import UUID, metadata, person_column
from rung.adapters.database.times import UtcTime

__all__ = [
    "challenges",
    "invitations",
    "passkeys",
    "people",
    "preferences",
    "recovery_codes",
    "sessions",
    "tries",
]

people = Table(
    "people",
    metadata,
    Column("id", UUID, primary_key=True),
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
    person_column(),
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
    person_column(),
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
    person_column(),
    Column("code_hash", LargeBinary, nullable=False),
    Column("used_at", UtcTime),
    PrimaryKeyConstraint("person", "code_hash"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("person", UUID, ForeignKey("people.id", ondelete="CASCADE")),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Index(None, "person"),
)
"""What a passkey must sign, once: deleted when it is used; `person` is empty where anybody may sign in."""

invitations = Table(
    "invitations",
    metadata,
    person_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Column("uses", Integer, nullable=False, server_default="1"),
    PrimaryKeyConstraint("person", "token_hash"),
)
"""Links with which somebody else may make an account here; `person` is who made the link."""

preferences = Table(
    "preferences",
    metadata,
    person_column(),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person"),
)
"""Language, time zone, quiet hours and the like: sealed JSON."""
