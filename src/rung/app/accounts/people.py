"""Accounts: how they are made, by a name and a password, and what their people may change or delete.

`sessions` says how long a sign-in lasts, `passkeys` and `recovery` what other ways in there are,
`invitations` who may make an account after the first one, `credentials` how often a password may be tried.
"""

from __future__ import annotations

from uuid import uuid4

from rung.app.accounts.credentials import (
    MOST_TRIES,
    WaysIn,
    check_not_the_last,
    check_password,
    count_try,
    has_password,
    is_over_limit,
    name_keys,
    proved,
    ways_in_of,
)
from rung.app.accounts.invitations import add_account, check_admission
from rung.app.accounts.sessions import (
    LIFETIME,
    Visit,
    check_fresh,
    open_session,
    sign_out,
    sign_out_everywhere,
    token_hash,
    whoami,
)
from rung.app.model import Account, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Credentials, Services, Transaction
from rung.app.wording import checked_name
from rung.errors import Conflict, InvalidInput, NotFound, SignInFailed, TooManyTries
from rung.words import _

__all__ = [
    "LIFETIME",
    "MOST_TRIES",
    "account_named",
    "account_of",
    "confirm",
    "delete_account",
    "is_new",
    "join",
    "only_account",
    "remove_password",
    "rename",
    "set_password",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "solo_account",
    "ways_in",
    "welcome",
    "whoami",
]


def is_new(services: Services) -> bool:
    """True while the server has no account."""
    with services.store.reading() as tx:
        return not tx.people.any()


def welcome(services: Services, name: str, password: str) -> Account:
    """Make the first account of the server; `Conflict` afterwards."""
    return _made(services, name, password, None)


def join(services: Services, code: str, name: str, password: str) -> Account:
    """Make an account with an invitation; `NotFound` where it is not open."""
    return _made(services, name, password, code)


def sign_in(services: Services, name: str, password: str, agent: str = "") -> str:
    """Open a session and return its token.

    `SignInFailed` for a wrong name or password, `TooManyTries` where the name must wait.
    """
    keys = name_keys(services, name)
    with services.store.writing() as tx:
        count_try(services, tx, keys)
        found = tx.people.find(keys)
    found = proved(services, found, password)
    with services.store.writing(found.person) as tx:
        _after_right_password(services, tx, found, password)
        tx.people.forget_tries(keys)
        return open_session(services, tx, found.person, agent)


def confirm(services: Services, actor: PersonId, password: str, visit: Visit) -> str:
    """Show once more that it is the actor, by the password: a new session in place of this one; its token."""
    found = _confirmed(services, actor, password, Action.CHANGE_ACCOUNT)
    with services.store.writing(actor) as tx:
        _after_right_password(services, tx, found, password)
        return open_session(services, tx, actor, visit.agent, instead_of=visit.token)


def account_named(services: Services, name: str) -> Account:
    """The account that signs in with this name: for the operator at the machine, never for a page."""
    with services.store.reading() as tx:
        found = tx.people.find(name_keys(services, name))
        account = None if found is None else tx.people.get(found.person)
    if account is None:
        raise NotFound(f"Nobody signs in as {name!r} here")
    return account


def account_of(services: Services, actor: PersonId) -> Account:
    """The actor's own account."""
    with services.store.reading() as tx:
        return _own_account(tx, actor, Action.CHANGE_ACCOUNT)


def ways_in(services: Services, actor: PersonId) -> WaysIn:
    """How the actor can sign in."""
    with services.store.reading() as tx:
        _own_account(tx, actor, Action.CHANGE_ACCOUNT)
        return ways_in_of(services, tx, actor)


def rename(services: Services, actor: PersonId, name: str) -> None:
    """Give the actor's account another name, which is what they sign in with from now on."""
    name = checked_name(name, _("The name"))
    keys = name_keys(services, name)
    with services.store.writing(actor) as tx:
        _own_account(tx, actor, Action.CHANGE_ACCOUNT)
        found = tx.people.find(keys)
        is_taken = found is not None and found.person != actor
        is_too_often = is_taken and is_over_limit(services, tx, f"names of {actor}")
        if not is_taken:
            tx.people.rename(actor, name, keys[0])
    if is_too_often:
        raise TooManyTries(_("You tried too many names: wait a quarter of an hour"))
    if is_taken:
        raise InvalidInput(_("Somebody here has this name already: choose another one"))


def set_password(services: Services, actor: PersonId, new: str, visit: Visit) -> None:
    """Set or replace the password and end all sessions but this one; asks for a fresh session."""
    with services.store.reading() as tx:
        account = _own_account(tx, actor, Action.CHANGE_ACCOUNT)
        check_fresh(services, tx, actor, visit)
    check_password(services, new, account.name)
    password_hash = services.passwords.hash(new)
    with services.store.writing(actor) as tx:
        check_fresh(services, tx, actor, visit)
        tx.people.set_password(actor, password_hash)
        tx.sessions.remove_all(actor, keep=token_hash(visit.token))


def remove_password(services: Services, actor: PersonId, visit: Visit) -> None:
    """Sign in without a password from now on; `Conflict` where there is no passkey, too."""
    with services.store.writing(actor) as tx:
        _own_account(tx, actor, Action.CHANGE_ACCOUNT)
        check_fresh(services, tx, actor, visit)
        if ways_in_of(services, tx, actor).has_password:
            check_not_the_last(services, tx, actor)
            tx.people.set_password(actor, "")


def delete_account(
    services: Services, actor: PersonId, password: str = "", visit: Visit | None = None
) -> None:
    """Delete the account and everything that belongs to it, for good.

    By the password; by a fresh session where there is none.
    """
    with services.store.reading() as tx:
        _own_account(tx, actor, Action.DELETE_ACCOUNT)
        needs_password = ways_in_of(services, tx, actor).has_password
        if not needs_password:
            check_fresh(services, tx, actor, visit or Visit())
    if needs_password:
        _confirmed(services, actor, password, Action.DELETE_ACCOUNT)
    with services.store.writing(actor) as tx:
        found = tx.people.credentials(actor)
        if found is not None:
            tx.people.forget_tries([found.name_key])
        tx.people.remove(actor)


def solo_account(services: Services) -> Account:
    """The one account of a server that asks nobody to sign in; made where there is none yet."""
    with services.store.writing() as tx:
        found = tx.people.first(2)
        if len(found) > 1:
            raise Conflict("More than one person has an account here, so everybody must sign in")
        account = tx.people.get(found[0]) if found else None
        if account is None:
            account = Account(PersonId(str(uuid4())), _("You"), services.clock.now())
            add_account(services, tx, account, "", None)
    return account


def only_account(services: Services) -> Account | None:
    """The account of a server that has just one; None where it has none, or more."""
    with services.store.reading() as tx:
        found = tx.people.first(2)
        return tx.people.get(found[0]) if len(found) == 1 else None


def _made(services: Services, name: str, password: str, code: str | None) -> Account:
    name = checked_name(name, _("The name"))
    check_password(services, password, name)
    check_admission(services, name, code)
    account = Account(PersonId(str(uuid4())), name, services.clock.now())
    password_hash = services.passwords.hash(password)
    with services.store.writing() as tx:
        add_account(services, tx, account, password_hash, code)
    return account


def _own_account(tx: Transaction, actor: PersonId, action: Action) -> Account:
    return permitted(actor, action, tx.people.get(actor), "account")


def _confirmed(services: Services, actor: PersonId, password: str, action: Action) -> Credentials:
    with services.store.writing(actor) as tx:
        _own_account(tx, actor, action)
        found = tx.people.credentials(actor)
        if found is None or not has_password(found):
            raise SignInFailed(_("You have no password: use a passkey"))
        count_try(services, tx, [found.name_key])
    found = proved(services, found, password)
    with services.store.writing(actor) as tx:
        tx.people.forget_tries([found.name_key])
    return found


def _after_right_password(services: Services, tx: Transaction, found: Credentials, password: str) -> None:
    if tx.people.credentials(found.person) != found:
        raise SignInFailed(_("The password was changed in the meantime: sign in with the new one"))
    if services.passwords.is_outdated(found.password_hash):
        tx.people.set_password(found.person, services.passwords.hash(password))
