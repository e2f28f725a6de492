"""The page on which every step of a ladder is judged at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from rung.app.model import Ladder, StepId
from rung.engine.events import Event

__all__ = ["JudgeView", "judge_view"]


@dataclass(frozen=True, slots=True)
class JudgedStep:
    """One step with what was said of it."""

    id: StepId
    name: str
    rating: str
    feared: str
    fault: str
    feared_fault: str


@dataclass(frozen=True, slots=True)
class JudgeView:
    """The whole page."""

    name: str
    href: str
    event_id: str
    """Names the judgement, so that sending it twice stores it once."""
    practice: bool
    steps: tuple[JudgedStep, ...]


def judge_view(
    ladder: Ladder,
    log: Iterable[Event],
    ratings: Mapping[str, str],
    feared: Mapping[str, str],
    faults: Mapping[str, str],
    event_id: str = "",
) -> JudgeView:
    """Steps easiest first, empty: an earlier answer in the box would be an answer suggested."""
    return JudgeView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        event_id=event_id or str(uuid4()),
        practice=not any(event.kind == "judgement" for event in log),
        steps=tuple(
            JudgedStep(
                step.id,
                step.name,
                ratings.get(step.id, ""),
                feared.get(step.id, ""),
                faults.get(f"rating-{step.id}", ""),
                faults.get(f"feared-{step.id}", ""),
            )
            for step in ladder.climbing
        ),
    )
