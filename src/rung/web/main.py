"""The web application, put together from its parts."""

from __future__ import annotations

import inspect
from typing import Any

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from rung.app.accounts import people
from rung.app.ports import Services
from rung.errors import StoreUnavailable
from rung.web import api, failures
from rung.web.guards import Guards, Knows
from rung.web.routes import ALL
from rung.web.settings import Settings
from rung.web.site import Site

__all__ = ["create_app"]


def create_app(services: Services, settings: Settings | None = None) -> FastAPI:
    """The application over these services; nothing is read from the environment here."""
    site = Site(services, settings or Settings())
    # No schema and no schema browser is served: the browser would fetch scripts from elsewhere.
    app = FastAPI(title="Rung", openapi_url=None, default_response_class=HTMLResponse, **_quiet())
    app.state.site = site
    for router in ALL:
        app.include_router(router)
    app.mount(api.PREFIX, api.create_api(services, **_quiet()))
    failures.register(app, site)
    refuse, knows = api.refuser(failures.refuser(site)), _knower(services)
    app.add_middleware(Guards, settings=site.settings, refuse=refuse, knows=knows)
    return app


def _knower(services: Services) -> Knows:
    def knows(token: str) -> bool:
        try:
            return people.whoami(services, token) is not None
        except StoreUnavailable:
            return False

    return knows


def _quiet() -> dict[str, Any]:
    """The arguments that switch FastAPI's own telemetry off, in the versions that have it: Rung has none."""
    if "telemetry" not in inspect.signature(FastAPI).parameters:
        return {}
    return {
        "telemetry": dict.fromkeys(("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False)
    }
