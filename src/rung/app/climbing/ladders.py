"""Ladders: named, shown, renamed, put away and taken up again; `steps` beside it is about their steps.

The last step is the goal. Difficulties follow `places`. Every name passes `rung.app.safety`.
What is made under an id of the client's choosing is made once, however often it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rung.app.climbing.changing import (
    change_ladder,
    check_count,
    check_resent,
    check_room_for_ladders,
    conditions_by_name,
    given_or_new,
    known_template,
    new_steps,
    screened_name,
    screened_names,
)
from rung.app.climbing.places import evenly
from rung.app.model import WANTED_CHANCES, Ladder, LadderId, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Services, Transaction
from rung.errors import InvalidInput
from rung.words import _

__all__ = [
    "archive_ladder",
    "ladder",
    "ladders_of",
    "name_ladder",
    "rename_ladder",
    "restore_ladder",
    "set_wanted_chance",
]


def name_ladder(
    services: Services,
    actor: PersonId,
    name: str,
    steps: Sequence[str] = (),
    ladder_id: str | None = None,
    template: str = "",
) -> Ladder:
    """Make a ladder of these steps, easiest first; the last one is the goal.

    `template` is the domain of the library that it comes from; steps taken over word by word keep the
    conditions that they have there. Sent again under the same `ladder_id` with the same content, the ladder
    comes back as it is by then.
    """
    name = screened_name(name, _("The ladder's name"))
    step_names = screened_names(steps)
    whole = given_or_new(ladder_id, _("The ladder's id"))
    under = conditions_by_name(known_template(template))
    made = Ladder(
        id=LadderId(str(whole)),
        person=actor,
        name=name,
        wanted_chance=WANTED_CHANCES[1],
        created_at=services.clock.now(),
        archived_at=None,
        steps=new_steps(whole, step_names, evenly(len(step_names)), under),
        template=template,
    )
    check_count(made)
    with services.store.writing(actor) as tx:
        stored = tx.ladders.get(actor, made.id)
        if stored is not None:
            check_resent(stored, whole, step_names, is_same=stored.name == name)
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
    name = screened_name(name, _("The ladder's name"))
    return change_ladder(services, actor, ladder_id, lambda tx, before: replace(before, name=name))


def set_wanted_chance(services: Services, actor: PersonId, ladder_id: LadderId, chance: float) -> Ladder:
    """Turn the dial: how likely the recommended step should be to work."""
    if chance not in WANTED_CHANCES:
        raise InvalidInput(
            _("The wanted chance is %(chance)s: choose 0.6, 0.75 or 0.9", chance=f"{chance:g}")
        )
    return change_ladder(services, actor, ladder_id, lambda tx, before: replace(before, wanted_chance=chance))


def archive_ladder(services: Services, actor: PersonId, ladder_id: LadderId) -> Ladder:
    """Put the ladder away, with its history; it can be restored."""
    now = services.clock.now()
    return change_ladder(
        services, actor, ladder_id, lambda tx, before: replace(before, archived_at=before.archived_at or now)
    )


def restore_ladder(services: Services, actor: PersonId, ladder_id: LadderId) -> Ladder:
    """Take an archived ladder up again."""

    def restored(tx: Transaction, before: Ladder) -> Ladder:
        after = replace(before, archived_at=None)
        check_room_for_ladders([*_others(tx, before), after])
        return after

    return change_ladder(services, actor, ladder_id, restored)


def _others(tx: Transaction, ladder: Ladder) -> list[Ladder]:
    return [other for other in tx.ladders.of(ladder.person) if other.id != ladder.id]
