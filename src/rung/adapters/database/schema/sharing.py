"""Letting somebody in: offers, bonds and consent, what was read, and what others left with a person."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
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
from rung.app.policies import Role
from rung.app.ports.sharing import KINDS_LEFT, LEFT_STATES, VIEWS

__all__ = ["bonds", "consents", "groups", "left", "links", "offers", "reads", "snoozes"]

_ROLES = tuple(role.value for role in Role)

groups = Table(
    "groups",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("figures", Text, nullable=False),
    PrimaryKeyConstraint("person", "id"),
)
"""A class or a ward; `person` leads it. `figures`: JSON, each week as it was counted, once."""

offers = Table(
    "offers",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("lets_in", Boolean(create_constraint=True, name="lets_in"), nullable=False),
    Column("group", UUID),
    Column("label", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Column("uses", Integer, nullable=False),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["person", "group"], ["groups.person", "groups.id"], ondelete="CASCADE"),
    CheckConstraint(one_of("role", _ROLES), name="role"),
    CheckConstraint("uses > 0", name="uses"),
)
"""Open invitations between two people: `lets_in` where whoever made it lets the other in."""

bonds = Table(
    "bonds",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column(
        "other",
        UUID,
        ForeignKey("people.id", name="fk_bonds_other_people", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("role", String(10), nullable=False),
    Column("group", UUID),
    Column("supervised", Boolean(create_constraint=True, name="supervised"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["other", "group"], ["groups.person", "groups.id"], ondelete="CASCADE"),
    CheckConstraint(one_of("role", _ROLES), name="role"),
    CheckConstraint("person <> other", name="other"),
    Index(None, "other", "role"),
)
"""Who let whom in; a bond that ended is gone. `supervised`: the coach's supervisor may read along."""

consents = Table(
    "consents",
    metadata,
    person_column(),
    Column("bond", UUID, nullable=False),
    Column("ladder", UUID, nullable=False),
    Column("fields", Text, nullable=False),
    Column("until", UtcTime),
    Column("given_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("person", "bond", "ladder"),
    ForeignKeyConstraint(["person", "bond"], ["bonds.person", "bonds.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
)
"""What is shown of a ladder, to whom, and until when."""

links = Table(
    "links",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("ladder", UUID, nullable=False),
    Column("fields", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
)
"""Secret addresses of one report each."""

reads = Table(
    "reads",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reader", LargeBinary, nullable=False),
    Column("view", String(10), nullable=False),
    Column("ladder", UUID),
    Column("fields", Text, nullable=False),
    PrimaryKeyConstraint("person", "id"),
    CheckConstraint(one_of("view", VIEWS), name="view"),
    Index(None, "person", "at"),
)
"""Every look that somebody else took; the reader's name is sealed, and stays when they are gone."""

left = Table(
    "left_by_others",
    metadata,
    person_column(),
    Column("id", UUID, nullable=False),
    Column("by", UUID, ForeignKey("people.id", name="fk_left_by_others_by_people", ondelete="SET NULL")),
    Column("ladder", UUID, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "id"),
    ForeignKeyConstraint(["person", "ladder"], ["ladders.person", "ladders.id"], ondelete="CASCADE"),
    CheckConstraint(one_of("kind", KINDS_LEFT), name="kind"),
    CheckConstraint(one_of("state", LEFT_STATES), name="state"),
    Index(None, "person", "state"),
    Index(None, "by"),
)
"""What a coach proposed, said or shared: sealed JSON, for the person to take or leave."""

snoozes = Table(
    "snoozes",
    metadata,
    person_column(),
    Column(
        "about",
        UUID,
        ForeignKey("people.id", name="fk_snoozes_about_people", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("until", UtcTime, nullable=False),
    PrimaryKeyConstraint("person", "about"),
)
"""Whom a coach does not want to see in the caseload for a while."""
