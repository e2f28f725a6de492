"""Ladders and their steps: named, added, split, moved, retired; nothing is lost from history.

The last step is the goal. Difficulties follow `rung.app.places`. Every name passes `rung.app.safety`.
What is made under an id of the client's choosing is made once, however often it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4, uuid5

from rung.app.model import WANTED_CHANCES, Ladder, LadderId, PersonId, Step, StepId
from rung.app.places import between, evenly
from rung.app.policies import Action, permitted
from rung.app.ports import Services, Transaction
from rung.app.safety import screen_goal
from rung.app.wording import checked_id, checked_name
from rung.errors import Conflict, InvalidInput, NotFound

__all__ = [
    "MOST_LADDERS",
    "MOST_STEPS",
    "add_steps",
    "archive_ladder",
    "check_count",
    "check_room_for_ladders",
    "ladder",
    "ladders_of",
    "move_step",
    "name_ladder",
    "rename_ladder",
    "rename_step",
    "restore_ladder",
    "restore_step",
    "retire_step",
    "set_wanted_chance",
    "split_step",
    "with_step_at_its_place",
]

MOST_LADDERS = 50
"""Ladders that a person may have, archived ones not counted."""
MOST_STEPS = 40
"""Steps that a ladder may have, retired ones not counted."""
MOST_STEPS_EVER = 400
"""Steps that a ladder may have had, retired ones counted: they are kept for their history."""


def name_ladder(
    services: Services,
    actor: PersonId,
    name: str,
    steps: Sequence[str] = (),
    ladder_id: str | None = None,
) -> Ladder:
    """Make a ladder of these steps, easiest first; the last one is the goal.

    Sent again under the same `ladder_id` with the same content, the ladder comes back as it is by then.
    """
    name = _screened_name(name, "The ladder's name")
    step_names = _screened_names(steps)
    whole = _given_or_new(ladder_id, "The ladder's id")
    made = Ladder(
        id=LadderId(str(whole)),
        person=actor,
        name=name,
        wanted_chance=WANTED_CHANCES[1],
        created_at=services.clock.now(),
        archived_at=None,
        steps=_new_steps(whole, step_names, evenly(len(step_names))),
    )
    check_count(made)
    with services.store.writing(actor) as tx:
        stored = tx.ladders.get(actor, made.id)
        if stored is not None:
            _check_resent(stored, whole, step_names, is_same=stored.name == name)
            return stored
        check_room_for_ladders([*_others(tx, made), made])
        tx.ladders.put(made)
    return made


def ladders_of(services: Services, actor: PersonId) -> list[Ladder]:
    """All ladders of the actor, archived ones too, oldest first."""
    with services.store.reading() as tx:
        return tx.ladders.of(actor)


def ladder(services: Services, actor: PersonId, ladder_id: LadderId) -> Ladder:
    """One ladder of the actor."""
    with services.store.reading() as tx:
        return permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, ladder_id), "ladder")


def rename_ladder(services: Services, actor: PersonId, ladder_id: LadderId, name: str) -> Ladder:
    """Give the ladder another name."""
    name = _screened_name(name, "The ladder's name")
    return _change(services, actor, ladder_id, lambda tx, before: replace(before, name=name))


def set_wanted_chance(services: Services, actor: PersonId, ladder_id: LadderId, chance: float) -> Ladder:
    """Turn the dial: how likely the recommended step should be to work."""
    if chance not in WANTED_CHANCES:
        raise InvalidInput(f"The wanted chance is {chance:g}: choose 0.6, 0.75 or 0.9")
    return _change(services, actor, ladder_id, lambda tx, before: replace(before, wanted_chance=chance))


def archive_ladder(services: Services, actor: PersonId, ladder_id: LadderId) -> Ladder:
    """Put the ladder away, with its history; it can be restored."""
    now = services.clock.now()
    return _change(
        services, actor, ladder_id, lambda tx, before: replace(before, archived_at=before.archived_at or now)
    )


def restore_ladder(services: Services, actor: PersonId, ladder_id: LadderId) -> Ladder:
    """Take an archived ladder up again."""

    def restored(tx: Transaction, before: Ladder) -> Ladder:
        after = replace(before, archived_at=None)
        check_room_for_ladders([*_others(tx, before), after])
        return after

    return _change(services, actor, ladder_id, restored)


def add_steps(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    names: Sequence[str],
    after: StepId | None = None,
    batch_id: str | None = None,
) -> Ladder:
    """Put new steps, easiest first, after (harder than) another one; with None they become the easiest.

    `batch_id` names them as a whole: sent again with the same names they are added once.
    """
    if not names:
        raise InvalidInput("There is no step yet: write at least one")
    screened = _screened_names(names)
    whole = _given_or_new(batch_id, "The id of the steps")

    def added(tx: Transaction, before: Ladder) -> Ladder:
        if before.step(_step_id(whole, 0)) is not None:
            _check_resent(before, whole, screened)
            return before
        climbing = before.climbing
        place = 0 if after is None else _place(climbing, after) + 1
        return _with_new_steps(tx, before, climbing, place, _new_steps(whole, screened))

    return _change(services, actor, ladder_id, added)


def rename_step(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, name: str
) -> Ladder:
    """Give the step another name."""
    name = _screened_name(name, "The step's name")

    def renamed(tx: Transaction, before: Ladder) -> Ladder:
        return _with_step(before, replace(_known_step(before, step_id), name=name))

    return _change(services, actor, ladder_id, renamed)


def split_step(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, names: Sequence[str]
) -> Ladder:
    """Retire the step and put two or more new ones in its place, easiest first."""
    screened = _screened_names(names)
    if len(screened) < 2:
        raise InvalidInput("Splitting a step takes the names of at least two steps")
    now = services.clock.now()

    def split(tx: Transaction, before: Ladder) -> Ladder:
        place = _place(before.climbing, step_id)
        before = _with_step(before, replace(before.climbing[place], retired_at=now))
        return _with_new_steps(tx, before, before.climbing, place, _new_steps(uuid4(), screened))

    return _change(services, actor, ladder_id, split)


def move_step(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, places: int
) -> Ladder:
    """Move the step among the others: +1 is one place harder, -1 one easier; it stops at the ends."""

    def moved(tx: Transaction, before: Ladder) -> Ladder:
        climbing = before.climbing
        start = _place(climbing, step_id)
        end = min(max(start + places, 0), len(climbing) - 1)
        others = climbing[:start] + climbing[start + 1 :]
        return before if end == start else _inserted(tx, before, others, end, (climbing[start],))

    return _change(services, actor, ladder_id, moved)


def retire_step(services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId) -> Ladder:
    """Take the step out of the ladder; what was done at it stays in the log."""
    now = services.clock.now()

    def retired(tx: Transaction, before: Ladder) -> Ladder:
        step = _known_step(before, step_id)
        after = _with_step(before, replace(step, retired_at=step.retired_at or now))
        return _spread_if_new(tx, after)

    return _change(services, actor, ladder_id, retired)


def restore_step(services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId) -> Ladder:
    """Take a retired step up again, at the place that its difficulty gives it."""

    def restored(tx: Transaction, before: Ladder) -> Ladder:
        step = replace(_known_step(before, step_id), retired_at=None)
        after = with_step_at_its_place(before, step)
        check_count(after)
        return _spread_if_new(tx, after)

    return _change(services, actor, ladder_id, restored)


def _change(
    services: Services, actor: PersonId, ladder_id: LadderId, change: Callable[[Transaction, Ladder], Ladder]
) -> Ladder:
    with services.store.writing(actor) as tx:
        found = tx.ladders.get(actor, ladder_id)
        before = permitted(actor, Action.CHANGE_LADDER, found, "ladder")
        after = change(tx, before)
        if after != before:
            tx.ladders.put(after)
    return after


def _with_new_steps(
    tx: Transaction, before: Ladder, others: tuple[Step, ...], place: int, new: tuple[Step, ...]
) -> Ladder:
    after = _inserted(tx, before, others, place, new)
    check_count(after)
    return after


def _inserted(
    tx: Transaction, before: Ladder, others: tuple[Step, ...], place: int, new: tuple[Step, ...]
) -> Ladder:
    """The ladder with steps put at a place among the others that are being climbed."""
    climbing = (*others[:place], *new, *others[place:])
    if tx.evidence.has_evidence(before.person, before.id):
        easier = others[place - 1].difficulty if place > 0 else None
        harder = others[place].difficulty if place < len(others) else None
        difficulties = between(easier, harder, len(new))
        changed = [replace(step, difficulty=at) for step, at in zip(new, difficulties, strict=True)]
        return _with_steps(before, [*others, *changed])
    return _spread(before, climbing)


def _spread_if_new(tx: Transaction, ladder: Ladder) -> Ladder:
    if tx.evidence.has_evidence(ladder.person, ladder.id):
        return ladder
    return _spread(ladder, ladder.climbing)


def _spread(ladder: Ladder, climbing: Sequence[Step]) -> Ladder:
    difficulties = evenly(len(climbing))
    return _with_steps(
        ladder, [replace(step, difficulty=at) for step, at in zip(climbing, difficulties, strict=True)]
    )


def _with_steps(ladder: Ladder, climbing: Sequence[Step]) -> Ladder:
    ids = {step.id for step in climbing}
    kept = [step for step in ladder.steps if step.id not in ids]
    return replace(ladder, steps=tuple(sorted([*kept, *climbing], key=_by_difficulty)))


def _with_step(ladder: Ladder, changed: Step) -> Ladder:
    others = [step for step in ladder.steps if step.id != changed.id]
    return replace(ladder, steps=tuple(sorted([*others, changed], key=_by_difficulty)))


def _by_difficulty(step: Step) -> tuple[float, str]:
    return (step.difficulty, step.id)


def _known_step(ladder: Ladder, step_id: StepId) -> Step:
    step = ladder.step(step_id)
    if step is None:
        raise NotFound("There is no such step")
    return step


def _place(climbing: Sequence[Step], step_id: StepId) -> int:
    for place, step in enumerate(climbing):
        if step.id == step_id:
            return place
    raise NotFound("There is no such step")


def _new_steps(
    whole: UUID, names: Sequence[str], difficulties: Sequence[float] | None = None
) -> tuple[Step, ...]:
    places = difficulties or (0.0,) * len(names)
    return tuple(
        Step(_step_id(whole, number), name, at)
        for number, (name, at) in enumerate(zip(names, places, strict=True))
    )


def _step_id(whole: UUID, number: int) -> StepId:
    """The id of one of the steps that were sent together."""
    return StepId(str(uuid5(whole, f"step {number}")))


def _given_or_new(given: str | None, what: str) -> UUID:
    return uuid4() if given is None else UUID(checked_id(given, what))


def _check_resent(stored: Ladder, whole: UUID, names: Sequence[str], is_same: bool = True) -> None:
    """Refuse what was sent under an id that stands for something else."""
    known = [stored.step(_step_id(whole, number)) for number in range(len(names) + 1)]
    if not is_same or [step and step.name for step in known] != [*names, None]:
        raise Conflict("This id stands for something else already: look at the ladder as it is now")


def _screened_name(name: str, what: str) -> str:
    name = checked_name(name, what)
    screen_goal(name)
    return name


def _screened_names(names: Sequence[str]) -> list[str]:
    return [_screened_name(name, f"New step {number}") for number, name in enumerate(names, start=1)]


def with_step_at_its_place(ladder: Ladder, step: Step) -> Ladder:
    """The ladder with a step at its difficulty, or just beside it where that is taken."""
    others = tuple(other for other in ladder.climbing if other.id != step.id)
    place = sum(other.difficulty <= step.difficulty for other in others)
    if step.retired_at is None and place and others[place - 1].difficulty == step.difficulty:
        harder = others[place].difficulty if place < len(others) else None
        (beside,) = between(step.difficulty, harder)
        step = replace(step, difficulty=beside)
    return _with_step(ladder, step)


def check_room_for_ladders(ladders: Sequence[Ladder]) -> None:
    """Refuse more ladders in use than a person may have."""
    if sum(ladder.archived_at is None for ladder in ladders) > MOST_LADDERS:
        raise InvalidInput(f"You would have more than {MOST_LADDERS} ladders: archive one first")


def check_count(ladder: Ladder) -> None:
    """Refuse more steps than a ladder may have."""
    if len(ladder.climbing) > MOST_STEPS:
        raise InvalidInput(f"A ladder has at most {MOST_STEPS} steps: retire one, or make a second ladder")
    if len(ladder.steps) > MOST_STEPS_EVER:
        raise InvalidInput(
            f"A ladder keeps at most {MOST_STEPS_EVER} steps, retired ones counted: start a new one"
        )


def _others(tx: Transaction, ladder: Ladder) -> list[Ladder]:
    return [other for other in tx.ladders.of(ladder.person) if other.id != ladder.id]
