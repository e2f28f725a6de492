"""Whether the key opens the texts: every sealed value of a database of today, each at its place."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from rung.adapters.backups.tables import AT_ONCE
from rung.adapters.database.schema import people
from rung.adapters.database.sealed_columns import place_of, sealed_tables
from rung.app.ports import Vault
from rung.errors import SealBroken

__all__ = ["Readable", "readable_texts"]


class Readable(NamedTuple):
    """How many sealed texts there are, and how many of them do not open."""

    texts: int
    broken: int
    names: int
    """Names of people: the texts that everybody has."""
    broken_names: int
    where: tuple[str, ...] = ()
    """The tables and columns of those that do not open."""


def readable_texts(connection: Connection, vault: Vault) -> Readable:
    """Open every sealed text; no word of any is kept."""
    texts = broken = names = broken_names = 0
    where: set[str] = set()
    for table, columns in sealed_tables().items():
        person = [table.c.person] if "person" in table.c else []
        needed = dict.fromkeys([*person, *table.primary_key.columns, *columns])
        for row in connection.execute(select(*needed).execution_options(yield_per=AT_ONCE)):
            for column in columns:
                stored = row._mapping[column]
                if stored is None:
                    continue
                is_name, is_open = column is people.c.name, _opens(vault, stored, place_of(column, row))
                texts, names = texts + 1, names + is_name
                if not is_open:
                    broken, broken_names = broken + 1, broken_names + is_name
                    where.add(f"{table.name}.{column.name}")
    return Readable(texts, broken, names, broken_names, tuple(sorted(where)))


def _opens(vault: Vault, stored: bytes, place: str) -> bool:
    try:
        vault.open(bytes(stored), place)
    except (SealBroken, UnicodeDecodeError):
        return False
    return True
