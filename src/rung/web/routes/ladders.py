"""Ladders: all of them, named, shown, renamed, put away, and how bold the next step is to be."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import outlook
from rung.app.climbing import ladders
from rung.app.coaching.answering import from_others
from rung.app.model import Account, LadderId
from rung.errors import Conflict, InvalidInput
from rung.web.forms import SENT_BEFORE, Faults, Text, Typed, fault, number
from rung.web.site import Here, Me, Site, go
from rung.web.views import notices
from rung.web.views.from_others import MOST_ON_TODAY, cards
from rung.web.views.ladder import ladder_view, restored_notice
from rung.web.views.ladders import ladders_notice, ladders_view
from rung.words import _

router = APIRouter()


@router.get("/ladders")
def ladders_page(request: Request, site: Here, me: Me, away: UUID | None = None) -> Response:
    """All ladders, in use and put away."""
    everything = ladders.ladders_of(site.services, me.id)
    return site.page(
        request,
        "ladders.html",
        view=ladders_view(outlook.today_everywhere(site.services, me.id), everything),
        notice=ladders_notice(everything, LadderId(str(away)) if away else None),
    )


@router.get("/ladders/new")
def new_page(request: Request, site: Here, me: Me) -> Response:
    """Ask for the one thing."""
    return site.page(request, "new.html")


@router.post("/ladders/new")
def name_ladder(request: Request, site: Here, me: Me, name: Text = "", id: Text = "") -> Response:
    """Make a ladder and go on to its steps."""
    try:
        made = ladders.name_ladder(site.services, me.id, name, ladder_id=id or None)
    except InvalidInput as error:
        return site.page(request, "new.html", 422, form=Typed(name=name), faults=fault(error, "name"))
    except Conflict:
        return site.page(request, "new.html", 409, form=Typed(name=name), faults=Faults(name=_(SENT_BEFORE)))
    return go(f"/ladders/{made.id}/steps")


@router.get("/ladders/{ladder_id}")
def ladder_page(request: Request, site: Here, me: Me, ladder_id: UUID, said: str = "") -> Response:
    """The ladder itself."""
    return _show(request, site, me, LadderId(str(ladder_id)), said=said)


@router.post("/ladders/{ladder_id}/rename")
def rename(request: Request, site: Here, me: Me, ladder_id: UUID, name: Text = "") -> Response:
    """Give the ladder another name."""
    try:
        ladders.rename_ladder(site.services, me.id, LadderId(str(ladder_id)), name)
    except InvalidInput as error:
        return _show(request, site, me, LadderId(str(ladder_id)), 422, fault(error, "name"), Typed(name=name))
    return go(f"/ladders/{ladder_id}?said=renamed")


@router.post("/ladders/{ladder_id}/archive")
def archive(site: Here, me: Me, ladder_id: UUID) -> Response:
    """Put the ladder away."""
    ladders.archive_ladder(site.services, me.id, LadderId(str(ladder_id)))
    return go(f"/ladders?away={ladder_id}")


@router.post("/ladders/{ladder_id}/restore")
def restore(site: Here, me: Me, ladder_id: UUID) -> Response:
    """Take the ladder up again."""
    ladders.restore_ladder(site.services, me.id, LadderId(str(ladder_id)))
    return go(f"/ladders/{ladder_id}?said=restored")


@router.post("/ladders/{ladder_id}/dial")
def dial(site: Here, me: Me, ladder_id: UUID, wanted: Text = "") -> Response:
    """Set how likely the next step should be to work."""
    chance = round(number(wanted, 100) or 0.0) / 100
    ladders.set_wanted_chance(site.services, me.id, LadderId(str(ladder_id)), chance)
    return go("/")


def _show(
    request: Request,
    site: Site,
    me: Account,
    this: LadderId,
    status: int = 200,
    faults: Faults | None = None,
    form: Typed | None = None,
    said: str = "",
) -> Response:
    today = outlook.today(site.services, me.id, this)
    is_restored = said == "restored" and today.ladder.archived_at is None
    return site.page(
        request,
        "ladder.html",
        status,
        view=ladder_view(today),
        others=cards(from_others(site.services, me.id, this), MOST_ON_TODAY),
        notice=restored_notice(today) if is_restored else notices.said(said),
        form=form or Typed(),
        faults=faults or Faults(),
    )
