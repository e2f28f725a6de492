"""The whole loop of one person: ways to sign in, conditions of steps, plans, reminders, preferences.

A migration is a fact of the past: it spells out what the tables were, and never imports the schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_UUID = sa.String(36)
_BEFORE = ("what_helped", "what_next", "what_feared")
_AFTER = (
    *_BEFORE,
    "cause",
    "circumstances",
    "resources",
    "who",
    "what_said",
    "what_seen",
    "story",
    "reading",
)
_MADE = (
    "passkeys",
    "recovery_codes",
    "challenges",
    "invitations",
    "preferences",
    "plans",
    "esteem",
    "reminders",
    "deliveries",
    "subscriptions",
    "feeds",
)


def upgrade() -> None:
    op.add_column("sessions", sa.Column("agent", sa.LargeBinary))
    op.add_column("ladders", sa.Column("template", sa.Text, nullable=False, server_default=""))
    op.add_column("steps", sa.Column("conditions", sa.Text, nullable=False, server_default=""))
    _allow_texts(_AFTER)
    _make_ways_in()
    _make_practice()
    _make_reminders()


def downgrade() -> None:
    for table in reversed(_MADE):
        op.drop_table(table)
    op.execute(sa.text(f"DELETE FROM texts WHERE field NOT IN {_BEFORE!r}"))  # noqa: S608 (constants)
    _allow_texts(_BEFORE)
    op.drop_column("steps", "conditions")
    op.drop_column("ladders", "template")
    op.drop_column("sessions", "agent")


def _allow_texts(fields: tuple[str, ...]) -> None:
    """Let a text be about one of these fields; SQLite makes the table anew for that."""
    rule = f"field IN {fields!r}"
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_texts_field"), "texts", type_="check")
        op.create_check_constraint(op.f("ck_texts_field"), "texts", rule)
        return
    table = sa.Table(
        "texts",
        sa.MetaData(),
        _person(),
        sa.Column("event", _UUID, nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "event", "field", name="pk_texts"),
        sa.CheckConstraint(rule, name=op.f("ck_texts_field")),
        _persons_key("texts"),
    )
    with op.batch_alter_table("texts", recreate="always", copy_from=table):
        pass


def _make_ways_in() -> None:
    op.create_table(
        "passkeys",
        _person(),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME),
        sa.PrimaryKeyConstraint("person", "id", name="pk_passkeys"),
        sa.UniqueConstraint("id", name="uq_passkeys_id"),
        _persons_key("passkeys"),
    )
    op.create_table(
        "recovery_codes",
        _person(),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("used_at", _TIME),
        sa.PrimaryKeyConstraint("person", "code_hash", name="pk_recovery_codes"),
        _persons_key("recovery_codes"),
    )
    op.create_table(
        "challenges",
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("challenge", sa.LargeBinary, nullable=False),
        sa.Column("person", _UUID),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_challenges"),
        _persons_key("challenges"),
    )
    op.create_index("ix_challenges_expires_at", "challenges", ["expires_at"])
    op.create_index("ix_challenges_person", "challenges", ["person"])
    op.create_table(
        "invitations",
        _person(),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "token_hash", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        _persons_key("invitations"),
    )
    op.create_index("ix_invitations_expires_at", "invitations", ["expires_at"])
    _make_sealed("preferences")


def _make_practice() -> None:
    op.create_table(
        "plans",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("step", _UUID, nullable=False),
        sa.Column("at", _TIME),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_plans"),
        sa.ForeignKeyConstraint(
            ["person", "ladder"],
            ["ladders.person", "ladders.id"],
            name="fk_plans_ladders",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("state IN ('planned', 'done', 'dropped')", name=op.f("ck_plans_state")),
        _persons_key("plans"),
    )
    op.create_index("ix_plans_person_state", "plans", ["person", "state"])
    op.create_table(
        "esteem",
        _person(),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", "at", name="pk_esteem"),
        sa.CheckConstraint("value BETWEEN 1 AND 7", name=op.f("ck_esteem_value")),
        _persons_key("esteem"),
    )


def _make_reminders() -> None:
    op.create_table(
        "reminders",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_reminders"),
        _persons_key("reminders"),
    )
    op.create_index("ix_reminders_due_at", "reminders", ["due_at"])
    states = "'waiting', 'sending', 'sent', 'failed', 'expired'"
    op.create_table(
        "deliveries",
        _person(),
        sa.Column("reminder", _UUID, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_until", _TIME),
        sa.Column("done_at", _TIME),
        sa.PrimaryKeyConstraint("person", "reminder", "due_at", "channel", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["person", "reminder"],
            ["reminders.person", "reminders.id"],
            name="fk_deliveries_reminders",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_deliveries_state")),
        _persons_key("deliveries"),
    )
    op.create_index("ix_deliveries_state_claimed_until", "deliveries", ["state", "claimed_until"])
    op.create_table(
        "subscriptions",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_subscriptions"),
        _persons_key("subscriptions"),
    )
    op.create_table(
        "feeds",
        _person(),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
        _persons_key("feeds"),
    )


def _make_sealed(table: str) -> None:
    op.create_table(
        table,
        _person(),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", name=f"pk_{table}"),
        _persons_key(table),
    )


def _person() -> sa.Column[str]:
    return sa.Column("person", _UUID, nullable=False)


def _persons_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_people", ondelete="CASCADE")
