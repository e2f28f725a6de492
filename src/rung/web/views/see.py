"""How it has gone: belief over time, the ladder filling, belief against success, feared against happened.

Each part says it in words first; the chart and its table hold the same numbers. Where there is too little
to say, it says that, and what would change it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from rung.app import sentences
from rung.app.avoiding import loop_notice
from rung.app.history import Band, History, Point
from rung.app.model import StepId
from rung.engine import Missing
from rung.web import charts
from rung.web.views.loop import LoopView, loop_view
from rung.web.views.records import (
    LEAST,
    Legend,
    Part,
    Table,
    calibration_part,
    fears_part,
    judged_part,
    newest,
)
from rung.words import _, day, day_and_month, later, ngettext, number

__all__ = ["RANGES", "Part", "SeeView", "Table", "see_view"]

RANGES: Mapping[str, tuple[str, int | None]] = {
    "4-weeks": (later("4 weeks"), 28),
    "3-months": (later("3 months"), 91),
    "all": (later("All of it"), None),
}
"""The stretches of time that one can look at, in days."""

_KINDS = {
    "judgement": later("said how sure"),
    "attempt": later("tried, not known how it went"),
    "feedback": later("heard how it went"),
    "model": later("saw somebody do it"),
    "persuasion": later("was encouraged"),
    "state": later("noted how the body was"),
    "choice": later("went for it"),
    "note": later("a note"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to look at."""

    key: str
    words: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SeeView:
    """The whole page."""

    name: str
    href: str
    over: str
    """What is looked at, for print: the step or the ladder as a whole, and the time."""
    loop: LoopView | None
    parts: tuple[Part, ...]
    steps: tuple[Choice, ...]
    ranges: tuple[Choice, ...]
    range: str


def see_view(history: History, chosen: str = "all") -> SeeView:
    """Everything that the page shows; `chosen` is one of `RANGES`."""
    ladder, step = history.ladder, history.step
    parts = [_belief(history)]
    if step is None:
        parts.append(_filling(history))
    parts += [calibration_part(history), judged_part(history), fears_part(ladder, history.fears)]
    scope = step.name if step else _("All steps")
    return SeeView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        over=_("%(step)s (%(range)s)", step=scope, range=_(RANGES[chosen][0])),
        loop=loop_view(loop_notice(history.today, history.fears)) if history.today else None,
        parts=tuple(parts),
        steps=tuple(_steps(history, chosen)),
        ranges=tuple(
            Choice(key, _(words), _href(history, step.id if step else None, key), key == chosen)
            for key, (words, _days) in RANGES.items()
        ),
        range=chosen,
    )


def _steps(history: History, chosen: str) -> list[Choice]:
    climbing, step = history.ladder.climbing, history.step
    whole = Choice("", _("All steps"), _href(history, None, chosen), step is None)
    choices = [
        Choice(
            one.id,
            _("%(place)s. %(name)s", place=number(place), name=one.name),
            _href(history, one.id, chosen),
            one == step,
        )
        for place, one in enumerate(climbing, start=1)
    ]
    if step is not None and step not in climbing:
        choices.append(Choice(step.id, step.name, _href(history, step.id, chosen), True))
    return [whole, *choices]


def _href(history: History, step: StepId | None, chosen: str) -> str:
    asked = [f"step={step}"] if step else []
    asked += [f"range={chosen}"] if chosen != "all" else []
    return f"/ladders/{history.ladder.id}/see{'?' if asked else ''}{'&'.join(asked)}"


def _belief(history: History) -> Part:
    title = _("How sure you are")
    seen = _last_of_each_moment([*([history.start] if history.start else []), *history.points])
    if len(seen) < 2:
        return Part(title, sentences.too_early(Missing(1, 0) if not seen else Missing(0, 2)))
    words = _moved(history, seen[0])
    if not history.points:
        words = f"{words} {_('Nothing was noted in this time.')}"
    bands = [*seen, history.now] if _reaches_now(seen, history.now) else seen
    drawn = [charts.BeliefPoint(band.at, band.mean, band.low, band.high) for band in bands]
    lines, note = newest([_line(history, point) for point in history.points])
    return Part(
        title,
        words,
        charts.belief_chart(
            drawn,
            [charts.MarkPoint(point.at, str(point.deed.did)) for point in history.points if point.deed],
            title,
            words,
            [charts.TickPoint(one.at, one.rating) for one in history.judged],
            [charts.EventPoint(one.at, one.kind) for one in history.happenings],
        ),
        f"{_how(history)}{_thinned(history)}",
        _legend(history),
        Table(title, (_("day"), _("how sure"), _("between"), _("after")), lines),
        note,
    )


def _how(history: History) -> str:
    if history.step is None:
        return _("Over all steps, 0 to 100. The soft band is the range it may be in.")
    return _("Of this step, 0 to 100. The soft band is the range it may be in.")


def _line(history: History, point: Point) -> tuple[str, ...]:
    low, high = round(point.low * 100), round(point.high * 100)
    return (
        day(point.at),
        str(round(point.mean * 100)),
        _("%(low)s to %(high)s", low=low, high=high),
        _what(history, point),
    )


def _what(history: History, point: Point) -> str:
    if point.deed:
        return sentences.did(point.deed.did)
    if history.step is not None and point.step not in (None, history.step.id):
        return _("something on another step")
    return _(_KINDS[point.kind])


def _legend(history: History) -> Legend:
    """Only what the chart holds."""
    dids = {str(point.deed.did) for point in history.points if point.deed}
    kinds = {one.kind for one in history.happenings} | ({"judgement"} if history.judged else set())
    words = {
        "judgement": _("how sure you said you were"),
        "done": _("worked"),
        "partly": _("worked partly"),
        "tried": _("tried, did not work"),
        "avoided": _("a gap: let pass"),
        "persuasion": _("encouraged"),
        "model": _("saw somebody do it"),
        "state": _("how the body was"),
    }
    return tuple(
        (charts.marks(["avoided"]) if kind == "avoided" else charts.glyph(kind), told)
        for kind, told in words.items()
        if kind in dids | kinds
    )


def _thinned(history: History) -> str:
    shown = len(history.points)
    if shown >= history.events:
        return ""
    told = ngettext(
        "Of %(count)s event %(shown)s are shown.",
        "Of %(count)s events %(shown)s are shown.",
        history.events,
        shown=shown,
    )
    return f" {told}"


def _last_of_each_moment(points: Sequence[Band | Point]) -> list[Band | Point]:
    return list({point.at: point for point in points}.values())


def _reaches_now(seen: Sequence[Band | Point], now: Band) -> bool:
    """True where the line can go on to now: not in laboratory data of long ago, which it would press flat."""
    first, last = seen[0].at, seen[-1].at
    return timedelta() < now.at - last <= 3 * (last - first) + timedelta(days=91)


def _moved(history: History, first: Band | Point) -> str:
    before, now = round(first.mean * 100), round(history.now.mean * 100)
    numbers = {"now": now, "low": round(history.now.low * 100), "high": round(history.now.high * 100)}
    if history.step is None:
        span = _("Over all steps you are %(now)s sure now, between %(low)s and %(high)s.", **numbers)
    else:
        span = _("Of this step you are %(now)s sure now, between %(low)s and %(high)s.", **numbers)
    since = day_and_month(first.at) if history.now.at - first.at < timedelta(days=300) else day(first.at)
    if abs(now - before) < LEAST:
        return f"{span} {_('That is about where you were on %(day)s.', day=since)}"
    if now > before:
        risen = _("Up from %(before)s on %(day)s.", before=before, day=since)
        return f"{span} {risen} {_sources(history)}".strip()
    return f"{span} {_('Down from %(before)s on %(day)s.', before=before, day=since)}"


def _sources(history: History) -> str:
    """How much of the rise came right after trying it oneself; nothing where events lack their point."""
    if len(history.points) < history.events:
        return ""
    rises = [
        (point.kind, point.mean - before.mean)
        for before, point in pairwise(history.points)
        if point.mean > before.mean
    ]
    whole = sum(rise for _kind, rise in rises)
    own = sum(rise for kind, rise in rises if kind == "attempt")
    return _("Most of the rise came after you tried it yourself.") if whole and own > whole / 2 else ""


def _filling(history: History) -> Part:
    title = _("The ladder, filling")
    steps, firsts = history.ladder.climbing, dict(history.firsts)
    if not firsts:
        return Part(title, _("No step has worked yet. When one does, it shows here, and it stays."))
    words = ngettext(
        "%(worked)s of %(count)s step has worked at least once.",
        "%(worked)s of %(count)s steps have worked at least once.",
        len(steps),
        worked=len(firsts),
    )
    lines = [
        (
            _("%(place)s. %(name)s", place=number(place), name=step.name),
            day(firsts[step.id]) if step.id in firsts else _("not yet"),
        )
        for place, step in enumerate(steps, start=1)
    ]
    drawn = [firsts.get(step.id) for step in steps]
    start, end = _stretch(history)
    return Part(
        title,
        words,
        charts.filling_chart(drawn, start, end, title, words),
        _(
            "A rung is dotted until its step has worked for the first time, and whole from then on, "
            "whatever comes after. The number is the step’s, from the easiest up."
        ),
        (),
        Table(title, (_("step"), _("worked first")), tuple(lines)),
    )


def _stretch(history: History) -> tuple[datetime, datetime]:
    """From the ladder's beginning, or what is known before it, to now, or the last that is known."""
    times = [at for _step, at in history.firsts]
    start = min([*times, history.points[0].at if history.points and history.since is None else times[0]])
    return start, max([*times, history.now.at])
