"""`rung demo`: a data folder with an account as it looks in month three, and the app on it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.progress import bar
from rung.cli.serve import needing_the_app, serve_command

if TYPE_CHECKING:
    from rung.app.ports import Services

__all__ = ["demo_command"]

MARKER = "made-by-rung-demo"
"""A file that says that a demo made the folder: without it nothing is ever deleted."""

_SAYS = "The data in this folder is made up. `rung demo --again` deletes the folder and makes it anew.\n"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("demo")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Folder to make.",
)
@click.option("--again", is_flag=True, help="Make it anew, where a demo made it before.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Another life of Robin.")
@click.option(
    "--days", type=click.IntRange(30, 365), default=90, show_default=True, help="Length of the past."
)
@click.option("--password", help="Robin's password, instead of one that is made up.")
@click.option(
    "--end",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="Moment (UTC) at which the past ends, instead of now.",
)
@click.option("--coach", "is_coach", is_flag=True, help="A coach with thirty people, instead of Robin.")
@click.option("--no-serve", "only_make", is_flag=True, help="Make it, and serve nothing.")
@click.option(
    "--host",
    type=click.Choice(_LOOPBACK),
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on: this machine alone.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one."
)
@click.option("--open/--no-open", "in_browser", default=None, help="Open a browser.")
@click.pass_context
def demo_command(
    ctx: click.Context,
    data: Path,
    again: bool,
    seed: int,
    days: int,
    password: str | None,
    end: datetime | None,
    is_coach: bool,
    only_make: bool,
    host: str,
    port: int,
    in_browser: bool | None,
) -> None:
    """Look around in a made-up account as it stands after three months.

    Robin has a conversation that is nearly had, a talk with a step that was stuck, a first 5 km just begun,
    and a ladder put away. Nobody of it is real. What happened is drawn by chance, with the chances that the
    engine gives; the same seed, days and end make the same account.

    With --coach it is Dr Lee, and thirty people who let Dr Lee in, each with a ladder: to look at the
    caseload. The first of them, Mika, has the same password, to see the other side.

    \b
    Examples
      rung demo
      rung demo --port 8080 --seed 7
      rung demo --again --days 180
      rung demo --coach --data coach-demo
      rung demo --no-serve --data /tmp/robin --password "correct horse"
    """
    _make_room(data, again)
    chosen = password or secrets.token_urlsafe(9)
    ends = datetime.now(UTC) if end is None else end.replace(tzinfo=UTC)
    if is_coach:
        _make_coach(data, chosen, ends, seed, days)
        click.echo(f"{data} holds Dr Lee and {days} days of thirty people, all made up.")
        click.echo(f"Name: Dr Lee   Password: {chosen}   (the caseload is at /coach)")
        click.echo(f"Name: Mika   Password: {chosen}   (one of the thirty)")
    else:
        _make(data, chosen, ends, seed, days)
        click.echo(f"{data} holds {days} days of Robin, all made up.")
        click.echo(f"Name: Robin   Password: {chosen}")
    if only_make:
        click.echo(f"To look around: rung serve --data {data}")
        return
    ctx.invoke(
        serve_command,
        data=data,
        database=None,
        host=host,
        port=port,
        in_browser=in_browser,
        reminds=False,
    )


def _make_room(data: Path, again: bool) -> None:
    """An empty place for the folder, or none; whatever no demo made stays as it is."""
    if not data.exists() or not any(data.iterdir()):
        return
    if not (data / MARKER).is_file():
        raise click.ClickException(
            f"{data} is there, and no demo made it: it stays as it is. Choose another folder with --data"
        )
    if not again:
        raise click.ClickException(
            f"{data} holds a demo already. `rung serve --data {data}` serves it, --again makes it anew"
        )
    if data.is_symlink():
        raise click.ClickException(f"{data} leads somewhere else: name the folder itself with --data")
    shutil.rmtree(data)


def _make(data: Path, password: str, end: datetime, seed: int, days: int) -> None:
    with needing_the_app():
        from rung.app.demonstration import demonstrate
    with _in_folder(data) as services, bar("Three months of Robin", days) as progress:
        demonstrate(services, password, end, seed, days, progress)


def _make_coach(data: Path, password: str, end: datetime, seed: int, days: int) -> None:
    with needing_the_app():
        from rung.app.demonstration.coached import PEOPLE, demonstrate_coach
    with _in_folder(data) as services, bar("Thirty people", len(PEOPLE)) as progress:
        demonstrate_coach(services, password, end, seed, days, progress)


@contextmanager
def _in_folder(data: Path) -> Iterator[Services]:
    """Services on a new folder, which is gone again where something fails: half a past is none."""
    with needing_the_app():
        from rung.adapters.wiring import open_services
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / MARKER).write_text(_SAYS, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{data} cannot be made: {error.strerror}") from error
    services = open_services(data)
    try:
        yield services
    except BaseException:
        services.store.close()
        shutil.rmtree(data, ignore_errors=True)
        raise
    services.store.close()
