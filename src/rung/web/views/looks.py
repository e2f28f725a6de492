"""Who looked: each look in plain words, by day and reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rung.app.model import LadderId
from rung.app.ports import Read
from rung.web.views.sharing import fields_said, reader_said
from rung.words import _, clock_time, day, weekday

__all__ = ["DayOfLooks", "looks_view"]


@dataclass(frozen=True, slots=True)
class ReaderView:
    """What one reader looked at on a day."""

    name: str
    lines: tuple[tuple[str, str], ...]
    """What it was, and at what times."""


@dataclass(frozen=True, slots=True)
class DayOfLooks:
    """All looks of one day."""

    day: str
    readers: tuple[ReaderView, ...]


def looks_view(looks: Sequence[Read], names: Mapping[LadderId, str]) -> tuple[DayOfLooks, ...]:
    """Looks, newest first, by day and reader; what was looked at more than once is one line."""
    days: dict[str, dict[str, dict[str, list[str]]]] = {}
    for look in looks:
        on = _("%(weekday)s, %(day)s", weekday=weekday(look.at), day=day(look.at))
        reader = days.setdefault(on, {}).setdefault(reader_said(look.reader) or _("Whoever had the link"), {})
        times = reader.setdefault(_words(look, names), [])
        if clock_time(look.at) not in times:
            times.append(clock_time(look.at))
    return tuple(
        DayOfLooks(
            on,
            tuple(
                ReaderView(name, tuple((words, " · ".join(reversed(times))) for words, times in seen.items()))
                for name, seen in readers.items()
            ),
        )
        for on, readers in days.items()
    )


def _words(look: Read, names: Mapping[LadderId, str]) -> str:
    ladder = names.get(look.ladder, _("a ladder that is gone")) if look.ladder else ""
    fields = fields_said(look.fields)
    match look.view:
        case "caseload":
            return _("looked through the people who let them in, you among them")
        case "group":
            return _("looked at the numbers of the group, in which you are counted")
        case "study":
            told = _("took “%(ladder)s” out for research, under a pseudonym", ladder=ladder)
        case "sheet":
            told = _("opened the sheet of “%(ladder)s”", ladder=ladder)
        case "report":
            told = _("opened the report of “%(ladder)s”", ladder=ladder)
        case _other:
            told = _("looked at “%(ladder)s”", ladder=ladder)
    return _("%(look)s: %(fields)s", look=told, fields=fields) if fields else told
