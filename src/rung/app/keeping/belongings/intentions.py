"""Plans and reminders as JSON, and back. How far a reminder has come stays behind: it is counted anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, time, timedelta
from typing import Any

from rung.app.keeping.belongings.values import (
    chosen,
    flag,
    identity,
    line,
    moment,
    moment_or_none,
    words,
    written,
)
from rung.app.model import PLAN_STATES, VARIED, LadderId, PersonId, StepId
from rung.app.ports import ABOUT, Plan, Reminder, ReminderId
from rung.app.reminding.occasions import Rule, checked_rule
from rung.app.reminding.reminders import WINDOWS
from rung.app.safety import screen_goal
from rung.errors import InvalidInput
from rung.words import LANGUAGES, _, is_zone

__all__ = ["plan_from_json", "plan_to_json", "reminder_from_json", "reminder_to_json"]

_LINES = ("where", "if_text", "then_text", "obstacle", "then_what", "who")
_LONGEST_BEFORE = timedelta(days=2)


def plan_to_json(plan: Plan) -> dict[str, object]:
    """A plan of any state."""
    content: dict[str, object] = asdict(plan)
    del content["person"]
    return {**content, "made_at": written(plan.made_at), "at": written(plan.at)}


def plan_from_json(item: dict[str, Any], person: PersonId) -> Plan:
    """The plan, now of `person`."""
    said = {field: line(item[field]) for field in _LINES}
    plan = Plan(
        id=identity(item["id"]),
        person=person,
        ladder=LadderId(identity(item["ladder"])),
        step=StepId(identity(item["step"])),
        made_at=moment(item["made_at"]),
        at=moment_or_none(item["at"]),
        vary=chosen(item["vary"], ("", *VARIED)),
        state=chosen(item["state"], PLAN_STATES),
        done_by=identity(item["done_by"]) if words(item["done_by"]) else "",
        **said,
    )
    if plan.at is None and not plan.vary and not any(said.values()):
        raise InvalidInput(_("There is nothing in the plan %(plan)s", plan=plan.id))
    for text in (plan.then_text, plan.then_what):
        screen_goal(text)
    return plan


def reminder_to_json(reminder: Reminder) -> dict[str, object]:
    """A reminder: of what, and by which rule."""
    return {
        "id": reminder.id,
        "about": reminder.about,
        "ladder": reminder.ladder,
        "step": reminder.step,
        "plan": reminder.plan,
        "times": [clock.isoformat("minutes") for clock in reminder.rule.times],
        "days": list(reminder.rule.days),
        "day": reminder.rule.day.isoformat() if reminder.rule.day else None,
        "zone": reminder.zone,
        "language": reminder.language,
        "created_at": written(reminder.created_at),
        "names": reminder.names,
        "window_minutes": round(reminder.window.total_seconds() / 60),
        "before_minutes": round(reminder.before.total_seconds() / 60),
        "is_on": reminder.is_on,
    }


def reminder_from_json(item: dict[str, Any], person: PersonId, plans: Mapping[str, Plan]) -> Reminder:
    """The reminder, now of `person`, with no moment to come yet."""
    about = chosen(item["about"], ABOUT)
    step, plan_id = item["step"], words(item["plan"])
    is_of_plan = about == "plan"
    if is_of_plan != bool(plan_id) or (step is not None) != (about in ("step", "plan")):
        raise InvalidInput(
            _("The reminder %(reminder)s does not say of what", reminder=repr(item["id"])[:50])
        )
    reminder = Reminder(
        id=ReminderId(identity(item["id"])),
        person=person,
        about=about,
        ladder=LadderId(identity(item["ladder"])),
        step=None if step is None else StepId(identity(step)),
        plan=identity(plan_id) if is_of_plan else "",
        rule=_rule(item, is_of_plan),
        zone=words(item["zone"]),
        language=chosen(item["language"], [language.code for language in LANGUAGES]),
        created_at=moment(item["created_at"]),
        names=flag(item["names"]),
        window=timedelta(minutes=float(item["window_minutes"])),
        before=timedelta(minutes=float(item["before_minutes"])),
        is_on=flag(item["is_on"]),
    )
    if not is_zone(reminder.zone):
        raise InvalidInput(_("%(zone)s is no time zone", zone=repr(reminder.zone[:50])))
    if reminder.window not in WINDOWS or not timedelta() <= reminder.before <= _LONGEST_BEFORE:
        raise InvalidInput(_("A reminder comes too early or too late"))
    if is_of_plan:
        _check_plan(reminder, plans)
    return reminder


def _rule(item: dict[str, Any], is_of_plan: bool) -> Rule:
    days = item["days"]
    if any(type(day) is not int for day in days):
        raise TypeError("a day of the week is no number")
    rule = Rule(
        times=tuple(time.fromisoformat(clock) for clock in item["times"]),
        days=tuple(days),
        day=None if item["day"] is None else date.fromisoformat(item["day"]),
    )
    if is_of_plan and rule != Rule(()):
        raise InvalidInput(_("A reminder of a plan has no times of its own"))
    return rule if is_of_plan else checked_rule(rule)


def _check_plan(reminder: Reminder, plans: Mapping[str, Plan]) -> None:
    plan = plans.get(reminder.plan)
    if plan is None or (plan.ladder, plan.step) != (reminder.ladder, reminder.step):
        raise InvalidInput(_("The plan %(plan)s is missing, or is of another step", plan=reminder.plan))
