"""What all tables share: the one metadata, and columns that many of them have."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData, String

__all__ = ["UUID", "metadata", "one_of", "person_column"]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

UUID = String(36)


def person_column() -> Column[str]:
    """Whose row it is; the row goes with the person."""
    return Column("person", UUID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False)


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    """The condition that a column holds one of these."""
    return f"{name} IN ({', '.join(repr(text) for text in allowed)})"
