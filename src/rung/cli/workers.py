"""The processes that answer requests: this one, or several that share its socket.

With several, this process answers none itself. It brought the database up to date before the first of them
started, sends the reminders, starts a worker anew that ended by itself, and ends when it is told to, after
all of them. Where this process is killed, the workers see the pipe to it close, and end as well.
"""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from socket import socket
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rung.adapters.metrics import PrometheusMetrics
    from rung.app.ports import Services
    from rung.web.settings import Settings

__all__ = ["Plan", "counting_together", "end_on_sigterm", "opened", "serve_here", "serve_in_workers"]

# No access log of the server's: it holds addresses and paths. Rung's own says less (`rung.web.observing`).
# When the server is told to stop, a request under way has five seconds to come to its end.
# Idle connections outlast those of a server in front (nginx: 60 s), or it would send into a closed one.
_QUIETLY: dict[str, Any] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": 5,
    "timeout_keep_alive": 75,
}
_LAST_WORDS = 15.0
"""Seconds that workers have to end before they are killed: more than a request under way has."""
_MOST_ENDS, _WITHIN = 5, 60.0
"""So many workers that end by themselves within these seconds, and the server ends: it is broken."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What every process of a server needs to know."""

    data: Path
    database: str | None
    settings: Settings
    log: str = ""
    """How logs are written: `text`, `json`, or empty for warnings alone."""
    counts_in: Path | None = None
    """The folder in which several processes count together."""

    @property
    def is_sqlite(self) -> bool:
        """True where the database is a file."""
        from rung.adapters.database import database_address

        return database_address(self.data, self.database).get_backend_name() == "sqlite"


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a process works with."""

    services: Services
    metrics: PrometheusMetrics | None


def end_on_sigterm() -> None:
    """Let SIGTERM unwind: as it stands it ends the process on the spot, and the store would not be closed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@contextmanager
def opened(plan: Plan, *, create: bool = True) -> Iterator[_Opened]:
    """Logs, database and counters of this process, until the block ends."""
    from rung.adapters.logs import logging_as
    from rung.adapters.wiring import open_services

    with logging_as(plan.log):
        services = open_services(plan.data, plan.database, create=create)
        try:
            yield _counted(services, plan)
        finally:
            services.store.close()


def _counted(services: Services, plan: Plan) -> _Opened:
    """The services, with counters around them where there are to be metrics."""
    from rung.adapters.database import DatabaseStore

    if not plan.settings.metrics:
        return _Opened(services, None)
    from rung.adapters.metrics import PrometheusMetrics

    metrics = PrometheusMetrics(plan.counts_in)
    if isinstance(services.store, DatabaseStore):
        metrics.watch(services.store.engine)
    return _Opened(replace(services, senders=metrics.counting(services.senders)), metrics)


def serve_here(plan: Plan, found: _Opened, listener: socket, alive: Connection | None = None) -> None:
    """Answer requests in this process, until it is told to stop or `alive` is closed at its other end."""
    import uvicorn

    from rung.adapters.database import DatabaseStore
    from rung.adapters.database.readiness import readiness
    from rung.web.main import create_app
    from rung.web.observing import Observing, Operator

    store = found.services.store
    operator = Operator(
        logs_requests=bool(plan.log),
        has_health=plan.settings.health,
        metrics=found.metrics,
        token=plan.settings.metrics_token,
        why_not_ready=readiness(store.engine) if isinstance(store, DatabaseStore) else None,
    )
    app = Observing(create_app(found.services, plan.settings), plan.settings, operator)
    server = uvicorn.Server(uvicorn.Config(app, **_QUIETLY))
    if alive is not None:
        threading.Thread(target=_end_with, args=(alive, server), daemon=True).start()
    server.run(sockets=[listener])


def serve_in_workers(plan: Plan, found: _Opened, listener: socket, count: int) -> None:
    """Answer requests in so many processes, until this one is told to stop."""
    context = multiprocessing.get_context("spawn")
    ours: dict[int, tuple[SpawnProcess, Connection]] = {}
    ended: deque[float] = deque(maxlen=_MOST_ENDS)
    try:
        while True:
            while len(ours) < count:
                theirs, end = context.Pipe(duplex=False)
                process = context.Process(target=_worker, args=(plan, listener, theirs), daemon=True)
                process.start()
                theirs.close()
                ours[process.sentinel] = (process, end)
            wait(list(ours))
            for sentinel in [one for one, (process, _end) in ours.items() if not process.is_alive()]:
                process, end = ours.pop(sentinel)
                end.close()
                process.join()
                if found.metrics is not None:
                    found.metrics.forget(process.pid or 0)
                ended.append(monotonic())
            if len(ended) == _MOST_ENDS and ended[-1] - ended[0] < _WITHIN:
                raise click.ClickException("The workers end as soon as they have begun: see above for why")
    finally:
        # A second signal would cut the end short.
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, signal.SIG_IGN)
        _end_all([process for process, _end in ours.values()])


@contextmanager
def counting_together(plan: Plan, workers: int) -> Iterator[Plan]:
    """The plan with a folder for the counters, where several processes need one."""
    if workers < 2 or not plan.settings.metrics:
        yield plan
        return
    folder = Path(tempfile.mkdtemp(prefix="rung-metrics-"))
    try:
        yield replace(plan, counts_in=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _worker(plan: Plan, listener: socket, alive: Connection) -> None:
    end_on_sigterm()
    with suppress(KeyboardInterrupt), opened(plan, create=False) as found:
        serve_here(plan, found, listener, alive)


def _end_with(alive: Connection, server: Any) -> None:
    """Stop the server once the other end of the pipe is closed: its process has ended."""
    with suppress(EOFError, OSError):
        alive.recv_bytes()
    server.should_exit = True


def _end_all(workers: list[SpawnProcess]) -> None:
    for worker in workers:
        worker.terminate()
    by = monotonic() + _LAST_WORDS
    for worker in workers:
        worker.join(max(0.0, by - monotonic()))
        if worker.is_alive():
            worker.kill()
            worker.join()
