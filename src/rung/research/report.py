"""The benchmark as one page of HTML: tables and pictures, nothing loaded from elsewhere, nothing that runs.

The same results give the same page, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from rung import __version__
from rung.research.benchmark import Benchmark, Entry, TargetResult
from rung.research.figures import Pair, differences, figures
from rung.research.labels import TARGETS, columns_of, people_text
from rung.research.page import END, figures_of, opening
from rung.research.questions import Questions
from rung.research.tally import MAIN, Traces

__all__ = ["report"]

_TITLE = "How well Rung predicts people"
_LEAD = """\
<p>Every row was predicted from earlier rows of the same person; what a model learned of people in general
came from other people. Lower is better, but for AUC. Brackets are 95 % intervals over people. “- Rung” is a
model's score minus Rung's: ● Rung is better, ○ the other one is, and the paired interval leaves out zero.</p>
<p class="soft">Rung {version}, seed {seed}. Ratings are 0 to 1, log score and log loss in nats; “in 80 %” is
the share of judgements within the central interval that should hold 80 of 100.</p>
"""


def report(benchmarks: Sequence[Benchmark], seed: int = 0) -> str:
    """The page of some logs."""
    lead = _LEAD.replace("{version}", __version__).replace("{seed}", str(seed))
    return opening(_TITLE) + lead + "".join(map(_log, benchmarks)) + END


def _log(benchmark: Benchmark) -> str:
    result = benchmark.result
    notes = "".join(f"<p>Only {escape(note)}.</p>\n" for note in result.notes)
    targets = zip(result.targets, benchmark.questions, benchmark.traces, strict=True)
    facts = f"{people_text(result.people)}, {result.folds} fold{'' if result.folds == 1 else 's'} by person."
    return (
        f"<section>\n<h2>{escape(Path(result.log).name)}</h2>\n<p>{facts}</p>\n{notes}"
        + "".join(_target(*target) for target in targets)
        + "</section>\n"
    )


def _target(target: TargetResult, questions: Questions, traces: dict[str, Traces]) -> str:
    told = [entry for entry in target.entries if not entry.left_out]
    left_out = [
        f"<li>{escape(entry.model)} is left out: {escape(entry.left_out)}.</li>"
        for entry in target.entries
        if entry.left_out
    ]
    facts = f"{target.rows:,} predicted, of {people_text(target.people)}."
    body = f"<h3>{TARGETS[target.target]}</h3>\n<p>{facts}</p>\n"
    if left_out:
        body += f'<ul class="soft">{"".join(left_out)}</ul>\n'
    if not told or target.entries[0].left_out:
        return body
    # What is Rung's own too is no rival, unless there is nobody else.
    others = sorted(told[1:], key=lambda entry: entry.model.startswith("Rung"))
    rival = others[0].model if others else ""
    pair = Pair(questions, traces[told[0].model], traces.get(rival), rival)
    main = MAIN[target.target]
    against = [(entry.model, entry.differences[main]) for entry in told[1:]]
    own = told[0].scores[main].value or 0.0
    shown = [*([differences(main, own, against)] if against else []), *figures(pair)]
    return body + _table(target, told) + _key(told[0].model, rival) + figures_of(shown) + _sources(told)


def _table(target: TargetResult, entries: Iterable[Entry]) -> str:
    columns = columns_of(target.target)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name, _ in columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(entry.model)}</th>'
        + "".join(f"<td>{escape(cell(entry))}</td>" for _, cell in columns)
        + "</tr>\n"
        for entry in entries
    )
    name = f"{TARGETS[target.target]}: scores of every model"
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table>\n'
        f'<thead><tr><th scope="col">model</th>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n'
    )


def _key(rung: str, rival: str) -> str:
    parts = [("rung", rung), *([("rival", f"{rival}, the best rival")] if rival else [])]
    drawn = "".join(
        f'<span><svg viewBox="0 0 40 12" aria-hidden="true"><path class="{kind}" d="M0 6 L40 6"/></svg>'
        f"{escape(name)}</span>"
        for kind, name in parts
    )
    return f'<p class="key">{drawn}</p>\n'


def _sources(entries: Iterable[Entry]) -> str:
    items = "".join(
        f"<li><strong>{escape(entry.model)}</strong>: {escape(entry.source)}</li>\n" for entry in entries
    )
    return f"<details><summary>Where the models come from</summary>\n<ul>\n{items}</ul></details>\n"
