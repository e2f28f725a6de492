"""The log of the body: how strongly it went, how that was read, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rung.app.sources import BodyLog, Felt
from rung.web.charts_sources import FeltPoint, body_chart
from rung.web.forms import READINGS
from rung.web.views.see import Table
from rung.web.views.sources import Chooser, chooser
from rung.words import _, date_and_time, later

__all__ = ["STRENGTHS", "BodyView", "body_view"]

STRENGTHS = {str(number): (str(number), number / 10) for number in range(11)}
"""How strongly the body is going: quite still to as much as it can."""

LEAST = 3
"""Tries before a record is spoken of, as in the engine."""
MOST_DRAWN = 60
MOST_LINES = 200
MOST_NOTED = 10
_STRONG = 0.65
"""From 7 of 10 on, whatever was rounded on the way."""

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NotedView:
    """One state noted between tries."""

    words: str
    reading: str
    take_back: str


@dataclass(frozen=True, slots=True)
class BodyView:
    """The whole page."""

    chooser: Chooser
    strengths: Options
    readings: Options
    records: tuple[str, ...]
    """What came of tries, in words; one that it is too early where it is."""
    chart: Markup | None
    legend: str
    table: Table | None
    noted: tuple[NotedView, ...]


def body_view(log: BodyLog) -> BodyView:
    """Everything that the page shows."""
    found = chooser(log.shelf)
    records = _records(log.felt)
    title = _("How strongly your body was going")
    points = [_point(felt) for felt in log.felt[-MOST_DRAWN:]]
    return BodyView(
        chooser=found,
        strengths=tuple((key, words) for key, (words, _number) in STRENGTHS.items()),
        readings=tuple((key, _(words)) for key, (words, _number) in READINGS.items()),
        records=records,
        chart=body_chart(points, title, records[0]) if points else None,
        legend=_(
            "0 to 10, the oldest first. Filled worked, half worked partly, outlined did not work; "
            "a line is a moment "
            "without a try. A tip upwards was read as ready, downwards as “I can’t”. The soft "
            "ground is 7 to 10."
        ),
        table=_table(title, log.felt) if log.felt else None,
        noted=tuple(_noted(felt, found) for felt in reversed(log.felt) if not felt.is_attempt)[:MOST_NOTED],
    )


def _records(felt: Sequence[Felt]) -> tuple[str, ...]:
    """What came of tries when the body was going strongly or not, and by how that was read."""
    tries = [one for one in felt if one.outcome is not None]
    strong = [one for one in tries if one.arousal >= _STRONG]
    calm = [one for one in tries if one.arousal < _STRONG]
    ready = [one for one in tries if (one.appraisal or 0.0) > 0.0]
    threat = [one for one in tries if (one.appraisal or 0.0) < 0.0]
    told = [
        _(words, **_counted(group))
        for words, group in zip(_WORDS, (strong, calm, ready, threat), strict=True)
        if len(group) >= LEAST
    ]
    if not told:
        told = [
            _(
                "Too early to say. Say how your body was going when you look back on a try, three "
                "times or more."
            )
        ]
    elif len(ready) >= LEAST and len(threat) >= LEAST:
        told.append(
            _("How it was read and how it went belong together; which of them came first, this cannot tell.")
        )
    return tuple(told)


_WORDS = (
    later("At 7 to 10 it worked %(worked)s of %(tries)s times."),
    later("At 0 to 6 it worked %(worked)s of %(tries)s times."),
    later("Read as ready, it worked %(worked)s of %(tries)s times."),
    later("Read as “I can’t”, it worked %(worked)s of %(tries)s times."),
)


def _counted(group: Sequence[Felt]) -> dict[str, int]:
    return {"worked": sum(one.outcome == 1.0 for one in group), "tries": len(group)}


def _point(felt: Felt) -> FeltPoint:
    return FeltPoint(felt.at, felt.arousal, felt.appraisal, felt.outcome)


def _table(title: str, felt: Sequence[Felt]) -> Table:
    lines = [
        (
            date_and_time(one.at),
            _("%(many)s of 10", many=round(10 * one.arousal)),
            _read(one.appraisal),
            one.step.name if one.step else "",
            _came(one),
        )
        for one in felt[: -MOST_LINES - 1 : -1]
    ]
    heads = (_("when"), _("how strong"), _("read as"), _("step"), _("what came of it"))
    return Table(title, heads, tuple(lines))


def _read(appraisal: float | None) -> str:
    if appraisal is None:
        return _("not said")
    nearest = min(READINGS.values(), key=lambda reading: abs(reading[1] - appraisal))
    return _(nearest[0])


def _came(felt: Felt) -> str:
    if not felt.is_attempt:
        return _("no try")
    if felt.outcome is None:
        return _("not known")
    if felt.outcome == 1.0:
        return _("worked")
    return _("worked partly") if felt.outcome > 0.0 else _("did not work")


def _noted(felt: Felt, found: Chooser) -> NotedView:
    return NotedView(
        words=_(
            "%(when)s: %(many)s of 10, read as “%(reading)s”.",
            when=date_and_time(felt.at),
            many=round(10 * felt.arousal),
            reading=_read(felt.appraisal),
        ),
        reading=felt.reading,
        take_back=f"/sources/body/{felt.event_id}/take-back{found.query}",
    )
