"""The `rung` command."""

from __future__ import annotations

from typing import Any

import click

from rung import __version__
from rung.cli.archives import export_command, import_command
from rung.cli.backup import backup_command
from rung.cli.bench import bench_command
from rung.cli.demo import demo_command
from rung.cli.doctor import doctor_command
from rung.cli.facts import facts_command
from rung.cli.fit import fit_command
from rung.cli.invite import invite_command
from rung.cli.logs import log_group
from rung.cli.mcp import mcp_command
from rung.cli.migrate import migrate_command
from rung.cli.next import next_command
from rung.cli.recover import recover_command
from rung.cli.remind import remind_command
from rung.cli.replay import replay_command
from rung.cli.reseal import reseal_command
from rung.cli.restore import restore_command
from rung.cli.serve import serve_command
from rung.cli.sign_out import sign_out_command
from rung.cli.simulate import simulate_group
from rung.errors import RungError

__all__ = ["cli", "main"]


class _Commands(click.Group):
    """Errors that Rung raises on purpose are told in one line, without a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RungError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="rung")
def cli() -> None:
    """Become able to do one specific thing that you doubt you can do.

    \b
    Examples
      rung serve                                   the app, on this machine alone
      rung demo                                    the same, with three months of somebody made up
      rung remind                                  sends reminders, apart from the app
      rung invite                                  a link for one more person on this server
      rung backup                                  everything on this server, as one file
      rung doctor                                  is all well with this server?
      rung mcp                                     lets an assistant in, as far as a token allows
      rung log check diary.csv                     is this an evidence log?
      rung replay diary.csv                        what it says of each person
      rung next diary.csv --person ana --ladder talks
      rung bench study.csv.gz                      how well Rung and its rivals predict people
      rung fit study.csv.gz -o model.json          what people have in common, learned from logs
      rung recover                                 does a fit find what was put in?
      rung facts                                   does the model behave as people did in the studies?
      rung simulate plan                           made-up people: which next step leads up soonest?
      rung export --person Sam -o sam.zip          everything of yours, as one archive
    """


for command in (
    serve_command,
    demo_command,
    invite_command,
    sign_out_command,
    remind_command,
    backup_command,
    restore_command,
    migrate_command,
    doctor_command,
    reseal_command,
    mcp_command,
    log_group,
    replay_command,
    next_command,
    bench_command,
    fit_command,
    recover_command,
    facts_command,
    simulate_group,
    export_command,
    import_command,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="rung")


if __name__ == "__main__":
    main()
