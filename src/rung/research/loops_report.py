"""What was measured of the signs, as one page of HTML: tables and pictures, nothing loaded, no script."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from rung import __version__
from rung.research.drawing import Frame, axes, chart, dot, stroke
from rung.research.figures import Figure
from rung.research.loops import WITHIN, Found, Measured, Share
from rung.research.page import END, figures_of, opening
from rung.research.persuading import LAST_DAY, Persuaded
from rung.research.watching import KINDS

__all__ = ["figures", "interval", "loops_report", "rows"]

_TITLE = "Loops, over-reach and stuck steps: how soon they are seen"
_LEAD = """\
<p>Simulated people live through {days} days, some of them caught on a known day; the filter reads their logs.
Thresholds were learned on other people. Brackets are 95 % intervals.</p>
<p class="soft">Rung {version}, {people} people in each of seven worlds, seed {seed}.</p>
"""
_TITLES = {"loop": "Loops of letting pass", "over-reach": "Over-reach", "stuck step": "Stuck steps"}
_COUNTED = {"loop": "occasions let pass since it began", "over-reach": "attempts since it began"}
_HEADINGS = ("", "false alarms", *(f"within {count}" for count in WITHIN), "days", "AUC")


def loops_report(found: Measured, persuaded: Persuaded, seed: int) -> str:
    """The page."""
    lead = _LEAD.replace("{version}", __version__).replace("{seed}", str(seed))
    lead = lead.replace("{people}", f"{found.people:,}").replace("{days}", str(found.days))
    parts = [_sign(found, kind) for kind in KINDS]
    groups = [
        (
            group.name,
            f"{group.steady:,}",
            interval(group.false_alarms),
            f"{group.caught:,}",
            interval(group.within_3),
        )
        for group in found.groups
    ]
    large = [(_TITLES[one.sign], interval(one.said), interval(one.false)) for one in found.at_large]
    parts.append(
        "<section>\n<h2>Loops, by who it is</h2>\n"
        + _table("people", ("", "steady", "false alarms", "caught", "within 3"), groups)
        + "<h2>People at large</h2>\n<p>They learn, wander and move up by the model; false are those signs"
        " that the truth of that time speaks against.</p>\n"
        + _table("at large", ("", "said", "of them false"), large)
        + "</section>\n"
    )
    parts.append(_persuasion(persuaded))
    return opening(_TITLE) + lead + "".join(parts) + END


def rows(found: Measured, kind: str) -> list[tuple[str, ...]]:
    """Each detector of a sign: name, false alarms, found within, days, area."""
    return [
        (
            one.detector,
            interval(one.false_alarms),
            *(f"{100 * one.within[count].value:.0f}" for count in WITHIN),
            _days(one.days),
            f"{one.area.value:.3f} ({one.area.low:.3f}-{one.area.high:.3f})",
        )
        for one in found.detectors
        if one.sign == kind
    ]


def interval(share: Share) -> str:
    """A share of a hundred, with its interval."""
    if math.isnan(share.value):
        return "-"
    return f"{100 * share.value:.1f} ({100 * share.low:.1f}-{100 * share.high:.1f})"


def _days(days: Share) -> str:
    if math.isnan(days.value):
        return "-"
    value, low, high = ("later" if math.isinf(day) else f"{day:.0f}" for day in days)
    return f"{value} ({low}-{high})"


def _sign(found: Measured, kind: str) -> str:
    shown = figures_of(figures(found, kind))
    return (
        f"<section>\n<h2>{_TITLES[kind]}</h2>\n{_table(kind, _HEADINGS, rows(found, kind))}"
        f"{shown}</section>\n"
    )


def _table(name: str, headings: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in headings)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>\n"
        for row in cells
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
    )


def figures(found: Measured, kind: str) -> list[Figure]:
    """The pictures of one sign: what is found by when, and the ROC."""
    test, *rules = (one for one in found.detectors if one.sign == kind)
    return [_by_when(test, rules[0], kind), _roc(test, rules[0])]


def _by_when(test: Found, rule: Found, kind: str) -> Figure:
    frame = Frame(0.0, float(WITHIN[-1]), 0.0, 100.0)
    across = _COUNTED.get(kind, "attempts since it began")
    parts = [axes(frame, across, "found, of 100")]
    for name, one in (("rung", test), ("rival", rule)):
        points = [(0.0, 0.0), *((float(count), 100.0 * one.within[count].value) for count in WITHIN)]
        places = [(frame.x(x), frame.y(y)) for x, y in points]
        parts.append(stroke(name, places))
        parts += [dot(name, *place) for place in places[1:]]
    words = (
        f"{_TITLES[kind]}: found within 3 in {100 * test.within[3].value:.0f} of 100 cases, at "
        f"{100 * test.false_alarms.value:.1f} false alarms in 100 people a quarter (solid). "
        f"Dashed: {rule.detector}, at {100 * rule.false_alarms.value:.0f} false alarms."
    )
    return Figure("Found by when", chart("Found by when", words, parts), words)


def _roc(test: Found, rule: Found) -> Figure:
    frame = Frame(0.0, 100.0, 0.0, 100.0)
    parts = [axes(frame, "false alarms, of 100 steady people a quarter", "found in 28 days, of 100")]
    for name, one in (("rung", test), ("rival", rule)):
        parts.append(stroke(name, [(frame.x(100.0 * x), frame.y(100.0 * y)) for x, y in one.roc]))
    areas = f"{test.area.value:.3f} (solid), {rule.area.value:.3f} for {rule.detector} (dashed)"
    words = f"Area under the curve {areas}."
    return Figure("Over all thresholds", chart("ROC", words, parts), words)


def _persuasion(persuaded: Persuaded) -> str:
    frame = Frame(0.0, float(len(persuaded.arms[0].efficacy)), 0.0, 60.0)
    parts = [axes(frame, "days", "efficacy for the goal, of 100"), _last_day(frame)]
    for arm, name in zip(persuaded.arms[:2], ("rival", "rung"), strict=True):
        points = [(float(day), 100.0 * sure) for day, sure in enumerate(arm.efficacy)]
        parts.append(stroke(name, [(frame.x(x), frame.y(min(y, 60.0))) for x, y in points]))
    assured, mastered = (f"{100 * arm.share_left:.0f}" for arm in persuaded.arms[:2])
    words = (
        f"Assured without mastery (dashed), {assured} of 100 parts of the gain are left 28 days after the "
        f"last assurance; after mastery (solid), {mastered}."
    )
    arms = [
        (
            arm.name,
            f"{arm.gained:+.2f}",
            f"{arm.left:+.2f}",
            "-" if not arm.gained else f"{100 * arm.share_left:.0f}",
        )
        for arm in persuaded.arms
    ]
    failed = [(str(one.failures), f"{one.trust:.2f}", f"{one.lift:.1f}") for one in persuaded.failed]
    drawn = chart("Persuasion without mastery", words, parts)
    return (
        "<section>\n<h2>Persuasion without mastery</h2>\n"
        f'<div class="figures">\n<figure><h4>Efficacy by day</h4>\n{drawn}\n'
        f"<figcaption>{escape(words)}</figcaption></figure>\n</div>\n"
        + _table("arms", ("", "gained, logits", "28 days after", "left, of 100"), arms)
        + _table("failures", ("failures after assurances", "trust", "points the next one lifts"), failed)
        + "</section>\n"
    )


def _last_day(frame: Frame) -> str:
    return stroke(
        "zero", [(frame.x(float(LAST_DAY)), frame.y(0.0)), (frame.x(float(LAST_DAY)), frame.y(60.0))]
    )
