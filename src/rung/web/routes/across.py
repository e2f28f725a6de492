"""All ladders beside each other."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.across import across
from rung.web.site import Here, Me
from rung.web.views.across import across_view

router = APIRouter()


@router.get("/ladders/across")
def across_page(request: Request, site: Here, me: Me) -> Response:
    """Each ladder now and before, and where belief has spread."""
    return site.page(request, "across.html", view=across_view(across(site.services, me.id)))
