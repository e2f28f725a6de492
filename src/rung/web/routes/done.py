"""Where somebody goes on after signing in, and what was just done to the ways in.

That is told once, by a cookie: a mere link must not say such things.
"""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from rung.web.cookies import forget, keep
from rung.web.site import Site, go

__all__ = ["ONWARD", "START", "WAYS", "forget_done", "go_and_say", "say", "what_was_done"]

START = "/start"
"""Where somebody new goes on."""
WAYS = "/you/sign-in"
ONWARD = {"data": "/data", "server": "/server", "tokens": "/you/tokens", "webhooks": "/you/webhooks"}
"""Where somebody goes on who was asked to confirm; everybody else to the ways in."""
_DONE = "rung-done"
_SECONDS = 60


def say(site: Site, response: Response, what: str) -> Response:
    """Let the page with the ways in say what was done."""
    keep(site, response, _DONE, what, _SECONDS, path=WAYS)
    return response


def go_and_say(site: Site, what: str) -> Response:
    """Send the browser to the ways in, which say what was done."""
    return say(site, go(WAYS), what)


def what_was_done(request: Request) -> str:
    """What the browser is to be told; empty where it was told."""
    return request.cookies.get(_DONE, "")


def forget_done(site: Site, response: Response) -> Response:
    """It is told."""
    forget(site, response, _DONE, path=WAYS)
    return response
