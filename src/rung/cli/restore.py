"""`rung restore`: a backup takes the place of everything, after it was proved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.backup import counted, plain
from rung.cli.output import print_json
from rung.cli.progress import bar
from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app
from rung.errors import StoreUnavailable

if TYPE_CHECKING:
    from rung.adapters.database import DatabaseStore

__all__ = ["restore_command"]


@click.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@DATA_OPTION
@DATABASE_OPTION
@click.option("--check", "only_check", is_flag=True, help="Prove that it restores, and change nothing.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON; needs --yes, or --check.")
def restore_command(
    file: Path, data: Path, database: str | None, only_check: bool, is_sure: bool, as_json: bool
) -> None:
    """Put a backup in the place of everything on the server; it may run meanwhile.

    FILE is a file of `rung backup`, or the name of one in the folder of the backups. It may be of SQLite or
    PostgreSQL, and of an older Rung. First it is read from end to end, built up on the side, brought up to
    date, and opened with the key; then what is there is kept as a backup; then one transaction replaces all.

    What was taken back since then (a passkey, an invitation, what a coach may see) is there again: look
    through it. Who is signed in stays so.

    \b
    Examples
      rung restore rung-2026-11-25T02-00-00Z-nightly.zip --check
      rung restore rung-2026-11-25T02-00-00Z-nightly.zip
      rung restore /media/stick/rung-2026-11-25T09-30-00Z-asked.zip --data ~/rung
      rung restore FILE --database postgresql://rung@localhost/rung --yes
    """
    with needing_the_app():
        from rung.adapters.backups.archive import opened_archive
        from rung.adapters.backups.folder import BackupFolder
        from rung.adapters.backups.operations import check_file, restore_file
        from rung.adapters.backups.settings import BackupSettings
        from rung.adapters.clock import SystemClock
        from rung.adapters.doctor.patient import key_place, vault_at
    if as_json and not (is_sure or only_check):
        raise click.UsageError("With --json nothing is asked: say --yes as well, or --check")
    settings = BackupSettings.from_environment(data, os.environ)
    folder = BackupFolder(settings.folder)
    path = file if file.exists() or file.parent != Path() else folder.place(file.name)
    try:
        vault = vault_at(data, os.environ)
    except StoreUnavailable as error:
        raise click.ClickException(
            f"{error}. A backup holds no key: put the key of its server into "
            f"{key_place(data, os.environ)} first"
        ) from error
    with opened_archive(path, vault) as archive:
        manifest = archive.manifest
    with bar("Proving it", manifest.rows) as show, folder.locked():
        checked = check_file(path, folder, vault, _adding(show))
    if not as_json:
        click.echo(
            f"The backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC is whole: "
            f"{counted(manifest.people, manifest.rows)}, and the key opens its texts "
            f"({checked.texts - checked.unreadable:,})."
        )
        if checked.unreadable:
            click.echo(
                f"{checked.unreadable:,} texts do not open: they were damaged before it was made.", err=True
            )
    if only_check:
        if as_json:
            print_json({**plain(checked.backup), "texts": checked.texts, "unreadable": checked.unreadable})
        return
    if not is_sure:
        click.confirm("It takes the place of everything that is there now. Restore it?", abort=True)
    with _opened(data, database) as store, bar("Restoring", manifest.rows) as show:
        now = SystemClock().now()
        done = restore_file(path, store, folder, vault, now, _adding(show))
    if as_json:
        print_json({"restored": plain(done.backup), "before": plain(done.before) if done.before else None})
        return
    click.echo("Restored.")
    if done.before:
        click.echo(f"What was there before is in {(folder.path / done.before.name).resolve()}.")


@contextmanager
def _opened(data: Path, database: str | None) -> Iterator[DatabaseStore]:
    """The database to restore into, made where there is none."""
    from rung.adapters.database import DatabaseStore
    from rung.adapters.wiring import open_services

    try:
        services = open_services(data, database)
    except StoreUnavailable as error:
        raise click.ClickException(
            f"{error}. If it cannot be mended: stop Rung, move rung.db and what begins with its name "
            "aside (or make an empty PostgreSQL database), and restore again"
        ) from error
    try:
        if isinstance(services.store, DatabaseStore):
            yield services.store
    finally:
        services.store.close()


def _adding(show: Callable[[int], None]) -> Callable[[int], None]:
    """A progress that is told of further rows, for a bar that is told of all rows so far."""
    done = 0

    def further(rows: int) -> None:
        nonlocal done
        done += rows
        show(done)

    return further
