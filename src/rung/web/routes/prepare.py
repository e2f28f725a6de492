"""Preparing a step: a plan is made, changed, let go, taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from rung.app.climbing import plans
from rung.app.climbing.plans import Draft, Plan, Planned
from rung.app.model import Ladder, LadderId, StepId
from rung.errors import Conflict, InvalidInput, RefusedGoal
from rung.web.forms import SENT_BEFORE, Faults, Typed
from rung.web.site import Here, Me, Site, go
from rung.web.views import notices
from rung.web.views.prepare import DAYS, OWN, domain_of, prepare_view, typed_plan
from rung.words import _, local

router = APIRouter()

_Value = TypeVar("_Value")


class PlanForm(BaseModel):
    """A plan as it is sent; everything may be left empty."""

    id: str = ""
    when: str = ""
    day: str = ""
    clock: str = ""
    where: str = ""
    suggestion: str = ""
    if_text: str = ""
    then_text: str = ""
    obstacle_choice: str = ""
    obstacle: str = ""
    then_what: str = ""
    who: str = ""
    vary: str = ""


@router.get("/ladders/{ladder_id}/prepare")
def prepare_page(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    step: UUID | None = None,
    saved: bool = False,
    gone: UUID | None = None,
) -> Response:
    """The step with its plans, and a form for one more; without a step, the ladder to choose one from."""
    if step is None:
        return go(f"/ladders/{ladder_id}")
    found = plans.step_plans(site.services, me.id, LadderId(str(ladder_id)), StepId(str(step)))
    return _show(request, site, found, notice=_notice(saved, gone))


@router.post("/ladders/{ladder_id}/prepare")
def prepare(
    request: Request, site: Here, me: Me, ladder_id: UUID, step: UUID, form: Annotated[PlanForm, Form()]
) -> Response:
    """Keep a new plan."""
    this, that = LadderId(str(ladder_id)), StepId(str(step))
    found = plans.step_plans(site.services, me.id, this, that)
    draft, faults = _parsed(form, found.ladder, None, site.services.clock.now())
    if not faults:
        try:
            plans.make(site.services, me.id, this, that, draft, plan_id=form.id or None)
            return go(f"{prepare_href(this, that)}&saved=true")
        except RefusedGoal:
            raise
        except InvalidInput as error:
            faults = Faults(whole=f"{error}.")
        except Conflict:
            faults = Faults(whole=_(SENT_BEFORE))
    return _show(request, site, found, form, faults)


@router.get("/plans/{plan_id}")
def plan_page(request: Request, site: Here, me: Me, plan_id: UUID) -> Response:
    """One plan to change; one that is done or let go leads to its step."""
    found = plans.plan_of(site.services, me.id, str(plan_id))
    if found.plan is None or found.plan.state != "planned":
        return go(prepare_href(found.ladder.id, found.step.id))
    return _show(request, site, found)


@router.post("/plans/{plan_id}")
def change(
    request: Request, site: Here, me: Me, plan_id: UUID, form: Annotated[PlanForm, Form()]
) -> Response:
    """Keep a plan as it is meant now."""
    found = plans.plan_of(site.services, me.id, str(plan_id))
    draft, faults = _parsed(form, found.ladder, found.plan, site.services.clock.now())
    if not faults:
        try:
            plans.change(site.services, me.id, str(plan_id), draft)
            return go(f"{prepare_href(found.ladder.id, found.step.id)}&saved=true")
        except RefusedGoal:
            raise
        except InvalidInput as error:
            faults = Faults(whole=f"{error}.")
    return _show(request, site, found, form, faults)


@router.post("/plans/{plan_id}/let-go")
def let_go(site: Here, me: Me, plan_id: UUID) -> Response:
    """Let a plan go."""
    plan = plans.put_aside(site.services, me.id, str(plan_id))
    return go(f"{prepare_href(plan.ladder, plan.step)}&gone={plan.id}")


@router.post("/plans/{plan_id}/take-up")
def take_up(site: Here, me: Me, plan_id: UUID) -> Response:
    """Take a plan up again."""
    plan = plans.take_up(site.services, me.id, str(plan_id))
    return go(prepare_href(plan.ladder, plan.step))


def prepare_href(ladder: LadderId, step: StepId) -> str:
    """Where a step is prepared."""
    return f"/ladders/{ladder}/prepare?step={step}"


def _notice(saved: bool, gone: UUID | None) -> notices.Notice | None:
    if gone:
        words = _("You let this plan go. Nothing counts against you.")
        return notices.Notice(words, undo=f"/plans/{gone}/take-up", undo_words=_("Take it up again"))
    return notices.Notice(_("Your plan is saved.")) if saved else None


def _show(
    request: Request,
    site: Site,
    found: Planned,
    form: PlanForm | None = None,
    faults: Faults | None = None,
    notice: notices.Notice | None = None,
) -> Response:
    now = site.services.clock.now()
    return site.page(
        request,
        "plan.html" if found.plan else "prepare.html",
        422 if faults else 200,
        view=prepare_view(found, now),
        form=typed_plan(found.plan, now) if form is None else Typed(form.model_dump()),
        faults=faults or Faults(),
        notice=notice,
    )


def _parsed(form: PlanForm, ladder: Ladder, before: Plan | None, now: datetime) -> tuple[Draft, Faults]:
    """The plan that a form says, and what is wrong with it; what is written goes before what is chosen."""
    faults = Faults()

    def asked(name: str, read: Callable[[], _Value], otherwise: _Value) -> _Value:
        try:
            return read()
        except InvalidInput as error:
            faults[name] = f"{error}."
            return otherwise

    ideas = domain_of(ladder)
    pairs = [(one.situation, one.response) for one in ideas.if_then] if ideas else []
    obstacles = list(ideas.obstacles) if ideas else []
    chosen = asked("suggestion", lambda: _chosen(form.suggestion, pairs), None) or ("", "")
    obstacle = asked("obstacle_choice", lambda: _chosen(form.obstacle_choice, obstacles), None) or ""
    draft = Draft(
        at=asked("when", lambda: _moment(form, before, now), None),
        where=form.where,
        if_text=form.if_text.strip() or chosen[0],
        then_text=form.then_text.strip() or chosen[1],
        obstacle=form.obstacle.strip() or obstacle,
        then_what=form.then_what,
        who=form.who,
        vary=form.vary,
    )
    if draft.then_text and not draft.if_text:
        faults["if_text"] = _("Say when you do that: what has to happen first?")
    return draft, faults


def _chosen(key: str, options: list[_Value]) -> _Value | None:
    if key in ("", OWN):
        return None
    if not key.isascii() or not key.isdigit() or len(key) > 3 or int(key) >= len(options):
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    return options[int(key)]


def _moment(form: PlanForm, before: Plan | None, now: datetime) -> datetime | None:
    """When it is planned for, by the clock of whoever is spoken to; None where that is left open."""
    # Without a choice of the day, a date says which one is meant.
    when = form.when or ("date" if form.day.strip() else "open")
    if when not in DAYS:
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    if when == "open":
        return None
    today = local(now).date()
    day = {"today": today, "tomorrow": today + timedelta(days=1)}.get(when) or _day(form.day)
    clock = _clock(form.clock)
    # What was not touched stays to the second, even where the clock shows this hour twice.
    if (
        before
        and before.at
        and local(before.at).replace(tzinfo=None, second=0, microsecond=0) == (datetime.combine(day, clock))
    ):
        return before.at
    return plans.moment_at(day, clock)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(_("Choose a day, such as 2026-12-24")) from None


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise InvalidInput(_("Choose a time of day, such as 18:30")) from None
