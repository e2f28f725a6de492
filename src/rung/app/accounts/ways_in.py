"""Everything about how a person signs in, at one look."""

from __future__ import annotations

from dataclasses import dataclass

from rung.app.accounts.credentials import WaysIn, ways_in_of
from rung.app.accounts.identities import provider_of
from rung.app.accounts.sessions import Visit, is_fresh_in
from rung.app.model import PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Identity, Passkey, Provider, Services, Session

__all__ = ["Overview", "overview"]


@dataclass(frozen=True, slots=True)
class Overview:
    """How a person signs in, and where they are signed in."""

    found: WaysIn
    passkeys: tuple[Passkey, ...]
    identities: tuple[tuple[Identity, Provider | None], ...]
    """Each with its provider; without one where that is not set up any more."""
    codes_left: int
    sessions: tuple[Session, ...]
    is_fresh: bool
    """True where the ways in may be changed just now."""


def overview(services: Services, actor: PersonId, visit: Visit) -> Overview:
    """How the actor signs in."""
    now = services.clock.now()
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        return Overview(
            ways_in_of(services, tx, actor),
            tuple(tx.passkeys.of(actor)),
            tuple((one, provider_of(services, one)) for one in tx.identities.of(actor)),
            tx.recovery_codes.left(actor),
            tuple(session for session in tx.sessions.of(actor) if now < session.expires_at),
            is_fresh_in(services, tx, actor, visit),
        )
