"""`rung doctor`: what is wrong with a server, where, and what to do."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json
from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rung.app.ports import Finding

__all__ = ["doctor_command"]

_MARKS = {"fine": ("✓", "green"), "note": ("·", "yellow"), "trouble": ("✗", "bright_yellow")}


@click.command("doctor")
@DATA_OPTION
@DATABASE_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def doctor_command(data: Path, database: str | None, as_json: bool) -> None:
    """Look a server over, and say what is wrong, where, and what to do about it.

    Its folder, key, room on the disk, clock and settings; whether the database is whole, of this version, and
    without rows that belong to nothing; whether the key opens every text, and what was derived is what the
    log says; whether the newest backup would restore. It changes nothing, sends nothing, and may run at any
    time. It ends with 1 where there is trouble.

    \b
    Examples
      rung doctor
      rung doctor --data ~/rung
      rung doctor --json
    """
    with needing_the_app():
        from rung.adapters.clock import SystemClock
        from rung.adapters.database import database_address
        from rung.adapters.doctor.examining import examine
    address = database_address(data, database)
    found = examine(data, address, os.environ, SystemClock().now(), is_thorough=True)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        _tell(found)
    if any(one.gravity == "trouble" for one in found):
        sys.exit(1)


def _tell(found: Sequence[Finding]) -> None:
    for one in found:
        mark, colour = _MARKS[one.gravity]
        click.secho(f"{mark} ", fg=colour, nl=False)
        click.echo(f"{one.check}: {one.what}")
        if one.gravity != "fine":
            if one.where:
                click.echo(f"    where  {one.where}")
            click.echo(f"    do     {one.do}")
    count = {gravity: sum(one.gravity == gravity for one in found) for gravity in _MARKS}
    if count["trouble"]:
        things = "one thing is" if count["trouble"] == 1 else f"{count['trouble']} things are"
        click.echo(f"\n{things[0].upper()}{things[1:]} wrong.")
    elif count["note"]:
        things = "One thing is" if count["note"] == 1 else f"{count['note']} things are"
        click.echo(f"\n{things} worth a look; nothing is wrong.")
    else:
        click.echo("\nAll is well.")
