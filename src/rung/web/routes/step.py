"""One step: shown with its history, renamed, put under conditions, varied, split."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import judging, outlook
from rung.app.climbing import steps
from rung.app.model import Account, LadderId, StepId
from rung.errors import Conflict, InvalidInput
from rung.web.forms import SENT_BEFORE, Faults, Text, Texts, Typed, fault, lines
from rung.web.site import Here, Me, Site, go
from rung.web.views import notices
from rung.web.views.step import name_varied, step_view
from rung.words import _

router = APIRouter(prefix="/ladders/{ladder_id}/steps/{step_id}")


@router.get("")
def step_page(
    request: Request, site: Here, me: Me, ladder_id: UUID, step_id: UUID, said: str = ""
) -> Response:
    """The step itself."""
    return _show(request, site, me, LadderId(str(ladder_id)), StepId(str(step_id)), said=said)


@router.post("/rename")
def rename(request: Request, site: Here, me: Me, ladder_id: UUID, step_id: UUID, name: Text = "") -> Response:
    """Give the step another name."""
    this, step = LadderId(str(ladder_id)), StepId(str(step_id))
    try:
        steps.rename_step(site.services, me.id, this, step, name)
    except InvalidInput as error:
        return _show(request, site, me, this, step, Typed(name=name), fault(error, "name"))
    return go(f"/ladders/{ladder_id}/steps/{step_id}?said=renamed")


@router.post("/conditions")
def set_conditions(site: Here, me: Me, ladder_id: UUID, step_id: UUID, condition: Texts) -> Response:
    """Say what the step is done under."""
    steps.set_conditions(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)), condition)
    return go(f"/ladders/{ladder_id}/steps/{step_id}?said=conditions")


@router.post("/vary")
def vary(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    step_id: UUID,
    condition: Text = "",
    name: Text = "",
    id: Text = "",
) -> Response:
    """Put the same thing under one more condition beside the step."""
    this, step = LadderId(str(ladder_id)), StepId(str(step_id))
    typed = Typed(vary_name=name, condition=condition)
    try:
        if not name.strip():
            name = name_varied(judging.judgements_of(site.services, me.id, this, step)[0].name, condition)
        steps.vary_step(site.services, me.id, this, step, name, condition, batch_id=id or None)
    except InvalidInput as error:
        return _show(request, site, me, this, step, typed, fault(error, "vary"))
    except Conflict:
        return _show(request, site, me, this, step, typed, Faults(vary=_(SENT_BEFORE)))
    return go(f"/ladders/{ladder_id}/steps#step-{step_id}")


@router.post("/split")
def split(request: Request, site: Here, me: Me, ladder_id: UUID, step_id: UUID, parts: Text = "") -> Response:
    """Put two or more steps in the place of one."""
    this, step = LadderId(str(ladder_id)), StepId(str(step_id))
    try:
        steps.split_step(site.services, me.id, this, step, lines(parts))
    except InvalidInput as error:
        return _show(request, site, me, this, step, Typed(parts=parts), fault(error, "parts"))
    return go(f"/ladders/{ladder_id}/steps?retired={step_id}")


def _show(
    request: Request,
    site: Site,
    me: Account,
    this: LadderId,
    step_id: StepId,
    form: Typed | None = None,
    faults: Faults | None = None,
    said: str = "",
) -> Response:
    step, judgements = judging.judgements_of(site.services, me.id, this, step_id)
    view = step_view(outlook.today(site.services, me.id, this), step, judgements)
    return site.page(
        request,
        "step.html",
        422 if faults else 200,
        view=view,
        form=form or Typed(),
        faults=faults or Faults(),
        notice=notices.Notice(_("Kept.")) if said == "conditions" else notices.said(said),
    )
