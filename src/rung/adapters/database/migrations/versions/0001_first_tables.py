"""The first tables: people, sessions, ladders, the log with its texts, and the cache of states.

A migration is a fact of the past: it spells out what the tables were, and never imports the schema.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_UUID = sa.String(36)
_SHARES = (
    "difficulty_rated",
    "feedback",
    "confidence",
    "aid",
    "effort",
    "internal",
    "stable",
    "controllable",
    "similarity",
    "coping",
    "credibility",
    "arousal",
    "appraisal",
    "feared",
    "happened",
)
_RANGES = {"coping": "coping IN (0, 1)", "appraisal": "appraisal BETWEEN -1 AND 1"}


def upgrade() -> None:
    _make_people()
    _make_ladders()
    _make_events()
    op.create_table(
        "texts",
        _person(),
        sa.Column("event", _UUID, nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "event", "field", name="pk_texts"),
        sa.CheckConstraint(
            "field IN ('what_helped', 'what_next', 'what_feared')", name=op.f("ck_texts_field")
        ),
        _persons_key("texts"),
    )
    op.create_table(
        "states",
        _person(),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("stands_on", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_states"),
        _persons_key("states"),
    )


def downgrade() -> None:
    for table in ("states", "texts", "events", "steps", "ladders", "sessions", "tries", "people"):
        op.drop_table(table)


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", _UUID, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("name_key", sa.LargeBinary, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("name_key", name="uq_people_name_key"),
    )
    op.create_table(
        "tries",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name_key", sa.LargeBinary, nullable=False),
        sa.Column("tried_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_tries"),
    )
    op.create_index("ix_tries_name_key_tried_at", "tries", ["name_key", "tried_at"])
    op.create_index("ix_tries_tried_at", "tries", ["tried_at"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        _person(),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        _persons_key("sessions"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def _make_ladders() -> None:
    op.create_table(
        "ladders",
        _person(),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("wanted_chance", sa.Double, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("archived_at", _TIME),
        sa.PrimaryKeyConstraint("person", "id", name="pk_ladders"),
        sa.CheckConstraint("wanted_chance IN (0.6, 0.75, 0.9)", name=op.f("ck_ladders_wanted_chance")),
        _persons_key("ladders"),
    )
    op.create_table(
        "steps",
        sa.Column("person", _UUID, nullable=False),
        sa.Column("ladder", _UUID, nullable=False),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("difficulty", sa.Double, nullable=False),
        sa.Column("retired_at", _TIME),
        sa.PrimaryKeyConstraint("person", "ladder", "id", name="pk_steps"),
        sa.ForeignKeyConstraint(
            ["person", "ladder"],
            ["ladders.person", "ladders.id"],
            name="fk_steps_ladders",
            ondelete="CASCADE",
        ),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        _person(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("domain", "task")),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *(sa.Column(name, sa.Double) for name in ("value", "difficulty", *_SHARES)),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column(
            "withdrawn", sa.Boolean(create_constraint=True, name=op.f("ck_events_withdrawn")), nullable=False
        ),
        sa.Column(
            "reflected", sa.Boolean(create_constraint=True, name=op.f("ck_events_reflected")), nullable=False
        ),
        sa.Column("recorded_at", _TIME, nullable=False),
        *_event_checks(),
        sa.PrimaryKeyConstraint("person", "id", "revision", name="pk_events"),
        sa.UniqueConstraint("person", "number", name="uq_events_person_number"),
        _persons_key("events"),
    )
    op.create_index("ix_events_person_time", "events", ["person", "time"])
    op.create_index("ix_events_person_domain_time", "events", ["person", "domain", "time"])


def _event_checks() -> list[sa.CheckConstraint]:
    kinds = "'judgement', 'attempt', 'feedback', 'model', 'persuasion', 'state', 'choice', 'note'"
    checks = {"kind": f"kind IN ({kinds})", "revision": "revision >= 1", "number": "number >= 1"}
    checks |= {name: f"{name} BETWEEN 0 AND 1" for name in ("value", *_SHARES)} | _RANGES
    return [sa.CheckConstraint(rule, name=op.f(f"ck_events_{name}")) for name, rule in checks.items()]


def _person() -> sa.Column[str]:
    return sa.Column("person", _UUID, nullable=False)


def _persons_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_people", ondelete="CASCADE")
