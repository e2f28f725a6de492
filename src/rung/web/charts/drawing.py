"""The strokes that charts are made of, and the frame around them.

Charts keep time and numbers from left to right in every language, as a number line does in print in Arabic,
too; only their words run the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal

from markupsafe import Markup, escape

from rung.words import day_and_month, month, number, speech

__all__ = [
    "BOTTOM",
    "LEFT",
    "RIGHT",
    "TOP",
    "WIDTH",
    "Mark",
    "across",
    "chart",
    "dates",
    "disc",
    "figure",
    "grid",
    "height_of",
    "line",
    "name_of",
    "percent",
    "points",
    "ring",
    "shape",
    "svg",
    "text",
    "thread",
    "time_scale",
]

Mark = str
"""One of the values of `Did`: done, partly, tried, avoided, skipped."""

WIDTH = 360.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 346.0, 16.0, 186.0

Side = Literal["left", "middle", "right"]
_ANCHORS: dict[str, dict[Side, str]] = {
    "ltr": {"left": "start", "middle": "middle", "right": "end"},
    "rtl": {"left": "end", "middle": "middle", "right": "start"},
}
_SPOT = 3.0
"""What falls closer together than this, and looks alike, is drawn once."""


def chart(name: str, title: str, about: str, parts: Sequence[str], height: float) -> Markup:
    """A whole chart; `name` is its own on the page."""
    head = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>'
    frame = f'viewBox="0 0 {figure(WIDTH)} {figure(height)}" role="img"'
    return svg(f'class="chart" {frame} aria-labelledby="{name}-title {name}-about"', [head, *parts])


def svg(attributes: str, parts: Sequence[str]) -> Markup:
    """A drawing of its parts."""
    # All text put into `parts` goes through escape() first; the rest is made here.
    return Markup(f"<svg {attributes}>{''.join(parts)}</svg>")  # noqa: S704 (escaped, see above)


def text(x: float, y: float, words: str, side: Side) -> str:
    """Words that begin at a point (left), end there (right) or stand around it."""
    direction = speech().language.direction
    anchor = _ANCHORS[direction][side]
    turned = "" if direction == "ltr" else f' direction="{direction}"'
    return f'<text x="{figure(x)}" y="{figure(y)}" text-anchor="{anchor}"{turned}>{escape(words)}</text>'


def line(name: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line."""
    return f'<line class="{name}" x1="{figure(x1)}" y1="{figure(y1)}" x2="{figure(x2)}" y2="{figure(y2)}"/>'


def disc(name: str, x: float, y: float, radius: float) -> str:
    """A circle."""
    return f'<circle class="{name}" cx="{figure(x)}" cy="{figure(y)}" r="{figure(radius)}"/>'


def ring(x: float, y: float) -> str:
    """The outlined disc of what was tried and did not work."""
    return disc("d-open", x, y, 4.5)


def shape(kind: str, x: float, y: float) -> str:
    """The shape of an outcome (`Did`) or of another event: each its own, whatever its colour."""
    at = f"M{figure(x)} {figure(y)}"
    if kind == "done":
        return disc("d-full", x, y, 5.5)
    if kind == "partly":
        return ring(x, y) + f'<path class="d-full" d="M{figure(x)} {figure(y - 5)}a5 5 0 0 0 0 10z"/>'
    if kind == "persuasion":
        return f'<path class="d-full" d="{at}m0 -6l6 6l-6 6l-6 -6z"/>'
    if kind == "model":
        return f'<path class="d-full" d="{at}m-4.5 -4.5h9v9h-9z"/>'
    if kind == "state":
        return f'<path class="d-pulse" d="{at}m-6 0h2l2 -5l4 10l2 -5h2"/>'
    if kind == "judgement":
        return line("d-tick", x - 3.5, y, x + 3.5, y)
    return ring(x, y)


def thread(events: Iterable[tuple[float, str]], y: float) -> list[str]:
    """Events where they fell in time, on one thread that avoiding interrupts."""
    seen: dict[tuple[int, str], float] = {}
    for x, kind in events:
        seen.setdefault((round(x / _SPOT), kind), x)
    gaps = [
        f'<rect class="d-gap" x="{figure(x - 4)}" y="{figure(y - 3)}" width="8" height="6"/>'
        for (_, kind), x in seen.items()
        if kind == "avoided"
    ]
    shapes = [shape(kind, x, y) for (_, kind), x in seen.items() if kind != "avoided"]
    return [line("d-thread", LEFT, y, RIGHT, y), *gaps, *shapes]


def grid(unit: str) -> list[str]:
    """Lines from 0 to 100 with their numbers, and what they measure."""
    lines = [
        line("d-grid", LEFT, height_of(share), RIGHT, height_of(share)) for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    labels = [text(LEFT - 6, height_of(share) + 4, number(share * 100), "right") for share in (0, 0.5, 1)]
    return [*lines, *labels, text(LEFT, TOP - 5, unit, "left")]


def dates(first: datetime, last: datetime, y: float) -> list[str]:
    """The days at both ends of a stretch of time; one where they are the same."""
    ends = [text(LEFT, y, name_of(first, first, last), "left")]
    return [*ends, text(RIGHT, y, name_of(last, first, last), "right")] if (last - first).days else ends


def name_of(at: datetime, first: datetime, last: datetime) -> str:
    """A day, or a month where the time is long."""
    return day_and_month(at) if (last - first).days < 300 else month(at)


def time_scale(first: datetime, last: datetime) -> Callable[[datetime], float]:
    """Where a moment stands from left to right."""
    span = (last - first).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return LEFT + 8 + (at - first).total_seconds() / span * (RIGHT - LEFT - 16)

    return x


def across(share: float) -> float:
    """Where a share of 0 to 1 stands from left to right."""
    return LEFT + share * (RIGHT - LEFT)


def height_of(share: float) -> float:
    """Where a share of 0 to 1 stands from the bottom up."""
    return BOTTOM - share * (BOTTOM - TOP)


def points(corners: Sequence[tuple[float, float]]) -> str:
    """The corners of a line or an area."""
    return " ".join(f"{figure(x)},{figure(y)}" for x, y in corners)


def percent(share: float) -> str:
    """A share of 0 to 1 as a length."""
    return f"{figure(100 * min(1.0, max(0.0, share)))}%"


def figure(length: float) -> str:
    """A length as short as it is exact enough."""
    return f"{length:.1f}".rstrip("0").rstrip(".")
