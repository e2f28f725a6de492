"""The session sheet: on the page, on paper, and the sessions that it lies between."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import sheets
from rung.app.model import LadderId, PersonId
from rung.app.sheets import Sheet, meetings
from rung.errors import InvalidInput, NotFound
from rung.web.forms import Faults, Text, Typed, beginning, day_of, fault
from rung.web.printing import sheet_pdf
from rung.web.site import Here, Me, Site, go
from rung.web.views.notices import Notice
from rung.web.views.sheet import sessions_view, sheet_view
from rung.words import _, later

router = APIRouter(prefix="/ladders/{ladder_id}")

_SAID = {
    "kept": later("Kept. The next sheet begins here."),
    "gone": later("Deleted."),
}


@router.get("/sheet")
def sheet_page(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    since: str = "",
    until: str = "",
    said: str = "",
) -> Response:
    """One ladder between two days; without them, since the last session."""
    faults = Faults()
    try:
        found = _sheet(site, me.id, ladder_id, since, until)
    except InvalidInput as error:
        faults = fault(error, "since")
        found = _sheet(site, me.id, ladder_id, "", "")
    held = meetings.sessions_about(site.services, me.id, LadderId(str(ladder_id)))
    return site.page(
        request,
        "sheet.html",
        422 if faults else 200,
        view=sheet_view(found),
        sessions=sessions_view(held),
        form=Typed(since=since, until=until) if faults else Typed(),
        faults=faults,
        notice=Notice(_(_SAID[said])) if said in _SAID else None,
    )


@router.get("/sheet.pdf")
def sheet_on_paper(site: Here, me: Me, ladder_id: UUID, since: str = "", until: str = "") -> Response:
    """The same as one page of paper."""
    try:
        found = _sheet(site, me.id, ladder_id, since, until)
    except InvalidInput:
        return go(f"/ladders/{ladder_id}/sheet")
    content = sheet_pdf(sheet_view(found), site.settings.country, found.made_at)
    name = f"rung-{found.until:%Y-%m-%d}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/sessions")
def keep_session(site: Here, me: Me, ladder_id: UUID) -> Response:
    """Keep that a session is held now: the next sheet begins here."""
    meetings.keep_session(site.services, me.id, LadderId(str(ladder_id)))
    return go(f"/ladders/{ladder_id}/sheet?said=kept")


@router.post("/sessions/delete")
def forget_session(site: Here, me: Me, ladder_id: UUID, at: Text = "") -> Response:
    """Delete a session that was kept."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise NotFound("There is no such session") from None
    meetings.forget_session(site.services, me.id, LadderId(str(ladder_id)), moment)
    return go(f"/ladders/{ladder_id}/sheet?said=gone")


def _sheet(site: Site, person: PersonId, ladder_id: UUID, since: str, until: str) -> Sheet:
    first, last = day_of(since), day_of(until)
    now = site.services.clock.now()
    end = None if last is None else min(beginning(last + timedelta(days=1)), now)
    begin = None if first is None else beginning(first)
    return sheets.sheet(site.services, person, person, LadderId(str(ladder_id)), begin, end)
