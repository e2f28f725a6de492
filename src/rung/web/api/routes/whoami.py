"""For whom a token acts."""

from __future__ import annotations

from fastapi import APIRouter

from rung.web.api.answers import WhoamiOut
from rung.web.api.caller import Anybody
from rung.web.api.telling import whoami_out

router = APIRouter(tags=["whoami"])


@router.get("/whoami", operation_id="whoami")
def whoami(caller: Anybody) -> WhoamiOut:
    """Say for whom the token acts, what it may do, and until when."""
    return whoami_out(caller.token)
