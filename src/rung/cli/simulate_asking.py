"""`rung simulate asking`: what is lost where only some steps of a ladder are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json, print_table
from rung.cli.progress import bar

if TYPE_CHECKING:
    from rung.research.asking import Asked, Line
    from rung.research.ladders import Judged
    from rung.research.resampling import Measure

__all__ = ["asking_command"]

_LEGEND = """
Information: how much of what a full judgement tells (0 before the first answer, 100 after the last) on the
ladder's strength, on the steps one by one, and on those steps alone that are not asked about yet. In
brackets: intervals of 95 % over people. Error: how far the steps, and strength, stand from those of a full
judgement, in points of 100. Promised: what the model expected before the first answer."""


@click.command("asking")
@click.option("--people", type=click.IntRange(2), default=400, show_default=True, help="To be made up.")
@click.option("--steps", type=click.IntRange(2, 48), default=12, show_default=True, help="Of their ladder.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option(
    "--log",
    "file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="People of an evidence log instead of people who are made up.",
)
@click.option(
    "--least",
    type=click.IntRange(2),
    default=6,
    show_default=True,
    help="How many tasks of a domain somebody must have judged to have a ladder there; with --log.",
)
@click.option(
    "--means", is_flag=True, help="A task counts with the mean of its judgements, not the first; with --log."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def asking_command(
    people: int, steps: int, seed: int, file: Path | None, least: int, means: bool, as_json: bool
) -> None:
    """Ask people about some steps of a ladder, and see what that tells of a judgement of all of them.

    Everyone is asked again from the beginning in several orders: by expected information, all at once or
    chosen anew after each answer, at random, evenly spread, and from the easiest step. People are made up
    from the model's own prior, or found in a log, where what holds for people in general comes from others
    (five folds) and the answers themselves stand for the truth. docs/asking.md says more.

    \b
    Examples
      rung simulate asking
      rung simulate asking --people 2000 --steps 9 --seed 7
      rung simulate asking --log study.csv.gz
      rung simulate asking --log study.csv.gz --least 3 --means --json
    """
    from rung.research.asking import measure_asking
    from rung.research.ladders import made_up_ladders

    judged = _found(file, least, means) if file else made_up_ladders(people, steps, seed)
    with bar("Asking people", len(judged)) as show:
        asked = measure_asking(judged, seed=seed, progress=show)
    if as_json:
        print_json(asked)
    else:
        _tell(asked)


def _found(file: Path, least: int, means: bool) -> list[Judged]:
    from rung.cli.replay import load_log
    from rung.research.ladders import found_ladders

    judged = found_ladders(load_log(str(file)), least, means=means)
    if not judged:
        raise click.ClickException(
            f"{file}: nobody judged {least} different tasks of one domain, so that there is no ladder to ask "
            "about; --least asks for fewer tasks"
        )
    return judged


def _tell(asked: Asked) -> None:
    shortest, longest = asked.steps
    steps = f"{longest}" if shortest == longest else f"{shortest} to {longest}"
    click.echo(f"{asked.people:,} ladders of {steps} steps.")
    headings = ["order", "answers", "strength", "steps", "of the rest", "error", "of strength", "promised"]
    print_table(headings, _rows(asked), numbers_from=1)
    click.echo(_LEGEND.strip("\n"))


def _rows(asked: Asked) -> Iterator[list[str]]:
    order = ""
    for line in asked.lines:
        yield ["" if line.order == order else line.order, *_cells(line)]
        order = line.order


def _cells(line: Line) -> list[str]:
    return [
        "half" if line.answers is None else str(line.answers),
        _spread(line.strength),
        _spread(line.steps),
        _share(line.rest),
        f"{line.points:.1f}",
        f"{line.points_of_strength:.1f}",
        _share(line.promised),
    ]


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def _spread(measure: Measure) -> str:
    if measure.value is None:
        return "-"
    if measure.low is None or measure.high is None:
        return f"{100 * measure.value:.1f}"
    return f"{100 * measure.value:.1f} ({100 * measure.low:.0f}-{100 * measure.high:.0f})"
