"""Accounts, the tries at their passwords, and signed-in browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import Account, PersonId

__all__ = ["Credentials", "People", "Session", "Sessions"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    person: PersonId
    name_key: bytes
    password_hash: str
    """Empty where the person has no password."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; the token itself is never stored."""

    person: PersonId
    token_hash: bytes
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    agent: str = ""
    """What the browser said of itself, shortened."""


class People(Protocol):
    """Accounts, and the tries at their passwords."""

    def any(self) -> bool:
        """True once there is an account."""

    def first(self, count: int) -> list[PersonId]:
        """The oldest accounts, as many of them as asked for."""

    def add(self, account: Account, credentials: Credentials) -> None:
        """Store a new account."""

    def get(self, person: PersonId) -> Account | None:
        """The account of a person."""

    def names(self, people: Sequence[PersonId]) -> dict[PersonId, str]:
        """The names of many people; who has no account is left out."""

    def find(self, name_keys: Sequence[bytes]) -> Credentials | None:
        """The credentials that stand under one of these keys."""

    def credentials(self, person: PersonId) -> Credentials | None:
        """The credentials of a person."""

    def set_password(self, person: PersonId, password_hash: str) -> None:
        """Replace the password hash."""

    def rename(self, person: PersonId, name: str, name_key: bytes) -> None:
        """Give the account another name."""

    def remove(self, person: PersonId) -> None:
        """Delete the person and every row that belongs to them."""

    def add_try(self, name_key: bytes, at: datetime) -> None:
        """Count one try at a password, or at anything else that is counted."""

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

    def visitor(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """The same with the account that it speaks for."""

    def of(self, person: PersonId) -> list[Session]:
        """All sessions of the person, the one used last first."""

    def see(self, token_hash: bytes, last_seen_at: datetime, expires_at: datetime) -> None:
        """Note that the session is in use."""

    def remove(self, token_hash: bytes) -> None:
        """End one session."""

    def remove_all(self, person: PersonId, keep: bytes | None = None) -> None:
        """End all sessions of a person, but for the one to keep."""

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
