"""The evidence log of one person: judgements, attempts, avoidance, reflections, and taking things back.

The log only grows. A reflection or an undo appends a new revision of the same event id; the log as read
is the latest revision of each id that is not withdrawn. The same thing sent twice is stored once.
In the app an event's `domain` is the ladder's id and its `task` the step's, so that the log holds no
free text; what a person writes is kept beside it, sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from rung.app.beliefs import append_entries
from rung.app.climbing.plans import close, due_by, reopen
from rung.app.model import (
    CIRCUMSTANCES,
    REFLECTION_TEXTS,
    SKIPPED,
    VARIED,
    VARY,
    Did,
    EventId,
    Ladder,
    LadderId,
    PersonId,
    Reflection,
    Step,
    StepId,
)
from rung.app.policies import Action, permitted
from rung.app.ports import Entry, Services, Transaction
from rung.app.sent import Sent, is_stored, stamped
from rung.app.wording import checked_id, checked_text
from rung.engine.events import Event, check_event
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = [
    "SKEW",
    "WAITING_DAYS",
    "is_taken_back",
    "judge",
    "log_of",
    "put_back",
    "record",
    "reflect",
    "standing_entry",
    "take_back",
    "texts_of",
    "waiting",
]

WAITING_DAYS = 14
"""How long an attempt waits for its reflection before it is left in peace."""

SKEW = timedelta(days=1)
"""How far a client's clock may be ahead of the server's."""

_OUTCOME = {Did.DONE: 1.0, Did.PARTLY: 0.5, Did.TRIED: 0.0}

_NUMBERS = (
    "aid",
    "effort",
    "internal",
    "stable",
    "controllable",
    "arousal",
    "appraisal",
    "feared",
    "happened",
)


def judge(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    ratings: Mapping[StepId, int],
    feared: Mapping[StepId, int] | None = None,
    event_id: str | None = None,
    at: datetime | None = None,
    resources: str = "",
) -> list[EventId]:
    """Store how sure the person is of each step as of now, 0 to 100, and what they fear there, 0 to 100.

    `event_id` names the judgement as a whole: sent again with the same content it is stored once. `resources`
    is what they have to manage it with, in their words: it is kept with the first of the events.
    """
    feared = feared or {}
    if not ratings:
        raise InvalidInput(_("There is no rating: give one for at least one step"))
    if set(feared) - set(ratings):
        raise InvalidInput(_("A step has a feared outcome but no rating: give both, or the rating alone"))
    resources = checked_text(resources, _("What you have to manage it with"))
    whole = UUID(_given_or_new(event_id))
    moment = _moment(services, at)
    with services.store.writing(actor) as tx:
        ladder = _ladder(tx, actor, Action.RECORD, ladder_id)
        events = [
            _event(ladder, _step(ladder, step_id), moment, "judgement", uuid5(whole, step_id))._replace(
                value=_percent(rating, "rating"),
                feared=_percent(feared[step_id], "feared outcome") if step_id in feared else None,
            )
            for step_id, rating in ratings.items()
        ]
        _append_once(services, tx, actor, events, is_timed=at is not None)
        if resources:
            tx.evidence.put_texts(actor, EventId(events[0].id), {"resources": resources})
    return [EventId(event.id) for event in events]


def record(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    step_id: StepId,
    did: Did,
    event_id: str | None = None,
    at: datetime | None = None,
    varied: str | None = None,
) -> EventId:
    """Store what became of a step, and return the id to reflect on it or take it back by.

    Done, partly and tried are an approach and an attempt of one moment; avoided is a choice without an
    attempt; skipped is a note: neither success, nor failure, nor avoidance. All but the last fulfil the plan
    that was made for it. `varied` is what was different this time, of `VARIED`; None = as the plan says.
    """
    if varied not in (None, "", *VARIED):
        raise InvalidInput(_("Rung knows another place, other people, another time: choose one of these"))
    deed = UUID(_given_or_new(event_id))
    moment = _moment(services, at)
    with services.store.writing(actor) as tx:
        ladder = _ladder(tx, actor, Action.RECORD, ladder_id)
        step = _step(ladder, step_id)
        fulfilled = [] if did is Did.SKIPPED else due_by(tx, actor, ladder.id, step.id, moment)
        planned = next((plan.vary for plan in fulfilled if plan.vary), "")
        events = _deed(ladder, step, moment, did, deed, planned if varied is None else varied)
        if _append_once(services, tx, actor, events, at is not None, is_told=varied is not None):
            close(tx, fulfilled, EventId(str(deed)))
    return EventId(str(deed))


def reflect(
    services: Services,
    actor: PersonId,
    event_id: EventId,
    reflection: Reflection,
    sent: Sent | None = None,
) -> None:
    """Store what the person makes of an attempt: it replaces what they made of it before.

    Of a step avoided or skipped there is no outcome to explain: it takes the texts alone.
    What a device `sent` is stored once, and is a `Conflict` where something written later stands.
    """
    numbers = {name: getattr(reflection, name) for name in _NUMBERS}
    if set(reflection.circumstances.split()) - set(CIRCUMSTANCES):
        raise InvalidInput(_("Rung knows no such circumstance: choose one of those shown"))
    texts = {field: checked_text(getattr(reflection, field), _("The text")) for field in REFLECTION_TEXTS}
    with services.store.writing(actor) as tx:
        entry = standing_entry(tx, actor, event_id)
        key = entry.event.id
        if sent and is_stored(tx.evidence.revisions(actor, [key])[key], sent):
            return
        entry = stamped(entry, sent)
        if entry.event.kind == "attempt":
            entry = replace(entry, event=_passing(entry.event._replace(**numbers), reflection))
            check_event(entry.event)
        elif any(number is not None for number in numbers.values()):
            raise InvalidInput(_("Only an attempt can be explained: of this event, keep the text alone"))
        _append_changed(services, tx, actor, [replace(entry, reflected=True)])
        tx.evidence.put_texts(actor, EventId(entry.event.id), texts)


def _passing(event: Event, reflection: Reflection) -> Event:
    """A failure on a rough day has a passing cause, unless the person says otherwise (assumption)."""
    is_rough = "rough" in reflection.circumstances.split() and event.value == 0.0
    return event._replace(stable=0.0) if is_rough and event.stable is None else event


def take_back(services: Services, actor: PersonId, event_id: EventId) -> None:
    """Withdraw an event, and the approach that was stored with it; nothing is deleted."""
    _set_withdrawn(services, actor, event_id, True)


def put_back(services: Services, actor: PersonId, event_id: EventId) -> None:
    """Let an event that was taken back count again."""
    _set_withdrawn(services, actor, event_id, False)


def is_taken_back(services: Services, actor: PersonId, event_id: EventId) -> bool:
    """True where the event is there, and does not count: what is taken back stays so when sent again."""
    key = _key(event_id)
    with services.store.reading() as tx:
        stored = tx.evidence.revisions(actor, [key]).get(key)
        return permitted(actor, Action.READ_EVIDENCE, stored[-1] if stored else None, "event").withdrawn


def log_of(services: Services, actor: PersonId, ladder_id: LadderId | None = None) -> list[Event]:
    """The actor's log as read, in canonical order; of one ladder, or of all."""
    with services.store.reading() as tx:
        if ladder_id is not None:
            _ladder(tx, actor, Action.READ_EVIDENCE, ladder_id)
        return [entry.event for entry in tx.evidence.log(actor, ladder_id)]


def waiting(services: Services, actor: PersonId) -> list[Event]:
    """Attempts of the last 14 days that the person has not reflected on yet, oldest first."""
    since = (services.clock.now() - timedelta(days=WAITING_DAYS)).timestamp()
    with services.store.reading() as tx:
        entries = tx.evidence.log(actor, since=since)
    return [entry.event for entry in entries if entry.event.kind == "attempt" and not entry.reflected]


def texts_of(services: Services, actor: PersonId, event_id: EventId) -> dict[str, str]:
    """What the actor wrote about an event, by field; fields left empty are not there."""
    key = _key(event_id)
    with services.store.reading() as tx:
        standing_entry(tx, actor, key, Action.READ_EVIDENCE)
        return tx.evidence.texts(actor, [key]).get(key, {})


def _deed(
    ladder: Ladder, step: Step, moment: datetime, did: Did, deed: UUID, varied: str = ""
) -> list[Event]:
    if did is Did.SKIPPED:
        return [_event(ladder, step, moment, "note", deed)._replace(context=SKIPPED)]
    if did is Did.AVOIDED:
        return [_event(ladder, step, moment, "choice", deed)._replace(value=0.0)]
    approach = _event(ladder, step, moment, "choice", _approach_of(deed))._replace(value=1.0)
    outcome = _OUTCOME[did]
    # The person saw the outcome themselves: feedback equals value.
    attempt = _event(ladder, step, moment, "attempt", deed)._replace(value=outcome, feedback=outcome)
    if varied:
        attempt = attempt._replace(context=VARY + varied)
    return [approach, attempt]


def _event(ladder: Ladder, step: Step, moment: datetime, kind: str, event_id: UUID) -> Event:
    return Event(
        person=ladder.person,
        domain=ladder.id,
        task=step.id,
        time=moment.timestamp(),
        kind=kind,
        difficulty=step.difficulty,
        id=str(event_id),
    )


def _approach_of(deed: UUID) -> UUID:
    """The id of the approach that is stored with an attempt."""
    return uuid5(deed, "approach")


def _append_once(
    services: Services,
    tx: Transaction,
    actor: PersonId,
    events: Sequence[Event],
    is_timed: bool,
    is_told: bool = True,
) -> bool:
    """Append those events that are not stored yet; True where there was one. The others must be the same."""
    stored = tx.evidence.revisions(actor, [event.id for event in events])
    now = services.clock.now()
    new: list[Entry] = []
    for event in events:
        check_event(event)
        if event.id not in stored:
            new.append(Entry(event, recorded_at=now))
        elif not _is_resent(stored[event.id][0].event, event, is_timed, is_told):
            raise Conflict(_("This id stands for something else already: send new evidence under a new id"))
    if new:
        append_entries(services, tx, actor, new)
    return bool(new)


def _is_resent(stored: Event, event: Event, is_timed: bool, is_told: bool) -> bool:
    # What the server fills in (the step's difficulty, and the time and what was varied where it was not told)
    # is no part of what was sent.
    time = event.time if is_timed else stored.time
    context = event.context if is_told else stored.context
    return stored == event._replace(difficulty=stored.difficulty, time=time, context=context)


def _append_changed(services: Services, tx: Transaction, actor: PersonId, entries: Sequence[Entry]) -> None:
    """Append the next revision of each entry that differs from the one that stands."""
    stored = tx.evidence.revisions(actor, [entry.event.id for entry in entries])
    changed = [entry for entry in entries if entry != stored[entry.event.id][-1]]
    now = services.clock.now()
    if changed:
        append_entries(
            services,
            tx,
            actor,
            [replace(entry, revision=entry.revision + 1, recorded_at=now) for entry in changed],
        )


def _set_withdrawn(services: Services, actor: PersonId, event_id: EventId, withdrawn: bool) -> None:
    key = _key(event_id)
    with services.store.writing(actor) as tx:
        stored = tx.evidence.revisions(actor, [key, str(_approach_of(UUID(key)))])
        entry = stored[key][-1] if key in stored else None
        permitted(actor, Action.CHANGE_EVIDENCE, entry, "event")
        changed = [replace(revisions[-1], withdrawn=withdrawn) for revisions in stored.values()]
        _append_changed(services, tx, actor, changed)
        reopen(tx, actor, key, withdrawn)


def standing_entry(
    tx: Transaction, actor: PersonId, event_id: str, action: Action = Action.CHANGE_EVIDENCE
) -> Entry:
    """The revision of an event that stands; `NotFound` where there is none, or it was taken back."""
    key = _key(event_id)
    revisions = tx.evidence.revisions(actor, [key]).get(key)
    entry = permitted(actor, action, revisions[-1] if revisions else None, "event")
    if entry.withdrawn:
        raise NotFound("There is no such event")
    return entry


def _key(event_id: str) -> EventId:
    try:
        return EventId(checked_id(event_id, "The event's id"))
    except InvalidInput:
        raise NotFound("There is no such event") from None


def _ladder(tx: Transaction, actor: PersonId, action: Action, ladder_id: LadderId) -> Ladder:
    return permitted(actor, action, tx.ladders.get(actor, ladder_id), "ladder")


def _step(ladder: Ladder, step_id: StepId) -> Step:
    step = ladder.step(step_id)
    if step is None:
        raise NotFound("There is no such step")
    return step


def _percent(number: int, what: str) -> float:
    if not 0 <= number <= 100:
        raise InvalidInput(f"The {what} is {number}: it must be between 0 and 100")
    return number / 100


def _given_or_new(event_id: str | None) -> str:
    return str(uuid4()) if event_id is None else checked_id(event_id, "The event's id")


def _moment(services: Services, at: datetime | None) -> datetime:
    now = services.clock.now()
    if at is None:
        return now
    if at.tzinfo is None:
        raise InvalidInput(_("The time has no time zone: send it in UTC"))
    if at > now + SKEW:
        raise InvalidInput(
            _("The time lies in the future: correct the clock of this device, and send it again")
        )
    return at
