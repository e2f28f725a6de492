"""The parts of a chart as SVG, for a page with styles of its own: every colour is a class.

Rung is drawn filled and solid, the rival open and dashed, so that colour is never the only carrier.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

__all__ = ["Frame", "axes", "band", "chart", "dot", "label", "rect", "ruler", "stroke"]

_WIDTH, _HEIGHT = 360.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 346.0, 10.0, 208.0
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


class Frame(NamedTuple):
    """The part of the plane that a chart shows."""

    left: float
    right: float
    bottom: float
    top: float

    def x(self, value: float) -> float:
        """Place across."""
        return _LEFT + (value - self.left) / ((self.right - self.left) or 1.0) * (_RIGHT - _LEFT)

    def y(self, value: float) -> float:
        """Place down."""
        return _BOTTOM - (value - self.bottom) / ((self.top - self.bottom) or 1.0) * (_BOTTOM - _TOP)


def chart(title: str, description: str, parts: Iterable[str], height: float = _HEIGHT) -> str:
    """A whole chart; what it shows is also said in words."""
    head = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {_n(height)}" role="img" aria-label="{escape(title)}. '
        f'{escape(description)}">{head}{"".join(parts)}</svg>'
    )


def axes(frame: Frame, across: str, up: str) -> str:
    """Ticks, grid and names of both axes."""
    parts = []
    for value, text in ticks(frame.left, frame.right):
        parts.append(stroke("grid", [(frame.x(value), _TOP), (frame.x(value), _BOTTOM)]))
        parts.append(label(frame.x(value), _BOTTOM + 15, text, "middle"))
    for value, text in ticks(frame.bottom, frame.top):
        parts.append(stroke("grid", [(_LEFT, frame.y(value)), (_RIGHT, frame.y(value))]))
        parts.append(label(_LEFT - 6, frame.y(value) + 4, text, "end"))
    parts.append(label((_LEFT + _RIGHT) / 2, _BOTTOM + 34, across, "middle"))
    middle = (_TOP + _BOTTOM) / 2
    parts.append(
        f'<text x="11" y="{_n(middle)}" text-anchor="middle" transform="rotate(-90 11 {_n(middle)})">'
        f"{escape(up)}</text>"
    )
    return "".join(parts)


def ruler(frame: Frame, y: float, across: str) -> str:
    """One axis below rows of marks."""
    parts = []
    for value, text in ticks(frame.left, frame.right):
        parts.append(stroke("grid", [(frame.x(value), 4), (frame.x(value), y)]))
        parts.append(label(frame.x(value), y + 15, text, "middle"))
    return "".join(parts) + label((_LEFT + _RIGHT) / 2, y + 34, across, "middle")


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Four to six round numbers between two."""
    if not high > low:
        return [(low, f"{low:g}")]
    rough = (high - low) / 5.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in _STEPS if step * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [(n * step, f"{round(n * step, 10):,g}") for n in range(first, last + 1)]


def stroke(kind: str, points: Sequence[tuple[float, float]]) -> str:
    """A line through places."""
    return f'<path class="{kind}" d="M{" L".join(f"{_n(x)} {_n(y)}" for x, y in points)}"/>'


def band(kind: str, low: Sequence[tuple[float, float]], high: Sequence[tuple[float, float]]) -> str:
    """What lies between two lines."""
    points = [*low, *reversed(high)]
    return f'<path class="{kind}" d="M{" L".join(f"{_n(x)} {_n(y)}" for x, y in points)}Z"/>'


def rect(kind: str, left: float, right: float, top: float, bottom: float) -> str:
    """A box."""
    size = f'width="{_n(max(right - left, 0))}" height="{_n(max(bottom - top, 0))}"'
    return f'<rect class="{kind}" x="{_n(left)}" y="{_n(top)}" {size}/>'


def dot(kind: str, x: float, y: float, radius: float = 3.0) -> str:
    """A mark."""
    return f'<circle class="{kind}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'


def label(x: float, y: float, text: str, anchor: str = "start") -> str:
    """Some words."""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{escape(text)}</text>'


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
