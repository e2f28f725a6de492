"""`rung migrate`: from SQLite to PostgreSQL, or back."""

from __future__ import annotations

from pathlib import Path

import click

from rung.cli.output import print_json, print_table
from rung.cli.progress import bar
from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

__all__ = ["migrate_command"]


@click.command("migrate")
@click.option(
    "--to",
    "target",
    metavar="URL",
    required=True,
    help="postgresql://..., or sqlite:FOLDER for rung.db in a data folder. It must be empty.",
)
@DATA_OPTION
@DATABASE_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print rows and checksums as JSON.")
def migrate_command(target: str, data: Path, database: str | None, as_json: bool) -> None:
    """Move everything to another database: SQLite to PostgreSQL, or back.

    Stop Rung first: what is written meanwhile would stay behind. Every table is counted and compared by its
    SHA-256; nothing is changed where it comes from. The key stays where it is, and is needed as before.

    \b
    Examples
      rung migrate --to postgresql://rung@localhost/rung
      rung migrate --database postgresql://rung@localhost/rung --to sqlite:data
    """
    with needing_the_app():
        from rung.adapters.backups.moving import move, rows_to_move, target_address
        from rung.adapters.backups.opening import opened_database
    from rung.errors import Conflict

    with opened_database(data, database) as found:
        address = target_address(target)
        if address == found.address:
            raise Conflict("That is the database which is moved from: name another one")
        with bar("Moving", rows_to_move(found.engine)) as show:
            done = 0

            def progress(rows: int) -> None:
                nonlocal done
                done += rows
                show(done)

            sums = move(found.engine, address, progress)
    if as_json:
        print_json({name: {"rows": told.rows, "sha256": told.sha256} for name, told in sums.items()})
        return
    rows = [[name, told.sha256[:12], f"{told.rows:,}"] for name, told in sums.items() if told.rows]
    print_table(["table", "SHA-256, equal on both sides", "rows"], rows, numbers_from=2)
    total = sum(told.rows for told in sums.values())
    click.echo(
        f"Moved {total:,} {'row' if total == 1 else 'rows'}. Where they came from nothing was changed."
    )
    if address.get_backend_name() == "sqlite":
        place = Path(address.database or "").parent
        click.echo(f"From now on start Rung with --data {place}, and without --database and RUNG_DATABASE.")
        if place.resolve() != data.resolve():
            click.echo(f"Copy secret.key from {data} to {place}, unless you use RUNG_KEY.")
    else:
        click.echo("From now on start Rung with --database, or set RUNG_DATABASE to it.")
