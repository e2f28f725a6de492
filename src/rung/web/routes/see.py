"""How it has gone on one ladder."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import outlook
from rung.app.model import LadderId
from rung.web.site import Here, Me
from rung.web.views.see import see_view

router = APIRouter()


@router.get("/ladders/{ladder_id}/see")
def see(request: Request, site: Here, me: Me, ladder_id: UUID) -> Response:
    """Belief over time, the ladder filling, belief against success, feared against happened."""
    history = outlook.history(site.services, me.id, LadderId(str(ladder_id)))
    return site.page(request, "see.html", view=see_view(history))
