"""What every change of a ladder goes through: who may, how much a ladder holds, which names it takes.

Steps that are sent together get their ids from one that the client chose, so that they are made once, however
often they are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID, uuid4, uuid5

from rung.app.model import Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Services, Transaction
from rung.app.safety import screen_goal
from rung.app.wording import checked_id, checked_name
from rung.content import domain
from rung.errors import Conflict, InvalidInput
from rung.words import _, ngettext, speech

__all__ = [
    "MOST_LADDERS",
    "MOST_STEPS",
    "Change",
    "change_ladder",
    "check_count",
    "check_resent",
    "check_room_for_ladders",
    "conditions_by_name",
    "given_or_new",
    "known_template",
    "new_steps",
    "screened_name",
    "screened_names",
    "step_id_of",
]

MOST_LADDERS = 50
"""Ladders that a person may have, archived ones not counted."""
MOST_STEPS = 40
"""Steps that a ladder may have, retired ones not counted."""
MOST_STEPS_EVER = 400
"""Steps that a ladder may have had, retired ones counted: they are kept for their history."""

Change = Callable[[Transaction, Ladder], Ladder]
"""Makes the ladder as it is to be from the ladder as it is."""


def change_ladder(services: Services, actor: PersonId, ladder_id: LadderId, change: Change) -> Ladder:
    """Change a ladder of the actor in one transaction."""
    with services.store.writing(actor) as tx:
        found = tx.ladders.get(actor, ladder_id)
        before = permitted(actor, Action.CHANGE_LADDER, found, "ladder")
        after = change(tx, before)
        if after != before:
            tx.ladders.put(after)
    return after


def check_room_for_ladders(ladders: Sequence[Ladder]) -> None:
    """Refuse more ladders in use than a person may have."""
    if sum(ladder.archived_at is None for ladder in ladders) > MOST_LADDERS:
        raise InvalidInput(
            _("You would have more than %(most)s ladders: archive one first", most=MOST_LADDERS)
        )


def check_count(ladder: Ladder) -> None:
    """Refuse more steps than a ladder may have."""
    if len(ladder.climbing) > MOST_STEPS:
        raise InvalidInput(
            _("A ladder has at most %(most)s steps: retire one, or make a second ladder", most=MOST_STEPS)
        )
    if len(ladder.steps) > MOST_STEPS_EVER:
        raise InvalidInput(
            _(
                "A ladder keeps at most %(most)s steps, retired ones counted: start a new one",
                most=MOST_STEPS_EVER,
            )
        )


def given_or_new(given: str | None, what: str) -> UUID:
    """The id that the client chose for what it makes, or a new one."""
    return uuid4() if given is None else UUID(checked_id(given, what))


def step_id_of(whole: UUID, number: int) -> StepId:
    """The id of one of the steps that were sent together."""
    return StepId(str(uuid5(whole, f"step {number}")))


def new_steps(
    whole: UUID,
    names: Sequence[str],
    difficulties: Sequence[float] | None = None,
    conditions: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Step, ...]:
    """Steps that were sent together, each under the conditions that come with its name."""
    places = difficulties or (0.0,) * len(names)
    under = conditions or {}
    return tuple(
        Step(step_id_of(whole, number), name, at, conditions=under.get(name, ()))
        for number, (name, at) in enumerate(zip(names, places, strict=True))
    )


def check_resent(stored: Ladder, whole: UUID, names: Sequence[str], is_same: bool = True) -> None:
    """Refuse what was sent under an id that stands for something else."""
    known = [stored.step(step_id_of(whole, number)) for number in range(len(names) + 1)]
    if not is_same or [step and step.name for step in known] != [*names, None]:
        raise Conflict(_("This id stands for something else already: look at the ladder as it is now"))


def screened_name(name: str, what: str) -> str:
    """The name, where it can be one and names nothing that would put somebody in danger."""
    name = checked_name(name, what)
    screen_goal(name)
    return name


def screened_names(names: Sequence[str]) -> list[str]:
    """The names of steps that are sent together, each held against the same rules."""
    if len(names) > MOST_STEPS:
        told = ngettext(
            "This is one step too many: a ladder has at most %(most)s steps",
            "These are %(count)s steps: a ladder has at most %(most)s steps",
            len(names),
            most=MOST_STEPS,
        )
        raise InvalidInput(told)
    return [
        screened_name(name, _("New step %(number)s", number=number))
        for number, name in enumerate(names, start=1)
    ]


def known_template(template: str) -> str:
    """The id of a domain of the library; empty where none is named."""
    if template and domain(template) is None:
        raise InvalidInput(_("The library has nothing under this name: choose one of those shown"))
    return template


def conditions_by_name(template: str) -> Mapping[str, tuple[str, ...]]:
    """Under which conditions each step of a domain is done, by its name in the language of the moment."""
    found = domain(template, speech().language.code) if template else None
    return {step.name: step.conditions for step in found.steps} if found else {}
