"""What of a log somebody may be shown: everything on a sheet is derived from this, and from nothing else.

An event, or a column of it, that belongs to a field which is not shown is taken out before anything is
counted or estimated, so that no estimate and no suggestion can tell what is hidden. What belongs to no
field (who encouraged, who was seen doing it) goes into the estimates where all fields are shown, and else
is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, Actor, Part, may
from rung.app.ports import Entry
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.engine import Event

__all__ = ["fields_for", "shown"]

_KINDS: Mapping[str, Field] = {
    "judgement": Field.JUDGEMENTS,
    "attempt": Field.OUTCOMES,
    "feedback": Field.OUTCOMES,
    "choice": Field.OUTCOMES,
    "note": Field.OUTCOMES,
    "state": Field.FEARS,
}
_COLUMNS: Mapping[Field, tuple[str, ...]] = {
    Field.JUDGEMENTS: ("confidence", "difficulty_rated"),
    Field.ATTRIBUTIONS: ("aid", "effort", "internal", "stable", "controllable"),
    Field.FEARS: ("arousal", "appraisal", "feared", "happened"),
}


def fields_for(
    actor: Actor | PersonId, person: PersonId, ladder_id: LadderId, wanted: Iterable[Field]
) -> frozenset[Field]:
    """Those of the fields that the actor may see of the ladder."""
    is_program = isinstance(actor, Actor) and actor.scopes is not None
    texts = Action.READ_TEXTS if is_program else Action.READ_EVIDENCE
    return frozenset(
        field
        for field in wanted
        if may(
            actor,
            texts if field is Field.TEXTS else Action.READ_EVIDENCE,
            Part(person, ladder_id, field),
        )
    )


def shown(entries: Iterable[Entry], fields: frozenset[Field]) -> list[Entry]:
    """The entries with what these fields hold, and nothing else."""
    if fields >= ALL_FIELDS:
        return list(entries)
    hidden = [name for field, names in _COLUMNS.items() if field not in fields for name in names]
    without: dict[str, None] = dict.fromkeys(hidden)
    return [
        replace(entry, event=_without(entry.event, without), reflected=False, extra={})
        for entry in entries
        if _KINDS.get(entry.event.kind) in fields
    ]


def _without(event: Event, columns: Mapping[str, None]) -> Event:
    return Event(**{**event._asdict(), **columns})
