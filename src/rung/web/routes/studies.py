"""The researcher's side: how many take part, the link by which they do, and their log under pseudonyms."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.model import PersonId
from rung.app.policies import Role
from rung.app.sharing import inviting
from rung.app.sharing.studies import export_study, study_of
from rung.errors import InvalidInput
from rung.web.forms import Faults, Text, Typed, fault
from rung.web.others import TOGETHER, address
from rung.web.site import Here, Me, Site, go
from rung.web.views import sharing as views
from rung.words import _

router = APIRouter(prefix="/studies", dependencies=[TOGETHER])


@router.get("")
def studies_page(request: Request, site: Here, me: Me) -> Response:
    """Who takes part, as a number, and what can be done."""
    return _show(request, site, me.id, Typed(days="14"))


@router.post("/invite")
def invite(
    request: Request, site: Here, me: Me, label: Text = "", days: Text = "", stranger: Text = ""
) -> Response:
    """Make a link for everybody who is asked, and show it this once."""
    try:
        code = inviting.invite(
            site.services,
            me.id,
            Role.RESEARCHER,
            lets_in=False,
            label=label,
            days=int(days) if days.isdecimal() and len(days) < 3 else 0,
            for_a_stranger=bool(stranger),
        )
    except InvalidInput as error:
        typed = Typed(label=label, days=days, stranger=stranger)
        return _show(request, site, me.id, typed, fault(error, "days"))
    link = address(request, site.settings, f"/let-in?code={code}")
    told = _("Everybody who is asked can use it, until its time is over. It is shown this one time.")
    return site.page(
        request, "link_shown.html", link=link, code=code, label=label.strip(), words=told, back="/studies"
    )


@router.post("/invitations/{offer_id}/take-back")
def take_back(site: Here, me: Me, offer_id: UUID) -> Response:
    """Make a link good for nothing."""
    inviting.take_back(site.services, me.id, str(offer_id))
    return go("/studies")


@router.post("/log")
def download(site: Here, me: Me) -> Response:
    """The log of everybody who shows something; each of them sees that it was taken out."""
    name = f"rung-study-{site.services.clock.now():%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(export_study(site.services, me.id), media_type="text/csv", headers=headers)


def _show(request: Request, site: Site, me: PersonId, form: Typed, faults: Faults | None = None) -> Response:
    offers = inviting.offers_of(site.services, me, lets_in=False)
    return site.page(
        request,
        "studies.html",
        422 if faults else 200,
        study=study_of(site.services, me),
        offers=views.offer_views([one for one in offers if one.role is Role.RESEARCHER]),
        days=views.day_choices(),
        form=form,
        faults=faults or Faults(),
    )
