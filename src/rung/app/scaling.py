"""Goal attainment scaling of a ladder: what would be expected, more, and less, said before it is known.

One to five goals, each with five levels in the person's own words and a weight. As soon as a level is noted
the goals stand: levels that are described afterwards measure nothing. Then they can only be begun anew, which
deletes what was noted. The T-score is that of `rung.engine.measures.attainment`; docs/sheet.md says how to
read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from rung.app.model import Ladder, LadderId, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Noted, ScaledGoal, Scaling, Services, Transaction
from rung.app.safety import screen_goal
from rung.app.wording import checked_id, checked_name
from rung.engine.measures import LEVELS, attainment
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = [
    "MOST_GOALS",
    "MOST_NOTED",
    "WEIGHTS",
    "Score",
    "add_goal",
    "begin_anew",
    "checked_goal",
    "checked_goals",
    "checked_levels",
    "note",
    "remove_goal",
    "scaling_of",
    "scores_of",
]

MOST_GOALS = 5
MOST_NOTED = 200
"""Times that levels can be noted: twice a week over two years."""
WEIGHTS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Score:
    """How far the goals had come, as one number."""

    at: datetime
    attainment: float
    """T-score: 50 = as expected."""


def scaling_of(services: Services, actor: PersonId, ladder_id: LadderId) -> tuple[Ladder, Scaling]:
    """A ladder of the actor with its scaled goals; without goals where none were set up."""
    with services.store.reading() as tx:
        return _ladder(tx, actor, ladder_id, Action.READ_LADDER), _scaling(tx, actor, ladder_id)


def add_goal(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    name: str,
    weight: int,
    levels: Sequence[str],
    goal_id: str | None = None,
) -> Scaling:
    """Scale one more goal; `goal_id` names it, so that the same thing sent twice is stored once."""
    given = str(uuid4()) if goal_id is None else checked_id(goal_id, _("The goal's id"))
    goal = checked_goal(given, name, weight, levels)
    with services.store.writing(actor) as tx:
        _ladder(tx, actor, ladder_id)
        scaling = _scaling(tx, actor, ladder_id)
        if goal in scaling.goals:
            return scaling
        _check_open(scaling)
        if goal.id in {known.id for known in scaling.goals}:
            raise Conflict(_("This id stands for another goal already: send it under a new id"))
        changed = replace(scaling, goals=checked_goals([*scaling.goals, goal]))
        tx.scalings.put(changed)
    return changed


def remove_goal(services: Services, actor: PersonId, ladder_id: LadderId, goal_id: str) -> Scaling:
    """Take a goal out again, as long as nothing is noted."""
    with services.store.writing(actor) as tx:
        _ladder(tx, actor, ladder_id)
        scaling = _scaling(tx, actor, ladder_id)
        kept = tuple(goal for goal in scaling.goals if goal.id != goal_id)
        if len(kept) == len(scaling.goals):
            raise NotFound(_("There is no such goal"))
        _check_open(scaling)
        if kept:
            tx.scalings.put(replace(scaling, goals=kept))
        else:
            tx.scalings.remove(actor, ladder_id)
    return replace(scaling, goals=kept)


def note(services: Services, actor: PersonId, ladder_id: LadderId, levels: Sequence[int | None]) -> Scaling:
    """Note how far each goal has come as of now, -2 to 2; the same sent twice on one day is noted once."""
    with services.store.writing(actor) as tx:
        _ladder(tx, actor, ladder_id)
        scaling = _scaling(tx, actor, ladder_id)
        if not scaling.goals:
            raise NotFound(_("There is no such goal"))
        now, told = services.clock.now(), checked_levels(levels, scaling.goals)
        last = scaling.noted[-1] if scaling.noted else None
        if last and last.levels == told and last.at.date() == now.date():
            return scaling
        if len(scaling.noted) >= MOST_NOTED:
            raise Conflict(_("These goals were noted as often as Rung keeps: begin anew"))
        changed = replace(scaling, noted=(*scaling.noted, Noted(now, told)))
        tx.scalings.put(changed)
    return changed


def begin_anew(services: Services, actor: PersonId, ladder_id: LadderId) -> None:
    """Delete the goals and everything that was noted of them."""
    with services.store.writing(actor) as tx:
        _ladder(tx, actor, ladder_id)
        tx.scalings.remove(actor, ladder_id)


def scores_of(scaling: Scaling) -> list[Score]:
    """The T-score of each moment that was noted, oldest first."""
    weights = [goal.weight for goal in scaling.goals]
    return [Score(noted.at, attainment(noted.levels, weights)) for noted in scaling.noted]


def checked_goal(goal_id: str, name: str, weight: int, levels: Sequence[str]) -> ScaledGoal:
    """The goal with its texts tidied; refused where one is missing or the weight is none."""
    if len(levels) != len(LEVELS):
        raise InvalidInput(_("A goal has %(count)s levels", count=len(LEVELS)))
    if type(weight) is not int or weight not in WEIGHTS:
        raise InvalidInput(_("A weight is 1, 2 or 3"))
    told = tuple(checked_name(level, _("What a level looks like")) for level in levels)
    goal = ScaledGoal(goal_id, checked_name(name, _("The goal")), weight, told)
    for text in (goal.name, *told):
        screen_goal(text)
    return goal


def checked_goals(goals: Sequence[ScaledGoal]) -> tuple[ScaledGoal, ...]:
    """The goals, where there are not too few of them and not too many."""
    if not 1 <= len(goals) <= MOST_GOALS:
        raise InvalidInput(_("A ladder has one to %(most)s scaled goals", most=MOST_GOALS))
    return tuple(goals)


def checked_levels(levels: Sequence[int | None], goals: Sequence[ScaledGoal]) -> tuple[int, ...]:
    """A level for each goal."""
    told = tuple(level for level in levels if type(level) is int and level in LEVELS)
    if len(levels) != len(goals) or len(told) != len(goals):
        raise InvalidInput(_("Choose a level for each goal"))
    return told


def _ladder(
    tx: Transaction, actor: PersonId, ladder_id: LadderId, action: Action = Action.CHANGE_LADDER
) -> Ladder:
    return permitted(actor, action, tx.ladders.get(actor, ladder_id), "ladder")


def _scaling(tx: Transaction, actor: PersonId, ladder_id: LadderId) -> Scaling:
    return tx.scalings.get(actor, ladder_id) or Scaling(actor, ladder_id, ())


def _check_open(scaling: Scaling) -> None:
    if scaling.noted:
        raise Conflict(_("Something is noted of these goals, so they stand as they are: begin anew"))
