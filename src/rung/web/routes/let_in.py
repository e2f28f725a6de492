"""Where an invitation between two people leads: who is not signed in comes back to it after signing in.

Its code waits in a cookie meanwhile, and Today sends the browser on to the one page for it: so no address
that a link carries decides where somebody goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rung.app.accounts import invitations, people
from rung.app.climbing import ladders
from rung.app.model import Account
from rung.app.policies import Role
from rung.app.sharing import inviting
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.sharing.inviting import Offered
from rung.errors import InvalidInput, NotFound
from rung.web.consents import Chosen, chosen_in, consents_from
from rung.web.cookies import forget, keep
from rung.web.forms import Faults, Text, Texts, fault
from rung.web.others import TOGETHER
from rung.web.site import Here, Me, Site, go, visitor
from rung.web.views.consenting import consent_view
from rung.web.views.sharing import offered_words
from rung.words import _

__all__ = ["WAITING", "router"]

router = APIRouter(prefix="/let-in", dependencies=[TOGETHER])

WAITING = "rung-let-in"
"""The cookie with the code of whoever signs in first."""
_SECONDS = 60 * 60
_LONGEST = 200

Perhaps = Annotated[Account | None, Depends(visitor)]


@router.get("")
def let_in_page(request: Request, site: Here, me: Perhaps, code: str = "", preset: str = "") -> Response:
    """What is asked, and the form to answer; or the ways in, for whoever is not signed in."""
    code = _code_in(code or request.cookies.get(WAITING, ""))
    if me is None:
        return _ways_in(request, site, code)
    # The cookie goes whatever was in it: Today must not lead here again and again.
    response = _ask(request, site, me, code, preset=preset) if code else _paste(request, site)
    forget(site, response, WAITING)
    return response


@router.post("")
def take(
    request: Request,
    site: Here,
    me: Me,
    show: Texts,
    ladder: Texts,
    until: Texts,
    code: Text = "",
    supervised: Text = "",
) -> Response:
    """Take it."""
    try:
        offered = inviting.offer_of(site.services, me.id, code)
    except NotFound:
        return _closed(request, site)
    chosen = chosen_in(offered.offer.role, show, ladder, until)
    try:
        given = consents_from(chosen, site.services.clock.now())
        bond = inviting.accept(site.services, me.id, code, given, supervised=bool(supervised))
    except InvalidInput as error:
        return _ask(request, site, me, code, chosen, bool(supervised), fault(error, "until"))
    if bond.person != me.id:
        return go("/coach" if bond.role is Role.COACH else "/sharing?said=accepted")
    return go(f"/sharing/{bond.id}?said=let-in" if SHOWN_TO[bond.role] else "/sharing")


def _code_in(text: str) -> str:
    """The code, out of what was pasted: itself, or the whole link."""
    return text.strip().rpartition("code=")[2].partition("&")[0][:_LONGEST]


def _ways_in(request: Request, site: Site, code: str) -> Response:
    if people.is_new(site.services):
        return go("/welcome")
    if not code:
        return go("/sign-in")
    can_join = invitations.is_good(site.services, code)
    response = site.page(request, "let_in_first.html", join=f"/join?code={quote(code)}" if can_join else "")
    keep(site, response, WAITING, quote(code), _SECONDS)
    return response


def _paste(request: Request, site: Site) -> Response:
    return site.page(request, "let_in_paste.html")


def _ask(
    request: Request,
    site: Site,
    me: Account,
    code: str,
    chosen: Mapping[str, Chosen] | None = None,
    is_supervised: bool = False,
    faults: Faults | None = None,
    preset: str = "",
) -> Response:
    try:
        offered = inviting.offer_of(site.services, me.id, code)
    except NotFound:
        return _closed(request, site)
    heading, lines = offered_words(offered)
    return site.page(
        request,
        "let_in.html",
        422 if faults else 200,
        heading=heading,
        lines=lines,
        offered=offered,
        code=code,
        view=_choice(site, me, offered, chosen or {}, is_supervised, preset),
        base=f"/let-in?code={quote(code)}&preset=",
        faults=faults or Faults(),
    )


def _choice(
    site: Site, me: Account, offered: Offered, chosen: Mapping[str, Chosen], is_supervised: bool, preset: str
) -> object:
    role = offered.offer.role
    if offered.is_own or offered.offer.lets_in or role is Role.SUPERVISOR:
        return None
    mine = [one for one in ladders.ladders_of(site.services, me.id) if one.archived_at is None]
    now = site.services.clock.now()
    return consent_view(role, mine, chosen, now, preset=preset, is_supervised=is_supervised)


def _closed(request: Request, site: Site) -> Response:
    return site.page(
        request,
        "error.html",
        404,
        title=_("This invitation is not open any more"),
        words=_("It was taken, taken back, or its time is over. Ask whoever sent it to you for a new one."),
        back="/sharing",
        back_label=_("To the people you let in"),
    )
