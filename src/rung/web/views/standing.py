"""How each step of a ladder stands: next, done often (firm), resting or open; one rule for every page."""

from __future__ import annotations

from typing import Literal

from rung.app.model import Did, StepId
from rung.app.outlook import StepOutlook, Today
from rung.words import _, ngettext

__all__ = ["OFTEN", "State", "firm_count", "firm_words", "is_firm", "proposed", "states"]

State = Literal["next", "firm", "resting", "open"]

OFTEN = 3
"""Times that a step must have worked to count as done often (assumption)."""


def is_firm(outlook: StepOutlook) -> bool:
    """True where a step has worked often, the last try included."""
    tries = [deed.did for deed in outlook.deeds if deed.did in (Did.DONE, Did.PARTLY, Did.TRIED)]
    return tries.count(Did.DONE) >= OFTEN and tries[-1] is Did.DONE


def proposed(today: Today) -> StepId | None:
    """The step that Rung proposes."""
    task = today.recommendation.task
    return StepId(task.name) if task else None


def states(today: Today) -> list[State]:
    """The state of each step, easiest first."""
    next_step = proposed(today)
    resting = {task.name for task in today.recommendation.resting}
    return [_state(outlook, next_step, resting) for outlook in today.steps]


def _state(outlook: StepOutlook, next_step: StepId | None, resting: set[str]) -> State:
    if outlook.step.id == next_step:
        return "next"
    if outlook.step.id in resting:
        return "resting"
    return "firm" if is_firm(outlook) else "open"


def firm_count(today: Today) -> int:
    """How many steps are done often."""
    return sum(is_firm(outlook) for outlook in today.steps)


def firm_words(today: Today) -> str:
    """How much of a ladder is done often."""
    steps = len(today.steps)
    if not steps:
        return _("No steps yet")
    firm = firm_count(today)
    return ngettext(
        "%(firm)s of %(count)s step done often", "%(firm)s of %(count)s steps done often", steps, firm=firm
    )
