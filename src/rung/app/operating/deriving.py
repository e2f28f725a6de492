"""Whether what was derived is what the log derives: the saved state of a person against a replay of it."""

from __future__ import annotations

from rung.app.beliefs import state_version
from rung.app.model import PersonId
from rung.app.ports import Services
from rung.engine import Person
from rung.errors import InvalidState

__all__ = ["is_derived"]


def is_derived(services: Services, person: PersonId) -> bool | None:
    """True where the saved state equals a replay; None where none is saved for today's model."""
    with services.store.reading() as tx:
        saved = tx.states.get(person)
        if saved is None or saved.version != state_version(services.engine):
            return None
        if saved.stands_on != tx.evidence.standing(person):
            return False
        replayed = services.engine.replay(entry.event for entry in tx.evidence.log(person))
    try:
        return Person.from_json(saved.state) == replayed
    except InvalidState:
        return False
