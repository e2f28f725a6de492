"""What came out of the findings, as one page of HTML and as a table of Markdown.

The page loads nothing from elsewhere and runs nothing; the same results give the same page, byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from inspect import cleandoc

from rung import __version__
from rung.research.drawing import Frame, band, chart, dot, label, stroke
from rung.research.facts.finding import Band
from rung.research.facts.run import Facts, Outcome, Simulated, Verdict
from rung.research.labels import number_text
from rung.research.page import END, opening

__all__ = ["TELLS", "band_text", "interval_text", "markdown", "page", "summary"]

TELLS = (
    "One set of parameters serves all findings. It was tuned so that they come out together, and so were "
    "some settings of the experiments: that they do is consistency, and no independent evidence."
)
"""What the table says and what it does not."""

_TITLE = "Published findings, simulated"
_LEAD = """\
<p>{summary}</p>
<p>{tells}</p>
<p class="soft">Rung {version}, seed {seed}. In brackets: the interval of 95 % of the simulation's mean over
repetitions of the study. Met: the whole interval lies in the band. Open: it reaches over an edge.</p>
"""
_ROW = 74.0


_VERDICTS: tuple[tuple[Verdict, str], ...] = (("missed", "Missed"), ("open", "Open, at the edge of a band"))


def summary(facts: Facts) -> str:
    """How many are met, and which are not."""
    told = f"{len(facts.that_are('met'))} of {len(facts.outcomes)} findings met."
    for verdict, words in _VERDICTS:
        if found := [_title(outcome) for outcome in facts.that_are(verdict)]:
            told += f" {words}: {', '.join(found)}."
    return told


def _title(outcome: Outcome) -> str:
    return f"{outcome.finding.number} {outcome.finding.name}"


def band_text(edges: Band) -> str:
    """Where a number has to lie."""
    low, high = (number_text(edge, 3) if math.isfinite(edge) else "" for edge in (edges.low, edges.high))
    if low and high:
        return f"{low} to {high}"
    return f"≥ {low}" if low else f"≤ {high}"


def interval_text(number: Simulated) -> str:
    """A mean with its interval; a dash where there is no number."""
    if number.low is None or math.isnan(number.mean):
        return number_text(None if math.isnan(number.mean) else number.mean, 3)
    return f"{number_text(number.mean, 3)} ({number_text(number.low, 3)} to {number_text(number.high, 3)})"


def page(facts: Facts) -> str:
    """The page."""
    filled = {
        "summary": escape(summary(facts)),
        "tells": escape(TELLS),
        "version": __version__,
        "seed": str(facts.seed),
    }
    lead = _LEAD
    for name, text in filled.items():
        lead = lead.replace(f"{{{name}}}", text)
    body = _table(facts) + _key() + "".join(map(_section, facts.outcomes))
    return opening(_TITLE) + lead + body + END


def _table(facts: Facts) -> str:
    heads = ("finding", "number", "published", "band", "simulated", "")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join(
        "<tr>"
        + f'<th scope="row">{escape(_title(outcome))}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in _cells(number))
        + "</tr>\n"
        for outcome in facts.outcomes
        for number in outcome.judged
    )
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Every finding"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )


def _cells(number: Simulated) -> tuple[str, ...]:
    if number.band is None:
        return number.number, "", "", interval_text(number), ""
    published = number_text(number.band.published, 3) if number.band.published is not None else ""
    return number.number, published, band_text(number.band), interval_text(number), number.verdict


def _key() -> str:
    marks = (
        ('<path class="band" d="M0 2 L40 2 L40 10 L0 10Z"/>', "where it has to lie"),
        (dot("rival", 20, 6, 4), "published"),
        (stroke("rung", [(4, 6), (36, 6)]) + dot("rung", 20, 6, 4), "simulated, with its interval"),
    )
    drawn = "".join(
        f'<span><svg viewBox="0 0 40 12" aria-hidden="true">{mark}</svg>{name}</span>' for mark, name in marks
    )
    return f'<p class="key">{drawn}</p>\n'


def _section(outcome: Outcome) -> str:
    finding = outcome.finding
    design = cleandoc(finding.experiment.__doc__ or "")
    told = "".join(f"<p>{escape(part)}</p>\n" for part in design.split("\n\n"))
    plain = [number for number in outcome.numbers if number.band is None]
    also = "; ".join(f"{escape(number.number)} {interval_text(number)}" for number in plain)
    return (
        f'<section>\n<h2 id="finding-{finding.number}">{escape(_title(outcome))}</h2>\n'
        f"<p>{escape(finding.claim)}. Published: {escape(finding.published)} "
        f"({escape(finding.source)}).</p>\n"
        f"<figure>\n{_drawn(outcome)}\n"
        f"<figcaption>{outcome.people:,} people in a group, {outcome.times:,} times.</figcaption></figure>\n"
        f"<details><summary>The experiment</summary>\n{told}"
        + (f"<p>Also measured: {also}.</p>\n" if also else "")
        + "</details>\n</section>\n"
    )


def _drawn(outcome: Outcome) -> str:
    rows = [(number, number.band) for number in outcome.numbers if number.band is not None]
    parts = [_row(number, edges, _ROW * place) for place, (number, edges) in enumerate(rows)]
    words = "; ".join(
        f"{number.number}: {interval_text(number)}, band {band_text(edges)}, {number.verdict}"
        for number, edges in rows
    )
    return chart(outcome.finding.claim, words, parts, _ROW * len(rows))


def _row(number: Simulated, edges: Band, top: float) -> str:
    """One number on an axis of its own, which names the edges of the band."""
    frame, middle = _reach(number, edges), top + 36.0
    low, high = (frame.x(min(max(edge, frame.left), frame.right)) for edge in (edges.low, edges.high))
    parts = [label(0, top + 14, f"{number.number} {interval_text(number)}: {number.verdict}")]
    edge, other = ([(low, middle + half), (high, middle + half)] for half in (-10.0, 10.0))
    parts.append(band("band", edge, other))
    for value in filter(math.isfinite, (edges.low, edges.high)):
        parts.append(stroke("zero", [(frame.x(value), middle - 12), (frame.x(value), middle + 12)]))
        parts.append(label(frame.x(value), middle + 27, number_text(value, 3), "middle"))
    if edges.published is not None:
        parts.append(dot("rival", frame.x(edges.published), middle, 4.0))
    if math.isnan(number.mean):
        return "".join(parts)
    if number.low is not None and number.high is not None:
        whisker = [(frame.x(end), middle) for end in (number.low, number.high)]
        parts.append(stroke("rung whisker", whisker))
    parts.append(dot("rung", frame.x(number.mean), middle, 3.5))
    return "".join(parts)


def _reach(number: Simulated, edges: Band) -> Frame:
    known = (number.mean, number.low, number.high, edges.published, edges.low, edges.high)
    shown = [value for value in known if value is not None and math.isfinite(value)]
    low, high = min(shown), max(shown)
    room = 0.12 * ((high - low) or abs(high) or 1.0)
    return Frame(low - room, high + room, 0.0, 1.0)


def markdown(facts: Facts) -> str:
    """The table as it stands in the documents."""
    lines: list[Iterable[str]] = [
        ("", "finding", "published", "number", "band", "simulated (95 %)", ""),
        ("---",) * 7,
    ]
    for outcome in facts.outcomes:
        finding = outcome.finding
        first = (str(finding.number), f"{finding.claim} ({finding.source})", finding.published)
        for place, number in enumerate(outcome.judged):
            name, _, *rest = _cells(number)
            lines.append((*(first if place == 0 else ("", "", "")), name, *rest))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
