"""`rung simulate people`: a population that climbs, month by month, and what some of them log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from rung.cli.output import file_option, percent, print_json, print_table
from rung.cli.progress import bar
from rung.cli.replay import load_engine

if TYPE_CHECKING:
    from rung.engine.events import Event
    from rung.engine.parameters import Parameters
    from rung.engine.simulation.climbs import Climb, Knowing
    from rung.engine.simulation.policies import Policy
    from rung.research.planning.populations import Lived

__all__ = ["people_command"]

_AT_LARGE = "people at large"

_Named = TypeVar("_Named")


@click.command("people")
@click.option("--people", type=click.IntRange(1), default=10_000, show_default=True, help="To be made up.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="That they live through."
)
@click.option(
    "--kind", default="people-at-large", show_default=True, metavar="NAME", help="What they are like."
)
@click.option(
    "--policy", default="staircase", show_default=True, metavar="NAME", help="What picks the next step."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option(
    "--parameters", type=click.Path(dir_okay=False), help="Parameters from this file instead of the defaults."
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes at work.")
@file_option("-o", "--output", metavar="LOG.csv", told="Write what some of them log; .csv.gz packs it.")
@click.option(
    "--logged",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="How many of them log, from the first one on; with -o.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, day by day.")
def people_command(
    people: int,
    days: int,
    kind: str,
    policy: str,
    seed: int,
    parameters: str | None,
    workers: int,
    output: Path | None,
    logged: int,
    as_json: bool,
) -> None:
    """Let made-up people climb a ladder of ten steps, day after day, and see how they fare.

    They live by the functions with which logs are read; what comes out are the model's consequences, and no
    evidence about people. Kinds and policies are those of `rung simulate plan`; a name that is not known is
    answered with all that are. The log is an evidence log like any other: `rung log check` takes it, and
    `rung replay` reads it. docs/simulation.md says more.

    \b
    Examples
      rung simulate people
      rung simulate people --people 100000 --workers 2
      rung simulate people --kind able-but-doubting --policy fixed-order
      rung simulate people --people 1000 -o made-up.csv.gz --logged 1000
    """
    from rung.research.fitting.workers import processes
    from rung.research.planning.populations import CHUNK, live, told, write_told
    from rung.research.planning.rules import RULES

    if output and not output.name.lower().endswith((".csv", ".csv.gz")):
        raise click.BadParameter(f"{output.name} ends neither in .csv nor in .csv.gz", param_hint="--output")
    rule: Policy | Knowing = _named(policy, ((rule.name, rule) for rule in RULES), "--policy")
    setting = replace(_climb(kind), days=days)
    p = _parameters(parameters)
    with bar("Letting people live", people) as show:
        lived = live(
            rule, people, setting, seed=seed, parameters=p, workers=processes(workers), progress=show
        )
    if output:
        logged = min(logged, people)
        events = told(rule, people, setting, logged, seed=seed, parameters=p)
        with bar(f"Writing {output.name}", days * -(-logged // CHUNK)) as show:
            write_told(_counted(events, days, show), output)
    if as_json:
        print_json(_plain(lived, kind, policy, seed))
    else:
        _tell(lived)
        if output:
            click.echo(f"{output}: the log of {logged:,} of them.")


def _climb(kind: str) -> Climb:
    from rung.engine.simulation.climbs import Climb
    from rung.research.planning.worlds import PERSONAS

    known = [(_AT_LARGE, Climb()), *((scene.name, scene.climb) for scene in PERSONAS)]
    return _named(kind, known, "--kind")


def _named(wanted: str, known: Iterable[tuple[str, _Named]], option: str) -> _Named:
    """What has this name, written in small letters with hyphens, and without what stands in brackets."""
    from rung.research.planning.contestants import short_name

    by_name = {short_name(name): one for name, one in known}
    if short_name(wanted) not in by_name:
        raise click.BadParameter(f"{wanted!r} is none of these: {', '.join(by_name)}", param_hint=option)
    return by_name[short_name(wanted)]


def _parameters(file: str | None) -> Parameters | None:
    return load_engine(file).parameters if file else None


def _counted(events: Iterator[Event], days: int, show: Callable[[int], None]) -> Iterator[Event]:
    """The same events; shows how many days are done, of one chunk of people after the other."""
    from rung.engine.dynamics import SECONDS_PER_DAY
    from rung.research.planning.populations import CHUNK

    done = -1
    for event in events:
        day = int(event.person[1:]) // CHUNK * days + int(event.time / SECONDS_PER_DAY)
        if day > done:
            show(done := day)
        yield event


def _plain(lived: Lived, kind: str, policy: str, seed: int) -> dict[str, object]:
    from rung.research.planning.contestants import short_name

    by_day = {name: values.tolist() for name, values in lived._asdict().items() if name != "people"}
    return {
        "people": lived.people, "kind": short_name(kind), "policy": short_name(policy), "seed": seed,
        "months": lived.months(), "by_day": by_day,
    }  # fmt: skip


def _tell(lived: Lived) -> None:
    print_table(
        ["day", "how sure", "works", "went for it", "at the goal", "given up"],
        [
            [
                str(month.day),
                percent(month.efficacy),
                percent(month.chance),
                "-" if month.approached is None else percent(month.approached),
                percent(month.arrived),
                percent(month.given_up),
            ]
            for month in lived.months()
        ],
        numbers_from=0,
    )
    click.echo(
        f"{lived.people:,} people. Of 100: how sure they are of the last step on that day, and how often it"
        " would work;\nhow many of the occasions since the row above they went for; how many have come to the"
        " goal, and given up."
    )
