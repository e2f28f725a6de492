"""How this works: reading matter for everybody, with levers to move."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rung.app.model import Account
from rung.web.site import Here, visitor
from rung.web.views.showing import levers_of, showing_view

router = APIRouter()


@router.get("/how-this-works")
def showing(
    request: Request,
    site: Here,
    account: Annotated[Account | None, Depends(visitor)],
    dial: str = "",
    attribution: str = "",
    similarity: str = "",
    coping: str = "",
    credibility: str = "",
    reappraisal: str = "",
) -> Response:
    """A month of made-up people for the levers in the address, which can be kept and passed on."""
    texts = {
        "dial": dial,
        "attribution": attribution,
        "similarity": similarity,
        "coping": coping,
        "credibility": credibility,
        "reappraisal": reappraisal,
    }
    return site.page(request, "showing.html", view=showing_view(levers_of(texts)))
