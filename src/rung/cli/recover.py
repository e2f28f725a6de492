"""`rung recover`: whether a fit finds the people that a log was made up from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json, print_table
from rung.cli.progress import bar

if TYPE_CHECKING:
    from rung.engine.prediction.model import Model
    from rung.research.fitting.recovery import Recovery

__all__ = ["recover_command"]


@click.command("recover")
@click.option("--people", type=click.IntRange(2), default=200, show_default=True, help="To be made up.")
@click.option(
    "--judgements", type=click.IntRange(2), default=60, show_default=True, help="Of each, after a first one."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option(
    "--model",
    metavar="MODEL.json",
    type=click.Path(dir_okay=False, path_type=Path),
    help="People as this model has them, instead of the one that Rung comes with.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def recover_command(people: int, judgements: int, seed: int, model: Path | None, as_json: bool) -> None:
    """Make up people whose own weights are known, let them judge, fit them, and compare.

    For each number that people weigh in their own way: the correlation of the true weights with those found,
    the highest one that is possible with as many judgements, and how many of the true weights lie within
    intervals that should hold 50, 80 and 95 of 100. The last row is of somebody who knows people in general
    and need not fit. docs/fitting.md says more.

    \b
    Examples
      rung recover
      rung recover --people 1000 --judgements 100 --seed 7
      rung recover --model model.json --json
    """
    from rung.research.fitting.recovery import recover

    population = load_model(model).judgements
    with bar("Making up people", people) as show:
        found = recover(population, people, judgements, seed=seed, progress=show)
    if as_json:
        print_json(_plain(found))
    else:
        _tell(found)


def load_model(path: Path | None) -> Model:
    """The model in a file, or the one that Rung comes with."""
    from rung.engine.prediction.model import Model
    from rung.errors import InvalidParameters

    if path is None:
        return Model.default()
    try:
        return Model.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, InvalidParameters) as error:
        raise click.ClickException(f"{path}: cannot be read: {error}") from error


def _plain(found: Recovery) -> dict[str, object]:
    """All but the fit itself; None where there is no number."""
    told = found._asdict()
    fit = told.pop("fit")
    told["correlation"] = {
        name: None if math.isnan(number) else number for name, number in found.correlation.items()
    }
    return {**told, "converged": fit.converged, "log_likelihood": fit.log_likelihood}


def _tell(found: Recovery) -> None:
    click.echo(
        f"{found.people:,} made-up people, {found.judgements:,} judgements that have an earlier one, "
        f"{100 * found.at_ends:.1f} % of them at an end of the scale."
    )
    if not found.fit.converged:
        click.echo(f"The fit has not converged after {found.fit.steps} steps.")
    rows = [
        [name, _number(found.correlation[name]), _number(found.possible[name]), *_shares(shares)]
        for name, shares in found.coverage_by_name.items()
    ]
    rows.append(["all together", *_means(found), *_shares(found.coverage.values())])
    rows.append(["people known", "", "", *_shares(found.coverage_known.values())])
    levels = [f"in {100 * level:.0f} %" for level in found.coverage]
    print_table(["", "correlation", "possible", *levels], rows, numbers_from=1)
    within = [abs(error) < 1.96 for error in found.errors.values()]
    click.echo(
        f"Weights of people in general: off by {found.error:.4f} at a number's usual size, in units of the "
        f"rating; {sum(within)} of {len(within)} within 1.96 standard errors."
    )
    click.echo(f"Noise: {found.noise:.2f} times the true variance.")


def _means(found: Recovery) -> tuple[str, str]:
    """Of both correlations over the names that have both."""
    both = [
        (number, found.possible[name]) for name, number in found.correlation.items() if not math.isnan(number)
    ]
    if not both:
        return "-", "-"
    one, other = (sum(numbers) / len(both) for numbers in zip(*both, strict=True))
    return _number(one), _number(other)


def _number(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.2f}"


def _shares(shares: Iterable[float]) -> list[str]:
    return [f"{100 * share:.0f}" for share in shares]
