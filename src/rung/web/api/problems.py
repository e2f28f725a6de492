"""Errors as programs read them: problem+json (RFC 9457) that says what is wrong, where, and what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rung.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RefusedGoal,
    RungError,
    StoreUnavailable,
)

__all__ = ["MEDIA_TYPE", "PROBLEMS", "Fault", "Problem", "problem", "problem_of", "register"]

_log = logging.getLogger("rung.web")

MEDIA_TYPE: Final = "application/problem+json"


class _Kind(NamedTuple):
    """One kind of problem, by its status."""

    name: str
    title: str
    what_to_do: str


PROBLEMS: Final[Mapping[int, _Kind]] = {
    400: _Kind("bad-request", "The request cannot be read", "Send JSON in UTF-8."),
    401: _Kind(
        "no-token",
        "There is no good token",
        "Send the header Authorization: Bearer rung_…, with a token from the page You, Programs.",
    ),
    403: _Kind(
        "not-in-scope",
        "The token is not for this",
        "Make a token that has the scope, and is for the ladders, under You, Programs.",
    ),
    404: _Kind(
        "not-found",
        "There is nothing here",
        "Look at the ids: what your token may not see looks like what does not exist.",
    ),
    405: _Kind("no-such-method", "This address knows no such method", "Look at the header Allow."),
    409: _Kind("conflict", "It is not as you think it is", "Read it as it is now, and then decide again."),
    413: _Kind("too-large", "The request is too large", "Send less at once: up to 512 KiB."),
    421: _Kind("wrong-host", "Rung does not answer to that name", "Use the name that Rung was set up for."),
    422: _Kind("invalid", "Something in the request does not fit", "Look at the faults, and send it anew."),
    429: _Kind("too-many-requests", "Too many requests", "Wait as long as Retry-After says."),
    500: _Kind("our-fault", "Something went wrong on the server", "Ask once more, with the same id or key."),
    503: _Kind("unavailable", "Rung cannot reach its memory", "Nothing was stored. Ask again in a minute."),
}

_TALK = "Let the person choose another goal. Crisis lines for their country stand on the page /about."


class Fault(BaseModel):
    """One thing that does not fit."""

    where: str = Field(description="Where it stands", examples=["body.steps.0"])
    what: str = Field(description="What is wrong with it", examples=["Input should be a valid string"])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:rung:problem:not-found",
                    "title": "There is nothing here",
                    "status": 404,
                    "detail": "There is no such ladder",
                    "instance": "/api/v1/ladders/6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11",
                    "what_to_do": PROBLEMS[404].what_to_do,
                    "faults": [],
                }
            ]
        }
    )

    type: str = Field(description="The kind of problem, as a URN", examples=["urn:rung:problem:not-found"])
    title: str = Field(description="The kind of problem, in words")
    status: int = Field(description="The HTTP status", examples=[404])
    detail: str = Field(description="What is wrong here, in words")
    instance: str = Field(description="The path that was asked")
    what_to_do: str = Field(description="What helps")
    faults: list[Fault] = Field(description="Each thing that does not fit, where that can be told")


def problem(
    request: Request,
    status: int,
    detail: str = "",
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
    what_to_do: str = "",
) -> Response:
    """The answer that tells a problem."""
    kind = PROBLEMS.get(status) or PROBLEMS[500 if status >= 500 else 400]
    told = Problem(
        type=f"urn:rung:problem:{kind.name}",
        title=kind.title,
        status=status,
        detail=detail or kind.title,
        instance=request.url.path,
        what_to_do=what_to_do or kind.what_to_do,
        faults=list(faults),
    )
    # What was sent may hold halves of characters, which no encoding knows.
    content = json.dumps(told.model_dump(), ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, dict(headers or {}), MEDIA_TYPE)


def register(api: FastAPI) -> None:
    """Give every error its answer."""
    api.add_exception_handler(RungError, problem_of)
    api.add_exception_handler(HTTPException, _on_http)
    api.add_exception_handler(RequestValidationError, _on_invalid)
    api.add_exception_handler(500, lambda request, error: problem(request, 500))


def problem_of(request: Request, error: Exception) -> Response:
    """The answer to an error of Rung's."""
    match error:
        case RefusedGoal():
            return problem(request, 422, str(error), what_to_do=_TALK)
        case InvalidInput():
            return problem(request, 422, str(error))
        case NotFound():
            return problem(request, 404, str(error))
        case NotAllowed():
            headers = {"www-authenticate": 'Bearer error="insufficient_scope"'}
            return problem(request, 403, str(error), headers=headers)
        case Conflict():
            return problem(request, 409, str(error))
        case StoreUnavailable():
            return problem(request, 503)
    # The words are for whoever runs the server.
    _log.error("%s: %s", type(error).__name__, error)
    return problem(request, 500)


def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(request, error.status_code, headers=error.headers)


def _on_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        Fault(where=".".join(map(str, fault["loc"])), what=str(fault["msg"])) for fault in error.errors()
    ]
    is_path = any(fault["loc"][0] == "path" for fault in error.errors())
    return problem(request, 404 if is_path else 422, faults=faults[:50])
