"""Whom to turn to in a crisis, as every page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from rung.content import CrisisLine, crisis_line
from rung.words import _, later

__all__ = ["Help", "help_of"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody: the beginning of a sentence, and a link that ends it."""

    words: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """Where somebody answers."""

    name: str
    hours: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """What the foot of every page says, and the page of its own."""

    line: Line
    """The first to turn to."""
    lines: tuple[Line, ...]
    emergency: str


def help_of(country: str) -> Help:
    """The line of a country, and the directory that serves every other one."""
    own = crisis_line(country)
    lines = (_line(own),) if not own.country else (_line(own), _line(crisis_line("")))
    return Help(lines[0], lines, own.emergency)


HOURS = {
    later("day and night"),
    later("9 am to 5 am"),
    later("9 am to midnight"),
    later("8 am to midnight"),
}
"""Hours of lines that are translated; others are told as the line tells them."""


def _line(line: CrisisLine) -> Line:
    if not line.numbers:
        return Line(
            line.name, "", (Way(_("Find a line near you:"), line.url.removeprefix("https://"), line.url),)
        )
    best, *others = line.numbers
    calls = _("Call or text") if line.text == best else _("Call")
    ways = [Way(calls, best, _call(best)), *(Way(_("or"), number, _call(number)) for number in others)]
    if line.text and line.text != best:
        ways.append(Way(_("or text"), line.text, "sms:" + line.text.replace(" ", "")))
    return Line(line.name, _(line.hours) if line.hours in HOURS else line.hours, tuple(ways))


def _call(number: str) -> str:
    return "tel:" + number.replace(" ", "").replace("-", "")
