from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event as database_event
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.evidence import EvidenceTable
from rung.app import evidence, history, outlook
from rung.app.climbing import ladders
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import Services
from rung.engine import Task
from rung.errors import NotFound


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


@contextmanager
def counted_queries(services: Services) -> Iterator[list[str]]:
    """The queries of a block, without those that open and close transactions."""
    assert isinstance(services.store, DatabaseStore)
    queries: list[str] = []

    def count(*arguments: object) -> None:
        if str(arguments[2]).startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            queries.append(str(arguments[2]))

    database_event.listen(services.store.engine, "before_cursor_execute", count)
    try:
        yield queries
    finally:
        database_event.remove(services.store.engine, "before_cursor_execute", count)


def test_a_new_ladder_has_an_outlook_that_says_how_little_is_known(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    today = outlook.today(services, ana, talks.id)
    assert [step.step for step in today.steps] == list(talks.steps)
    assert all(step.efficacy.missing and step.deeds == () and step.rating is None for step in today.steps)
    assert today.outlook_of(today.recommendation.task) in today.steps
    assert today.waiting == ()


def test_a_ladder_without_steps_recommends_nothing(services: Services, ana: PersonId) -> None:
    empty = ladders.name_ladder(services, ana, "Talks")
    today = outlook.today(services, ana, empty.id)
    assert today.recommendation.task is None
    assert today.outlook_of(today.recommendation.task) is None
    assert history.history(services, ana, empty.id).points == ()


def test_each_step_shows_its_past_in_order(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    step = talks.steps[1].id
    evidence.judge(services, ana, talks.id, {step: 30})
    evidence.judge(services, ana, talks.id, {step: 60}, at=clock.now() - timedelta(days=1))
    made = []
    for did in Did:
        clock.move(hours=1)
        made.append((evidence.record(services, ana, talks.id, step, did), did))
    found = outlook.today(services, ana, talks.id).steps
    assert [(deed.event_id, deed.did) for deed in found[1].deeds] == made
    assert found[1].rating == 0.3
    assert found[0].deeds == found[2].deeds == ()
    assert found[1].deeds[-1].at == clock.now()


def test_attempts_wait_on_the_page_until_they_are_reflected_on(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    first = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.AVOIDED)
    assert [deed.event_id for deed in outlook.today(services, ana, talks.id).waiting] == [first]
    evidence.reflect(services, ana, first, Reflection())
    assert outlook.today(services, ana, talks.id).waiting == ()


def test_the_outlook_is_what_the_engine_says_of_the_log(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    evidence.judge(services, ana, talks.id, {step.id: 50 for step in talks.steps})
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    clock.move(days=3)
    person = services.engine.replay(evidence.log_of(services, ana))
    at = clock.now().timestamp()
    for found in outlook.today(services, ana, talks.id).steps:
        task = Task(talks.id, found.step.id, found.step.difficulty)
        assert found.efficacy == services.engine.efficacy(person, task, at)
        assert found.chance == services.engine.chance_of_success(person, task, at)


def test_the_outlook_everywhere_is_the_outlook_of_each_ladder_in_use(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    clock.move(minutes=1)
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    gone = ladders.name_ladder(services, ana, "Maths", ["sum"])
    ladders.archive_ladder(services, ana, gone.id)
    for ladder in (talks, other):
        evidence.record(services, ana, ladder.id, ladder.steps[0].id, Did.PARTLY)
    found = outlook.today_everywhere(services, ana)
    assert found == [outlook.today(services, ana, ladder.id) for ladder in (talks, other)]


def test_a_page_takes_few_queries_however_long_the_log(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    for _ in range(10):
        clock.move(hours=1)
        evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
        ladders.name_ladder(services, ana, "More", ["a", "b"])
    for page in (
        lambda: outlook.today(services, ana, talks.id),
        lambda: outlook.today_everywhere(services, ana),
        lambda: history.history(services, ana, talks.id),
    ):
        with counted_queries(services) as queries:
            page()
        assert len(queries) <= 5


def test_a_deed_can_be_looked_back_on_by_itself(
    services: Services, clock: SetClock, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    first, second = talks.steps[0].id, talks.steps[1].id
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    awake = evidence.record(services, ana, other.id, other.steps[0].id, Did.DONE)
    evidence.reflect(services, ana, awake, Reflection(arousal=0.8))
    for step, did in ((first, Did.DONE), (first, Did.AVOIDED), (second, Did.DONE), (first, Did.PARTLY)):
        clock.move(hours=1)
        last = evidence.record(services, ana, talks.id, step, did)
    evidence.reflect(services, ana, last, Reflection(arousal=0.9, what_helped="a walk"))
    clock.move(hours=1)
    evidence.take_back(services, ana, evidence.record(services, ana, talks.id, first, Did.DONE))
    evidence.record(services, ana, talks.id, first, Did.DONE)
    found = outlook.deed_of(services, ana, last)
    assert (found.ladder, found.step) == (talks, talks.steps[0])
    assert (found.deed.did, found.deed.event_id, found.deed.reflected) == (Did.PARTLY, last, True)
    assert (found.event.arousal, found.texts) == (0.9, {"what_helped": "a walk"})
    assert (found.tried, found.worked, found.strong) == (2, 1, 0.8)
    assert outlook.deed_of(services, ana, awake).strong is None
    with pytest.raises(NotFound):
        outlook.deed_of(services, ben, last)


@pytest.mark.parametrize("did", list(Did))
def test_every_deed_is_told_apart(services: Services, ana: PersonId, talks: Ladder, did: Did) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, did)
    assert outlook.deed_of(services, ana, event_id).deed.did is did


def test_what_is_no_deed_cannot_be_looked_back_on(services: Services, ana: PersonId, talks: Ladder) -> None:
    (judged,) = evidence.judge(services, ana, talks.id, {talks.steps[0].id: 40})
    taken = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    evidence.take_back(services, ana, taken)
    for event_id in (judged, taken, EventId("nothing")):
        with pytest.raises(NotFound):
            outlook.deed_of(services, ana, event_id)


def test_looking_back_takes_no_reading_of_the_whole_log(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        clock.move(hours=1)
        last = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    monkeypatch.delattr(EvidenceTable, "log")
    with counted_queries(services) as queries:
        assert outlook.deed_of(services, ana, last).tried == 10
    assert len(queries) <= 6
