"""Ana and her ladder: what she judged, tried and let pass, and what is proposed then."""

from __future__ import annotations

from rung import Engine, Event, Ladder, Recommendation

ENGINE = Engine()
DAY = 86_400.0
NAMES = ("write it down", "say it to a friend", "ask for a time", "say one thing", "say it all")
LADDER = Ladder.of("talk", *NAMES)


def judged(*ratings: float, time: float = 0.0, ladder: Ladder = LADDER) -> list[Event]:
    return [
        Event("ana", "talk", task.name, time, "judgement", rating, task.difficulty)
        for task, rating in zip(ladder.tasks, ratings, strict=False)
    ]


def tried(place: int, outcome: float, day: float, ladder: Ladder = LADDER) -> Event:
    task = ladder.tasks[place]
    return Event("ana", "talk", task.name, day * DAY, "attempt", outcome, task.difficulty, feedback=outcome)


def chose(place: int, went: float, day: float) -> Event:
    return Event("ana", "talk", LADDER.tasks[place].name, day * DAY, "choice", went)


def assured(day: float) -> Event:
    return Event("ana", "talk", "", day * DAY, "persuasion", 0.9, credibility=0.9)


def step(*events: Event, wanted: float = 0.75, day: float | None = None) -> Recommendation:
    at = None if day is None else day * DAY
    return ENGINE.next_step(ENGINE.replay(events), LADDER, wanted, at)


def ids(recommendation: Recommendation) -> list[str]:
    return [reason.id for reason in recommendation.reasons]


def place(recommendation: Recommendation) -> int:
    assert recommendation.task is not None
    return NAMES.index(recommendation.task.name)


def chances(*events: Event) -> list[float]:
    person = ENGINE.replay(events)
    return [ENGINE.chance_of_success(person, task).mean for task in LADDER.tasks]
