"""What the form says about who sees what: a tick for each ladder and field, and a day for each ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rung.app.model import LadderId
from rung.app.policies import Role
from rung.app.ports import Consent
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.sharing.fields import Field, fields_from
from rung.errors import InvalidInput
from rung.words import _, local, speech

__all__ = ["ALL", "FARTHEST", "Chosen", "chosen_in", "consents_from", "last_day"]

ALL = "all"
"""Stands for every field that the role can be shown."""
FARTHEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen of one ladder."""

    fields: frozenset[Field]
    until: str = ""
    """The last day, as the field for a date has it; empty = until it is taken back."""


def chosen_in(
    role: Role, show: Sequence[str], ladders: Sequence[str], untils: Sequence[str]
) -> dict[str, Chosen]:
    """What a form says, by ladder."""
    names: dict[str, list[str]] = {}
    for value in show:
        ladder, _slash, field = value.partition("/")
        names.setdefault(ladder, []).append(field)
    days = dict(zip(ladders, untils, strict=False))
    return {
        ladder: Chosen(_fields(role, names.get(ladder, ())), days.get(ladder, ""))
        for ladder in dict.fromkeys([*ladders, *names])
    }


def consents_from(chosen: Mapping[str, Chosen], now: datetime) -> list[Consent]:
    """The consents that a form asks for; `InvalidInput` for a day that is none."""
    return [
        Consent(LadderId(ladder), one.fields, now, _moment_after(one.until, now) if one.until else None)
        for ladder, one in chosen.items()
        if one.fields
    ]


def last_day(until: datetime | None) -> str:
    """The last day of a consent, for the field of a date; empty where it has none."""
    return "" if until is None else local(until - timedelta(seconds=1)).date().isoformat()


def _fields(role: Role, names: Sequence[str]) -> frozenset[Field]:
    return SHOWN_TO[role] if ALL in names else fields_from(names) & SHOWN_TO[role]


def _moment_after(text: str, now: datetime) -> datetime:
    """The moment at which a day ends, by the clock of whoever is spoken to."""
    try:
        last = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(_("A day is written as 2026-12-24")) from None
    if last > local(now).date() + FARTHEST:
        raise InvalidInput(_("That is more than ten years away: choose a nearer day, or none"))
    if last < local(now).date():
        raise InvalidInput(_("The day until which it is shown is over: choose a later one"))
    return datetime.combine(last + timedelta(days=1), time(), speech().clock).astimezone(now.tzinfo)
