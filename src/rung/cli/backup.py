"""`rung backup`: a backup of everything, now; and the nightly one of `rung serve`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json, print_table
from rung.cli.progress import bar
from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

if TYPE_CHECKING:
    from rung.app.ports import Backup, Services

__all__ = ["backing_up", "backup_command", "bytes_in_words", "counted", "plain"]

_LAST_WORDS = 20.0
"""Seconds that a backup under way has to come to its end when the server stops."""


@click.command("backup")
@DATA_OPTION
@DATABASE_OPTION
@click.option(
    "--to",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into, instead of backups in the data folder.",
)
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(1),
    help="Delete all but the newest N that were made by this command.",
)
@click.option("--list", "only_list", is_flag=True, help="List the backups that are there, and make none.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def backup_command(
    data: Path, database: str | None, to: Path | None, keep: int | None, only_list: bool, as_json: bool
) -> None:
    """Make a backup of everything on the server, while it runs.

    The file holds every account, and fits SQLite and PostgreSQL alike. It does not hold the key: texts in it
    stay sealed, and without the key they can never be read again. Keep a copy of the key (secret.key in the
    data folder, or RUNG_KEY) in another place than the backups.

    `rung serve` makes a backup every night by itself and keeps 14 (RUNG_BACKUPS, RUNG_BACKUP_FOLDER).

    \b
    Examples
      rung backup
      rung backup --list
      rung backup --to /media/stick --keep 30
      rung backup --json --database postgresql://rung@localhost/rung
    """
    with needing_the_app():
        from rung.adapters.backups.folder import BackupFolder
        from rung.adapters.backups.moving import rows_stored
        from rung.adapters.backups.opening import opened_database
        from rung.adapters.backups.operations import back_up
        from rung.adapters.clock import SystemClock
        from rung.adapters.doctor.patient import key_place
        from rung.app.ports import Reason
    import os

    with opened_database(data, database) as found:
        folder = BackupFolder(to or found.settings.folder)
        if only_list:
            _list(folder.backups(), folder.path, as_json)
            return
        with folder.locked(), bar("Backing up", rows_stored(found.engine)) as show:
            done = 0

            def progress(rows: int) -> None:
                nonlocal done
                done += rows
                if done % 1000 == 0:
                    show(done)

            now = SystemClock().now()
            made = back_up(found.engine, folder, found.vault, Reason.ASKED, now, progress)
            gone = folder.prune(frozenset({Reason.ASKED}), keep) if keep else []
    path = (folder.path / made.name).resolve()
    key = key_place(data, os.environ)
    if as_json:
        print_json({**plain(made), "path": str(path), "key": key, "deleted": gone})
        return
    click.echo(f"Wrote {path} ({bytes_in_words(made.size)}: {counted(made.people, made.rows)}).")
    if gone:
        click.echo(f"Deleted {len(gone)} older {'one' if len(gone) == 1 else 'ones'}.")
    click.echo(f"The key is not in it. It is in {key}: keep a copy of it in another place.")


def _list(backups: list[Backup], folder: Path, as_json: bool) -> None:
    if as_json:
        print_json([plain(one) for one in backups])
    elif not backups:
        click.echo(f"There is no backup in {folder.resolve()}.")
    else:
        rows = [
            [one.name, f"{one.people:,}", f"{one.rows:,}", bytes_in_words(one.size), one.release]
            for one in backups
            if not one.fault
        ]
        print_table(["file", "people", "rows", "size", "Rung"], rows, numbers_from=1)
        for one in backups:
            if one.fault:
                click.echo(f"{one.name}: {one.fault}.", err=True)


def counted(people: int, rows: int) -> str:
    """How much a backup holds.

    >>> counted(1, 1), counted(2, 1000)
    ('one person, one row', '2 people, 1,000 rows')
    """
    accounts = "one person" if people == 1 else f"{people:,} people"
    return f"{accounts}, {'one row' if rows == 1 else f'{rows:,} rows'}"


def plain(backup: Backup) -> dict[str, object]:
    """A backup as JSON tells it."""
    return {
        "file": backup.name,
        "made_at": backup.made_at.isoformat(),
        "reason": backup.reason.value,
        "bytes": backup.size,
        "people": backup.people,
        "rows": backup.rows,
        "revision": backup.revision,
        "release": backup.release,
        "fault": backup.fault,
    }


def bytes_in_words(size: float) -> str:
    """A size for people to read.

    >>> bytes_in_words(5_681), bytes_in_words(73 * 1024**2)
    ('5.5 KiB', '73.0 MiB')
    """
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


@contextmanager
def backing_up(services: Services) -> Iterator[None]:
    """Make the backup of every night in the background, until the block ends."""
    from rung.app.operating.nightly import back_up_until

    stop = threading.Event()
    worker = threading.Thread(target=back_up_until, args=(services, stop), name="backups", daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(_LAST_WORDS)
