"""Scaled goals of a ladder: set up, noted, begun anew."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from rung.app import scaling
from rung.app.model import LadderId, PersonId
from rung.engine.measures import LEVELS
from rung.errors import Conflict, InvalidInput, RefusedGoal
from rung.web.forms import Faults, Text, Typed
from rung.web.site import Here, Me, Site, go
from rung.web.views.notices import Notice
from rung.web.views.scaling import scaling_view
from rung.words import _, later

router = APIRouter(prefix="/ladders/{ladder_id}/scaling")

_SAID = {
    "added": later("The goal is scaled."),
    "noted": later("Noted."),
    "removed": later("Taken out."),
    "anew": later("Deleted. Nothing is scaled now."),
}


class GoalForm(BaseModel):
    """A goal as it is sent."""

    id: str = ""
    name: str = ""
    weight: str = ""
    level_0: str = ""
    level_1: str = ""
    level_2: str = ""
    level_3: str = ""
    level_4: str = ""

    @property
    def levels(self) -> list[str]:
        """What each level looks like, from much less than expected to much more."""
        return [self.level_0, self.level_1, self.level_2, self.level_3, self.level_4]


class NoteForm(BaseModel):
    """A level for each goal, as it is sent, in the order of the goals."""

    level_0: str = ""
    level_1: str = ""
    level_2: str = ""
    level_3: str = ""
    level_4: str = ""


@router.get("")
def scaling_page(request: Request, site: Here, me: Me, ladder_id: UUID, said: str = "") -> Response:
    """The goals with their levels, how far they have come, and a form for one more."""
    return _show(request, site, me.id, ladder_id, said=said)


@router.post("/goals")
def add_goal(
    request: Request, site: Here, me: Me, ladder_id: UUID, form: Annotated[GoalForm, Form()]
) -> Response:
    """Scale one more goal."""
    weight = int(form.weight) if form.weight in map(str, scaling.WEIGHTS) else 0
    try:
        scaling.add_goal(
            site.services, me.id, _key(ladder_id), form.name, weight, form.levels, form.id or None
        )
    except RefusedGoal:
        raise
    except (InvalidInput, Conflict) as error:
        faults = Faults(whole=f"{error}.")
        return _show(request, site, me.id, ladder_id, faults, Typed(form.model_dump()))
    return go(f"/ladders/{ladder_id}/scaling?said=added")


@router.post("/goals/remove")
def remove_goal(request: Request, site: Here, me: Me, ladder_id: UUID, goal: Text = "") -> Response:
    """Take a goal out again."""
    try:
        scaling.remove_goal(site.services, me.id, _key(ladder_id), goal)
    except Conflict as error:
        return _show(request, site, me.id, ladder_id, Faults(whole=f"{error}."))
    return go(f"/ladders/{ladder_id}/scaling?said=removed")


@router.post("/notes")
def note(
    request: Request, site: Here, me: Me, ladder_id: UUID, form: Annotated[NoteForm, Form()]
) -> Response:
    """Note how far each goal has come."""
    _ladder, found = scaling.scaling_of(site.services, me.id, _key(ladder_id))
    sent = list(form.model_dump().values())[: len(found.goals)]
    levels = [int(level) if level in map(str, LEVELS) else None for level in sent]
    try:
        scaling.note(site.services, me.id, _key(ladder_id), levels)
    except (InvalidInput, Conflict) as error:
        return _show(request, site, me.id, ladder_id, Faults(noted=f"{error}."), Typed(form.model_dump()))
    return go(f"/ladders/{ladder_id}/scaling?said=noted")


@router.post("/anew")
def begin_anew(site: Here, me: Me, ladder_id: UUID) -> Response:
    """Delete the goals and what was noted of them."""
    scaling.begin_anew(site.services, me.id, _key(ladder_id))
    return go(f"/ladders/{ladder_id}/scaling?said=anew")


def _key(ladder_id: UUID) -> LadderId:
    return LadderId(str(ladder_id))


def _show(
    request: Request,
    site: Site,
    person: PersonId,
    ladder_id: UUID,
    faults: Faults | None = None,
    form: Typed | None = None,
    said: str = "",
) -> Response:
    ladder, found = scaling.scaling_of(site.services, person, _key(ladder_id))
    return site.page(
        request,
        "scaling.html",
        422 if faults else 200,
        view=scaling_view(ladder, found),
        faults=faults or Faults(),
        form=form or Typed(),
        notice=Notice(_(_SAID[said])) if said in _SAID else None,
    )
