"""Small drawings of the pages about the four sources, in the manner of `rung.web.charts`.

Every colour is a CSS class and every length an attribute. A state of the body is a disc at its strength:
filled where the attempt worked, half where it worked partly, outlined where it did not, and a short line
where nothing was tried. How it was read stands beside it: a tip upwards for "ready", downwards for "I
can't".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from rung.words import day_and_month, month

__all__ = ["FeltPoint", "body_chart", "share_bar"]

_WIDTH, _HEIGHT = 360.0, 222.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 350.0, 20.0, 192.0
_STRONG = 0.7
_LONG = 300
"""Days from which a time axis names months instead of days."""


@dataclass(frozen=True, slots=True)
class FeltPoint:
    """The body at one moment: arousal 0 to 1, appraisal -1 to 1, and what came of an attempt."""

    at: datetime
    arousal: float
    appraisal: float | None
    outcome: float | None
    """None where nothing was tried."""


def share_bar(share: float, kind: str = "share") -> Markup:
    """A bar of the full width, filled as far as the share goes; the words beside it say the same."""
    whole = f"{100 * min(1.0, max(0.0, share)):.1f}".rstrip("0").rstrip(".")
    parts = (
        '<rect class="d-track" width="100%" height="10" rx="2"/>',
        f'<rect class="d-sure" width="{whole}%" height="10" rx="2"/>',
    )
    return _svg(f'class="{escape(kind)}" width="100%" height="10" aria-hidden="true"', parts)


def body_chart(points: Sequence[FeltPoint], title: str, about: str) -> Markup:
    """Arousal over time, with how it was read and what came of it."""
    first, last = points[0].at, points[-1].at
    span = (last - first).total_seconds() or 1.0
    parts = [f'<rect class="d-zone" x="{_n(_LEFT)}" y="{_n(_y(1))}" width="{_n(_RIGHT - _LEFT)}" ']
    parts[0] += f'height="{_n(_y(_STRONG) - _y(1))}"/>'
    for share in (0.0, 0.5, 1.0):
        y = _n(_y(share))
        parts.append(f'<line class="d-grid" x1="{_n(_LEFT)}" y1="{y}" x2="{_n(_RIGHT)}" y2="{y}"/>')
        parts.append(_text(_LEFT - 6, _y(share) + 4, f"{10 * share:.0f}", "end"))
    for point in points:
        place = (point.at - first).total_seconds() / span if len(points) > 1 else 0.5
        parts += _felt(_LEFT + 12 + place * (_RIGHT - _LEFT - 24), _y(point.arousal), point)
    parts += _dates(first, last)
    head = f'<title id="body-title">{escape(title)}</title><desc id="body-about">{escape(about)}</desc>'
    frame = f'viewBox="0 0 {_n(_WIDTH)} {_n(_HEIGHT)}" role="img" aria-labelledby="body-title body-about"'
    return _svg(f'class="chart" {frame}', [head, *parts])


def _felt(x: float, y: float, point: FeltPoint) -> list[str]:
    if point.outcome is None:
        shapes = [
            f'<line class="d-edge" x1="{_n(x - 5)}" y1="{_n(y)}" x2="{_n(x + 5)}" y2="{_n(y)}"/>',
        ]
    elif point.outcome >= 1.0:
        shapes = [f'<circle class="d-full" cx="{_n(x)}" cy="{_n(y)}" r="5.5"/>']
    else:
        shapes = [f'<circle class="d-open" cx="{_n(x)}" cy="{_n(y)}" r="4.5"/>']
        if point.outcome > 0.0:
            shapes.append(f'<path class="d-full" d="M{_n(x)} {_n(y - 5)}a5 5 0 0 0 0 10z"/>')
    if point.appraisal:
        up = -1.0 if point.appraisal > 0.0 else 1.0
        shapes.append(f'<path class="d-full" d="M{_n(x - 4)} {_n(y + 9 * up)}h8l-4 {_n(5 * up)}z"/>')
    return shapes


def _dates(first: datetime, last: datetime) -> list[str]:
    days = (last - first).days
    name = month if days >= _LONG else day_and_month
    if not days:
        return [_text((_LEFT + _RIGHT) / 2, _HEIGHT - 8, name(first), "middle")]
    return [_text(_LEFT, _HEIGHT - 8, name(first), "start"), _text(_RIGHT, _HEIGHT - 8, name(last), "end")]


def _y(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(attributes: str, parts: Sequence[str]) -> Markup:
    # All text put into `parts` goes through escape() first; the rest is made here.
    return Markup(f"<svg {attributes}>{''.join(parts)}</svg>")  # noqa: S704 (escaped, see above)


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
