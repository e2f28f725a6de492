"""Reports behind a link: making one, ending it, and what whoever has it sees."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import sheets
from rung.app.climbing import ladders
from rung.app.model import LadderId, PersonId
from rung.app.sharing import reports
from rung.app.sharing.fields import fields_from
from rung.errors import InvalidInput
from rung.web.forms import Faults, Text, Texts, Typed, fault
from rung.web.others import TOGETHER, address
from rung.web.site import Here, Me, Site, go
from rung.web.views import sharing as views
from rung.web.views.sheet import sheet_view
from rung.words import _, date_and_time

router = APIRouter(dependencies=[TOGETHER])


@router.get("/sharing/reports")
def reports_page(request: Request, site: Here, me: Me, said: str = "") -> Response:
    """The links that are good, and the form for another one."""
    return _show(request, site, me.id, Typed(fields="judgements outcomes", days="7"), said=said)


@router.post("/sharing/reports")
def make_link(
    request: Request, site: Here, me: Me, show: Texts, ladder: Text = "", days: Text = ""
) -> Response:
    """Make a link to a report, and show it this once."""
    fields = fields_from(show)
    try:
        code = reports.make_link(
            site.services,
            me.id,
            LadderId(ladder),
            fields,
            int(days) if days.isdecimal() and len(days) < 3 else 0,
        )
    except InvalidInput as error:
        typed = Typed(ladder=ladder, fields=" ".join(fields), days=days)
        return _show(request, site, me.id, typed, fault(error, "days" if fields else "fields"))
    link = address(request, site.settings, f"/report/{code}")
    told = _("Whoever has it reads the report, without an account, until it ends. It is shown this one time.")
    return site.page(
        request, "link_shown.html", link=link, code="", label="", words=told, back="/sharing/reports"
    )


@router.post("/sharing/reports/{link_id}/end")
def end_link(site: Here, me: Me, link_id: UUID) -> Response:
    """Make a link good for nothing."""
    reports.end_link(site.services, me.id, str(link_id))
    return go("/sharing/reports?said=link-ended")


@router.get("/report/{code}")
def report_page(request: Request, site: Here, code: str) -> Response:
    """The sheet of one ladder, for whoever has the link; nothing of it is kept or passed on by a browser."""
    link = reports.open_report(site.services, code)
    found = sheets.sheet(site.services, link.person, link.person, link.ladder, fields=link.fields)
    until = _("This link is good until %(end)s.", end=date_and_time(link.expires_at))
    response = site.page(request, "report.html", view=sheet_view(found), until=until)
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["x-robots-tag"] = "noindex, nofollow, noarchive"
    return response


def _show(
    request: Request, site: Site, me: PersonId, form: Typed, faults: Faults | None = None, said: str = ""
) -> Response:
    mine = [one for one in ladders.ladders_of(site.services, me) if one.archived_at is None]
    return site.page(
        request,
        "reports.html",
        422 if faults else 200,
        form=form,
        faults=faults or Faults(),
        notice=None if faults else views.said(said),
        ladders=[(one.id, one.name) for one in mine],
        fields=views.field_choices(),
        chosen=form["fields"].split(),
        days=views.report_days(),
        reports=views.report_views(reports.links_of(site.services, me)),
    )
