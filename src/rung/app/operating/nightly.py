"""The worker that makes a backup every night, at two by the clock of the server.

A night that was missed, because the server was off, is made up for soon after the start. Several servers on
one folder make one backup between them. An empty server makes none.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Protocol

from rung.app.ports import Backup, Services
from rung.errors import RungError

__all__ = ["Stop", "back_up_until", "back_up_when_due", "due_before"]

_log = logging.getLogger("rung.backups")
_HOUR = time(2)
_FIRST_WAIT = timedelta(minutes=1)
"""What the start of a server is left in peace."""
_LONGEST_WAIT = timedelta(minutes=15)


class Stop(Protocol):
    """Tells when to stop, as `threading.Event` does."""

    def is_set(self) -> bool:
        """True once it is time."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until then, or for as many seconds."""


def due_before(now: datetime) -> datetime:
    """The last night's hour before a moment, by the clock of the machine."""
    here = now.astimezone()
    due = datetime.combine(here.date(), _HOUR).astimezone()
    return due if due <= here else datetime.combine(here.date() - timedelta(days=1), _HOUR).astimezone()


def back_up_when_due(services: Services) -> Backup | None:
    """Make last night's backup, unless it is there, switched off, or nobody has an account."""
    operations = services.operations
    if operations is None or not operations.keeps:
        return None
    with services.store.reading() as tx:
        if not tx.people.any():
            return None
    return operations.back_up_nightly(due_before(services.clock.now()))


def back_up_until(services: Services, stop: Stop) -> None:
    """Make the backup of every night, until told to stop."""
    stop.wait(_FIRST_WAIT.total_seconds())
    while not stop.is_set():
        try:
            back_up_when_due(services)
        except RungError as error:
            _log.error("No backup was made: %s", error)
        except Exception:
            # Whatever it is, a worker that has ended would make no backup any more.
            _log.exception("No backup was made")
        stop.wait(_LONGEST_WAIT.total_seconds())
