"""Recovery codes: ten words on paper for the day on which passkey and password are gone.

    code = 12 of 32 signs, 60 random bits, written in groups of four

The store keeps a keyed digest of each, bound to its person. Each code opens one session; tries count like
those at the password of the same name.
"""

from __future__ import annotations

import secrets

from rung.app.accounts.credentials import count_try, name_keys
from rung.app.accounts.sessions import Visit, check_fresh, open_session
from rung.app.model import PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Services
from rung.errors import SignInFailed
from rung.words import _

__all__ = ["codes_left", "make_codes", "sign_in_with_code"]

CODES = 10
SIGNS = "23456789abcdefghijkmnpqrstuvwxyz"
"""Without those that are taken for each other: 0 and o, 1 and l."""
LENGTH = 12
GROUP = 4
LONGEST_CODE = 100
_NOBODY = PersonId("nobody")


def make_codes(services: Services, actor: PersonId, visit: Visit) -> list[str]:
    """New codes in place of all older ones: this is the one time they can be read."""
    codes = [_code() for _number in range(CODES)]
    hashes = [_hashes(services, actor, code)[0] for code in codes]
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
        tx.recovery_codes.replace(actor, hashes)
    return codes


def codes_left(services: Services, actor: PersonId) -> int:
    """How many codes of the actor are still good."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        return tx.recovery_codes.left(actor)


def sign_in_with_code(services: Services, name: str, code: str, agent: str = "") -> str:
    """Open a session and use the code up; return the session's token.

    `SignInFailed` for a wrong name or code, `TooManyTries` where the name must wait.
    """
    keys = name_keys(services, name)
    with services.store.writing() as tx:
        count_try(services, tx, keys)
        found = tx.people.find(keys)
    person = found.person if found is not None else _NOBODY
    with services.store.writing(person) as tx:
        hashes = _hashes(services, person, code)
        if not tx.recovery_codes.use(person, hashes, services.clock.now()):
            raise SignInFailed(_("The name and the code do not match, or the code was used before"))
        tx.people.forget_tries(keys)
        return open_session(services, tx, person, agent)


def _code() -> str:
    signs = "".join(secrets.choice(SIGNS) for _number in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _hashes(services: Services, person: PersonId, code: str) -> tuple[bytes, ...]:
    # However it is typed: in capitals, with spaces, without the lines between the groups.
    plain = "".join(filter(str.isalnum, code[:LONGEST_CODE].lower()))
    return services.vault.fingerprints(f"{person}/{plain}", "recovery code")
