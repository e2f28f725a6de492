"""How it has gone on one ladder."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import history
from rung.app.model import LadderId, StepId
from rung.web.site import Here, Me
from rung.web.views.see import RANGES, see_view

router = APIRouter()


@router.get("/ladders/{ladder_id}/see")
def see(
    request: Request, site: Here, me: Me, ladder_id: UUID, step: str = "", range: str = "all"
) -> Response:
    """Belief over time with what happened, of all steps or of one, and what the record says beside it."""
    chosen = range if range in RANGES else "all"
    days = RANGES[chosen][1]
    found = history.history(
        site.services, me.id, LadderId(str(ladder_id)), StepId(step) if step else None, days
    )
    return site.page(request, "see.html", view=see_view(found, chosen))
