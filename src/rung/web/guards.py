"""What every request passes before a page sees it (host, origin, size, language), and what answers carry.

- Host: only names on the list, so that a foreign name for this machine (DNS rebinding) gets nothing.
- Origin: a request that changes something must come from a page of ours. Browsers say so in `Sec-Fetch-Site`
  and `Origin`, and scripts cannot forge either; a request with neither is refused too.
  What programs send under /api shows a token instead, which no browser adds of itself; no cookie counts.
- Characters: a body is in UTF-8. What other encodings can hold, no page could show again.
- Bounds: a request that says in two ways where it ends is refused, and its connection is closed: a server in
  front of Rung could see the end elsewhere, and take what follows for somebody else's request.
- Size: a body over the limit is refused by its declared length, or while it is read. An archive may be large,
  but is read of whoever is signed in alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rung.web.settings import Settings
from rung.words import Speech, best_language, language_of, speaking

__all__ = ["API", "SAFE_METHODS", "Guards", "Knows", "Refuse", "secure"]

Refuse = Callable[[Request, int], Response]
"""Makes the page for a refusal from its status."""

Knows = Callable[[str], bool]
"""Whether the token of a session is good."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

API = "/api/"
"""Where programs ask; what they send shows a token, and no cookie counts there."""
_LONGEST_LENGTH = 20
"""Digits of a body's length, beyond which it is none."""
_UTF_8 = re.compile(r'charset="?utf-?8"?(?=$|[\s;])')

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
    """ASGI middleware that holds the checks and sets the headers."""

    def __init__(self, app: ASGIApp, settings: Settings, refuse: Refuse, knows: Knows) -> None:
        self.app = app
        self.settings = settings
        self.refuse = refuse
        self.knows = knows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message), self.settings)
            await send(message)

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["connection"] = "close"
            await secured(message)

        with _speaking_to(Request(scope), self.settings):
            status, limit = self._refusal(scope), self.settings.largest_form
            if not status:
                limit = await self._limit(scope)
                status = _too_large(scope, limit, self.settings)
            if status:
                answer = closing if status == 400 else secured
                await self.refuse(Request(scope), status)(scope, receive, answer)
            else:
                await self.app(scope, _limited(receive, limit), secured)

    def _refusal(self, scope: Scope) -> int:
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers and "content-length" in headers:
            return 400
        if _name_of(headers.get("host", "")) not in self.settings.allowed_hosts:
            return 421
        is_change = scope["method"] not in SAFE_METHODS
        if is_change and not _is_program(scope, headers) and not _is_ours(headers, self.settings.https):
            return 403
        if "charset" in _UTF_8.sub("", headers.get("content-type", "").lower()):
            return 400
        return 0

    async def _limit(self, scope: Scope) -> int:
        """How much may come; an archive is read of whoever is signed in alone."""
        if scope["path"] == "/data/archive" and scope["method"] not in SAFE_METHODS:
            token = Request(scope).cookies.get(self.settings.cookie, "")
            if self.settings.solo or (token and await run_in_threadpool(self.knows, token)):
                return self.settings.largest_archive
        return self.settings.largest_form


def _too_large(scope: Scope, limit: int, settings: Settings) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    if length.isdecimal() and len(length) < _LONGEST_LENGTH and int(length) <= limit:
        return 0
    is_known = settings.solo or scope["path"].startswith(API) or settings.cookie in Request(scope).cookies
    return 413 if is_known else 401


def _speaking_to(request: Request, settings: Settings) -> AbstractContextManager[Speech]:
    """Speak the language that the visitor chose, or else the browser's; tell times by the browser's clock."""
    code = request.cookies.get(settings.language_cookie, "")
    language = language_of(code) or best_language(request.headers.get("accept-language", ""))
    return speaking(language.code, request.cookies.get(settings.zone_cookie, "").replace("%2F", "/"))


def _name_of(host: str) -> str:
    """The host without its port, in lower case."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


def _is_program(scope: Scope, headers: Headers) -> bool:
    """True for what shows a token where no cookie counts: no browser does that by itself."""
    return scope["path"].startswith(API) and headers.get("authorization", "").lower().startswith("bearer ")


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
