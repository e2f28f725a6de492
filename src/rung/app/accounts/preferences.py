"""What a person decides about how Rung speaks to them: language, time zone, quiet hours, a pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date, time

from rung.app.model import PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Services, Transaction
from rung.app.reminding.scheduling import reschedule_all
from rung.errors import InvalidInput
from rung.words import _, is_zone, language_of

__all__ = [
    "PAUSED",
    "Preferences",
    "check_preferences",
    "preferences_in",
    "preferences_of",
    "set_preferences",
]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one person decided; the empty text where nothing was decided."""

    language: str = ""
    """Code of a language of `rung.words`; empty = as the browser says."""
    zone: str = ""
    """IANA time zone; empty = as the browser says."""
    quiet_from: str = ""
    quiet_to: str = ""
    """Time of day, as 22:00, between which nothing is sent; both or neither, and they may span midnight."""
    paused_until: str = ""
    """Day, as 2026-12-24, before which nothing is sent; `PAUSED` = until further notice."""
    email: str = ""
    """Where reminders go by e-mail."""
    esteem: str = ""
    """`yes` where the person wants to note self-esteem, too."""


LONGEST_ADDRESS = 254
_UNUSUAL = frozenset('<>()[],;:@"\\')
"""Marks that an address would have to quote: mail goes to none of these."""

PAUSED = "paused"


def preferences_of(services: Services, actor: PersonId) -> Preferences:
    """What the actor decided."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        return preferences_in(tx, actor)


def preferences_in(tx: Transaction, person: PersonId) -> Preferences:
    """What a person decided, in a transaction that is open already."""
    known = {field.name for field in fields(Preferences)}
    return Preferences(
        **{name: str(value) for name, value in tx.preferences.get(person).items() if name in known}
    )


def set_preferences(services: Services, actor: PersonId, **changed: str) -> Preferences:
    """Change some of it; `InvalidInput` says what does not fit."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        before = preferences_in(tx, actor)
        after = Preferences(**{**asdict(before), **{name: text.strip() for name, text in changed.items()}})
        check_preferences(after)
        tx.preferences.put(actor, asdict(after))
        if after.zone != before.zone:
            reschedule_all(tx, actor, after.zone, services.clock.now())
    return after


def check_preferences(wanted: Preferences) -> None:
    """Refuse what Rung does not know, or could not keep to."""
    if wanted.language and language_of(wanted.language) is None:
        raise InvalidInput(_("Rung does not speak this language: choose one of those shown"))
    if wanted.zone and not is_zone(wanted.zone):
        raise InvalidInput(_("This is no time zone that Rung knows: choose one of those shown"))
    if bool(wanted.quiet_from) != bool(wanted.quiet_to):
        raise InvalidInput(_("Quiet hours need both a beginning and an end, or neither"))
    for text in filter(None, (wanted.quiet_from, wanted.quiet_to)):
        _check(text, _clock_time, _("A time of day is written as 22:00"))
    if wanted.paused_until not in ("", PAUSED):
        _check(wanted.paused_until, date.fromisoformat, _("A day is written as 2026-12-24"))
    if wanted.email and not _is_address(wanted.email):
        raise InvalidInput(_("This is no e-mail address: write one such as name@example.org"))


def _check(text: str, read: Callable[[str], object], words: str) -> None:
    try:
        read(text)
    except ValueError:
        raise InvalidInput(words) from None


def _clock_time(text: str) -> time:
    found = time.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError("a time of day has no zone of its own")
    return found


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    is_plain = text.isprintable() and not any(one.isspace() or one in _UNUSUAL for one in name + host)
    return bool(name and at and "." in host) and is_plain and len(text) <= LONGEST_ADDRESS
