"""Made-up people for the rivals: with every kind of event, or with hardly any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rung.engine.events import Event
from rung.research.series import Series

__all__ = ["answers", "crowd", "series"]


def series(person: str, events: Iterable[Event]) -> Series:
    """One person's events, in a file of their own."""
    rows = list(events)
    return Series.of(person, rows, range(len(rows)))


def answers(values: Sequence[float], person: str = "p", domain: str = "d") -> Series:
    """A person who does nothing but judge."""
    return series(
        person, (Event(person, domain, "t", float(i), "judgement", v) for i, v in enumerate(values))
    )


def crowd(count: int, *, seed: int = 1, turns: int = 12, sparse: bool = False) -> list[Series]:
    """People with two domains, three tasks and all kinds of events; sparse ones have no optional column."""
    generator = np.random.default_rng(seed)
    return [_person(f"p{number:02}", generator, turns, sparse) for number in range(count)]


def _person(name: str, generator: np.random.Generator, turns: int, sparse: bool) -> Series:
    belief = {"talks": generator.uniform(0.2, 0.8), "sums": generator.uniform(0.2, 0.8)}
    events: list[Event] = []
    for turn in range(turns):
        domain = str(generator.choice(["talks", "sums"]))
        task = str(generator.choice(["easy", "middle", "hard"]))
        told = _turn(name, domain, task, generator, belief)
        events += [event._replace(time=float(8 * turn + place)) for place, event in enumerate(told)]
    return series(name, [_bare(event) for event in events] if sparse else events)


def _turn(
    name: str, domain: str, task: str, generator: np.random.Generator, belief: dict[str, float]
) -> list[Event]:
    difficulty = {"easy": -1.0, "middle": 0.0, "hard": 1.0}[task]
    worked = float(generator.random() < belief[domain])
    says = round(float(np.clip(belief[domain] + generator.normal(0, 0.1), 0, 1)), 1)
    belief[domain] = float(np.clip(belief[domain] + 0.2 * (worked - belief[domain]), 0, 1))

    def event(kind: str, value: float | None, **rest: float) -> Event:
        return Event(name, domain, task, 0.0, kind, value, difficulty=difficulty, **rest)  # type: ignore[arg-type]

    other = "easy" if task != "easy" else "hard"
    choice = Event(name, domain, task, 0.0, "choice", 1.0, context=f"versus:{other}")
    between = generator.random() < 0.5
    return [
        event("judgement", says),
        choice if between else event("choice", float(generator.random() < says)),
        event("state", None, arousal=0.4, appraisal=0.5),
        event("model", 1.0, similarity=0.7),
        event("persuasion", 0.9, credibility=0.8),
        event(
            "attempt", worked, confidence=0.6, **({"feedback": worked} if generator.random() < 0.7 else {})
        ),
        event("feedback", worked, credibility=0.75),
        event("note", None),
    ]


def _bare(event: Event) -> Event:
    """The event without any column that may be left out."""
    return Event(event.person, event.domain, "", event.time, event.kind, event.value, context=event.context)
