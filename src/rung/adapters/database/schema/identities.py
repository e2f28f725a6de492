"""Who people are at providers outside of Rung."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Table

from rung.adapters.database.schema.columns import metadata, person_column
from rung.adapters.database.times import UtcTime

__all__ = ["identities"]

identities = Table(
    "identities",
    metadata,
    person_column(),
    Column("issuer", LargeBinary, nullable=False),
    Column("subject", LargeBinary, nullable=False, unique=True),
    Column("label", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    PrimaryKeyConstraint("person", "issuer", "subject"),
)
"""Keyed digests of the issuer, and of issuer and subject together: they do not tell who it is there."""
