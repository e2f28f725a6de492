"""The page about programs: what each may do, on which ladders, until when, and what a new one can be for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rung.app.accounts.tokens import Tokens
from rung.app.model import Ladder, LadderId
from rung.app.policies import Scope
from rung.app.ports import Token
from rung.web.views.notices import Notice
from rung.words import _, date_and_time, day, later

__all__ = ["SCOPES", "Choice", "TokenView", "TokensView", "tokens_notice", "tokens_view"]

SCOPES: Mapping[Scope, tuple[str, str]] = {
    Scope.READ_LADDERS: (
        later("See your ladders"),
        later("Names of ladders and steps, and plans without their words"),
    ),
    Scope.READ_EVIDENCE: (
        later("See how it goes"),
        later("What you did and how sure you were, in numbers, and the next step"),
    ),
    Scope.READ_TEXTS: (
        later("Read what you wrote"),
        later("Your words about what you did, and those in plans"),
    ),
    Scope.WRITE_EVIDENCE: (
        later("Log for you"),
        later("What you did and how sure you are; it can take that back, too"),
    ),
    Scope.WRITE_LADDERS: (
        later("Change your ladders"),
        later("Make and change ladders, steps and plans; nothing is deleted"),
    ),
}

# Any link can make the page say these: they are harmless where they are not so.
_SAID = {"taken-back": later("Taken back. It opens nothing any longer.")}


@dataclass(frozen=True, slots=True)
class TokenView:
    """One program in the list."""

    id: str
    name: str
    may: str
    ladders: str
    facts: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be ticked."""

    key: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TokensView:
    """Everything on the page."""

    tokens: tuple[TokenView, ...]
    scopes: tuple[Choice, ...]
    ladders: tuple[Choice, ...]
    is_fresh: bool


def tokens_view(seen: Tokens, now: datetime) -> TokensView:
    """The page."""
    names = {ladder.id: ladder.name for ladder in seen.ladders}
    return TokensView(
        tokens=tuple(_token(token, names, now) for token in seen.found),
        scopes=tuple(Choice(scope, _(words), _(hint)) for scope, (words, hint) in SCOPES.items()),
        ladders=tuple(Choice(one.id, one.name) for one in seen.ladders if _is_used(one)),
        is_fresh=seen.is_fresh,
    )


def tokens_notice(key: str) -> Notice | None:
    """The notice of this name; None for a name that is not known."""
    return Notice(_(_SAID[key])) if key in _SAID else None


def _is_used(ladder: Ladder) -> bool:
    return ladder.archived_at is None


def _token(token: Token, names: Mapping[LadderId, str], now: datetime) -> TokenView:
    is_over = now >= token.expires_at
    ends = day(token.expires_at)
    used = (
        _("not used yet")
        if token.last_used_at is None
        else _("last used %(used)s", used=date_and_time(token.last_used_at))
    )
    facts = (
        _("Over since %(end)s, %(used)s", end=ends, used=used)
        if is_over
        else _("Good until %(end)s, %(used)s", end=ends, used=used)
    )
    return TokenView(
        id=token.id,
        name=token.name,
        may=" · ".join(_(words) for scope, (words, _hint) in SCOPES.items() if scope in token.scopes),
        ladders=_("All ladders")
        if token.ladders is None
        else " · ".join(sorted(names[one] for one in token.ladders if one in names)),
        facts=facts,
        is_over=is_over,
    )
