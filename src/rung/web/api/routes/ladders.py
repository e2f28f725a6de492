"""Ladders: listed, shown, made, changed, put away."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rung.app.climbing import ladders
from rung.app.model import Ladder
from rung.app.policies import Action
from rung.app.programs.allowing import ladders_within, person_for_all, person_within
from rung.web.api.answers import LadderOut, LadderPage, StepsMadeOut
from rung.web.api.caller import ReadsLadders, WritesLadders
from rung.web.api.pages import Count, Cursor, rest_of, set_next
from rung.web.api.requests import Archive, LadderChange, LadderIn, Rename, Turn
from rung.web.api.telling import ladder_out

router = APIRouter(prefix="/ladders", tags=["ladders"])


@router.get("", operation_id="list_ladders")
def list_ladders(
    request: Request,
    response: Response,
    caller: ReadsLadders,
    archived: Annotated[bool, Query(description="Those that are put away as well")] = False,
    cursor: Cursor = "",
    limit: Count = 50,
) -> LadderPage:
    """List the ladders that the token is for, oldest first."""
    person = person_within(caller.actor, Action.READ_LADDER)
    every = ladders_within(caller.actor, Action.READ_LADDER, ladders.ladders_of(caller.services, person))
    wanted = [one for one in every if archived or one.archived_at is None]
    page, following = rest_of(wanted, _place, cursor, limit)
    set_next(request, response, following)
    return LadderPage(items=[ladder_out(one) for one in page], next_cursor=following)


@router.post("", operation_id="create_ladder", status_code=201)
def create_ladder(response: Response, caller: WritesLadders, sent: LadderIn) -> StepsMadeOut:
    """Make a ladder; the token must be for all ladders."""
    person = person_for_all(caller.actor, Action.CHANGE_LADDER)
    made = ladders.name_ladder(
        caller.services, person, sent.name, sent.steps, caller.own_id(sent.id), sent.template
    )
    response.headers["location"] = f"/api/v1/ladders/{made.id}"
    return StepsMadeOut(id=made.id, steps=[step.id for step in made.steps])


@router.get("/{ladder_id}", operation_id="get_ladder")
def get_ladder(caller: ReadsLadders, ladder_id: UUID) -> LadderOut:
    """Show a ladder with its steps."""
    person, this = caller.person(Action.READ_LADDER, ladder_id)
    return ladder_out(ladders.ladder(caller.services, person, this))


@router.patch("/{ladder_id}", operation_id="change_ladder", status_code=204, response_class=Response)
def change_ladder(caller: WritesLadders, ladder_id: UUID, sent: LadderChange) -> None:
    """Change one thing: the name, the dial, or whether it is put away (`archived`)."""
    person, this = caller.person(Action.CHANGE_LADDER, ladder_id)
    services = caller.services
    match sent:
        case Rename():
            ladders.rename_ladder(services, person, this, sent.name)
        case Turn():
            ladders.set_wanted_chance(services, person, this, sent.wanted_chance)
        case Archive(archived=True):
            ladders.archive_ladder(services, person, this)
        case Archive():
            ladders.restore_ladder(services, person, this)


def _place(ladder: Ladder) -> tuple[str, str]:
    return ladder.created_at.isoformat(timespec="microseconds"), ladder.id
