"""How sure somebody is of each step, as things are now."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import evidence, ladders
from rung.app.model import Account, Ladder, LadderId, StepId
from rung.errors import InvalidInput
from rung.web.forms import Faults, Text, Texts, Typed, percent
from rung.web.site import Here, Me, Site, go
from rung.web.views.judge import judge_view

router = APIRouter()


@router.get("/ladders/{ladder_id}/judge")
def judge_page(request: Request, site: Here, me: Me, ladder_id: UUID) -> Response:
    """All steps on one page."""
    ladder = ladders.ladder(site.services, me.id, LadderId(str(ladder_id)))
    if not ladder.climbing:
        return go(f"/ladders/{ladder_id}/steps")
    return _show(request, site, me, ladder, Typed(), Typed(), Faults())


@router.post("/ladders/{ladder_id}/judge")
def judge(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    step: Texts,
    rating: Texts,
    feared: Texts,
    id: Text = "",
) -> Response:
    """Store what was answered; a step left empty was not judged."""
    this = LadderId(str(ladder_id))
    ratings, fears = Typed(zip(step, rating, strict=False)), Typed(zip(step, feared, strict=False))
    faults = Faults()
    rated = _numbers(ratings, "rating", faults)
    feared_numbers = _numbers(fears, "feared", faults)
    for name in feared_numbers:
        if name not in rated and f"rating-{name}" not in faults:
            faults[f"rating-{name}"] = "You said what you fear here: say how sure you are, too"
    if not rated and not faults:
        faults["whole"] = "Say how sure you are of at least one step"
    if faults:
        ladder = ladders.ladder(site.services, me.id, this)
        return _show(request, site, me, ladder, ratings, fears, faults, id)
    evidence.judge(site.services, me.id, this, rated, feared_numbers, event_id=id or None)
    return go(f"/ladders/{ladder_id}?said=judged")


def _numbers(texts: Typed, name: str, faults: Faults) -> dict[StepId, int]:
    found: dict[StepId, int] = {}
    for step, text in texts.items():
        try:
            number = percent(text)
        except InvalidInput as error:
            faults[f"{name}-{step}"] = str(error)
            continue
        if number is not None:
            found[StepId(step)] = number
    return found


def _show(
    request: Request,
    site: Site,
    me: Account,
    ladder: Ladder,
    ratings: Typed,
    feared: Typed,
    faults: Faults,
    event_id: str = "",
) -> Response:
    log = evidence.log_of(site.services, me.id, ladder.id)
    view = judge_view(ladder, log, ratings, feared, faults, event_id)
    return site.page(request, "judge.html", 422 if faults else 200, view=view, faults=faults)
