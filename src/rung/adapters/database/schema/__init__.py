"""The tables, one definition for SQLite and PostgreSQL; Alembic's migrations must lead to just this.

Every row belongs to a person: the person is the first part of every primary key, and deleting a person
deletes their rows. Names and texts are sealed bytes. The columns of `events` are generated from
`rung.engine.events.COLUMNS`, with their ranges as CHECK constraints.
"""

from __future__ import annotations

from rung.adapters.database.schema.accounts import (
    challenges,
    invitations,
    passkeys,
    people,
    preferences,
    recovery_codes,
    sessions,
    tries,
)
from rung.adapters.database.schema.columns import metadata
from rung.adapters.database.schema.identities import identities
from rung.adapters.database.schema.practice import (
    esteem,
    events,
    ladders,
    meetings,
    plans,
    scalings,
    states,
    steps,
    texts,
)
from rung.adapters.database.schema.programs import answers, notices, tokens, webhooks
from rung.adapters.database.schema.reminding import (
    deliveries,
    feeds,
    reminders,
    subscriptions,
)
from rung.adapters.database.schema.sharing import (
    bonds,
    consents,
    groups,
    left,
    links,
    offers,
    reads,
    snoozes,
)

__all__ = [
    "answers",
    "bonds",
    "challenges",
    "consents",
    "deliveries",
    "esteem",
    "events",
    "feeds",
    "groups",
    "identities",
    "invitations",
    "ladders",
    "left",
    "links",
    "meetings",
    "metadata",
    "notices",
    "offers",
    "passkeys",
    "people",
    "plans",
    "preferences",
    "reads",
    "recovery_codes",
    "reminders",
    "scalings",
    "sessions",
    "snoozes",
    "states",
    "steps",
    "subscriptions",
    "texts",
    "tokens",
    "tries",
    "webhooks",
]
