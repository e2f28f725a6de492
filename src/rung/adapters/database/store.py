"""Transactions on the database: a look at one moment, or a change that happens as a whole.

On SQLite one lock in the process lets writers queue instead of polling the file (which cuts the slowest
percent of writes threefold), and BEGIN IMMEDIATE keeps other processes out. On PostgreSQL an advisory
lock makes changes for one person wait for each other, so that nothing read in a change can go stale.

What was deleted stays in SQLite's write-ahead log until that is cut. While somebody reads it cannot be:
then it is tried again after each write, when the store closes and when it opens.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rung.adapters.database.coaching import GroupsTable, LeftTable, SnoozesTable
from rung.adapters.database.connections import cut_write_ahead_log, is_sqlite
from rung.adapters.database.esteem import EsteemTable
from rung.adapters.database.evidence import EvidenceTable, StatesTable
from rung.adapters.database.identities import IdentitiesTable
from rung.adapters.database.ladders import LaddersTable
from rung.adapters.database.people import PeopleTable, SessionsTable
from rung.adapters.database.plans import PlansTable
from rung.adapters.database.preferences import PreferencesTable
from rung.adapters.database.reminders import (
    DeliveriesTable,
    FeedsTable,
    RemindersTable,
    SubscriptionsTable,
)
from rung.adapters.database.schema import metadata
from rung.adapters.database.sharing import BondsTable, LinksTable, OffersTable, ReadsTable
from rung.adapters.database.sheets import MeetingsTable, ScalingsTable
from rung.adapters.database.tokens import KeptAnswersTable, TokensTable
from rung.adapters.database.ways_in import (
    ChallengesTable,
    InvitationsTable,
    PasskeysTable,
    RecoveryCodesTable,
)
from rung.adapters.database.webhooks import WebhooksTable
from rung.app.model import PersonId
from rung.app.ports import Transaction, Vault
from rung.errors import Conflict, StoreUnavailable

__all__ = ["DatabaseStore"]

_log = logging.getLogger(__name__)

_PATIENCE = 0.5
"""Seconds that a change which deleted an account waits for readers, and other changes for it."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables as seen through one open transaction."""

    people: PeopleTable
    sessions: SessionsTable
    ladders: LaddersTable
    evidence: EvidenceTable
    states: StatesTable
    plans: PlansTable
    preferences: PreferencesTable
    esteem: EsteemTable
    passkeys: PasskeysTable
    recovery_codes: RecoveryCodesTable
    challenges: ChallengesTable
    invitations: InvitationsTable
    reminders: RemindersTable
    deliveries: DeliveriesTable
    subscriptions: SubscriptionsTable
    feeds: FeedsTable
    identities: IdentitiesTable
    scalings: ScalingsTable
    meetings: MeetingsTable
    tokens: TokensTable
    kept_answers: KeptAnswersTable
    webhooks: WebhooksTable
    offers: OffersTable
    bonds: BondsTable
    links: LinksTable
    reads: ReadsTable
    left: LeftTable
    snoozes: SnoozesTable
    groups: GroupsTable


class DatabaseStore:
    """Everything that Rung keeps, in one database."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self._vault = vault
        self._is_sqlite = is_sqlite(engine)
        self._writer: AbstractContextManager[object] = Lock() if self._is_sqlite else nullcontext()
        self._is_cut = not self._is_sqlite
        """False while the write-ahead log may hold what was deleted, by an earlier process too."""

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a look at one moment of the store."""
        with _told_plainly(), self.engine.connect() as connection:
            if not self._is_sqlite:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield self._tables(connection)

    @contextmanager
    def writing(self, person: PersonId | None = None) -> Iterator[Transaction]:
        """Open a change; changes for the same person (or of no person) wait for each other."""
        with _told_plainly(), self._writer:
            with self.engine.connect() as connection:
                connection = connection.execution_options(is_writing=True)
                with connection.begin():
                    if not self._is_sqlite:
                        _wait_for_others(connection, person)
                    tables = self._tables(connection)
                    yield tables
            if tables.people.has_removed and self._is_sqlite:
                self._is_cut = cut_write_ahead_log(self.engine, _PATIENCE)
            elif not self._is_cut:
                self._is_cut = cut_write_ahead_log(self.engine, 0)

    @contextmanager
    def replacing(self) -> Iterator[Connection]:
        """Open a change of everything: others read what was before, and nobody writes, until it has ended."""
        with _told_plainly(), self._writer, self.engine.connect() as connection:
            connection = connection.execution_options(is_writing=True)
            with connection.begin():
                if not self._is_sqlite:
                    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
                    connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
                yield connection
        self._is_cut = not self._is_sqlite
        self.tidy()

    def tidy(self) -> None:
        """Leave nothing behind of what was deleted, where nobody reads just now."""
        if self._is_sqlite:
            with self._writer:
                self._is_cut = cut_write_ahead_log(self.engine, 0)

    def close(self) -> None:
        """Let go of all connections."""
        self.tidy()
        self.engine.dispose()

    def _tables(self, connection: Connection) -> _Tables:
        return _Tables(
            PeopleTable(connection, self._vault),
            SessionsTable(connection, self._vault),
            LaddersTable(connection, self._vault),
            EvidenceTable(connection, self._vault),
            StatesTable(connection),
            PlansTable(connection, self._vault),
            PreferencesTable(connection, self._vault),
            EsteemTable(connection),
            PasskeysTable(connection, self._vault),
            RecoveryCodesTable(connection),
            ChallengesTable(connection),
            InvitationsTable(connection),
            RemindersTable(connection, self._vault),
            DeliveriesTable(connection),
            SubscriptionsTable(connection, self._vault),
            FeedsTable(connection),
            IdentitiesTable(connection, self._vault),
            ScalingsTable(connection, self._vault),
            MeetingsTable(connection),
            TokensTable(connection, self._vault),
            KeptAnswersTable(connection, self._vault),
            WebhooksTable(connection, self._vault),
            OffersTable(connection, self._vault),
            BondsTable(connection),
            LinksTable(connection),
            ReadsTable(connection, self._vault),
            LeftTable(connection, self._vault),
            SnoozesTable(connection),
            GroupsTable(connection, self._vault),
        )


def _wait_for_others(connection: Connection, person: PersonId | None) -> None:
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))"), {"person": person or "nobody"}
    )


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn the database's errors into Rung's."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict("The same thing was stored or deleted in the meantime: load the page again") from error
    except ProgrammingError:
        raise
    except (DBAPIError, PoolTimeout) as error:
        # The driver's words name files, hosts and users: they are for whoever runs the server.
        cause = error.orig if isinstance(error, DBAPIError) else error
        _log.error("The database cannot be used: %s", cause)
        raise StoreUnavailable("The database cannot be used at the moment. Nothing was stored.") from error
