"""Preferences and notes on self-esteem as JSON, and back."""

from __future__ import annotations

import re
from dataclasses import asdict, fields
from typing import Any

from rung.app.accounts.preferences import Preferences, check_preferences
from rung.app.esteem import LOW, TOP
from rung.app.keeping.belongings.values import moment, words, written
from rung.app.model import PersonId
from rung.app.ports import EsteemNote
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["note_from_json", "note_to_json", "preferences_from_json", "preferences_to_json"]

_CLOCK = re.compile(r"(?:\d\d:\d\d)?", re.ASCII)


def preferences_to_json(preferences: Preferences) -> dict[str, str]:
    """What a person decided."""
    return asdict(preferences)


def preferences_from_json(item: dict[str, Any]) -> Preferences:
    """What a person decided; what is not there is not decided."""
    strange = set(item) - {field.name for field in fields(Preferences)}
    if strange:
        raise InvalidInput(_("Rung knows no preference %(name)s", name=repr(min(strange)[:50])))
    preferences = Preferences(**{name: words(value) for name, value in item.items()})
    check_preferences(preferences)
    if any(not _CLOCK.fullmatch(clock) for clock in (preferences.quiet_from, preferences.quiet_to)):
        raise InvalidInput(_("A time of day is written as 22:00"))
    if preferences.esteem not in ("", "yes"):
        raise InvalidInput(_("Self-esteem is either asked for or not"))
    return preferences


def note_to_json(note: EsteemNote) -> dict[str, object]:
    """One answer."""
    return {"at": written(note.at), "value": note.value}


def note_from_json(item: dict[str, Any], person: PersonId) -> EsteemNote:
    """One answer, now of `person`."""
    value = item["value"]
    if type(value) is not int or not LOW <= value <= TOP:
        raise InvalidInput(_("An answer is none of the numbers from %(low)s to %(top)s", low=LOW, top=TOP))
    return EsteemNote(person, moment(item["at"]), value)
