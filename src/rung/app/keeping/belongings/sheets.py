"""Scaled goals and sessions as JSON, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rung.app.keeping.belongings.values import identity, moment, once, written
from rung.app.model import LadderId, PersonId
from rung.app.ports import Meeting, Noted, ScaledGoal, Scaling
from rung.app.scaling import MOST_NOTED, checked_goal, checked_goals, checked_levels
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["meeting_from_json", "meeting_to_json", "scaling_from_json", "scaling_to_json"]


def scaling_to_json(scaling: Scaling) -> dict[str, object]:
    """The scaled goals of one ladder."""
    return {
        "ladder": scaling.ladder,
        "goals": [asdict(goal) for goal in scaling.goals],
        "noted": [{"at": written(noted.at), "levels": noted.levels} for noted in scaling.noted],
    }


def scaling_from_json(item: dict[str, Any], person: PersonId) -> Scaling:
    """The scaled goals, now of `person`."""
    goals = checked_goals([_goal(goal) for goal in item["goals"]])
    once(goal.id for goal in goals)
    noted = tuple(Noted(moment(one["at"]), checked_levels(one["levels"], goals)) for one in item["noted"])
    once(one.at for one in noted)
    if len(noted) > MOST_NOTED:
        raise InvalidInput(_("It was noted more often than Rung keeps"))
    return Scaling(
        person=person,
        ladder=LadderId(identity(item["ladder"])),
        goals=goals,
        noted=tuple(sorted(noted, key=lambda one: one.at)),
    )


def _goal(item: dict[str, Any]) -> ScaledGoal:
    levels = item["levels"]
    if not isinstance(levels, list):
        raise TypeError("the levels of a goal are no list")
    return checked_goal(identity(item["id"]), item["name"], item["weight"], levels)


def meeting_to_json(meeting: Meeting) -> dict[str, object]:
    """One session."""
    return {"ladder": meeting.ladder, "at": written(meeting.at)}


def meeting_from_json(item: dict[str, Any], person: PersonId) -> Meeting:
    """One session, now of `person`."""
    return Meeting(person, LadderId(identity(item["ladder"])), moment(item["at"]))
