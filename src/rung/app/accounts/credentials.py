"""How a name is found and a password is checked, and how often either may be tried.

Tries are counted before anything is checked, so that many at once count as many: after 10 wrong ones in
15 minutes a name must wait, known or not. Other things that could be done without end are counted alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from rung.app.model import PersonId
from rung.app.ports import Credentials, Services, Transaction
from rung.app.wording import LONGEST_NAME
from rung.errors import Conflict, InvalidPassword, SignInFailed, TooManyTries
from rung.words import _, ngettext

__all__ = [
    "LONGEST_WITHIN",
    "MOST_TRIES",
    "TRIES_WITHIN",
    "WaysIn",
    "check_not_the_last",
    "check_password",
    "count_try",
    "has_password",
    "is_over_limit",
    "issuer_digests",
    "name_keys",
    "proved",
    "ways_in_of",
]

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000

MOST_TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)
LONGEST_WITHIN = timedelta(hours=1)
"""How long tries are remembered: nothing is limited over a longer time."""


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How a person can sign in, recovery codes apart: those run out."""

    has_password: bool
    passkeys: int
    identities: int = 0
    """At providers that are set up; others open nothing."""

    @property
    def count(self) -> int:
        """How many ways there are."""
        return self.passkeys + self.has_password + self.identities


def ways_in_of(services: Services, tx: Transaction, person: PersonId) -> WaysIn:
    """How a person can sign in."""
    found = tx.people.credentials(person)
    providers = services.providers.all if services.providers else ()
    vouching = {digest for one in providers for digest in issuer_digests(services, one.issuer)}
    identities = [one for one in tx.identities.of(person) if one.issuer in vouching] if vouching else []
    return WaysIn(found is not None and has_password(found), tx.passkeys.count(person), len(identities))


def issuer_digests(services: Services, issuer: str) -> tuple[bytes, ...]:
    """What the store keeps of a provider's address: with today's key, then with older ones."""
    return services.vault.fingerprints(issuer, "issuer")


def has_password(found: Credentials) -> bool:
    """True where there is a password to check."""
    return found.password_hash != ""


def check_not_the_last(services: Services, tx: Transaction, person: PersonId) -> None:
    """Refuse to take a way in from somebody who has no other one."""
    if ways_in_of(services, tx, person).count < 2:
        raise Conflict(
            _("This is your only way in: make another passkey or set a password first, then remove it")
        )


def check_password(services: Services, password: str, name: str) -> None:
    """Refuse a password that is too short, too long, or soon guessed by who knows the person's name."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidPassword(
            ngettext(
                "The password has %(count)s character: use at least %(least)s",
                "The password has %(count)s characters: use at least %(least)s",
                len(password),
                least=SHORTEST_PASSWORD,
            )
        )
    if len(password) > LONGEST_PASSWORD:
        raise InvalidPassword(
            ngettext(
                "The password has %(count)s character: %(most)s is the most",
                "The password has %(count)s characters: %(most)s is the most",
                len(password),
                most=LONGEST_PASSWORD,
            )
        )
    if services.passwords.is_easily_guessed(password, name):
        raise InvalidPassword(
            _("This password would soon be guessed: use a longer one, such as four unrelated words")
        )


def proved(services: Services, found: Credentials | None, password: str) -> Credentials:
    """The credentials that the password fits; `SignInFailed` in the same time and words where it does not."""
    stored = found.password_hash if found is not None and has_password(found) else None
    # An over-long password is cut before it is hashed (a minute of hashing is an attack), and stays wrong.
    is_right = services.passwords.is_right(stored, password[: LONGEST_PASSWORD + 1])
    if found is None or not is_right:
        raise SignInFailed(_("The name and the password do not match"))
    return found


def name_keys(services: Services, name: str) -> tuple[bytes, ...]:
    """The digests that an account of this name can be found by."""
    # One name however it is typed: compatible characters and both cases are the same. No account has a name
    # that is too long, and folding takes the square of its length: one character more keeps it unknown.
    folded = unicodedata.normalize("NFKC", name.strip()[: LONGEST_NAME + 1]).casefold()
    return services.vault.fingerprints(folded, "account name")


def count_try(services: Services, tx: Transaction, keys: Sequence[bytes]) -> None:
    """Count a try at what opens the account of a name; `TooManyTries` where the name must wait."""
    minutes = _minutes_to_wait(services, tx, keys, MOST_TRIES, TRIES_WITHIN)
    if minutes:
        raise TooManyTries(
            ngettext(
                "Too many wrong tries for this name: try again in %(count)s minute",
                "Too many wrong tries for this name: try again in %(count)s minutes",
                minutes,
            )
        )


def is_over_limit(
    services: Services, tx: Transaction, thing: str, most: int = MOST_TRIES, within: timedelta = TRIES_WITHIN
) -> bool:
    """Count one more use of anything that is limited; True where it is one too many."""
    keys = services.vault.fingerprints(thing, "counted")
    return bool(_minutes_to_wait(services, tx, keys, most, within))


def _minutes_to_wait(
    services: Services, tx: Transaction, keys: Sequence[bytes], most: int, within: timedelta
) -> int:
    """Count a try; the minutes to wait where there were too many, which is not counted then."""
    now = services.clock.now()
    tries = [moment for moment in tx.people.tries(keys, now - within) if moment <= now]
    if len(tries) >= most:
        return -(-(tries[-most] + within - now) // timedelta(minutes=1))
    tx.people.forget_tries_before(now - LONGEST_WITHIN)
    tx.people.add_try(keys[0], now)
    return 0
