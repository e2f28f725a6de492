"""Signing in at an identity provider.

A migration is a fact of the past: it spells out what the tables were, and never imports the schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("issuer", sa.LargeBinary, nullable=False),
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME),
        sa.PrimaryKeyConstraint("person", "issuer", "subject", name="pk_identities"),
        sa.UniqueConstraint("subject", name="uq_identities_subject"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_identities_people", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("identities")
