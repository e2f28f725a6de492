"""Seal with the newest key what older ones sealed, so that the older ones can be dropped.

Before anything is written, every sealed text is opened; one that does not open ends it, and nothing has
changed. Then rows are rewritten in transactions of at most `AT_ONCE` rows: whoever is served meanwhile waits
for one of them at most, and a process that is killed leaves texts of both keys, of which each opens. Run
again, it goes on with what is left. At the end every text is opened once more, with the newest key alone.

With a person's name goes the keyed digest that it is found by. The keyed digests of recovery codes, and of
accounts elsewhere, cannot be made anew, for only their people have the codes, and only the providers know who
they are: they need the key that was the first when they were made. An account elsewhere gets its new digest
when somebody signs in with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.exc import DBAPIError

from rung.adapters.database.schema import identities, people, recovery_codes
from rung.adapters.database.sealed_columns import place_of, sealed_tables
from rung.adapters.database.store import DatabaseStore
from rung.adapters.vault import AesVault
from rung.errors import SealBroken, StoreUnavailable

__all__ = ["AT_ONCE", "Resealed", "count_sealed", "reseal"]

AT_ONCE = 200
"""Rows of one transaction."""
_ROUNDS = 20
"""How often rows that somebody else holds are come back to."""
_HEAD = 5
"""Bytes of a sealed text that name version and key."""

Progress = Callable[[int], None]
NameKeys = Callable[[str], Sequence[bytes]]
"""The digests that an account of a name is found by: with the newest key, then with older ones."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """What was done, and what still needs an older key."""

    keys: int
    """How many keys are at hand."""
    texts: int
    """Sealed texts that there are."""
    rewritten: int
    """Texts that an older key had sealed."""
    name_keys: int
    """Digests of names that an older key had made."""
    codes: int
    """Recovery codes that are good; those made before the newest key came need the older one."""
    people_with_codes: int
    identities: int
    """Accounts elsewhere that are known by digests of an older key, or of a provider that is not set up."""
    codes_ended: bool = False


def count_sealed(store: DatabaseStore) -> int:
    """How many rows hold a sealed text: what each of the two looks goes through."""
    with _told(), store.engine.connect() as connection:
        return sum(
            connection.scalar(select(func.count()).select_from(table).where(_holds(columns))) or 0
            for table, columns in sealed_tables().items()
        )


def reseal(
    store: DatabaseStore,
    vault: AesVault,
    name_keys: NameKeys,
    progress: Progress | None = None,
    *,
    issuers: Collection[bytes] = (),
    end_codes: bool = False,
) -> Resealed:
    """Seal everything with the newest key; `SealBroken` where a text does not open, and nothing is changed.

    `issuers` are the digests that the newest key makes of the providers of accounts elsewhere.
    With `end_codes` all recovery codes go, so that none is left that only an older key can check.
    """
    tell = progress or (lambda done: None)
    with _told():
        _look_through(store, vault, tell)
        rewritten = name_count = 0
        for table in sealed_tables():
            texts, names = _rewrite_table(store, table, vault, name_keys)
            rewritten, name_count = rewritten + texts, name_count + names
        texts = _look_through(store, vault.newest, tell)
        codes, with_codes = _codes(store)
        older = _identities_but_of(store, issuers)
        done = Resealed(vault.count, texts, rewritten, name_count, codes, with_codes, older)
        if end_codes and codes:
            with _changing(store) as connection:
                connection.execute(delete(recovery_codes))
            done = replace(done, codes_ended=True)
    # What the older keys open is gone from SQLite's file too; elsewhere it goes with the next VACUUM.
    store.tidy()
    return done


def _look_through(store: DatabaseStore, vault: AesVault, tell: Progress) -> int:
    """Open every text; how many there are."""
    broken: Counter[str] = Counter()
    texts = 0
    for table, columns in sealed_tables().items():
        for rows in _batches(store, table, columns):
            for row in rows:
                for column in columns:
                    if row._mapping[column] is not None:
                        texts += 1
                        broken[str(column)] += not _opens(vault, column, row)
            tell(len(rows))
    if found := sorted(broken.items()):
        told = ", ".join(f"{count:,} in {column}" for column, count in found if count)
        if told:
            raise SealBroken(
                f"Some texts do not open with the keys at hand ({told}): put back the key that sealed them, "
                "or restart the server with the new key, and run this again. No text was lost"
            )
    return texts


def _opens(vault: AesVault, column: Column[Any], row: Row[Any]) -> bool:
    try:
        vault.open(bytes(row._mapping[column]), place_of(column, row))
    except SealBroken:
        return False
    return True


def _batches(store: DatabaseStore, table: Table, columns: list[Column[Any]]) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a table that hold sealed text, some at a time: no look lasts as long as the table is."""
    after: Row[Any] | None = None
    while True:
        query = _query(table, columns, after).where(_holds(columns))
        with store.engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return
        yield rows
        after = rows[-1]


def _rewrite_table(
    store: DatabaseStore, table: Table, vault: AesVault, name_keys: NameKeys
) -> tuple[int, int]:
    """Rewrite what older keys sealed; how many texts and digests of names."""
    columns = sealed_tables()[table]
    is_left = or_(
        *(and_(column.is_not(None), func.substr(column, 1, _HEAD) != vault.head) for column in columns)
    )
    texts = names = 0
    for _round in range(_ROUNDS):
        after: Row[Any] | None = None
        while True:
            # Rows that a request holds just now are left for the next round: so neither waits for the other.
            query = _query(table, columns, after).where(is_left).with_for_update(skip_locked=True)
            with _changing(store) as connection:
                rows = connection.execute(query).all()
                for row in rows:
                    texts += _rewrite(connection, row, columns, vault)
                    if table is people:
                        names += _rewrite_name_key(connection, row, vault, name_keys)
            if not rows:
                break
            after = rows[-1]
        with store.engine.connect() as connection:
            if not connection.scalar(select(func.count()).select_from(table).where(is_left)):
                return texts, names
    raise StoreUnavailable(
        f"Texts in {table.name} are still being sealed with an older key: restart every server with the "
        "new key first in its key file, and run this again. No text was lost"
    )


def _rewrite(connection: Connection, row: Row[Any], columns: list[Column[Any]], vault: AesVault) -> int:
    values = {}
    for column in columns:
        stored, place = row._mapping[column], place_of(column, row)
        if stored is not None and bytes(stored)[:_HEAD] != vault.head:
            values[column.name] = vault.seal(vault.open(bytes(stored), place), place)
    connection.execute(update(columns[0].table).where(_is(row, columns[0].table)).values(values))
    return len(values)


def _rewrite_name_key(connection: Connection, row: Row[Any], vault: AesVault, name_keys: NameKeys) -> int:
    keys = name_keys(vault.open(bytes(row._mapping[people.c.name]), place_of(people.c.name, row)))
    stored = bytes(row._mapping[people.c.name_key])
    if stored not in keys:
        raise SealBroken("The digest of a name does not fit the name: restore the database from a backup")
    if stored == keys[0]:
        return 0
    connection.execute(update(people).where(_is(row, people)).values(name_key=keys[0]))
    return 1


def _query(table: Table, columns: list[Column[Any]], after: Row[Any] | None) -> Any:
    keys = list(table.primary_key.columns)
    wanted = [*keys, *columns]
    if "person" in table.c and table.c.person not in keys:
        wanted.append(table.c.person)
    if table is people:
        wanted.append(people.c.name_key)
    query = select(*wanted).order_by(*keys).limit(AT_ONCE)
    if after is None:
        return query
    return query.where(tuple_(*keys) > tuple_(*(after._mapping[key] for key in keys)))


def _holds(columns: list[Column[Any]]) -> Any:
    return or_(*(column.is_not(None) for column in columns))


def _is(row: Row[Any], table: Table) -> Any:
    return and_(*(key == row._mapping[key] for key in table.primary_key.columns))


def _codes(store: DatabaseStore) -> tuple[int, int]:
    query = select(func.count(), func.count(recovery_codes.c.person.distinct()))
    with store.engine.connect() as connection:
        codes, with_codes = connection.execute(query.where(recovery_codes.c.used_at.is_(None))).one()
    return codes, with_codes


def _identities_but_of(store: DatabaseStore, issuers: Collection[bytes]) -> int:
    query = select(func.count()).select_from(identities).where(identities.c.issuer.not_in(issuers))
    with store.engine.connect() as connection:
        return connection.scalar(query) or 0


@contextmanager
def _changing(store: DatabaseStore) -> Iterator[Connection]:
    with store.engine.connect() as connection:
        connection = connection.execution_options(is_writing=True)
        with connection.begin():
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreUnavailable(
            f"The database cannot be used ({error.orig}): what was rewritten stays so, and the rest is as it "
            "was. Run this again"
        ) from error
