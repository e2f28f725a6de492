"""How a server gets its people: the first one is whoever comes first, everybody else is invited.

An invitation is a link with a random code of 192 bits, of which the store keeps the hash alone. It is good
for one account, within 7 days; the one into a group (`app.sharing`) for as many as the group may have.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from rung.app.accounts.credentials import is_over_limit, name_keys
from rung.app.accounts.sessions import token_hash
from rung.app.model import Account, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Credentials, Invitation, Services, Transaction
from rung.errors import Conflict, InvalidInput, NotFound, TooManyTries
from rung.words import _, ngettext

__all__ = [
    "GOOD_FOR",
    "add_account",
    "check_admission",
    "invitations_of",
    "invite",
    "invite_as_operator",
    "is_good",
    "take_back",
]

GOOD_FOR = timedelta(days=7)
MOST_OPEN = 20
"""Open invitations of one person."""


def invite(services: Services, actor: PersonId) -> str:
    """Make an invitation and return its code, which is shown once."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.INVITE, tx.people.get(actor), "account")
        return _invite(services, tx, actor)


def invite_as_operator(services: Services) -> str:
    """Make an invitation in the name of the first account: for the operator alone, never for a page."""
    with services.store.writing() as tx:
        first = tx.people.first(1)
        if not first:
            raise Conflict(
                _("There is no account yet: open Rung and make the first one, without an invitation")
            )
        return _invite(services, tx, first[0])


def invitations_of(services: Services, actor: PersonId) -> list[Invitation]:
    """The open invitations of the actor, oldest first."""
    now = services.clock.now()
    with services.store.reading() as tx:
        permitted(actor, Action.INVITE, tx.people.get(actor), "account")
        return [invitation for invitation in tx.invitations.of(actor) if now < invitation.expires_at]


def take_back(services: Services, actor: PersonId, invitation_id: str) -> None:
    """Make an invitation good for nothing; it goes by the hex of its hash."""
    try:
        wanted = bytes.fromhex(invitation_id)
    except ValueError:
        raise InvalidInput(_("This is no invitation: load the page again")) from None
    with services.store.writing(actor) as tx:
        tx.invitations.remove(permitted(actor, Action.INVITE, tx.invitations.get(wanted), "invitation"))


def is_good(services: Services, code: str) -> bool:
    """True while somebody may make an account with this code."""
    with services.store.reading() as tx:
        return _good(services, tx, code) is not None


def check_admission(services: Services, name: str, code: str | None) -> None:
    """Refuse who may not make an account of this name: with a code, or as the first of the server (None).

    Before a password is hashed: whoever comes too late costs little. Names that are tried and taken are
    counted, so that an invitation does not tell all of them.
    """
    with services.store.writing() as tx:
        invitation = _admitted(services, tx, code)
        is_taken = tx.people.find(name_keys(services, name)) is not None
        is_too_often = (
            is_taken
            and invitation is not None
            and is_over_limit(services, tx, f"names with {invitation.token_hash.hex()}")
        )
    if is_too_often:
        raise TooManyTries(_("Too many names were tried with this invitation: wait a quarter of an hour"))
    if is_taken:
        raise _taken()


def add_account(
    services: Services, tx: Transaction, account: Account, password_hash: str, code: str | None
) -> None:
    """Store a new account, and use its invitation up."""
    invitation = _admitted(services, tx, code)
    keys = name_keys(services, account.name)
    if tx.people.find(keys) is not None:
        raise _taken()
    if invitation is not None and not tx.invitations.use(invitation):
        raise _not_open()
    tx.people.add(account, Credentials(account.id, keys[0], password_hash))


def _admitted(services: Services, tx: Transaction, code: str | None) -> Invitation | None:
    if code is None:
        if tx.people.any():
            raise Conflict(_("This server has its account already: sign in instead"))
        return None
    invitation = _good(services, tx, code)
    if invitation is None:
        raise _not_open()
    return invitation


def _good(services: Services, tx: Transaction, code: str) -> Invitation | None:
    invitation = tx.invitations.get(token_hash(code.strip()))
    return invitation if invitation is not None and services.clock.now() < invitation.expires_at else None


def _invite(services: Services, tx: Transaction, person: PersonId) -> str:
    now = services.clock.now()
    tx.invitations.remove_expired(now)
    _check_room(tx.invitations.of(person))
    code = secrets.token_urlsafe(24)
    tx.invitations.add(Invitation(person, token_hash(code), now, now + GOOD_FOR))
    return code


def _check_room(made: Sequence[Invitation]) -> None:
    if len(made) >= MOST_OPEN:
        raise Conflict(
            ngettext(
                "%(count)s invitation is open already: take one back first",
                "%(count)s invitations are open already: take one back first",
                len(made),
            )
        )


def _taken() -> InvalidInput:
    return InvalidInput(_("Somebody here has this name already: choose another one"))


def _not_open() -> NotFound:
    return NotFound(_("This invitation is not open any more"))
