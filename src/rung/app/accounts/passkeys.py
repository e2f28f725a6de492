"""Passkeys: ceremonies of two steps, in which an authenticator signs a challenge that is good once.

A ceremony begins with a token and a challenge. The store finds the challenge by a hash of the token, of what
it is for and of whom: a token that was given for one thing opens nothing else. It is taken out before the
answer is looked at, and ends after 5 minutes. Ceremonies of strangers are counted over the whole server,
those of a person by themselves, so that nobody fills the table.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from rung.app.accounts.credentials import check_not_the_last, is_over_limit
from rung.app.accounts.invitations import add_account, check_admission
from rung.app.accounts.sessions import Visit, check_fresh, open_session
from rung.app.model import Account, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Challenge, NewKey, Passkey, Place, Services, Transaction
from rung.app.wording import checked_name
from rung.errors import Conflict, InvalidInput, SignInFailed, TooManyTries
from rung.words import _

__all__ = [
    "Ceremony",
    "add_passkey",
    "begin_account",
    "begin_adding",
    "begin_confirming",
    "begin_sign_in",
    "confirm_with_passkey",
    "make_account",
    "passkeys_of",
    "remove_passkey",
    "rename_passkey",
    "sign_in_with_passkey",
]

GOOD_FOR = timedelta(minutes=5)
MOST_A_MINUTE = 30
"""Ceremonies that each person may begin for themselves."""
MOST_OF_STRANGERS = 300
"""Those that strangers may begin together in a minute: each page to sign in begins one by itself."""
MOST_PASSKEYS = 20
"""Of one person."""

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A ceremony that was begun: what the browser needs, and the token to send back with its answer."""

    token: str
    options: Mapping[str, object]


def begin_account(services: Services, place: Place, name: str, code: str | None) -> Ceremony:
    """Begin an account with a passkey: with the code of an invitation, or the first of the server (None)."""
    name = checked_name(name, _("The name"))
    check_admission(services, name, code)
    token, challenge = _begun(services, "account", None, code or "", name)
    handle = _handle(_person_for(token))
    return Ceremony(token, services.ceremonies.creation(place, challenge, handle, name, ()))


def make_account(
    services: Services,
    place: Place,
    name: str,
    code: str | None,
    token: str,
    answer: Answer,
    label: str,
    agent: str = "",
) -> str:
    """Make the account that was begun, with the passkey in the answer; the token of its session."""
    name = checked_name(name, _("The name"))
    challenge = _taken(services, token, "account", None, code or "", name)
    key = services.ceremonies.created(place, challenge, answer)
    now = services.clock.now()
    account = Account(_person_for(token), name, now)
    with services.store.writing() as tx:
        add_account(services, tx, account, "", code)
        tx.passkeys.add(_passkey(services, account.id, key, label))
        return open_session(services, tx, account.id, agent)


def begin_sign_in(services: Services, place: Place) -> Ceremony:
    """Begin to sign in: with any passkey that the browser has for this server."""
    token, challenge = _begun(services, "sign in", None)
    return Ceremony(token, services.ceremonies.request(place, challenge, ()))


def sign_in_with_passkey(
    services: Services, place: Place, token: str, answer: Answer, agent: str = ""
) -> str:
    """Open a session for whoever the passkey is of; its token."""
    challenge = _taken(services, token, "sign in", None)
    passkey, sign_count = _used(services, place, challenge, answer)
    with services.store.writing(passkey.person) as tx:
        _note_use(services, tx, passkey, sign_count)
        return open_session(services, tx, passkey.person, agent)


def begin_confirming(services: Services, actor: PersonId, place: Place) -> Ceremony:
    """Begin to show once more that it is the actor."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        allowed = [passkey.id for passkey in tx.passkeys.of(actor)]
    if not allowed:
        raise SignInFailed(_("You have no passkey yet: use your password"))
    token, challenge = _begun(services, "confirm", actor)
    return Ceremony(token, services.ceremonies.request(place, challenge, allowed))


def confirm_with_passkey(
    services: Services, actor: PersonId, place: Place, token: str, answer: Answer, visit: Visit
) -> str:
    """Show once more that it is the actor: a new session in place of this one; its token."""
    challenge = _taken(services, token, "confirm", actor)
    passkey, sign_count = _used(services, place, challenge, answer)
    if passkey.person != actor:
        raise SignInFailed(_("This passkey does not open anything here"))
    with services.store.writing(actor) as tx:
        _note_use(services, tx, passkey, sign_count)
        return open_session(services, tx, actor, visit.agent, instead_of=visit.token)


def begin_adding(services: Services, actor: PersonId, place: Place, visit: Visit) -> Ceremony:
    """Begin another passkey of the actor; asks for a fresh session."""
    with services.store.reading() as tx:
        account = permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
        known = [passkey.id for passkey in tx.passkeys.of(actor)]
    _check_room(len(known))
    token, challenge = _begun(services, "add", actor)
    options = services.ceremonies.creation(place, challenge, _handle(actor), account.name, known)
    return Ceremony(token, options)


def add_passkey(
    services: Services, actor: PersonId, place: Place, token: str, answer: Answer, label: str, visit: Visit
) -> None:
    """Store the passkey in the answer as one of the actor's."""
    challenge = _taken(services, token, "add", actor)
    key = services.ceremonies.created(place, challenge, answer)
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
        _check_room(tx.passkeys.count(actor))
        tx.passkeys.add(_passkey(services, actor, key, label))


def passkeys_of(services: Services, actor: PersonId) -> list[Passkey]:
    """The passkeys of the actor, oldest first."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        return tx.passkeys.of(actor)


def rename_passkey(services: Services, actor: PersonId, passkey_id: str, name: str) -> None:
    """Give a passkey another name; it goes by the hex of its id."""
    name = checked_name(name, _("The name"))
    with services.store.writing(actor) as tx:
        tx.passkeys.rename(_own(tx, actor, passkey_id), name)


def remove_passkey(services: Services, actor: PersonId, passkey_id: str, visit: Visit) -> None:
    """Take a passkey back; `Conflict` where it is the only way in. Asks for a fresh session."""
    with services.store.writing(actor) as tx:
        passkey = _own(tx, actor, passkey_id)
        check_fresh(services, tx, actor, visit)
        check_not_the_last(services, tx, actor)
        tx.passkeys.remove(passkey)


def _own(tx: Transaction, actor: PersonId, passkey_id: str) -> Passkey:
    try:
        found = tx.passkeys.find(bytes.fromhex(passkey_id))
    except ValueError:
        raise InvalidInput(_("This is no passkey: load the page again")) from None
    return permitted(actor, Action.CHANGE_ACCOUNT, found, "passkey")


def _begun(services: Services, purpose: str, person: PersonId | None, *subject: str) -> tuple[str, bytes]:
    token, challenge = secrets.token_urlsafe(32), secrets.token_bytes(32)
    now = services.clock.now()
    with services.store.writing(person) as tx:
        # Who joins has an invitation: that strangers ask to sign in without end must not keep them out.
        whose = f"ceremonies of strangers: {purpose}" if person is None else f"ceremonies of {person}"
        most = MOST_OF_STRANGERS if person is None else MOST_A_MINUTE
        if is_over_limit(services, tx, whose, most, timedelta(minutes=1)):
            raise TooManyTries(_("Too many passkeys are asked for at once: try again in a minute"))
        tx.challenges.remove_expired(now)
        found_by = _found_by(token, purpose, person, *subject)
        tx.challenges.add(Challenge(found_by, challenge, person, now + GOOD_FOR))
    return token, challenge


def _taken(services: Services, token: str, purpose: str, person: PersonId | None, *subject: str) -> bytes:
    with services.store.writing(person) as tx:
        challenge = tx.challenges.take(_found_by(token, purpose, person, *subject))
    if challenge is None or challenge.person != person or services.clock.now() >= challenge.expires_at:
        raise SignInFailed(_("That took too long, or was sent before: try once more"))
    return challenge.challenge


def _found_by(token: str, purpose: str, person: PersonId | None, *subject: str) -> bytes:
    return hashlib.sha256(json.dumps([token, purpose, person, *subject]).encode()).digest()


def _used(services: Services, place: Place, challenge: bytes, answer: Answer) -> tuple[Passkey, int]:
    with services.store.reading() as tx:
        passkey = tx.passkeys.find(services.ceremonies.id_in(answer))
    if passkey is None:
        raise SignInFailed(_("This passkey does not open anything here"))
    handle = _handle(passkey.person)
    return passkey, services.ceremonies.used(place, challenge, answer, passkey, handle)


def _note_use(services: Services, tx: Transaction, passkey: Passkey, sign_count: int) -> None:
    now_stored = tx.passkeys.find(passkey.id)
    if now_stored is None or now_stored.person != passkey.person:
        raise SignInFailed(_("This passkey does not open anything here"))
    if (sign_count or now_stored.sign_count) and sign_count <= now_stored.sign_count:
        # Somebody used the same count in the meantime: a copy of the passkey, or the answer sent twice.
        raise SignInFailed(_("This passkey does not open anything here"))
    tx.passkeys.use(passkey, sign_count, services.clock.now())


def _passkey(services: Services, person: PersonId, key: NewKey, label: str) -> Passkey:
    name = checked_name(label, _("The name"))
    return Passkey(person, key.id, key.public_key, key.sign_count, name, services.clock.now())


def _check_room(count: int) -> None:
    if count >= MOST_PASSKEYS:
        raise Conflict(_("You have as many passkeys as Rung keeps: remove one first"))


def _person_for(token: str) -> PersonId:
    """The id of whoever makes an account with this token: the authenticator keeps it before there is one."""
    return PersonId(str(UUID(bytes=hashlib.sha256(b"person" + token.encode()).digest()[:16], version=4)))


def _handle(person: PersonId) -> bytes:
    return UUID(person).bytes
