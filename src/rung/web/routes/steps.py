"""The steps of a ladder: added, renamed, split, moved, retired, restored."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import ladders
from rung.app.model import Account, LadderId, StepId
from rung.content import matching_template
from rung.errors import Conflict, InvalidInput
from rung.web.forms import SENT_BEFORE, Faults, Text, Typed, fault, lines
from rung.web.site import Here, Me, Site, go
from rung.web.views.steps import steps_view

router = APIRouter(prefix="/ladders/{ladder_id}/steps")


@router.get("")
def steps_page(request: Request, site: Here, me: Me, ladder_id: UUID) -> Response:
    """Break it into steps."""
    return _show(request, site, me, LadderId(str(ladder_id)))


@router.post("")
def add(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    names: Text = "",
    after: Text = "",
    id: Text = "",
) -> Response:
    """Add the steps named line by line, above the step chosen (the first ones at the bottom)."""
    this, typed = LadderId(str(ladder_id)), Typed(names=names, after=after)
    try:
        below = StepId(after) if after else None
        ladders.add_steps(site.services, me.id, this, lines(names), below, batch_id=id or None)
    except InvalidInput as error:
        return _show(request, site, me, this, typed, fault(error, "names"))
    except Conflict:
        return _show(request, site, me, this, typed, Faults(names=SENT_BEFORE))
    return go(f"/ladders/{ladder_id}/steps")


@router.post("/{step_id}/rename")
def rename(request: Request, site: Here, me: Me, ladder_id: UUID, step_id: UUID, name: Text = "") -> Response:
    """Give the step another name."""
    this, step = LadderId(str(ladder_id)), StepId(str(step_id))
    try:
        ladders.rename_step(site.services, me.id, this, step, name)
    except InvalidInput as error:
        return _show(request, site, me, this, Typed(name=name), fault(error, "name"), step)
    return _back(ladder_id, step_id)


@router.post("/{step_id}/split")
def split(request: Request, site: Here, me: Me, ladder_id: UUID, step_id: UUID, parts: Text = "") -> Response:
    """Put two or more steps in the place of one."""
    this, step = LadderId(str(ladder_id)), StepId(str(step_id))
    try:
        ladders.split_step(site.services, me.id, this, step, lines(parts))
    except InvalidInput as error:
        return _show(request, site, me, this, Typed(parts=parts), fault(error, "parts"), step)
    return go(f"/ladders/{ladder_id}/steps")


@router.post("/{step_id}/move")
def move(site: Here, me: Me, ladder_id: UUID, step_id: UUID, to: Text = "") -> Response:
    """Move the step by one place."""
    if to not in ("easier", "harder"):
        raise InvalidInput("A step moves to easier or to harder")
    places = 1 if to == "harder" else -1
    ladders.move_step(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)), places)
    return _back(ladder_id, step_id)


@router.post("/{step_id}/retire")
def retire(site: Here, me: Me, ladder_id: UUID, step_id: UUID) -> Response:
    """Take the step out of the ladder; its history stays."""
    ladders.retire_step(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)))
    return go(f"/ladders/{ladder_id}/steps")


@router.post("/{step_id}/restore")
def restore(site: Here, me: Me, ladder_id: UUID, step_id: UUID) -> Response:
    """Take a retired step up again."""
    ladders.restore_step(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)))
    return _back(ladder_id, step_id)


def _back(ladder_id: UUID, step_id: UUID) -> Response:
    return go(f"/ladders/{ladder_id}/steps#step-{step_id}")


def _show(
    request: Request,
    site: Site,
    me: Account,
    this: LadderId,
    form: Typed | None = None,
    faults: Faults | None = None,
    at: StepId | None = None,
) -> Response:
    ladder = ladders.ladder(site.services, me.id, this)
    view = steps_view(ladder, matching_template(ladder.name))
    return site.page(
        request,
        "steps.html",
        422 if faults else 200,
        view=view,
        form=form or Typed(),
        faults=faults or Faults(),
        at=at,
    )
