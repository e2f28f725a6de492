"""How it has gone: belief over time, the ladder filling, belief against success, feared against happened.

Each part says it in words first; the chart and its table hold the same numbers. Where there is too little
to say, it says that, and what would change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import Did, Ladder, StepId
from rung.app.outlook import Fear, History, Point
from rung.engine import Missing
from rung.web import charts

__all__ = ["SeeView", "see_view"]

LEAST = 3
"""Tries before a person's own record is spoken of, as in the engine."""
MOST_LINES = 400
"""Lines of a table: the newest are shown."""
BINS = ((0.0, 0.35), (0.35, 0.65), (0.65, 1.01))


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to see: in words, as a chart, as a table."""

    title: str
    words: str
    chart: Markup | None = None
    legend: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class SeeView:
    """The whole page."""

    name: str
    href: str
    parts: tuple[Part, ...]


def see_view(history: History) -> SeeView:
    """Everything that the page shows."""
    ladder = history.ladder
    parts = (_belief(history), _filling(history), _calibration(history), _fears(ladder, history.fears))
    return SeeView(ladder.name, f"/ladders/{ladder.id}", parts)


def _belief(history: History) -> Part:
    title = "How sure you are"
    points = _last_of_each_moment(history.points)
    if len(points) < 2:
        return Part(title, sentences.too_early(Missing(1, 0) if not points else Missing(0, 2)))
    marks = [charts.MarkPoint(point.at, str(point.deed.did)) for point in history.points if point.deed]
    first, last = points[0], points[-1]
    words = f"{_moved(first, last)} {_sources(history.points)}".strip()
    drawn = [charts.BeliefPoint(point.at, point.mean, point.low, point.high) for point in points]
    lines = [
        (
            _day(point.at),
            f"{point.mean * 100:.0f}",
            f"{point.low * 100:.0f} to {point.high * 100:.0f}",
            _what(point),
        )
        for point in points
    ]
    return Part(
        title,
        words,
        charts.belief_chart(drawn, marks, title, words),
        "Over all steps, 0 to 100. The soft band is the range it may be in. On the thread below it: "
        f"filled worked, half worked partly, outlined did not work, a gap was let pass.{_thinned(history)}",
        Table(title, ("day", "how sure", "between", "after"), tuple(lines)),
    )


def _thinned(history: History) -> str:
    shown = len(history.points)
    return f" Of {history.events:,} events {shown} are shown." if shown < history.events else ""


def _last_of_each_moment(points: Sequence[Point]) -> list[Point]:
    return list({point.at: point for point in points}.values())


def _moved(first: Point, last: Point) -> str:
    before, now = round(first.mean * 100), round(last.mean * 100)
    low, high = round(last.low * 100), round(last.high * 100)
    span = f"Over all steps you are {now} sure now, between {low} and {high}."
    if abs(now - before) < LEAST:
        return f"{span} That is about where you were {_since(first.at)}."
    return f"{span} {'Up' if now > before else 'Down'} from {before} {_since(first.at)}."


def _since(at: datetime) -> str:
    return f"on {at.day} {at:%B}"


def _sources(points: Sequence[Point]) -> str:
    """How much of the rise came right after trying it oneself."""
    rises = [
        (point.kind, point.mean - before.mean)
        for before, point in pairwise(points)
        if point.mean > before.mean
    ]
    whole = sum(rise for _, rise in rises)
    own = sum(rise for kind, rise in rises if kind == "attempt")
    return "Most of the rise came after you tried it yourself." if whole and own > whole / 2 else ""


def _what(point: Point) -> str:
    return sentences.did(point.deed.did) if point.deed else point.kind


def _filling(history: History) -> Part:
    title = "The ladder, filling"
    steps = {step.id: step.name for step in history.ladder.climbing}
    firsts: dict[StepId, datetime] = {}
    for point in history.points:
        if point.deed and point.deed.did is Did.DONE and point.deed.step in steps:
            firsts.setdefault(point.deed.step, point.at)
    if not firsts:
        return Part(title, "No step has worked yet. When one does, it shows here, and it stays.")
    counts = [(history.points[0].at, 0)]
    counts += [(at, count) for count, at in enumerate(sorted(firsts.values()), start=1)]
    counts.append((history.points[-1].at, len(firsts)))
    have = "has" if len(firsts) == 1 else "have"
    words = f"{len(firsts)} of {len(steps)} steps {have} worked at least once."
    lines = [(steps[step], _day(at)) for step, at in firsts.items()]
    return Part(
        title,
        words,
        charts.firm_chart(counts, len(steps), title, words),
        "Steps that have worked at least once. A step that has worked stays, whatever comes after.",
        Table(title, ("step", "worked first"), tuple(lines)),
    )


def _calibration(history: History) -> Part:
    title = "Belief against what happened"
    calibration = history.calibration
    if calibration.missing or calibration.attempts < LEAST:
        return Part(title, sentences.too_early(calibration.missing))
    groups = [
        [(expected, outcome) for expected, outcome in history.expectations if low <= expected < high]
        for low, high in BINS
    ]
    points = [_calibration_point(group) for group in groups if group]
    lines = [
        (f"{point.expected * 100:.0f}", f"{point.worked * 100:.0f}", str(point.attempts)) for point in points
    ]
    words = _gap_words(calibration.attempts, calibration.expected, calibration.worked)
    return Part(
        title,
        words,
        charts.calibration_chart(points, title, words),
        "On the dashed line, belief and record agree. Above it, your doubt is stricter than your record. "
        "The upright lines are the range each may be in: long where there were few tries.",
        Table(title, ("how sure you were", "worked, of 100", "tries"), tuple(lines)),
    )


def _calibration_point(group: Sequence[tuple[float, float]]) -> charts.CalibrationPoint:
    count = len(group)
    expected = sum(expected for expected, _ in group) / count
    worked = sum(outcome for _, outcome in group) / count
    # Wilson's interval at 80 %: honest for few tries, and never outside 0 to 1.
    z = 1.2816
    middle = (worked + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * (worked * (1 - worked) / count + z * z / (4 * count * count)) ** 0.5
    return charts.CalibrationPoint(expected, worked, middle - reach, middle + reach, count)


def _gap_words(attempts: int, expected: float, worked: float) -> str:
    """The gap as evidence; the conclusion stays with the person."""
    tenths_expected, tenths_worked = round(expected * 10), round(worked * 10)
    facts = (
        f"Over {attempts} tries you expected about {tenths_expected} of 10. It worked {tenths_worked} of 10."
    )
    if tenths_worked > tenths_expected:
        return f"{facts} Your doubt is stricter than your record."
    if tenths_worked < tenths_expected:
        return f"{facts} You were surer than it went; the steps between may have been too wide."
    return f"{facts} Your sense of it and your record agree."


def _fears(ladder: Ladder, fears: Sequence[Fear]) -> Part:
    title = "Feared, and what happened"
    if not fears:
        return Part(
            title, f"{sentences.TOO_EARLY} Say what you feared when you look back, and it shows here."
        )
    milder = sum(fear.happened < fear.feared for fear in fears)
    feared = sum(fear.feared for fear in fears) / len(fears) * 100
    happened = sum(fear.happened for fear in fears) / len(fears) * 100
    words = (
        f"It went milder than feared {milder} of {len(fears)} {'time' if len(fears) == 1 else 'times'}. "
        f"On average you feared {feared:.0f}, and {happened:.0f} came true."
    )
    names = {step.id: step.name for step in ladder.steps}
    lines = [
        (_day(fear.at), names.get(fear.step, ""), f"{fear.feared * 100:.0f}", f"{fear.happened * 100:.0f}")
        for fear in fears[-MOST_LINES:]
    ]
    drawn = [charts.FearPoint(fear.at, fear.feared, fear.happened) for fear in fears]
    return Part(
        title,
        words,
        charts.fear_chart(drawn, title, words),
        "Outlined: feared. Filled: what came true. One line a try, the newest at the bottom.",
        Table(title, ("day", "step", "feared", "happened"), tuple(lines)),
    )


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
