"""What a person looks at: where they stand on a ladder today, and one thing that they did.

`today` reads the derived state; `deed_of` looks at one thing that was done. How they came there is `history`.
Numbers are the engine's estimates; `missing` in them says that it is too early to show one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rung.app.beliefs import believer
from rung.app.deeds import TRIES, Deed, deed_in, moment_in, tasks_of
from rung.app.evidence import WAITING_DAYS, standing_entry
from rung.app.model import EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Entry, Services, Transaction
from rung.engine import Estimate, Event, Level, Person, Questions, Recommendation, Task
from rung.engine.loops import Sign
from rung.errors import NotFound

__all__ = [
    "STRONG_AROUSAL",
    "Deed",
    "LookBack",
    "StepOutlook",
    "Today",
    "deed_of",
    "today",
    "today_everywhere",
    "today_from",
    "todays_in",
]

STRONG_AROUSAL = 0.6
"""Arousal from which a body is going strongly (assumption)."""

_DONE = 1.0
"""Outcome of an attempt that worked as a whole."""


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
    judged_at: datetime | None = None
    """When that was."""
    settled: Estimate | None = None
    """How sure the person was of it right after the last thing that happened on the ladder."""


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
    questions: Questions
    """The steps in the order in which it tells most to ask about them; tasks as in the recommendation."""
    signs: tuple[Sign, ...]
    """What the engine sees of a loop, of over-reach and of stuck steps; tasks as in the recommendation."""
    at: datetime
    """The moment that all this holds for."""

    def outlook_of(self, task: Task | None) -> StepOutlook | None:
        """The step that a task of the recommendation stands for."""
        return next((step for step in self.steps if task is not None and step.step.id == task.name), None)


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
    return today_from(services, ladder, person, entries)


def today_everywhere(services: Services, actor: PersonId) -> list[Today]:
    """Where the actor stands on each ladder that is not archived, oldest first."""
    with services.store.reading() as tx:
        return todays_in(services, tx, actor, tx.ladders.of(actor))


def todays_in(services: Services, tx: Transaction, whose: PersonId, ladders: Iterable[Ladder]) -> list[Today]:
    """Where a person stands on those of these ladders that are not archived, in an open transaction."""
    person = believer(services, tx, whose)
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in tx.evidence.log(whose):
        found[entry.event.domain].append(entry)
    climbed = [ladder for ladder in ladders if ladder.archived_at is None]
    return [today_from(services, ladder, person, found[ladder.id]) for ladder in climbed]


def deed_of(services: Services, actor: PersonId, event_id: EventId) -> LookBack:
    """One deed of the actor, of any kind that `Did` tells; `NotFound` for events that are none."""
    with services.store.reading() as tx:
        entry = standing_entry(tx, actor, event_id, Action.READ_EVIDENCE)
        event, deed = entry.event, deed_in(entry)
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


def today_from(services: Services, ladder: Ladder, person: Person, entries: Sequence[Entry]) -> Today:
    """Where a person stands on a ladder, given all that is known of both."""
    engine, now = services.engine, services.clock.now()
    at, tasks = now.timestamp(), tasks_of(ladder)
    deeds = [deed for entry in entries if (deed := deed_in(entry))]
    judged = {entry.event.task: entry.event for entry in entries if entry.event.kind == "judgement"}
    steps = [
        StepOutlook(
            step=step,
            efficacy=engine.efficacy(person, task, at),
            chance=engine.chance_of_success(person, task, at),
            deeds=tuple(deed for deed in deeds if deed.step == step.id),
            rating=judged[step.id].value if step.id in judged else None,
            judged_at=moment_in(judged[step.id]) if step.id in judged else None,
            settled=engine.efficacy(person, task),
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
        questions=engine.questions(person, tasks, at),
        signs=engine.signs(person, tasks, at),
        at=now,
    )


def _is_waiting(deed: Deed, now: datetime) -> bool:
    return deed.did in TRIES and not deed.reflected and deed.at >= now - timedelta(days=WAITING_DAYS)
