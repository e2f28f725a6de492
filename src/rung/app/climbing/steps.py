"""The steps of a ladder: added, varied, split, moved, retired, restored; nothing is lost from history.

Difficulties follow `places`. Every name passes `rung.app.safety`. Steps that are sent under an id of
the client's choosing are made once, however often they are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rung.app.climbing.changing import (
    change_ladder,
    check_count,
    check_resent,
    conditions_by_name,
    given_or_new,
    known_template,
    new_steps,
    screened_name,
    screened_names,
    step_id_of,
)
from rung.app.climbing.places import inserted, place_of, spread, with_step, with_step_at_its_place
from rung.app.model import Ladder, LadderId, PersonId, Step, StepId
from rung.app.ports import Services, Transaction
from rung.content import CONDITIONS
from rung.errors import InvalidInput, NotFound
from rung.words import _

__all__ = [
    "add_steps",
    "move_step",
    "place_step",
    "rename_step",
    "restore_step",
    "retire_step",
    "set_conditions",
    "split_step",
    "vary_step",
]


def add_steps(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    names: Sequence[str],
    after: StepId | None = None,
    batch_id: str | None = None,
    template: str = "",
) -> Ladder:
    """Put new steps, easiest first, after (harder than) another one; with None they become the easiest.

    `batch_id` names them as a whole: sent again with the same names they are added once. `template` is the
    domain of the library that they come from: the ladder remembers it, and steps taken over word by word keep
    the conditions that they have there.
    """
    if not names:
        raise InvalidInput(_("There is no step yet: write at least one"))
    screened = screened_names(names)
    whole = given_or_new(batch_id, _("The id of the steps"))
    under = conditions_by_name(known_template(template))

    def added(tx: Transaction, before: Ladder) -> Ladder:
        if before.step(step_id_of(whole, 0)) is not None:
            check_resent(before, whole, screened)
            return before
        place = 0 if after is None else place_of(before.climbing, after) + 1
        after_all = _with_new_steps(tx, before, place, new_steps(whole, screened, conditions=under))
        return replace(after_all, template=template or before.template)

    return change_ladder(services, actor, ladder_id, added)


def vary_step(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    step_id: StepId,
    name: str,
    condition: str,
    batch_id: str | None = None,
) -> Ladder:
    """Put the same thing under one more condition beside a step, as the next harder one.

    On one's own and with help exclude each other: the new condition takes the place of the other one.
    """
    whole = given_or_new(batch_id, _("The id of the steps"))
    screened = screened_name(name, _("The step's name"))
    (new_condition,) = _known_conditions([condition])

    def varied(tx: Transaction, before: Ladder) -> Ladder:
        if before.step(step_id_of(whole, 0)) is not None:
            check_resent(before, whole, [screened])
            return before
        place = place_of(before.climbing, step_id)
        kept = [one for one in before.climbing[place].conditions if one != _EXCLUDES.get(new_condition)]
        under = {screened: _known_conditions([*kept, new_condition])}
        return _with_new_steps(tx, before, place + 1, new_steps(whole, [screened], conditions=under))

    return change_ladder(services, actor, ladder_id, varied)


def rename_step(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, name: str
) -> Ladder:
    """Give the step another name."""
    name = screened_name(name, _("The step's name"))

    def renamed(tx: Transaction, before: Ladder) -> Ladder:
        return with_step(before, replace(_known_step(before, step_id), name=name))

    return change_ladder(services, actor, ladder_id, renamed)


def set_conditions(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, conditions: Sequence[str]
) -> Ladder:
    """Say what the step is done under, of `rung.content.CONDITIONS`; none of them is fine, too."""
    known = _known_conditions(conditions)

    def changed(tx: Transaction, before: Ladder) -> Ladder:
        return with_step(before, replace(_known_step(before, step_id), conditions=known))

    return change_ladder(services, actor, ladder_id, changed)


def split_step(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    step_id: StepId,
    names: Sequence[str],
    batch_id: str | None = None,
) -> Ladder:
    """Retire the step and put two or more new ones in its place, easiest first.

    `batch_id` names them as a whole: sent again with the same names the step is split once.
    """
    screened = screened_names(names)
    if len(screened) < 2:
        raise InvalidInput(_("Splitting a step takes the names of at least two steps"))
    whole, now = given_or_new(batch_id, _("The id of the steps")), services.clock.now()

    def split(tx: Transaction, before: Ladder) -> Ladder:
        if before.step(step_id_of(whole, 0)) is not None:
            check_resent(before, whole, screened)
            return before
        place = place_of(before.climbing, step_id)
        before = with_step(before, replace(before.climbing[place], retired_at=now))
        return _with_new_steps(tx, before, place, new_steps(whole, screened))

    return change_ladder(services, actor, ladder_id, split)


def move_step(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, places: int
) -> Ladder:
    """Move the step among the others: +1 is one place harder, -1 one easier; it stops at the ends."""

    def moved(tx: Transaction, before: Ladder) -> Ladder:
        return _moved(tx, before, step_id, place_of(before.climbing, step_id) + places)

    return change_ladder(services, actor, ladder_id, moved)


def place_step(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId, place: int
) -> Ladder:
    """Move the step to a place among the others, 1 for the easiest; it stops at the ends."""
    return change_ladder(
        services, actor, ladder_id, lambda tx, before: _moved(tx, before, step_id, place - 1)
    )


def retire_step(services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId) -> Ladder:
    """Take the step out of the ladder; what was done at it stays in the log."""
    now = services.clock.now()

    def retired(tx: Transaction, before: Ladder) -> Ladder:
        step = _known_step(before, step_id)
        after = with_step(before, replace(step, retired_at=step.retired_at or now))
        return _spread_if_new(tx, after)

    return change_ladder(services, actor, ladder_id, retired)


def restore_step(services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId) -> Ladder:
    """Take a retired step up again, at the place that its difficulty gives it."""

    def restored(tx: Transaction, before: Ladder) -> Ladder:
        step = replace(_known_step(before, step_id), retired_at=None)
        after = with_step_at_its_place(before, step)
        check_count(after)
        return _spread_if_new(tx, after)

    return change_ladder(services, actor, ladder_id, restored)


_EXCLUDES = {"alone": "help", "help": "alone"}


def _known_conditions(conditions: Sequence[str]) -> tuple[str, ...]:
    if set(conditions) - set(CONDITIONS):
        raise InvalidInput(_("Rung does not know this condition: choose from those shown"))
    return tuple(one for one in CONDITIONS if one in conditions)


def _moved(tx: Transaction, before: Ladder, step_id: StepId, place: int) -> Ladder:
    climbing = before.climbing
    start = place_of(climbing, step_id)
    end = min(max(place, 0), len(climbing) - 1)
    if end == start:
        return before
    others = climbing[:start] + climbing[start + 1 :]
    return inserted(before, others, end, (climbing[start],), _has_evidence(tx, before))


def _with_new_steps(tx: Transaction, before: Ladder, place: int, new: Sequence[Step]) -> Ladder:
    after = inserted(before, before.climbing, place, new, _has_evidence(tx, before))
    check_count(after)
    return after


def _spread_if_new(tx: Transaction, ladder: Ladder) -> Ladder:
    return ladder if _has_evidence(tx, ladder) else spread(ladder, ladder.climbing)


def _has_evidence(tx: Transaction, ladder: Ladder) -> bool:
    return tx.evidence.has_evidence(ladder.person, ladder.id)


def _known_step(ladder: Ladder, step_id: StepId) -> Step:
    step = ladder.step(step_id)
    if step is None:
        raise NotFound(_("There is no such step"))
    return step
