"""Who acts, with what others let them see at this moment: what `policies.may` is asked with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, Actor, Grant, Part, Role, may, permitted
from rung.app.ports import Bond, Services, Transaction
from rung.app.sharing.fields import Field

__all__ = ["HELD", "actor_of", "grant_for", "grants_of"]

HELD = (Role.COACH, Role.LEADER, Role.RESEARCHER)
"""Roles that see by consents of their own bonds; a supervisor sees by those of the coach's."""


def actor_of(services: Services, tx: Transaction, person: PersonId) -> Actor:
    """The person with the grants that stand now: those they hold, and those of coaches they supervise."""
    now = services.clock.now()
    held = grants_of(tx.bonds.held_by(person, HELD), now)
    along = grants_of(tx.bonds.supervised_by(person), now, Role.SUPERVISOR)
    return Actor(person, (*held, *along))


def grants_of(bonds: Iterable[Bond], now: datetime, role: Role | None = None) -> list[Grant]:
    """What these bonds let somebody see now; as another role, where one is given."""
    return [
        Grant(bond.person, role or bond.role, consent.ladder, consent.fields)
        for bond in bonds
        for consent in bond.consents
        if consent.stands(now) and consent.fields
    ]


def grant_for(
    actor: Actor, person: PersonId, ladder: LadderId, action: Action = Action.READ_LADDER
) -> frozenset[Field]:
    """The fields of a ladder that the actor may see; `NotFound` where they may not do this with it."""
    permitted(actor, action, Part(person, ladder), "ladder")
    return frozenset(
        field for field in Field if may(actor, Action.READ_EVIDENCE, Part(person, ladder, field))
    )
