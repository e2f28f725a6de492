"""The description of the API (OpenAPI 3.1): what FastAPI makes of the routes, and what holds for all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from rung import __version__
from rung.web.api.etags import OF_THE_MOMENT
from rung.web.api.problems import MEDIA_TYPE, PROBLEMS, Fault, Problem

__all__ = ["PREFIX", "describe", "written"]

PREFIX: Final = "/api/v1"

_ABOUT = """\
Rung helps a person become able to do one specific thing that they doubt they can do, and to believe it on
good evidence. With this interface a program reads and writes on behalf of one person, as far as they let
it.

## A token

The person makes one under **You, Programs**: with a name, with scopes, for all ladders or some, for a year
at most. It is shown once, and sent in each request:

    curl -H "Authorization: Bearer rung_…" https://rung.example.org/api/v1/whoami

Cookies count for nothing here. A scope that is missing is answered with 403, whatever the ids; what the
token is not for, and what belongs to somebody else, looks like what does not exist (404).

| scope | what it opens |
|---|---|
| `read:ladders` | names of ladders and steps, and plans without their words |
| `read:evidence` | the log in numbers, the next step, where the person stands |
| `read:texts` | what the person wrote: about events, and in plans |
| `write:evidence` | append to the log, and take back |
| `write:ladders` | make and change ladders, steps and plans |

## What is sent twice

What is made goes by an id of your choosing (a UUID): sent again with the same content, it is made once. Or
send an `Idempotency-Key` with a POST: for 24 hours the same key brings the same answer, marked
`Idempotency-Replayed`. The same key with something else in the request is refused (422); while the first
one is still being done, 409.

## Pages

Lists come in pages. `next_cursor` of one page is `cursor` of the next; the header `Link` has the whole
address. A cursor names a place in the order of the list: what comes in meanwhile moves nothing.

## How often

300 requests a minute for each token and worker of the server. `RateLimit` says what is left, 429 and
`Retry-After` when to go on. A request has at most 512 KiB. What is read carries an `ETag`, and
`If-None-Match` saves sending it again.

## Numbers

Shares are 0 to 1, difficulties are in logits, times are in UTC. An estimate comes with its band, `low` to
`high`, and with `missing` where too little is known to show it. No number is about the person as a whole.

## What goes wrong

Every error is `application/problem+json` (RFC 9457): `detail` says what is wrong, `faults` where,
`what_to_do` what helps.
"""

_TAGS: Final = [
    {"name": "whoami", "description": "For whom a token acts."},
    {
        "name": "ladders",
        "description": "The graded steps towards one thing that somebody doubts they can do.",
    },
    {"name": "steps", "description": "The rungs of a ladder, easiest first."},
    {
        "name": "standing",
        "description": "Where the person stands, what comes next, and logging as the pages do it.",
    },
    {
        "name": "events",
        "description": "The evidence log, in the columns of its format (version 1.0).",
    },
    {
        "name": "texts",
        "description": "What the person wrote. It is sealed in the database, and opened for you.",
    },
    {"name": "plans", "description": "When, where and how a step is to be done."},
]

_HEADERS: Final = {
    "RateLimit": ("What is left", '"token";r=299;t=60'),
    "RateLimit-Policy": ("How much there is", '"token";q=300;w=60'),
}
_KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key brings the same answer for 24 hours: up to 200 visible ASCII characters",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
_MATCH_PARAMETER: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what you have: 304 where it has not changed",
    "schema": {"type": "string"},
    "example": '"0123456789abcdef0123456789abcdef"',
}


def describe(api: FastAPI) -> dict[str, Any]:
    """The whole description."""
    told = get_openapi(
        title="Rung",
        version=__version__,
        openapi_version="3.1.0",
        summary="Ladders, evidence and the next step of one person, for programs that they let in.",
        description=_ABOUT,
        routes=api.routes,
        tags=_TAGS,
        servers=[{"url": PREFIX, "description": "This server"}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = told["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for model in (Problem, Fault):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        components["schemas"][model.__name__] = schema
    components["responses"] = {_name(status): _problem(status) for status in PROBLEMS}
    components["parameters"] = {"IdempotencyKey": _KEY_PARAMETER, "IfNoneMatch": _MATCH_PARAMETER}
    components["headers"] = {
        name: {"description": about, "schema": {"type": "string"}, "example": example}
        for name, (about, example) in _HEADERS.items()
    }
    for path, method, operation in _operations(told):
        _complete(path, method, operation)
    return told


def written(api: FastAPI) -> str:
    """The description as a file."""
    return json.dumps(describe(api), indent=2, ensure_ascii=False) + "\n"


def _operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    is_marked = method == "get" and not path.endswith(OF_THE_MOMENT)
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    for response in responses.values():
        response["headers"] = dict(headers)
    if is_marked:
        responses["200"]["headers"]["ETag"] = {"schema": {"type": "string"}}
        responses["304"] = {"description": "It has not changed", "headers": dict(headers)}
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IfNoneMatch"})
    if method == "post":
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
        responses["201"]["headers"]["Idempotency-Replayed"] = {
            "description": "`true` where this was answered before",
            "schema": {"type": "string"},
        }
    statuses = [400, 401, 421, 422, 429, 500, 503]
    statuses += [403] if any(operation["security"][0].values()) else []
    statuses += [404] if "{" in path or method == "post" or "domain" in str(operation["parameters"]) else []
    statuses += [409] if method in ("post", "patch", "delete") else []
    statuses += [413] if method in ("post", "patch") else []
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    operation["responses"] = dict(sorted(responses.items()))


def _name(status: int) -> str:
    return PROBLEMS[status].name.title().replace("-", "")


def _problem(status: int) -> dict[str, Any]:
    kind = PROBLEMS[status]
    example = {
        "type": f"urn:rung:problem:{kind.name}",
        "title": kind.title,
        "status": status,
        "detail": kind.title,
        "instance": f"{PREFIX}/ladders",
        "what_to_do": kind.what_to_do,
        "faults": [],
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"{kind.title}. {kind.what_to_do}",
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }
