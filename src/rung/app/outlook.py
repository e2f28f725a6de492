"""What a person looks at: where they stand on a ladder today, and how they came there.

`today` reads the derived state; `history` replays the ladder's own events, with a belief after each, or
after some hundred of them where there are many more; `deed_of` looks at one thing that was done.
Numbers are the engine's estimates; `missing` in them says that it is too early to show one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rung.app.beliefs import believer
from rung.app.evidence import WAITING_DAYS, standing_entry
from rung.app.model import SKIPPED, Did, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Entry, Services
from rung.engine import Calibration, Engine, Estimate, Event, Level, Person, Recommendation, Task
from rung.engine import Ladder as Tasks
from rung.errors import NotFound

__all__ = [
    "MOST_POINTS",
    "STRONG_AROUSAL",
    "Deed",
    "Fear",
    "History",
    "LookBack",
    "Point",
    "StepOutlook",
    "Today",
    "deed_of",
    "history",
    "today",
    "today_everywhere",
]

MOST_POINTS = 400
"""Points of a history: more than a page has room for, each costing the belief in every step."""
STRONG_AROUSAL = 0.6
"""Arousal from which a body is going strongly (assumption)."""

_DONE = 1.0
"""Outcome of an attempt that worked as a whole."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What became of a step once: one mark on the ladder."""

    event_id: EventId
    """To reflect on it, or to take it back."""
    step: StepId
    did: Did
    at: datetime
    reflected: bool


@dataclass(frozen=True, slots=True)
class StepOutlook:
    """One step being climbed, as it stands today."""

    step: Step
    efficacy: Estimate
    """How sure the person is of it, 0 to 1."""
    chance: Estimate
    """Chance that an attempt works, 0 to 1."""
    deeds: tuple[Deed, ...]
    """Oldest first."""
    rating: float | None
    """The last judgement of it, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Today:
    """A ladder as it stands today."""

    ladder: Ladder
    steps: tuple[StepOutlook, ...]
    """The steps being climbed, easiest first."""
    recommendation: Recommendation
    """Its tasks carry the step's id as their name."""
    level: Level
    strength: Estimate
    waiting: tuple[Deed, ...]
    """Attempts of the last 14 days without a reflection, oldest first."""

    def outlook_of(self, task: Task | None) -> StepOutlook | None:
        """The step that a task of the recommendation stands for."""
        return next((step for step in self.steps if task is not None and step.step.id == task.name), None)


@dataclass(frozen=True, slots=True)
class Point:
    """The belief in a ladder right after one event."""

    at: datetime
    mean: float
    """Mean efficacy over the steps climbed today, 0 to 1; `low` to `high` holds it with a chance of 80 %."""
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
class History:
    """How the belief in a ladder came about."""

    ladder: Ladder
    points: tuple[Point, ...]
    """Oldest first: one an event, or `MOST_POINTS` in proportion where there are more events."""
    events: int
    """Events of the ladder, with a point or not."""
    expectations: tuple[tuple[float, float], ...]
    """Of every attempt with a known outcome, the efficacy just before it, and the outcome; 0 to 1 both."""
    calibration: Calibration
    fears: tuple[Fear, ...]


@dataclass(frozen=True, slots=True)
class LookBack:
    """One deed with what it takes to look back on it."""

    ladder: Ladder
    step: Step
    deed: Deed
    event: Event
    texts: dict[str, str]
    """What was written about it, by field."""
    tried: int
    """Attempts at the step up to this moment, this one counted."""
    worked: int
    """Those of them that were done as a whole."""
    strong: float | None
    """Arousal, from `STRONG_AROUSAL` on, of the last attempt before this moment that worked all the same."""


def today(services: Services, actor: PersonId, ladder_id: LadderId) -> Today:
    """Where the actor stands on one ladder."""
    with services.store.reading() as tx:
        ladder = permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        person = believer(services, tx, actor)
        entries = tx.evidence.log(actor, ladder_id)
    return _today(services, ladder, person, entries)


def today_everywhere(services: Services, actor: PersonId) -> list[Today]:
    """Where the actor stands on each ladder that is not archived, oldest first."""
    with services.store.reading() as tx:
        ladders = [ladder for ladder in tx.ladders.of(actor) if ladder.archived_at is None]
        person = believer(services, tx, actor)
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in tx.evidence.log(actor):
            found[entry.event.domain].append(entry)
    return [_today(services, ladder, person, found[ladder.id]) for ladder in ladders]


def history(services: Services, actor: PersonId, ladder_id: LadderId) -> History:
    """How the actor's belief in one ladder came about."""
    with services.store.reading() as tx:
        ladder = permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        entries = tx.evidence.log(actor, ladder_id)
        person = believer(services, tx, actor)
    points, expectations = _points(services.engine, ladder, entries)
    return History(
        ladder=ladder,
        points=tuple(points),
        events=len(entries),
        expectations=tuple(expectations),
        calibration=services.engine.calibration(person, ladder.id, services.clock.now().timestamp()),
        fears=tuple(_fears(entries)),
    )


def deed_of(services: Services, actor: PersonId, event_id: EventId) -> LookBack:
    """One deed of the actor, of any kind that `Did` tells; `NotFound` for events that are none."""
    with services.store.reading() as tx:
        entry = standing_entry(tx, actor, event_id, Action.READ_EVIDENCE)
        event, deed = entry.event, _deed(entry)
        ladder = permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, LadderId(event.domain)), "ladder")
        step = ladder.step(StepId(event.task))
        if deed is None or step is None:
            raise NotFound("There is no such event")
        outcomes = tx.evidence.outcomes(actor, ladder.id, step.id, event.time)
        return LookBack(
            ladder=ladder,
            step=step,
            deed=deed,
            event=event,
            texts=tx.evidence.texts(actor, [deed.event_id]).get(deed.event_id, {}),
            tried=len(outcomes),
            worked=outcomes.count(_DONE),
            strong=tx.evidence.arousal_of_last(actor, _DONE, STRONG_AROUSAL, event.time),
        )


def _today(services: Services, ladder: Ladder, person: Person, entries: Sequence[Entry]) -> Today:
    engine, now = services.engine, services.clock.now()
    at, tasks = now.timestamp(), _tasks(ladder)
    deeds = [deed for entry in entries if (deed := _deed(entry))]
    ratings = {entry.event.task: entry.event.value for entry in entries if entry.event.kind == "judgement"}
    steps = [
        StepOutlook(
            step=step,
            efficacy=engine.efficacy(person, task, at),
            chance=engine.chance_of_success(person, task, at),
            deeds=tuple(deed for deed in deeds if deed.step == step.id),
            rating=ratings.get(step.id),
        )
        for step, task in zip(ladder.climbing, tasks.tasks, strict=True)
    ]
    return Today(
        ladder=ladder,
        steps=tuple(steps),
        recommendation=engine.next_step(person, tasks, ladder.wanted_chance, at),
        level=engine.level(person, tasks, at),
        strength=engine.strength(person, tasks, at),
        waiting=tuple(deed for deed in deeds if _is_waiting(deed, now)),
    )


def _is_waiting(deed: Deed, now: datetime) -> bool:
    is_attempt = deed.did in (Did.DONE, Did.PARTLY, Did.TRIED)
    return is_attempt and not deed.reflected and deed.at >= now - timedelta(days=WAITING_DAYS)


def _points(
    engine: Engine, ladder: Ladder, entries: Sequence[Entry]
) -> tuple[list[Point], list[tuple[float, float]]]:
    """The points to show, and what was expected of every attempt."""
    # Ladders are unrelated to the engine, so that one ladder's events are all that its beliefs stand on.
    person, tasks, shown = Person(), _tasks(ladder), _shown(ladder, entries)
    points, expectations = list[Point](), list[tuple[float, float]]()
    for number, entry in enumerate(entries):
        event, expected = entry.event, None
        if event.kind == "attempt":
            expected = engine.efficacy(person, _task(event), event.time).mean
            if event.value is not None:
                expectations.append((expected, event.value))
        person = engine.observe(person, event)
        if number in shown:
            points.append(_point(entry, engine.strength(person, tasks, event.time), expected))
    return points, expectations


def _point(entry: Entry, strength: Estimate, expected: float | None) -> Point:
    event = entry.event
    return Point(
        at=_moment(event.time),
        mean=strength.mean,
        low=strength.low,
        high=strength.high,
        kind=event.kind,
        step=StepId(event.task) if event.task else None,
        deed=_deed(entry),
        expected=expected,
        outcome=event.value if event.kind == "attempt" else None,
    )


def _shown(ladder: Ladder, entries: Sequence[Entry]) -> set[int]:
    """Which entries get a point: all, or `MOST_POINTS` of them, deeds and other events in proportion.

    The first and the last are among them, and the first time that each step worked.
    """
    if len(entries) <= MOST_POINTS:
        return set(range(len(entries)))
    dids = [_did(entry.event) for entry in entries]
    firsts: dict[str, int] = {}
    for number, did in enumerate(dids):
        if did is Did.DONE:
            firsts.setdefault(entries[number].event.task, number)
    kept = {0, len(entries) - 1, *(firsts[step.id] for step in ladder.climbing if step.id in firsts)}
    deeds = [number for number, did in enumerate(dids) if did and number not in kept]
    others = [number for number, did in enumerate(dids) if not did and number not in kept]
    room = MOST_POINTS - len(kept)
    share = round(room * len(deeds) / (len(deeds) + len(others)))
    return kept.union(_thinned(deeds, share), _thinned(others, room - share))


def _thinned(numbers: Sequence[int], count: int) -> list[int]:
    return [numbers[place * len(numbers) // count] for place in range(count)]


def _fears(entries: Iterable[Entry]) -> Iterator[Fear]:
    feared: dict[str, float] = {}
    for event in (entry.event for entry in entries):
        if event.feared is not None:
            feared[event.task] = event.feared
        if event.kind == "attempt" and event.happened is not None and event.task in feared:
            at = _moment(event.time)
            yield Fear(EventId(event.id), StepId(event.task), at, feared[event.task], event.happened)


def _deed(entry: Entry) -> Deed | None:
    """The mark that an event leaves; none for judgements and the like, nor where the outcome is unknown."""
    did = _did(entry.event)
    if did is None:
        return None
    event = entry.event
    return Deed(EventId(event.id), StepId(event.task), did, _moment(event.time), entry.reflected)


def _did(event: Event) -> Did | None:
    if event.kind == "attempt" and event.value is not None:
        return {_DONE: Did.DONE, 0.0: Did.TRIED}.get(event.value, Did.PARTLY)
    if event.kind == "choice" and event.value == 0.0:
        return Did.AVOIDED
    return Did.SKIPPED if event.kind == "note" and event.context == SKIPPED else None


def _tasks(ladder: Ladder) -> Tasks:
    return Tasks(ladder.id, tuple(Task(ladder.id, step.id, step.difficulty) for step in ladder.climbing))


def _task(event: Event) -> Task:
    return Task(event.domain, event.task, event.difficulty)


_FIRST = datetime.min.replace(tzinfo=UTC).timestamp()
_LAST = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()


def _moment(time: float) -> datetime:
    # Laboratory data may hold order numbers and any other number; a date ends with the year 9999.
    return datetime.fromtimestamp(min(max(time, _FIRST), _LAST), UTC)
