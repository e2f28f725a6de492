"""What seals, hashes and tells the time; and everything that a use case works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rung.app.ports.identities import Providers
from rung.app.ports.operating import Operations
from rung.app.ports.reminding import Senders
from rung.app.ports.store import Store
from rung.app.ports.ways_in import Ceremonies
from rung.app.ports.webhooks import Notifier
from rung.engine import Engine

__all__ = ["Clock", "Passwords", "Services", "Vault"]


class Vault(Protocol):
    """Seals free text, so that the database alone does not tell it."""

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt a text, bound to its place (table, column, row, person)."""

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt a text; `SealBroken` where key, place or bytes are not those it was sealed with."""

    def fingerprints(self, text: str, purpose: str) -> tuple[bytes, ...]:
        """Keyed digests to find a text by without storing it: with today's key, then with older ones."""


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose, and knows which ones are tried first."""

    def hash(self, password: str) -> str:
        """A salted hash to store."""

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Compare, in the same time whether there is a hash or none (then False)."""

    def is_outdated(self, password_hash: str) -> bool:
        """True where the hash was made with weaker settings than today's."""

    def is_easily_guessed(self, password: str, *known: str) -> bool:
        """True for what somebody who tries would come to soon, knowing some words of the person."""


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
    ceremonies: Ceremonies
    senders: Senders = field(default_factory=Senders)
    """What sends messages; nothing, unless an outer main puts it in."""
    operations: Operations | None = None
    """What looks after the server; nothing, unless an outer main puts it in."""
    providers: Providers | None = None
    """Who vouches for people from outside; nobody, unless an outer main puts them in."""
    notifier: Notifier | None = None
    """What brings messages to programs; nothing, unless an outer main puts it in."""
