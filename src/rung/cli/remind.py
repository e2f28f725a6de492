"""`rung remind`: the worker that sends reminders, as a process of its own.

`rung serve` has one already, in the background. Any number may run at once: each message is sent by one.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app

if TYPE_CHECKING:
    from rung.app.ports import Services

__all__ = ["remind_command", "reminding"]

_LAST_WORDS = 20.0
"""Seconds that a message under way has to come to its end when the server stops."""


@click.command("remind")
@DATA_OPTION
@DATABASE_OPTION
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
def remind_command(data: Path, database: str | None, once: bool) -> None:
    """Send reminders when they are due, until Ctrl+C or SIGTERM.

    `rung serve` does so by itself, unless it is started with --no-reminders.

    What the operator may set: RUNG_SMTP (smtp://name:password@host:port or smtps://) and RUNG_MAIL_FROM for
    e-mail, RUNG_ADDRESS (where links in messages lead).

    \b
    Examples
      rung remind
      rung remind --once
      rung remind --database postgresql://rung@localhost/rung
    """
    with needing_the_app():
        from rung.adapters.logs import kind_of_log, logging_as
        from rung.adapters.wiring import open_services
        from rung.app.reminding.delivering import deliver_due, deliver_until
        from rung.app.webhooks_telling import tell_due
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    with logging_as(kind_of_log(os.environ)):
        services = open_services(data, database, create=False)
        try:
            if once:
                deliver_due(services, stop)
                tell_due(services, stop)
            else:
                click.echo("Rung reminds.  (Ctrl+C ends it)")
                with telling(services, stop):
                    deliver_until(services, stop)
        finally:
            services.store.close()


@contextmanager
def reminding(services: Services, is_on: bool = True) -> Iterator[None]:
    """Send reminders in the background, until the block ends."""
    from rung.app.reminding.delivering import deliver_until

    if not is_on:
        yield
        return
    stop = threading.Event()
    worker = threading.Thread(target=deliver_until, args=(services, stop), name="reminders", daemon=True)
    worker.start()
    try:
        with telling(services, stop):
            yield
    finally:
        stop.set()
        worker.join(_LAST_WORDS)


@contextmanager
def telling(services: Services, stop: threading.Event) -> Iterator[None]:
    """Send messages to programs in the background; a program that answers slowly holds up no reminder."""
    from rung.app.webhooks_telling import tell_until

    worker = threading.Thread(target=tell_until, args=(services, stop), name="webhooks", daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(_LAST_WORDS)
