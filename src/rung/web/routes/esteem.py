"""Self-esteem, for those who want to note it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import esteem
from rung.errors import InvalidInput, NotFound
from rung.web.forms import Faults, Text, fault
from rung.web.site import Here, Me, Site, go
from rung.web.views.esteem import esteem_view
from rung.web.views.notices import Notice
from rung.words import _, later

router = APIRouter()

_SAID = {
    "kept": later("Kept. It counts for nothing else in Rung."),
    "on": later("It is on. You are asked here, once a week at most."),
    "off": later("It is off. What you noted stays until you delete it."),
    "gone": later("Deleted."),
}


@router.get("/esteem")
def esteem_page(request: Request, site: Here, me: Me, said: str = "") -> Response:
    """What it is, the one question, and what was answered."""
    notice = Notice(_(_SAID[said])) if said in _SAID else None
    return _show(request, site, esteem.esteem_of(site.services, me.id), notice=notice)


@router.post("/esteem/on")
def turn_on(site: Here, me: Me) -> Response:
    """Ask from now on."""
    esteem.turn_on(site.services, me.id)
    return go("/esteem?said=on")


@router.post("/esteem/off")
def turn_off(site: Here, me: Me) -> Response:
    """Ask no more."""
    esteem.turn_off(site.services, me.id)
    return go("/esteem?said=off")


@router.post("/esteem")
def note(request: Request, site: Here, me: Me, value: Text = "") -> Response:
    """Answer the question."""
    try:
        chosen = int(value) if value in map(str, range(esteem.LOW, esteem.TOP + 1)) else None
        esteem.note(site.services, me.id, chosen)
    except InvalidInput as error:
        found = esteem.esteem_of(site.services, me.id)
        return _show(request, site, found, fault(error, "value"), status=422)
    return go("/esteem?said=kept")


@router.post("/esteem/delete")
def forget(site: Here, me: Me, at: Text = "") -> Response:
    """Delete one answer."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise NotFound("There is no such answer") from None
    esteem.forget(site.services, me.id, moment)
    return go("/esteem?said=gone")


@router.post("/esteem/delete-all")
def forget_all(site: Here, me: Me) -> Response:
    """Delete every answer."""
    esteem.forget_all(site.services, me.id)
    return go("/esteem?said=gone")


def _show(
    request: Request,
    site: Site,
    found: esteem.Esteem,
    faults: Faults | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> Response:
    view = esteem_view(found)
    return site.page(request, "esteem.html", status, view=view, faults=faults or Faults(), notice=notice)
