"""Accounts and sign-in: use cases around one name, one password and the sessions that it opens.

A session is a random token of 256 bits, of which the store keeps the hash alone. It ends 30 days after it
was last used, and 180 days after it began. Tries at a password are counted before it is checked, so
that many at once count as many: after 10 wrong ones in 15 minutes a name must wait, known or not.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from uuid import uuid4

from rung.app.model import Account, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Credentials, Services, Session, Transaction
from rung.app.wording import LONGEST_NAME, checked_name
from rung.errors import Conflict, InvalidInput, NotFound, SignInFailed, TooManyTries

__all__ = [
    "account_named",
    "account_of",
    "change_password",
    "delete_account",
    "is_new",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "welcome",
    "whoami",
]

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000

IDLE = timedelta(days=30)
LIFETIME = timedelta(days=180)
SEEN_EVERY = timedelta(hours=1)
"""How often a session in use is noted as such: not at every page, each note being a write."""

MOST_TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)

_HAS_ITS_ACCOUNT = "This server has its account already: sign in instead"


def is_new(services: Services) -> bool:
    """True while the server has no account."""
    with services.store.reading() as tx:
        return not tx.people.any()


def welcome(services: Services, name: str, password: str) -> Account:
    """Make the first account of the server; `Conflict` afterwards."""
    name = checked_name(name, "The name")
    _check_password(password)
    if not is_new(services):
        # Before the password is hashed: whoever comes too late costs little.
        raise Conflict(_HAS_ITS_ACCOUNT)
    account = Account(PersonId(str(uuid4())), name, services.clock.now())
    password_hash = services.passwords.hash(password)
    with services.store.writing() as tx:
        if tx.people.any():
            raise Conflict(_HAS_ITS_ACCOUNT)
        tx.people.add(account, Credentials(account.id, _name_keys(services, name)[0], password_hash))
    return account


def sign_in(services: Services, name: str, password: str) -> str:
    """Open a session and return its token.

    `SignInFailed` for a wrong name or password, `TooManyTries` where the name must wait.
    """
    keys = _name_keys(services, name)
    with services.store.writing() as tx:
        _count_try(services, tx, keys)
        found = tx.people.find(keys)
    found = _checked(services, found, password)
    token = secrets.token_urlsafe(32)
    with services.store.writing(found.person) as tx:
        _after_right_password(services, tx, found, keys, password)
        tx.sessions.add(_new_session(found.person, token, services.clock.now()))
    return token


def account_named(services: Services, name: str) -> Account:
    """The account that signs in with this name: for the operator at the machine, never for a page."""
    with services.store.reading() as tx:
        found = tx.people.find(_name_keys(services, name))
        account = None if found is None else tx.people.get(found.person)
    if account is None:
        raise NotFound(f"Nobody signs in as {name!r} here")
    return account


def whoami(services: Services, token: str) -> Account | None:
    """The account that a token speaks for; None where the session is unknown or over."""
    now = services.clock.now()
    with services.store.reading() as tx:
        session = tx.sessions.get(_token_hash(token))
        if session is None or now >= session.expires_at:
            return None
        account = tx.people.get(session.person)
    if account is not None and now - session.last_seen_at >= SEEN_EVERY:
        with services.store.writing(session.person) as tx:
            tx.sessions.see(session.token_hash, now, _expiry(session.created_at, now))
    return account


def sign_out(services: Services, token: str) -> None:
    """End the session of a token; nothing happens where there is none."""
    with services.store.writing() as tx:
        tx.sessions.remove(_token_hash(token))


def sign_out_everywhere(services: Services, actor: PersonId) -> None:
    """End all sessions of the actor."""
    with services.store.writing(actor) as tx:
        _own_account(tx, actor, Action.CHANGE_ACCOUNT)
        tx.sessions.remove_all(actor)


def account_of(services: Services, actor: PersonId) -> Account:
    """The actor's own account."""
    with services.store.reading() as tx:
        return _own_account(tx, actor, Action.CHANGE_ACCOUNT)


def change_password(
    services: Services, actor: PersonId, old: str, new: str, keep_token: str | None = None
) -> None:
    """Replace the password and end all sessions but the one of `keep_token`."""
    _check_password(new)
    _confirm_password(services, actor, old, Action.CHANGE_ACCOUNT)
    password_hash = services.passwords.hash(new)
    with services.store.writing(actor) as tx:
        tx.people.set_password(actor, password_hash)
        tx.sessions.remove_all(actor, keep=None if keep_token is None else _token_hash(keep_token))


def delete_account(services: Services, actor: PersonId, password: str) -> None:
    """Delete the account and everything that belongs to it, for good."""
    confirmed = _confirm_password(services, actor, password, Action.DELETE_ACCOUNT)
    with services.store.writing(actor) as tx:
        tx.people.forget_tries([confirmed.name_key])
        tx.people.remove(actor)


def _own_account(tx: Transaction, actor: PersonId, action: Action) -> Account:
    return permitted(actor, action, tx.people.get(actor), "account")


def _confirm_password(services: Services, actor: PersonId, password: str, action: Action) -> Credentials:
    with services.store.writing(actor) as tx:
        _own_account(tx, actor, action)
        found = tx.people.credentials(actor)
        if found is None:
            raise NotFound("There is no such account")
        _count_try(services, tx, [found.name_key])
    found = _checked(services, found, password)
    with services.store.writing(actor) as tx:
        tx.people.forget_tries([found.name_key])
    return found


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"The password has {len(password)} characters: use at least {SHORTEST_PASSWORD}")
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput(f"The password has {len(password)} characters: {LONGEST_PASSWORD} is the most")


def _checked(services: Services, found: Credentials | None, password: str) -> Credentials:
    # An over-long password is cut before it is hashed (a minute of hashing is an attack), and stays wrong.
    is_right = services.passwords.is_right(
        found.password_hash if found else None, password[: LONGEST_PASSWORD + 1]
    )
    if found is None or not is_right:
        raise SignInFailed("The name and the password do not match")
    return found


def _count_try(services: Services, tx: Transaction, keys: tuple[bytes, ...] | list[bytes]) -> None:
    now = services.clock.now()
    tries = [moment for moment in tx.people.tries(keys, now - TRIES_WITHIN) if moment <= now]
    if len(tries) >= MOST_TRIES:
        minutes = -(-(tries[-MOST_TRIES] + TRIES_WITHIN - now) // timedelta(minutes=1))
        raise TooManyTries(f"Too many wrong passwords for this name: try again in {minutes} minutes")
    tx.people.forget_tries_before(now - TRIES_WITHIN)
    tx.people.add_try(keys[0], now)


def _after_right_password(
    services: Services, tx: Transaction, found: Credentials, keys: tuple[bytes, ...], password: str
) -> None:
    if tx.people.credentials(found.person) != found:
        raise SignInFailed("The password was changed in the meantime: sign in with the new one")
    tx.people.forget_tries(keys)
    tx.sessions.remove_expired(services.clock.now())
    if services.passwords.is_outdated(found.password_hash):
        tx.people.set_password(found.person, services.passwords.hash(password))


def _new_session(person: PersonId, token: str, now: datetime) -> Session:
    return Session(person, _token_hash(token), now, now, _expiry(now, now))


def _expiry(created_at: datetime, now: datetime) -> datetime:
    return min(now + IDLE, created_at + LIFETIME)


def _token_hash(token: str) -> bytes:
    # A token is random and long, so a fast hash is as good as a slow one.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _name_keys(services: Services, name: str) -> tuple[bytes, ...]:
    # One name however it is typed: compatible characters and both cases are the same. No account has a name
    # that is too long, and folding takes the square of its length: one character more keeps it unknown.
    folded = unicodedata.normalize("NFKC", name.strip()[: LONGEST_NAME + 1]).casefold()
    return services.vault.fingerprints(folded, "account name")
