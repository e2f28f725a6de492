"""Plans as programs read them: those of the ladders that their token is for, of every state."""

from __future__ import annotations

from collections.abc import Sequence

from rung.app.model import PersonId
from rung.app.policies import Action, Actor, Part, may
from rung.app.ports import Plan, Services
from rung.app.programs.allowing import person_within
from rung.errors import NotFound
from rung.words import _

__all__ = ["person_for_plan", "plan_of", "plans_of"]


def plans_of(services: Services, actor: Actor, states: Sequence[str]) -> list[Plan]:
    """The plans in these states that the program may see, oldest first."""
    person = person_within(actor, Action.READ_LADDER)
    with services.store.reading() as tx:
        made = tx.plans.of(person, states)
    seen = (plan for plan in made if _may(actor, Action.READ_LADDER, plan))
    return sorted(seen, key=lambda plan: (plan.made_at, plan.id))


def plan_of(services: Services, actor: Actor, plan_id: str) -> Plan:
    """One plan, of any state."""
    return _plan(services, actor, Action.READ_LADDER, plan_id)


def person_for_plan(services: Services, actor: Actor, action: Action, plan_id: str) -> PersonId:
    """Whom a program acts for, where it may do this with the plan."""
    return _plan(services, actor, action, plan_id).person


def _plan(services: Services, actor: Actor, action: Action, plan_id: str) -> Plan:
    person = person_within(actor, action)
    with services.store.reading() as tx:
        plan = tx.plans.get(person, plan_id)
    if plan is None or not _may(actor, action, plan):
        raise NotFound(_("There is no such plan"))
    return plan


def _may(actor: Actor, action: Action, plan: Plan) -> bool:
    return may(actor, action, Part(plan.person, plan.ladder))
