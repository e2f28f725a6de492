"""What has not changed is not sent again: an ETag on what is read, and 304 for who has it.

Where somebody stands changes with the clock, and has none.
"""

from __future__ import annotations

import hashlib
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["OF_THE_MOMENT", "Etags"]

OF_THE_MOMENT: Final = ("/next-step", "/state")


class Etags:
    """ASGI middleware: marks answers by their content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark what is read, and leave the rest alone."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].endswith(OF_THE_MOMENT):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for one in _marked(held, Headers(scope=scope)):
                    await send(one)

        await self.app(scope, receive, hold)


def _marked(held: list[Message], asked: Headers) -> list[Message]:
    start = held[0]
    if start["status"] != 200:
        return held
    body = b"".join(message.get("body", b"") for message in held[1:])
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["etag"], headers["cache-control"] = mark, "private, no-cache"
    known = [one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")]
    if mark in known or "*" in known:
        for name in ("content-length", "content-type"):
            del headers[name]
        return [{**start, "status": 304, "headers": headers.raw}, {"type": "http.response.body", "body": b""}]
    return [{**start, "headers": headers.raw}, *held[1:]]
