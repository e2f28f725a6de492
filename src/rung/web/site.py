"""What every route works with: the services, the settings, the templates, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rung import words
from rung.app import outbox
from rung.app.accounts import people
from rung.app.accounts.sessions import Visit
from rung.app.model import Account
from rung.app.ports import Services
from rung.web.assets import Assets
from rung.web.forms import Faults, Typed
from rung.web.guards import SAFE_METHODS, secure
from rung.web.limits import Limits
from rung.web.settings import Settings
from rung.web.views.help import help_of
from rung.words import LANGUAGES, _, ngettext, speech

__all__ = ["Here", "Me", "SignInNeeded", "Site", "Visiting", "go", "known", "visitor"]


class SignInNeeded(Exception):
    """Somebody who is not signed in asked for a page of a person."""


class Site:
    """One running application: its parts, and how it makes a page."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self.services = services
        self.settings = settings
        self.assets = Assets()
        self.limits = Limits(services.clock, settings.most_changes)
        self._templates = _environment(self.assets)

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """Render a page; `form` and `faults` are there in every template, empty unless given.

        So is `fresh_id`: what a form makes goes by it, so that the form sent twice makes it once.
        """
        account: Account | None = getattr(request.state, "account", None)
        context: Mapping[str, Any] = {
            "form": Typed(),
            "faults": Faults(),
            "fresh_id": str(uuid4()),
            "notice": None,
            "path": request.url.path,
            "signed_in": account is not None,
            "account_keys": outbox.account_keys(self.services, account.id) if account else (),
            "account_name": account.name if account else "",
            "help": help_of(self.settings.country),
            "speech": speech(),
            "languages": LANGUAGES,
            "solo": self.settings.solo,
            **values,
        }
        html = self._templates.get_template(template).render(context)
        response = HTMLResponse(html, status)
        secure(response.headers, self.settings)
        return response


def go(path: str) -> Response:
    """Send the browser to a page after something was done (POST, redirect, GET)."""
    return RedirectResponse(path, status_code=303)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(_site)]


def known(request: Request, site: Here) -> Account | None:
    """Who is asking, where they are signed in."""
    token = request.cookies.get(site.settings.cookie)
    if site.settings.solo:
        request.state.account = people.only_account(site.services)
    else:
        request.state.account = people.whoami(site.services, token) if token else None
    account: Account | None = request.state.account
    return account


def visitor(request: Request, site: Here) -> Account | None:
    """The same for a page; a session that sends changes without an end is told to wait.

    Counted by session: whoever has stolen one cannot keep the person from ending it in another.
    """
    account = known(request, site)
    is_change = request.method not in SAFE_METHODS
    if account is not None and is_change and site.settings.most_changes and not site.settings.solo:
        allowance = site.limits.ask(request.cookies.get(site.settings.cookie, ""))
        if allowance.left < 0:
            raise HTTPException(429, headers={"retry-after": str(allowance.seconds)})
    return account


def _signed_in(account: Annotated[Account | None, Depends(visitor)]) -> Account:
    if account is None:
        raise SignInNeeded
    return account


Me = Annotated[Account, Depends(_signed_in)]


def _visit(request: Request, site: Here) -> Visit:
    """How somebody is here: what the use cases need to know that ask for a fresh sign-in."""
    token = request.cookies.get(site.settings.cookie, "")
    return Visit(token, request.headers.get("user-agent", ""), site.settings.solo)


Visiting = Annotated[Visit, Depends(_visit)]


def _environment(assets: Assets) -> Environment:
    made = Environment(
        loader=PackageLoader("rung.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["static"] = assets.url
    made.globals |= {"_": _, "gettext": _, "ngettext": ngettext}
    made.filters |= {"day": words.day, "date_and_time": words.date_and_time, "number": words.number}
    return made
