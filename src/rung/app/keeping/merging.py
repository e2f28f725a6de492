"""What an import brings is merged into what is there: nothing is doubled, and what is known stays as it is.

Ids are kept. An event, a plan or a reminder whose id is known stays as it is here, a known ladder keeps its
names and gets the steps it lacks, a preference counts where nothing was decided here, and scaled goals where
the ladder has none. Reminders come back as they were switched, and count their moments anew from now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from rung.app.accounts.preferences import Preferences, preferences_in
from rung.app.beliefs import append_entries
from rung.app.climbing.changing import check_count, check_room_for_ladders
from rung.app.climbing.places import with_step_at_its_place
from rung.app.climbing.plans import MOST_PLANNED
from rung.app.keeping.belongings import Belongings
from rung.app.model import PLAN_STATES, EventId, Ladder, PersonId
from rung.app.ports import Entry, EsteemNote, Meeting, Plan, Reminder, Scaling, Services, Transaction
from rung.app.reminding.reminders import MOST_REMINDERS
from rung.app.reminding.scheduling import due_of, reschedule_all, rescheduled, zone_for
from rung.errors import InvalidArchive, InvalidInput, RefusedGoal
from rung.words import _

__all__ = ["Imported", "merge", "told_as_archive"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought."""

    ladders: int
    """New ladders."""
    events: int
    """New events."""
    known: int
    """Events that were here already."""
    plans: int = 0
    """New plans."""
    reminders: int = 0
    """New reminders."""
    notes: int = 0
    """New notes on self-esteem."""


def merge(services: Services, tx: Transaction, actor: PersonId, brought: Belongings) -> Imported:
    """Merge it in an open transaction, and say what came."""
    with told_as_archive():
        ladders = _put_ladders(tx, actor, brought.ladders)
    new = _put_entries(services, tx, actor, brought.entries)
    for event_id, written in brought.texts.items():
        if event_id in new:
            tx.evidence.put_texts(actor, event_id, written)
    _put_preferences(services, tx, actor, brought.preferences)
    _put_sheets(tx, actor, brought.scalings, brought.meetings)
    return Imported(
        ladders=ladders,
        events=len(new),
        known=len(brought.entries) - len(new),
        plans=_put_plans(tx, actor, brought.plans),
        reminders=_put_reminders(services, tx, actor, brought.reminders),
        notes=_put_notes(tx, actor, brought.esteem),
    )


@contextmanager
def told_as_archive() -> Iterator[None]:
    """Tell what breaks a rule of ladders as a fault of the file; a refused goal stays one."""
    try:
        yield
    except RefusedGoal:
        raise
    except InvalidInput as error:
        raise InvalidArchive(_("The file does not fit: %(fault)s", fault=error)) from error


def _put_ladders(tx: Transaction, actor: PersonId, brought: Iterable[Ladder]) -> int:
    known = {ladder.id: ladder for ladder in tx.ladders.of(actor)}
    new = 0
    for ladder in brought:
        stored = known.get(ladder.id)
        merged = ladder if stored is None else _with_missing_steps(stored, ladder)
        if merged != stored:
            tx.ladders.put(merged)
        new += stored is None
    check_room_for_ladders(tx.ladders.of(actor))
    return new


def _with_missing_steps(stored: Ladder, brought: Ladder) -> Ladder:
    for step in brought.steps:
        if stored.step(step.id) is None:
            stored = with_step_at_its_place(stored, step)
    check_count(stored)
    return stored


def _put_entries(
    services: Services, tx: Transaction, actor: PersonId, brought: Sequence[Entry]
) -> set[EventId]:
    stored = tx.evidence.revisions(actor, [entry.event.id for entry in brought])
    new = [entry for entry in brought if entry.event.id not in stored]
    if new:
        append_entries(services, tx, actor, [replace(entry, revision=1) for entry in new])
    return {EventId(entry.event.id) for entry in new}


def _put_preferences(services: Services, tx: Transaction, actor: PersonId, brought: Preferences) -> None:
    here = preferences_in(tx, actor)
    taken = {name: value for name in ("language", "zone", "email") if (value := getattr(brought, name))}
    merged = replace(here, **{name: value for name, value in taken.items() if not getattr(here, name)})
    if not here.quiet_from:
        merged = replace(merged, quiet_from=brought.quiet_from, quiet_to=brought.quiet_to)
    if not tx.preferences.get(actor):
        # Not to pause, and not to be asked, is a decision, too, once somebody has decided on anything.
        merged = replace(merged, paused_until=brought.paused_until, esteem=brought.esteem)
    if merged != here:
        tx.preferences.put(actor, asdict(merged))
    if merged.zone != here.zone:
        reschedule_all(tx, actor, merged.zone, services.clock.now())


def _put_plans(tx: Transaction, actor: PersonId, brought: Sequence[Plan]) -> int:
    known = {plan.id for plan in tx.plans.of(actor, PLAN_STATES)}
    new = [plan for plan in brought if plan.id not in known]
    done = tx.evidence.revisions(actor, [plan.done_by for plan in new if plan.done_by])
    for plan in new:
        revisions = done.get(plan.done_by)
        is_taken_back = plan.state == "done" and revisions is not None and revisions[-1].withdrawn
        tx.plans.put(replace(plan, state="planned") if is_taken_back else plan)
    if new and len(tx.plans.of(actor, ("planned",))) > MOST_PLANNED:
        raise InvalidArchive(
            _("You would have more than %(most)s plans at a time: let some go first", most=MOST_PLANNED)
        )
    return len(new)


def _put_reminders(services: Services, tx: Transaction, actor: PersonId, brought: Sequence[Reminder]) -> int:
    known = {reminder.id for reminder in tx.reminders.of(actor)}
    new = [reminder for reminder in brought if reminder.id not in known]
    if new and len(known) + len(new) > MOST_REMINDERS:
        raise InvalidArchive(
            _("You would have more than %(most)s reminders: delete some first", most=MOST_REMINDERS)
        )
    now, decided = services.clock.now(), preferences_in(tx, actor).zone
    for reminder in new:
        plan = tx.plans.get(actor, reminder.plan) if reminder.plan else None
        counted = rescheduled(reminder, plan, now, zone_for(decided, reminder))
        tx.reminders.put(replace(counted, due_at=due_of(counted, (), now)))
    return len(new)


def _put_notes(tx: Transaction, actor: PersonId, brought: Sequence[EsteemNote]) -> int:
    known = {note.at for note in tx.esteem.of(actor)}
    new = [note for note in brought if note.at not in known]
    for note in new:
        tx.esteem.add(note)
    return len(new)


def _put_sheets(
    tx: Transaction, actor: PersonId, scalings: Sequence[Scaling], meetings: Sequence[Meeting]
) -> None:
    scaled = {scaling.ladder for scaling in tx.scalings.of(actor)}
    for scaling in scalings:
        if scaling.ladder not in scaled:
            tx.scalings.put(scaling)
    known = set(tx.meetings.of(actor))
    for meeting in meetings:
        if meeting not in known:
            tx.meetings.add(meeting)
