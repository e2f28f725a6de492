"""What Rung is not, who can help, and the static files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rung.app.model import Account
from rung.errors import NotFound
from rung.web.site import Here, visitor

router = APIRouter()

FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("/about")
def about(request: Request, site: Here, account: Annotated[Account | None, Depends(visitor)]) -> Response:
    """What Rung is, what it is not, and crisis lines."""
    return site.page(request, "about.html")


@router.get("/static/{name}")
def static(request: Request, site: Here, name: str) -> Response:
    """A static file, packed where the browser can take that; its name holds its hash, so it never changes.

    Pages are not packed: what a person wrote stands beside what others may have them load.
    """
    asset = site.assets.at(f"/static/{name}")
    if asset is None:
        raise NotFound("There is no such file")
    headers = {**FOR_GOOD, "vary": "accept-encoding"}
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)


@router.get("/favicon.ico")
def favicon(site: Here) -> Response:
    """The logo, where browsers look for it unasked."""
    asset = site.assets.at(site.assets.url("icon.png"))
    return Response(
        asset.content if asset else b"", media_type="image/png", headers={"cache-control": "max-age=86400"}
    )
