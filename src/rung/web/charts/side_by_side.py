"""Charts that hold two things against each other: belief and success, said and done, feared and happened."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from rung.web.charts.drawing import (
    BOTTOM,
    LEFT,
    RIGHT,
    Mark,
    across,
    chart,
    disc,
    grid,
    height_of,
    line,
    percent,
    shape,
    svg,
    text,
)
from rung.words import _, number

__all__ = [
    "CalibrationPoint",
    "FearPoint",
    "JudgedPoint",
    "calibration_chart",
    "change_bar",
    "fear_chart",
    "judged_chart",
]

_SHARES = (0.0, 0.5, 1.0)


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


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """One attempt: at which step (1 = the easiest), how sure one was of it, and what came of it."""

    place: int
    judged: float
    did: Mark


def calibration_chart(found: Sequence[CalibrationPoint], title: str, about: str) -> Markup:
    """Belief against success: on the dashed line they agree; above it, doubt is stricter than the record."""
    parts = [*grid(_("it worked")), line("d-rule", across(0), height_of(0), across(1), height_of(1))]
    for point in found:
        x = across(point.expected)
        parts.append(line("d-edge", x, height_of(point.low), x, height_of(point.high)))
        parts.append(disc("d-mean", x, height_of(point.worked), 4 + min(6.0, math.sqrt(point.attempts))))
    return chart("calibration", title, about, [*parts, *_numbers(BOTTOM + 16, _("how sure you were"))], 226)


def judged_chart(found: Sequence[JudgedPoint], steps: int, title: str, about: str) -> Markup:
    """What was judged before each try (from left to right) and what came of it (by shape), a row a step.

    To the right of the dashed line what one was rather sure of: filled there, and outlined on the left,
    judgement and act match. Tries of a step that were judged and went alike stand as one, with their number.
    """
    piles: defaultdict[int, defaultdict[tuple[int, Mark], int]] = defaultdict(lambda: defaultdict(int))
    for point in found:
        piles[point.place][(round(point.judged * 50), point.did)] += 1
    parts, y = list[str](), 14.0
    for place in range(steps, 0, -1):
        stacks: defaultdict[int, list[tuple[Mark, int]]] = defaultdict(list)
        for (judged, did), count in sorted(piles[place].items()):
            stacks[judged].append((did, count))
        height = 16.0 * max([len(stack) for stack in stacks.values()], default=1)
        middle = y + height / 2
        parts += [
            text(LEFT - 8, middle + 4, number(place), "right"),
            line("d-grid", LEFT, middle, RIGHT, middle),
        ]
        for judged, stack in stacks.items():
            top = middle - 8.0 * (len(stack) - 1)
            for layer, (did, count) in enumerate(stack):
                parts += _counted(did, count, LEFT + 8 + judged / 50 * (RIGHT - LEFT - 24), top + 16 * layer)
        y += height + 8
    half = LEFT + 8 + 0.475 * (RIGHT - LEFT - 24)
    rule = line("d-rule", half, 6, half, y)
    labels = [
        text(LEFT + 8 + share * (RIGHT - LEFT - 24), y + 14, number(share * 100), "middle")
        for share in _SHARES
    ]
    about_numbers = text((LEFT + RIGHT) / 2, y + 29, _("how sure you said you were"), "middle")
    return chart("judged", title, about, [rule, *parts, *labels, about_numbers], y + 36)


def _counted(did: Mark, count: int, x: float, y: float) -> list[str]:
    if count == 1:
        return [shape(did, x, y)]
    return [shape(did, x, y), text(x + 8, y + 4, f"×{number(count)}", "left")]


def fear_chart(found: Sequence[FearPoint], title: str, about: str) -> Markup:
    """Feared (outlined) against happened (filled), one row an attempt, newest at the bottom."""
    shown = found[-10:]
    parts = [line("d-grid", across(share), 6, across(share), 14 + 20 * len(shown)) for share in _SHARES]
    for row, point in enumerate(shown):
        y = 18 + 20 * row
        parts.append(line("d-thread", across(point.feared), y, across(point.happened), y))
        parts.append(disc("d-open", across(point.feared), y, 5))
        parts.append(disc("d-full", across(point.happened), y, 5))
    foot = 30 + 20 * len(shown)
    return chart("fear", title, about, [*parts, *_numbers(foot, _("how likely and bad"))], foot + 23)


def change_bar(
    name: str, now: tuple[float, float, float], then: float | None, title: str, about: str
) -> Markup:
    """Belief now (mean, low, high) as a bar with its band, and as an outlined dot where it was before."""
    mean, low, high = now
    parts = [
        f'<title id="{escape(name)}-title">{escape(title)}</title>',
        f'<desc id="{escape(name)}-about">{escape(about)}</desc>',
        '<rect class="d-track" width="100%" height="10" y="5"/>',
        f'<rect class="d-sure" width="{percent(low)}" height="10" y="5"/>',
        f'<rect class="d-band" x="{percent(low)}" width="{percent(high - low)}" height="10" y="5"/>',
        f'<line class="d-edge" x1="{percent(high)}" x2="{percent(high)}" y1="5" y2="15"/>',
        f'<svg x="{percent(mean)}" overflow="visible">',
        '<rect class="d-mean" x="-2.5" y="1" width="5" height="18" rx="2"/></svg>',
    ]
    if then is not None:
        parts.append(
            f'<svg x="{percent(then)}" y="10" overflow="visible"><circle class="d-open" r="5"/></svg>'
        )
    labelled = f'role="img" aria-labelledby="{escape(name)}-title {escape(name)}-about"'
    return svg(f'class="bar" width="100%" height="20" {labelled}', parts)


def _numbers(y: float, unit: str) -> list[str]:
    """0, 50 and 100 from left to right, and what they measure."""
    labels = [text(across(share), y, number(share * 100), "middle") for share in _SHARES]
    return [*labels, text((LEFT + RIGHT) / 2, y + 15, unit, "middle")]
