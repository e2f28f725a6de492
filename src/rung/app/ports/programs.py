"""Programs that act for a person: their tokens, and the answers that are kept for those who ask twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import LadderId, PersonId
from rung.app.policies import Scope

__all__ = ["KeptAnswer", "KeptAnswers", "Token", "Tokens"]


@dataclass(frozen=True, slots=True)
class Token:
    """What a program may do for a person; the token itself is never stored."""

    person: PersonId
    id: str
    name: str
    """What the person calls the program."""
    digest: bytes
    scopes: frozenset[Scope]
    ladders: frozenset[LadderId] | None
    """The ladders that it is for; None = all, those of later too."""
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to something that may be asked once more by the same key."""

    person: PersonId
    token: str
    key_digest: bytes
    """Of the key that the program chose."""
    request_digest: bytes
    """Of what was asked."""
    made_at: datetime
    answer: str | None = None
    """None while it is being made."""


class Tokens(Protocol):
    """Tokens of people."""

    def of(self, person: PersonId) -> list[Token]:
        """All tokens of the person, expired ones too, oldest first."""

    def get(self, person: PersonId, token_id: str) -> Token | None:
        """One token of the person."""

    def find(self, digest: bytes) -> Token | None:
        """The token of this digest, whosever it is, expired or not."""

    def add(self, token: Token) -> None:
        """Store a new token."""

    def use(self, token: Token, at: datetime) -> None:
        """Note that it was used."""

    def remove(self, token: Token) -> None:
        """Forget it, and the answers that were kept for it."""


class KeptAnswers(Protocol):
    """Answers that are kept for a day."""

    def get(self, person: PersonId, token: str, key_digest: bytes) -> KeptAnswer | None:
        """What is kept under a key."""

    def put(self, kept: KeptAnswer) -> None:
        """Keep it, in place of what was there."""

    def remove(self, kept: KeptAnswer) -> None:
        """Forget it."""

    def remove_before(self, moment: datetime) -> None:
        """Forget what is older."""
