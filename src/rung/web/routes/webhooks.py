"""Addresses that are told what happens: added, tested, removed, with what became of each message."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import webhooks
from rung.app.accounts.sessions import Visit
from rung.app.model import Account
from rung.errors import Conflict, InvalidInput
from rung.web.forms import Faults, Text, Texts, Typed, fault
from rung.web.site import Here, Me, Site, Visiting, go
from rung.web.views.webhooks import webhooks_notice, webhooks_view

router = APIRouter(prefix="/you/webhooks")

PAGE = "/you/webhooks"


@router.get("")
def webhooks_page(request: Request, site: Here, me: Me, visit: Visiting, said: str = "") -> Response:
    """The addresses, what they were told, and the form for one more."""
    return _show(request, site, me, visit, said=said)


@router.post("")
def add(
    request: Request,
    site: Here,
    me: Me,
    visit: Visiting,
    kinds: Texts,
    name: Text = "",
    url: Text = "",
    id: Text = "",
) -> Response:
    """Let an address know from now on, and show the secret of its messages this once."""
    typed = Typed(name=name, url=url, kinds=" ".join(kinds))
    try:
        secret = webhooks.add_webhook(site.services, me.id, visit, name, url, kinds, id or None)
    except (InvalidInput, Conflict) as error:
        field = "name" if not name.strip() else "url" if kinds else "kinds"
        return _show(request, site, me, visit, typed, fault(error, field))
    return site.page(request, "webhook.html", secret=secret, name=name.strip(), onward=PAGE)


@router.post("/test")
def try_out(request: Request, site: Here, me: Me, visit: Visiting, id: Text = "") -> Response:
    """Send a message of no meaning."""
    try:
        webhooks.try_webhook(site.services, me.id, id)
    except Conflict as error:
        return _show(request, site, me, visit, faults=fault(error, "whole"))
    return go(f"{PAGE}?said=tested")


@router.post("/remove")
def remove(site: Here, me: Me, id: Text = "") -> Response:
    """Tell an address nothing any more."""
    webhooks.remove_webhook(site.services, me.id, id)
    return go(f"{PAGE}?said=removed")


def _show(
    request: Request,
    site: Site,
    me: Account,
    visit: Visit,
    form: Typed | None = None,
    faults: Faults | None = None,
    said: str = "",
) -> Response:
    return site.page(
        request,
        "webhooks.html",
        422 if faults else 200,
        view=webhooks_view(webhooks.webhooks_of(site.services, me.id, visit)),
        form=form or Typed(),
        faults=faults or Faults(),
        notice=None if faults else webhooks_notice(said),
    )
