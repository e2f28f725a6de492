"""The derived state of a person: what the engine makes of their log, kept so that it need not be replayed.

The state is a cache. Events that come in canonical order are observed one by one; anything else (an older
event, a revision, a state of another version) replays the whole log. Both ways lead to the same state,
bit for bit, which is tested. It is written in the transaction that writes the log, and names the entry
it stands on, so that it is never older than the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from rung.app.model import PersonId
from rung.app.ports import Entry, SavedState, Services, Transaction
from rung.engine import Engine, Person
from rung.engine.events import canonical_order, in_order
from rung.engine.state import STATE_VERSION
from rung.errors import InvalidState

__all__ = ["append_entries", "believer", "saved_believers", "state_version"]

_RELEASE = version("rung")


def believer(services: Services, tx: Transaction, person: PersonId) -> Person:
    """The person as the engine knows them today; nothing is written."""
    return _saved(services, tx, person) or _replayed(services, tx, person)


def saved_believers(
    services: Services, tx: Transaction, standing: Mapping[PersonId, int]
) -> dict[PersonId, Person]:
    """Those of many people whose saved state can be used; `standing`: the number of each one's last entry."""
    saved, made_by = tx.states.of_many(list(standing)), state_version(services.engine)
    found = {person: _usable(saved.get(person), made_by, number) for person, number in standing.items()}
    return {person: known for person, known in found.items() if known is not None}


def append_entries(services: Services, tx: Transaction, actor: PersonId, entries: Sequence[Entry]) -> None:
    """Append entries to the actor's log, and bring their derived state up to date."""
    known = _saved(services, tx, actor) if _comes_last(tx, actor, entries) else None
    tx.evidence.append(entries)
    if known is None:
        known = _replayed(services, tx, actor)
    else:
        for event in in_order(entry.event for entry in entries):
            known = services.engine.observe(known, event)
    saved = SavedState(state_version(services.engine), tx.evidence.standing(actor), known.to_json())
    tx.states.put(actor, saved)


def state_version(engine: Engine) -> str:
    """What a state depends on beside the log: its form, the release of the model, the parameters."""
    parameters = hashlib.sha256(engine.parameters.to_json().encode()).hexdigest()[:16]
    return f"{STATE_VERSION}/{_RELEASE}/{parameters}"


def _saved(services: Services, tx: Transaction, person: PersonId) -> Person | None:
    made_by = state_version(services.engine)
    return _usable(tx.states.get(person), made_by, tx.evidence.standing(person))


def _usable(saved: SavedState | None, made_by: str, standing: int) -> Person | None:
    """The person of a saved state; None where it is of another version, or of an older log."""
    if saved is None or saved.version != made_by or saved.stands_on != standing:
        return None
    try:
        return Person.from_json(saved.state)
    except InvalidState:
        return None


def _replayed(services: Services, tx: Transaction, person: PersonId) -> Person:
    return services.engine.replay(entry.event for entry in tx.evidence.log(person))


def _comes_last(tx: Transaction, person: PersonId, entries: Sequence[Entry]) -> bool:
    """True where the entries are new events that all come after the log in canonical order."""
    if any(entry.revision > 1 or entry.withdrawn for entry in entries):
        return False
    latest = tx.evidence.latest(person)
    if latest is None:
        return True
    first = min(canonical_order(entry.event) for entry in entries)
    return first > canonical_order(latest)
