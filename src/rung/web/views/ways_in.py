"""The page on which a person sees and changes how they sign in, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass

from rung.app.accounts.credentials import WaysIn
from rung.app.accounts.sessions import Visit, is_here
from rung.app.accounts.ways_in import Overview
from rung.app.ports import Identity, Passkey, Provider, Session
from rung.web.views.browsers import browser_words
from rung.web.views.notices import Notice
from rung.words import _, date_and_time, day, later, ngettext

__all__ = ["DONE", "WaysInView", "done_notice", "ways_in_view", "ways_in_words"]

DONE = {
    "password": later("Your password is set. Everywhere else you are signed out."),
    "no-password": later("Your password is removed. You sign in with a passkey now."),
    "passkey": later("Your new passkey is kept. You can sign in with it."),
    "removed": later("The passkey is removed. It opens nothing here any longer."),
    "recovered": later("You are in, and that code is used up. Make a passkey or set a password now."),
    "no-password-here": later("Your password is removed. You sign in with an account elsewhere now."),
    "identity": later("You can sign in with that account from now on."),
    "unlinked": later("That account is removed. It opens nothing here any longer."),
    "confirmed": later("It is you. For ten minutes you can change how you sign in."),
}
"""What was just done to the ways in: told once, and never by a mere link."""


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """One passkey in the list."""

    id: str
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class IdentityView:
    """One account elsewhere in the list."""

    id: str
    name: str
    facts: str
    is_usable: bool
    """False where its provider is not set up any more."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser in the list."""

    id: str
    name: str
    facts: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class WaysInView:
    """Everything on the page."""

    passkeys: tuple[PasskeyView, ...]
    identities: tuple[IdentityView, ...]
    has_password: bool
    may_remove: bool
    """True where there is another way in."""
    codes: str
    has_codes: bool
    sessions: tuple[SessionView, ...]
    is_fresh: bool


def done_notice(key: str) -> Notice | None:
    """The notice of what was just done; None for a name that is not known."""
    return Notice(_(DONE[key])) if key in DONE else None


def ways_in_words(found: WaysIn) -> str:
    """All ways in, in one line."""
    keys = ngettext("%(count)s passkey", "%(count)s passkeys", found.passkeys)
    elsewhere = ngettext("%(count)s account elsewhere", "%(count)s accounts elsewhere", found.identities)
    if found.has_password and found.passkeys:
        words = _("A password, and %(passkeys)s", passkeys=keys)
    elif found.has_password:
        words = _("A password")
    elif found.passkeys:
        words = keys
    else:
        return elsewhere if found.identities else _("None yet")
    return f"{words}; {elsewhere}" if found.identities else words


def ways_in_view(seen: Overview, visit: Visit) -> WaysInView:
    """The page."""
    return WaysInView(
        passkeys=tuple(_passkey(passkey) for passkey in seen.passkeys),
        identities=tuple(_identity(*pair) for pair in seen.identities),
        has_password=seen.found.has_password,
        may_remove=seen.found.count > 1,
        codes=_codes(seen.codes_left),
        has_codes=seen.codes_left > 0,
        sessions=tuple(_session(session, is_here(session, visit)) for session in seen.sessions),
        is_fresh=seen.is_fresh,
    )


def _passkey(passkey: Passkey) -> PasskeyView:
    made = day(passkey.created_at)
    facts = (
        _("Made %(made)s, not used yet", made=made)
        if passkey.last_used_at is None
        else _("Made %(made)s, last used %(used)s", made=made, used=day(passkey.last_used_at))
    )
    return PasskeyView(passkey.id.hex(), passkey.name, facts)


def _identity(identity: Identity, provider: Provider | None) -> IdentityView:
    name = provider.name if provider else _("A provider that is not set up any more")
    used = identity.last_used_at or identity.created_at
    facts = _("Added %(made)s, last used %(used)s", made=day(identity.created_at), used=day(used))
    if identity.label and identity.label != name:
        facts = f"{identity.label} · {facts}"
    return IdentityView(identity.subject.hex(), name, facts, provider is not None)


def _session(session: Session, here: bool) -> SessionView:
    facts = _(
        "Signed in %(begun)s, last seen %(seen)s",
        begun=date_and_time(session.created_at),
        seen=date_and_time(session.last_seen_at),
    )
    return SessionView(session.token_hash.hex(), browser_words(session.agent), facts, here)


def _codes(left: int) -> str:
    if not left:
        return _("You have none. With one of them you come back in when passkey and password are gone.")
    return ngettext(
        "%(count)s code is unused. With it you come back in when passkey and password are gone.",
        "%(count)s codes are unused. With one of them you come back in when passkey and password are gone.",
        left,
    )
