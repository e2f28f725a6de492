"""Plans: when, where and how a step is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rung.app.model import LadderId, PersonId, StepId

__all__ = ["Plan", "Plans"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How somebody means to do a step; every text may be empty."""

    id: str
    person: PersonId
    ladder: LadderId
    step: StepId
    made_at: datetime
    at: datetime | None = None
    """When it is to be done, in UTC; None = left open."""
    where: str = ""
    if_text: str = ""
    """Reads on after "If "."""
    then_text: str = ""
    """Reads on after "then I "."""
    obstacle: str = ""
    """What might get in the way."""
    then_what: str = ""
    """What to do when it does."""
    who: str = ""
    """Somebody who will know."""
    vary: str = ""
    """What is to be different from the times before, of `rung.app.model.VARIED`; empty = nothing."""
    state: str = "planned"
    """Of `PLAN_STATES`."""
    done_by: str = ""
    """The deed that was logged of it, where it is done."""


class Plans(Protocol):
    """Plans of every state; they are changed, never deleted."""

    def get(self, person: PersonId, plan_id: str) -> Plan | None:
        """One plan of the person."""

    def of(self, person: PersonId, states: Sequence[str]) -> list[Plan]:
        """The person's plans in these states: by their time, those left open last."""

    def put(self, plan: Plan) -> None:
        """Store the plan as it is now."""
