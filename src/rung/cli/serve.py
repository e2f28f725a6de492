"""`rung serve`: the app.

However it ends (Ctrl+C, SIGTERM of a service manager), the store is closed: then all is in `rung.db`, and
nothing beside it. A new server that others can reach asks its first visitor for a code that it prints here.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.workers import (
    Plan,
    counting_together,
    end_on_sigterm,
    opened,
    serve_here,
    serve_in_workers,
)
from rung.errors import MissingExtra

if TYPE_CHECKING:
    from rung.web.settings import Settings

__all__ = ["DATABASE_OPTION", "DATA_OPTION", "needing_the_app", "serve_command"]

# Under which name this machine itself finds a server that listens on these.
_NAMES = {"127.0.0.1": "localhost", "0.0.0.0": "localhost", "": "localhost", "::": "[::1]"}  # noqa: S104 (names, nothing is bound to them)

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
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    envvar="RUNG_WORKERS",
    help="Processes that answer requests; more than one with PostgreSQL alone.",
)
def serve_command(
    data: Path,
    database: str | None,
    host: str,
    port: int,
    solo: bool,
    in_browser: bool | None,
    reminds: bool,
    workers: int,
) -> None:
    """Serve the app, on this machine alone unless told otherwise.

    Where others can reach it, a new server asks its first visitor for a code: it stands in the address that
    is printed. With --solo the server makes the account of its one person by itself, and nobody signs in.

    What the operator may set besides: RUNG_COUNTRY (whose crisis line is shown, such as US), RUNG_HOSTS
    (names it may be reached under), RUNG_HTTPS (yes behind a server that speaks https), RUNG_KEY (the key
    that seals texts, instead of the file secret.key in the data folder), RUNG_LOG (text or json: a line for
    every request), RUNG_HEALTH (yes: /healthz and /readyz), RUNG_METRICS (yes or a token: /metrics), and what
    `rung remind --help` names. Every night it makes a backup (`rung backup --help`).

    \b
    Examples
      rung serve
      rung serve --solo
      rung serve --port 8080 --data ~/rung
      rung serve --database postgresql://rung@localhost/rung --workers 4
    """
    with needing_the_app():
        # What is needed later is asked for before anything is made.
        for name in ("uvicorn", "rung.adapters.wiring", "rung.web.main"):
            import_module(name)
        from rung.adapters.logs import kind_of_log
        from rung.app.accounts.people import is_new, solo_account
        from rung.cli.backup import backing_up
        from rung.cli.remind import reminding
        from rung.web.settings import Settings
    settings = _settings_for(host, Settings.from_environment(os.environ), solo)
    plan = Plan(data, database, settings, kind_of_log(os.environ))
    _check_workers(workers, plan)
    end_on_sigterm()
    try:
        with counting_together(plan, workers) as plan, opened(plan) as found:
            is_first = is_new(found.services)
            if solo:
                solo_account(found.services)
            listener = _listener(host, port)
            address = _address(settings, host, listener.getsockname()[1], is_first)
            click.echo(f"Rung is at {address}  (Ctrl+C ends it; data in {data.resolve()})")
            if not _is_local(host):
                click.echo(
                    "It can be reached from other machines: put it behind https, and set RUNG_HOSTS.",
                    err=True,
                )
            if _wants_browser(in_browser):
                click.launch(address)
            with reminding(found.services, reminds), backing_up(found.services):
                if workers > 1:
                    serve_in_workers(plan, found, listener, workers)
                else:
                    serve_here(plan, found, listener)
    except KeyboardInterrupt:
        click.echo("Rung has ended.")


@contextmanager
def needing_the_app() -> Iterator[None]:
    """Say what to install where a package of the app is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "rung":
            raise
        raise MissingExtra("The app", "app") from error


def _check_workers(workers: int, plan: Plan) -> None:
    """Refuse several processes where they would not help."""
    if workers > 1 and plan.settings.solo:
        raise click.ClickException("--solo serves one person by one process: leave out --workers")
    if workers > 1 and plan.is_sqlite:
        raise click.ClickException(
            "Several workers need PostgreSQL: with SQLite one process writes at a time, and the others would "
            "wait for it. Leave out --workers, or name a database with --database postgresql://..."
        )


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
