"""`rung bench`: Rung against its rivals, on any logs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import file_option, print_json, print_table
from rung.cli.progress import bar
from rung.cli.replay import load_log

if TYPE_CHECKING:
    from rung.log import Log
    from rung.research.ablation import Ceiling
    from rung.research.benchmark import Benchmark, Result, TargetResult, Written
    from rung.research.forecasts import Rival

__all__ = ["bench_command"]


_STEPS = 10_000
_LEGEND = """
Lower is better, but for AUC. In brackets: intervals of 95 % over people. "- Rung" is the model's score minus
Rung's: ● Rung is better, ○ the other one is, and the paired interval leaves out zero. "in 80 %" is the share
of judgements within the central interval that should hold 80 of 100."""


@click.command("bench")
@click.argument("files", metavar="LOG...", nargs=-1, required=True)
@click.option("--rivals", metavar="A,B", help="Only these, beside Rung; by the beginning of their names.")
@click.option("--ablate", is_flag=True, help="Instead of rivals, Rung without each of its ingredients.")
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="MODEL.json",
    help="Also Rung with what `rung fit` wrote, and nothing estimated from the log.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@file_option("--predictions", metavar="OUT.csv", told="Write every forecast; .csv or .csv.gz.")
@file_option("--html", metavar="REPORT.html", told="Write a report with pictures.")
@click.option("--json", "as_json", is_flag=True, help="Print every score, interval and difference as JSON.")
def bench_command(
    files: tuple[str, ...],
    rivals: str | None,
    ablate: bool,
    model: Path | None,
    seed: int,
    predictions: Path | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Score how well Rung and its rivals predict people, from earlier rows alone.

    Every judgement that has an earlier one, every choice and every attempt with a known outcome is predicted,
    person by person, from what came before it. What a model learns of people in general comes from other
    people: five folds. docs/benchmark.md says it all.

    \b
    Examples
      rung bench study.csv.gz
      rung bench study/*.csv --rivals "persistence,delta rule" --html report.html
      rung bench diary.csv --json --predictions forecasts.csv.gz
      rung bench study.csv --ablate
      rung bench new.csv --model model.json --rivals "Rung,persistence"
    """
    if ablate and rivals is not None:
        raise click.UsageError("--ablate stands in the place of rivals: give one of the two.")
    models = _ablations() if ablate else _models(rivals)
    if model:
        models.insert(1, _from_file(model))
    try:
        done, refused, ceilings = _run(files, models, seed, predictions, ablate)
        if html:
            _write_report(html, done, seed)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}") from error
    results = [one.result for one in done]
    if as_json:
        told: dict[str, object] = {"seed": seed, "logs": results, "refused": refused}
        print_json(told | {"ceilings": ceilings} if ablate else told)
    else:
        _tell(results, refused, ceilings)


def _run(
    files: Sequence[str], models: Sequence[Rival], seed: int, predictions: Path | None, ablate: bool
) -> tuple[list[Benchmark], dict[str, str], dict[str, Ceiling | None]]:
    """The logs in turn, those that have nothing to predict with the reason, and how far one could get."""
    from rung.errors import InvalidInput
    from rung.research.ablation import ceiling_of
    from rung.research.predictions import predictions_file

    done: list[Benchmark] = []
    refused: dict[str, str] = {}
    ceilings: dict[str, Ceiling | None] = {}
    with predictions_file(predictions) if predictions else nullcontext() as open_writer:
        for file in files:
            log = load_log(file)
            write = open_writer(file, log) if open_writer else None
            try:
                done.append(_predicted(file, log, models, seed, write))
            except InvalidInput as nothing:
                refused[file] = str(nothing)
                continue
            if ablate:
                ceilings[file] = ceiling_of(log)
        if not done:
            raise click.ClickException("; ".join(refused.values()))
    return done, refused, ceilings


def _predicted(file: str, log: Log, models: Sequence[Rival], seed: int, write: Written | None) -> Benchmark:
    from rung.research.benchmark import run_benchmark

    with bar(f"Predicting {file}", _STEPS) as show:
        return run_benchmark(
            log, file, models, seed=seed, write=write, progress=lambda _, share: show(round(_STEPS * share))
        )


def _models(wanted: str | None) -> list[Rival]:
    """Rung first, then its rivals, all or those named by the beginning of their names."""
    from rung.research.rivals import ALL
    from rung.research.rivals.fitted import FITTED

    if wanted is None:
        return [FITTED, *ALL]
    chosen: list[Rival] = []
    for text in filter(None, map(str.strip, wanted.split(","))):
        found = [rival for rival in ALL if rival.name.casefold().startswith(text.casefold())]
        if not found and not FITTED.name.casefold().startswith(text.casefold()):
            known = "; ".join(rival.name for rival in ALL)
            raise click.BadParameter(
                f"no rival begins with {text!r}; there are: {known}", param_hint="--rivals"
            )
        chosen += [rival for rival in found if rival not in chosen]
    return [FITTED, *chosen]


def _ablations() -> list[Rival]:
    from rung.research.ablation import ABLATIONS
    from rung.research.rivals.fitted import FITTED

    return [FITTED, *ABLATIONS]


def _from_file(path: Path) -> Rival:
    """Rung with the model of a file."""
    from rung.engine.prediction.model import Model
    from rung.errors import InvalidInput
    from rung.research.rivals.fitted import Fitted

    try:
        model = Model.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, InvalidInput) as error:
        raise click.ClickException(f"{path}: {error}") from error
    return Fitted(f"Rung ({path.name})", f"this engine with the model of {path.name}", model=model)


def _write_report(path: Path, done: Sequence[Benchmark], seed: int) -> None:
    from rung.log import replaced
    from rung.research.report import report

    with replaced(path) as file:
        file.write(report(done, seed).encode())


def _tell(results: Sequence[Result], refused: dict[str, str], ceilings: dict[str, Ceiling | None]) -> None:
    from rung.research.labels import people_text

    for result in results:
        folds = f"{result.folds} folds by person" if result.folds > 1 else "one fold"
        click.echo(f"{result.log}: {people_text(result.people)}, {folds}.")
        for note in result.notes:
            click.echo(f"  Only {note}.")
        for target in result.targets:
            _tell_target(target)
        if ceiling := ceilings.get(result.log):
            click.echo(
                f"  With everyone's own weights known beforehand, the RMSE would be {ceiling.rmse:.4f}: "
                "no forecast, but how far one could get by them."
            )
    for reason in refused.values():
        click.echo(reason)
    click.echo(_LEGEND)


def _tell_target(target: TargetResult) -> None:
    from rung.research.labels import TARGETS, columns_of, people_text

    click.echo(f"\n{TARGETS[target.target]}: {target.rows:,} predicted, of {people_text(target.people)}")
    columns = columns_of(target.target)
    told = [entry for entry in target.entries if not entry.left_out]
    if told:
        rows = [[entry.model, *(cell(entry) for _, cell in columns)] for entry in told]
        print_table(["", *(heading for heading, _ in columns)], rows, numbers_from=1)
    for entry in target.entries:
        if entry.left_out:
            click.echo(f"  {entry.model} is left out: {entry.left_out}.")
