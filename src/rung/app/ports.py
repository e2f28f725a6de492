"""What the use cases need from the outside, as protocols, and the services that carry it.

One request is one transaction: a use case opens `store.reading()` or `store.writing(person)`, and what
it wrote is either there as a whole when the block ends, or not at all.
Every row belongs to a person, and every question to the store names that person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rung.app.model import Account, EventId, Ladder, LadderId, PersonId
from rung.engine import Engine, Event

__all__ = [
    "Clock",
    "Credentials",
    "Entry",
    "EvidenceLog",
    "Ladders",
    "Passwords",
    "People",
    "SavedState",
    "Services",
    "Session",
    "Sessions",
    "States",
    "Store",
    "Transaction",
    "Vault",
]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    person: PersonId
    name_key: bytes
    password_hash: str


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; the token itself is never stored."""

    person: PersonId
    token_hash: bytes
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision of one event, as it stands in the log."""

    event: Event
    recorded_at: datetime
    revision: int = 1
    withdrawn: bool = False
    """True where the person took the event back; it stays in the table, and out of the log as read."""
    reflected: bool = False
    """True from the first reflection on, even an empty one."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Columns that the format does not know, as JSON values; they survive a round trip."""

    @property
    def person(self) -> PersonId:
        """Whose it is."""
        return PersonId(self.event.person)


@dataclass(frozen=True, slots=True)
class SavedState:
    """What the engine made of a person's log, kept so that it need not be replayed."""

    version: str
    """Model and parameters that made it: a state of another version is never used."""
    stands_on: int
    """Number of the person's last entry that went into it."""
    state: str
    """The engine's own JSON."""


class People(Protocol):
    """Accounts, and the tries at their passwords."""

    def any(self) -> bool:
        """True once there is an account."""

    def add(self, account: Account, credentials: Credentials) -> None:
        """Store a new account."""

    def get(self, person: PersonId) -> Account | None:
        """The account of a person."""

    def find(self, name_keys: Sequence[bytes]) -> Credentials | None:
        """The credentials that stand under one of these keys."""

    def credentials(self, person: PersonId) -> Credentials | None:
        """The credentials of a person."""

    def set_password(self, person: PersonId, password_hash: str) -> None:
        """Replace the password hash."""

    def remove(self, person: PersonId) -> None:
        """Delete the person and every row that belongs to them."""

    def add_try(self, name_key: bytes, at: datetime) -> None:
        """Count one try at a password."""

    def tries(self, name_keys: Sequence[bytes], since: datetime) -> list[datetime]:
        """When passwords were tried since then, oldest first."""

    def forget_tries(self, name_keys: Sequence[bytes]) -> None:
        """Drop the tries under these keys."""

    def forget_tries_before(self, moment: datetime) -> None:
        """Drop all tries that are older."""


class Sessions(Protocol):
    """Signed-in browsers."""

    def add(self, session: Session) -> None:
        """Store a new session."""

    def get(self, token_hash: bytes) -> Session | None:
        """The session of a token, expired or not."""

    def see(self, token_hash: bytes, last_seen_at: datetime, expires_at: datetime) -> None:
        """Note that the session is in use."""

    def remove(self, token_hash: bytes) -> None:
        """End one session."""

    def remove_all(self, person: PersonId, keep: bytes | None = None) -> None:
        """End all sessions of a person, but for the one to keep."""

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""


class Ladders(Protocol):
    """Ladders with their steps."""

    def of(self, person: PersonId) -> list[Ladder]:
        """All ladders of the person, archived ones too, oldest first."""

    def get(self, person: PersonId, ladder_id: LadderId) -> Ladder | None:
        """One ladder of the person."""

    def put(self, ladder: Ladder) -> None:
        """Store the ladder and its steps as they are now; steps are never deleted."""


class EvidenceLog(Protocol):
    """The append-only log, and the sealed texts beside it."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries; a revision that exists already is a `Conflict`."""

    def log(self, person: PersonId, domain: str | None = None, since: float | None = None) -> list[Entry]:
        """The log as read: the latest revision of each event that is not withdrawn, in canonical order."""

    def revisions(self, person: PersonId, ids: Sequence[str]) -> dict[str, list[Entry]]:
        """Every revision of these events, first to last; ids that do not exist are left out."""

    def has_evidence(self, person: PersonId, domain: str) -> bool:
        """True where the domain has events, withdrawn ones too."""

    def standing(self, person: PersonId) -> int:
        """Number of the person's last entry; 0 for an empty log."""

    def latest(self, person: PersonId) -> Event | None:
        """The last event of the log as read, in canonical order."""

    def outcomes(self, person: PersonId, domain: str, task: str, until: float) -> list[float]:
        """What came of the attempts at a task, up to and with a moment; unknown outcomes are left out."""

    def arousal_of_last(self, person: PersonId, outcome: float, least: float, before: float) -> float | None:
        """Arousal of the last attempt before a moment that had this outcome and at least this arousal."""

    def texts(self, person: PersonId, ids: Sequence[str] | None = None) -> dict[EventId, dict[str, str]]:
        """What the person wrote about these events (None = about any), by event and field."""

    def put_texts(self, person: PersonId, event_id: EventId, texts: Mapping[str, str]) -> None:
        """Replace texts about an event; an empty text deletes what was there."""


class States(Protocol):
    """The cache of derived states: may be lost at any time, and is never older than the log it names."""

    def get(self, person: PersonId) -> SavedState | None:
        """The saved state of a person."""

    def put(self, person: PersonId, saved: SavedState) -> None:
        """Replace the saved state."""

    def drop(self, person: PersonId) -> None:
        """Forget the saved state."""


class Transaction(Protocol):
    """One consistent look at the store, and one all-or-nothing change of it."""

    @property
    def people(self) -> People:
        """Accounts."""

    @property
    def sessions(self) -> Sessions:
        """Signed-in browsers."""

    @property
    def ladders(self) -> Ladders:
        """Ladders and steps."""

    @property
    def evidence(self) -> EvidenceLog:
        """The log."""

    @property
    def states(self) -> States:
        """The cache of derived states."""


class Store(Protocol):
    """Where everything is kept."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a look at one moment of the store."""

    def writing(self, person: PersonId | None = None) -> AbstractContextManager[Transaction]:
        """Open a change; changes for the same person (or of no person) wait for each other."""

    def close(self) -> None:
        """Let go of all connections."""


class Vault(Protocol):
    """Seals free text, so that the database alone does not tell it."""

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt a text, bound to its place (table, column, row, person)."""

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt a text; `SealBroken` where key, place or bytes are not those it was sealed with."""

    def fingerprints(self, text: str, purpose: str) -> tuple[bytes, ...]:
        """Keyed digests to find a text by without storing it: with today's key, then with older ones."""


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose."""

    def hash(self, password: str) -> str:
        """A salted hash to store."""

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Compare, in the same time whether there is a hash or none (then False)."""

    def is_outdated(self, password_hash: str) -> bool:
        """True where the hash was made with weaker settings than today's."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a use case works with; only an outer main puts it together."""

    store: Store
    vault: Vault
    passwords: Passwords
    clock: Clock
    engine: Engine
