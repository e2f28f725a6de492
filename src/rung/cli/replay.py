"""`rung replay`: what logs say of each person, domain by domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from rung.cli.output import percent, print_json, print_table, signed, spread
from rung.cli.progress import bar

if TYPE_CHECKING:
    from rung import Calibration, Engine, Estimate, Person
    from rung.log import Log

__all__ = ["load_engine", "load_log", "replay_command"]

_SHOWN = 40


class Row(NamedTuple):
    """One domain of one person."""

    file: str
    person: str
    domain: str
    events: int
    judgements: int
    attempts: int
    strength: Estimate
    prospects: Estimate
    belief: Estimate
    ability: Estimate
    calibration: Calibration


@click.command("replay")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--person", help="Only this person.")
@click.option(
    "--related",
    multiple=True,
    metavar="A=B:SHARE",
    help="Domains A and B are related; 0 not at all, 1 wholly.",
)
@click.option(
    "--parameters", type=click.Path(dir_okay=False), help="Parameters from this file instead of the defaults."
)
@click.option(
    "--all", "everyone", is_flag=True, help=f"Print every row of the table, not only the first {_SHOWN}."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, log odds included.")
def replay_command(
    files: tuple[str, ...],
    person: str | None,
    related: tuple[str, ...],
    parameters: str | None,
    everyone: bool,
    as_json: bool,
) -> None:
    """Read logs through the model: belief, ability and calibration of each person and domain.

    "How sure" is the efficacy belief, "works" the chance of success, both as the mean over the domain's
    tasks, of 100, and with the interval that holds in 8 of 10 cases. "Expected" and "worked" are the means
    over the attempts whose outcome is known, "gap" is belief minus ability in log odds: above 0 more sure
    than the record, below 0 stricter than it. A dash: not enough data yet.

    \b
    Examples
      rung replay diary.csv
      rung replay study.csv.gz --person p07 --json
      rung replay diary.csv --related talks=meetings:0.5
    """
    engine, relatedness = load_engine(parameters), _relatedness(related)
    rows: list[Row] = []
    for file in files:
        rows += _replayed(file, load_log(file), engine, relatedness, person)
    if person is not None and not rows:
        raise click.ClickException(f"no person {person!r} in {', '.join(files)}")
    if as_json:
        print_json(rows)
    else:
        _tell(rows, everyone, several=len(files) > 1)


def load_engine(parameters: str | None) -> Engine:
    """The engine, with parameters from a file or the defaults."""
    from rung import Engine, Parameters

    if parameters is None:
        return Engine()
    try:
        with open(parameters, encoding="utf-8") as file:
            return Engine(Parameters.from_json(file.read()))
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{parameters}: cannot be read: {error}") from error


def load_log(file: str) -> Log:
    """The log, with a progress bar; every fault is told where it has any."""
    import os

    from rung.errors import InvalidLog
    from rung.log import read_log

    try:
        with bar(f"Reading {file}", os.path.getsize(file) if os.path.isfile(file) else 1) as done:
            return read_log(file, progress=done)
    except InvalidLog as refused:
        for fault in refused.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException(
            f"{file} is refused, {len(refused.faults):,} faults; nothing was read"
        ) from None


def _relatedness(related: tuple[str, ...]) -> dict[tuple[str, str], float]:
    pairs = {}
    for text in related:
        pair, _, share = text.rpartition(":")
        one, _, other = pair.partition("=")
        try:
            pairs[(one, other)] = float(share)
        except ValueError:
            raise click.BadParameter(
                f"{text!r} does not read like talks=meetings:0.5", param_hint="--related"
            ) from None
    return pairs


def _replayed(
    file: str, log: Log, engine: Engine, relatedness: dict[tuple[str, str], float], only: str | None
) -> Iterator[Row]:
    from rung import Person

    done = 0
    with bar(f"Replaying {file}", len(log)) as show:
        for name, events in log.by_person():
            if only is not None and name != only:
                continue
            state = engine.replay(events, Person(relatedness=relatedness))
            counts: dict[str, int] = {}
            for event in events:
                counts[event.domain] = counts.get(event.domain, 0) + 1
            for domain in sorted(state.domains):
                yield _row(file, name, domain, counts.get(domain, 0), engine, state)
            done += len(events)
            show(done)


def _row(file: str, name: str, domain: str, events: int, engine: Engine, state: Person) -> Row:
    known, seen = state.domains[domain], engine.ladder_seen(state, domain)
    return Row(
        file=file,
        person=name,
        domain=domain,
        events=events,
        judgements=known.judgements,
        attempts=known.attempts,
        strength=engine.strength(state, seen),
        prospects=engine.prospects(state, seen),
        belief=engine.belief(state, domain),
        ability=engine.ability(state, domain),
        calibration=engine.calibration(state, domain),
    )


def _tell(rows: list[Row], everyone: bool, several: bool) -> None:
    shown = rows if everyone else rows[:_SHOWN]
    headings = ["person", "domain", "events", "how sure", "works", "expected", "worked", "gap"]
    print_table(
        [*(["file"] if several else []), *headings],
        [[*([row.file] if several else []), *_cells(row)] for row in shown],
        numbers_from=2 + several,
    )
    people = len({(row.file, row.person) for row in rows})
    click.echo(
        f"{people:,} {'person' if people == 1 else 'people'}, {sum(row.events for row in rows):,} events."
    )
    if len(shown) < len(rows):
        click.echo(f"{len(rows) - len(shown):,} more rows: --all prints them, --json everything.")


def _cells(row: Row) -> list[str]:
    calibration = row.calibration
    counted = calibration.attempts > 0
    return [
        row.person,
        row.domain,
        f"{row.events:,}",
        spread(row.strength),
        spread(row.prospects),
        percent(calibration.expected) if counted else "-",
        percent(calibration.worked) if counted else "-",
        "-" if calibration.missing else signed(calibration.gap.mean),
    ]
