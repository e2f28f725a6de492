"""Signing in by a provider outside of Rung (OpenID Connect): to it, back from it, and what came of it.

Whoever leaves for a provider takes a token along, in a cookie: what it is for, sealed, with a random secret
of 256 bits, from which follow the state and the verifier that the provider gets. The store keeps a hash of
the token and a nonce, for ten minutes, and gives them out once. So an answer counts only in the browser that
asked for it, only once, and only for what was asked.

A provider makes nobody a person here: an account is made as the first of the server or by invitation, or the
identity is added by somebody who has an account. E-mail addresses and names that a provider tells are
compared with nothing: whoever may write them there could become anybody here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from rung.app.accounts.credentials import check_not_the_last, is_over_limit, issuer_digests
from rung.app.accounts.invitations import add_account, check_admission
from rung.app.accounts.sessions import FRESH, Visit, check_fresh, open_session
from rung.app.model import Account, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Challenge, Identity, Provider, Providers, Services, Transaction, Vouched, Way
from rung.app.wording import checked_name
from rung.errors import Conflict, InvalidInput, NotFound, SealBroken, SignInFailed, TooManyTries
from rung.words import _

__all__ = [
    "GOOD_FOR",
    "Arrival",
    "Departure",
    "arrive",
    "begin_account",
    "begin_adding",
    "begin_confirming",
    "begin_sign_in",
    "provider_of",
    "providers_of",
    "remove_identity",
    "sign_out_address",
]

GOOD_FOR = timedelta(minutes=10)
MOST_A_MINUTE = 30
"""Ways to providers that each person may begin for themselves."""
MOST_OF_STRANGERS = 300
"""Those that strangers may begin together in a minute."""
MOST_IDENTITIES = 20
"""Of one person."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much the clocks of a provider and of this server may."""
LONGEST_LABEL = 200

_SIGN_IN, _ACCOUNT, _ADD, _CONFIRM = "sign in", "account", "add", "confirm"


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody is on their way to a provider."""

    token: str
    """To be kept by the browser until it comes back."""
    address: str
    provider: Provider


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody came back."""

    session: str
    """The token of the session that was opened; empty where an identity was added to an account."""
    is_new: bool = False
    """True where an account was made."""
    is_confirmed: bool = False
    then: str = ""
    """Where they wanted to go on, as it was given."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """What somebody goes to a provider for."""

    purpose: str
    provider: str
    back: str
    secret: str
    person: str = ""
    name: str = ""
    code: str | None = None
    then: str = ""


def providers_of(services: Services) -> Sequence[Provider]:
    """Those that are set up here."""
    return services.providers.all if services.providers else ()


def provider_of(services: Services, identity: Identity) -> Provider | None:
    """Who vouches for an identity; None where they are not set up any more."""
    digests = ((one, issuer_digests(services, one.issuer)) for one in providers_of(services))
    return next((one for one, known in digests if identity.issuer in known), None)


def begin_sign_in(services: Services, key: str, back: str) -> Departure:
    """Begin to sign in."""
    return _departed(services, None, _errand(_SIGN_IN, key, back))


def begin_account(services: Services, key: str, back: str, name: str, code: str | None) -> Departure:
    """Begin an account: with the code of an invitation, or the first of the server (None)."""
    name = checked_name(name, _("The name"))
    check_admission(services, name, code)
    return _departed(services, None, _errand(_ACCOUNT, key, back, name=name, code=code))


def begin_adding(services: Services, actor: PersonId, key: str, back: str, visit: Visit) -> Departure:
    """Begin to add an identity to the actor's account; asks for a fresh session."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
    return _departed(services, actor, _errand(_ADD, key, back, person=actor))


def begin_confirming(services: Services, actor: PersonId, key: str, back: str, then: str = "") -> Departure:
    """Begin to show once more that it is the actor."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
    return _departed(services, actor, _errand(_CONFIRM, key, back, person=actor, then=then))


def arrive(
    services: Services,
    key: str,
    token: str,
    answer: Mapping[str, str],
    visit: Visit,
    actor: PersonId | None = None,
) -> Arrival:
    """Do what somebody went to the provider for, if it vouches for them.

    `actor` is who is signed in: what was begun for a person counts for that person alone.
    """
    errand, nonce = _taken(services, token)
    if errand.provider != key or errand.person not in ("", actor):
        raise _too_late()
    provider = _provider(services, key)
    way = _way(errand, nonce)
    if not secrets.compare_digest(answer.get("state", "").encode(), way.state.encode()):
        raise _too_late()
    vouched = _providers(services).vouched(provider, way, answer, services.clock.now())
    if errand.purpose == _ADD and actor is not None:
        return _add(services, actor, vouched, visit)
    if errand.purpose == _CONFIRM and actor is not None:
        return _confirm(services, actor, provider, vouched, visit, errand.then)
    if errand.purpose == _ACCOUNT:
        return _make_account(services, vouched, errand, visit)
    return _sign_in(services, provider, vouched, visit)


def remove_identity(services: Services, actor: PersonId, identity_id: str, visit: Visit) -> None:
    """Take an identity from the actor's account, by the hex of its digest; asks for a fresh session."""
    try:
        wanted = bytes.fromhex(identity_id)
    except ValueError:
        raise InvalidInput(_("That is no account of yours elsewhere: load the page again")) from None
    with services.store.writing(actor) as tx:
        identity = permitted(actor, Action.CHANGE_ACCOUNT, tx.identities.find([wanted]), "identity")
        check_fresh(services, tx, actor, visit)
        if provider_of(services, identity) is not None:
            check_not_the_last(services, tx, actor)
        tx.identities.remove(identity)


def sign_out_address(services: Services, key: str) -> tuple[Provider, str] | None:
    """The provider, and where somebody signs out there as well; None where that is not known."""
    try:
        provider = _provider(services, key)
        address = _providers(services).sign_out_address(provider)
    except (NotFound, SignInFailed):
        return None
    return (provider, address) if address else None


def _sign_in(services: Services, provider: Provider, vouched: Vouched, visit: Visit) -> Arrival:
    with services.store.reading() as tx:
        identity = _found(services, tx, vouched)
    if identity is None:
        raise SignInFailed(
            _(
                "Nobody here signs in with this account at %(provider)s. If you have an account here, sign "
                "in another way, and add it under You, How you sign in. If you were invited, open your "
                "invitation",
                provider=provider.name,
            )
        )
    with services.store.writing(identity.person) as tx:
        now_stored = _found(services, tx, vouched)
        if now_stored is None or now_stored.person != identity.person:
            raise _too_late()
        _use(services, tx, now_stored, vouched)
        since = _since(services, provider, vouched)
        return Arrival(open_session(services, tx, identity.person, visit.agent, since=since))


def _make_account(services: Services, vouched: Vouched, errand: _Errand, visit: Visit) -> Arrival:
    account = Account(PersonId(str(uuid4())), errand.name, services.clock.now())
    with services.store.writing() as tx:
        if _found(services, tx, vouched) is not None:
            raise Conflict(_("Somebody here has this account already: sign in with it"))
        add_account(services, tx, account, "", errand.code)
        tx.identities.add(_identity(services, account.id, vouched))
        return Arrival(open_session(services, tx, account.id, visit.agent), is_new=True)


def _add(services: Services, actor: PersonId, vouched: Vouched, visit: Visit) -> Arrival:
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
        found = _found(services, tx, vouched)
        if found is not None and found.person == actor:
            raise Conflict(_("You sign in with this account already"))
        if found is not None:
            raise Conflict(_("Somebody else here signs in with this account"))
        if len(tx.identities.of(actor)) >= MOST_IDENTITIES:
            raise Conflict(_("You have as many accounts elsewhere as Rung keeps: remove one first"))
        tx.identities.add(_identity(services, actor, vouched))
    return Arrival("")


def _confirm(
    services: Services, actor: PersonId, provider: Provider, vouched: Vouched, visit: Visit, then: str
) -> Arrival:
    since, now = _since(services, provider, vouched), services.clock.now()
    with services.store.writing(actor) as tx:
        identity = _found(services, tx, vouched)
        if identity is None or identity.person != actor:
            raise SignInFailed(_("That is not the account with which you sign in here"))
        if since < now - FRESH + CLOCKS_DIFFER:
            raise SignInFailed(
                _("%(provider)s did not ask you who you are: sign in there anew", provider=provider.name)
            )
        _use(services, tx, identity, vouched)
        token = open_session(services, tx, actor, visit.agent, instead_of=visit.token, since=since)
    return Arrival(token, is_confirmed=True, then=then)


def _since(services: Services, provider: Provider, vouched: Vouched) -> datetime:
    """When the person showed that it is them; long ago where a provider should tell, and does not."""
    now = services.clock.now()
    if vouched.since is not None:
        return now if now < vouched.since <= now + CLOCKS_DIFFER else vouched.since
    return now if _providers(services).counts_arrival(provider) else now - FRESH


def _found(services: Services, tx: Transaction, vouched: Vouched) -> Identity | None:
    return tx.identities.find(_subject_digests(services, vouched))


def _identity(services: Services, person: PersonId, vouched: Vouched) -> Identity:
    issuer = issuer_digests(services, vouched.issuer)[0]
    subject = _subject_digests(services, vouched)[0]
    now = services.clock.now()
    return Identity(person, issuer, subject, _label(vouched), now, now)


def _use(services: Services, tx: Transaction, identity: Identity, vouched: Vouched) -> None:
    """Note that it was used. Where an older key made its digests, they are made anew: nobody else can."""
    today = replace(_identity(services, identity.person, vouched), created_at=identity.created_at)
    if (identity.issuer, identity.subject) == (today.issuer, today.subject):
        tx.identities.use(identity, today.label, services.clock.now())
    else:
        tx.identities.remove(identity)
        tx.identities.add(today)


def _subject_digests(services: Services, vouched: Vouched) -> tuple[bytes, ...]:
    # The issuer is part of it: a subject is somebody only where it was given.
    return services.vault.fingerprints(json.dumps([vouched.issuer, vouched.subject]), "identity")


def _label(vouched: Vouched) -> str:
    return "".join(filter(str.isprintable, vouched.label)).strip()[:LONGEST_LABEL]


def _errand(
    purpose: str,
    provider: str,
    back: str,
    *,
    person: str = "",
    name: str = "",
    code: str | None = None,
    then: str = "",
) -> _Errand:
    return _Errand(purpose, provider, back, secrets.token_urlsafe(32), person, name, code, then)


def _departed(services: Services, person: PersonId | None, errand: _Errand) -> Departure:
    provider, now, nonce = _provider(services, errand.provider), services.clock.now(), secrets.token_bytes(32)
    sealed = services.vault.seal(json.dumps(asdict(errand)), "way to a provider")
    token = base64.urlsafe_b64encode(sealed).decode()
    with services.store.writing(person) as tx:
        whose = "ways to providers of strangers" if person is None else f"ways to providers of {person}"
        most = MOST_OF_STRANGERS if person is None else MOST_A_MINUTE
        if is_over_limit(services, tx, whose, most, timedelta(minutes=1)):
            raise TooManyTries(_("Too many are signing in at once: try again in a minute"))
        tx.challenges.remove_expired(now)
        tx.challenges.add(Challenge(_hash(token), nonce, person, now + GOOD_FOR))
    address = _providers(services).address(provider, _way(errand, nonce), errand.purpose == _CONFIRM)
    return Departure(token, address, provider)


def _taken(services: Services, token: str) -> tuple[_Errand, bytes]:
    try:
        sealed = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
        errand = _Errand(**json.loads(services.vault.open(sealed, "way to a provider")))
    except (binascii.Error, UnicodeEncodeError, SealBroken):
        raise _too_late() from None
    person = PersonId(errand.person) if errand.person else None
    with services.store.writing(person) as tx:
        challenge = tx.challenges.take(_hash(token))
    if challenge is None or challenge.person != person or services.clock.now() >= challenge.expires_at:
        raise _too_late()
    return errand, challenge.challenge


def _way(errand: _Errand, nonce: bytes) -> Way:
    def derived(what: str) -> str:
        digest = hashlib.sha256(f"{what}/{errand.secret}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    return Way(errand.back, derived("state"), nonce.hex(), derived("verifier"))


def _hash(token: str) -> bytes:
    return hashlib.sha256(b"way to a provider/" + token.encode()).digest()


def _provider(services: Services, key: str) -> Provider:
    found = next((one for one in providers_of(services) if one.key == key), None)
    if found is None:
        raise NotFound(_("There is no such way to sign in here"))
    return found


def _providers(services: Services) -> Providers:
    if services.providers is None:
        raise NotFound(_("There is no such way to sign in here"))
    return services.providers


def _too_late() -> SignInFailed:
    return SignInFailed(_("That took too long, or was sent before: try once more"))
