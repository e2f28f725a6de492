"""Every error as a friendly page: the one error tree, mapped to HTTP once.

No page tells whether something exists that one may not see.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rung.app import people
from rung.errors import (
    Conflict,
    EventOutOfOrder,
    InvalidInput,
    NotAllowed,
    NotFound,
    RefusedGoal,
    RungError,
    SealBroken,
    SignInFailed,
    StoreUnavailable,
)
from rung.web.guards import Refuse
from rung.web.site import SignInNeeded, Site, go

__all__ = ["refuser", "register", "status_of"]

_log = logging.getLogger("rung.web")

_STATUS: tuple[tuple[type[RungError], int], ...] = (
    (InvalidInput, 422),
    (NotFound, 404),
    (NotAllowed, 403),
    (SignInFailed, 403),
    (EventOutOfOrder, 409),
    (Conflict, 409),
    (StoreUnavailable, 503),
    (SealBroken, 500),
    (RungError, 500),
)


class _Page(NamedTuple):
    title: str
    words: str


_NOT_HERE = _Page(
    "There is nothing here", "The address may have a typing mistake in it, or what was here is gone."
)
_OUR_FAULT = _Page(
    "Something went wrong on our side", "What you sent may not have been kept. Go back and try once more."
)
_FOREIGN = _Page(
    "That did not come from a page of Rung",
    "To keep you safe, Rung takes changes from its own pages alone. Open Rung again, and do it there.",
)
_PAGES = {
    400: _Page("That could not be read", "The form came incomplete. Go back and send it once more."),
    401: _Page("Sign in first", "That is large, and Rung reads it of people who are signed in alone."),
    403: _Page("That is not yours to do", "Whoever it belongs to can do it, or let you."),
    404: _NOT_HERE,
    405: _NOT_HERE,
    409: _Page("It has changed in the meantime", "Look at it as it is now, and then decide again."),
    413: _Page("That is too large", "Send less of it at once."),
    421: _Page(
        "Rung does not answer to that name",
        "Open it under the name that it was set up for. Whoever runs it can add this name to RUNG_HOSTS.",
    ),
    422: _Page("That does not fit", "Go back, look at what you wrote, and send it once more."),
    500: _OUR_FAULT,
    503: _Page(
        "Rung cannot reach its memory",
        "Nothing is lost. Try again in a minute; if it stays, tell whoever runs it.",
    ),
}

# Only these say in their own words what was wrong; others could tell more than the reader may know.
_SPEAKING = (InvalidInput, Conflict, SignInFailed)

_REFUSED = {
    "self-harm": "It reads like something that would hurt you.",
    "substance dose": "It reads like a change to the dose of a medicine or substance. That is for a doctor.",
    "restricting food": "It reads like eating less, or less often. That is for a doctor or a dietitian.",
    "medical risk": "It reads like something with a medical risk. That is for a doctor.",
    "violence": "It reads like something that would hurt somebody.",
    "danger": "It reads like something in which somebody could come to harm.",
}


def status_of(error: RungError) -> int:
    """The HTTP status of an error of the tree."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def register(app: FastAPI, site: Site) -> None:
    """Give every error its page."""
    show = _pages(site)

    def on_rung_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, RungError):
            raise error
        if status_of(error) >= 500:
            # The words are for whoever runs the server; the page has its own.
            _log.error("%s: %s", type(error).__name__, error)
        return show(request, status_of(error), str(error) if isinstance(error, _SPEAKING) else "")

    def on_refused(request: Request, error: Exception) -> Response:
        topic = error.topic if isinstance(error, RefusedGoal) else "danger"
        return site.page(
            request, "refused.html", 422, words=_REFUSED.get(topic, _REFUSED["danger"]), back=_back(request)
        )

    def on_http(request: Request, error: Exception) -> Response:
        return show(request, error.status_code if isinstance(error, HTTPException) else 500, "")

    def on_invalid(request: Request, error: Exception) -> Response:
        faults = error.errors() if isinstance(error, RequestValidationError) else ()
        is_address = any(fault["loc"][0] in ("path", "query") for fault in faults)
        return show(request, 404 if is_address else 422, "")

    def on_sign_in_needed(request: Request, error: Exception) -> Response:
        return go("/welcome" if people.is_new(site.services) else "/sign-in")

    app.add_exception_handler(RungError, on_rung_error)
    app.add_exception_handler(RefusedGoal, on_refused)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(SignInNeeded, on_sign_in_needed)
    app.add_exception_handler(500, lambda request, error: show(request, 500, ""))


def refuser(site: Site) -> Refuse:
    """The page for what the guards refuse."""

    def refused(request: Request, status: int) -> Response:
        return _shown(site, request, status, _FOREIGN if status == 403 else _PAGES[status])

    return refused


def _pages(site: Site) -> Callable[[Request, int, str], Response]:
    def show(request: Request, status: int, words: str) -> Response:
        page = _PAGES.get(status, _OUR_FAULT if status >= 500 else _PAGES[400])
        said = f"{words}." if words and words[-1] not in ".!?" else words
        return _shown(site, request, status, page._replace(words=said or page.words))

    return show


def _shown(site: Site, request: Request, status: int, page: _Page) -> Response:
    back = "/" if status in (401, 403, 404, 405, 421) else _back(request)
    label = "To Today" if back == "/" else "Go back"
    return site.page(
        request, "error.html", status, title=page.title, words=page.words, back=back, back_label=label
    )


def _back(request: Request) -> str:
    """The page of ours that the form was on: the referrer's path, whatever its host says."""
    try:
        path = urlsplit(request.headers.get("referer", "")).path
    except ValueError:
        return "/"
    return path if path.startswith("/") and not path.startswith("//") else "/"
