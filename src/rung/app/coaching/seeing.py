"""What a coach, or their supervisor, sees of a ladder: made here of what the person consented to.

A page gets nothing else, so that no template can tell more. Every look is noted before anything is returned.
The person's preview is the very same object, and is no look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rung.app.beliefs import believer
from rung.app.coaching.flags import Flag, flags_of
from rung.app.coaching.knowing import known_of
from rung.app.deeds import TRIES, Deed, deed_in, moment_in, tasks_of
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, Actor, Role, permitted
from rung.app.ports import Bond, Entry, Plan, Services, Transaction
from rung.app.sharing.actors import actor_of, grant_for, grants_of
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sharing.looks import note_look
from rung.app.sheets import Sheet, sheet
from rung.app.sheets.shown import shown as veiled
from rung.engine import Estimate, Person, Recommendation, Task
from rung.errors import NotFound
from rung.words import _

__all__ = [
    "BOTH",
    "MOST_TRIES",
    "SharedLadder",
    "SharedPlan",
    "SharedStep",
    "SharedTry",
    "bond_of_reader",
    "preview",
    "reader_named",
    "sheet_for",
    "shown",
]

MOST_TRIES = 40
"""What was done that is shown one by one, newest first."""
BOTH = frozenset({Field.JUDGEMENTS, Field.OUTCOMES})
"""What the next step is proposed from."""

_NUMBERS: Mapping[Field, tuple[str, ...]] = {
    Field.ATTRIBUTIONS: ("aid", "effort", "internal", "stable", "controllable"),
    Field.FEARS: ("arousal", "appraisal", "feared", "happened"),
}
_ANSWERS = ("cause", "circumstances")
_WORDS = ("what_helped", "what_next")


@dataclass(frozen=True, slots=True)
class SharedStep:
    """One step of the ladder; None stands for what is not shown, or not known."""

    step: Step
    judged: float | None = None
    judged_at: datetime | None = None
    belief: Estimate | None = None
    """How sure the person is, as far as what is shown tells."""
    feared: float | None = None
    """What was feared there last."""
    dids: tuple[Did, ...] | None = None
    """What became of it, oldest first."""
    chance: Estimate | None = None
    """That an attempt works, as far as what is shown tells; with outcomes alone."""

    @property
    def tried(self) -> int | None:
        """How often it was tried."""
        return None if self.dids is None else sum(did in TRIES for did in self.dids)

    @property
    def worked(self) -> int | None:
        """How often it worked as a whole."""
        return None if self.dids is None else self.dids.count(Did.DONE)

    @property
    def avoided(self) -> int | None:
        """How often it was let pass."""
        return None if self.dids is None else self.dids.count(Did.AVOIDED)


@dataclass(frozen=True, slots=True)
class SharedTry:
    """Something that was done, or let pass, with what is shown of it."""

    event_id: EventId
    step: StepId
    at: datetime
    did: Did | None
    """None where outcomes are not shown."""
    numbers: Mapping[str, float]
    """Columns of the log that are shown and known."""
    answers: Mapping[str, str]
    """Ids of answers: what made it so, and under which circumstances."""
    words: Mapping[str, str]
    """What was written about it, by field."""


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """What is planned for a step; its words only where texts are shown."""

    step: StepId
    at: datetime | None
    where: str = ""
    if_text: str = ""
    then_text: str = ""


@dataclass(frozen=True, slots=True)
class SharedLadder:
    """A ladder as somebody else sees it."""

    person: PersonId
    name: str
    """Of the person."""
    ladder: LadderId
    title: str
    template: str
    is_archived: bool
    fields: frozenset[Field]
    steps: tuple[SharedStep, ...]
    """Those being climbed, easiest first."""
    retired: tuple[Step, ...]
    """To name the steps of earlier tries."""
    tries: tuple[SharedTry, ...]
    """Newest first."""
    plans: tuple[SharedPlan, ...]
    proposal: Recommendation | None
    """The next step, where judgements and outcomes are both shown; its tasks carry the steps' ids."""
    wanted: float
    flags: tuple[Flag, ...]
    at: datetime

    def shows(self, field: Field) -> bool:
        """Whether a field is shown."""
        return field in self.fields

    def step(self, step_id: str) -> Step | None:
        """The step of this id, retired or not."""
        known = (*(one.step for one in self.steps), *self.retired)
        return next((step for step in known if step.id == step_id), None)

    def standing(self, task: Task | None) -> SharedStep | None:
        """The step that a task of the recommendation stands for."""
        return next((one for one in self.steps if task is not None and one.step.id == task.name), None)


def shown(
    services: Services,
    reader: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    note: bool = True,
    view: str = "ladder",
) -> SharedLadder:
    """What the reader sees of a person's ladder now; `NotFound` where they see nothing of it."""
    with services.store.reading() as tx:
        actor = actor_of(services, tx, reader)
        fields = grant_for(actor, person, ladder_id)
        found = _shared(services, tx, person, ladder_id, fields)
        named = _named(tx, reader, _role_in(actor, person, ladder_id))
    if note:
        note_look(services, person, named, view, ladder_id, fields)
    return found


def sheet_for(
    services: Services,
    reader: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sheet:
    """The session sheet of what the reader sees of a person's ladder; the look is noted first."""
    with services.store.reading() as tx:
        actor = actor_of(services, tx, reader)
        fields = grant_for(actor, person, ladder_id)
        named = _named(tx, reader, _role_in(actor, person, ladder_id))
    note_look(services, person, named, "sheet", ladder_id, fields)
    return sheet(services, actor, person, ladder_id, since, until)


def preview(services: Services, actor: PersonId, bond_id: str, ladder_id: LadderId) -> SharedLadder:
    """What somebody whom the actor let in sees of a ladder now: the same object, and no look."""
    with services.store.reading() as tx:
        bond = next((one for one in tx.bonds.of(actor) if one.id == bond_id), None)
        bond = permitted(actor, Action.SHARE, bond, "page")
        other = Actor(bond.other, tuple(grants_of([bond], services.clock.now())))
        fields = grant_for(other, actor, ladder_id)
        return _shared(services, tx, actor, ladder_id, fields)


def bond_of_reader(tx: Transaction, reader: PersonId, bond_id: str) -> tuple[Bond, Role]:
    """A bond by which the reader sees somebody, as their coach or along with the coach."""
    held = [(bond, Role.COACH) for bond in tx.bonds.held_by(reader, (Role.COACH,))]
    along = [(bond, Role.SUPERVISOR) for bond in tx.bonds.supervised_by(reader)]
    for bond, role in (*held, *along):
        if bond.id == bond_id:
            return bond, role
    raise NotFound(_("There is no such page"))


def reader_named(name: str, role: Role) -> str:
    """How a reader is named in the list of looks: their name, and what they are to the person."""
    return f"{name} ({role.value})"


def _named(tx: Transaction, reader: PersonId, role: Role) -> str:
    account = tx.people.get(reader)
    return reader_named(account.name if account else "", role)


def _role_in(actor: Actor, person: PersonId, ladder_id: LadderId) -> Role:
    """As what the reader sees it: as a coach, where they are both."""
    roles = {grant.role for grant in actor.grants if (grant.person, grant.ladder) == (person, ladder_id)}
    return Role.COACH if Role.COACH in roles else Role.SUPERVISOR


def _shared(
    services: Services, tx: Transaction, person: PersonId, ladder_id: LadderId, fields: frozenset[Field]
) -> SharedLadder:
    ladder, account = tx.ladders.get(person, ladder_id), tx.people.get(person)
    if ladder is None or account is None:
        raise NotFound(_("There is no such ladder"))
    engine, now = services.engine, services.clock.now()
    entries = tx.evidence.log(person, ladder_id)
    seen = veiled(entries, fields)
    own = believer(services, tx, person) if fields >= ALL_FIELDS else None
    known = known_of(engine, own, seen)
    planned = tx.plans.of(person, ("planned",)) if Field.OUTCOMES in fields else []
    tasks = tasks_of(ladder)
    has_next = fields >= BOTH and bool(tasks.tasks)
    return SharedLadder(
        person=person,
        name=account.name,
        ladder=ladder.id,
        title=ladder.name,
        template=ladder.template,
        is_archived=ladder.archived_at is not None,
        fields=fields,
        steps=tuple(_steps(services, ladder, known, entries, fields)),
        retired=tuple(step for step in ladder.steps if step.retired_at is not None),
        tries=tuple(_tries(tx, ladder, entries, fields)),
        plans=tuple(_plan(plan, fields) for plan in planned if plan.ladder == ladder.id),
        proposal=engine.next_step(known, tasks, ladder.wanted_chance, now.timestamp()) if has_next else None,
        wanted=ladder.wanted_chance,
        flags=flags_of(engine, ladder, fields, lambda: known, seen, now),
        at=now,
    )


def _steps(
    services: Services, ladder: Ladder, known: Person, entries: Sequence[Entry], fields: frozenset[Field]
) -> Iterator[SharedStep]:
    engine, at = services.engine, services.clock.now().timestamp()
    has_judged, has_done = Field.JUDGEMENTS in fields, Field.OUTCOMES in fields
    events = [entry.event for entry in entries]
    judged = {event.task: event for event in events if event.kind == "judgement"} if has_judged else {}
    feared = {event.task: event.feared for event in events if event.feared is not None}
    deeds = [deed for entry in entries if (deed := deed_in(entry))] if has_done else []
    for step, task in zip(ladder.climbing, tasks_of(ladder).tasks, strict=True):
        last = judged.get(step.id)
        yield SharedStep(
            step=step,
            judged=last.value if last else None,
            judged_at=moment_in(last) if last else None,
            belief=engine.efficacy(known, task, at) if has_judged else None,
            feared=feared.get(step.id) if Field.FEARS in fields else None,
            dids=tuple(deed.did for deed in deeds if deed.step == step.id) if has_done else None,
            chance=engine.chance_of_success(known, task, at) if has_done else None,
        )


def _tries(
    tx: Transaction, ladder: Ladder, entries: Sequence[Entry], fields: frozenset[Field]
) -> Iterator[SharedTry]:
    """What was done, newest first, each with what is shown of it; without anything it is left out."""
    found = [(entry, deed) for entry in entries if (deed := deed_in(entry)) and deed.did is not Did.SKIPPED]
    found = found[: -MOST_TRIES - 1 : -1]
    needed = fields & {Field.TEXTS, Field.ATTRIBUTIONS}
    written = tx.evidence.texts(ladder.person, [deed.event_id for _entry, deed in found]) if needed else {}
    for entry, deed in found:
        one = _try(entry, deed, written.get(deed.event_id, {}), fields)
        if one.did is not None or one.numbers or one.answers or one.words:
            yield one


def _try(entry: Entry, deed: Deed, written: Mapping[str, str], fields: frozenset[Field]) -> SharedTry:
    numbers = {
        column: value
        for field, columns in _NUMBERS.items()
        for column in columns
        if field in fields and (value := getattr(entry.event, column)) is not None
    }
    # The answers tell whether it worked, and words of a fear are both.
    has_answers = fields >= {Field.ATTRIBUTIONS, Field.OUTCOMES}
    names = [
        *(_WORDS if Field.TEXTS in fields else ()),
        *(("what_feared",) if fields >= {Field.TEXTS, Field.FEARS} else ()),
    ]
    return SharedTry(
        event_id=deed.event_id,
        step=deed.step,
        at=deed.at,
        did=deed.did if Field.OUTCOMES in fields else None,
        numbers=numbers,
        answers={name: written[name] for name in _ANSWERS if has_answers and name in written},
        words={name: written[name] for name in names if name in written},
    )


def _plan(plan: Plan, fields: frozenset[Field]) -> SharedPlan:
    if Field.TEXTS not in fields:
        return SharedPlan(plan.step, plan.at)
    return SharedPlan(plan.step, plan.at, plan.where, plan.if_text, plan.then_text)
