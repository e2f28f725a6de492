"""`rung next`: the next step on a ladder, for one person of a log."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from rung.cli.output import percent, print_json, print_table, spread
from rung.cli.replay import load_engine, load_log

if TYPE_CHECKING:
    from rung import Engine, Ladder, Person, Recommendation

__all__ = ["next_command"]


@click.command("next")
@click.argument("file", metavar="FILE")
@click.option("--person", required=True, help="Whose next step.")
@click.option(
    "--ladder", "ladder_name", required=True, metavar="L", help="A domain of the log, or a ladder file."
)
@click.option(
    "--wanted",
    type=click.IntRange(1, 99),
    default=75,
    show_default=True,
    help="Wanted chance of success, in 100: steps that are much less likely are left out.",
)
@click.option(
    "--parameters", type=click.Path(dir_okay=False), help="Parameters from this file instead of the defaults."
)
@click.option("--json", "as_json", is_flag=True, help="Print the recommendation as JSON.")
def next_command(
    file: str, person: str, ladder_name: str, wanted: int, parameters: str | None, as_json: bool
) -> None:
    """Recommend one next step, with its reasons.

    L names a domain of the log: its tasks become the ladder, easiest first by their difficulty in the log,
    or by how sure the person was where it has none. Or L is a JSON file:
    {"domain": "talks", "steps": [{"name": "to a friend", "difficulty": -1.5}, ...]}, easiest first;
    without difficulties the steps are spread evenly.

    \b
    Examples
      rung next diary.csv --person ana --ladder talks
      rung next diary.csv --person ana --ladder talks.json --wanted 90 --json
    """
    engine, log = load_engine(parameters), load_log(file)
    events = list(log.events(person)) if person in log.people() else []
    if not events:
        raise click.ClickException(f"no person {person!r} in {file}: it has {_some(log.people())}")
    state = engine.replay(events)
    is_file = os.path.isfile(ladder_name)
    ladder = _ladder_file(ladder_name) if is_file else _ladder_of_log(engine, state, ladder_name, file)
    recommendation = engine.next_step(state, ladder, wanted / 100)
    if as_json:
        print_json(recommendation)
    else:
        _tell(engine, state, ladder, recommendation)


def _some(names: Iterable[str]) -> str:
    all_names = sorted(names)
    return ", ".join(all_names[:5]) + (f" and {len(all_names) - 5} more" if len(all_names) > 5 else "")


def _ladder_of_log(engine: Engine, state: Person, domain: str, file: str) -> Ladder:
    if domain not in state.domains:
        raise click.ClickException(f"no domain {domain!r} in {file}: this person has {_some(state.domains)}")
    return engine.ladder_seen(state, domain)


def _ladder_file(path: str) -> Ladder:
    from rung import Ladder, Task

    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        domain, steps = str(content["domain"]), [_step(step) for step in content["steps"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.ClickException(
            f'{path} is no ladder ({error!r}): write {{"domain": "...", "steps": [{{"name": "..."}}]}}'
        ) from error
    if any(difficulty is None for _, difficulty in steps):
        return Ladder.of(domain, *(name for name, _ in steps))
    return Ladder(domain, tuple(Task(domain, name, difficulty) for name, difficulty in steps))


def _step(step: Any) -> tuple[str, float | None]:
    if isinstance(step, str):
        return step, None
    difficulty = step.get("difficulty")
    return str(step["name"]), None if difficulty is None else float(difficulty)


def _tell(engine: Engine, state: Person, ladder: Ladder, recommendation: Recommendation) -> None:
    from rung.app.sentences import chance, sentence

    if recommendation.task is None:
        click.echo("The ladder has no steps yet.")
        return
    click.echo(f"Next: {recommendation.task.name or ladder.domain}")
    click.echo(f"  Works {chance(recommendation.chance)}.")
    for reason in (*([recommendation.pause] if recommendation.pause else []), *recommendation.reasons):
        click.echo(f"  {sentence(reason)}")
    if recommendation.bridge is not None:
        below, above = recommendation.bridge.below, recommendation.bridge.above
        where = f"between {below.name!r} and {above.name!r}" if below else f"before {above.name!r}"
        click.echo(f"  A step {where} would help.")
    print_table(
        ["", "step", "how sure", "works"],
        [
            [
                ">" if task == recommendation.task else "",
                task.name or "(as a whole)",
                spread(engine.efficacy(state, task)),
                percent(engine.chance_of_success(state, task).mean),
            ]
            for task in reversed(ladder.tasks)
        ],
        numbers_from=2,
    )
