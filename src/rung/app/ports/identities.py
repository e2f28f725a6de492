"""Identities at providers outside of Rung, by which people sign in here, and who vouches for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import PersonId

__all__ = ["Identities", "Identity", "Provider", "Providers", "Vouched", "Way"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody outside of Rung who knows people, as the operator has set it up."""

    key: str
    """Names it in addresses of pages."""
    name: str
    """Names it to people."""
    issuer: str
    """Its address, which names it in what it signs."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a provider and back: where it sends the browser to, and what must come back unchanged."""

    back: str
    state: str
    nonce: str
    verifier: str
    """Known to Rung alone; the provider gets its hash first, and itself at the end (PKCE)."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for."""

    issuer: str
    subject: str
    """Who it is for the provider; says nothing to anybody else."""
    label: str
    """By what the person knows it again."""
    since: datetime | None
    """When they showed the provider that it is them; None where it does not tell."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a provider who is a person here: both by keyed digests alone."""

    person: PersonId
    issuer: bytes
    subject: bytes
    label: str
    created_at: datetime
    last_used_at: datetime | None = None


class Identities(Protocol):
    """The identities of people."""

    def of(self, person: PersonId) -> list[Identity]:
        """Those of the person, oldest first."""

    def find(self, subjects: Sequence[bytes]) -> Identity | None:
        """The one with one of these digests, whosever it is."""

    def add(self, identity: Identity) -> None:
        """Store a new one."""

    def use(self, identity: Identity, label: str, at: datetime) -> None:
        """Note that it was used, and what it is called now."""

    def remove(self, identity: Identity) -> None:
        """Forget it."""


class Providers(Protocol):
    """Speaks with providers, as OpenID Connect has it. `SignInFailed` says what a person can do."""

    @property
    def all(self) -> Sequence[Provider]:
        """Those that are set up, in the operator's order."""

    @property
    def is_only_way(self) -> bool:
        """True where whoever wants to sign in is sent to the first one at once."""

    def address(self, provider: Provider, way: Way, is_confirming: bool) -> str:
        """Where the browser goes; where somebody confirms that it is them, the provider must ask them."""

    def vouched(self, provider: Provider, way: Way, answer: Mapping[str, str], now: datetime) -> Vouched:
        """Whom the provider vouches for in what the browser brought back."""

    def counts_arrival(self, provider: Provider) -> bool:
        """True where the provider never tells when somebody signed in there: then coming back counts."""

    def sign_out_address(self, provider: Provider) -> str:
        """Where somebody signs out at the provider, too; empty where that is not known."""
