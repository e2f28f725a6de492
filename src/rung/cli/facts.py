"""`rung facts`: published findings as experiments on simulated people."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import file_option, print_json, print_table
from rung.cli.progress import bar
from rung.cli.replay import load_engine

if TYPE_CHECKING:
    from rung.engine.parameters import Parameters
    from rung.research.facts import Facts, Finding

__all__ = ["facts_command"]

_STEPS = 1000


_FEWEST = 20
"""Fewer hardly make a study: a correlation over a handful of people is no number to speak of."""


def _people(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> Callable[[Finding], int] | None:
    """How many people each finding gets."""
    if text is None:
        return None
    if re.fullmatch(r"\d{1,7}", text) and int(text) >= _FEWEST:
        return lambda finding: int(text)
    if re.fullmatch(r"(\d+(\.\d*)?|\.\d+)x", text) and 0.0 < (factor := float(text[:-1])) <= 1000.0:
        return lambda finding: max(_FEWEST, round(factor * finding.people))
    raise click.BadParameter(f"{text!r} is neither a number from {_FEWEST} on nor a factor such as 2x")


@click.command("facts")
@click.option(
    "--only", metavar="FINDING", multiple=True, help="Only this one, by number or name; may be repeated."
)
@click.option(
    "--people", callback=_people, metavar="N|FACTORx", help="In each group: so many, or a factor such as 2x."
)
@click.option("--times", type=click.IntRange(1), metavar="N", help="Repeat each study so often.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option(
    "--parameters",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Parameters of the model from this file instead of the defaults.",
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes at work.")
@file_option("-o", "--html", metavar="REPORT.html", told="Write a report with pictures.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table as Markdown.")
@click.option("--list", "only_list", is_flag=True, help="Only say what there is, and run nothing.")
def facts_command(
    only: tuple[str, ...],
    people: Callable[[Finding], int] | None,
    times: int | None,
    seed: int,
    parameters: str | None,
    workers: int,
    html: Path | None,
    as_json: bool,
    as_markdown: bool,
    only_list: bool,
) -> None:
    """Do published studies again on simulated people, and hold what comes out against what was found.

    One set of parameters serves all. A finding is met where the mean over repetitions of its study lies in
    its band with its whole interval; a miss is a result as well, and no error. That findings come out
    together is consistency, and no independent evidence: the parameters were tuned to them. docs/facts.md
    says it all.

    \b
    Examples
      rung facts
      rung facts -o facts.html --seed 7
      rung facts --list
      rung facts --only 18 --only avoidance --people 2x
      rung facts --people 500 --times 100 --workers 8 --json
      rung facts --parameters mine.json
    """
    from rung.research.facts import FINDINGS, named

    findings = tuple(dict.fromkeys(map(named, only))) if only else FINDINGS
    if only_list:
        _list(findings, as_json)
        return
    facts = _run(findings, people, times, seed, load_engine(parameters).parameters, workers)
    if html:
        _write(html, facts)
    if as_json:
        print_json(facts.content())
    elif as_markdown:
        from rung.research.facts.page import markdown

        click.echo(markdown(facts), nl=False)
    else:
        _tell(facts)


def _list(findings: tuple[Finding, ...], as_json: bool) -> None:
    if as_json:
        fields = ("number", "name", "claim", "published", "source")
        print_json([{field: getattr(finding, field) for field in fields} for finding in findings])
        return
    rows = [[str(each.number), each.name, each.claim, each.published, each.source] for each in findings]
    print_table(["", "name", "finding", "published", "source"], rows, numbers_from=5)


def _run(
    findings: tuple[Finding, ...],
    people: Callable[[Finding], int] | None,
    times: int | None,
    seed: int,
    parameters: Parameters,
    workers: int,
) -> Facts:
    from rung.research.facts import run_facts
    from rung.research.fitting.workers import processes

    with bar("Doing studies again", _STEPS) as show, processes(workers) as at_work:
        return run_facts(
            findings,
            seed=seed,
            people=people,
            times=times,
            parameters=parameters,
            workers=at_work,
            progress=lambda done, total: show(_STEPS * done // total),
        )


def _write(path: Path, facts: Facts) -> None:
    from rung.log import replaced
    from rung.research.facts.page import page

    try:
        with replaced(path) as file:
            file.write(page(facts).encode())
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}") from error


def _tell(facts: Facts) -> None:
    from rung.research.facts.page import TELLS, band_text, interval_text, summary

    rows = []
    for outcome in facts.outcomes:
        title = f"{outcome.finding.number} {outcome.finding.name}"
        for place, number in enumerate(outcome.judged):
            if number.band is not None:
                told = [band_text(number.band), interval_text(number), number.verdict]
                rows.append([title if place == 0 else "", number.number, *told])
    print_table(["finding", "number", "band", "simulated (95 %)", ""], rows, numbers_from=5)
    click.echo(f"{summary(facts)}\n{TELLS}")
