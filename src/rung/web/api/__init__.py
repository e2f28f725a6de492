"""The interface for programs, under /api/v1: an application of its own beside the pages."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from rung.app.ports import Services
from rung.web.api import problems
from rung.web.api.description import PREFIX, written
from rung.web.api.door import Door
from rung.web.api.etags import Etags
from rung.web.api.problems import problem
from rung.web.api.routes import ALL
from rung.web.guards import Refuse
from rung.web.limits import MOST, Limits

__all__ = ["PREFIX", "create_api", "refuser"]


def create_api(services: Services, most: int = MOST, **options: Any) -> FastAPI:
    """The interface over these services; `most` is how many requests a minute a token has."""
    # No schema browser is served: the reader's browser would fetch scripts from elsewhere.
    api = FastAPI(title="Rung", openapi_url=None, docs_url=None, redoc_url=None, **options)
    api.state.services = services
    for router in ALL:
        api.include_router(router)
    problems.register(api)
    # It takes a while to write, and is written where somebody asks.
    description = cache(lambda: written(api))
    api.add_api_route("/openapi.json", lambda: _json(description()), include_in_schema=False)
    # The last one added is the first that a request passes.
    api.add_middleware(Etags)
    api.add_middleware(Door, services=services, limits=Limits(services.clock, most))
    return api


def refuser(pages: Refuse) -> Refuse:
    """What the guards refuse, told to programs as a problem, and to everybody else as a page."""

    def refused(request: Request, status: int) -> Response:
        if not request.url.path.startswith("/api/"):
            return pages(request, status)
        if status == 403:
            # Without a token, and not from a page of ours: nothing that a program should do.
            headers = {"www-authenticate": 'Bearer realm="Rung"'}
            return problem(request, 401, "The request has no token", headers=headers)
        return problem(request, status)

    return refused


def _json(content: str) -> Response:
    return Response(content, media_type="application/json")
