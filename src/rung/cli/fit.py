"""`rung fit`: what people have in common, learned from logs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from rung.cli.fit_summary import tell_conclusion, tell_fit
from rung.cli.output import file_option, print_json
from rung.cli.progress import bar
from rung.cli.replay import load_log

if TYPE_CHECKING:
    from rung.engine.prediction.model import Model
    from rung.research.fitting.model import FittedModel
    from rung.research.fitting.parts import Bound, Part
    from rung.research.fitting.workers import Workers

__all__ = ["fit_command"]

_NOT_BETTER = 3
"""Exit status where a fit was made and not written."""


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
@click.option(
    "--most",
    type=click.IntRange(1),
    help="At most so many events of each log, of people drawn at random: none outweighs the others.",
)
@click.option(
    "--keep",
    multiple=True,
    type=click.Choice(["judgements", "cases", "answers", "attempt", "choice"]),
    help="Keep this part of the model that Rung comes with; may be given several times.",
)
@click.option("--folds", type=click.IntRange(2), default=5, show_default=True, help="Parts held out in turn.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option("--force", is_flag=True, help="Take all that could be fitted, better or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the model, and the comparison, as JSON.")
def fit_command(
    files: tuple[str, ...],
    output: Path,
    workers: int,
    parts: int | None,
    cluster: str | None,
    scratch: Path | None,
    most: int | None,
    keep: tuple[str, ...],
    folds: int,
    seed: int,
    force: bool,
    as_json: bool,
) -> None:
    """Learn from logs what people have in common: how they judge, answer, succeed and choose.

    Several logs are pooled; the same id in two of them is two people. A LOG that is a folder stands for the
    logs in it, which are then read by the workers themselves.

    Each part of the model (judgements, answers, attempts, choices) is held against that of the model that
    Rung comes with, on people who took no part in the fit, and taken where it predicts them better. The file
    is written where any part is, or with --force, which takes all that could be fitted. Ends with exit status
    3 where it was not written. docs/fitting.md says it all.

    \b
    Examples
      rung fit study.csv.gz -o model.json
      rung fit study-1.csv study-2.csv -o model.json --workers 4 --most 15000
      rung fit parts/ -o model.json --cluster tcp://head:8786 --scratch /shared/tmp
    """
    from rung.research.fitting.model import fit_model
    from rung.research.fitting.parts import Bound

    if any(_is_same(output, file) for file in files):
        raise click.BadParameter(f"{output} is one of the logs; name another file", param_hint="--output")
    try:
        with TemporaryDirectory(dir=scratch, prefix="rung-fit-") as folder, _opened(cluster, workers) as work:
            kept = Path(folder).resolve()
            read = _parts(files, kept, parts or workers, folds, None if most is None else Bound(most, seed))
            names = [Path(file).resolve().name for file in files]
            fitted = fit_model(read, kept, work, names, seed=seed, force=force, keep=keep, bar=bar)
        is_written = fitted.is_better or force
        if is_written:
            _write(output, fitted.model)
    except OSError as error:
        at = error.filename or "the folder for what is kept meanwhile (see --scratch)"
        raise click.ClickException(f"{at}: {error.strerror or error}") from error
    if as_json:
        _print(fitted, is_written)
    else:
        tell_fit(fitted, len(files))
    tell_conclusion(fitted, output, force, quiet=as_json)
    if not is_written:
        raise click.exceptions.Exit(_NOT_BETTER)


def _is_same(output: Path, file: str) -> bool:
    return output.exists() and output.samefile(file)


def _opened(cluster: str | None, workers: int) -> AbstractContextManager[Workers]:
    from rung.research.fitting.workers import dask_cluster, processes

    if cluster is None:
        return processes(workers)
    return dask_cluster(cluster)


def _parts(files: Sequence[str], folder: Path, count: int, folds: int, bound: Bound | None) -> list[Part]:
    from rung.research.fitting.parts import LogPart, parts_of

    found: list[Part] = []
    number = 0
    for file in files:
        if Path(file).is_dir():
            inside = sorted(path for path in Path(file).resolve().iterdir() if _is_log(path))
            if not inside:
                raise click.ClickException(f"{file} has no log in it")
            found += [LogPart(path, folds, number + place, bound) for place, path in enumerate(inside)]
            number += len(inside)
        else:
            log = load_log(file)
            found += parts_of(log, Path(file).name, folder / f"log-{number}", count, folds, number, bound)
            number += 1
    return found


def _is_log(path: Path) -> bool:
    return path.name.lower().endswith((".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet"))


def _write(output: Path, model: Model) -> None:
    from rung.log import replaced

    with replaced(output) as file:
        file.write(f"{model.to_json()}\n".encode())


def _print(fitted: FittedModel, is_written: bool) -> None:
    model = fitted.model if is_written else fitted.candidate
    told = {
        "held_out": {part: outcome.held_out for part, outcome in fitted.outcomes.items()},
        "is_better": {part: outcome.is_better for part, outcome in fitted.outcomes.items()},
        "written": is_written,
    }
    print_json({**json.loads(model.to_json()), **told})
