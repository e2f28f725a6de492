"""What every request passes before a page sees it: host, origin, size; and the headers every answer carries.

- Host: only names on the list, so that a foreign name for this machine (DNS rebinding) gets nothing.
- Origin: a request that changes something must come from a page of ours. Browsers say so in `Sec-Fetch-Site`
  and `Origin`, and scripts cannot forge either; a request with neither is refused too.
- Size: a body over the limit is refused by its declared length, or while it is read. An archive may be large,
  but from a browser that sends a session's cookie alone: nobody else's is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rung.web.settings import Settings

__all__ = ["Guards", "Refuse", "secure"]

Refuse = Callable[[Request, int], Response]
"""Makes the page for a refusal from its status."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Final = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


def secure(headers: MutableHeaders, settings: Settings) -> None:
    """Put the headers of every answer where they are not set yet."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if settings.https:
        headers.setdefault("strict-transport-security", "max-age=31536000")


class Guards:
    """ASGI middleware that holds the three checks and sets the headers."""

    def __init__(self, app: ASGIApp, settings: Settings, refuse: Refuse) -> None:
        self.app = app
        self.settings = settings
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message), self.settings)
            await send(message)

        status = self._refusal(scope)
        if status:
            await self.refuse(Request(scope), status)(scope, receive, secured)
        else:
            await self.app(scope, _limited(receive, self._limit(scope)), secured)

    def _refusal(self, scope: Scope) -> int:
        headers = Headers(scope=scope)
        if _name_of(headers.get("host", "")) not in self.settings.allowed_hosts:
            return 421
        if scope["method"] not in SAFE_METHODS and not _is_ours(headers, self.settings.https):
            return 403
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) <= self._limit(scope):
            return 0
        return 413 if _has_session(scope, self.settings) else 401

    def _limit(self, scope: Scope) -> int:
        is_archive = scope["path"] == "/data/archive" and _has_session(scope, self.settings)
        return self.settings.largest_archive if is_archive else self.settings.largest_form


def _has_session(scope: Scope, settings: Settings) -> bool:
    return settings.cookie in Request(scope).cookies


def _name_of(host: str) -> str:
    """The host without its port, in lower case."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


def _is_ours(headers: Headers, https: bool) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    # "none": the person reloads a page that they had sent; it says nothing of where the form stood.
    if site not in (None, "none", "same-origin"):
        return False
    if origin is None:
        return site == "same-origin"
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.netloc == headers.get("host") and (parts.scheme == "https" or not https)


def _limited(receive: Receive, limit: int) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise HTTPException(413)
        return message

    return limited
