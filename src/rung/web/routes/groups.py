"""The groups that somebody leads: numbers of five people and more, and the link by which people join."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.model import PersonId
from rung.app.policies import Role
from rung.app.sharing import groups, inviting
from rung.errors import InvalidInput
from rung.web.forms import Faults, Text, Typed, fault
from rung.web.others import TOGETHER, address
from rung.web.site import Here, Me, Site, go
from rung.web.views import sharing as views
from rung.web.views.groups import group_view, groups_view
from rung.words import _

router = APIRouter(prefix="/groups", dependencies=[TOGETHER])


@router.get("")
def groups_page(request: Request, site: Here, me: Me) -> Response:
    """All groups that one leads, and the form for another one."""
    return _groups(request, site, me.id)


@router.post("")
def make_group(request: Request, site: Here, me: Me, name: Text = "") -> Response:
    """Make a group."""
    try:
        group = groups.make_group(site.services, me.id, name)
    except InvalidInput as error:
        return _groups(request, site, me.id, Typed(name=name), fault(error, "name"))
    return go(f"/groups/{group.id}")


@router.get("/{group_id}")
def group_page(request: Request, site: Here, me: Me, group_id: UUID) -> Response:
    """The numbers of one group."""
    return _group(request, site, me.id, str(group_id))


@router.post("/{group_id}/invite")
def invite(
    request: Request, site: Here, me: Me, group_id: UUID, days: Text = "", stranger: Text = ""
) -> Response:
    """Make a link for everybody who is to join, and show it this once."""
    try:
        code = inviting.invite(
            site.services,
            me.id,
            Role.LEADER,
            lets_in=False,
            days=int(days) if days.isdecimal() and len(days) < 3 else 0,
            group=str(group_id),
            for_a_stranger=bool(stranger),
        )
    except InvalidInput as error:
        typed = Typed(days=days, stranger=stranger)
        return _group(request, site, me.id, str(group_id), typed, fault(error, "days"))
    link = address(request, site.settings, f"/let-in?code={code}")
    told = _("Everybody who is to join can use it, until its time is over. It is shown this one time.")
    return site.page(
        request, "link_shown.html", link=link, code=code, label="", words=told, back=f"/groups/{group_id}"
    )


@router.post("/{group_id}/invitations/{offer_id}/take-back")
def take_back(site: Here, me: Me, group_id: UUID, offer_id: UUID) -> Response:
    """Make a link good for nothing."""
    inviting.take_back(site.services, me.id, str(offer_id))
    return go(f"/groups/{group_id}")


@router.post("/{group_id}/end")
def end_group(site: Here, me: Me, group_id: UUID) -> Response:
    """End a group."""
    groups.end_group(site.services, me.id, str(group_id))
    return go("/groups")


def _groups(
    request: Request, site: Site, me: PersonId, form: Typed | None = None, faults: Faults | None = None
) -> Response:
    return site.page(
        request,
        "groups.html",
        422 if faults else 200,
        groups=groups_view(groups.groups_of(site.services, me)),
        form=form or Typed(),
        faults=faults or Faults(),
    )


def _group(
    request: Request,
    site: Site,
    me: PersonId,
    group_id: str,
    form: Typed | None = None,
    faults: Faults | None = None,
) -> Response:
    return site.page(
        request,
        "group.html",
        422 if faults else 200,
        view=group_view(groups.group_of(site.services, me, group_id)),
        days=views.day_choices(),
        form=form or Typed(days="14"),
        faults=faults or Faults(),
    )
