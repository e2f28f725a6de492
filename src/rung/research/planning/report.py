"""A comparison of policies as one page of HTML: tables and pictures, nothing loaded, nothing that runs.

The same people, seed and policies give the same page, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from rung.research.page import END, figures_of, opening
from rung.research.planning.figures import Line, figures, lines
from rung.research.planning.results import EVERY, Compared
from rung.research.planning.tables import (
    CAUTION,
    days_table,
    lead,
    marks_table,
    parts_table,
    scene_table,
    scenes_table,
)
from rung.research.trials.tables import Table

__all__ = ["report"]

_TITLE = "The next step: Rung's planner and the rules of today"


def report(found: Compared) -> str:
    """The page."""
    parts = [
        opening(_TITLE, "rung.research.planning"),
        f'<p class="caution">{escape(CAUTION)}</p>\n',
        f'<p class="soft">{escape(lead(found))} Rung {escape(found.version)}.</p>\n',
    ]
    if found.marks:
        parts.append(_section("Marks", _table(marks_table(found))))
    parts.append(_section("Days", _table(days_table(found)), _table(scenes_table(found))))
    if len(found.scenes) > 1:
        parts.append(_section("Every scene", _table(scene_table(found, EVERY))))
    parts.append(_section("Beside the step", _table(parts_table(found))))
    parts += [_scene(found, name, meaning) for name, meaning in found.scenes]
    policies = "".join(f"<li>{escape(name)}: {escape(told)}.</li>\n" for name, _, told in found.policies)
    return "".join([*parts, _section("Policies", f"<ul>\n{policies}</ul>\n"), END])


def _scene(found: Compared, name: str, meaning: str) -> str:
    key = _key(lines(found, name))
    drawn = figures_of(figures(found, name))
    told = f"<p>{escape(meaning.capitalize())}.</p>\n"
    return _section(name.capitalize(), told, key, drawn, _table(scene_table(found, name), is_told=False))


def _section(heading: str, *parts: str) -> str:
    return f"<section>\n<h2>{escape(heading)}</h2>\n{''.join(parts)}</section>\n"


def _table(table: Table, *, is_told: bool = True) -> str:
    def kind(place: int) -> str:
        return ' class="number"' if place >= table.words else ""

    head = "".join(
        f'<th scope="col"{kind(place)}>{escape(name)}</th>' for place, name in enumerate(table.headings)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{kind(place)}>{escape(cell)}</td>" for place, cell in enumerate(row[1:], 1))
        + "</tr>\n"
        for row in table.rows
    )
    told = f'<p class="soft">{escape(table.told)}</p>\n' if is_told else ""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.name)}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n{told}"
    )


def _key(drawn: Iterable[Line]) -> str:
    shown = "".join(
        f'<span><svg viewBox="0 0 40 12" aria-hidden="true"><path class="{line.kind}" d="M0 6 L40 6"/></svg>'
        f"{escape(line.policy)}</span>"
        for line in drawn
    )
    return f'<p class="key">{shown}</p>\n'
