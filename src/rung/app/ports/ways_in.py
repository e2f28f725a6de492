"""Ways in beside the password: passkeys, recovery codes, and invitations of those who have no account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import PersonId

__all__ = [
    "Ceremonies",
    "Challenge",
    "Challenges",
    "Invitation",
    "Invitations",
    "NewKey",
    "Passkey",
    "Passkeys",
    "Place",
    "RecoveryCodes",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passkey is made or used, as the browser knows it."""

    host: str
    """The relying party: the host's name alone."""
    origin: str
    """Scheme, host and port."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What an authenticator made."""

    id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key that a person signs in with; the private one never leaves their device."""

    person: PersonId
    id: bytes
    public_key: bytes
    sign_count: int
    """Uses that the authenticator counted; 0 for one that does not count."""
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What an authenticator must sign, once and soon."""

    token_hash: bytes
    challenge: bytes
    person: PersonId | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link with which somebody may make an account; the link itself is never stored."""

    person: PersonId
    """Who made it."""
    token_hash: bytes
    created_at: datetime
    expires_at: datetime
    uses: int = 1
    """How many accounts may still be made with it."""


class Ceremonies(Protocol):
    """Speaks with browsers about passkeys, in the JSON of WebAuthn."""

    def creation(
        self, place: Place, challenge: bytes, handle: bytes, name: str, known: Sequence[bytes]
    ) -> dict[str, object]:
        """What a browser needs to make a passkey, on no authenticator that has one of those known."""

    def request(self, place: Place, challenge: bytes, allowed: Sequence[bytes]) -> dict[str, object]:
        """What a browser needs to use a passkey: one of those allowed, or any where none is named."""

    def created(self, place: Place, challenge: bytes, answer: Mapping[str, object]) -> NewKey:
        """The key in a browser's answer; `InvalidInput` where the answer does not hold."""

    def id_in(self, answer: Mapping[str, object]) -> bytes:
        """Which passkey an answer says it is of; `SignInFailed` where it says none."""

    def used(
        self, place: Place, challenge: bytes, answer: Mapping[str, object], passkey: Passkey, handle: bytes
    ) -> int:
        """The sign count after a use that holds; `SignInFailed` where it does not."""


class Passkeys(Protocol):
    """The passkeys of people."""

    def of(self, person: PersonId) -> list[Passkey]:
        """All passkeys of the person, oldest first."""

    def count(self, person: PersonId) -> int:
        """How many passkeys the person has."""

    def find(self, key_id: bytes) -> Passkey | None:
        """The passkey of this id, whosever it is."""

    def add(self, passkey: Passkey) -> None:
        """Store a new passkey."""

    def rename(self, passkey: Passkey, name: str) -> None:
        """Give it another name."""

    def use(self, passkey: Passkey, sign_count: int, at: datetime) -> None:
        """Note that it was used."""

    def remove(self, passkey: Passkey) -> None:
        """Forget it."""


class RecoveryCodes(Protocol):
    """Codes on paper, each for one sign-in."""

    def replace(self, person: PersonId, code_hashes: Sequence[bytes]) -> None:
        """Store new codes in place of all older ones."""

    def use(self, person: PersonId, code_hashes: Sequence[bytes], at: datetime) -> bool:
        """Use the code that has one of these hashes up; False where there is none, or it was used."""

    def left(self, person: PersonId) -> int:
        """How many codes are still good."""


class Challenges(Protocol):
    """Ceremonies that were begun."""

    def add(self, challenge: Challenge) -> None:
        """Store a new challenge."""

    def take(self, token_hash: bytes) -> Challenge | None:
        """Give the challenge out and forget it, expired or not."""

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""


class Invitations(Protocol):
    """Open invitations."""

    def add(self, invitation: Invitation) -> None:
        """Store a new invitation."""

    def get(self, token_hash: bytes) -> Invitation | None:
        """The invitation of a token, expired or not."""

    def of(self, person: PersonId) -> list[Invitation]:
        """The invitations of the person, expired ones too, oldest first."""

    def use(self, invitation: Invitation) -> bool:
        """Use it once, and forget it with its last use; False where it was gone already."""

    def remove(self, invitation: Invitation) -> bool:
        """Forget it; False where it was gone already."""

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
