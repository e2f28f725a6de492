"""Signed-in browsers: what opens a session, how long it lasts, and what a fresh one is good for.

A session is a random token of 256 bits, of which the store keeps the hash alone. It ends 30 days after it
was last used, and 180 days after it began. What changes the ways in asks for a session that began within
10 minutes: whoever confirms that it is them gets a new session in place of the old one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from rung.app.accounts.credentials import name_keys
from rung.app.model import Account, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Services, Session, Transaction
from rung.errors import ConfirmationNeeded, InvalidInput, NotFound
from rung.words import _

__all__ = [
    "FRESH",
    "LIFETIME",
    "Visit",
    "check_fresh",
    "end_other_sessions",
    "end_session",
    "is_fresh",
    "is_fresh_in",
    "is_here",
    "open_session",
    "sign_out",
    "sign_out_as_operator",
    "sign_out_everywhere",
    "token_hash",
    "whoami",
]

IDLE = timedelta(days=30)
LIFETIME = timedelta(days=180)
SEEN_EVERY = timedelta(hours=1)
"""How often a session in use is noted as such: not at every page, each note being a write."""
FRESH = timedelta(minutes=10)
LONGEST_AGENT = 200
_EVERYBODY = 10**9


@dataclass(frozen=True, slots=True)
class Visit:
    """How somebody is here just now."""

    token: str = ""
    """Of the session; empty where there is none."""
    agent: str = ""
    """What the browser says of itself."""
    solo: bool = False
    """True where the server is one person's on their own machine, and asks nobody to sign in."""


def open_session(
    services: Services,
    tx: Transaction,
    person: PersonId,
    agent: str = "",
    instead_of: str = "",
    since: datetime | None = None,
) -> str:
    """Open a session, in place of another one where that is given, and return its token.

    `since` says when the person showed that it is them, where that was not just now: as long ago, the session
    begins, but never longer ago than it takes to be no longer fresh.
    """
    token = secrets.token_urlsafe(32)
    now = services.clock.now()
    began = now if since is None else min(max(since, now - FRESH), now)
    if instead_of:
        tx.sessions.remove(token_hash(instead_of))
    tx.sessions.remove_expired(now)
    told = "".join(filter(str.isprintable, agent))[:LONGEST_AGENT]
    tx.sessions.add(Session(person, token_hash(token), began, now, _expiry(began, now), told))
    return token


def whoami(services: Services, token: str) -> Account | None:
    """The account that a token speaks for; None where the session is unknown or over."""
    now = services.clock.now()
    with services.store.reading() as tx:
        found = tx.sessions.visitor(token_hash(token))
    if found is None:
        return None
    session, account = found
    if now >= session.expires_at:
        return None
    if now - session.last_seen_at >= SEEN_EVERY:
        with services.store.writing(session.person) as tx:
            tx.sessions.see(session.token_hash, now, _expiry(session.created_at, now))
    return account


def is_fresh(services: Services, actor: PersonId, visit: Visit) -> bool:
    """True where the actor may change their ways in without showing once more that it is them."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        return is_fresh_in(services, tx, actor, visit)


def is_fresh_in(services: Services, tx: Transaction, actor: PersonId, visit: Visit) -> bool:
    """The same, in a transaction that is open already."""
    if visit.solo:
        return True
    session = tx.sessions.get(token_hash(visit.token)) if visit.token else None
    if session is None or session.person != actor:
        return False
    age = services.clock.now() - session.created_at
    return timedelta() <= age < FRESH


def check_fresh(services: Services, tx: Transaction, actor: PersonId, visit: Visit) -> None:
    """`ConfirmationNeeded` where the sign-in is too long ago."""
    if not is_fresh_in(services, tx, actor, visit):
        raise ConfirmationNeeded(_("Confirm that it is you first"))


def is_here(session: Session, visit: Visit) -> bool:
    """True for the session of this very visit."""
    return session.token_hash == token_hash(visit.token)


def end_session(services: Services, actor: PersonId, session_id: str) -> None:
    """End one session of the actor."""
    try:
        wanted = bytes.fromhex(session_id)
    except ValueError:
        raise InvalidInput(_("This is no session: load the page again")) from None
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.sessions.get(wanted), "session")
        tx.sessions.remove(wanted)


def end_other_sessions(services: Services, actor: PersonId, visit: Visit) -> None:
    """End all sessions of the actor but this one."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        tx.sessions.remove_all(actor, keep=token_hash(visit.token))


def sign_out(services: Services, token: str) -> None:
    """End the session of a token; nothing happens where there is none."""
    with services.store.writing() as tx:
        tx.sessions.remove(token_hash(token))


def sign_out_as_operator(services: Services, name: str | None = None) -> int:
    """End all sessions of the person of this name, or of everybody; of how many people. For the operator."""
    with services.store.writing() as tx:
        if name is None:
            those = tx.people.first(_EVERYBODY)
        else:
            found = tx.people.find(name_keys(services, name))
            if found is None:
                raise NotFound(f"Nobody here is called {name}")
            those = [found.person]
        for person in those:
            tx.sessions.remove_all(person)
    return len(those)


def sign_out_everywhere(services: Services, actor: PersonId) -> None:
    """End all sessions of the actor."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        tx.sessions.remove_all(actor)


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    # A token is random and long, so a fast hash is as good as a slow one.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _expiry(created_at: datetime, now: datetime) -> datetime:
    return min(now + IDLE, created_at + LIFETIME)
