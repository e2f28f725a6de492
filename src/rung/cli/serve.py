"""`rung serve`: the app."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

__all__ = ["DATABASE_OPTION", "DATA_OPTION", "serve_command"]

_LOCAL = ("127.0.0.1", "::1", "localhost")

DATA_OPTION = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    envvar="RUNG_DATA_FOLDER",
    help="Folder of the database and the key.",
)
DATABASE_OPTION = click.option(
    "--database",
    metavar="URL",
    envvar="RUNG_DATABASE",
    help="A PostgreSQL database (postgresql://...) instead of SQLite in the data folder.",
)


@click.command("serve")
@DATA_OPTION
@DATABASE_OPTION
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="RUNG_HOST", help="Address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    envvar="RUNG_PORT",
    help="0: any free one.",
)
@click.option(
    "--open/--no-open",
    "in_browser",
    default=None,
    help="Open a browser; as a rule, on a terminal with a screen.",
)
def serve_command(data: Path, database: str | None, host: str, port: int, in_browser: bool | None) -> None:
    """Serve the app, on this machine alone unless told otherwise.

    What the operator may set besides: RUNG_COUNTRY (whose crisis line is shown, such as US), RUNG_HOSTS
    (names it may be reached under), RUNG_HTTPS (yes behind a server that speaks https), RUNG_KEY (the key
    that seals texts, instead of the file secret.key in the data folder).

    \b
    Examples
      rung serve
      rung serve --port 8080 --data ~/rung
      rung serve --database postgresql://rung@localhost/rung
    """
    import uvicorn

    from rung.adapters.wiring import open_services
    from rung.web.main import create_app
    from rung.web.settings import Settings

    services = open_services(data, database)
    try:
        app = create_app(services, Settings.from_environment(os.environ))
        listener = _listener(host, port)
        address = f"http://{'localhost' if host in _LOCAL else host}:{listener.getsockname()[1]}/"
        click.echo(f"Rung is at {address}  (Ctrl+C ends it; data in {data.resolve()})")
        if host not in _LOCAL:
            click.echo(
                "It can be reached from other machines: put it behind https, and set RUNG_HOSTS.", err=True
            )
        if _wants_browser(in_browser):
            click.launch(address)
        # No access log: who read what is nobody's business, and addresses hold ids.
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        services.store.close()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host} port {port} ({error.strerror}): choose another with --port"
        ) from error


def _wants_browser(asked: bool | None) -> bool:
    if asked is not None:
        return asked
    return sys.stdout.isatty() and (sys.platform in ("darwin", "win32") or "DISPLAY" in os.environ)
