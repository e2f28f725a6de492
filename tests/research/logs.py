"""Small made-up logs: people who learn from what they are told, and odd ones to be survived."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rung.engine.events import Event
from rung.log import Log

__all__ = ["ODD", "study"]


def study(people: int = 8, rounds: int = 12, seed: int = 0) -> Log:
    """Everyone judges, chooses, tries and is told, on two tasks, and learns by a delta rule."""
    generator = np.random.default_rng(seed)
    told = []
    for number in range(people):
        belief, ability = generator.random(2)
        for turn in range(rounds):
            task, time = ("ask", "tell")[turn % 2], 4.0 * turn
            rating = round(float(np.clip(belief + 0.1 * generator.normal(), 0, 1)), 2)
            worked = float(generator.random() < ability)
            went = float(generator.random() < belief)
            person = f"p{number}"
            told += [
                Event(person, "talks", task, time, "judgement", rating, 0.5),
                Event(person, "talks", task, time + 1, "choice", went, 0.5),
                Event(person, "talks", task, time + 2, "attempt", worked, 0.5, feedback=worked, effort=0.5),
                Event(person, "talks", task, time + 3, "feedback", round(ability, 2), credibility=0.7),
            ]
            belief += 0.3 * (worked - belief)
    return Log.of(told)


def _rows(people: int, rounds: int, kind: str, value: Callable[[int, int], float], **more: object) -> Log:
    return Log.of(
        Event(f"p{person}", "talks", "ask", float(turn), kind, value(person, turn), **more)  # type: ignore[arg-type]
        for person in range(people)
        for turn in range(rounds)
    )


def _both_ways(person: int, turn: int) -> Event:
    tasks = ("ask", "tell") if (person + turn) % 2 else ("tell", "ask")
    return Event(f"p{person}", "talks", tasks[0], float(turn), "choice", 1.0, context=f"versus:{tasks[1]}")


ODD: dict[str, Callable[[], Log]] = {
    "one person": lambda: study(people=1),
    "one person, five events": lambda: _rows(1, 5, "judgement", lambda person, turn: turn / 10),
    "five events of two people": lambda: Log.of(list(study(people=2, rounds=2).events())[2:7]),
    "two people": lambda: study(people=2),
    "four people": lambda: study(people=4, rounds=3),
    "constant ratings": lambda: _rows(6, 6, "judgement", lambda person, turn: 0.5),
    "ratings at the top": lambda: _rows(6, 6, "judgement", lambda person, turn: 1.0),
    "a rating for each person": lambda: _rows(6, 6, "judgement", lambda person, turn: person / 5),
    "only choices": lambda: _rows(6, 6, "choice", lambda person, turn: float((person + turn) % 2)),
    "only approach": lambda: _rows(6, 6, "choice", lambda person, turn: 1.0),
    "only outcomes": lambda: _rows(6, 6, "attempt", lambda person, turn: float(turn % 3 == 0)),
    "partial outcomes": lambda: _rows(6, 6, "attempt", lambda person, turn: (person + turn) / 11),
    "choices between two": lambda: Log.of(
        _both_ways(person, turn) for person in range(6) for turn in range(4)
    ),
    "two judgements each": lambda: _rows(7, 2, "judgement", lambda person, turn: (person + turn) / 8),
    "one person of seven predicted": lambda: Log.of(
        [
            *_rows(7, 1, "judgement", lambda person, turn: 0.3).events(),
            Event("p3", "talks", "", 9.0, "judgement", 0.7),
        ]
    ),
}
