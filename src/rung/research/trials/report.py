"""A planned trial as one page of HTML: tables and pictures, nothing loaded from elsewhere, nothing that runs.

The same design, seed and number of trials give the same page, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from rung.research.figures import Figure
from rung.research.page import END, figures_of, opening
from rung.research.trials.figures import courses, forests, power_curves
from rung.research.trials.results import Planned
from rung.research.trials.tables import Table, lead, tables

__all__ = ["report"]


def report(planned: Planned, design: str = "") -> str:
    """The page; `design` is the text of its file."""
    arms, readings, contrasts, sizings = tables(planned)
    return (
        opening(planned.name, "rung.research.trials")
        + _opening(planned)
        + _section("Sample size", [sizings], power_curves(planned))
        + _section("Differences", [contrasts], forests(planned))
        + _section("Arms", [arms, readings], courses(planned), _key(planned))
        + _source(design)
        + END
    )


def _opening(planned: Planned) -> str:
    note = f"<p>{escape(planned.note)}</p>\n" if planned.note else ""
    told = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in lead(planned))
    like = f" Like: {planned.source}." if planned.source else ""
    facts = (
        f"A virtual trial: {planned.trials:,} of them at the size of the design, {planned.curve_trials:,}"
        f" further ones for the sample size, on simulated people. Rung {planned.version},"
        f" seed {planned.seed}.{like}"
    )
    return (
        f'{note}<p class="caution">{escape(planned.caution)}</p>\n<ul>\n{told}</ul>\n'
        f'<p class="soft">{escape(facts)}</p>\n'
    )


def _section(heading: str, shown: Iterable[Table], drawn: Iterable[Figure], key: str = "") -> str:
    return f"<section>\n<h2>{heading}</h2>\n{key}{figures_of(drawn)}{''.join(map(_table, shown))}</section>\n"


def _table(table: Table) -> str:
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
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.name)}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
        f'<p class="soft">{escape(table.told)}</p>\n'
    )


def _key(planned: Planned) -> str:
    drawn = "".join(
        f'<span><svg viewBox="0 0 40 12" aria-hidden="true"><path class="arm arm{place}" d="M0 6 L40 6"/>'
        f'<circle class="arm{place}" cx="20" cy="6" r="4"/></svg>{escape(arm.name)}</span>'
        for place, arm in enumerate(planned.arms)
    )
    return f'<p class="key">{drawn}</p>\n'


def _source(design: str) -> str:
    if not design:
        return ""
    return f"<details><summary>The design file</summary>\n<pre>{escape(design)}</pre></details>\n"
