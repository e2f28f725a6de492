"""The steps of a ladder: added, built, put in order."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from rung.app import outlook
from rung.app.climbing import steps
from rung.app.climbing.grading import DIMENSIONS, Range, from_components, from_conditions
from rung.app.model import Account, LadderId, StepId
from rung.content import domain, matching
from rung.errors import Conflict, InvalidInput
from rung.web.forms import SENT_BEFORE, Faults, Text, Typed, fault, lines
from rung.web.site import Here, Me, Site, go
from rung.web.views.steps import steps_notice, steps_view
from rung.words import _, speech

router = APIRouter(prefix="/ladders/{ladder_id}/steps")


class ConditionsForm(BaseModel):
    """One act, and what would make it easier and harder; everything may be left empty."""

    act: str = ""
    support_easier: str = ""
    support_harder: str = ""
    place_easier: str = ""
    place_harder: str = ""
    people_easier: str = ""
    people_harder: str = ""
    time_easier: str = ""
    time_harder: str = ""
    stakes_easier: str = ""
    stakes_harder: str = ""


@router.get("")
def steps_page(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    take: str = "",
    retired: UUID | None = None,
    restored: UUID | None = None,
) -> Response:
    """Break it into steps; `take` is a domain of the library whose steps are to be offered."""
    this = LadderId(str(ladder_id))
    return _show(request, site, me, this, take=take, changed=(_step(retired), _step(restored)))


@router.post("")
def add(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    names: Text = "",
    after: Text = "",
    id: Text = "",
    template: Text = "",
) -> Response:
    """Add the steps named line by line, above the step chosen (the first ones at the bottom)."""
    this, typed = LadderId(str(ladder_id)), Typed(names=names, after=after, template=template)
    try:
        below = StepId(after) if after else None
        steps.add_steps(
            site.services, me.id, this, lines(names), below, batch_id=id or None, template=template
        )
    except InvalidInput as error:
        return _show(request, site, me, this, typed, fault(error, "names"))
    except Conflict:
        return _show(request, site, me, this, typed, Faults(names=_(SENT_BEFORE)))
    return go(f"/ladders/{ladder_id}/steps")


@router.post("/components")
def build_from_components(
    request: Request, site: Here, me: Me, ladder_id: UUID, parts: Text = ""
) -> Response:
    """Show steps made of the parts of a thing, to be edited before they are put on."""
    this, typed = LadderId(str(ladder_id)), Typed(parts=parts)
    try:
        proposed = from_components(lines(parts))
    except InvalidInput as error:
        return _show(request, site, me, this, typed, fault(error, "parts"))
    return _show(request, site, me, this, Typed(typed, names=_listed(proposed)))


@router.post("/conditions")
def build_from_conditions(
    request: Request, site: Here, me: Me, ladder_id: UUID, form: Annotated[ConditionsForm, Form()]
) -> Response:
    """Show steps made of one act under harder and harder conditions, to be edited before they are put on."""
    this, typed = LadderId(str(ladder_id)), Typed(form.model_dump())
    ranges = {
        name: Range(*(" ".join(typed[f"{name}_{end}"].split()) for end in ("easier", "harder")))
        for name in DIMENSIONS
    }
    try:
        proposed = from_conditions(form.act, ranges)
    except InvalidInput as error:
        return _show(request, site, me, this, typed, fault(error, "act"))
    return _show(request, site, me, this, Typed(typed, names=_listed(proposed)))


@router.post("/move")
def move_to(site: Here, me: Me, ladder_id: UUID, step: Text = "", place: Text = "") -> Response:
    """Put a step in another place, 1 for the easiest."""
    if not (place.isascii() and place.isdigit() and len(place) < 4):
        raise InvalidInput(_("A step moves to a place among the others: choose one of those shown"))
    steps.place_step(site.services, me.id, LadderId(str(ladder_id)), StepId(step), int(place))
    return go(f"/ladders/{ladder_id}/steps#step-{step}")


@router.post("/{step_id}/move")
def move(site: Here, me: Me, ladder_id: UUID, step_id: UUID, to: Text = "") -> Response:
    """Move the step by one place."""
    if to not in ("easier", "harder"):
        raise InvalidInput(_("A step moves to easier or to harder"))
    places = 1 if to == "harder" else -1
    steps.move_step(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)), places)
    return go(f"/ladders/{ladder_id}/steps#step-{step_id}")


@router.post("/{step_id}/retire")
def retire(site: Here, me: Me, ladder_id: UUID, step_id: UUID) -> Response:
    """Take the step out of the ladder; its history stays."""
    steps.retire_step(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)))
    return go(f"/ladders/{ladder_id}/steps?retired={step_id}")


@router.post("/{step_id}/restore")
def restore(site: Here, me: Me, ladder_id: UUID, step_id: UUID) -> Response:
    """Take a retired step up again."""
    steps.restore_step(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step_id)))
    return go(f"/ladders/{ladder_id}/steps?restored={step_id}#step-{step_id}")


def _step(id: UUID | None) -> StepId | None:
    return StepId(str(id)) if id else None


def _listed(names: list[str]) -> str:
    return "\n".join(f"- {name}" for name in names)


def _show(
    request: Request,
    site: Site,
    me: Account,
    this: LadderId,
    form: Typed | None = None,
    faults: Faults | None = None,
    take: str = "",
    changed: tuple[StepId | None, StepId | None] = (None, None),
) -> Response:
    form = form or Typed()
    today, language = outlook.today(site.services, me.id, this), speech().language.code
    fits = domain(today.ladder.template, language) or matching(today.ladder.name, language)
    return site.page(
        request,
        "steps.html",
        422 if faults else 200,
        view=steps_view(today, fits, form, domain(take, language)),
        form=form,
        faults=faults or Faults(),
        notice=steps_notice(today.ladder, *changed),
    )
