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
def welcome_page(request: Request, site: Here) -> Response:
    """What Rung is, and the form that makes it yours; once there is an account, the way in."""
    if not people.is_new(site.services):
        return go("/sign-in")
    return site.page(request, "welcome.html", example=EXAMPLE)


@router.post("/welcome")
def welcome(request: Request, site: Here, name: Text = "", password: Text = "") -> Response:
    """Make the account, and sign it in."""
    try:
        people.welcome(site.services, name, password)
    except InvalidInput as error:
        field = "password" if "password" in str(error) else "name"
        typed = Typed(name=name)
        return site.page(
            request, "welcome.html", 422, form=typed, faults=fault(error, field), example=EXAMPLE
        )
    return _signed_in(site, people.sign_in(site.services, name, password))


@router.get("/sign-in")
def sign_in_page(request: Request, site: Here, gone: bool = False) -> Response:
    """The form to sign in with."""
    if people.is_new(site.services) and not gone:
        return go("/welcome")
    return site.page(request, "sign_in.html", notice=notices.said("gone") if gone else None)


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
    token = request.cookies.get(site.cookie)
    if token:
        people.sign_out(site.services, token)
    response = go("/sign-in")
    response.delete_cookie(site.cookie, secure=site.settings.https, httponly=True, samesite="lax")
    response.headers["clear-site-data"] = '"cache"'
    return response


def _signed_in(site: Site, token: str) -> Response:
    response = go("/")
    response.set_cookie(
        site.cookie,
        token,
        max_age=SESSION_SECONDS,
        secure=site.settings.https,
        httponly=True,
        samesite="lax",
    )
    return response
