"""Today: what to do next."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.at_hand import at_hand
from rung.app.coaching.answering import from_others
from rung.app.model import LadderId, StepId
from rung.app.sharing.consenting import seeing_nothing
from rung.web.routes.let_in import WAITING
from rung.web.site import Here, Me, go
from rung.web.views import notices
from rung.web.views.from_others import MOST_ON_TODAY, cards
from rung.web.views.sharing import unseen_notice
from rung.web.views.today import today_view

router = APIRouter()


@router.get("/")
def today(
    request: Request,
    site: Here,
    me: Me,
    ladder: UUID | None = None,
    step: UUID | None = None,
    said: str = "",
    skipped: UUID | None = None,
    taken: UUID | None = None,
    put: UUID | None = None,
) -> Response:
    """One next step, or the question that everything begins with; first of all an invitation that waits."""
    if request.cookies.get(WAITING) and not site.settings.solo:
        return go("/let-in")
    view = today_view(
        at_hand(site.services, me.id),
        LadderId(str(ladder)) if ladder else None,
        StepId(str(step)) if step else None,
    )
    notice = notices.of_today(said, skipped, taken, put)
    others = cards(from_others(site.services, me.id), MOST_ON_TODAY)
    unseen = unseen_notice(seeing_nothing(site.services, me.id))
    return site.page(request, "today.html", view=view, notice=notice, unseen=unseen, others=others)
