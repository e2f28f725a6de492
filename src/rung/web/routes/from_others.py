"""What others left: taken, let go, and both undone."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.coaching import answering
from rung.app.coaching.answering import FromOther, Said
from rung.app.model import Account
from rung.app.ports import Left
from rung.errors import Conflict, InvalidInput
from rung.web.forms import Faults, Text, choice
from rung.web.others import TOGETHER
from rung.web.site import Here, Me, Site, go
from rung.web.views.from_others import answered_notice, cards
from rung.web.views.sources_encouragement import BELIEVED
from rung.web.views.sources_models import ALIKE

router = APIRouter(prefix="/from-others", dependencies=[TOGETHER])


@router.get("")
def page(request: Request, site: Here, me: Me, answered: UUID | None = None) -> Response:
    """What waits for an answer, and what was answered."""
    return _show(request, site, me, str(answered) if answered else "")


@router.post("/{left_id}/take")
def take(
    request: Request, site: Here, me: Me, left_id: UUID, believed: Text = "", alike: Text = ""
) -> Response:
    """Take what was left."""
    try:
        said = Said(choice(dict(BELIEVED), believed), choice(dict(ALIKE), alike))
        answering.take(site.services, me.id, str(left_id), said)
    except (InvalidInput, Conflict) as error:
        return _show(request, site, me, faults=Faults({str(left_id): f"{error}."}))
    return go(f"/from-others?answered={left_id}")


@router.post("/{left_id}/decline")
def decline(request: Request, site: Here, me: Me, left_id: UUID, why: Text = "") -> Response:
    """Let it go."""
    try:
        answering.decline(site.services, me.id, str(left_id), why)
    except (InvalidInput, Conflict) as error:
        return _show(request, site, me, faults=Faults({str(left_id): f"{error}."}))
    return go(f"/from-others?answered={left_id}")


@router.post("/{left_id}/undo")
def undo(site: Here, me: Me, left_id: UUID) -> Response:
    """Let it wait for an answer again."""
    answering.undo(site.services, me.id, str(left_id))
    return go("/from-others")


def _show(
    request: Request, site: Site, me: Account, answered: str = "", faults: Faults | None = None
) -> Response:
    waiting = answering.from_others(site.services, me.id)
    past = answering.from_others(site.services, me.id, answered=True)
    told = _named(past, answered)
    return site.page(
        request,
        "from_others.html",
        422 if faults else 200,
        view=cards(waiting),
        past=cards(past),
        notice=answered_notice(told) if told else None,
        faults=faults or Faults(),
    )


def _named(past: list[FromOther], left_id: str) -> Left | None:
    return next((one.left for one in past if one.left.id == left_id), None)
