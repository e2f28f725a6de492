"""To a provider that vouches for people, and back from it.

A form may not lead to another host (the content security policy holds that for redirects, too): so whoever
leaves gets a page first that leads on by itself, and has a link where it does not.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rung.app.accounts import identities
from rung.app.accounts.identities import Departure
from rung.app.model import Account
from rung.errors import Conflict, InvalidInput, NotFound, RungError, SignInFailed
from rung.web.cookies import YEAR, forget, keep, signed_in
from rung.web.failures import status_of
from rung.web.forms import Text
from rung.web.routes.done import ONWARD, START, WAYS, go_and_say, say
from rung.web.site import Here, Me, Site, Visiting, go, visitor
from rung.words import _

__all__ = ["LEAVING", "STAYING", "came_with", "is_sent_on", "leaving", "offered", "router", "sent_on"]

router = APIRouter()

LEAVING = "rung-leaving"
"""The cookie that somebody takes along to a provider."""
STAYING = "/sign-in?stay=yes"
"""The ways in, where nobody is sent on to a provider at once."""
_CAME_WITH = "rung-came-with"
_SECONDS = int(identities.GOOD_FOR.total_seconds())


@router.post("/sign-in/with")
def sign_in(request: Request, site: Here, provider: Text = "") -> Response:
    """Sign in by a provider."""
    _check_offered(site)
    back = _back(request, site, provider)
    return leaving(request, site, identities.begin_sign_in(site.services, provider, back))


@router.post("/welcome/with")
def welcome(request: Request, site: Here, provider: Text = "", name: Text = "", code: Text = "") -> Response:
    """Make the first account of the server by a provider."""
    _check_offered(site)
    if not site.settings.is_welcome(code):
        raise InvalidInput(_("That is not the code that Rung shows where it runs"))
    back = _back(request, site, provider)
    return leaving(request, site, identities.begin_account(site.services, provider, back, name, None))


@router.post("/join/with")
def join(request: Request, site: Here, provider: Text = "", name: Text = "", code: Text = "") -> Response:
    """Make an account by a provider and an invitation."""
    _check_offered(site)
    back = _back(request, site, provider)
    return leaving(request, site, identities.begin_account(site.services, provider, back, name, code))


@router.post("/you/identities/add")
def add(request: Request, site: Here, me: Me, visit: Visiting, provider: Text = "") -> Response:
    """Sign in by a provider from now on, too."""
    _check_offered(site)
    back = _back(request, site, provider)
    return leaving(request, site, identities.begin_adding(site.services, me.id, provider, back, visit))


@router.post("/you/identities/remove")
def remove(site: Here, me: Me, visit: Visiting, id: Text = "") -> Response:
    """Sign in by an identity no longer."""
    identities.remove_identity(site.services, me.id, id, visit)
    return go_and_say(site, "unlinked")


@router.post("/you/confirm/with")
def confirm(request: Request, site: Here, me: Me, provider: Text = "", then: Text = "") -> Response:
    """Show by a provider once more who it is."""
    _check_offered(site)
    back = _back(request, site, provider)
    departure = identities.begin_confirming(site.services, me.id, provider, back, then)
    return leaving(request, site, departure)


@router.get("/sign-in/with/{provider}/return")
def arrive(
    request: Request,
    site: Here,
    visit: Visiting,
    provider: str,
    account: Annotated[Account | None, Depends(visitor)],
) -> Response:
    """Come back from a provider, and do what one went there for."""
    _check_offered(site)
    token = request.cookies.get(LEAVING, "")
    try:
        came = identities.arrive(
            site.services, provider, token, request.query_params, visit, account.id if account else None
        )
    except (SignInFailed, Conflict, InvalidInput, NotFound) as error:
        return _without(site, _failed(request, site, error, account))
    if not came.session:
        return _without(site, go_and_say(site, "identity"))
    response = go(START if came.is_new else "/")
    if came.is_confirmed:
        response = say(site, go(ONWARD.get(came.then, WAYS)), "confirmed")
    keep(site, response, _CAME_WITH, provider, YEAR)
    return _without(site, signed_in(site, response, came.session, visit.token))


def offered(site: Site) -> list[dict[str, str]]:
    """The providers that pages offer; none where nobody signs in."""
    if site.settings.solo:
        return []
    return [{"key": one.key, "name": one.name} for one in identities.providers_of(site.services)]


def is_sent_on(site: Site) -> bool:
    """True where whoever wants to sign in is sent to a provider at once."""
    providers = site.services.providers
    return not site.settings.solo and providers is not None and providers.is_only_way


def sent_on(request: Request, site: Site) -> Departure | None:
    """On the way to the one that everybody is sent to; None where people choose, or it cannot be reached."""
    providers = site.services.providers
    if providers is None or not is_sent_on(site):
        return None
    key = providers.all[0].key
    try:
        return identities.begin_sign_in(site.services, key, _back(request, site, key))
    except SignInFailed:
        return None


def leaving(request: Request, site: Site, departure: Departure) -> Response:
    """The page that leads on to a provider."""
    page = site.page(request, "onward.html", provider=departure.provider.name, address=departure.address)
    keep(site, page, LEAVING, departure.token, _SECONDS, path="/sign-in/with")
    return page


def came_with(request: Request, site: Site) -> dict[str, str] | None:
    """The provider that somebody signed in by, and where they sign out there; None where that is unknown."""
    key = request.cookies.get(_CAME_WITH, "")
    found = identities.sign_out_address(site.services, key) if key else None
    return {"name": found[0].name, "address": found[1]} if found else None


def _back(request: Request, site: Site, provider: str) -> str:
    # The host has passed the guards, so it is one of ours.
    scheme = "https" if site.settings.https else "http"
    return f"{scheme}://{request.headers['host'].lower()}/sign-in/with/{provider}/return"


def _check_offered(site: Site) -> None:
    if not offered(site):
        raise NotFound(_("There is no such way to sign in here"))


def _without(site: Site, response: Response) -> Response:
    forget(site, response, LEAVING, path="/sign-in/with")
    return response


def _failed(request: Request, site: Site, error: RungError, account: Account | None) -> Response:
    return site.page(
        request,
        "error.html",
        status_of(error),
        title=_("That did not sign you in") if account is None else _("That did not work"),
        words=f"{error}.",
        back=STAYING if account is None else WAYS,
        back_label=_("To the ways in"),
    )
