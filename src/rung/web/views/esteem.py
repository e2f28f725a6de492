"""Self-esteem: explained as another thing, asked once a week, drawn apart."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from rung.app.esteem import LOW, TOP, Esteem
from rung.web import charts
from rung.web.views.records import Table
from rung.words import _, day, ngettext, number

__all__ = ["EsteemView", "esteem_view"]

MOST_DRAWN = 120
"""Answers that a chart has room for: the newest, somewhat more than two years of them."""


@dataclass(frozen=True, slots=True)
class NoteView:
    """One answer, and what to send to delete it."""

    words: str
    at: str


@dataclass(frozen=True, slots=True)
class EsteemView:
    """The whole page."""

    is_on: bool
    answers: tuple[tuple[int, str], ...]
    """What can be chosen; empty where it is not asked now."""
    next_day: str
    words: str
    chart: Markup | None
    table: Table | None
    notes: tuple[NoteView, ...]
    """Newest first."""


def esteem_view(found: Esteem) -> EsteemView:
    """Everything that the page shows."""
    asked = found.is_on and found.next_at is None
    words = _words(found)
    title = _("Self-esteem, as you answered")
    drawn = [(note.at, note.value) for note in found.notes][-MOST_DRAWN:]
    lines = [(day(at), number(value)) for at, value in drawn]
    return EsteemView(
        is_on=found.is_on,
        answers=tuple((value, number(value)) for value in range(LOW, TOP + 1)) if asked else (),
        next_day=day(found.next_at) if found.next_at else "",
        words=words,
        chart=charts.esteem_chart(drawn, TOP, title, words) if len(drawn) > 1 else None,
        table=Table(title, (_("day"), _("answer, 1 to 7")), tuple(lines)) if len(drawn) > 1 else None,
        notes=tuple(
            NoteView(
                _("%(day)s: %(value)s of 7", day=day(note.at), value=number(note.value)), note.at.isoformat()
            )
            for note in reversed(found.notes)
        ),
    )


def _words(found: Esteem) -> str:
    if not found.notes:
        return _("You have noted nothing so far.")
    values = [note.value for note in found.notes]
    if len(set(values)) == 1:
        return ngettext(
            "You answered %(count)s time: %(value)s of 7.",
            "You answered %(count)s times, each time %(value)s of 7.",
            len(values),
            value=number(values[0]),
        )
    return ngettext(
        "You answered %(count)s time, between %(low)s and %(high)s of 7; last %(last)s.",
        "You answered %(count)s times, between %(low)s and %(high)s of 7; last %(last)s.",
        len(values),
        low=number(min(values)),
        high=number(max(values)),
        last=number(values[-1]),
    )
