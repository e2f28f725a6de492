"""How each step of a ladder stands: next, done often (firm), resting or open; one rule for every page."""

from __future__ import annotations

from typing import Literal

from rung.app.model import Did, StepId
from rung.app.outlook import StepOutlook, Today

__all__ = ["State", "firm_count", "firm_words", "is_firm", "proposed", "states"]

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
    next_step, found = proposed(today), list[State]()
    is_resting = any(reason.id == "two-failures" for reason in today.recommendation.reasons)
    is_above = False
    for outlook in today.steps:
        if outlook.step.id == next_step:
            found.append("next")
            is_above = True
        elif is_above and is_resting:
            found.append("resting")
        else:
            found.append("firm" if is_firm(outlook) else "open")
    return found


def firm_count(today: Today) -> int:
    """How many steps are done often."""
    return sum(is_firm(outlook) for outlook in today.steps)


def firm_words(today: Today) -> str:
    """How much of a ladder is done often."""
    steps = len(today.steps)
    if not steps:
        return "No steps yet"
    return f"{firm_count(today)} of {steps} {'step' if steps == 1 else 'steps'} done often"
