"""Tokens with which programs act for a person, within scopes, on all ladders or some, for a year at most.

A token is `rung_` and 256 random bits; the store keeps its SHA-256 alone, and the page shows it once. Making
one asks for a fresh sign-in, as changing the ways in does; taking one back asks for nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from rung.app.accounts.sessions import Visit, check_fresh, is_fresh_in, token_hash
from rung.app.model import Ladder, LadderId, PersonId
from rung.app.policies import Action, Actor, Scope, permitted
from rung.app.ports import Services, Token
from rung.app.wording import checked_id, checked_name
from rung.errors import Conflict, InvalidInput
from rung.words import _, ngettext

__all__ = [
    "LONGEST_DAYS",
    "MOST_TOKENS",
    "PREFIX",
    "Tokens",
    "actor_of",
    "find_token",
    "is_token",
    "make_token",
    "revoke",
    "tokens_of",
]

PREFIX = "rung_"
"""How every token begins, so that people and scanners of leaked secrets know one when they see it."""
MOST_TOKENS = 50
LONGEST_DAYS = 365
USED_EVERY = timedelta(minutes=5)
"""How often a token in use is noted as such: not at every request, each note being a write."""

_SHAPE = re.compile(PREFIX + "[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a person, and what a new one can be for."""

    found: tuple[Token, ...]
    """Oldest first, expired ones too."""
    ladders: tuple[Ladder, ...]
    """All ladders of the person, archived ones too."""
    is_fresh: bool
    """True where a token may be made just now."""


def make_token(
    services: Services,
    actor: PersonId,
    visit: Visit,
    name: str,
    scopes: Collection[Scope],
    ladders: Collection[LadderId] | None,
    days: int,
    token_id: str | None = None,
) -> str:
    """Make a token and return it, the one time that it is shown; `ladders` is None for all of them.

    Under one `token_id` one is made: a form that is sent twice is told so.
    """
    name = checked_name(name, _("The program's name"))
    if not scopes:
        raise InvalidInput(_("Say what the program may do: choose at least one"))
    if ladders is not None and not ladders:
        raise InvalidInput(_("Say which ladders it is for: choose at least one, or all"))
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(_("A token is good for 1 to %(most)s days", most=LONGEST_DAYS))
    key = str(uuid4()) if token_id is None else checked_id(token_id, _("The token's id"))
    secret = PREFIX + secrets.token_urlsafe(32)
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
        if tx.tokens.get(actor, key) is not None:
            raise Conflict(
                _("This token was made already, and shown once. If you do not have it: take it back here")
            )
        known = {ladder.id for ladder in tx.ladders.of(actor)}
        for ladder in ladders or ():
            if ladder not in known:
                raise InvalidInput(_("One of these ladders is not there: load the page again"))
        count = len(tx.tokens.of(actor))
        if count >= MOST_TOKENS:
            raise Conflict(
                ngettext(
                    "You have %(count)s token already: take one back first",
                    "You have %(count)s tokens already: take one back first",
                    count,
                )
            )
        tx.tokens.add(
            Token(
                person=actor,
                id=key,
                name=name,
                digest=token_hash(secret),
                scopes=frozenset(scopes),
                ladders=None if ladders is None else frozenset(ladders),
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
    return secret


def tokens_of(services: Services, actor: PersonId, visit: Visit) -> Tokens:
    """The actor's tokens."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        return Tokens(
            tuple(tx.tokens.of(actor)),
            tuple(tx.ladders.of(actor)),
            is_fresh_in(services, tx, actor, visit),
        )


def revoke(services: Services, actor: PersonId, token_id: str) -> None:
    """Take a token back: it opens nothing any longer, and what was kept for it goes."""
    wanted = checked_id(token_id, _("The token's id"))
    with services.store.writing(actor) as tx:
        tx.tokens.remove(permitted(actor, Action.CHANGE_ACCOUNT, tx.tokens.get(actor, wanted), "token"))


def is_token(text: str) -> bool:
    """True for what has the shape of a token, good or not."""
    return _SHAPE.fullmatch(text) is not None


def find_token(services: Services, secret: str) -> Token | None:
    """The token that a program shows; None where it is none, was taken back, or has expired."""
    if not is_token(secret):
        return None
    now = services.clock.now()
    with services.store.reading() as tx:
        token = tx.tokens.find(token_hash(secret))
    if token is None or now >= token.expires_at:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        with services.store.writing(token.person) as tx:
            tx.tokens.use(token, now)
        return replace(token, last_used_at=now)
    return token


def actor_of(token: Token) -> Actor:
    """Who acts with a token: its person, within its scopes and ladders."""
    return Actor(token.person, scopes=token.scopes, ladders=token.ladders)
