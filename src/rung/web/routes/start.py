"""After the account is made: three short pages that can be skipped, and then Today."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts import recovery
from rung.app.accounts.preferences import preferences_of, set_preferences
from rung.errors import InvalidInput
from rung.web.cookies import keep_choices
from rung.web.forms import Text, Typed, fault
from rung.web.site import Here, Me, Visiting, go
from rung.web.views.zones import zones
from rung.words import language_of, speech

router = APIRouter(prefix="/start")


@router.get("")
def choices_page(request: Request, site: Here, me: Me) -> Response:
    """Language and time zone, as the browser has them."""
    now, chosen = speech(), preferences_of(site.services, me.id)
    is_known = site.settings.zone_cookie in request.cookies
    typed = Typed(
        language=chosen.language or now.language.code, zone=chosen.zone or (now.zone if is_known else "")
    )
    return site.page(request, "start.html", form=typed, zones=zones(typed["zone"]))


@router.post("")
def choose(request: Request, site: Here, me: Me, language: Text = "", zone: Text = "") -> Response:
    """Keep language and time zone."""
    try:
        chosen = set_preferences(site.services, me.id, language=language, zone=zone)
    except InvalidInput as error:
        field = "language" if language and language_of(language) is None else "zone"
        typed, faults = Typed(language=language, zone=zone), fault(error, field)
        return site.page(request, "start.html", 422, form=typed, faults=faults, zones=zones(zone))
    response = go("/start/limits" if site.settings.solo else "/start/codes")
    keep_choices(site, response, chosen)
    return response


@router.get("/codes")
def codes_page(request: Request, site: Here, me: Me) -> Response:
    """What recovery codes are for."""
    if site.settings.solo:
        return go("/start/limits")
    return site.page(request, "start_codes.html", left=recovery.codes_left(site.services, me.id))


@router.post("/codes")
def make_codes(request: Request, site: Here, me: Me, visit: Visiting) -> Response:
    """Make recovery codes, and show them this once."""
    codes = recovery.make_codes(site.services, me.id, visit)
    return site.page(request, "codes.html", codes=codes, onward="/start/limits")


@router.get("/limits")
def limits_page(request: Request, site: Here, me: Me) -> Response:
    """What Rung is not."""
    return site.page(request, "start_limits.html")
