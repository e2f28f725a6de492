"""The page of the operator: how the server stands, its backups, and one put in the place of everything."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts import sessions
from rung.app.model import Account
from rung.app.operating import server
from rung.errors import InvalidInput, StoreUnavailable
from rung.web.cookies import forget, keep
from rung.web.forms import Faults, Text
from rung.web.site import Here, Me, Site, Visiting, go
from rung.web.views.server import overview_view, proof_view, server_notice
from rung.words import _

_PLACE = "/server"
_DONE = "rung-server-done"
_SECONDS = 60

router = APIRouter(prefix=_PLACE)


@router.get("")
def server_page(request: Request, site: Here, me: Me) -> Response:
    """How the server stands at a glance, and its backups."""
    found = server.overview(site.services, me.id)
    response = _show(request, site, found, said=request.cookies.get(_DONE, ""))
    forget(site, response, _DONE, path=_PLACE)
    return response


@router.post("/check")
def look_through(request: Request, site: Here, me: Me) -> Response:
    """The same after everything was read."""
    return _show(request, site, server.look_through(site.services, me.id), is_thorough=True)


@router.post("/backups")
def back_up(request: Request, site: Here, me: Me) -> Response:
    """Make a backup now."""
    try:
        server.back_up_now(site.services, me.id)
    except StoreUnavailable as error:
        found = server.overview(site.services, me.id)
        return _show(request, site, found, Faults(backup=f"{error}."))
    return _go_and_say(site, "backed-up")


@router.get("/restore")
def restore_page(request: Request, site: Here, me: Me, visit: Visiting, name: str = "") -> Response:
    """What a backup holds, once it is proved that it restores."""
    return _ask(request, site, me, visit, name)


@router.post("/restore")
def restore(
    request: Request, site: Here, me: Me, visit: Visiting, name: Text = "", sure: Text = ""
) -> Response:
    """Put a backup in the place of everything."""
    if not sure:
        return _ask(request, site, me, visit, name, Faults(sure=_("Say first that you mean all of it.")))
    try:
        server.restore_backup(site.services, me.id, name, visit)
    except (InvalidInput, StoreUnavailable) as error:
        return _ask(request, site, me, visit, name, Faults(backup=f"{error}."))
    return _go_and_say(site, "restored")


def _go_and_say(site: Site, what: str) -> Response:
    """Send the browser to the page, which says once what was done: a mere link must not."""
    response = go(_PLACE)
    keep(site, response, _DONE, what, _SECONDS, path=_PLACE)
    return response


def _show(
    request: Request,
    site: Site,
    found: server.Overview,
    faults: Faults | None = None,
    said: str = "",
    *,
    is_thorough: bool = False,
) -> Response:
    return site.page(
        request,
        "server.html",
        503 if faults else 200,
        view=overview_view(found, site.services.clock.now(), is_thorough=is_thorough),
        faults=faults or Faults(),
        notice=None if faults else server_notice(said),
    )


def _ask(
    request: Request, site: Site, me: Account, visit: sessions.Visit, name: str, faults: Faults | None = None
) -> Response:
    faults, view = faults or Faults(), None
    try:
        view = proof_view(server.check_backup(site.services, me.id, name))
    except (InvalidInput, StoreUnavailable) as error:
        faults |= {"backup": f"{error}."}
    return site.page(
        request,
        "server_restore.html",
        422 if faults else 200,
        name=name,
        view=view,
        faults=faults,
        is_fresh=sessions.is_fresh(site.services, me.id, visit),
    )
