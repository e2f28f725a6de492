"""Every column that holds sealed text, and of every other column of bytes why it holds none.

A sealed text is bound to its place, for every column by one rule:

    place = table.column / person / the rest of the row's primary key, bytes in hex

A test holds that each column of bytes stands in one of the two lists, and that the rule is the one by which
the tables seal.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Row, Table

from rung.adapters.database import schema

__all__ = ["NOT_SEALED", "SEALED", "place_of", "sealed_tables"]

SEALED: Final[tuple[Column[Any], ...]] = (
    schema.people.c.name,
    schema.sessions.c.agent,
    schema.passkeys.c.name,
    schema.identities.c.label,
    schema.preferences.c.content,
    schema.ladders.c.name,
    schema.steps.c.name,
    schema.events.c.sealed,
    schema.texts.c.text,
    schema.plans.c.content,
    schema.reminders.c.content,
    schema.subscriptions.c.content,
    schema.groups.c.name,
    schema.offers.c.label,
    schema.reads.c.reader,
    schema.left.c.content,
    schema.tokens.c.name,
    schema.answers.c.answer,
    schema.webhooks.c.content,
    schema.scalings.c.content,
)

NOT_SEALED: Final[dict[Column[Any], str]] = {
    schema.people.c.name_key: "keyed digest of the name, made anew with the newest key",
    schema.tries.c.name_key: "keyed digest of what was tried, kept for an hour",
    schema.sessions.c.token_hash: "digest of a random token",
    schema.passkeys.c.id: "made by the browser, and told to it",
    schema.passkeys.c.public_key: "public",
    schema.identities.c.issuer: "keyed digest of an address in the operator's settings",
    schema.identities.c.subject: "keyed digest of who somebody is for a provider",
    schema.recovery_codes.c.code_hash: "keyed digest of a code that only its person has",
    schema.challenges.c.token_hash: "digest of a random token",
    schema.challenges.c.challenge: "random, good for five minutes",
    schema.invitations.c.token_hash: "digest of a random token",
    schema.feeds.c.token_hash: "digest of a secret address",
    schema.offers.c.token_hash: "digest of a random token",
    schema.links.c.token_hash: "digest of a secret address",
    schema.tokens.c.digest: "digest of a random token",
    schema.answers.c.key_digest: "digest of what a program named its request",
    schema.answers.c.request_digest: "digest of a request",
}


def sealed_tables() -> dict[Table, list[Column[Any]]]:
    """The tables with sealed columns, people first, each with those columns."""
    found: dict[Table, list[Column[Any]]] = {}
    for column in SEALED:
        found.setdefault(column.table, []).append(column)
    return found


def place_of(column: Column[Any], row: Row[Any]) -> str:
    """Where a text of this row is sealed for; the row holds the person and the primary key."""
    table, values = column.table, row._mapping
    person = table.c.person if "person" in table.c else table.c.id
    rest = [values[key] for key in table.primary_key.columns if key is not person]
    return "/".join((f"{table.name}.{column.name}", values[person], *map(_written, rest)))


def _written(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
