"""The `rung` command: its commands, and how errors are told."""

from __future__ import annotations

import sys

import click

from rung import __version__
from rung.cli.logs import log_group
from rung.cli.next import next_command
from rung.cli.replay import replay_command
from rung.cli.serve import serve_command
from rung.errors import RungError

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="rung")
def cli() -> None:
    """Become able to do one specific thing that you doubt you can do.

    \b
    Examples
      rung serve                                   the app, on this machine alone
      rung log check diary.csv                     is this an evidence log?
      rung replay diary.csv                        what it says of each person
      rung next diary.csv --person ana --ladder talks
      rung export -o me.zip                        everything of yours, as one archive
    """


for command in (serve_command, log_group, replay_command, next_command):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors that Rung raises on purpose are told in one line, without a trace."""
    try:
        cli(prog_name="rung")
    except RungError as error:
        click.echo(f"rung: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
