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

from rung.app.accounts import people
from rung.errors import (
    ConfirmationNeeded,
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
from rung.web.api.problems import problem
from rung.web.guards import API, Refuse
from rung.web.site import SignInNeeded, Site, go, known
from rung.words import _, later

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
    """What a page for an error says; texts to be translated."""

    title: str
    words: str


_NOT_HERE = _Page(
    later("There is nothing here"),
    later("The address may have a typing mistake in it, or what was here is gone."),
)
_OUR_FAULT = _Page(
    later("Something went wrong on our side"),
    later("What you sent may not have been kept. Go back and try once more."),
)
_FOREIGN = _Page(
    later("That did not come from a page of Rung"),
    later("To keep you safe, Rung takes changes from its own pages alone. Open Rung again, and do it there."),
)
_PAGES = {
    400: _Page(
        later("That could not be read"), later("The form came incomplete. Go back and send it once more.")
    ),
    401: _Page(
        later("Sign in first"), later("That is large, and Rung reads it of people who are signed in alone.")
    ),
    403: _Page(later("That is not yours to do"), later("Whoever it belongs to can do it, or let you.")),
    404: _NOT_HERE,
    405: _NOT_HERE,
    409: _Page(
        later("It has changed in the meantime"), later("Look at it as it is now, and then decide again.")
    ),
    413: _Page(later("That is too large"), later("Send less of it at once.")),
    421: _Page(
        later("Rung does not answer to that name"),
        later(
            "Open it under the name that it was set up for. Whoever runs it can add this name to RUNG_HOSTS."
        ),
    ),
    422: _Page(later("That does not fit"), later("Go back, look at what you wrote, and send it once more.")),
    429: _Page(
        later("That was a lot at once"),
        later("Wait a minute, and go on."),
    ),
    500: _OUR_FAULT,
    503: _Page(
        later("Rung cannot reach its memory"),
        later("Nothing is lost. Try again in a minute; if it stays, tell whoever runs it."),
    ),
}

# Only these say in their own words what was wrong; others could tell more than the reader may know.
_SPEAKING = (InvalidInput, Conflict, SignInFailed)

_CONFIRMED = ("data", "server", "tokens", "webhooks")
"""Where somebody goes on after confirming that it is them (`routes.done.ONWARD`); else to the ways in."""

_REFUSED = {
    "self-harm": later("It reads like something that would hurt you."),
    "substance dose": later(
        "It reads like a change to the dose of a medicine or substance. That is for a doctor."
    ),
    "restricting food": later(
        "It reads like eating less, or less often. That is for a doctor or a dietitian."
    ),
    "medical risk": later("It reads like something with a medical risk. That is for a doctor."),
    "violence": later("It reads like something that would hurt somebody."),
    "danger": later("It reads like something in which somebody could come to harm."),
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
            request,
            "refused.html",
            422,
            words=_(_REFUSED.get(topic, _REFUSED["danger"])),
            back=_back(request),
        )

    def on_http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            return show(request, 500, "")
        answer = show(request, error.status_code, "")
        answer.headers.update(error.headers or {})
        return answer

    def on_invalid(request: Request, error: Exception) -> Response:
        faults = error.errors() if isinstance(error, RequestValidationError) else ()
        is_address = any(fault["loc"][0] in ("path", "query") for fault in faults)
        return show(request, 404 if is_address else 422, "")

    def on_sign_in_needed(request: Request, error: Exception) -> Response:
        return go("/welcome" if people.is_new(site.services) else "/sign-in")

    def on_confirmation_needed(request: Request, error: Exception) -> Response:
        area = request.url.path.removeprefix("/you").split("/")[1]
        return go(f"/you/confirm?then={area}" if area in _CONFIRMED else "/you/confirm")

    app.add_exception_handler(RungError, on_rung_error)
    app.add_exception_handler(RefusedGoal, on_refused)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(SignInNeeded, on_sign_in_needed)
    app.add_exception_handler(ConfirmationNeeded, on_confirmation_needed)
    app.add_exception_handler(500, lambda request, error: show(request, 500, ""))


def refuser(site: Site) -> Refuse:
    """The page for what the guards refuse."""

    def refused(request: Request, status: int) -> Response:
        page = _FOREIGN if status == 403 else _PAGES[status]
        return _shown(site, request, status, page._replace(words=_(page.words)))

    return refused


def _pages(site: Site) -> Callable[[Request, int, str], Response]:
    def show(request: Request, status: int, words: str) -> Response:
        page = _PAGES.get(status, _OUR_FAULT if status >= 500 else _PAGES[400])
        said = f"{words}." if words and words[-1] not in ".!?" else words
        return _shown(site, request, status, page._replace(words=said or _(page.words)))

    return show


def _shown(site: Site, request: Request, status: int, page: _Page) -> Response:
    if request.url.path.startswith(API):
        # Addresses that lead to nothing there: whoever asks is a program.
        return problem(request, status)
    if status in (404, 405) and not hasattr(request.state, "account"):
        # No route has asked who this is, and the page has the ways of whoever is signed in.
        known(request, site)
    back = "/" if status in (401, 403, 404, 405, 421) else _back(request)
    label = _("To Today") if back == "/" else _("Go back")
    return site.page(
        request, "error.html", status, title=_(page.title), words=page.words, back=back, back_label=label
    )


def _back(request: Request) -> str:
    """The page of ours that the form was on: the referrer's path, whatever its host says."""
    try:
        path = urlsplit(request.headers.get("referer", "")).path
    except ValueError:
        return "/"
    # Two slashes in front, or one and a backslash, would begin the name of another host.
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") else "/"
