"""`rung simulate plan`: the next step by Rung, by the rules of today, by an oracle, by your own rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import file_option, print_json, print_table
from rung.cli.progress import bar

if TYPE_CHECKING:
    from rung.research.planning.contestants import Contestant
    from rung.research.planning.results import Compared

__all__ = ["plan_command"]


@click.command("plan")
@click.option(
    "--people", type=click.IntRange(10), default=100, show_default=True, help="To be made up, on each scene."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option("--scenes", default="", metavar="NAME,...", help="Only these; --list names them.")
@click.option("--policies", default="", metavar="NAME,...", help="Only these; --list names them.")
@click.option(
    "--policy",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.py",
    multiple=True,
    help="The policies of this file as well. It is run: trust it.",
)
@click.option(
    "--wanted",
    type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
    default=0.75,
    show_default=True,
    help="Chance of success at which Rung's dial stands.",
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes at work.")
@file_option("-o", "--html", "output", metavar="REPORT.html", told="Write a page with pictures, too.")
@click.option("--json", "as_json", is_flag=True, help="Print every number as JSON.")
@click.option("--list", "only_list", is_flag=True, help="Only tell the scenes and the policies.")
def plan_command(
    people: int,
    seed: int,
    scenes: str,
    policies: str,
    files: tuple[Path, ...],
    wanted: float,
    workers: int,
    output: Path | None,
    as_json: bool,
    only_list: bool,
) -> None:
    """Let made-up people climb a ladder by Rung's next step, and by every rule of today.

    On every scene the same people climb by every policy, for 120 days at most: kinds of people, and worlds in
    which people learn by another published rule than Rung assumes. What comes out: days to the goal step, who
    gets there and who gives up, attempts, what is let pass, belief and ability at the end. Rules pick steps
    alone; what Rung does with steps alone stands beside it. It is no evidence about people. docs/planning.md
    says more, and how to write a policy of your own.

    \b
    Examples
      rung simulate plan --list
      rung simulate plan --html planning.html
      rung simulate plan --people 50 --scenes steady,anxious-and-avoiding
      rung simulate plan --policy mine.py --policies rung,staircase,near-sixty
      rung simulate plan --wanted 0.9 --policies rung,oracle --json
    """
    from rung.errors import RungError
    from rung.research.fitting.workers import processes
    from rung.research.planning.comparing import AT_ONCE
    from rung.research.planning.contestants import chosen
    from rung.research.planning.results import compare
    from rung.research.planning.worlds import SCENES

    try:
        everybody = _contestants(wanted, files)
        climbing = chosen(_split(policies), everybody, lambda one: one.name)
        places = chosen(_split(scenes), SCENES, lambda scene: scene.name)
        if only_list:
            _list(everybody)
            return
        blocks = len(places) * len(climbing) * -(-people // AT_ONCE)
        with bar("Letting people climb", blocks) as show:
            found = compare(
                places, climbing, people, seed, wanted=wanted, workers=processes(workers), progress=show
            )
    except RungError as error:
        raise click.ClickException(str(error)) from error
    if output:
        _write(output, found)
    if as_json:
        print_json(found)
    else:
        _tell(found)


def _contestants(wanted: float, files: tuple[Path, ...]) -> list[Contestant]:
    """Everybody, and those from files; no two may have one name."""
    from rung.errors import InvalidInput
    from rung.research.planning.contestants import contestants, from_file, short_name

    everybody = list(contestants(wanted))
    for file in files:
        for own in from_file(file):
            if short_name(own.name) in {short_name(one.name) for one in everybody}:
                raise InvalidInput(f"{file}: there is a policy {own.name!r} already: give yours another name")
            everybody.append(own)
    return everybody


def _split(names: str) -> list[str]:
    return [name for name in names.split(",") if name.strip()]


def _list(everybody: list[Contestant]) -> None:
    from rung.research.planning.contestants import short_name
    from rung.research.planning.worlds import SCENES

    print_table(
        ["scene", "what it is"], [[short_name(one.name), one.meaning] for one in SCENES], numbers_from=2
    )
    print_table(
        ["policy", "what it does"], [[short_name(one.name), one.meaning] for one in everybody], numbers_from=2
    )


def _write(path: Path, found: Compared) -> None:
    from rung.log import replaced
    from rung.research.planning.report import report

    try:
        with replaced(path) as file:
            file.write(report(found).encode())
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error


def _tell(found: Compared) -> None:
    from rung.research.planning.tables import CAUTION, brief_tables, lead

    click.echo(lead(found))
    for table in brief_tables(found):
        click.echo(f"\n{table.name}. {table.told}")
        print_table(table.headings, table.rows, numbers_from=table.words)
    click.echo(CAUTION)
