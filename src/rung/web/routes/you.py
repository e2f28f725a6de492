"""The page of a person about themselves: name, language, clock, and the ways to everything that is theirs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts import invitations, people
from rung.app.accounts.preferences import preferences_of, set_preferences
from rung.app.model import Account
from rung.app.operating.server import is_operator
from rung.app.sharing.consenting import seeing_nothing
from rung.errors import InvalidInput, NotAllowed, TooManyTries
from rung.web.cookies import forget, keep_choices
from rung.web.forms import Faults, Text, Typed, fault
from rung.web.site import Here, Me, Site, go
from rung.web.views.sharing import unseen_notice
from rung.web.views.ways_in import ways_in_words
from rung.web.views.you import open_invitations, you_notice
from rung.web.views.zones import zones
from rung.words import _, language_of

router = APIRouter(prefix="/you")


@router.get("")
def you_page(request: Request, site: Here, me: Me, said: str = "") -> Response:
    """Everything about the person."""
    preferences = preferences_of(site.services, me.id)
    typed = Typed(name=me.name, language=preferences.language, zone=preferences.zone)
    return _show(request, site, me, typed, said=said)


@router.post("")
def change(
    request: Request, site: Here, me: Me, name: Text = "", language: Text = "", zone: Text = ""
) -> Response:
    """Change name, language and time zone."""
    typed = Typed(name=name, language=language, zone=zone)
    faults = Faults()
    try:
        if name.strip() != me.name:
            people.rename(site.services, me.id, name)
    except (InvalidInput, TooManyTries) as error:
        faults |= fault(error, "name")
    try:
        chosen = set_preferences(site.services, me.id, language=language, zone=zone)
    except InvalidInput as error:
        faults |= fault(error, "language" if language and language_of(language) is None else "zone")
    if faults:
        return _show(request, site, me, typed, faults)
    response = go("/you?said=kept")
    for cookie, value in (
        (site.settings.language_cookie, chosen.language),
        (site.settings.zone_cookie, chosen.zone),
    ):
        if not value:
            forget(site, response, cookie)
    keep_choices(site, response, chosen)
    return response


@router.post("/invitations")
def invite(request: Request, site: Here, me: Me) -> Response:
    """Make an invitation, and show its link this once."""
    if site.settings.solo:
        raise NotAllowed(_("This server is for one person"))
    code = invitations.invite(site.services, me.id)
    scheme = "https" if site.settings.https else request.url.scheme
    link = f"{scheme}://{request.headers['host']}/join?code={code}"
    return site.page(request, "invited.html", link=link)


@router.post("/invitations/take-back")
def take_back(site: Here, me: Me, id: Text = "") -> Response:
    """Make an invitation good for nothing."""
    invitations.take_back(site.services, me.id, id)
    return go("/you?said=taken-back#invite")


def _show(
    request: Request, site: Site, me: Account, form: Typed, faults: Faults | None = None, said: str = ""
) -> Response:
    return site.page(
        request,
        "you.html",
        422 if faults else 200,
        form=form,
        faults=faults or Faults(),
        notice=None if faults else you_notice(said),
        operates=site.services.operations is not None and is_operator(site.services, me.id),
        ways_in=ways_in_words(people.ways_in(site.services, me.id)),
        zones=zones(form["zone"]),
        unseen=unseen_notice(seeing_nothing(site.services, me.id)),
        invitations=open_invitations(invitations.invitations_of(site.services, me.id)),
    )
