"""Everything of a person as plain files: the parts of an export, and reading them back with every check.

manifest.json   format and versions, whose it is and when it was made
log.csv         the log as read, in the open evidence-log format; domain and task are ids
ladders.json    ladders and steps by id: names, difficulties, what is archived or retired
entries.json    what the app keeps beside an event: when it came, texts, unknown columns
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rung.app.log_bytes import log_from_bytes, log_to_bytes
from rung.app.model import TEXT_FIELDS, WANTED_CHANCES, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.ports import Entry
from rung.app.wording import checked_id, checked_name, checked_text
from rung.engine.events import Event
from rung.errors import InvalidArchive, InvalidInput, InvalidLog

__all__ = ["MOST_BRACKETS", "PARTS", "Belongings", "checked_extra", "parts_of", "read_parts"]

LADDERS, LOG, ENTRIES = "ladders.json", "log.csv", "entries.json"
PARTS = frozenset({LADDERS, LOG, ENTRIES})
"""The parts beside the manifest."""

DEEPEST = 50
"""Levels of lists and objects in one another, in what an event holds beside the format."""
MOST_BRACKETS = 1_000_000
"""Lists and objects in one part: an empty one takes 2 bytes of the file and 60 of memory."""

Texts = Mapping[EventId, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything that belongs to one person."""

    ladders: Sequence[Ladder]
    entries: Sequence[Entry]
    """The log as read."""
    texts: Texts


def parts_of(belongings: Belongings) -> dict[str, bytes]:
    """The parts of an export beside its manifest."""
    return {
        LADDERS: _to_json([_ladder_to_json(ladder) for ladder in belongings.ladders]),
        LOG: log_to_bytes([entry.event for entry in belongings.entries]),
        ENTRIES: _to_json(
            {
                entry.event.id: _entry_to_json(entry, belongings.texts.get(EventId(entry.event.id), {}))
                for entry in belongings.entries
            }
        ),
    }


def read_parts(parts: Mapping[str, bytes], person: PersonId) -> Belongings:
    """What `parts_of` made, now belonging to `person`; `InvalidArchive` says which part breaks which rule."""
    try:
        ladders = [_ladder_from_json(item, person) for item in _from_json(parts[LADDERS], list)]
        events = list(log_from_bytes(parts[LOG], LOG).events())
        if len({ladder.id for ladder in ladders}) != len(ladders):
            raise InvalidArchive(f"{LADDERS} holds one ladder twice")
        beside = _from_json(parts[ENTRIES], dict)
        entries, texts = _joined(events, beside, person)
        _check_places(ladders, [entry.event for entry in entries])
    except InvalidLog as error:
        raise InvalidArchive(f"{LOG} is no log: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InvalidArchive(
            f"A part of the export cannot be read ({repr(error)[:200]}): export it again"
        ) from error
    return Belongings(ladders, entries, texts)


def _to_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _from_json(data: bytes, kind: type[list[Any]] | type[dict[str, Any]]) -> Any:
    if data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
        raise InvalidArchive("A part of the file holds more than any export does")
    content = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    if not isinstance(content, kind):
        raise TypeError(f"a {kind.__name__} was expected")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _ladder_to_json(ladder: Ladder) -> dict[str, object]:
    return {
        "id": ladder.id,
        "name": ladder.name,
        "wanted_chance": ladder.wanted_chance,
        "created_at": ladder.created_at.isoformat(),
        "archived_at": _time_to_json(ladder.archived_at),
        "steps": [
            {
                "id": step.id,
                "name": step.name,
                "difficulty": step.difficulty,
                "retired_at": _time_to_json(step.retired_at),
            }
            for step in ladder.steps
        ],
    }


def _ladder_from_json(item: dict[str, Any], person: PersonId) -> Ladder:
    steps = [_step_from_json(step) for step in item["steps"]]
    if len({step.id for step in steps}) != len(steps):
        raise InvalidArchive(f"{LADDERS}: a ladder has one step twice")
    if item["wanted_chance"] not in WANTED_CHANCES:
        raise InvalidArchive(
            f"{LADDERS}: the wanted chance {item['wanted_chance']!r} is none of {WANTED_CHANCES}"
        )
    return Ladder(
        id=LadderId(_id(item["id"], LADDERS)),
        person=person,
        name=_text(item["name"], LADDERS),
        wanted_chance=item["wanted_chance"],
        created_at=_time(item["created_at"]),
        archived_at=_time_or_none(item["archived_at"]),
        steps=tuple(sorted(steps, key=lambda step: (step.difficulty, step.id))),
    )


def _step_from_json(item: dict[str, Any]) -> Step:
    difficulty = float(item["difficulty"])
    if not math.isfinite(difficulty) or isinstance(item["difficulty"], str):
        raise InvalidArchive(f"{LADDERS}: the difficulty {item['difficulty']!r} is no number")
    name = _text(item["name"], LADDERS)
    return Step(StepId(_id(item["id"], LADDERS)), name, difficulty, _time_or_none(item["retired_at"]))


def _entry_to_json(entry: Entry, texts: Mapping[str, str]) -> dict[str, object]:
    return {
        "recorded_at": entry.recorded_at.isoformat(),
        "reflected": entry.reflected,
        "texts": dict(texts),
        "extra": dict(entry.extra),
    }


def _joined(
    events: Iterable[Event], beside: Mapping[str, Any], person: PersonId
) -> tuple[list[Entry], dict[EventId, dict[str, str]]]:
    entries, texts = [], {}
    for event in events:
        item = beside.get(event.id)
        if item is None:
            raise InvalidArchive(f"{ENTRIES} lacks the event {event.id or 'without an id'!r} of {LOG}")
        mine = event._replace(person=person)
        entries.append(Entry(mine, _time(item["recorded_at"]), reflected=_flag(item), extra=_extra(item)))
        texts[EventId(event.id)] = _texts(item)
    if len(beside) != len(entries):
        raise InvalidArchive(f"{ENTRIES} speaks of events that {LOG} does not hold")
    return entries, {event_id: written for event_id, written in texts.items() if written}


def _flag(item: dict[str, Any]) -> bool:
    if not isinstance(item["reflected"], bool):
        raise TypeError("reflected is neither true nor false")
    return item["reflected"]


def _extra(item: dict[str, Any]) -> dict[str, object]:
    if not isinstance(item["extra"], dict):
        raise TypeError("extra is no object")
    return checked_extra(item["extra"])


def checked_extra(extra: dict[str, object]) -> dict[str, object]:
    """What an event holds beside the format; refused where an export could not write it down again."""
    try:
        if _is_deeper(extra, DEEPEST):
            raise ValueError(f"more than {DEEPEST} lists or objects in one another")
        json.dumps(extra, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise InvalidArchive(
            f"An event has another column that cannot be kept ({str(error)[:100]}): leave it out"
        ) from error
    return extra


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _is_deeper(item, levels - 1) for item in inner)


def _texts(item: dict[str, Any]) -> dict[str, str]:
    if set(item["texts"]) - set(TEXT_FIELDS):
        raise InvalidArchive(f"{ENTRIES}: a text is none of {', '.join(TEXT_FIELDS)}")
    try:
        return {field: checked_text(text, "A text") for field, text in item["texts"].items()}
    except InvalidInput as error:
        raise InvalidArchive(f"{ENTRIES}: {error}") from error


def _check_places(ladders: Iterable[Ladder], events: Iterable[Event]) -> None:
    """Every event must belong to a ladder and a step of the export."""
    known = {ladder.id: {step.id for step in ladder.steps} for ladder in ladders}
    for event in events:
        tasks = known.get(LadderId(event.domain))
        if tasks is None:
            raise InvalidArchive(f"{LOG} names the ladder {event.domain[:50]!r}, which {LADDERS} lacks")
        for task in (event.task, event.versus):
            if task and task not in tasks:
                raise InvalidArchive(f"{LOG} names the step {task[:50]!r}, which {LADDERS} lacks")


def _time_to_json(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise InvalidArchive(f"The time {text[:50]!r} has no time zone")
    return moment.astimezone(UTC)


def _time_or_none(text: str | None) -> datetime | None:
    return None if text is None else _time(text)


def _id(text: str, part: str) -> str:
    try:
        return checked_id(text, "An id")
    except InvalidInput as error:
        raise InvalidArchive(f"{part}: {error}") from error


def _text(name: str, part: str) -> str:
    try:
        return checked_name(name, "A name")
    except InvalidInput as error:
        raise InvalidArchive(f"{part}: {error}") from error
