"""The steps of a ladder as they are worked on."""

from __future__ import annotations

from dataclasses import dataclass

from rung.app.model import Ladder, StepId
from rung.content import LadderTemplate

__all__ = ["StepsView", "steps_view"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step to change."""

    id: StepId
    name: str
    href: str
    is_goal: bool
    is_first: bool
    """True for the hardest, which stands first on the page."""
    is_last: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """Steps that others have taken, to start from."""

    title: str
    text: str
    rows: int
    note: str
    """What to mind before the first step."""


@dataclass(frozen=True, slots=True)
class StepsView:
    """The page of a ladder's steps."""

    name: str
    href: str
    steps: tuple[StepView, ...]
    """Hardest first."""
    retired: tuple[StepView, ...]
    places: tuple[tuple[str, str], ...]
    """Where new steps can go: the id of the step below, and words; highest first."""
    default_place: str
    offer: Offer | None
    harder: tuple[str, ...]
    """What makes such a goal harder, where a template knows."""


def steps_view(ladder: Ladder, template: LadderTemplate | None) -> StepsView:
    """Everything that the page shows; a template is offered while the ladder has no steps."""
    climbing = ladder.climbing
    top = len(climbing) - 1
    steps = [_step(ladder, place) for place in range(top, -1, -1)]
    retired = tuple(
        StepView(step.id, step.name, _href(ladder, step.id), False, False, False)
        for step in ladder.steps
        if step.retired_at is not None
    )
    places = [(str(step.id), f"above: {step.name}") for step in reversed(climbing)]
    return StepsView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        steps=tuple(steps),
        retired=retired,
        places=(*places, ("", "at the very bottom, easiest")) if climbing else (),
        default_place=str(climbing[-2].id) if len(climbing) > 1 else "",
        offer=_offer(template) if template and not climbing else None,
        harder=template.harder if template else (),
    )


def _step(ladder: Ladder, place: int) -> StepView:
    step, top = ladder.climbing[place], len(ladder.climbing) - 1
    return StepView(step.id, step.name, _href(ladder, step.id), place == top, place == top, place == 0)


def _href(ladder: Ladder, step: StepId) -> str:
    return f"/ladders/{ladder.id}/steps/{step}"


def _offer(template: LadderTemplate) -> Offer:
    # A list mark shows where a step begins when it runs over its line; it is dropped when the form is read.
    text = "\n".join(f"- {step}" for step in template.steps)
    return Offer(template.title, text, 2 * len(template.steps), template.note)
