"""What the app keeps beside the events of a log, as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rung.app.keeping.belongings.values import flag, moment, words, written
from rung.app.model import CIRCUMSTANCES, TEXT_FIELDS, EventId, PersonId
from rung.app.ports import Entry
from rung.app.wording import checked_text
from rung.engine.events import Event
from rung.errors import InvalidArchive, InvalidInput
from rung.words import _

__all__ = ["checked_extra", "entry_to_json", "joined"]

DEEPEST = 50
"""Levels of lists and objects in one another, in what an event holds beside the format."""


def entry_to_json(entry: Entry, texts: Mapping[str, str]) -> dict[str, object]:
    """What is kept beside one event: when it came, texts, unknown columns."""
    return {
        "recorded_at": written(entry.recorded_at),
        "reflected": entry.reflected,
        "texts": dict(texts),
        "extra": dict(entry.extra),
    }


def joined(
    events: Iterable[Event], beside: Mapping[str, Any], person: PersonId
) -> tuple[list[Entry], dict[EventId, dict[str, str]]]:
    """Events with what is kept beside them, now of `person`."""
    entries, texts = [], {}
    for event in events:
        item = beside.get(event.id)
        if item is None:
            raise InvalidInput(_("The event %(event)s of the log is missing", event=repr(event.id)))
        mine = event._replace(person=person)
        extra = item["extra"]
        if not isinstance(extra, dict):
            raise TypeError("extra is no object")
        entries.append(
            Entry(
                mine,
                moment(item["recorded_at"]),
                reflected=flag(item["reflected"]),
                extra=checked_extra(extra),
            )
        )
        texts[EventId(event.id)] = _texts(item["texts"])
    if len(beside) != len(entries):
        raise InvalidInput(_("It speaks of events that the log does not hold"))
    return entries, {event_id: told for event_id, told in texts.items() if told}


def checked_extra(extra: dict[str, object]) -> dict[str, object]:
    """What an event holds beside the format; refused where an export could not write it down again."""
    try:
        if _is_deeper(extra, DEEPEST):
            raise ValueError(f"more than {DEEPEST} lists or objects in one another")
        json.dumps(extra, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise InvalidArchive(
            _(
                "An event has another column that cannot be kept (%(fault)s): leave it out",
                fault=str(error)[:100],
            )
        ) from error
    return extra


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _is_deeper(item, levels - 1) for item in inner)


def _texts(told: dict[str, Any]) -> dict[str, str]:
    if set(told) - set(TEXT_FIELDS):
        raise InvalidInput(_("A text is none of %(known)s", known=", ".join(TEXT_FIELDS)))
    if set(words(told.get("circumstances", "")).split()) - set(CIRCUMSTANCES):
        raise InvalidInput(_("Rung knows no such circumstance"))
    found = {field: checked_text(text, _("A text")) for field, text in told.items()}
    return {field: text for field, text in found.items() if text}
