"""Programs that act for a person: tokens, answers kept for retries, webhooks.

A migration is a fact of the past: it spells out what the tables were, and never imports the schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_UUID = sa.String(36)
_MADE = ("tokens", "answers", "webhooks", "notices")


def upgrade() -> None:
    _make_tokens()
    _make_webhooks()


def downgrade() -> None:
    for table in reversed(_MADE):
        op.drop_table(table)


def _make_tokens() -> None:
    op.create_table(
        "tokens",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("ladders", sa.Text),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME),
        sa.PrimaryKeyConstraint("person", "id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
        _persons_key("tokens"),
    )
    op.create_table(
        "answers",
        _person(),
        sa.Column("token", _UUID, nullable=False),
        sa.Column("key_digest", sa.LargeBinary, nullable=False),
        sa.Column("request_digest", sa.LargeBinary, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.PrimaryKeyConstraint("person", "token", "key_digest", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["person", "token"],
            ["tokens.person", "tokens.id"],
            name="fk_answers_tokens",
            ondelete="CASCADE",
        ),
        _persons_key("answers"),
    )
    op.create_index("ix_answers_made_at", "answers", ["made_at"])


def _make_webhooks() -> None:
    op.create_table(
        "webhooks",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("kinds", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("looked_at", _TIME, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_webhooks"),
        _persons_key("webhooks"),
    )
    op.create_index("ix_webhooks_looked_at", "webhooks", ["looked_at"])
    op.create_table(
        "notices",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("webhook", _UUID, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("happened_at", _TIME, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("done_at", _TIME),
        sa.Column("answer", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("person", "id", name="pk_notices"),
        sa.ForeignKeyConstraint(
            ["person", "webhook"],
            ["webhooks.person", "webhooks.id"],
            name="fk_notices_webhooks",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_notices_state")),
        _persons_key("notices"),
    )
    op.create_index("ix_notices_due_at", "notices", ["due_at"])
    op.create_index("ix_notices_person_webhook", "notices", ["person", "webhook"])


def _person() -> sa.Column[str]:
    return sa.Column("person", _UUID, nullable=False)


def _persons_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_people", ondelete="CASCADE")
