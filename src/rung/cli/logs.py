"""`rung log`: looking at evidence logs as files."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json
from rung.cli.progress import bar

if TYPE_CHECKING:
    from rung.log import Check

__all__ = ["log_group"]


@click.group("log")
def log_group() -> None:
    """Look at evidence logs as files."""


@log_group.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check_command(files: tuple[str, ...], as_json: bool) -> None:
    """Say what a log holds, or everything that is wrong with it.

    FILE is CSV, CSV.gz, JSON Lines or Parquet. Every fault is told with its line, column and reason. Ends
    with exit status 1 where a file has faults.

    \b
    Examples
      rung log check diary.csv
      rung log check study/*.csv.gz --json
    """
    from rung.log import check_log

    findings = []
    for file in files:
        with bar(f"Checking {file}", _size(file)) as done:
            findings.append(check_log(file, progress=done))
    if as_json:
        print_json(findings)
    else:
        for check in findings:
            _tell(check)
    sys.exit(0 if all(check.is_valid for check in findings) else 1)


def _size(file: str) -> int:
    return os.path.getsize(file) if os.path.isfile(file) else 1


def _tell(check: Check) -> None:
    for fault in check.faults:
        click.echo(str(fault))
    if check.is_valid:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in check.kinds.items() if count)
        people = f"{check.people:,} {'person' if check.people == 1 else 'people'}"
        click.echo(f"{check.file}: a good log. {people}, {check.rows:,} rows: {kinds or 'no events'}.")
        if check.duplicates:
            click.echo(f"  {check.duplicates:,} rows repeat an earlier event and count once.")
        if check.extras:
            click.echo(f"  Columns beyond the format, kept and not used: {', '.join(check.extras)}.")
        return
    if check.fault_count > len(check.faults):
        click.echo(f"{check.file}: and {check.fault_count - len(check.faults):,} more like these.")
    faults = f"{check.fault_count:,} fault{'' if check.fault_count == 1 else 's'}"
    click.echo(f"{check.file}: refused, {faults}. Nothing of it is used until they are mended.")
