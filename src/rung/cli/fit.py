"""`rung fit`: what people have in common, learned from logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import click

from rung.cli.output import file_option, print_json, print_table
from rung.cli.progress import bar
from rung.cli.replay import load_log

if TYPE_CHECKING:
    from rung.engine.habits import Population
    from rung.research.fitting.heldout import Comparison, HeldOut
    from rung.research.fitting.mixed import Fit
    from rung.research.fitting.parts import Part, Piece
    from rung.research.fitting.workers import Workers

__all__ = ["fit_command"]

_NOT_BETTER = 3
"""Exit status where a fit was made and not written."""
_SHARE = 1_000
_USUAL_STEPS = 25
_NOTHING = 1e-12
"""A mean square below this comes from rounding."""


class _Done(NamedTuple):
    """A fit, and how it does on people it has not met."""

    fit: Fit
    folds: int
    """That could be held out."""
    held_out: HeldOut | None
    used: frozenset[str]
    """Names of the numbers that the logs have."""


@click.command("fit")
@click.argument("files", metavar="LOG...", nargs=-1, required=True, type=click.Path(exists=True))
@file_option("-o", "--output", metavar="MODEL.json", required=True, told="File to write.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes at work.")
@click.option("--parts", type=click.IntRange(1), help="Parts that each log is cut into.  [default: WORKERS]")
@click.option("--cluster", metavar="ADDRESS", help="Work on this Dask cluster instead, as tcp://host:8786.")
@click.option(
    "--scratch",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder for what is kept meanwhile; on a cluster, one that every worker can reach.",
)
@click.option("--folds", type=click.IntRange(2), default=5, show_default=True, help="Parts held out in turn.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the intervals.")
@click.option("--force", is_flag=True, help="Write the file even where it is no improvement.")
@click.option("--json", "as_json", is_flag=True, help="Print the model, and the comparison, as JSON.")
def fit_command(
    files: tuple[str, ...],
    output: Path,
    workers: int,
    parts: int | None,
    cluster: str | None,
    scratch: Path | None,
    folds: int,
    seed: int,
    force: bool,
    as_json: bool,
) -> None:
    """Learn from logs how people judge themselves: what evidence weighs, and how people differ in that.

    Several logs are pooled; the same id in two of them is two people. A LOG that is a folder stands for the
    logs in it, which are then read by the workers themselves.

    The weights are held against those that Rung comes with, on people who took no part in the fit. The file
    is written only where they predict these people better, or with --force. Ends with exit status 3 where it
    was not written. docs/fitting.md says it all.

    \b
    Examples
      rung fit study.csv.gz -o model.json
      rung fit study-1.csv study-2.csv -o model.json --workers 4
      rung fit parts/ -o model.json --cluster tcp://head:8786 --scratch /shared/tmp
    """
    names = [Path(file).name for file in files]
    with TemporaryDirectory(dir=scratch, prefix="rung-fit-") as folder, _opened(cluster, workers) as work:
        read = _parts(files, Path(folder).resolve(), parts or workers, folds)
        done = _done(read, Path(folder).resolve(), work, folds, seed)
    is_better = done.held_out is not None and done.held_out.is_better
    if is_better or force:
        _write(output, done.fit, names)
    if as_json:
        from rung.research.fitting.files import content_of

        told = {"held_out": done.held_out, "is_better": is_better, "written": is_better or force}
        print_json({**content_of(done.fit, names), **told})
    else:
        _tell(done, len(files))
    _conclude(done.held_out, output, is_better, force, quiet=as_json)


def _opened(cluster: str | None, workers: int) -> AbstractContextManager[Workers]:
    from rung.research.fitting.workers import dask_cluster, processes

    if cluster is None:
        return processes(workers)
    return dask_cluster(cluster)


def _parts(files: Sequence[str], folder: Path, count: int, folds: int) -> list[Part]:
    from rung.research.fitting.parts import LogPart, parts_of

    found: list[Part] = []
    for number, file in enumerate(files):
        if Path(file).is_dir():
            inside = sorted(path for path in Path(file).resolve().iterdir() if _is_log(path))
            if not inside:
                raise click.ClickException(f"{file} has no log in it")
            found += [LogPart(path, folds) for path in inside]
        else:
            log = load_log(file)
            found += parts_of(log, Path(file).name, folder / f"log-{number}", count, folds)
    return found


def _is_log(path: Path) -> bool:
    return path.name.endswith((".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet"))


def _done(parts: Sequence[Part], folder: Path, workers: Workers, folds: int, seed: int) -> _Done:
    from rung.engine.parameters import Parameters
    from rung.engine.rows import NAMES
    from rung.research.fitting.files import given
    from rung.research.fitting.heldout import hold_out
    from rung.research.fitting.parts import weighed

    p = Parameters()
    with bar("Weighing the evidence", len(parts)) as show:
        pieces = weighed(parts, folder, workers, p, show)
    if not pieces:
        raise click.ClickException(
            "there is nothing to fit: no judgement has an earlier one of the same person and domain"
        )
    fit, without = _fits(pieces, workers, folds)
    held_out = None
    if without:
        with bar("Predicting people held out", len(parts)) as show:
            held_out = hold_out(parts, without, given(), workers, p, seed=seed, progress=show)
    used = {
        name
        for place, name in enumerate(NAMES)
        if any(piece.squares[place] > _NOTHING * piece.judgements for piece in pieces)
    }
    return _Done(fit, len(without), held_out, frozenset(used))


def _fits(pieces: Sequence[Piece], workers: Workers, folds: int) -> tuple[Fit, dict[int, Population]]:
    """The fit to everyone, and the populations fitted without each fold that leaves somebody."""
    from rung.research.fitting.parts import fit_pieces

    held = sorted({piece.fold for piece in pieces})
    held = held if len(held) > 1 else []
    with bar("Fitting", _SHARE * (len(held) + 1)) as show:

        def shown(fits: int) -> Callable[[int], None]:
            return lambda steps: show(round(_SHARE * (fits + steps / (steps + _USUAL_STEPS))))

        fit = fit_pieces(pieces, workers, progress=shown(0))
        without = {
            fold: fit_pieces(pieces, workers, fold, shown(number)).population
            for number, fold in enumerate(held, start=1)
        }
    return fit, without


def _write(output: Path, fit: Fit, names: Sequence[str]) -> None:
    from rung.log import replaced
    from rung.research.fitting.files import text_of

    try:
        with replaced(output) as file:
            file.write(text_of(fit, names).encode())
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error


def _tell(done: _Done, logs: int) -> None:
    from rung.research.labels import people_text

    fit = done.fit
    of = "" if logs == 1 else f" of {logs} logs"
    click.echo(f"{people_text(fit.people)}{of}, {fit.judgements:,} judgements that have an earlier one.")
    starts = ", ".join(f"{start:,.1f}" for start in fit.starts)
    reached = "converged" if fit.converged else "not converged"
    click.echo(f"Log likelihood {fit.log_likelihood:,.1f}, {reached} after {fit.steps} steps.")
    click.echo(f"After the first steps from {len(fit.starts)} starts: {starts}.")
    _tell_weights(done)
    _tell_personal(done)
    noise = fit.population.noise**0.5
    click.echo(f"Noise: sd {noise:.4f} ± {fit.noise_error / (2.0 * noise):.4f}, in units of the rating.")
    if done.held_out:
        _tell_held_out(done.held_out, done.folds)


def _tell_weights(done: _Done) -> None:
    from rung.engine.rows import NAMES

    told = zip(NAMES, done.fit.population.weights.tolist(), done.fit.errors.tolist(), strict=True)
    rows = [one for one in told if one[0] in done.used]
    rows.sort(key=lambda one: -abs(one[1]))
    click.echo("\nWhat evidence weighs in a judgement, for people in general:")
    table = [[name, f"{value:+.4f}", f"{error:.4f}"] for name, value, error in rows]
    print_table(["", "weight", "± standard error"], table, numbers_from=1)
    if len(NAMES) > len(rows):
        click.echo(f"{len(NAMES) - len(rows)} more stay as theory has them: these logs say nothing of them.")


def _tell_personal(done: _Done) -> None:
    from rung.engine.habits import PERSONAL

    fit = done.fit
    variances = fit.population.spread.diagonal().tolist()
    found = [
        (name, variance**0.5, error / (2.0 * variance**0.5))
        for name, variance, error in zip(PERSONAL, variances, fit.spread_errors.tolist(), strict=True)
        if name in done.used
    ]
    found.sort(key=lambda one: -one[1])
    click.echo("\nHow far people differ in it (sd of their own weights):")
    table = [[name, f"{sd:.4f}", f"{error:.4f}"] for name, sd, error in found]
    print_table(["", "sd", "± standard error"], table, numbers_from=1)


def _tell_held_out(held: HeldOut, folds: int) -> None:
    from rung.research.labels import people_text

    click.echo(
        f"\nOn people who took no part in the fit ({folds} folds, {people_text(held.people)}, "
        f"{held.judgements:,} judgements); lower is better:"
    )
    scores = [("log score", held.log_score), ("squared error", held.squared_error)]
    table = [[name, *_compared(comparison)] for name, comparison in scores]
    print_table(["", "fitted", "Rung's own", "fitted - Rung's own"], table, numbers_from=1)


def _compared(comparison: Comparison) -> list[str]:
    apart = comparison.difference
    between = "" if apart.low is None or apart.high is None else f" ({apart.low:+.4f} to {apart.high:+.4f})"
    fitted, given = comparison.fitted.value or 0.0, comparison.given.value or 0.0
    return [f"{fitted:+.4f}", f"{given:+.4f}", f"{apart.value or 0.0:+.4f}{between}"]


def _conclude(held: HeldOut | None, output: Path, is_better: bool, force: bool, *, quiet: bool) -> None:
    if is_better:
        told = f"The fitted weights predict better. Wrote {output}."
    elif held is None:
        told = "Nothing could be held out: it takes two people who judged more than once."
    else:
        told = "The fitted weights do not predict better than those that Rung comes with."
    if not is_better:
        told += f" Wrote {output} all the same." if force else f" {output} is left as it was; see --force."
    click.echo(told, err=quiet)
    if not (is_better or force):
        raise click.exceptions.Exit(_NOT_BETTER)
