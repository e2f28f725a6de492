"""The pictures of a comparison: days by policy with intervals; by day, the goal, belief and ability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rung.research.drawing import Frame, axes, chart, dot, label, ruler, stroke
from rung.research.figures import Figure
from rung.research.labels import number_text
from rung.research.planning.results import Compared, Course, Row

__all__ = ["Line", "figures", "lines"]

_PITCH = 30.0


class Line(NamedTuple):
    """A policy that is drawn over days, and the class that it is drawn in."""

    policy: str
    kind: str


def figures(found: Compared, scene: str) -> list[Figure]:
    """The pictures of one scene."""
    drawn = lines(found, scene)
    return [
        _forest(found, scene),
        _by_day(found, scene, drawn, "At the goal, by day", "at the goal, of 100", lambda one: one.arrived),
        _by_day(found, scene, drawn, "Sure of the goal step", "sure, of 100", lambda one: one.efficacy),
        _by_day(found, scene, drawn, "The goal step works", "works, of 100", lambda one: one.chance),
    ]


def lines(found: Compared, scene: str) -> list[Line]:
    """Rung, the best rule, the oracle, and policies of somebody's own."""
    rules = [row for row in found.rows if row.scene == scene and row.role == "rule"]
    best = min(rules, key=lambda row: row.days.value or 0.0, default=None)
    drawn = [Line(name, "rung") for name, role, _ in found.policies if role == "Rung"]
    drawn += [Line(best.policy, "rival")] if best else []
    drawn += [Line(name, "oracle") for name, _, _ in found.policies if name == "oracle"]
    return drawn + [Line(name, "own") for name, role, _ in found.policies if role == "own"]


def _forest(found: Compared, scene: str) -> Figure:
    rows = [row for row in found.rows if row.scene == scene]
    bounds = [bound for row in rows for bound in row.days if bound is not None]
    room = 0.06 * ((max(bounds) - min(bounds)) or 1.0)
    frame = Frame(min(bounds) - room, max(bounds) + room, 0, 1)
    height = _PITCH * len(rows) + 6.0
    parts = [ruler(frame, height, "mean days to the goal step")]
    parts += [_row(row, frame, _PITCH * place + 24.0) for place, row in enumerate(rows)]
    told = "; ".join(f"{row.policy} {number_text(row.days.value, 1)}" for row in rows)
    words = (
        "With intervals of 95 %. Filled: Rung, and Rung without parts. Open: rules. Grey: beside the contest."
    )
    return Figure("Days", chart(f"Days on {scene}", told, parts, height + 42), words)


def _row(row: Row, frame: Frame, y: float) -> str:
    kinds = {"Rung": "rung", "part": "rung", "rule": "rival", "own": "rival"}
    kind = kinds.get(row.role, "even")
    value, low, high = row.days
    if value is None:
        return label(0, y - 8, row.policy)
    ends = (low, high) if low is not None and high is not None else (value, value)
    whisker = stroke(f"{kind} whisker", [(frame.x(end), y) for end in ends])
    return label(0, y - 8, row.policy) + whisker + dot(kind, frame.x(value), y, 4.0)


def _by_day(
    found: Compared,
    scene: str,
    drawn: Sequence[Line],
    heading: str,
    up: str,
    values: Callable[[Course], list[float]],
) -> Figure:
    courses = {
        one.policy: [100.0 * value for value in values(one)] for one in found.courses if one.scene == scene
    }
    days = max(len(course) for course in courses.values())
    top = max((max(courses[line.policy]) for line in drawn), default=100.0)
    frame = Frame(1.0, float(days), 0.0, min(100.0, 10.0 * (1.0 + top // 10.0)))
    parts = [axes(frame, "day", up)]
    for line in reversed(drawn):
        course = courses[line.policy]
        points = [(frame.x(day), frame.y(value)) for day, value in enumerate(course, start=1)]
        parts.append(stroke(line.kind, points))
    last = "; ".join(f"{line.policy} {courses[line.policy][-1]:.0f}" for line in drawn)
    words = (
        f"On day {days}: {last} of 100." if drawn else "Nothing is drawn without Rung, a rule or an oracle."
    )
    return Figure(heading, chart(f"{heading}, {scene}", words, parts), words)
