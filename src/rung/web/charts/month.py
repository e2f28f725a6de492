"""The month of made-up people: how sure they are, how often a try works, and both with the levers at rest.

Belief is a thick line in its band; the chance that a try works a thin one with filled discs; what both would
be with every lever at rest is dashed. On the thread below stands what others did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rung.web.charts.drawing import (
    BOTTOM,
    LEFT,
    RIGHT,
    chart,
    disc,
    height_of,
    line,
    points,
    svg,
    text,
    thread,
)
from rung.words import _, number

__all__ = ["Curve", "month_chart", "sample"]

_DISC_EVERY = 5
_TOP_OF_SCALE = 0.8
"""No month comes up to it: what a lever does is seen better than on a scale up to 1."""
_LINES = (0.0, 0.2, 0.4, 0.6, 0.8)
_THREAD = BOTTOM + 14


@dataclass(frozen=True, slots=True)
class Curve:
    """Something day by day, 0 to 1, and what it would be with the levers at rest."""

    now: Sequence[float]
    rest: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def month_chart(
    sure: Curve, works: Curve, events: Sequence[tuple[int, str]], title: str, about: str
) -> Markup:
    """Belief and ability by day; `events` are days, each with a kind of the log (model, persuasion)."""
    last = len(sure.now) - 1

    def corners(values: Sequence[float]) -> list[tuple[float, float]]:
        return [(_day(day, last), _height(value)) for day, value in enumerate(values)]

    dots = [spot for day, spot in enumerate(corners(works.now)) if day % _DISC_EVERY == 0]
    foot = BOTTOM + (34 if events else 18)
    parts = [
        f'<polygon class="d-band" points="{points([*corners(sure.high), *reversed(corners(sure.low))])}"/>',
        *_grid(),
        *(_dashed(corners(curve.rest)) for curve in (sure, works) if curve.rest != curve.now),
        f'<polyline class="d-line" points="{points(corners(sure.now))}"/>',
        f'<polyline class="d-works" points="{points(corners(works.now))}"/>',
        *(disc("d-full", x, y, 3.5) for x, y in dots),
        *(thread([(_day(day, last), kind) for day, kind in events], _THREAD) if events else ()),
        text(LEFT, foot, _("day %(day)s", day=number(0)), "left"),
        text(RIGHT, foot, _("day %(day)s", day=number(last)), "right"),
    ]
    return chart("month", title, about, parts, foot + 8)


def sample(kind: str) -> Markup:
    """A short piece of a line, for the legend: `sure`, `works` or `rest`."""
    parts = {
        "sure": ['<rect class="d-band" width="28" height="16"/>', line("d-line", 2, 8, 26, 8)],
        "works": [line("d-works", 0, 8, 28, 8), disc("d-full", 14, 8, 3.5)],
        "rest": [line("d-rest", 0, 8, 28, 8)],
    }[kind]
    return svg('class="glyph" width="28" height="16" viewBox="0 0 28 16" aria-hidden="true"', parts)


def _grid() -> list[str]:
    lines = [line("d-grid", LEFT, _height(share), RIGHT, _height(share)) for share in _LINES]
    return [*lines, *(text(LEFT - 6, _height(share) + 4, number(100 * share), "right") for share in _LINES)]


def _height(share: float) -> float:
    return height_of(min(share, _TOP_OF_SCALE) / _TOP_OF_SCALE)


def _dashed(corners: Sequence[tuple[float, float]]) -> str:
    return f'<polyline class="d-rest" points="{points(corners)}"/>'


def _day(day: int, last: int) -> float:
    return LEFT + 6 + day / last * (RIGHT - LEFT - 12)
