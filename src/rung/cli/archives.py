"""`rung export` and `rung import`: everything of one person, out and in again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json
from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

if TYPE_CHECKING:
    from rung.app.model import PersonId
    from rung.app.ports import Services

__all__ = ["export_command", "import_command"]

_PERSON = click.option("--person", metavar="NAME", required=True, help="The name that they sign in with.")


@click.command("export")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write."
)
@_PERSON
@DATA_OPTION
@DATABASE_OPTION
def export_command(output: Path, person: str, data: Path, database: str | None) -> None:
    """Write everything of one person into one archive: log, ladders, texts, plans, reminders, preferences.

    The archive is not encrypted: keep it where nobody else reads. Its log.csv is an evidence log, which
    `rung replay` reads.

    \b
    Examples
      rung export --person Sam -o sam.zip
      rung export --person Sam -o sam.zip --data ~/rung
    """
    from rung.app.keeping.archive import export_archive

    with _opened(data, database, person) as (services, actor):
        archive = export_archive(services, actor)
    _write(output, archive)
    click.echo(f"Wrote {output} ({len(archive):,} bytes). Anyone who has it can read it.")


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@_PERSON
@DATA_OPTION
@DATABASE_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print what came in as JSON.")
def import_command(file: Path, person: str, data: Path, database: str | None, as_json: bool) -> None:
    """Bring in an archive of `rung export`, or the evidence log of one person.

    FILE is .zip, or .csv, .jsonl, .csv.gz, .jsonl.gz. What is there already stays; what came in before comes
    in no second time. A file with faults changes nothing.

    \b
    Examples
      rung import sam.zip --person Sam
      rung import diary.csv --person Sam --data ~/rung
    """
    from rung.app.keeping.archive import import_archive, import_log

    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from error
    with _opened(data, database, person) as (services, actor):
        if file.suffix.lower() == ".zip":
            came = import_archive(services, actor, content)
        else:
            came = import_log(services, actor, content, file.name)
    if as_json:
        print_json(asdict(came))
    else:
        new = f"{_counted(came.ladders, 'ladder')} and {_counted(came.events, 'event')}"
        click.echo(f"{new} came in, {came.known:,} were known.")
        if came.plans or came.reminders:
            beside = f"{_counted(came.plans, 'plan')} and {_counted(came.reminders, 'reminder')}"
            click.echo(f"{beside} came with them.")


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


@contextmanager
def _opened(data: Path, database: str | None, name: str) -> Iterator[tuple[Services, PersonId]]:
    with needing_the_app():
        from rung.adapters.wiring import open_services
        from rung.app.accounts.people import account_named

    # Whoever means another folder finds nothing made in this one.
    services = open_services(data, database, create=False)
    try:
        yield services, account_named(services, name).id
    finally:
        services.store.close()


def _write(path: Path, content: bytes) -> None:
    """Write for the owner's eyes alone, whole or not at all."""
    try:
        # A file of its own, which nobody else made before or can read.
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}-", suffix=".unfinished")
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(unfinished)
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> click.ClickException:
    return click.ClickException(f"{path} cannot be written: {error.strerror}")
