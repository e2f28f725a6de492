"""Plans: when, where and how a step is to be done, and what to do when something gets in the way.

An intention that names a situation and a response ("If ..., then I ...") is acted on more often than a good
intention alone (implementation intentions; 642 tests, 10.1080/10463283.2024.2334563). Everything in a plan
may be left open. A plan is fulfilled by what is logged of its step, however it went; one that is let go costs
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from rung.app.model import VARIED, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Plan, Services, Transaction
from rung.app.reminding.scheduling import follow_plan
from rung.app.safety import screen_goal
from rung.app.wording import checked_id, checked_name
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _, clock_time, date_and_time, local, speech, weekday

__all__ = [
    "MOST_PLANNED",
    "Draft",
    "Plan",
    "Planned",
    "change",
    "close",
    "due_by",
    "in_words",
    "make",
    "moment_at",
    "plan_of",
    "planned",
    "put_aside",
    "reopen",
    "step_plans",
    "still_to_do",
    "take_up",
]

MOST_PLANNED = 100
"""Plans that a person may have at a time, done ones and those let go not counted."""

_FARTHEST = timedelta(days=2 * 366)
"""How far ahead somebody can plan."""
_SLACK = timedelta(minutes=5)
"""How long a moment may have passed by the time that the plan is sent."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to stand in a plan: the fields of `Plan` of these names."""

    at: datetime | None = None
    where: str = ""
    if_text: str = ""
    then_text: str = ""
    obstacle: str = ""
    then_what: str = ""
    who: str = ""
    vary: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step, and the plans that are made for it."""

    ladder: Ladder
    step: Step
    plans: tuple[Plan, ...]
    """By their time, those left open last."""
    plan: Plan | None = None
    """The one that was asked for, where one was."""


def planned(services: Services, actor: PersonId) -> list[Plan]:
    """Every plan that the actor means to carry out, by its time, those left open last.

    Plans of ladders that are put away, and of retired steps, are left out: they wait with them.
    """
    with services.store.reading() as tx:
        made = tx.plans.of(actor, ("planned",))
        return still_to_do(made, tx.ladders.of(actor) if made else ())


def still_to_do(made: Iterable[Plan], ladders: Iterable[Ladder]) -> list[Plan]:
    """Those of the plans whose step is climbed just now."""
    climbed = {
        (ladder.id, step.id) for ladder in ladders if ladder.archived_at is None for step in ladder.climbing
    }
    return [plan for plan in made if (plan.ladder, plan.step) in climbed]


def step_plans(services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId) -> Planned:
    """A step of the actor's that is not retired, with its plans."""
    with services.store.reading() as tx:
        return _planned(tx, actor, ladder_id, step_id)


def plan_of(services: Services, actor: PersonId, plan_id: str) -> Planned:
    """One plan of the actor's, of any state, with its step."""
    with services.store.reading() as tx:
        plan = _plan(tx, actor, plan_id)
        return replace(_planned(tx, actor, plan.ladder, plan.step), plan=plan)


def make(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    step_id: StepId,
    draft: Draft,
    plan_id: str | None = None,
) -> Plan:
    """Plan a step. Sent again under the same `plan_id` with the same content, it is made once."""
    draft = _checked(draft)
    key = str(uuid4()) if plan_id is None else checked_id(plan_id, _("The plan's id"))
    with services.store.writing(actor) as tx:
        found = _planned(tx, actor, ladder_id, step_id)
        now = services.clock.now()
        plan = Plan(key, actor, found.ladder.id, found.step.id, made_at=now, **asdict(draft))
        stored = tx.plans.get(actor, key)
        if stored is not None:
            if stored != replace(plan, made_at=stored.made_at, state=stored.state, done_by=stored.done_by):
                raise Conflict(_("This id stands for another plan already: send a new plan under a new id"))
            return stored
        _check_moment(draft.at, now)
        if len(tx.plans.of(actor, ("planned",))) >= MOST_PLANNED:
            raise InvalidInput(_("You have as many plans as Rung keeps at a time: let one go first"))
        tx.plans.put(plan)
    return plan


def change(services: Services, actor: PersonId, plan_id: str, draft: Draft) -> Plan:
    """Plan it another way; a plan that is done or let go stays as it was."""
    draft = _checked(draft)
    with services.store.writing(actor) as tx:
        plan = _plan(tx, actor, plan_id)
        if plan.state != "planned":
            raise Conflict(_("This plan is done, or you let it go: make a new one"))
        if draft.at != plan.at:
            _check_moment(draft.at, services.clock.now())
        is_moved = draft.at != plan.at
        plan = replace(plan, **asdict(draft))
        tx.plans.put(plan)
        if is_moved:
            follow_plan(tx, plan, services.clock.now())
    return plan


def put_aside(services: Services, actor: PersonId, plan_id: str) -> Plan:
    """Let a plan go: it is kept, and asks for nothing any more."""
    return _turned(services, actor, plan_id, "planned", "dropped")


def take_up(services: Services, actor: PersonId, plan_id: str) -> Plan:
    """Take a plan up again that was let go."""
    return _turned(services, actor, plan_id, "dropped", "planned")


def due_by(
    tx: Transaction, person: PersonId, ladder_id: LadderId, step_id: StepId, moment: datetime
) -> list[Plan]:
    """The plans that something logged at a moment fulfils, in an open transaction.

    Of those made before: all whose time has come or was left open, or else the one that comes next.
    """
    made = [
        plan
        for plan in tx.plans.of(person, ("planned",))
        if (plan.ladder, plan.step) == (ladder_id, step_id) and plan.made_at <= moment
    ]
    return [plan for plan in made if plan.at is None or plan.at <= moment] or made[:1]


def close(tx: Transaction, plans: Iterable[Plan], event_id: EventId) -> None:
    """Mark plans as done by something that was logged, in an open transaction."""
    for plan in plans:
        tx.plans.put(replace(plan, state="done", done_by=event_id))


def reopen(tx: Transaction, person: PersonId, event_id: str, withdrawn: bool) -> None:
    """Let plans follow what was logged of them when that is taken back, or put back."""
    before, after = ("done", "planned") if withdrawn else ("planned", "done")
    for plan in tx.plans.of(person, (before,)):
        if plan.done_by == event_id:
            tx.plans.put(replace(plan, state=after))


def moment_at(day: date, clock: time) -> datetime:
    """The moment in UTC at which it is this day and time for whoever is spoken to.

    Where clocks go back an hour comes twice, and the first is meant; where they go forward one is missing,
    and is refused.
    """
    wanted = datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None))
    # The ends of the calendar cannot be turned into UTC, and nobody plans for them.
    if not 1900 < wanted.year < 9000:
        raise InvalidInput(_("That is too far away: plan for a day of the next two years"))
    moment = wanted.replace(tzinfo=speech().clock).astimezone(UTC)
    if local(moment).replace(tzinfo=None) != wanted:
        raise InvalidInput(_("The clocks go forward then, and skip this time: choose an hour later"))
    return moment


def in_words(plan: Plan, now: datetime) -> str:
    """When it is planned for, or how it stands, for whoever is spoken to."""
    if plan.at is None:
        return _("No time is set")
    days = (local(plan.at).date() - local(now).date()).days
    if plan.state == "planned" and plan.at <= now:
        when = _("%(day)s, %(time)s", day=weekday(plan.at), time=clock_time(plan.at))
        when = when if -7 < days < 0 else date_and_time(plan.at)
        if days == 0:
            return _("It was planned for today, %(time)s. How did it go?", time=clock_time(plan.at))
        return _("It was planned for %(when)s. How did it go?", when=when)
    if days == 0:
        return _("Today, %(time)s", time=clock_time(plan.at))
    if days == 1:
        return _("Tomorrow, %(time)s", time=clock_time(plan.at))
    return date_and_time(plan.at)


def _turned(services: Services, actor: PersonId, plan_id: str, before: str, after: str) -> Plan:
    with services.store.writing(actor) as tx:
        plan = _plan(tx, actor, plan_id)
        if plan.state == before:
            plan = replace(plan, state=after)
            tx.plans.put(plan)
    return plan


def _planned(tx: Transaction, actor: PersonId, ladder_id: LadderId, step_id: StepId) -> Planned:
    ladder = permitted(actor, Action.PLAN, tx.ladders.get(actor, ladder_id), "ladder")
    step = ladder.step(step_id)
    if step is None or step.retired_at is not None:
        raise NotFound(_("There is no such step"))
    made = tx.plans.of(actor, ("planned",))
    return Planned(ladder, step, tuple(p for p in made if (p.ladder, p.step) == (ladder.id, step.id)))


def _plan(tx: Transaction, actor: PersonId, plan_id: str) -> Plan:
    try:
        key = checked_id(plan_id, _("The plan's id"))
    except InvalidInput:
        raise NotFound(_("There is no such plan")) from None
    return permitted(actor, Action.PLAN, tx.plans.get(actor, key), "plan")


def _checked(draft: Draft) -> Draft:
    """The draft with its texts tidied; refused where a text does not fit, or nothing is in it."""
    checked = replace(
        draft,
        where=_line(draft.where, _("The place")),
        if_text=_line(draft.if_text, _("What comes after “If”")),
        then_text=_line(draft.then_text, _("What comes after “then I”")),
        obstacle=_line(draft.obstacle, _("What might get in the way")),
        then_what=_line(draft.then_what, _("What you do then")),
        who=_line(draft.who, _("The name")),
    )
    if draft.vary not in ("", *VARIED):
        raise InvalidInput(_("Rung knows another place, other people, another time: choose one of these"))
    if draft.at is not None and draft.at.tzinfo is None:
        raise InvalidInput(_("The time has no time zone: send it in UTC"))
    if checked == Draft():
        raise InvalidInput(_("There is nothing in this plan yet: say when, where or how"))
    for text in (checked.then_text, checked.then_what):
        screen_goal(text)
    return checked


def _line(text: str, what: str) -> str:
    return checked_name(text, what) if text.strip() else ""


def _check_moment(at: datetime | None, now: datetime) -> None:
    if at is not None and at < now - _SLACK:
        raise InvalidInput(_("This moment has passed: choose one that is still to come"))
    if at is not None and at > now + _FARTHEST:
        raise InvalidInput(_("That is too far away: plan for a day of the next two years"))
