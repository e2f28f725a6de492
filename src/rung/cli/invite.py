"""`rung invite`: a link with which one more person makes an account on a server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

if TYPE_CHECKING:
    from rung.web.settings import Settings

__all__ = ["invite_command"]


@click.command("invite")
@click.option(
    "--address",
    metavar="URL",
    help="Where browsers reach the server; as a rule what RUNG_HOSTS and RUNG_HTTPS say, or this machine.",
)
@DATA_OPTION
@DATABASE_OPTION
def invite_command(address: str | None, data: Path, database: str | None) -> None:
    """Print a link with which one more person makes an account.

    It is good once, and for seven days. Somebody must have an account already: the link stands among the open
    invitations of whoever came first, who can take it back. The server may be running.

    \b
    Examples
      rung invite
      rung invite --address https://rung.example.org --data ~/rung
    """
    with needing_the_app():
        from rung.adapters.wiring import open_services
        from rung.app.accounts.invitations import invite_as_operator
        from rung.web.settings import Settings as WebSettings
    base = _checked(address) if address else _usual(WebSettings.from_environment(os.environ))
    services = open_services(data, database, create=False)
    try:
        code = invite_as_operator(services)
    finally:
        services.store.close()
    click.echo(f"{base}/join?code={code}")
    click.echo("Good for one person, and for seven days. It is shown this once.", err=True)


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise click.BadParameter("write it like https://rung.example.org", param_hint="--address")
    return f"{parts.scheme}://{parts.netloc}"


def _usual(settings: Settings) -> str:
    from rung.web.settings import LOCAL_HOSTS

    own = settings.allowed_hosts[len(LOCAL_HOSTS) :]
    host = own[0] if own else f"localhost:{os.environ.get('RUNG_PORT', '8000')}"
    return f"{'https' if settings.https else 'http'}://{host}"
