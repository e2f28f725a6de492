"""Drawings of a line's height, that stand beside words saying the same: hidden from those who listen."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from rung.web.charts.drawing import Mark, line, percent, shape, svg

__all__ = ["bar", "glyph", "marks", "small_ladder"]


def bar(mean: float, low: float, high: float, *, proposed: bool = False) -> Markup:
    """One rung of belief: solid up to the low end, soft over the band, a mark at the mean."""
    kind = "bar proposed" if proposed else "bar"
    parts = [
        '<rect class="d-track" width="100%" height="10" y="3"/>',
        f'<rect class="d-sure" width="{percent(low)}" height="10" y="3"/>',
        f'<rect class="d-band" x="{percent(low)}" width="{percent(high - low)}" height="10" y="3"/>',
        f'<line class="d-edge" x1="{percent(high)}" x2="{percent(high)}" y1="3" y2="13"/>',
        f'<svg x="{percent(mean)}" overflow="visible">',
        '<rect class="d-mean" x="-2.5" width="5" height="16" rx="2"/></svg>',
    ]
    return svg(f'class="{kind}" width="100%" height="16" aria-hidden="true"', parts)


def marks(dids: Sequence[Mark], *, most: int = 10) -> Markup:
    """The last attempts on a thread, newest at the end; avoiding leaves a gap in it."""
    shown = [did for did in dids if did != "skipped"][-most:]
    width = 16 * len(shown)
    parts = [_mark(did, 8 + 16 * place, 8) for place, did in enumerate(shown)]
    return svg(
        f'class="marks" width="{width}" height="16" viewBox="0 0 {width} 16" aria-hidden="true"', parts
    )


def glyph(kind: str) -> Markup:
    """The shape of an event by itself, for a legend."""
    return svg(
        'class="glyph" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"', [shape(kind, 8, 8)]
    )


def small_ladder(states: Sequence[str]) -> Markup:
    """The whole ladder in the height of a thumb; `states` from the easiest step up."""
    if not states:
        return Markup("")
    step = 12 if len(states) <= 8 else 8
    height = step * (len(states) + 1)
    rails = line("d-wood", 3, 2, 3, height - 2) + line("d-wood", 37, 2, 37, height - 2)
    rungs = [
        line(f"d-rung {escape(state)}", 6, height - step * place, 34, height - step * place)
        for place, state in enumerate(states, 1)
    ]
    return svg(
        f'width="40" height="{height}" viewBox="0 0 40 {height}" aria-hidden="true"',
        [rails, *rungs],
    )


def _mark(did: Mark, x: float, y: float) -> str:
    if did == "avoided":
        return line("d-thread", x - 8, y, x - 4, y) + line("d-thread", x + 4, y, x + 8, y)
    return line("d-thread", x - 8, y, x + 8, y) + shape(did, x, y)
