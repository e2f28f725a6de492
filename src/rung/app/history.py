"""How a person came to stand where they stand on a ladder, or on one step of it.

The ladder's own events are replayed, with a belief after each, or after some hundred of them where there are
many more. What somebody judged is held against what they did, step by step: before each try, the judgement
that stood. Letting a step pass is no try and tells nothing of what one can do; it is counted by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rung.app.beliefs import believer
from rung.app.deeds import Deed, deed_in, did_in, moment_in, tasks_of
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.outlook import Today, today_from
from rung.app.policies import Action, permitted
from rung.app.ports import Entry, Services
from rung.engine import Calibration, Estimate, Event, Person, Task
from rung.errors import NotFound

__all__ = [
    "MOST_POINTS",
    "Band",
    "Fear",
    "Happening",
    "History",
    "Judged",
    "Match",
    "Point",
    "fears_in",
    "history",
    "matches_in",
]

MOST_POINTS = 240
"""Points of a history: more than a page has room for, each costing the belief in every step."""

_SOURCES = ("persuasion", "model", "state")


@dataclass(frozen=True, slots=True)
class Band:
    """A belief at one moment; `low` to `high` holds it with a chance of 80 %. 0 to 1 all."""

    at: datetime
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """The belief right after one event: in the step in question, or the mean over the steps climbed today."""

    at: datetime
    mean: float
    """0 to 1; `low` to `high` holds it with a chance of 80 %."""
    low: float
    high: float
    kind: str
    step: StepId | None
    deed: Deed | None
    """The mark to draw, where the event is one."""
    expected: float | None
    """Efficacy for the step just before an attempt."""
    outcome: float | None
    """What came of the attempt."""


@dataclass(frozen=True, slots=True)
class Fear:
    """What was feared of an attempt, and how far it came true; 0 to 1 both."""

    event_id: EventId
    step: StepId
    at: datetime
    feared: float
    happened: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement of one step, 0 to 1."""

    at: datetime
    step: StepId
    rating: float


@dataclass(frozen=True, slots=True)
class Happening:
    """An encouragement, a model or a bodily state."""

    at: datetime
    kind: str
    """`persuasion`, `model` or `state`."""


@dataclass(frozen=True, slots=True)
class Match:
    """One try, and the judgement of the step that stood before it."""

    step: StepId
    at: datetime
    judged: float
    outcome: float
    did: Did


@dataclass(frozen=True, slots=True)
class History:
    """How the belief in a ladder, or in one step of it, came about."""

    ladder: Ladder
    points: tuple[Point, ...]
    """Oldest first: one an event, or `MOST_POINTS` in proportion where there are more events."""
    events: int
    """Events within the range, with a point or not."""
    expectations: tuple[tuple[float, float], ...]
    """Of every attempt with a known outcome, the efficacy just before it, and the outcome; 0 to 1 both."""
    calibration: Calibration
    """Of the ladder as a whole, whatever the range."""
    fears: tuple[Fear, ...]
    now: Band
    """The belief at this moment."""
    step: Step | None = None
    """The step in question; None where it is the ladder as a whole."""
    since: datetime | None = None
    """From when on; None = all of it."""
    start: Band | None = None
    """The belief at `since`, where something happened before."""
    judged: tuple[Judged, ...] = ()
    happenings: tuple[Happening, ...] = ()
    matches: tuple[Match, ...] = ()
    firsts: tuple[tuple[StepId, datetime], ...] = ()
    """When each step that is climbed today worked for the first time, whatever the range, in that order."""
    today: Today | None = None


def history(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    step_id: StepId | None = None,
    days: int | None = None,
) -> History:
    """How the actor's belief in a ladder, or in one step of it, came about; `days` = in the last of them."""
    with services.store.reading() as tx:
        ladder = permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        entries = tx.evidence.log(actor, ladder_id)
        person = believer(services, tx, actor)
    step = None if step_id is None else ladder.step(step_id)
    if step_id is not None and step is None:
        raise NotFound("There is no such step")
    now = services.clock.now()
    scope = _Scope(services, ladder, step, None if days is None else now - timedelta(days=days))
    replayed = _replayed(scope, entries)
    own = [entry for entry in entries if scope.holds(entry.event)]
    found = scope.estimate(replayed.person, now.timestamp())
    return History(
        ladder=ladder,
        points=tuple(replayed.points),
        events=sum(scope.is_in_range(entry.event) for entry in entries),
        expectations=tuple(replayed.expectations),
        calibration=services.engine.calibration(person, ladder.id, now.timestamp()),
        fears=tuple(fear for fear in fears_in(entries) if scope.has(fear.step, fear.at)),
        now=Band(now, found.mean, found.low, found.high),
        step=step,
        since=scope.since,
        start=replayed.start,
        judged=tuple(_judged(own)),
        happenings=tuple(
            Happening(moment_in(entry.event), entry.event.kind)
            for entry in own
            if entry.event.kind in _SOURCES
        ),
        matches=tuple(match for match in matches_in(entries) if scope.has(match.step, match.at)),
        firsts=_firsts(ladder, entries),
        today=today_from(services, ladder, person, entries),
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is looked at: the ladder or one step, from a moment on or as a whole."""

    services: Services
    ladder: Ladder
    step: Step | None
    since: datetime | None

    def estimate(self, person: Person, at: float) -> Estimate:
        engine, step = self.services.engine, self.step
        if step is None:
            return engine.strength(person, tasks_of(self.ladder), at)
        return engine.efficacy(person, Task(self.ladder.id, step.id, step.difficulty), at)

    def is_in_range(self, event: Event) -> bool:
        return self.since is None or event.time >= self.since.timestamp()

    def is_about(self, event: Event) -> bool:
        """True for what is about the step in question, or about the ladder as a whole."""
        return self.step is None or event.task in ("", self.step.id)

    def holds(self, event: Event) -> bool:
        return self.is_in_range(event) and self.is_about(event)

    def has(self, step: StepId, at: datetime) -> bool:
        return (self.step is None or step == self.step.id) and (self.since is None or at >= self.since)


@dataclass(slots=True)
class _Replayed:
    person: Person = field(default_factory=Person)
    start: Band | None = None
    points: list[Point] = field(default_factory=list)
    expectations: list[tuple[float, float]] = field(default_factory=list)


def _replayed(scope: _Scope, entries: Sequence[Entry]) -> _Replayed:
    """The points to show, and what was expected of every attempt."""
    # Ladders are unrelated to the engine, so that one ladder's events are all that its beliefs stand on.
    engine, made = scope.services.engine, _Replayed()
    inside = [number for number, entry in enumerate(entries) if scope.is_in_range(entry.event)]
    shown = _shown(scope, entries, inside)
    first = inside[0] if inside else len(entries)
    for number, entry in enumerate(entries):
        event, expected = entry.event, None
        if event.kind == "attempt" and scope.holds(event):
            expected = engine.efficacy(made.person, _task(event), event.time).mean
            if event.value is not None:
                made.expectations.append((expected, event.value))
        made.person = engine.observe(made.person, event)
        if number == first - 1 and scope.since is not None:
            found = scope.estimate(made.person, scope.since.timestamp())
            made.start = Band(scope.since, found.mean, found.low, found.high)
        if number in shown:
            is_own = scope.is_about(event)
            made.points.append(_point(entry, scope.estimate(made.person, event.time), expected, is_own))
    return made


def _point(entry: Entry, found: Estimate, expected: float | None, is_own: bool) -> Point:
    event = entry.event
    return Point(
        at=moment_in(event),
        mean=found.mean,
        low=found.low,
        high=found.high,
        kind=event.kind,
        step=StepId(event.task) if event.task else None,
        deed=deed_in(entry) if is_own else None,
        expected=expected,
        outcome=event.value if event.kind == "attempt" and is_own else None,
    )


def _shown(scope: _Scope, entries: Sequence[Entry], inside: Sequence[int]) -> set[int]:
    """Which entries get a point: all, or `MOST_POINTS` of them, deeds and other events in proportion.

    The first and the last are among them, and the first time that each step worked.
    """
    if len(inside) <= MOST_POINTS:
        return set(inside)
    own = [number for number in inside if scope.is_about(entries[number].event)]
    dids = {number: did_in(entries[number].event) for number in own}
    firsts: dict[str, int] = {}
    for number, did in dids.items():
        if did is Did.DONE:
            firsts.setdefault(entries[number].event.task, number)
    climbed = [firsts[step.id] for step in scope.ladder.climbing if step.id in firsts]
    kept = {inside[0], inside[-1], *climbed}
    deeds = [number for number in inside if dids.get(number) and number not in kept]
    others = [number for number in inside if not dids.get(number) and number not in kept]
    room = MOST_POINTS - len(kept)
    share = round(room * len(deeds) / (len(deeds) + len(others)))
    return kept.union(_thinned(deeds, share), _thinned(others, room - share))


def _thinned(numbers: Sequence[int], count: int) -> list[int]:
    return [numbers[place * len(numbers) // count] for place in range(count)]


def fears_in(entries: Iterable[Entry]) -> Iterator[Fear]:
    """Every try of which is known what was feared and how far it came true, oldest first."""
    feared: dict[str, float] = {}
    for event in (entry.event for entry in entries):
        if event.feared is not None:
            feared[event.task] = event.feared
        if event.kind == "attempt" and event.happened is not None and event.task in feared:
            at = moment_in(event)
            yield Fear(EventId(event.id), StepId(event.task), at, feared[event.task], event.happened)


def _judged(entries: Iterable[Entry]) -> Iterator[Judged]:
    for event in (entry.event for entry in entries):
        if event.kind == "judgement" and event.task and event.value is not None:
            yield Judged(moment_in(event), StepId(event.task), event.value)


def matches_in(entries: Iterable[Entry]) -> Iterator[Match]:
    """Every try of a step that was judged before, with the judgement that stood, oldest first."""
    standing: dict[str, float] = {}
    for event in (entry.event for entry in entries):
        if event.kind == "judgement" and event.value is not None:
            standing[event.task] = event.value
        did = did_in(event)
        if event.kind == "attempt" and event.value is not None and did and event.task in standing:
            yield Match(StepId(event.task), moment_in(event), standing[event.task], event.value, did)


def _firsts(ladder: Ladder, entries: Iterable[Entry]) -> tuple[tuple[StepId, datetime], ...]:
    climbed, found = {step.id for step in ladder.climbing}, dict[StepId, datetime]()
    for event in (entry.event for entry in entries):
        step = StepId(event.task)
        if step in climbed and did_in(event) is Did.DONE:
            found.setdefault(step, moment_in(event))
    return tuple(found.items())


def _task(event: Event) -> Task:
    return Task(event.domain, event.task, event.difficulty)
