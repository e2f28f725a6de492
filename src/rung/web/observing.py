"""Around the whole application: an id for each request, a line in the log, a count, the operator's addresses.

Nothing here tells who did what. A request goes by the template of its route (`/ladders/{ladder_id}`), never
by its path; there is no address of a browser, no query, no name. What raises is logged once, under the id
that the answer carries as `X-Request-ID`: whoever reports a failure can name it, and the operator finds it.

The addresses for the operator answer before the guards, since whoever probes a server rarely knows its name:

- `/healthz`: the process lives.
- `/readyz`: the database answers, and its tables are those of this version.
- `/metrics`: numbers for Prometheus; for a token, or under the names that Rung answers to.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rung.adapters.logs import REQUEST
from rung.web.settings import Settings

__all__ = ["METRICS", "Metrics", "Observing", "Operator"]

_log = logging.getLogger("rung.requests")

METRICS = "/metrics"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE = "none"
"""For what no route took: a wrong address, or what the guards refused."""
_NOT_OURS = "other"
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Metrics(Protocol):
    """Keeps count, over all processes of the server."""

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Take a request in; its status is 0 where there was no answer."""

    def told(self) -> tuple[bytes, str]:
        """Everything as text, and the media type of that."""


@dataclass(frozen=True, slots=True)
class Operator:
    """What the operator is told; all of it is off unless it is asked for."""

    logs_requests: bool = False
    has_health: bool = False
    metrics: Metrics | None = None
    token: str = ""
    """Who has it may read the metrics; empty: whoever reaches them under a name of the server's."""
    why_not_ready: Callable[[], str] | None = None
    """Says in a few words why no request could be answered; empty where all is well."""


class Observing:
    """ASGI middleware around everything else, the page for what went wrong included."""

    def __init__(self, app: ASGIApp, settings: Settings, operator: Operator) -> None:
        self.app = app
        self.settings = settings
        self.operator = operator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application do so."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = await self._for_operator(scope)
        if answer is not None:
            await answer(scope, receive, send)
            return
        await self._observed(scope, receive, send)

    async def _observed(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, request_id, status, is_noted = perf_counter(), secrets.token_hex(8), 0, False

        def note() -> None:
            nonlocal is_noted
            if not is_noted:
                is_noted = True
                self._note(_route(scope), _method(scope), status, perf_counter() - begun)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                # Before the end is sent: whoever has an answer finds it counted.
                note()
            await send(message)

        mark = REQUEST.set(request_id)
        try:
            await self.app(scope, receive, noted)
        except Exception:
            _log.exception("A request failed", extra={"route": _route(scope), "method": _method(scope)})
            if not status:
                raise
        finally:
            note()
            REQUEST.reset(mark)

    def _note(self, route: str, method: str, status: int, seconds: float) -> None:
        if self.operator.metrics is not None:
            self.operator.metrics.count(route, method, status, seconds)
        if self.operator.logs_requests:
            told = {
                "route": route,
                "method": method,
                "status": status,
                "duration_ms": round(seconds * 1000, 1),
            }
            _log.info("request", extra={"event": "request", **told})

    async def _for_operator(self, scope: Scope) -> Response | None:
        """The answer at an address of the operator's; None where this is none, or it is switched off."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        operator, path = self.operator, scope["path"]
        if operator.has_health and path == "/healthz":
            return _said(200, "alive")
        if operator.has_health and path == "/readyz":
            why = "" if operator.why_not_ready is None else await run_in_threadpool(operator.why_not_ready)
            return _said(503 if why else 200, why or "ready")
        if operator.metrics is not None and path == METRICS:
            status = self._refusal(Headers(scope=scope))
            if status:
                headers = {"www-authenticate": "Bearer"} if status == 401 else {}
                return _said(status, "refused", headers)
            content, media_type = await run_in_threadpool(operator.metrics.told)
            return Response(content, headers={**_HEADERS, "content-type": media_type})
        return None

    def _refusal(self, headers: Headers) -> int:
        if self.operator.token:
            sent = headers.get("authorization", "").encode()
            return 0 if secrets.compare_digest(sent, f"Bearer {self.operator.token}".encode()) else 401
        name, colon, port = headers.get("host", "").lower().rpartition(":")
        host = name if colon and port.isdigit() else headers.get("host", "").lower()
        return 0 if host in self.settings.allowed_hosts else 421


def _said(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{words}\n", status, headers={**_HEADERS, **(headers or {})})


def _route(scope: Scope) -> str:
    """The template of the route that took the request, with where its part of the application is mounted."""
    path = getattr(scope.get("route"), "path", None)
    return _NO_ROUTE if path is None else f"{scope.get('root_path', '')}{path}"


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else _NOT_OURS
