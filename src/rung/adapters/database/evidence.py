"""The append-only log in a table, the sealed texts beside it, and the cache of derived states."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, insert, select

from rung.adapters.database.parts import parts
from rung.adapters.database.schema import events, states, texts
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import ATTEMPT, SKIPPED, STORY, VARIED, VARY, EventId, PersonId
from rung.app.ports import Entry, SavedState, Vault
from rung.content import story
from rung.engine.events import COLUMNS, Event, canonical_order

__all__ = ["EvidenceTable", "StatesTable"]

_NAMES = tuple(column.name for column in COLUMNS)
_EVENT_COLUMNS = tuple(events.c[name] for name in _NAMES)
_ENTRY_COLUMNS = (
    *_EVENT_COLUMNS,
    events.c.recorded_at,
    events.c.revision,
    events.c.withdrawn,
    events.c.reflected,
    events.c.sealed,
)
_WIDTH = len(_NAMES)

_VERSUS = re.compile("versus:[0-9a-f-]{36}")
_ATTEMPT = re.compile(ATTEMPT + "[0-9a-f-]{36}")
_OWN_WORDS = frozenset(("", SKIPPED, *(VARY + what for what in VARIED)))


class EvidenceTable:
    """The log of events, and what was written about them."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries, which all belong to one person; a revision that exists already is a `Conflict`."""
        if not entries:
            return
        start = self.standing(entries[0].person) + 1
        rows = [self._row(entry, number) for number, entry in enumerate(entries, start)]
        self._connection.execute(insert(events), rows)

    def log(self, person: PersonId, domain: str | None = None, since: float | None = None) -> list[Entry]:
        """The log as read: the latest revision of each event that is not withdrawn, in canonical order."""
        query = _standing(person)
        if domain is not None:
            query = query.where(events.c.domain == domain)
        if since is not None:
            query = query.where(events.c.time >= since)
        found = [self._entry(row) for row in self._connection.execute(query)]
        return sorted(found, key=lambda entry: canonical_order(entry.event))

    def logs(
        self, people: Sequence[PersonId], since: float | None = None, *, whole: Container[PersonId] = ()
    ) -> dict[PersonId, list[Entry]]:
        """The logs of many people as read, whole or from then on; who has none is there with an empty one."""
        found: dict[PersonId, list[Entry]] = {person: [] for person in people}
        for part in parts(people):
            query = _standing_where(events.c.person.in_(part))
            if since is not None:
                unbounded = [person for person in part if person in whole]
                query = query.where((events.c.time >= since) | events.c.person.in_(unbounded))
            for row in self._connection.execute(query):
                found[PersonId(row.person)].append(self._entry(row))
        for entries in found.values():
            entries.sort(key=lambda entry: canonical_order(entry.event))
        return found

    def changes(
        self, person: PersonId, domains: Collection[str], after: tuple[str, int] | None, count: int
    ) -> list[Entry] | None:
        """The next events as they stand, those taken back too, by when their last revision came.

        `after` is the id and the revision of the last one that is known; None where there is no such one.
        """
        query = _last_revisions(events.c.person == person).where(events.c.domain.in_(domains))
        if after is not None:
            key = (events.c.id == after[0]) & (events.c.revision == after[1])
            known = select(events.c.number).where(events.c.person == person, key)
            number = self._connection.scalar(known.where(events.c.domain.in_(domains)))
            if number is None:
                return None
            query = query.where(events.c.number > number)
        rows = self._connection.execute(query.order_by(events.c.number).limit(count))
        return [self._entry(row) for row in rows]

    def revisions(self, person: PersonId, ids: Sequence[str]) -> dict[str, list[Entry]]:
        """Every revision of these events, first to last; ids that do not exist are left out."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        query = select(*_ENTRY_COLUMNS).where(events.c.person == person).order_by(events.c.revision)
        for part in parts(ids):
            for row in self._connection.execute(query.where(events.c.id.in_(part))):
                found[row.id].append(self._entry(row))
        return dict(found)

    def has_evidence(self, person: PersonId, domain: str) -> bool:
        """True where the domain has events, withdrawn ones too."""
        query = select(events.c.id).where(events.c.person == person, events.c.domain == domain)
        return bool(self._connection.scalar(select(exists(query))))

    def standing(self, person: PersonId) -> int:
        """Number of the person's last entry; 0 for an empty log."""
        query = select(func.max(events.c.number)).where(events.c.person == person)
        return self._connection.scalar(query) or 0

    def standings(self, people: Sequence[PersonId]) -> dict[PersonId, int]:
        """The same of many people; who has an empty log is left out."""
        query = select(events.c.person, func.max(events.c.number).label("last")).group_by(events.c.person)
        return {
            PersonId(row.person): row.last
            for part in parts(people)
            for row in self._connection.execute(query.where(events.c.person.in_(part)))
        }

    def latest(self, person: PersonId) -> Event | None:
        """The last event of the log as read, in canonical order."""
        last = _standing(person).order_by(events.c.time.desc()).limit(1)
        row = self._connection.execute(last).first()
        if row is None:
            return None
        same_moment = self._connection.execute(_standing(person).where(events.c.time == row.time))
        return max((self._entry(found).event for found in same_moment), key=canonical_order)

    def outcomes(self, person: PersonId, domain: str, task: str, until: float) -> list[float]:
        """What came of the attempts at a task, up to and with a moment; unknown outcomes are left out."""
        query = _attempts(person).where(
            events.c.domain == domain,
            events.c.task == task,
            events.c.time <= until,
            events.c.value.is_not(None),
        )
        return list(self._connection.scalars(query.with_only_columns(events.c.value)))

    def arousal_of_last(self, person: PersonId, outcome: float, least: float, before: float) -> float | None:
        """Arousal of the last attempt before a moment that had this outcome and at least this arousal."""
        query = _attempts(person).where(
            events.c.value == outcome, events.c.arousal >= least, events.c.time < before
        )
        last = query.order_by(events.c.time.desc(), events.c.number.desc()).limit(1)
        return self._connection.scalar(last.with_only_columns(events.c.arousal))

    def texts(self, person: PersonId, ids: Sequence[str] | None = None) -> dict[EventId, dict[str, str]]:
        """What the person wrote about these events (None = about any), by event and field."""
        query = select(texts).where(texts.c.person == person).order_by(texts.c.event, texts.c.field)
        queries = [query] if ids is None else [query.where(texts.c.event.in_(part)) for part in parts(ids)]
        found: defaultdict[EventId, dict[str, str]] = defaultdict(dict)
        for part in queries:
            for row in self._connection.execute(part):
                place = ("texts.text", person, row.event, row.field)
                found[row.event][row.field] = opened(self._vault, row.text, *place)
        return dict(found)

    def put_texts(self, person: PersonId, event_id: EventId, written: Mapping[str, str]) -> None:
        """Replace texts about an event; an empty text deletes what was there."""
        key = (texts.c.person == person) & (texts.c.event == event_id) & texts.c.field.in_(list(written))
        self._connection.execute(delete(texts).where(key))
        rows = [
            {
                "person": person,
                "event": event_id,
                "field": field,
                "text": sealed(self._vault, text, "texts.text", person, event_id, field),
            }
            for field, text in written.items()
            if text
        ]
        if rows:
            self._connection.execute(insert(texts), rows)

    def _entry(self, row: Row[Any]) -> Entry:
        event, (recorded_at, revision, withdrawn, reflected, said) = Event._make(row[:_WIDTH]), row[_WIDTH:]
        extra: dict[str, object] = {}
        if said is not None:
            content = json.loads(
                opened(self._vault, said, "events.sealed", event.person, event.id, str(revision))
            )
            event, extra = event._replace(context=content["context"]), content["extra"]
        return Entry(event, recorded_at, revision, withdrawn, reflected, extra)

    def _row(self, entry: Entry, number: int) -> dict[str, Any]:
        event, said = entry.event, None
        if entry.extra or not _is_of_the_app(event.context):
            content = json.dumps({"context": event.context, "extra": dict(entry.extra)})
            said = sealed(self._vault, content, "events.sealed", event.person, event.id, str(entry.revision))
            event = event._replace(context=event.context if _is_of_the_app(event.context) else "")
        return {
            **dict(zip(_NAMES, event, strict=True)),
            "recorded_at": entry.recorded_at,
            "revision": entry.revision,
            "withdrawn": entry.withdrawn,
            "reflected": entry.reflected,
            "sealed": said,
            "number": number,
        }


class StatesTable:
    """The cache of derived states."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: PersonId) -> SavedState | None:
        """The saved state of a person."""
        row = self._connection.execute(select(states).where(states.c.person == person)).first()
        return None if row is None else SavedState(row.version, row.stands_on, row.state)

    def of_many(self, people: Sequence[PersonId]) -> dict[PersonId, SavedState]:
        """The saved states of many people; who has none is left out."""
        return {
            PersonId(row.person): SavedState(row.version, row.stands_on, row.state)
            for part in parts(people)
            for row in self._connection.execute(select(states).where(states.c.person.in_(part)))
        }

    def put(self, person: PersonId, saved: SavedState) -> None:
        """Replace the saved state."""
        self.drop(person)
        self._connection.execute(
            insert(states).values(
                person=person, version=saved.version, stands_on=saved.stands_on, state=saved.state
            )
        )

    def drop(self, person: PersonId) -> None:
        """Forget the saved state."""
        self._connection.execute(delete(states).where(states.c.person == person))


def _standing(person: PersonId) -> Select[Any]:
    return _standing_where(events.c.person == person)


def _standing_where(whose: ColumnElement[bool]) -> Select[Any]:
    """Entries that no later revision of the same event replaces, and that were not taken back."""
    return _last_revisions(whose).where(~events.c.withdrawn)


def _last_revisions(whose: ColumnElement[bool]) -> Select[Any]:
    """Entries that no later revision of the same event replaces."""
    newer = events.alias("newer")
    is_replaced = exists(
        select(newer.c.id).where(
            newer.c.person == events.c.person,
            newer.c.id == events.c.id,
            newer.c.revision > events.c.revision,
        )
    )
    return select(*_ENTRY_COLUMNS).where(whose, ~is_replaced)


def _attempts(person: PersonId) -> Select[Any]:
    return _standing(person).where(events.c.kind == "attempt")


def _is_of_the_app(context: str) -> bool:
    """True for contexts that the app makes of ids and words of its own: they tell nothing in free text."""
    if context.startswith(STORY):
        return story(context.removeprefix(STORY)) is not None
    return context in _OWN_WORDS or any(ids.fullmatch(context) for ids in (_VERSUS, _ATTEMPT))
