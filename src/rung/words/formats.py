"""Dates, times, numbers and lists as they are written in the language, and by the clock, of the moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from rung.words.speaking import _, speech

__all__ = [
    "clock_time",
    "date_and_time",
    "day",
    "day_and_month",
    "listed",
    "local",
    "month",
    "number",
    "weekday",
]


def local(at: datetime) -> datetime:
    """The moment by the clock of whoever is spoken to."""
    return at.astimezone(speech().clock)


def day(at: datetime) -> str:
    """A day with its year: 3 Nov 2026."""
    return format_date(local(at).date(), "medium", locale=speech().locale)


def day_and_month(at: datetime) -> str:
    """A day without its year: 3 November."""
    return format_skeleton("MMMMd", local(at), locale=speech().locale)


def month(at: datetime) -> str:
    """A month with its year: Nov 2026."""
    return format_skeleton("yMMM", local(at), locale=speech().locale)


def weekday(at: datetime) -> str:
    """The name of the day: Tuesday."""
    return format_date(local(at).date(), "EEEE", locale=speech().locale)


def clock_time(at: datetime) -> str:
    """The time of day: 18:30."""
    return format_time(local(at), "short", locale=speech().locale)


def date_and_time(at: datetime) -> str:
    """A day of the week, its date and the time of day: Tue, 3 Nov, 18:30."""
    date = format_skeleton("MMMEd", local(at), locale=speech().locale)
    return _("%(date)s, %(time)s", date=date, time=clock_time(at))


def number(value: float) -> str:
    """A number with the marks of the language."""
    return format_decimal(value, locale=speech().locale)


def listed(words: Iterable[str]) -> str:
    """Several as one phrase: a, b and c."""
    return format_list(list(words), locale=speech().locale)
