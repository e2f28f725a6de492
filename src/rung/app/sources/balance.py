"""What each of the four sources has given a ladder so far, and which of them is thin.

`given_by` replays the ladder's events and adds up the rises of efficacy for the domain as a whole that came
with an event of each source. What rises with a judgement is Rung learning what the person knew already, and
belongs to none. Falls are not set against rises: the question is where belief came from, not where it
stands. A source is thin where the last 90 days hold fewer events of it than `ENOUGH` (assumptions); the
strongest is named first, for mastery does most (Byars-Winston 2017) and the others little without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rung.app.model import LadderId, PersonId
from rung.app.ports import Services
from rung.app.sources.recording import Shelf, at_hand
from rung.engine import Engine, Event, Person, Task
from rung.engine.dynamics import SECONDS_PER_DAY

__all__ = ["SOURCES", "Balance", "Given", "Source", "balance_of", "given_by"]

Source = Literal["mastery", "models", "encouragement", "body"]

SOURCES: tuple[Source, ...] = ("mastery", "models", "encouragement", "body")
"""The strongest first."""
DAYS = 90
ENOUGH: dict[Source, int] = {"mastery": 3, "models": 1, "encouragement": 1, "body": 3}
LEAST_EVENTS = 5
"""Events of the four sources before a share is spoken of."""
LEAST_RISE = 3.0
"""Points of 100 that belief must have risen by before a share is spoken of."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one source has given a ladder."""

    source: Source
    count: int
    """Its events of the last 90 days."""
    worked: int
    """Those of them that were attempts and worked as a whole."""
    events: int
    """Its events since the first, what attempts say of the body not counted."""
    points: float
    """Points of 100 that efficacy rose by with its events, since the first."""
    share: float | None
    """Of the rise with the four sources, 0 to 1; None where it is too early to say."""


@dataclass(frozen=True, slots=True)
class Balance:
    """The four sources of one ladder."""

    shelf: Shelf
    given: tuple[Given, ...]
    """One a source, in the order of `SOURCES`."""
    thin: Source | None
    """The strongest source that the last 90 days hold little of."""


def balance_of(services: Services, actor: PersonId, ladder_id: LadderId | None = None) -> Balance:
    """The four sources of one ladder; without one, of the ladder that was used last."""
    with services.store.reading() as tx:
        shelf = at_hand(tx, actor, ladder_id)
        log = tx.evidence.log(actor, shelf.chosen.id) if shelf.chosen else []
    events = [entry.event for entry in log]
    given = given_by(services.engine, events, services.clock.now().timestamp())
    thin = next((one.source for one in given if one.count < ENOUGH[one.source]), None)
    return Balance(shelf, given, thin)


def given_by(engine: Engine, events: Iterable[Event], now: float) -> tuple[Given, ...]:
    """What each source has given, from the events of one ladder in canonical order."""
    person, worked = Person(), 0
    told, counts = dict.fromkeys(SOURCES, 0), dict.fromkeys(SOURCES, 0)
    points = dict.fromkeys(SOURCES, 0.0)
    since = now - DAYS * SECONDS_PER_DAY
    for event in events:
        source = source_of(event)
        whole = Task(event.domain)
        before = engine.efficacy(person, whole, event.time).mean if source else 0.0
        person = engine.observe(person, event)
        if source is None:
            continue
        told[source] += 1
        points[source] += 100.0 * max(0.0, engine.efficacy(person, whole, event.time).mean - before)
        if event.time >= since:
            counts[source] += 1
            worked += event.kind == "attempt" and event.value == 1.0
            # What an attempt says of the body is of that source, too.
            counts["body"] += event.kind == "attempt" and event.arousal is not None
    rise = sum(points.values())
    is_enough = sum(told.values()) >= LEAST_EVENTS and rise >= LEAST_RISE
    return tuple(
        Given(
            source=source,
            count=counts[source],
            worked=worked if source == "mastery" else 0,
            events=told[source],
            points=points[source],
            share=points[source] / rise if is_enough else None,
        )
        for source in SOURCES
    )


def source_of(event: Event) -> Source | None:
    """The source that an event is of; None for judgements, choices and notes."""
    match event.kind:
        case "attempt" | "feedback":
            return "mastery"
        case "model":
            return "models"
        case "persuasion":
            return "encouragement"
        case "state":
            return "body"
    return None
