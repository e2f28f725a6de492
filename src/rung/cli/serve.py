"""`rung serve`: the app.

However it ends (Ctrl+C, SIGTERM of a service manager), the store is closed: then all is in `rung.db`, and
nothing beside it. A new server that others can reach asks its first visitor for a code that it prints here.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rung.errors import MissingExtra

if TYPE_CHECKING:
    from rung.web.settings import Settings

__all__ = ["DATABASE_OPTION", "DATA_OPTION", "needing_the_app", "serve_command"]

# Under which name this machine itself finds a server that listens on these.
_NAMES = {"127.0.0.1": "localhost", "0.0.0.0": "localhost", "": "localhost", "::": "[::1]"}  # noqa: S104 (names, nothing is bound to them)

# No access log: who read what is nobody's business, and addresses hold ids.
# When the server is told to stop, a request under way has five seconds to come to its end.
_QUIETLY: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": 5,
}

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
    "--solo",
    is_flag=True,
    help="For one person on this machine alone: nobody signs in. Whoever can use this machine can use it.",
)
@click.option(
    "--open/--no-open",
    "in_browser",
    default=None,
    help="Open a browser; as a rule, on a terminal with a screen.",
)
@click.option(
    "--reminders/--no-reminders",
    "reminds",
    default=True,
    envvar="RUNG_REMINDERS",
    help="Send reminders as well; without, `rung remind` does.",
)
def serve_command(
    data: Path,
    database: str | None,
    host: str,
    port: int,
    solo: bool,
    in_browser: bool | None,
    reminds: bool,
) -> None:
    """Serve the app, on this machine alone unless told otherwise.

    Where others can reach it, a new server asks its first visitor for a code: it stands in the address that
    is printed. With --solo the server makes the account of its one person by itself, and nobody signs in.

    What the operator may set besides: RUNG_COUNTRY (whose crisis line is shown, such as US), RUNG_HOSTS
    (names it may be reached under), RUNG_HTTPS (yes behind a server that speaks https), RUNG_KEY (the key
    that seals texts, instead of the file secret.key in the data folder), and what `rung remind --help` names.

    \b
    Examples
      rung serve
      rung serve --solo
      rung serve --port 8080 --data ~/rung
      rung serve --database postgresql://rung@localhost/rung
    """
    with needing_the_app():
        import uvicorn

        from rung.adapters.wiring import open_services
        from rung.app.accounts.people import is_new, solo_account
        from rung.cli.remind import reminding
        from rung.web.main import create_app
        from rung.web.settings import Settings
    settings = _settings_for(host, Settings.from_environment(os.environ), solo)
    # As it stands the signal ends the process on the spot; so it unwinds, and the store is closed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    services = open_services(data, database)
    try:
        is_first = is_new(services)
        if solo:
            solo_account(services)
        listener = _listener(host, port)
        address = _address(settings, host, listener.getsockname()[1], is_first)
        click.echo(f"Rung is at {address}  (Ctrl+C ends it; data in {data.resolve()})")
        if not _is_local(host):
            click.echo(
                "It can be reached from other machines: put it behind https, and set RUNG_HOSTS.", err=True
            )
        if _wants_browser(in_browser):
            click.launch(address)
        config = uvicorn.Config(create_app(services, settings), **_QUIETLY)
        with reminding(services, reminds):
            uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        click.echo("Rung has ended.")
    finally:
        services.store.close()


@contextmanager
def needing_the_app() -> Iterator[None]:
    """Say what to install where a package of the app is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "rung":
            raise
        raise MissingExtra("The app", "app") from error


def _settings_for(host: str, settings: Settings, solo: bool) -> Settings:
    """The settings of a server at this address: its own name is one of ours, and a code keeps a new one.

    A server with a name of its own (RUNG_HOSTS) is reached through another one in front of it.
    """
    from rung.web.settings import LOCAL_HOSTS

    is_alone = _is_local(host) and settings.allowed_hosts == LOCAL_HOSTS
    if solo and not is_alone:
        raise click.ClickException(
            "--solo asks nobody to sign in, so it serves this machine alone: leave out --host and RUNG_HOSTS"
        )
    hosts = (*settings.allowed_hosts, _in_address(host))
    code = "" if is_alone else secrets.token_hex(8)
    return replace(settings, allowed_hosts=hosts, welcome_code=code, solo=solo)


def _address(settings: Settings, host: str, port: int, is_new: bool) -> str:
    """Where a browser finds the server: under a name that it answers to."""
    page = ""
    if is_new and settings.welcome_code:
        page = f"welcome?code={settings.welcome_code}"
    elif is_new and settings.solo:
        page = "start"
    return f"http://{_in_address(host)}:{port}/{page}"


def _in_address(host: str) -> str:
    """The host as browsers write it."""
    if host in _NAMES:
        return _NAMES[host]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower()
    return f"[{address}]" if address.version == 6 else str(address)


def _is_local(host: str) -> bool:
    """True where this machine alone can reach the address."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


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
