"""Plans: listed, shown, made, let go."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rung.app.climbing import plans
from rung.app.climbing.plans import Draft
from rung.app.model import PLAN_STATES, StateOfPlan, StepId
from rung.app.policies import Action, Actor
from rung.app.ports import Plan
from rung.app.programs import planning
from rung.app.programs.allowing import has_scope
from rung.web.api.answers import MadeOut, PlanOut, PlanPage
from rung.web.api.caller import ReadsLadders, WritesLadders
from rung.web.api.pages import Count, Cursor, rest_of, set_next
from rung.web.api.requests import PlanIn, PlanState
from rung.web.api.telling import plan_out

router = APIRouter(prefix="/plans", tags=["plans"])

States = Annotated[
    list[StateOfPlan],
    Query(description="Plans in these states; all of them where none is named", default_factory=list),
]


@router.get("", operation_id="list_plans")
def list_plans(
    request: Request,
    response: Response,
    caller: ReadsLadders,
    state: States,
    cursor: Cursor = "",
    limit: Count = 50,
) -> PlanPage:
    """List plans, oldest first."""
    every = planning.plans_of(caller.services, caller.actor, state or PLAN_STATES)
    page, following = rest_of(every, _place, cursor, limit)
    set_next(request, response, following)
    return PlanPage(items=[_out(caller.actor, one) for one in page], next_cursor=following)


@router.post("", operation_id="create_plan", status_code=201)
def create_plan(response: Response, caller: WritesLadders, sent: PlanIn) -> MadeOut:
    """Plan a step."""
    person, this = caller.person(Action.PLAN, sent.ladder)
    draft = Draft(**sent.model_dump(exclude={"ladder", "step", "id"}))
    own_id = caller.own_id(sent.id)
    made = plans.make(caller.services, person, this, StepId(str(sent.step)), draft, own_id)
    response.headers["location"] = f"/api/v1/plans/{made.id}"
    return MadeOut(id=made.id)


@router.get("/{plan_id}", operation_id="get_plan")
def get_plan(caller: ReadsLadders, plan_id: UUID) -> PlanOut:
    """Show a plan."""
    return _out(caller.actor, planning.plan_of(caller.services, caller.actor, str(plan_id)))


@router.patch("/{plan_id}", operation_id="change_plan", status_code=204, response_class=Response)
def change_plan(caller: WritesLadders, plan_id: UUID, sent: PlanState) -> None:
    """Let a plan go, or take it up again."""
    person = planning.person_for_plan(caller.services, caller.actor, Action.PLAN, str(plan_id))
    turn = plans.put_aside if sent.state == "dropped" else plans.take_up
    turn(caller.services, person, str(plan_id))


def _out(actor: Actor, plan: Plan) -> PlanOut:
    return plan_out(plan, has_words=has_scope(actor, Action.READ_TEXTS))


def _place(plan: Plan) -> tuple[str, str]:
    return plan.made_at.isoformat(timespec="microseconds"), plan.id
