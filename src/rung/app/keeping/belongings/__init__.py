"""Everything of a person as plain files: the parts of an export, and reading them back with every check.

manifest.json      format and versions, whose it is and when it was made
log.csv            the log as read, in the open evidence-log format; domain and task are ids
ladders.json       ladders and steps by id: names, difficulties, conditions, what is archived or retired
entries.json       what the app keeps beside an event: when it came, texts, unknown columns
plans.json         plans of every state
reminders.json     of what to remind, and by which rule
preferences.json   language, time zone, quiet hours, pause, e-mail address
esteem.json        notes on self-esteem
scalings.json      scaled goals of ladders, with what was noted of them
meetings.json      when sessions about ladders were
sharing.json       who was let in, who looked, what others left: to be read, and no part of what comes back

Plans, reminders, preferences and self-esteem came with version 2, scalings, meetings and sharing with version
3. How somebody signs in is no part of it, and neither is what other people or other servers have: sessions,
browsers, addresses of calendars, messages that were sent, who let this person in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rung.app.accounts.preferences import Preferences
from rung.app.keeping.belongings.climbs import ladder_from_json, ladder_to_json
from rung.app.keeping.belongings.decisions import (
    note_from_json,
    note_to_json,
    preferences_from_json,
    preferences_to_json,
)
from rung.app.keeping.belongings.entries import checked_extra, entry_to_json, joined
from rung.app.keeping.belongings.intentions import (
    plan_from_json,
    plan_to_json,
    reminder_from_json,
    reminder_to_json,
)
from rung.app.keeping.belongings.sharing import Shared, shared_in, shared_to_json
from rung.app.keeping.belongings.sheets import (
    meeting_from_json,
    meeting_to_json,
    scaling_from_json,
    scaling_to_json,
)
from rung.app.keeping.belongings.values import MOST_BRACKETS, from_json, once, reading, to_json
from rung.app.keeping.log_bytes import log_from_bytes, log_to_bytes
from rung.app.model import EventId, Ladder, LadderId, PersonId, StepId
from rung.app.ports import Entry, EsteemNote, Meeting, Plan, Reminder, Scaling
from rung.engine.events import Event
from rung.errors import InvalidArchive, InvalidInput, InvalidLog
from rung.words import _

__all__ = [
    "MOST_BRACKETS",
    "PARTS",
    "Belongings",
    "checked_extra",
    "parts_of",
    "read_parts",
    "shared_in",
]

LADDERS, LOG, ENTRIES = "ladders.json", "log.csv", "entries.json"
PLANS, REMINDERS, PREFERENCES, ESTEEM = "plans.json", "reminders.json", "preferences.json", "esteem.json"
SCALINGS, MEETINGS, SHARING = "scalings.json", "meetings.json", "sharing.json"
_OF_2 = frozenset({LADDERS, LOG, ENTRIES, PLANS, REMINDERS, PREFERENCES, ESTEEM})
PARTS: Mapping[int, frozenset[str]] = {
    1: frozenset({LADDERS, LOG, ENTRIES}),
    2: _OF_2,
    3: _OF_2 | {SCALINGS, MEETINGS, SHARING},
}
"""The parts beside the manifest, by the version of the export."""

Texts = Mapping[EventId, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything that belongs to one person."""

    ladders: Sequence[Ladder]
    entries: Sequence[Entry]
    """The log as read."""
    texts: Texts
    plans: Sequence[Plan] = ()
    reminders: Sequence[Reminder] = ()
    preferences: Preferences = field(default_factory=Preferences)
    esteem: Sequence[EsteemNote] = ()
    scalings: Sequence[Scaling] = ()
    meetings: Sequence[Meeting] = ()
    shared: Shared = field(default_factory=Shared)
    """Written, and never read back."""


def parts_of(belongings: Belongings) -> dict[str, bytes]:
    """The parts of an export beside its manifest."""
    return {
        LADDERS: to_json([ladder_to_json(ladder) for ladder in belongings.ladders]),
        LOG: log_to_bytes([entry.event for entry in belongings.entries]),
        ENTRIES: to_json(
            {
                entry.event.id: entry_to_json(entry, belongings.texts.get(EventId(entry.event.id), {}))
                for entry in belongings.entries
            }
        ),
        PLANS: to_json([plan_to_json(plan) for plan in belongings.plans]),
        REMINDERS: to_json([reminder_to_json(reminder) for reminder in belongings.reminders]),
        PREFERENCES: to_json(preferences_to_json(belongings.preferences)),
        ESTEEM: to_json([note_to_json(note) for note in belongings.esteem]),
        SCALINGS: to_json([scaling_to_json(scaling) for scaling in belongings.scalings]),
        MEETINGS: to_json([meeting_to_json(meeting) for meeting in belongings.meetings]),
        SHARING: to_json(shared_to_json(belongings.shared)),
    }


def read_parts(parts: Mapping[str, bytes], person: PersonId) -> Belongings:
    """What `parts_of` made, now belonging to `person`; `InvalidArchive` says which part breaks which rule."""
    with reading(LADDERS):
        ladders = [ladder_from_json(item, person) for item in from_json(parts[LADDERS], list)]
        once(ladder.id for ladder in ladders)
    entries, texts = _read_log(parts, person)
    with reading(LOG):
        _check_places(ladders, [entry.event for entry in entries])
    with reading(PLANS):
        plans = [plan_from_json(item, person) for item in from_json(parts.get(PLANS, b"[]"), list)]
        once(plan.id for plan in plans)
        _check_plans(plans, ladders, entries)
    with reading(REMINDERS):
        known = {plan.id: plan for plan in plans}
        items = from_json(parts.get(REMINDERS, b"[]"), list)
        reminders = [reminder_from_json(item, person, known) for item in items]
        once(reminder.id for reminder in reminders)
        for reminder in reminders:
            _check_place(_steps(ladders), reminder.ladder, reminder.step)
    with reading(PREFERENCES):
        preferences = preferences_from_json(from_json(parts.get(PREFERENCES, b"{}"), dict))
    with reading(ESTEEM):
        notes = [note_from_json(item, person) for item in from_json(parts.get(ESTEEM, b"[]"), list)]
        once(note.at for note in notes)
    scalings, meetings = _read_sheets(parts, person, ladders)
    return Belongings(ladders, entries, texts, plans, reminders, preferences, notes, scalings, meetings)


def _read_sheets(
    parts: Mapping[str, bytes], person: PersonId, ladders: Iterable[Ladder]
) -> tuple[list[Scaling], list[Meeting]]:
    known = _steps(ladders)
    with reading(SCALINGS):
        scalings = [scaling_from_json(item, person) for item in from_json(parts.get(SCALINGS, b"[]"), list)]
        once(scaling.ladder for scaling in scalings)
        for scaling in scalings:
            _check_place(known, scaling.ladder, None)
    with reading(MEETINGS):
        meetings = [meeting_from_json(item, person) for item in from_json(parts.get(MEETINGS, b"[]"), list)]
        once(meetings)
        for meeting in meetings:
            _check_place(known, meeting.ladder, None)
    return scalings, meetings


def _read_log(parts: Mapping[str, bytes], person: PersonId) -> tuple[list[Entry], Texts]:
    try:
        events = list(log_from_bytes(parts[LOG], LOG).events())
    except InvalidLog as error:
        raise InvalidArchive(_("%(part)s is no log: %(fault)s", part=LOG, fault=error)) from error
    with reading(ENTRIES):
        return joined(events, from_json(parts[ENTRIES], dict), person)


def _check_places(ladders: Iterable[Ladder], events: Iterable[Event]) -> None:
    """Every event must belong to a ladder and a step of the export."""
    known = _steps(ladders)
    for event in events:
        for task in (event.task, event.versus):
            _check_place(known, event.domain, task)


def _check_plans(plans: Iterable[Plan], ladders: Iterable[Ladder], entries: Iterable[Entry]) -> None:
    """Every plan must belong to a step, and a plan that is done to something that was."""
    known, events = _steps(ladders), {entry.event.id for entry in entries}
    for plan in plans:
        _check_place(known, plan.ladder, plan.step)
        if plan.state == "done" and plan.done_by not in events:
            raise InvalidInput(_("The plan %(plan)s is done by nothing that the log holds", plan=plan.id))


def _steps(ladders: Iterable[Ladder]) -> dict[LadderId, set[StepId]]:
    return {ladder.id: {step.id for step in ladder.steps} for ladder in ladders}


def _check_place(known: Mapping[LadderId, set[StepId]], ladder: str, step: str | None) -> None:
    steps = known.get(LadderId(ladder))
    if steps is None:
        raise InvalidInput(
            _("It names the ladder %(ladder)s, which %(part)s lacks", ladder=repr(ladder[:50]), part=LADDERS)
        )
    if step and step not in steps:
        raise InvalidInput(
            _("It names the step %(step)s, which %(part)s lacks", step=repr(step[:50]), part=LADDERS)
        )
