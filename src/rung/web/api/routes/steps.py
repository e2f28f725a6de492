"""The steps of a ladder: listed, added, changed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rung.app.climbing import ladders, steps
from rung.app.climbing.changing import step_id_of
from rung.app.model import StepId
from rung.app.policies import Action
from rung.web.api.answers import StepsMadeOut, StepsOut
from rung.web.api.caller import ReadsLadders, WritesLadders
from rung.web.api.requests import ConditionsIn, Move, Rename, Retire, StepChange, StepsIn
from rung.web.api.telling import ladder_out

router = APIRouter(prefix="/ladders/{ladder_id}/steps", tags=["steps"])


@router.get("", operation_id="list_steps")
def list_steps(caller: ReadsLadders, ladder_id: UUID) -> StepsOut:
    """List the steps, easiest first."""
    person, this = caller.person(Action.READ_LADDER, ladder_id)
    return StepsOut(items=ladder_out(ladders.ladder(caller.services, person, this)).steps)


@router.post("", operation_id="add_steps", status_code=201)
def add_steps(caller: WritesLadders, ladder_id: UUID, sent: StepsIn) -> StepsMadeOut:
    """Put new steps on the ladder."""
    person, this = caller.person(Action.CHANGE_LADDER, ladder_id)
    after = StepId(str(sent.after)) if sent.after else None
    whole = caller.own_id(sent.id)
    steps.add_steps(caller.services, person, this, sent.names, after, whole)
    made = [step_id_of(UUID(whole), number) for number in range(len(sent.names))]
    return StepsMadeOut(id=this, steps=list(made))


@router.patch("/{step_id}", operation_id="change_step", status_code=204, response_class=Response)
def change_step(caller: WritesLadders, ladder_id: UUID, step_id: UUID, sent: StepChange) -> None:
    """Change one thing: the name, the place, the conditions, or whether it is retired."""
    person, this = caller.person(Action.CHANGE_LADDER, ladder_id)
    services, step = caller.services, StepId(str(step_id))
    match sent:
        case Rename():
            steps.rename_step(services, person, this, step, sent.name)
        case Move():
            steps.place_step(services, person, this, step, sent.place)
        case ConditionsIn():
            steps.set_conditions(services, person, this, step, sent.conditions)
        case Retire(retired=True):
            steps.retire_step(services, person, this, step)
        case Retire():
            steps.restore_step(services, person, this, step)
