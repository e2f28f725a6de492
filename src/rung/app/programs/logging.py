"""The evidence log as programs read and write it: in pages, and in the words of the log.

A page goes on after a position in canonical order, so that what comes in meanwhile moves nothing; changes are
in the order in which they came, for programs that keep a copy. What is
appended is taken as it is: an attempt alone is an attempt alone (`evidence.record` stores the approach with
it), and `feedback` is what the person saw of the outcome. All of it is stored, or nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rung.app.beliefs import append_entries
from rung.app.climbing.plans import close, due_by
from rung.app.deeds import moment_in
from rung.app.evidence import SKEW, standing_entry, take_back
from rung.app.model import EventId, Ladder, LadderId, PersonId, StepId
from rung.app.policies import Action, Actor, Part, may, permitted
from rung.app.ports import Entry, Services, Transaction
from rung.app.programs.allowing import has_scope, ladders_within, person_for, person_within
from rung.app.wording import checked_id, checked_name
from rung.engine.events import Event, canonical_order, check_event
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = [
    "MOST_EVENTS",
    "Appended",
    "Change",
    "Position",
    "append",
    "changes_after",
    "event_of",
    "events_after",
    "position_of",
    "texts_after",
    "texts_of",
    "withdraw",
]

MOST_EVENTS = 200
"""Events that are appended at once."""

_OF_A_STEP = ("judgement", "attempt", "choice", "note")
"""Kinds of event that are about one step; the others may be about the whole ladder."""
_IN_CODE = re.compile("|skipped|vary:(place|people|time)|(versus|attempt):[0-9a-f-]{36}|story:[a-z0-9-]+")
"""Contexts that Rung makes of ids and words of its own: any other is what somebody wrote."""

Position = tuple[float, int, str, str, str]
"""Where an event stands in canonical order."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an event that was sent."""

    id: EventId
    is_new: bool
    """False where it was stored before."""


@dataclass(frozen=True, slots=True)
class Change:
    """An event that came in, was changed, or was taken back."""

    id: EventId
    revision: int
    ladder: LadderId
    at: datetime
    """When that was stored."""
    event: Event | None
    """The event as it stands; None where it was taken back."""


def position_of(event: Event) -> Position:
    """Where an event stands in canonical order; ids make it unique."""
    time, rank, domain, task, id = canonical_order(event)[:5]
    return (float(str(time)), int(str(rank)), str(domain), str(task), str(id))


def events_after(
    services: Services,
    actor: Actor,
    after: Position | None,
    count: int,
    ladder: LadderId | None = None,
    since: datetime | None = None,
    kinds: Collection[str] = (),
) -> list[Event]:
    """The next events of the log as read that the program may see: of a ladder, since a moment, of kinds."""
    with services.store.reading() as tx:
        found = _after(tx, actor, Action.READ_EVIDENCE, after, ladder, since)
    wanted = [_shown(actor, event) for event in found if not kinds or event.kind in kinds]
    return wanted[:count]


def changes_after(
    services: Services,
    actor: Actor,
    after: tuple[EventId, int] | None,
    count: int,
    ladder: LadderId | None = None,
) -> list[Change]:
    """The next changes of the log that the program may see, in the order in which they came.

    Each event is there once, as it stands, in the place of its last change.
    """
    person = person_within(actor, Action.READ_EVIDENCE)
    with services.store.reading() as tx:
        ladders = tx.ladders.of(person)
        if ladder is not None:
            person_for(actor, Action.READ_EVIDENCE, ladder)
            ladders = [permitted(person, Action.READ_EVIDENCE, tx.ladders.get(person, ladder), "ladder")]
        domains = [one.id for one in ladders_within(actor, Action.READ_EVIDENCE, ladders)]
        found = tx.evidence.changes(person, domains, after, count)
    if found is None:
        raise InvalidInput(_("This is no cursor of this list: begin with the first page"))
    return [
        Change(
            EventId(entry.event.id),
            entry.revision,
            LadderId(entry.event.domain),
            entry.recorded_at,
            None if entry.withdrawn else _shown(actor, entry.event),
        )
        for entry in found
    ]


def event_of(services: Services, actor: Actor, event_id: EventId) -> Event:
    """One event that stands."""
    person = person_within(actor, Action.READ_EVIDENCE)
    with services.store.reading() as tx:
        return _shown(actor, _standing(tx, actor, person, event_id, Action.READ_EVIDENCE).event)


def texts_of(services: Services, actor: Actor, event_id: EventId) -> tuple[Event, Mapping[str, str]]:
    """An event, and what was written about it, by field."""
    person = person_within(actor, Action.READ_TEXTS)
    with services.store.reading() as tx:
        event = _standing(tx, actor, person, event_id, Action.READ_TEXTS).event
        return event, tx.evidence.texts(person, [event_id]).get(event_id, {})


def texts_after(
    services: Services,
    actor: Actor,
    after: Position | None,
    count: int,
    ladder: LadderId | None = None,
    since: datetime | None = None,
) -> list[tuple[Event, Mapping[str, str]]]:
    """The next events about which something was written, with what that is."""
    with services.store.reading() as tx:
        found = _after(tx, actor, Action.READ_TEXTS, after, ladder, since)
        written = tx.evidence.texts(actor.person)
    about = [event for event in found if event.id in written]
    return [(event, written[EventId(event.id)]) for event in about[:count]]


def withdraw(services: Services, actor: Actor, event_id: EventId) -> None:
    """Take an event back; nothing is deleted, and taking it back twice is taking it back once."""
    person = person_within(actor, Action.CHANGE_EVIDENCE)
    with services.store.reading() as tx:
        entries = tx.evidence.revisions(person, [event_id]).get(event_id)
    if entries is None or not _may(actor, Action.CHANGE_EVIDENCE, person, entries[-1].event):
        raise NotFound(_("There is no such event"))
    take_back(services, person, event_id)


def append(services: Services, actor: Actor, events: Sequence[Event]) -> list[Appended]:
    """Append events by the ids that the program made; those that are stored already must be the same.

    The person and the step's difficulty are filled in. What is logged of a step fulfils its plans.
    """
    person = person_within(actor, Action.RECORD)
    if not 0 < len(events) <= MOST_EVENTS:
        raise InvalidInput(_("Send 1 to %(most)s events at once", most=MOST_EVENTS))
    latest = services.clock.now() + SKEW
    with services.store.writing(person) as tx:
        ladders = {ladder.id: ladder for ladder in tx.ladders.of(person)}
        whole = [
            _completed(actor, number, event, ladders, latest) for number, event in enumerate(events, start=1)
        ]
        told = _append_once(services, tx, person, whole)
        for event in (event for event, one in zip(whole, told, strict=True) if one.is_new):
            _fulfil(tx, person, event)
    return told


def _append_once(
    services: Services, tx: Transaction, person: PersonId, events: Sequence[Event]
) -> list[Appended]:
    if len({event.id for event in events}) < len(events):
        raise InvalidInput(_("Two of the events have one id: give each its own"))
    stored = tx.evidence.revisions(person, [event.id for event in events])
    now = services.clock.now()
    for event in events:
        before = stored.get(event.id)
        if before and before[0].event._replace(difficulty=None) != event._replace(difficulty=None):
            raise Conflict(_("The id %(id)s stands for something else already", id=event.id))
    new = [Entry(event, recorded_at=now) for event in events if event.id not in stored]
    if new:
        append_entries(services, tx, person, new)
    return [Appended(EventId(event.id), event.id not in stored) for event in events]


def _completed(
    actor: Actor, number: int, event: Event, ladders: Mapping[LadderId, Ladder], latest: datetime
) -> Event:
    """The event as it is stored; refused with its number where something is wrong with it."""
    try:
        person_for(actor, Action.RECORD, LadderId(event.domain))
        ladder = permitted(actor.person, Action.RECORD, ladders.get(LadderId(event.domain)), "ladder")
        step = ladder.step(StepId(event.task)) if event.task else None
        if step is None and (event.task or event.kind in _OF_A_STEP):
            raise NotFound(_("There is no such step"))
        event = event._replace(
            person=ladder.person,
            id=checked_id(event.id, _("The event's id")),
            difficulty=None if step is None else step.difficulty,
            context=checked_name(event.context, _("The context")) if event.context else "",
        )
        check_event(event)
        if event.time > latest.timestamp():
            raise InvalidInput(_("The time lies in the future"))
    except InvalidInput as error:
        raise InvalidInput(_("Event %(number)s: %(fault)s", number=number, fault=str(error))) from None
    return event


def _fulfil(tx: Transaction, person: PersonId, event: Event) -> None:
    """What was tried or avoided fulfils the plan that was made for it."""
    if event.kind == "attempt" or (event.kind == "choice" and event.value == 0.0):
        due = due_by(tx, person, LadderId(event.domain), StepId(event.task), moment_in(event))
        close(tx, due, EventId(event.id))


def _after(
    tx: Transaction,
    actor: Actor,
    action: Action,
    after: Position | None,
    ladder: LadderId | None,
    since: datetime | None,
) -> Iterable[Event]:
    person = person_within(actor, action)
    if ladder is not None:
        person = person_for(actor, action, ladder)
        permitted(person, action, tx.ladders.get(person, ladder), "ladder")
    moments = [*([since.timestamp()] if since else []), *([after[0]] if after else [])]
    entries = tx.evidence.log(person, ladder, max(moments, default=None))
    found = (entry.event for entry in entries)
    may_see: defaultdict[str, bool] = defaultdict(bool)
    for domain in {entry.event.domain for entry in entries}:
        may_see[domain] = may(actor, action, Part(person, LadderId(domain)))
    return (
        event for event in found if may_see[event.domain] and (after is None or position_of(event) > after)
    )


def _standing(tx: Transaction, actor: Actor, person: PersonId, event_id: EventId, action: Action) -> Entry:
    entry = standing_entry(tx, person, event_id, action)
    if not _may(actor, action, person, entry.event):
        raise NotFound(_("There is no such event"))
    return entry


def _may(actor: Actor, action: Action, person: PersonId, event: Event) -> bool:
    return may(actor, action, Part(person, LadderId(event.domain)))


def _shown(actor: Actor, event: Event) -> Event:
    """The event without what somebody wrote, for a program that may not read texts."""
    if has_scope(actor, Action.READ_TEXTS) or _IN_CODE.fullmatch(event.context):
        return event
    return event._replace(context="")
