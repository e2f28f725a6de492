"""The session sheet: one ladder between two sessions, on one page.

What was planned, done and let pass; how sure somebody is of each step and how often it worked; what was
feared and what happened; what they made of it; what is worth looking at, each with its reason; and whether
judgements moved by more than noise. All of it is derived from what the reader may see (`shown`), and from
nothing else. Seven queries make it, however long the log is. docs/sheet.md says how each number is made, and
how to read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rung.app.deeds import TRIES, deed_in, did_in, moment_in
from rung.app.history import Match, fears_in, matches_in
from rung.app.model import PLAN_STATES, Did, EventId, Ladder, LadderId, PersonId
from rung.app.outlook import StepOutlook, today_from
from rung.app.policies import Action, Actor, Part, permitted
from rung.app.ports import Entry, Plan, Scaling, Services
from rung.app.scaling import scores_of
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets.focus import Evidence, focus_of
from rung.app.sheets.lines import Focus, Goals, Moved, Sheet, StepLine, Told
from rung.app.sheets.meetings import begins_at
from rung.app.sheets.moving import moved, ratings_at
from rung.app.sheets.shown import fields_for, shown
from rung.engine import Engine, Event, Person, Task
from rung.engine.measures import LEVELS, Congruence, congruence
from rung.errors import InvalidInput, NotFound
from rung.words import _

__all__ = ["MOST_TOLD", "Focus", "Goals", "Moved", "Sheet", "StepLine", "Told", "sheet"]

MOST_TOLD = 100
"""Deeds of which it is read what was written about them: the newest."""

_WORDS = ("what_helped", "what_next")


@dataclass(frozen=True, slots=True)
class _AsOf:
    """A clock that stands at the end of the time on the sheet."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class _Read:
    """What the store holds of it, up to the end."""

    ladder: Ladder
    since: datetime
    entries: Sequence[Entry]
    texts: Mapping[EventId, Mapping[str, str]]
    """About the newest deeds of this time."""
    plans: Sequence[Plan]
    scaling: Scaling | None


def sheet(
    services: Services,
    actor: Actor | PersonId,
    person: PersonId,
    ladder_id: LadderId,
    since: datetime | None = None,
    until: datetime | None = None,
    fields: frozenset[Field] = ALL_FIELDS,
) -> Sheet:
    """The sheet of a person's ladder: those of these fields that the actor may see.

    Without `since` it begins at the last session that was kept, or four weeks before its end; without
    `until` it ends now.
    """
    now = services.clock.now()
    until = now if until is None else until
    fields = fields_for(actor, person, ladder_id, fields)
    read = _read(services, actor, Part(person, ladder_id), since, until, fields)
    made = Sheet(read.ladder, read.since, until, now, fields)
    seen = shown(read.entries, fields)
    if Field.OUTCOMES in fields:
        plans = tuple(plan for plan in read.plans if _is_for(plan, made))
        deeds = [deed for entry in seen if (deed := deed_in(entry)) and deed.at > made.since]
        made = replace(made, plans=plans, deeds=tuple(deeds), goals=_goals(read.scaling, made))
    if Field.FEARS in fields:
        made = replace(made, fears=tuple(fear for fear in fears_in(read.entries) if fear.at > made.since))
    if fields & {Field.ATTRIBUTIONS, Field.TEXTS}:
        made = replace(made, told=tuple(_told(read, made)))
    return _with_estimates(services, made, seen)


def _read(
    services: Services,
    actor: Actor | PersonId,
    part: Part,
    since: datetime | None,
    until: datetime,
    fields: frozenset[Field],
) -> _Read:
    person, ladder_id = part.person, part.ladder
    with services.store.reading() as tx:
        permitted(actor, Action.READ_LADDER, part, "ladder")
        ladder = tx.ladders.get(person, ladder_id)
        if ladder is None:
            raise NotFound("There is no such ladder")
        begin = begins_at(tx.meetings.of(person, ladder_id), until) if since is None else since
        if begin >= until:
            raise InvalidInput(_("The time ends before it begins: choose an earlier first day"))
        log = tx.evidence.log(person, ladder_id)
        entries = [entry for entry in log if moment_in(entry.event) <= until]
        deeds = [entry.event.id for entry in entries if _is_deed(entry, begin)][-MOST_TOLD:]
        has_texts = deeds and fields & {Field.ATTRIBUTIONS, Field.TEXTS}
        has_outcomes = Field.OUTCOMES in fields
        return _Read(
            ladder=ladder,
            since=begin,
            entries=entries,
            texts=tx.evidence.texts(person, deeds) if has_texts else {},
            plans=tx.plans.of(person, PLAN_STATES) if has_outcomes else (),
            scaling=tx.scalings.get(person, ladder_id) if has_outcomes else None,
        )


def _is_deed(entry: Entry, since: datetime) -> bool:
    return did_in(entry.event) is not None and moment_in(entry.event) > since


def _is_for(plan: Plan, made: Sheet) -> bool:
    """True for a plan of this ladder that was to be carried out in this time, or was made in it."""
    when = plan.at or plan.made_at
    return plan.ladder == made.ladder.id and made.since < when <= made.until


def _told(read: _Read, made: Sheet) -> Iterator[Told]:
    fields = made.fields
    kept = [*(_WORDS if Field.TEXTS in fields else ())]
    if {Field.TEXTS, Field.FEARS} <= fields:
        kept.append("what_feared")
    for entry in reversed(read.entries):
        written = read.texts.get(EventId(entry.event.id))
        deed = deed_in(entry)
        if not written or deed is None:
            continue
        cause = written.get("cause", "") if Field.ATTRIBUTIONS in fields else ""
        texts = {name: written[name] for name in kept if written.get(name)}
        if cause or texts:
            did = deed.did if Field.OUTCOMES in fields else None
            yield Told(deed.step, deed.at, did, cause, texts)


def _goals(scaling: Scaling | None, made: Sheet) -> Goals | None:
    scores = [score for score in scores_of(scaling) if score.at <= made.until] if scaling else []
    if scaling is None or not scores:
        return None
    noted = scaling.noted[len(scores) - 1]
    has_words = Field.TEXTS in made.fields
    reached = [
        goal.levels[level - LEVELS[0]] for goal, level in zip(scaling.goals, noted.levels, strict=True)
    ]
    return Goals(
        names=tuple(goal.name for goal in scaling.goals) if has_words else None,
        words=tuple(reached) if has_words else None,
        levels=noted.levels,
        noted_at=noted.at,
        score=scores[-1].attainment,
        first=scores[0].attainment if len(scores) > 1 else None,
        first_at=scores[0].at if len(scores) > 1 else None,
    )


def _with_estimates(services: Services, made: Sheet, seen: Sequence[Entry]) -> Sheet:
    """The sheet with what is estimated and counted from what is shown, and what is worth looking at."""
    engine, since, until = services.engine, made.since.timestamp(), made.until.timestamp()
    events = [entry.event for entry in seen]
    person, expectations = _replayed(engine, events, since)
    today = today_from(replace(services, clock=_AsOf(made.until)), made.ladder, person, seen)
    judged = Field.JUDGEMENTS in made.fields
    before = ratings_at(events, float("-inf"), since)
    lines = [
        _line(place, outlook, made, before.get(outlook.step.id))
        for place, outlook in enumerate(today.steps, start=1)
    ]
    made = replace(
        made,
        steps=tuple(lines),
        is_empty=not any(event.kind in ("judgement", "attempt", "choice") for event in events),
        moved=moved(made.ladder, events, since, until, engine.parameters) if judged else None,
    )
    if {Field.JUDGEMENTS, Field.OUTCOMES} <= made.fields:
        found = list(matches_in(seen))
        own = [match for match in found if match.at > made.since]
        made = replace(made, matched=_congruence(own), matched_ever=_congruence(found))
    last = max((moment_in(event) for event in events if event.kind == "judgement"), default=None)
    own_events = [event for event in events if event.time > since]
    return replace(made, focus=focus_of(Evidence(made, today, own_events, expectations, last)))


def _replayed(
    engine: Engine, events: Sequence[Event], since: float
) -> tuple[Person, list[tuple[float, float]]]:
    """The person at the end, and efficacy before each try of this time with its outcome."""
    # Ladders are unrelated to the engine, so that one ladder's events are all that its beliefs stand on.
    person, expectations = Person(), list[tuple[float, float]]()
    for event in events:
        if event.kind == "attempt" and event.value is not None and event.time > since:
            task = Task(event.domain, event.task, event.difficulty)
            expectations.append((engine.efficacy(person, task, event.time).mean, event.value))
        person = engine.observe(person, event)
    return person, expectations


def _line(place: int, outlook: StepOutlook, made: Sheet, before: float | None) -> StepLine:
    tries = [deed for deed in outlook.deeds if deed.did in TRIES]
    own = [deed for deed in tries if deed.at > made.since]
    return StepLine(
        step=outlook.step,
        place=place,
        before=before,
        rating=outlook.rating,
        is_new=outlook.judged_at is not None and outlook.judged_at > made.since,
        sure=outlook.efficacy if Field.JUDGEMENTS in made.fields else None,
        tried=len(own),
        worked=sum(deed.did is Did.DONE for deed in own),
        tried_ever=len(tries),
        worked_ever=sum(deed.did is Did.DONE for deed in tries),
    )


def _congruence(found: Sequence[Match]) -> Congruence:
    return congruence([match.judged for match in found], [match.outcome for match in found])
