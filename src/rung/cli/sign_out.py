"""`rung sign-out`: end sessions, from whoever runs the server."""

from __future__ import annotations

from pathlib import Path

import click

from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

__all__ = ["sign_out_command"]


@click.command("sign-out")
@click.option("--person", metavar="NAME", help="Whose sessions end.")
@click.option("--everybody", is_flag=True, help="All sessions on this server end.")
@DATA_OPTION
@DATABASE_OPTION
def sign_out_command(person: str | None, everybody: bool, data: Path, database: str | None) -> None:
    """End the sessions of one person, or of everybody: for a phone that was lost, or after a break-in.

    They sign in again as before. Tokens of programs stay: their person takes those back. The server may be
    running.

    \b
    Examples
      rung sign-out --person Sam
      rung sign-out --everybody --data ~/rung
    """
    if (person is None) is not everybody:
        raise click.UsageError("Say whose sessions end: --person NAME, or --everybody")
    with needing_the_app():
        from rung.adapters.wiring import open_services
        from rung.app.accounts.sessions import sign_out_as_operator
    services = open_services(data, database, create=False)
    try:
        count = sign_out_as_operator(services, person)
    finally:
        services.store.close()
    click.echo(
        f"Signed out everywhere: {person or 'everybody'} ({count} account{'s' if count != 1 else ''})."
    )
