"""What stands before every use case that a program asks: `may`, with its scopes and its ladders.

A scope that is missing is said plainly (`NotAllowed`), before anything is looked up, and so tells nothing of
what there is. A ladder that the token is not for looks like one that does not exist (`NotFound`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rung.app.model import Ladder, LadderId, PersonId
from rung.app.policies import SCOPES, Action, Actor, Part, may, permitted
from rung.errors import NotAllowed
from rung.words import _

__all__ = ["has_scope", "ladders_within", "person_for", "person_for_all", "person_within"]


@dataclass(frozen=True, slots=True)
class _Whole:
    """All that a person has."""

    person: PersonId


def person_within(actor: Actor, action: Action) -> PersonId:
    """Whom a program acts for, where it has the scope; what it then touches is asked for ladder by ladder."""
    if not has_scope(actor, action):
        scope = SCOPES.get(action, "")
        raise NotAllowed(
            _(
                "This token has not the scope %(scope)s: make one that has it, under You, Programs",
                scope=scope,
            )
        )
    return actor.person


def person_for(actor: Actor, action: Action, ladder: LadderId) -> PersonId:
    """Whom a program acts for, where it may do this with the ladder."""
    person_within(actor, action)
    return permitted(actor, action, Part(actor.person, ladder), "ladder").person


def person_for_all(actor: Actor, action: Action) -> PersonId:
    """Whom a program acts for, where it may do this with whatever the person has."""
    person_within(actor, action)
    if not may(actor, action, _Whole(actor.person)):
        raise NotAllowed(_("This token is for some ladders alone: make one that is for all of them"))
    return actor.person


def has_scope(actor: Actor, action: Action) -> bool:
    """True where the program may do this with some ladder."""
    return may(Actor(actor.person, scopes=actor.scopes), action, _Whole(actor.person))


def ladders_within(actor: Actor, action: Action, ladders: Iterable[Ladder]) -> list[Ladder]:
    """Those of the ladders with which the program may do this."""
    return [one for one in ladders if may(actor, action, Part(one.person, one.id))]
