"""Passkeys: where `passkeys.js` begins a ceremony, and where it brings what the authenticator signed.

All of it is JSON, and passes the same guards as any form. An answer is `{"token", "options"}` after a
beginning, `{"to"}` after an end, and `{"fault"}` where something was wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from rung.app.accounts import passkeys
from rung.app.accounts.passkeys import Ceremony
from rung.app.ports import Place, Services
from rung.errors import Conflict, InvalidInput, NotFound, SignInFailed
from rung.web.cookies import signed_in
from rung.web.failures import status_of
from rung.web.places import place_of, why_no_passkeys
from rung.web.routes.done import ONWARD, START, WAYS, say
from rung.web.site import Here, Me, Site, Visiting
from rung.web.views.browsers import browser_words
from rung.words import _

router = APIRouter()


class Beginning(BaseModel):
    """What a ceremony is begun with: name and code, where an account is to be made."""

    name: str = ""
    code: str = ""
    then: str = ""
    """Where to go on after confirming."""


class End(Beginning):
    """What the browser brings back."""

    token: str
    answer: dict[str, Any]


@router.post("/welcome/passkey/begin")
def begin_first(request: Request, site: Here, sent: Beginning) -> Response:
    """Begin the first account of the server."""
    return _told(lambda: _begun(passkeys.begin_account(*_first(request, site, sent), sent.name, None)))


@router.post("/welcome/passkey/finish")
def finish_first(request: Request, site: Here, visit: Visiting, sent: End) -> Response:
    """Make the first account of the server, and sign it in."""

    def made() -> Response:
        services, place = _first(request, site, sent)
        label = browser_words(visit.agent)
        token = passkeys.make_account(
            services, place, sent.name, None, sent.token, sent.answer, label, visit.agent
        )
        return signed_in(site, _to(START), token, visit.token)

    return _told(made)


@router.post("/join/passkey/begin")
def begin_joining(request: Request, site: Here, sent: Beginning) -> Response:
    """Begin the account of somebody who was invited."""
    return _told(lambda: _begun(passkeys.begin_account(*_joining(request, site), sent.name, sent.code)))


@router.post("/join/passkey/finish")
def finish_joining(request: Request, site: Here, visit: Visiting, sent: End) -> Response:
    """Make the account of somebody who was invited, and sign it in."""

    def made() -> Response:
        services, place = _joining(request, site)
        label = browser_words(visit.agent)
        token = passkeys.make_account(
            services, place, sent.name, sent.code, sent.token, sent.answer, label, visit.agent
        )
        return signed_in(site, _to(START), token, visit.token)

    return _told(made)


@router.post("/sign-in/passkey/begin")
def begin_sign_in(request: Request, site: Here) -> Response:
    """Begin to sign in."""
    return _told(lambda: _begun(passkeys.begin_sign_in(site.services, _place(request, site))))


@router.post("/sign-in/passkey/finish")
def finish_sign_in(request: Request, site: Here, visit: Visiting, sent: End) -> Response:
    """Open a session."""

    def opened() -> Response:
        place = _place(request, site)
        token = passkeys.sign_in_with_passkey(site.services, place, sent.token, sent.answer, visit.agent)
        return signed_in(site, _to("/"), token, visit.token)

    return _told(opened)


@router.post("/you/confirm/passkey/begin")
def begin_confirming(request: Request, site: Here, me: Me) -> Response:
    """Begin to show once more who it is."""
    return _told(lambda: _begun(passkeys.begin_confirming(site.services, me.id, _place(request, site))))


@router.post("/you/confirm/passkey/finish")
def finish_confirming(request: Request, site: Here, me: Me, visit: Visiting, sent: End) -> Response:
    """Replace the session by a fresh one."""

    def opened() -> Response:
        place = _place(request, site)
        token = passkeys.confirm_with_passkey(site.services, me.id, place, sent.token, sent.answer, visit)
        return signed_in(site, say(site, _to(ONWARD.get(sent.then, WAYS)), "confirmed"), token)

    return _told(opened)


@router.post("/you/passkeys/begin")
def begin_adding(request: Request, site: Here, me: Me, visit: Visiting) -> Response:
    """Begin another passkey."""
    return _told(lambda: _begun(passkeys.begin_adding(site.services, me.id, _place(request, site), visit)))


@router.post("/you/passkeys/finish")
def finish_adding(request: Request, site: Here, me: Me, visit: Visiting, sent: End) -> Response:
    """Keep another passkey."""

    def kept() -> Response:
        place, label = _place(request, site), browser_words(visit.agent)
        passkeys.add_passkey(site.services, me.id, place, sent.token, sent.answer, label, visit)
        return say(site, _to(WAYS), "passkey")

    return _told(kept)


def _told(act: Callable[[], Response]) -> Response:
    """What came of it, or what was wrong, as JSON."""
    try:
        return act()
    except (InvalidInput, SignInFailed, NotFound, Conflict) as error:
        return JSONResponse({"fault": f"{error}."}, status_of(error))


def _begun(ceremony: Ceremony) -> Response:
    return JSONResponse({"token": ceremony.token, "options": ceremony.options})


def _to(path: str) -> Response:
    return JSONResponse({"to": path})


def _place(request: Request, site: Site) -> Place:
    place = place_of(request, site.settings)
    if place is None:
        raise InvalidInput(why_no_passkeys(request, site.settings).rstrip("."))
    return place


def _first(request: Request, site: Site, sent: Beginning) -> tuple[Services, Place]:
    if not site.settings.is_welcome(sent.code):
        raise InvalidInput(_("That is not the code that Rung shows where it runs"))
    return site.services, _place(request, site)


def _joining(request: Request, site: Site) -> tuple[Services, Place]:
    if site.settings.solo:
        raise NotFound(_("This invitation is not open any more"))
    return site.services, _place(request, site)
