"""One of everything that a program can ask about."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from rung.app import evidence
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.model import Did, LadderId, PersonId, Reflection
from rung.app.ports import Services

__all__ = ["REQUESTS", "Life", "another_ladder", "live", "new_event"]


def _id() -> str:
    return str(uuid4())


@dataclass
class Life:
    """The ids of what one person has; of nobody, where they are made up."""

    ladder_id: str = field(default_factory=_id)
    step_id: str = field(default_factory=_id)
    event_id: str = field(default_factory=_id)
    plan_id: str = field(default_factory=_id)


def live(services: Services, person: PersonId, word: str) -> Life:
    """A life with one of everything; each of its words begins with the one given."""
    made = ladders.name_ladder(services, person, f"{word} ladder", [f"{word} {end}" for end in "abc"])
    step = made.steps[1]
    evidence.judge(services, person, made.id, {one.id: 50 for one in made.steps})
    event = evidence.record(services, person, made.id, step.id, Did.TRIED)
    evidence.reflect(services, person, event, Reflection(what_helped=f"{word} helped", arousal=0.5))
    plan = plans.make(services, person, made.id, step.id, Draft(where=f"{word} place"))
    return Life(made.id, step.id, event, plan.id)


def another_ladder(services: Services, person: PersonId) -> LadderId:
    """One more ladder of a person, which none of their tokens is for."""
    return ladders.name_ladder(services, person, "Another", ["a", "b"]).id


def new_event(life: Life) -> dict[str, Any]:
    """An event that can be appended."""
    return {
        "kind": "attempt",
        "domain": life.ladder_id,
        "task": life.step_id,
        "time": "2026-11-20T10:00:00Z",
        "value": 1.0,
        "feedback": 1.0,
        "id": _id(),
    }


REQUESTS: dict[str, Any] = {
    "whoami": None,
    "list_ladders": None,
    "create_ladder": lambda life: {"name": "Sing", "steps": ["Hum", "Sing"]},
    "get_ladder": None,
    "change_ladder": lambda life: {"wanted_chance": 0.9},
    "list_steps": None,
    "add_steps": lambda life: {"names": ["One more"], "after": life.step_id},
    "change_step": lambda life: {"name": "Another name"},
    "next_step": None,
    "state": None,
    "record_attempt": lambda life: {"did": "partly"},
    "judge": lambda life: {"ratings": {life.step_id: 70}, "feared": {life.step_id: 20}},
    "list_events": None,
    "list_changes": None,
    "append_events": lambda life: {"events": [new_event(life)]},
    "get_event": None,
    "take_back_event": None,
    "get_texts": None,
    "list_texts": None,
    "list_plans": None,
    "create_plan": lambda life: {"ladder": life.ladder_id, "step": life.step_id, "where": "at home"},
    "get_plan": None,
    "change_plan": lambda life: {"state": "dropped"},
}
"""What each operation is sent, about one life."""
