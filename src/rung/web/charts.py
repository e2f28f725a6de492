"""Charts as accessible SVG, drawn on the server by pure functions (decision 0002).

Every colour is a CSS class and every length an attribute, so that a strict content security policy and both
themes hold. Shapes carry the meaning, never colour alone: a filled disc worked, a half one worked partly, an
outlined one was tried and did not work, a gap in the thread was avoided. Uncertainty is drawn: a band around
every estimate. A chart has a title and a description; the page puts a table of the same numbers beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

__all__ = [
    "BeliefPoint",
    "CalibrationPoint",
    "FearPoint",
    "MarkPoint",
    "bar",
    "belief_chart",
    "calibration_chart",
    "fear_chart",
    "firm_chart",
    "marks",
    "small_ladder",
]

Mark = str
"""One of the values of `Did`: done, partly, tried, avoided, skipped."""

_WIDTH, _HEIGHT = 360.0, 222.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 350.0, 14.0, 186.0


@dataclass(frozen=True, slots=True)
class BeliefPoint:
    """Belief at one moment, 0 to 1, with its band."""

    at: datetime
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MarkPoint:
    """One attempt on the time axis."""

    at: datetime
    did: Mark


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """What was expected of a group of attempts, and what share worked, with its band; all 0 to 1."""

    expected: float
    worked: float
    low: float
    high: float
    attempts: int


@dataclass(frozen=True, slots=True)
class FearPoint:
    """What was feared before an attempt, and how far it came true; 0 to 1."""

    at: datetime
    feared: float
    happened: float


def bar(mean: float, low: float, high: float, *, proposed: bool = False) -> Markup:
    """One rung of belief: solid up to the low end, soft over the band, a mark at the mean."""
    kind = "bar proposed" if proposed else "bar"
    parts = [
        '<rect class="d-track" width="100%" height="10" y="3"/>',
        f'<rect class="d-sure" width="{_percent(low)}" height="10" y="3"/>',
        f'<rect class="d-band" x="{_percent(low)}" width="{_percent(high - low)}" height="10" y="3"/>',
        f'<line class="d-edge" x1="{_percent(high)}" x2="{_percent(high)}" y1="3" y2="13"/>',
        f'<svg x="{_percent(mean)}" overflow="visible">',
        '<rect class="d-mean" x="-2.5" width="5" height="16" rx="2"/></svg>',
    ]
    return _svg(f'class="{kind}" width="100%" height="16" aria-hidden="true"', parts)


def marks(dids: Sequence[Mark], *, most: int = 10) -> Markup:
    """The last attempts on a thread, newest at the end; avoiding leaves a gap in it."""
    shown = [did for did in dids if did != "skipped"][-most:]
    width = 16 * len(shown)
    parts = [_mark(did, 8 + 16 * place, 8) for place, did in enumerate(shown)]
    return _svg(
        f'class="marks" width="{width}" height="16" viewBox="0 0 {width} 16" aria-hidden="true"', parts
    )


def _thread(attempts: Sequence[tuple[float, Mark]], y: float) -> list[str]:
    """Attempts where they fell in time, on one thread that avoiding interrupts."""
    gaps = [
        f'<rect class="d-gap" x="{_n(x - 4)}" y="{_n(y - 3)}" width="8" height="6"/>'
        for x, did in attempts
        if did == "avoided"
    ]
    shapes = [_shape(did, x, y) for x, did in attempts if did != "avoided"]
    return [_line("d-thread", _LEFT, y, _RIGHT, y), *gaps, *shapes]


def _mark(did: Mark, x: float, y: float) -> str:
    if did == "avoided":
        return _line("d-thread", x - 8, y, x - 4, y) + _line("d-thread", x + 4, y, x + 8, y)
    return _line("d-thread", x - 8, y, x + 8, y) + _shape(did, x, y)


def _shape(did: Mark, x: float, y: float) -> str:
    ring = _disc("d-open", x, y, 4.5)
    if did == "done":
        return _disc("d-full", x, y, 5.5)
    if did == "partly":
        return ring + f'<path class="d-full" d="M{_n(x)} {_n(y - 5)}a5 5 0 0 0 0 10z"/>'
    return ring


def small_ladder(states: Sequence[str]) -> Markup:
    """The whole ladder in the height of a thumb; `states` from the easiest step up."""
    if not states:
        return Markup("")
    step = 12 if len(states) <= 8 else 8
    height = step * (len(states) + 1)
    rails = _line("d-wood", 3, 2, 3, height - 2) + _line("d-wood", 37, 2, 37, height - 2)
    rungs = [
        _line(f"d-rung {escape(state)}", 6, height - step * place, 34, height - step * place)
        for place, state in enumerate(states, 1)
    ]
    return _svg(
        f'width="40" height="{height}" viewBox="0 0 40 {height}" aria-hidden="true"',
        [rails, *rungs],
    )


def belief_chart(
    points: Sequence[BeliefPoint], attempts: Sequence[MarkPoint], title: str, about: str
) -> Markup:
    """Belief over time with its band, and the attempts on a thread below it."""
    first = min(point.at for point in points)
    last = max([point.at for point in points] + [mark.at for mark in attempts])
    x = _time_scale(first, last)
    upper = [(x(point.at), _y(point.high)) for point in points]
    lower = [(x(point.at), _y(point.low)) for point in reversed(points)]
    line = [(x(point.at), _y(point.mean)) for point in points]
    parts = [
        *_grid("sure"),
        f'<polygon class="d-band" points="{_points(upper + lower)}"/>',
        f'<polyline class="d-line" points="{_points(line)}"/>',
        *(_disc("d-mean", at, y, 3) for at, y in line[-1:]),
        *_thread([(x(mark.at), mark.did) for mark in attempts if mark.did != "skipped"], _BOTTOM + 12),
        *_dates(first, last),
    ]
    return _chart("belief", title, about, parts)


def firm_chart(counts: Sequence[tuple[datetime, int]], of: int, title: str, about: str) -> Markup:
    """How many steps stood firm at each moment, as a filling area."""
    first, last = counts[0][0], counts[-1][0]
    x = _time_scale(first, last)
    corners = [(x(first), _y(0))]
    for (at, count), before in zip(counts, (0, *(count for _, count in counts)), strict=False):
        corners += [(x(at), _y(before / of)), (x(at), _y(count / of))]
    corners += [(x(last), _y(0))]
    labels = [_text(_LEFT - 6, _y(share) + 4, f"{round(share * of)}", "end") for share in (0, 1)]
    lines = [_line("d-grid", _LEFT, _y(step / of), _RIGHT, _y(step / of)) for step in range(of + 1)]
    area = f'<polygon class="d-area" points="{_points(corners)}"/>'
    return _chart("firm", title, about, [*lines, *labels, area, *_dates(first, last)])


def calibration_chart(points: Sequence[CalibrationPoint], title: str, about: str) -> Markup:
    """Belief against success: on the dashed line they agree; above it, doubt is stricter than the record."""

    def x(value: float) -> float:
        return _LEFT + value * (_RIGHT - _LEFT)

    parts = [*_grid("worked"), _line("d-rule", x(0), _y(0), x(1), _y(1))]
    for point in points:
        parts.append(_line("d-edge", x(point.expected), _y(point.low), x(point.expected), _y(point.high)))
        radius = 4 + min(6.0, math.sqrt(point.attempts))
        parts.append(_disc("d-mean", x(point.expected), _y(point.worked), radius))
    parts += [_text(x(share), _BOTTOM + 16, f"{share:.0%}".rstrip("%"), "middle") for share in (0, 0.5, 1)]
    parts.append(_text((_LEFT + _RIGHT) / 2, _BOTTOM + 31, "how sure you were", "middle"))
    return _chart("calibration", title, about, parts)


def fear_chart(points: Sequence[FearPoint], title: str, about: str) -> Markup:
    """Feared (outlined) against happened (filled), one row an attempt, newest at the bottom."""

    def x(value: float) -> float:
        return _LEFT + value * (_RIGHT - _LEFT)

    shown = points[-10:]
    parts = [_line("d-grid", x(share), 6, x(share), 14 + 20 * len(shown)) for share in (0, 0.5, 1)]
    for row, point in enumerate(shown):
        y = 18 + 20 * row
        parts.append(_line("d-thread", x(point.feared), y, x(point.happened), y))
        parts.append(_disc("d-open", x(point.feared), y, 5))
        parts.append(_disc("d-full", x(point.happened), y, 5))
    foot = 30 + 20 * len(shown)
    parts += [_text(x(share), foot, f"{share * 100:.0f}", "middle") for share in (0, 0.5, 1)]
    return _chart("fear", title, about, parts, height=foot + 8)


def _chart(name: str, title: str, about: str, parts: Sequence[str], height: float = _HEIGHT) -> Markup:
    head = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>'
    frame = f'viewBox="0 0 {_n(_WIDTH)} {_n(height)}" role="img" aria-labelledby="{name}-title {name}-about"'
    return _svg(f'class="chart" {frame}', [head, *parts])


def _svg(attributes: str, parts: Sequence[str]) -> Markup:
    # All text put into `parts` goes through escape() first; the rest is made here.
    return Markup(f"<svg {attributes}>{''.join(parts)}</svg>")  # noqa: S704 (escaped, see above)


def _grid(unit: str) -> list[str]:
    lines = [_line("d-grid", _LEFT, _y(share), _RIGHT, _y(share)) for share in (0, 0.25, 0.5, 0.75, 1)]
    labels = [_text(_LEFT - 6, _y(share) + 4, f"{share * 100:.0f}", "end") for share in (0, 0.5, 1)]
    return [*lines, *labels, _text(_LEFT + 4, _TOP - 4, unit, "start")]


def _dates(first: datetime, last: datetime) -> list[str]:
    days = (last - first).days

    def name(at: datetime) -> str:
        return f"{at.day} {at:%b}" if days < 300 else f"{at:%b %Y}"

    ends = [_text(_LEFT, _HEIGHT - 6, name(first), "start")]
    return [*ends, _text(_RIGHT, _HEIGHT - 6, name(last), "end")] if days else ends


def _time_scale(first: datetime, last: datetime) -> Callable[[datetime], float]:
    span = (last - first).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return _LEFT + 8 + (at - first).total_seconds() / span * (_RIGHT - _LEFT - 16)

    return x


def _y(value: float) -> float:
    return _BOTTOM - value * (_BOTTOM - _TOP)


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{name}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _disc(name: str, x: float, y: float, radius: float) -> str:
    return f'<circle class="{name}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)


def _percent(share: float) -> str:
    return f"{_n(100 * min(1.0, max(0.0, share)))}%"


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
