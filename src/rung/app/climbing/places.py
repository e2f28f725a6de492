"""A step's difficulty gives its place: how difficulties are set when a ladder is built and rebuilt.

Without evidence the steps are spread evenly over -1.5 (easiest) to +1.5 (the goal) logits, a range in
which the chance of success at neutral belief goes from about 8 in 10 to 2 in 10 (assumption). Once there
is evidence, difficulties that stand stay, for the log refers to them: a new or moved step takes the
midpoint of its neighbours, or half a logit beyond the end (assumption).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from rung.app.model import Ladder, Step, StepId
from rung.errors import InvalidInput, NotFound
from rung.words import _

__all__ = [
    "EASIEST",
    "HARDEST",
    "between",
    "evenly",
    "inserted",
    "place_of",
    "spread",
    "with_step",
    "with_step_at_its_place",
]

EASIEST = -1.5
HARDEST = 1.5
BEYOND = 0.5


def evenly(count: int) -> tuple[float, ...]:
    """Difficulties of `count` steps without evidence, easiest first; a single step is the goal.

    >>> evenly(4)
    (-1.5, -0.5, 0.5, 1.5)
    """
    if count == 1:
        return (HARDEST,)
    width = HARDEST - EASIEST
    return tuple(EASIEST + width * place / (count - 1) for place in range(count))


def between(easier: float | None, harder: float | None, count: int = 1) -> tuple[float, ...]:
    """Difficulties of `count` new steps between two neighbours (None = beyond the end), easiest first.

    >>> between(0.0, 1.0), between(0.0, None, 2), between(None, 0.0), between(0.0, 1.5, 2)
    ((0.5,), (0.5, 1.0), (-0.5,), (0.5, 1.0))
    """
    if easier is not None and harder is not None:
        width = harder - easier
        found = tuple(easier + width * place / (count + 1) for place in range(1, count + 1))
    elif easier is not None:
        found = tuple(easier + BEYOND * place for place in range(1, count + 1))
    elif harder is not None:
        found = tuple(harder - BEYOND * place for place in range(count, 0, -1))
    else:
        found = evenly(count)
    _check_distinct((easier, *found, harder))
    return found


def _check_distinct(difficulties: Sequence[float | None]) -> None:
    known = [number for number in difficulties if number is not None]
    # Halving a gap some fifty times leaves no number between its ends.
    if any(low >= high for low, high in pairwise(known)):
        raise InvalidInput(_("These two steps are too close to each other to put another one between them"))


def place_of(climbing: Sequence[Step], step_id: StepId) -> int:
    """The place of a step among those that are climbed, 0 for the easiest."""
    for place, step in enumerate(climbing):
        if step.id == step_id:
            return place
    raise NotFound(_("There is no such step"))


def inserted(
    before: Ladder, others: Sequence[Step], place: int, new: Sequence[Step], has_evidence: bool
) -> Ladder:
    """The ladder with steps put at a place among the others that are being climbed."""
    if not has_evidence:
        return spread(before, (*others[:place], *new, *others[place:]))
    easier = others[place - 1].difficulty if place > 0 else None
    harder = others[place].difficulty if place < len(others) else None
    difficulties = between(easier, harder, len(new))
    changed = [replace(step, difficulty=at) for step, at in zip(new, difficulties, strict=True)]
    return _with_steps(before, [*others, *changed])


def spread(ladder: Ladder, climbing: Sequence[Step]) -> Ladder:
    """The ladder with these steps, in this order, at even distances."""
    difficulties = evenly(len(climbing))
    return _with_steps(
        ladder, [replace(step, difficulty=at) for step, at in zip(climbing, difficulties, strict=True)]
    )


def with_step(ladder: Ladder, changed: Step) -> Ladder:
    """The ladder with a step as it is now."""
    others = [step for step in ladder.steps if step.id != changed.id]
    return replace(ladder, steps=tuple(sorted([*others, changed], key=_by_difficulty)))


def with_step_at_its_place(ladder: Ladder, step: Step) -> Ladder:
    """The ladder with a step at its difficulty, or just beside it where that is taken."""
    others = tuple(other for other in ladder.climbing if other.id != step.id)
    place = sum(other.difficulty <= step.difficulty for other in others)
    if step.retired_at is None and place and others[place - 1].difficulty == step.difficulty:
        harder = others[place].difficulty if place < len(others) else None
        (beside,) = between(step.difficulty, harder)
        step = replace(step, difficulty=beside)
    return with_step(ladder, step)


def _with_steps(ladder: Ladder, climbing: Sequence[Step]) -> Ladder:
    ids = {step.id for step in climbing}
    kept = [step for step in ladder.steps if step.id not in ids]
    return replace(ladder, steps=tuple(sorted([*kept, *climbing], key=_by_difficulty)))


def _by_difficulty(step: Step) -> tuple[float, str]:
    return (step.difficulty, step.id)
