"""Letting somebody in: offers, bonds, consent, what was read, what others left, groups, snoozes.

A migration is a fact of the past: it spells out what the tables were, and never imports the schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_UUID = sa.String(36)
_ROLES = "role IN ('coach', 'supervisor', 'leader', 'researcher')"
_VIEWS = "view IN ('caseload', 'ladder', 'sheet', 'report', 'study', 'group')"
_LEFT = "kind IN ('step', 'split', 'bridge', 'homework', 'comment', 'praise', 'story')"
_STATES = "state IN ('open', 'taken', 'declined')"
_MADE = ("groups", "offers", "bonds", "consents", "links", "reads", "left_by_others", "snoozes")
_SCALED = ("scalings", "meetings")


def upgrade() -> None:
    op.add_column("invitations", sa.Column("uses", sa.Integer, nullable=False, server_default="1"))
    _make_bonds()
    _make_what_is_shown()
    _make_what_is_left()
    _make_scalings()


def downgrade() -> None:
    for table in reversed((*_MADE, *_SCALED)):
        op.drop_table(table)
    op.drop_column("invitations", "uses")


def _make_bonds() -> None:
    op.create_table(
        "groups",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_groups"),
        _persons_key("groups"),
    )
    op.create_table(
        "offers",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("lets_in", sa.Boolean(create_constraint=True, name="lets_in"), nullable=False),
        sa.Column("group", _UUID),
        sa.Column("label", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_offers"),
        sa.UniqueConstraint("token_hash", name="uq_offers_token_hash"),
        _key("offers", ("person", "group"), "groups"),
        sa.CheckConstraint(_ROLES, name=op.f("ck_offers_role")),
        sa.CheckConstraint("uses > 0", name=op.f("ck_offers_uses")),
        _persons_key("offers"),
    )
    op.create_index("ix_offers_expires_at", "offers", ["expires_at"])
    op.create_table(
        "bonds",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("other", _UUID, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("group", _UUID),
        sa.Column("supervised", sa.Boolean(create_constraint=True, name="supervised"), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_bonds"),
        _key("bonds", ("other", "group"), "groups"),
        sa.CheckConstraint(_ROLES, name=op.f("ck_bonds_role")),
        sa.CheckConstraint("person <> other", name=op.f("ck_bonds_other")),
        _persons_key("bonds"),
        _others_key("bonds", "other", "CASCADE"),
    )
    op.create_index("ix_bonds_other_role", "bonds", ["other", "role"])


def _make_what_is_shown() -> None:
    op.create_table(
        "consents",
        _person(),
        sa.Column("bond", _UUID, nullable=False),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("until", _TIME),
        sa.Column("given_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "bond", "ladder", name="pk_consents"),
        _key("consents", ("person", "bond"), "bonds"),
        _key("consents", ("person", "ladder"), "ladders"),
        _persons_key("consents"),
    )
    op.create_table(
        "links",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_links"),
        sa.UniqueConstraint("token_hash", name="uq_links_token_hash"),
        _key("links", ("person", "ladder"), "ladders"),
        _persons_key("links"),
    )
    op.create_index("ix_links_expires_at", "links", ["expires_at"])
    op.create_table(
        "reads",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("reader", sa.LargeBinary, nullable=False),
        sa.Column("view", sa.String(10), nullable=False),
        sa.Column("ladder", _UUID),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_reads"),
        sa.CheckConstraint(_VIEWS, name=op.f("ck_reads_view")),
        _persons_key("reads"),
    )
    op.create_index("ix_reads_person_at", "reads", ["person", "at"])


def _make_what_is_left() -> None:
    op.create_table(
        "left_by_others",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("by", _UUID),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("answered_at", _TIME),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_left_by_others"),
        _key("left_by_others", ("person", "ladder"), "ladders"),
        sa.CheckConstraint(_LEFT, name=op.f("ck_left_by_others_kind")),
        sa.CheckConstraint(_STATES, name=op.f("ck_left_by_others_state")),
        _persons_key("left_by_others"),
        _others_key("left_by_others", "by", "SET NULL"),
    )
    op.create_index("ix_left_by_others_person_state", "left_by_others", ["person", "state"])
    op.create_index("ix_left_by_others_by", "left_by_others", ["by"])
    op.create_table(
        "snoozes",
        _person(),
        sa.Column("about", _UUID, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "about", name="pk_snoozes"),
        _persons_key("snoozes"),
        _others_key("snoozes", "about", "CASCADE"),
    )


def _make_scalings() -> None:
    op.create_table(
        "scalings",
        _person(),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "ladder", name="pk_scalings"),
        _key("scalings", ("person", "ladder"), "ladders"),
        _persons_key("scalings"),
    )
    op.create_table(
        "meetings",
        _person(),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "ladder", "at", name="pk_meetings"),
        _key("meetings", ("person", "ladder"), "ladders"),
        _persons_key("meetings"),
    )


def _person() -> sa.Column[str]:
    return sa.Column("person", _UUID, nullable=False)


def _persons_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_people", ondelete="CASCADE")


def _others_key(table: str, column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["people.id"], name=f"fk_{table}_{column}_people", ondelete=ondelete
    )


def _key(table: str, columns: tuple[str, str], to: str) -> sa.ForeignKeyConstraint:
    keys = [f"{to}.person", f"{to}.id"]
    return sa.ForeignKeyConstraint(list(columns), keys, name=f"fk_{table}_{to}", ondelete="CASCADE")
