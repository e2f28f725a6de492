"""What every request of a program passes: its token, its allowance, and whether it asked the same before.

The token in the header Authorization is all that counts: no cookie is read here.
"""

from __future__ import annotations

import json
import re
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rung.app.accounts.tokens import find_token
from rung.app.ports import KeptAnswer, Services, Token
from rung.app.programs import repeating
from rung.errors import Conflict, InvalidInput, RungError
from rung.web.api.problems import problem, problem_of
from rung.web.limits import Limits

__all__ = ["OPEN", "Door", "bearer_of"]

OPEN: Final = frozenset({"/openapi.json"})
"""What anybody may read: it says what there is to ask, and nothing of anybody."""
_KEY: Final = re.compile("[!-~]{1,200}")
_KEPT_HEADERS: Final = ("content-type", "location", "etag")


def bearer_of(headers: Headers) -> str:
    """The token that a request shows; empty where it shows none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


class Door:
    """ASGI middleware of the API alone."""

    def __init__(self, app: ASGIApp, services: Services, limits: Limits) -> None:
        self.app = app
        self.services = services
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a program in that has a token, and tell the others why not."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) in OPEN:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        secret = bearer_of(request.headers)
        try:
            token = await run_in_threadpool(find_token, self.services, secret)
        except RungError as error:
            await problem_of(request, error)(scope, receive, send)
            return
        if token is None:
            await _not_let_in(request, bool(secret))(scope, receive, send)
            return
        allowance = self.limits.ask(token.id)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(allowance.headers)
            await send(message)

        if allowance.left < 0:
            wait = {"retry-after": str(allowance.seconds)}
            detail = f"This token has asked too often: wait {allowance.seconds} seconds"
            await problem(request, 429, detail, headers=wait)(scope, receive, told)
            return
        scope["state"] = {**scope.get("state", {}), "token": token, "key": ""}
        if scope["method"] == "POST" and "idempotency-key" in request.headers:
            await self._once(request, token, receive, told)
        else:
            await self.app(scope, receive, told)

    async def _once(self, request: Request, token: Token, receive: Receive, send: Send) -> None:
        """Answer what was asked before as it was answered then."""
        scope, key = request.scope, request.headers["idempotency-key"]
        if not _KEY.fullmatch(key):
            told = "The Idempotency-Key has a character that it cannot have, or more than 200 of them"
            await problem(request, 422, told)(scope, receive, send)
            return
        try:
            body = await _whole(receive)
            asked = f"{scope['method']} {request.url.path}?{request.url.query}\n".encode() + body
            kept = await run_in_threadpool(repeating.begin, self.services, token, key, asked)
        except HTTPException as error:
            await problem(request, error.status_code)(scope, receive, send)
            return
        except (Conflict, InvalidInput) as error:
            wait = {"retry-after": "1"} if isinstance(error, Conflict) else None
            status = 409 if isinstance(error, Conflict) else 422
            await problem(request, status, str(error), headers=wait)(scope, receive, send)
            return
        except RungError as error:
            await problem_of(request, error)(scope, receive, send)
            return
        if kept.answer is not None:
            await _again(kept.answer)(scope, receive, send)
            return
        scope["state"]["key"] = key
        await self._first(scope, kept, body, send)

    async def _first(self, scope: Scope, kept: KeptAnswer, body: bytes, send: Send) -> None:
        """Answer for the first time, and keep the answer where something was made."""
        answered: list[Message] = []

        async def replayed() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def caught(message: Message) -> None:
            answered.append(message)

        try:
            await self.app(scope, replayed, caught)
            status = answered[0]["status"]
            if 200 <= status < 300:
                await run_in_threadpool(repeating.finish, self.services, kept, _written(answered))
            else:
                await run_in_threadpool(repeating.give_up, self.services, kept)
        except BaseException:
            await run_in_threadpool(repeating.give_up, self.services, kept)
            raise
        for message in answered:
            await send(message)


def _not_let_in(request: Request, has_shown: bool) -> Response:
    if has_shown:
        told = "This token is none, was taken back, or has expired"
        headers = {"www-authenticate": 'Bearer realm="Rung", error="invalid_token"'}
    else:
        told, headers = "The request has no token", {"www-authenticate": 'Bearer realm="Rung"'}
    return problem(request, 401, told, headers=headers)


async def _whole(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise HTTPException(400)
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _written(answered: list[Message]) -> str:
    headers = Headers(raw=answered[0]["headers"])
    body = b"".join(message.get("body", b"") for message in answered[1:])
    return json.dumps(
        {
            "status": answered[0]["status"],
            "headers": {name: headers[name] for name in _KEPT_HEADERS if name in headers},
            "body": body.decode(),
        }
    )


def _again(answer: str) -> Response:
    kept = json.loads(answer)
    return Response(kept["body"], kept["status"], {**kept["headers"], "idempotency-replayed": "true"})
