"""The people somebody lets in: who they are, what they see, until when, and when they looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.coaching.seeing import preview
from rung.app.model import LadderId
from rung.app.policies import Role
from rung.app.sharing import consenting, inviting, reports
from rung.app.sharing.consenting import LetIn
from rung.app.sharing.looks import looks
from rung.errors import InvalidInput
from rung.web.consents import Chosen, chosen_in, consents_from
from rung.web.forms import Faults, Text, Texts, Typed, fault
from rung.web.others import TOGETHER, address
from rung.web.site import Here, Me, Site, go
from rung.web.views import sharing as views
from rung.web.views.coach_ladder import coach_ladder_view
from rung.web.views.consenting import chosen_by, consent_view
from rung.web.views.looks import looks_view
from rung.words import _

router = APIRouter(prefix="/sharing", dependencies=[TOGETHER])


@router.get("")
def sharing_page(request: Request, site: Here, me: Me, said: str = "") -> Response:
    """Everybody who was let in, what is open, and the ways on."""
    services, now = site.services, site.services.clock.now()
    with_me = consenting.people_with_me(services, me.id, (Role.COACH, Role.SUPERVISOR))
    return site.page(
        request,
        "sharing.html",
        notice=views.said(said),
        people=[views.person_view(one, now, is_mine=True) for one in consenting.let_in(services, me.id)],
        with_me=[views.person_view(one, now, is_mine=False) for one in with_me],
        offers=views.offer_views(inviting.offers_of(services, me.id, lets_in=True)),
        reports=len(reports.links_of(services, me.id)),
    )


@router.get("/invite")
def invite_page(request: Request, site: Here, me: Me) -> Response:
    """The form for an invitation."""
    return _invite(request, site, Typed(role=Role.COACH.value, days="14"))


@router.post("/invite")
def invite(
    request: Request,
    site: Here,
    me: Me,
    role: Text = "",
    label: Text = "",
    days: Text = "",
    stranger: Text = "",
) -> Response:
    """Make an invitation, and show its link this once."""
    typed = Typed(role=role, label=label, days=days, stranger=stranger)
    try:
        code = inviting.invite(
            site.services,
            me.id,
            _role(role),
            lets_in=True,
            label=label,
            days=int(days) if days.isdecimal() and len(days) < 3 else 0,
            for_a_stranger=bool(stranger),
        )
    except InvalidInput as error:
        return _invite(request, site, typed, fault(error, "days" if role in _ROLES else "role"))
    link = address(request, site.settings, f"/let-in?code={code}")
    told = _("Send it to one person. Whoever opens it first can take it. It is shown this one time.")
    return site.page(
        request, "link_shown.html", link=link, code=code, label=label.strip(), words=told, back="/sharing"
    )


@router.post("/invitations/{offer_id}/take-back")
def take_back(site: Here, me: Me, offer_id: UUID) -> Response:
    """Make an invitation good for nothing."""
    inviting.take_back(site.services, me.id, str(offer_id))
    return go("/sharing?said=taken-back")


@router.get("/looks")
def looks_page(request: Request, site: Here, me: Me, before: datetime | None = None) -> Response:
    """Who looked, and at what."""
    if before is not None and before.tzinfo is None:
        before = None
    found = looks(site.services, me.id, before)
    return site.page(
        request,
        "looks.html",
        days=looks_view(found.reads, found.names),
        earlier=found.earlier.isoformat() if found.earlier else "",
    )


@router.get("/{bond_id}")
def consent_page(
    request: Request, site: Here, me: Me, bond_id: UUID, said: str = "", preset: str = ""
) -> Response:
    """What one person sees, ladder by ladder."""
    one = consenting.bond_of(site.services, me.id, str(bond_id))
    chosen = chosen_by(one.bond, site.services.clock.now())
    return _consent(request, site, one, chosen, one.bond.supervised, preset=preset, said=said)


@router.post("/{bond_id}")
def consent(
    request: Request,
    site: Here,
    me: Me,
    bond_id: UUID,
    show: Texts,
    ladder: Texts,
    until: Texts,
    supervised: Text = "",
) -> Response:
    """Say anew what one person sees."""
    one = consenting.bond_of(site.services, me.id, str(bond_id))
    chosen = chosen_in(one.bond.role, show, ladder, until)
    try:
        given = consents_from(chosen, site.services.clock.now())
        consenting.consent(site.services, me.id, one.bond.id, given, supervised=bool(supervised))
    except InvalidInput as error:
        return _consent(request, site, one, chosen, bool(supervised), fault(error, "until"))
    return go(f"/sharing/{one.bond.id}?said=kept")


@router.get("/{bond_id}/preview/{ladder_id}")
def preview_page(request: Request, site: Here, me: Me, bond_id: UUID, ladder_id: UUID) -> Response:
    """A ladder as one who was let in sees it: the same page, made by the same use case; no look is noted."""
    shared = preview(site.services, me.id, str(bond_id), LadderId(str(ladder_id)))
    return site.page(
        request,
        "coach_ladder.html",
        view=coach_ladder_view(shared),
        leaving=None,
        base="",
        back=f"/sharing/{bond_id}",
        is_preview=True,
        opened="",
        doubt=None,
    )


@router.post("/{bond_id}/end")
def end(site: Here, me: Me, bond_id: UUID) -> Response:
    """End it, from either side: nothing is shown from now on."""
    consenting.end(site.services, me.id, str(bond_id))
    return go("/sharing?said=ended")


_ROLES = frozenset(Role)


def _role(key: str) -> Role:
    if key not in _ROLES:
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    return Role(key)


def _invite(request: Request, site: Site, form: Typed, faults: Faults | None = None) -> Response:
    return site.page(
        request,
        "invite.html",
        422 if faults else 200,
        form=form,
        faults=faults or Faults(),
        roles=views.role_choices(),
        days=views.day_choices(),
    )


def _consent(
    request: Request,
    site: Site,
    one: LetIn,
    chosen: Mapping[str, Chosen],
    is_supervised: bool,
    faults: Faults | None = None,
    preset: str = "",
    said: str = "",
) -> Response:
    now = site.services.clock.now()
    view = consent_view(
        one.bond.role,
        one.ladders if consenting.SHOWN_TO[one.bond.role] else (),
        chosen,
        now,
        bond=one.bond,
        preset=preset,
        is_supervised=is_supervised,
    )
    return site.page(
        request,
        "consent.html",
        422 if faults else 200,
        person=views.person_view(one, now, is_mine=True),
        view=view,
        base=f"/sharing/{one.bond.id}?preset=",
        faults=faults or Faults(),
        notice=None if faults or view.is_preset else views.said(said),
    )
