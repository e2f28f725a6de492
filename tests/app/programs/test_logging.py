"""Who follows the changes of a log from page to page keeps a true copy of it, whatever happens meanwhile."""

import random

import pytest
from tests.conftest import join
from tests.databases import SetClock

from rung.app import evidence
from rung.app.climbing import ladders
from rung.app.model import Did, EventId, Reflection
from rung.app.policies import SCOPES, Actor
from rung.app.ports import Services
from rung.app.programs.logging import changes_after, events_after, withdraw
from rung.engine import Event


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_that_follows_the_changes_is_the_log(services: Services, clock: SetClock, seed: int) -> None:
    chance, person = random.Random(seed), join(services)
    actor = Actor(person, scopes=frozenset(SCOPES.values()))
    made = [ladders.name_ladder(services, person, name, ["a", "b", "c"]) for name in ("One", "Two")]
    logged: list[EventId] = []
    copy: dict[str, Event] = {}
    cursor: tuple[EventId, int] | None = None
    for _ in range(12):
        for _ in range(chance.randrange(4)):
            clock.move(minutes=1)
            ladder = chance.choice(made)
            step = chance.choice(ladder.steps).id
            what = chance.random()
            if what < 0.5 or not logged:
                at = clock.now().replace(year=2026 - chance.randrange(3))
                logged.append(evidence.record(services, person, ladder.id, step, Did.DONE, at=at))
            elif what < 0.75:
                withdraw(services, actor, logged.pop(chance.randrange(len(logged))))
            else:
                made_of_it = Reflection(arousal=chance.random())
                evidence.reflect(services, person, chance.choice(logged), made_of_it)
        for change in changes_after(services, actor, cursor, chance.randrange(1, 5)):
            cursor = change.id, change.revision
            copy.pop(change.id, None)
            if change.event:
                copy[change.id] = change.event
    for change in changes_after(services, actor, cursor, 1000):
        copy.pop(change.id, None)
        if change.event:
            copy[change.id] = change.event
    assert copy == {event.id: event for event in events_after(services, actor, None, 1000)}
