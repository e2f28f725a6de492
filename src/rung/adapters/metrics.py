"""Numbers for Prometheus, over all processes of a server; nothing in them is about a person.

Labels are templates of routes, methods, classes of status, kinds of error and of outcome: there are as many
series as there are pages, however many people use them. Several processes write into files of one folder,
which prometheus-client adds up whenever somebody asks any of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from rung.app.ports import Letter, Mail, Outcome, Push, Senders, Sent, Subscription
from rung.errors import MissingExtra

__all__ = ["PrometheusMetrics"]

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder to prometheus-client, which reads it once: it must be set before the package is loaded."""

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_MEMORY = Path("/proc/self/statm")

_Note = Callable[[Outcome], None]


class PrometheusMetrics:
    """Counters and a histogram, in this process or in a folder that several share."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None:
            os.environ[_FOLDER] = str(folder)
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        except ModuleNotFoundError as error:
            raise MissingExtra("Metrics", "metrics") from error
        self._folder = folder
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "rung_requests",
            "Requests that were answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "rung_request_duration_seconds",
            "How long answers took.",
            ("route", "method"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._errors = Counter(
            "rung_database_errors",
            "Errors that the database's driver raised.",
            ("kind",),
            registry=registry,
        )
        self._reminders = Counter(
            "rung_reminders",
            "Messages that were handed to a mail server or push service.",
            ("way", "outcome"),
            registry=registry,
        )
        self._memory = Gauge(
            "rung_resident_memory_bytes",
            "Memory that all processes of the server hold, as each told when it last did something.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._note_memory()

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Take a request in."""
        self._requests.labels(route, method, f"{status // 100}xx" if status else "none").inc()
        self._seconds.labels(route, method).observe(seconds)
        self._note_memory()

    def told(self) -> tuple[bytes, str]:
        """Everything as text, and the media type of that."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        self._note_memory()
        if self._folder is None:
            return generate_latest(self._registry), CONTENT_TYPE_LATEST
        whole = CollectorRegistry()
        MultiProcessCollector(whole, path=str(self._folder))  # type: ignore[no-untyped-call]  # has no types
        return generate_latest(whole), CONTENT_TYPE_LATEST

    def watch(self, database: Engine) -> None:
        """Count what the driver of this database raises."""

        def note(context: ExceptionContext) -> None:
            raised = context.sqlalchemy_exception or context.original_exception
            self._errors.labels(type(raised).__name__).inc()

        event.listen(database, "handle_error", note)

    def counting(self, senders: Senders) -> Senders:
        """The same senders, with every message counted."""
        mail = _CountingMail(senders.mail, self._note("mail")) if senders.mail else None
        push = _CountingPush(senders.push, self._note("push")) if senders.push else None
        return replace(senders, mail=mail, push=push)

    def forget(self, process: int) -> None:
        """Leave out what a process that has ended held of memory."""
        from prometheus_client.multiprocess import mark_process_dead

        if self._folder is not None:
            mark_process_dead(process, str(self._folder))  # type: ignore[no-untyped-call]  # has no types

    def _note(self, way: str) -> _Note:
        def note(outcome: Outcome) -> None:
            self._reminders.labels(way, outcome.name.lower()).inc()
            self._note_memory()

        return note

    def _note_memory(self) -> None:
        try:
            pages = int(_MEMORY.read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            # Only Linux tells it there.
            return
        self._memory.set(pages * os.sysconf("SC_PAGE_SIZE"))


@dataclass(frozen=True)
class _CountingMail:
    mail: Mail
    note: _Note

    def send(self, letter: Letter, to: str) -> Sent:
        try:
            sent = self.mail.send(letter, to)
        except Exception:
            self.note(Outcome.REFUSED)
            raise
        self.note(sent.outcome)
        return sent


@dataclass(frozen=True)
class _CountingPush:
    push: Push
    note: _Note

    @property
    def public_key(self) -> str:
        return self.push.public_key

    def check(self, subscription: Subscription) -> None:
        self.push.check(subscription)

    def send(self, letter: Letter, to: Subscription) -> Sent:
        try:
            sent = self.push.send(letter, to)
        except Exception:
            self.note(Outcome.REFUSED)
            raise
        self.note(sent.outcome)
        return sent
