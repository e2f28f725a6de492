"""Taking everything out, and bringing it back: exports, their import, and the import of a plain log.

An import is merged into what is there: ids are kept, an event whose id is known stays as it is here, a
ladder that is known keeps its names and gets the steps it lacks. It happens as a whole or not at all.
The export holds the log as read: what was taken back, and earlier revisions, stay behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version

from rung.app.beliefs import append_entries
from rung.app.belongings import PARTS, Belongings, parts_of, read_parts
from rung.app.foreign import belongings_of_log
from rung.app.ladders import check_count, check_room_for_ladders, with_step_at_its_place
from rung.app.log_bytes import LOG_ENDINGS, log_from_bytes
from rung.app.model import Account, EventId, Ladder, PersonId
from rung.app.parcels import LARGEST_FILE, packed, unpacked
from rung.app.policies import Action, permitted
from rung.app.ports import Services, Transaction
from rung.app.safety import screen_goal
from rung.engine.events import FORMAT_VERSION
from rung.errors import InvalidArchive, InvalidInput, RefusedGoal

__all__ = ["LOG_ENDINGS", "Imported", "export_archive", "import_archive", "import_log"]

FORMAT = "rung-export"
VERSION = 1
MANIFEST = "manifest.json"
MOST_EVENTS = 50_000
"""Events in one import: they are replayed, some 7,000 a second, while other writers wait."""
FARTHEST_DIFFICULTY = 250.0
"""Logits: further than the steps of any ladder reach, and short of where the model overflows."""
FARTHEST_TIME = 1e11
"""Seconds: some three thousand years."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought."""

    ladders: int
    """New ladders."""
    events: int
    """New events."""
    known: int
    """Events that were here already."""


def export_archive(services: Services, actor: PersonId) -> bytes:
    """Everything of the actor, as a zip file that any Rung can import."""
    with services.store.reading() as tx:
        account = permitted(actor, Action.EXPORT, tx.people.get(actor), "account")
        belongings = Belongings(
            ladders=tx.ladders.of(actor), entries=tx.evidence.log(actor), texts=tx.evidence.texts(actor)
        )
    return packed({MANIFEST: _manifest(services, account), **parts_of(belongings)})


def import_archive(services: Services, actor: PersonId, data: bytes) -> Imported:
    """Merge an export into what the actor has; `InvalidArchive` says why where it cannot be."""
    parts = unpacked(data, PARTS | {MANIFEST})
    _check_manifest(parts[MANIFEST])
    return _merged(services, actor, read_parts(parts, actor))


def import_log(services: Services, actor: PersonId, data: bytes, filename: str) -> Imported:
    """Merge a log of one person; ladders are made of its domains and tasks.

    The name says what it is (`LOG_ENDINGS`; CSV where it ends otherwise). `InvalidLog` tells every fault of
    the file. Sent twice, it is stored once.
    """
    if len(data) > LARGEST_FILE:
        raise InvalidArchive(f"The file is larger than {LARGEST_FILE // 2**20} MB, which is the most")
    log = log_from_bytes(data, filename)
    _check_size(len(log))
    with services.store.reading() as tx:
        known = tx.ladders.of(actor)
    return _merged(
        services, actor, belongings_of_log(log, actor, known, services.vault, services.clock.now())
    )


def _manifest(services: Services, account: Account) -> bytes:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "log_format": FORMAT_VERSION,
        "rung": version("rung"),
        "exported_at": services.clock.now().isoformat(),
        "person": account.id,
        "name": account.name,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _check_manifest(data: bytes) -> None:
    try:
        content = json.loads(data.decode("utf-8"))
        found = (content["format"], content["version"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InvalidArchive(
            f"{MANIFEST} cannot be read ({repr(error)[:200]}): it is no Rung export"
        ) from error
    if found[0] != FORMAT:
        raise InvalidArchive(f"{MANIFEST} says {str(found[0])[:50]!r}: it is no Rung export")
    if found[1] != VERSION:
        raise InvalidArchive(
            f"The export has version {str(found[1])[:20]!r}; this Rung reads {VERSION}: update Rung first"
        )


def _merged(services: Services, actor: PersonId, belongings: Belongings) -> Imported:
    _check(belongings)
    with services.store.writing(actor) as tx:
        permitted(actor, Action.IMPORT, tx.people.get(actor), "account")
        with _told_as_archive():
            new_ladders = _put_ladders(tx, actor, belongings)
        new_events = _put_entries(services, tx, actor, belongings)
        _put_texts(tx, actor, new_events, belongings.texts)
    return Imported(new_ladders, len(new_events), len(belongings.entries) - len(new_events))


def _check_size(events: int) -> None:
    if events > MOST_EVENTS:
        raise InvalidArchive(f"The file holds {events} events: {MOST_EVENTS} is the most")


def _check(belongings: Belongings) -> None:
    _check_size(len(belongings.entries))
    for event in (entry.event for entry in belongings.entries):
        if abs(event.difficulty or 0.0) > FARTHEST_DIFFICULTY or abs(event.time) > FARTHEST_TIME:
            raise InvalidArchive(f"The event {event.id} has a difficulty or a time beyond all measure")
    for ladder in belongings.ladders:
        if any(abs(step.difficulty) > FARTHEST_DIFFICULTY for step in ladder.steps):
            raise InvalidArchive("A step has a difficulty beyond all measure")
        with _told_as_archive():
            _check_ladder(ladder)


def _check_ladder(ladder: Ladder) -> None:
    check_count(ladder)
    for name in (ladder.name, *(step.name for step in ladder.steps)):
        screen_goal(name)


@contextmanager
def _told_as_archive() -> Iterator[None]:
    """Tell what breaks a rule of ladders as a fault of the file; a refused goal stays one."""
    try:
        yield
    except RefusedGoal:
        raise
    except InvalidInput as error:
        raise InvalidArchive(f"The file does not fit: {error}") from error


def _put_ladders(tx: Transaction, actor: PersonId, belongings: Belongings) -> int:
    known = {ladder.id: ladder for ladder in tx.ladders.of(actor)}
    for ladder in belongings.ladders:
        stored = known.get(ladder.id)
        merged = ladder if stored is None else _with_missing_steps(stored, ladder)
        if merged != stored:
            tx.ladders.put(merged)
    check_room_for_ladders(tx.ladders.of(actor))
    return len({ladder.id for ladder in belongings.ladders} - set(known))


def _with_missing_steps(stored: Ladder, brought: Ladder) -> Ladder:
    for step in brought.steps:
        if stored.step(step.id) is None:
            stored = with_step_at_its_place(stored, step)
    check_count(stored)
    return stored


def _put_entries(
    services: Services, tx: Transaction, actor: PersonId, belongings: Belongings
) -> set[EventId]:
    stored = tx.evidence.revisions(actor, [entry.event.id for entry in belongings.entries])
    new = [entry for entry in belongings.entries if entry.event.id not in stored]
    if new:
        append_entries(services, tx, actor, [replace(entry, revision=1) for entry in new])
    return {EventId(entry.event.id) for entry in new}


def _put_texts(
    tx: Transaction, actor: PersonId, new: set[EventId], texts: Mapping[EventId, Mapping[str, str]]
) -> None:
    for event_id, written in texts.items():
        if event_id in new:
            tx.evidence.put_texts(actor, event_id, written)
