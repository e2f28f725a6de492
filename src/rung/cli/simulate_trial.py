"""`rung simulate trial`: a virtual randomised trial, with power, from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import file_option, print_json, print_table
from rung.cli.progress import bar
from rung.cli.replay import load_engine

if TYPE_CHECKING:
    from rung.research.trials.design import Design
    from rung.research.trials.results import Planned

__all__ = ["trial_command"]


@click.command("trial")
@click.argument(
    "file", metavar="DESIGN.toml", required=False, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--trials", type=click.IntRange(10, 100_000), default=1000, show_default=True, help="To be run."
)
@click.option(
    "--people", type=click.IntRange(2, 5000), help="In an arm of ratio 1, instead of those of the file."
)
@click.option(
    "--alpha", type=click.FloatRange(0.0001, 0.5), help="Of the two-sided test, instead of the file's."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option(
    "--parameters", type=click.Path(dir_okay=False), help="Parameters from this file instead of the defaults."
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes at work.")
@file_option("-o", "--output", metavar="REPORT.html", told="Write a report with pictures.")
@click.option("--json", "as_json", is_flag=True, help="Print every number as JSON.")
@click.option("--check", "only_check", is_flag=True, help="Only check the file.")
@click.option("--example", metavar="NAME", help="Print a design to start from.")
@click.option("--list-examples", is_flag=True, help="Print their names, and the studies they are like.")
def trial_command(
    file: Path | None,
    trials: int,
    people: int | None,
    alpha: float | None,
    seed: int,
    parameters: str | None,
    workers: int,
    output: Path | None,
    as_json: bool,
    only_check: bool,
    example: str | None,
    list_examples: bool,
) -> None:
    """Run a randomised trial many times on simulated people, before it is run on real ones.

    The design says who takes part, what each arm gets on which days, who leaves, and what is measured. What
    comes out: how far the arms differ (Hedges' g), the power to find that, and how many people a power of 80
    and of 90 % takes. The differences are the model's, and are no evidence of what a real trial would find.
    docs/trials.md says it all.

    \b
    Examples
      rung simulate trial --list-examples
      rung simulate trial --example participant-modelling > design.toml
      rung simulate trial design.toml --check
      rung simulate trial design.toml -o report.html
      rung simulate trial design.toml --people 40 --trials 5000 --workers 2 --json
    """
    if list_examples:
        _list_examples()
    elif example is not None:
        _print_example(example)
    elif file is None:
        raise click.UsageError(
            "name a design; --example NAME prints one to start from, --list-examples which"
        )
    else:
        text = _text(file)
        design = _altered(_read(file, text), people, alpha)
        if only_check:
            _tell_check(file, design)
            return
        planned = _planned(design, trials, seed, parameters, workers)
        if output:
            _write(output, planned, text)
        if as_json:
            print_json(planned)
        else:
            _tell(planned)


def _list_examples() -> None:
    from rung.research.trials import read_design
    from rung.research.trials.examples import example, names

    for name in names():
        trial = read_design(example(name)).trial
        click.echo(f"{name}: {trial.name}. Like: {trial.source}.")


def _print_example(name: str) -> None:
    from rung.errors import NotFound
    from rung.research.trials.examples import example

    try:
        click.echo(example(name), nl=False)
    except NotFound as error:
        raise click.BadParameter(str(error), param_hint="--example") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: cannot be read: {error}") from error


def _read(file: Path, text: str) -> Design:
    from rung.errors import InvalidDesign
    from rung.research.trials import read_design

    try:
        return read_design(text)
    except InvalidDesign as error:
        count = len(error.faults)
        faults = "\n".join(f"  {fault}" for fault in error.faults)
        raise click.ClickException(f"{file}: {count} fault{'' if count == 1 else 's'}\n{faults}") from error


def _altered(design: Design, people: int | None, alpha: float | None) -> Design:
    trial = design.trial
    trial = replace(trial, people=trial.people if people is None else people)
    return replace(design, trial=replace(trial, alpha=trial.alpha if alpha is None else alpha))


def _tell_check(file: Path, design: Design) -> None:
    from rung.research.trials.design import sizes_of

    sizes = sizes_of(design.arms, design.trial.people)
    arms = ", ".join(f"{arm.name} ({size})" for arm, size in zip(design.arms, sizes, strict=True))
    measure, day = design.primary
    click.echo(f"{file}: no faults. {design.trial.name}: {arms}.")
    click.echo(f"Primary: {measure.name}, day {day:g}, {design.arms[0].name} against {design.arms[1].name}.")


def _planned(design: Design, trials: int, seed: int, parameters: str | None, workers: int) -> Planned:
    from rung.research.fitting.workers import processes
    from rung.research.trials import plan

    p = load_engine(parameters).parameters if parameters else None
    with processes(workers) as work:
        return plan(design, trials, seed=seed, p=p, workers=work, bar=bar)


def _write(path: Path, planned: Planned, text: str) -> None:
    from rung.log import replaced
    from rung.research.trials import report

    try:
        with replaced(path) as file:
            file.write(report(planned, text).encode())
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error


def _tell(planned: Planned) -> None:
    from rung.research.trials.tables import lead, tables

    click.echo(f"{planned.name}: {planned.trials:,} trials, seed {planned.seed}.")
    for sentence in lead(planned):
        click.echo(f"  {sentence}")
    for table in tables(planned, is_brief=True):
        click.echo(f"\n{table.name}. {table.told}")
        print_table(table.headings, table.rows, numbers_from=table.words)
    click.echo(planned.caution)
