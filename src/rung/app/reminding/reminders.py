"""Reminders: made, put off, done with, switched off, deleted; and what waits on the page Today.

Who does not want to hear from Rung for a while pauses everything: `preferences.paused_until`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from rung.app.accounts.preferences import Preferences, preferences_in
from rung.app.model import Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Plan, Reminder, ReminderId, Services, Transaction
from rung.app.reminding.occasions import EVENING, Rule, checked_rule, moment_of, next_moment
from rung.app.reminding.scheduling import (
    dealt_with,
    due_of,
    has_subject,
    is_paused_at,
    moments_come,
    rescheduled,
    zone_for,
)
from rung.app.wording import checked_id
from rung.errors import InvalidInput, NotFound
from rung.words import _, is_zone, speech

__all__ = [
    "MOST_REMINDERS",
    "PUT_OFF",
    "WINDOWS",
    "DueNow",
    "due_now",
    "make_reminder",
    "put_off",
    "remind_of_plan",
    "reminder_done",
    "reminder_of",
    "remove_reminder",
    "switch_reminder",
    "waiting_in",
]

MOST_REMINDERS = 40
"""Reminders that a person may have."""
WINDOWS = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
"""How long after its moment a reminder may still come; one of these."""
PUT_OFF = ("hour", "evening", "tomorrow")
_WAITS = timedelta(hours=24)
"""How long a reminder waits on the page Today."""
_LONGEST_BEFORE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DueNow:
    """A reminder that has come, and what it is about."""

    reminder: Reminder
    since: datetime
    ladder: Ladder
    step: Step | None
    """The step that it is about; None where it is about the ladder."""


def make_reminder(
    services: Services,
    actor: PersonId,
    about: str,
    ladder_id: LadderId,
    step_id: StepId | None,
    rule: Rule,
    *,
    names: bool = False,
    window: timedelta = WINDOWS[1],
    zone: str = "",
    reminder_id: str | None = None,
) -> Reminder:
    """Remind of a step, of whatever is next on a ladder, or of judging it again.

    `zone` is the time zone of where it is made (else that of the moment), for who has decided on none.
    Sent again under the same `reminder_id`, the reminder comes back as it is by then.
    """
    if about not in ("step", "ladder", "judge") or (about == "step") != (step_id is not None):
        raise InvalidInput(_("Say what to remind you of: choose one of those shown"))
    if window not in WINDOWS:
        raise InvalidInput(_("Say how late it may still come: choose one of those shown"))
    rule, ladder_id = checked_rule(rule), LadderId(checked_id(ladder_id, "The ladder's id"))
    with services.store.writing(actor) as tx:
        ladder = permitted(actor, Action.REMIND, tx.ladders.get(actor, ladder_id), "ladder")
        if step_id is not None and ladder.step(step_id) is None:
            raise NotFound("There is no such step")
        made = _new(services, actor, about, ladder_id, step_id, rule, zone, reminder_id)
        made = replace(made, names=names, window=window)
        stored = tx.reminders.get(actor, made.id)
        if stored is not None:
            return stored
        if not has_subject(made, ladder, None):
            raise InvalidInput(_("This is put away: take it up again before you let Rung remind you of it"))
        made = replace(made, next_at=_next_of(tx, made))
        return _kept_new(tx, made)


def remind_of_plan(
    services: Services,
    actor: PersonId,
    plan_id: str,
    *,
    before: timedelta = timedelta(),
    names: bool = False,
    zone: str = "",
    reminder_id: str | None = None,
) -> Reminder:
    """Remind of a plan at its moment, or some time before; it follows the plan where that moves."""
    if not timedelta() <= before <= _LONGEST_BEFORE:
        raise InvalidInput(_("A reminder comes at most two days before what is planned"))
    with services.store.writing(actor) as tx:
        plan = permitted(actor, Action.REMIND, tx.plans.get(actor, checked_id(plan_id, "The plan")), "plan")
        made = _new(
            services, actor, "plan", LadderId(plan.ladder), StepId(plan.step), Rule(()), zone, reminder_id
        )
        made = replace(made, plan=plan.id, before=before, names=names)
        stored = tx.reminders.get(actor, made.id)
        if stored is not None:
            return stored
        made = rescheduled(made, plan, services.clock.now(), ZoneInfo(made.zone))
        if made.next_at is None:
            raise InvalidInput(_("This plan has no time that is still to come: give it one first"))
        return _kept_new(tx, made)


def reminder_of(services: Services, actor: PersonId, reminder_id: ReminderId) -> Reminder:
    """One reminder of the actor."""
    with services.store.reading() as tx:
        return _own(tx, actor, reminder_id)


def put_off(services: Services, actor: PersonId, reminder_id: ReminderId, until: str) -> Reminder:
    """Let it come once more, later: in an `hour`, in the `evening`, or `tomorrow` at the same time."""
    if until not in PUT_OFF:
        raise InvalidInput(_("Say until when: choose one of those shown"))

    def change(before: Reminder, _plan: Plan | None, zone: ZoneInfo) -> Reminder:
        now = services.clock.now()
        again = _later(until, now, _latest(before, now, zone) or now, zone)
        return replace(dealt_with(before, now, zone), again_at=again, is_on=True)

    return _change(services, actor, reminder_id, change)


def reminder_done(services: Services, actor: PersonId, reminder_id: ReminderId) -> Reminder:
    """It has said what it had to say: nothing of it waits any longer, until its next time."""
    return _change(
        services,
        actor,
        reminder_id,
        lambda before, _plan, zone: dealt_with(before, services.clock.now(), zone),
    )


def switch_reminder(services: Services, actor: PersonId, reminder_id: ReminderId, is_on: bool) -> Reminder:
    """Switch it off, or on again from now on."""

    def change(before: Reminder, plan: Plan | None, zone: ZoneInfo) -> Reminder:
        now = services.clock.now()
        after = replace(dealt_with(before, now, zone), is_on=is_on)
        return rescheduled(after, plan, now, zone) if is_on else after

    return _change(services, actor, reminder_id, change)


def remove_reminder(services: Services, actor: PersonId, reminder_id: ReminderId) -> None:
    """Delete it, and whatever of it was still to be sent."""
    with services.store.writing(actor) as tx:
        _own(tx, actor, reminder_id)
        tx.reminders.remove(actor, reminder_id)


def due_now(services: Services, actor: PersonId) -> list[DueNow]:
    """What waits on the page Today, longest first; nothing while everything is paused."""
    with services.store.reading() as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        found = tx.reminders.of(actor)
        if not found:
            return []
        preferences, ladders = preferences_in(tx, actor), tx.ladders.of(actor)
        plans = tx.plans.of(actor, ["planned"]) if any(one.plan for one in found) else []
        return waiting_in(found, ladders, plans, preferences, services.clock.now())


def waiting_in(
    found: list[Reminder], ladders: list[Ladder], plans: list[Plan], decided: Preferences, now: datetime
) -> list[DueNow]:
    """Of these reminders those that have come, longest first."""
    by_id = {ladder.id: ladder for ladder in ladders}
    planned = {str(plan.id): plan for plan in plans}
    waiting = []
    for reminder in found:
        zone, ladder = zone_for(decided.zone, reminder), by_id.get(reminder.ladder)
        since = _latest(reminder, now, zone)
        if since is None or since < now - _WAITS or is_paused_at(decided.paused_until, now, zone):
            continue
        if ladder is not None and has_subject(reminder, ladder, planned.get(reminder.plan)):
            step = ladder.step(reminder.step) if reminder.step else None
            waiting.append(DueNow(reminder, since, ladder, step))
    return sorted(waiting, key=lambda one: (one.since, one.reminder.id))


def _latest(reminder: Reminder, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The latest moment that has come and is not done with."""
    if not reminder.is_on:
        return None
    come, _upcoming = moments_come(reminder, now, zone)
    passed = [one for one in (reminder.next_at, reminder.again_at) if one is not None and one <= now]
    return max([*come, *passed], default=reminder.waiting_since)


def _later(until: str, now: datetime, since: datetime, zone: ZoneInfo) -> datetime:
    in_an_hour = now + timedelta(hours=1)
    if until == "hour":
        return in_an_hour
    today = now.astimezone(zone).date()
    if until == "evening":
        evening = moment_of(today, EVENING, zone)
        return evening if evening > now else in_an_hour
    clock = since.astimezone(zone).time()
    return moment_of(today + timedelta(days=1), time(clock.hour, clock.minute), zone)


def _new(
    services: Services,
    actor: PersonId,
    about: str,
    ladder: LadderId,
    step: StepId | None,
    rule: Rule,
    zone: str,
    reminder_id: str | None,
) -> Reminder:
    given = checked_id(reminder_id, "The reminder's id") if reminder_id else str(uuid4())
    return Reminder(
        id=ReminderId(given),
        person=actor,
        about=about,
        ladder=ladder,
        step=step,
        plan="",
        rule=rule,
        zone=zone if is_zone(zone) else speech().zone,
        language=speech().language.code,
        created_at=services.clock.now(),
    )


def _next_of(tx: Transaction, made: Reminder) -> datetime:
    zone = zone_for(preferences_in(tx, made.person).zone, made)
    found = next_moment(made.rule, made.created_at, zone)
    if found is None:
        raise InvalidInput(_("This moment is over already: choose one that is still to come"))
    return found


def _kept_new(tx: Transaction, made: Reminder) -> Reminder:
    if len(tx.reminders.of(made.person)) >= MOST_REMINDERS:
        raise InvalidInput(
            _("You have %(most)s reminders, as many as Rung keeps: delete one first", most=MOST_REMINDERS)
        )
    made = replace(made, due_at=made.next_at)
    tx.reminders.put(made)
    return made


def _own(tx: Transaction, actor: PersonId, reminder_id: ReminderId) -> Reminder:
    return permitted(actor, Action.REMIND, tx.reminders.get(actor, reminder_id), "reminder")


def _change(
    services: Services,
    actor: PersonId,
    reminder_id: ReminderId,
    change: Callable[[Reminder, Plan | None, ZoneInfo], Reminder],
) -> Reminder:
    """Change it, and let nothing more be sent of what came before."""
    with services.store.writing(actor) as tx:
        now, before = services.clock.now(), _own(tx, actor, reminder_id)
        plan = tx.plans.get(actor, before.plan) if before.plan else None
        after = change(before, plan, zone_for(preferences_in(tx, actor).zone, before))
        for delivery in tx.deliveries.unsettled(actor, reminder_id):
            tx.deliveries.settle(delivery, "expired", now)
        after = replace(after, due_at=due_of(after, (), now))
        tx.reminders.put(after)
    return after
