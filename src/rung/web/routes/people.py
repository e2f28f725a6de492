"""First run, joining, sign in, sign out; and the language of whoever is not signed in yet."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts import invitations, people, recovery
from rung.errors import InvalidInput, InvalidPassword, SignInFailed, TooManyTries
from rung.web.cookies import YEAR, forget, keep, signed_in
from rung.web.forms import Faults, Text, Typed, fault
from rung.web.places import why_no_passkeys
from rung.web.routes import oidc
from rung.web.routes.done import START, go_and_say
from rung.web.site import Here, Site, Visiting, go
from rung.web.views import notices
from rung.web.views.welcome import example
from rung.words import _, language_of

router = APIRouter()


@router.get("/welcome")
def welcome_page(request: Request, site: Here, code: str = "") -> Response:
    """What Rung is, and the form that makes it yours; once there is an account, the way in."""
    if not people.is_new(site.services):
        return go("/sign-in")
    return _welcome(request, site, Typed(code=code))


@router.post("/welcome")
def welcome(
    request: Request, site: Here, visit: Visiting, name: Text = "", password: Text = "", code: Text = ""
) -> Response:
    """Make the first account, and sign it in."""
    typed = Typed(name=name, code=code)
    if not site.settings.is_welcome(code):
        if not people.is_new(site.services):
            return go("/sign-in")
        told = _("That is not the code that Rung shows where it runs.")
        return _welcome(request, site, typed, Faults(code=told))
    found = _faults(lambda: people.welcome(site.services, name, password))
    if found:
        return _welcome(request, site, typed, found)
    token = people.sign_in(site.services, name, password, visit.agent)
    return signed_in(site, go(START), token, visit.token)


@router.get("/join")
def join_page(request: Request, site: Here, code: str = "") -> Response:
    """The form for whoever was invited."""
    if site.settings.solo or not invitations.is_good(site.services, code):
        return _closed(request, site)
    return _join(request, site, Typed(code=code))


@router.post("/join")
def join(
    request: Request, site: Here, visit: Visiting, name: Text = "", password: Text = "", code: Text = ""
) -> Response:
    """Make an account with an invitation, and sign it in."""
    if site.settings.solo or not invitations.is_good(site.services, code):
        return _closed(request, site)
    found = _faults(lambda: people.join(site.services, code, name, password))
    if found:
        return _join(request, site, Typed(name=name, code=code), found)
    token = people.sign_in(site.services, name, password, visit.agent)
    return signed_in(site, go(START), token, visit.token)


@router.get("/sign-in")
def sign_in_page(request: Request, site: Here, gone: bool = False, stay: bool = False) -> Response:
    """The ways in; where the operator wants it so, on to a provider at once."""
    is_new = people.is_new(site.services)
    if is_new and not gone:
        return go("/welcome")
    if not stay and not gone and (departure := oidc.sent_on(request, site)):
        return oidc.leaving(request, site, departure)
    # A mere link can say that something is gone: it is believed where there is no account.
    return _sign_in(request, site, notice=notices.spoken(notices.GONE) if is_new else None)


@router.post("/sign-in")
def sign_in(
    request: Request, site: Here, visit: Visiting, name: Text = "", password: Text = "", code: Text = ""
) -> Response:
    """Open a session, with a password or with a recovery code."""
    typed = Typed(name=name)
    try:
        if code:
            token = recovery.sign_in_with_code(site.services, name, code, visit.agent)
            return signed_in(site, go_and_say(site, "recovered"), token, visit.token)
        token = people.sign_in(site.services, name, password, visit.agent)
    except SignInFailed as error:
        return _sign_in(request, site, typed, fault(error, "code" if code else "password"))
    return signed_in(site, go("/"), token, visit.token)


@router.post("/sign-out")
def sign_out(site: Here, visit: Visiting) -> Response:
    """End the session."""
    if site.settings.solo:
        return go("/")
    if visit.token:
        people.sign_out(site.services, visit.token)
    response = go(oidc.STAYING if oidc.is_sent_on(site) else "/sign-in")
    forget(site, response, site.settings.cookie)
    forget(site, response, site.settings.zone_cookie)
    response.headers["clear-site-data"] = '"cache"'
    return response


@router.post("/language")
def speak(request: Request, site: Here, language: Text = "") -> Response:
    """Speak another language in this browser, on the page that the form was on."""
    response = go(_page_before(request))
    found = language_of(language)
    if found is not None:
        keep(site, response, site.settings.language_cookie, found.code, YEAR)
    return response


def _page_before(request: Request) -> str:
    """The page of ours that the form was on, as the referrer says: never one of anybody else."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    if parts.netloc != request.headers.get("host") or not parts.path.startswith("/"):
        return "/"
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def _faults(make: Callable[[], object]) -> Faults:
    """What is wrong with a new account; nothing where it was made."""
    try:
        make()
    except InvalidPassword as error:
        return fault(error, "password")
    except (InvalidInput, TooManyTries) as error:
        return fault(error, "name")
    return Faults()


def _welcome(request: Request, site: Site, form: Typed, faults: Faults | None = None) -> Response:
    return _beginning(request, site, form, faults, bool(site.settings.welcome_code), is_joining=False)


def _join(request: Request, site: Site, form: Typed, faults: Faults | None = None) -> Response:
    return _beginning(request, site, form, faults, asks_code=False, is_joining=True)


def _beginning(
    request: Request, site: Site, form: Typed, faults: Faults | None, asks_code: bool, is_joining: bool
) -> Response:
    return site.page(
        request,
        "welcome.html",
        422 if faults else 200,
        form=form,
        faults=faults or Faults(),
        asks_code=asks_code,
        is_joining=is_joining,
        example=example(),
        providers=oidc.offered(site),
        no_passkeys=why_no_passkeys(request, site.settings),
    )


def _closed(request: Request, site: Site) -> Response:
    return site.page(
        request,
        "error.html",
        404,
        title=_("This invitation is not open any more"),
        words=_(
            "Each invitation is good for one person and seven days. Ask whoever sent it to you for a new one."
        ),
        back="/",
        back_label=_("To Rung"),
    )


def _sign_in(
    request: Request,
    site: Site,
    form: Typed | None = None,
    faults: Faults | None = None,
    notice: notices.Notice | None = None,
) -> Response:
    return site.page(
        request,
        "sign_in.html",
        403 if faults else 200,
        form=form or Typed(),
        faults=faults or Faults(),
        notice=notice,
        providers=oidc.offered(site),
        came_with=oidc.came_with(request, site),
        no_passkeys=why_no_passkeys(request, site.settings),
    )
