"""First run, sign in, sign out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import people
from rung.errors import InvalidInput, SignInFailed
from rung.web.forms import Faults, Text, Typed, fault
from rung.web.site import Here, Site, go
from rung.web.views import notices
from rung.web.views.welcome import EXAMPLE

router = APIRouter()

SESSION_SECONDS = int(people.LIFETIME.total_seconds())


@router.get("/welcome")
def welcome_page(request: Request, site: Here, code: str = "") -> Response:
    """What Rung is, and the form that makes it yours; once there is an account, the way in."""
    if not people.is_new(site.services):
        return go("/sign-in")
    return _welcome(request, site, Typed(code=code))


@router.post("/welcome")
def welcome(request: Request, site: Here, name: Text = "", password: Text = "", code: Text = "") -> Response:
    """Make the account, and sign it in."""
    typed = Typed(name=name, code=code)
    if not site.settings.is_welcome(code):
        if not people.is_new(site.services):
            return go("/sign-in")
        return _welcome(
            request, site, typed, Faults(code="That is not the code that Rung shows where it runs.")
        )
    try:
        people.welcome(site.services, name, password)
    except InvalidInput as error:
        field = "password" if "password" in str(error) else "name"
        return _welcome(request, site, typed, fault(error, field))
    return _signed_in(site, people.sign_in(site.services, name, password))


@router.get("/sign-in")
def sign_in_page(request: Request, site: Here, gone: bool = False) -> Response:
    """The form to sign in with."""
    is_new = people.is_new(site.services)
    if is_new and not gone:
        return go("/welcome")
    # A mere link can say that something is gone: it is believed where there is no account.
    return site.page(request, "sign_in.html", notice=notices.GONE if is_new else None)


@router.post("/sign-in")
def sign_in(request: Request, site: Here, name: Text = "", password: Text = "") -> Response:
    """Open a session."""
    try:
        token = people.sign_in(site.services, name, password)
    except SignInFailed as error:
        return site.page(
            request, "sign_in.html", 403, form=Typed(name=name), faults=Faults(password=f"{error}.")
        )
    return _signed_in(site, token)


@router.post("/sign-out")
def sign_out(request: Request, site: Here) -> Response:
    """End the session."""
    token = request.cookies.get(site.settings.cookie)
    if token:
        people.sign_out(site.services, token)
    response = go("/sign-in")
    response.delete_cookie(site.settings.cookie, secure=site.settings.https, httponly=True, samesite="lax")
    response.headers["clear-site-data"] = '"cache"'
    return response


def _welcome(request: Request, site: Site, form: Typed, faults: Faults | None = None) -> Response:
    return site.page(
        request,
        "welcome.html",
        422 if faults else 200,
        form=form,
        faults=faults or Faults(),
        asks_code=bool(site.settings.welcome_code),
        example=EXAMPLE,
    )


def _signed_in(site: Site, token: str) -> Response:
    response = go("/")
    response.set_cookie(
        site.settings.cookie,
        token,
        max_age=SESSION_SECONDS,
        secure=site.settings.https,
        httponly=True,
        samesite="lax",
    )
    return response
