from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event as database_event
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.evidence import EvidenceTable
from rung.app import archive, evidence, ladders, outlook
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import Services
from rung.engine import Engine, Estimate, Person, Task
from rung.engine import Ladder as Tasks
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
    assert outlook.history(services, ana, empty.id).points == ()


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
        lambda: outlook.history(services, ana, talks.id),
    ):
        with counted_queries(services) as queries:
            page()
        assert len(queries) <= 5


def test_the_history_has_a_point_an_event_and_ends_where_the_outlook_stands(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    evidence.judge(services, ana, talks.id, {step.id: 40 for step in talks.steps})
    for did in (Did.DONE, Did.AVOIDED, Did.TRIED):
        clock.move(days=1)
        evidence.record(services, ana, other.id, other.steps[0].id, Did.TRIED)
        evidence.record(services, ana, talks.id, talks.steps[1].id, did)
    points = outlook.history(services, ana, talks.id).points
    assert [point.kind for point in points] == [
        "judgement", "judgement", "judgement", "choice", "attempt", "choice", "choice", "attempt",
    ]  # fmt: skip
    assert [point.deed.did for point in points if point.deed] == [Did.DONE, Did.AVOIDED, Did.TRIED]
    assert [point.outcome for point in points if point.kind == "attempt"] == [1.0, 0.0]
    assert all((point.expected is not None) == (point.kind == "attempt") for point in points)
    assert all(0.0 < point.low < point.mean < point.high < 1.0 for point in points)
    today = outlook.today(services, ana, talks.id).strength
    assert (points[-1].mean, points[-1].low, points[-1].high) == today[:3]


def test_what_was_feared_is_set_beside_what_happened(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    first, second = talks.steps[0].id, talks.steps[1].id
    evidence.judge(services, ana, talks.id, {first: 40, second: 40}, {first: 80})
    clock.move(hours=1)
    told = evidence.record(services, ana, talks.id, first, Did.DONE)
    evidence.reflect(services, ana, told, Reflection(happened=0.1))
    clock.move(hours=1)
    anew = evidence.record(services, ana, talks.id, second, Did.DONE)
    evidence.reflect(services, ana, anew, Reflection(feared=0.6, happened=0.3))
    evidence.record(services, ana, talks.id, second, Did.DONE)
    fears = outlook.history(services, ana, talks.id).fears
    assert [(fear.event_id, fear.feared, fear.happened) for fear in fears] == [
        (told, 0.8, 0.1),
        (anew, 0.6, 0.3),
    ]


def test_laboratory_times_have_a_place_in_the_calendar(services: Services, ana: PersonId) -> None:
    log = b"person,domain,task,time,kind,value\np,talks,a,-9e10,attempt,1\np,talks,a,9e10,attempt,1\n"
    archive.import_log(services, ana, log, "log.csv")
    (ladder,) = ladders.ladders_of(services, ana)
    points = outlook.history(services, ana, ladder.id).points
    assert points[0].at == datetime.min.replace(tzinfo=UTC)
    assert points[1].at.year == 4821
    assert outlook.today(services, ana, ladder.id).steps[0].deeds


def long_log(rows: int) -> bytes:
    """A log of one ladder: judgements of step "a", tries at "b", and late a single try at "c"."""
    lines = ["person,domain,task,time,kind,value,difficulty"]
    for number in range(rows):
        task, kind = ("b", "attempt") if number % 4 == 3 else ("a", "judgement")
        task, kind = ("c", "attempt") if number == rows - 3 else (task, kind)
        lines.append(f"p,talks,{task},{number},{kind},1,{'abc'.index(task)}")
    return "\n".join(lines).encode()


def test_a_long_history_is_thinned_in_proportion_and_keeps_what_matters(
    services: Services, ana: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.import_log(services, ana, long_log(2000), "log.csv")
    (ladder,) = ladders.ladders_of(services, ana)
    asked: list[float] = []
    strength = Engine.strength

    def counted(engine: Engine, person: Person, tasks: Tasks, at: float) -> Estimate:
        asked.append(at)
        return strength(engine, person, tasks, at)

    monkeypatch.setattr(Engine, "strength", counted)
    history = outlook.history(services, ana, ladder.id)
    assert len(asked) == len(history.points) == outlook.MOST_POINTS
    assert history.events == 2000
    times = [point.at.timestamp() for point in history.points]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (0.0, 1999.0)
    deeds = [point.deed for point in history.points if point.deed]
    assert len(deeds) == pytest.approx(outlook.MOST_POINTS / 4, abs=3)
    names = {step.id: step.name for step in ladder.steps}
    firsts = {names[deed.step]: deed.at.timestamp() for deed in reversed(deeds)}
    assert firsts == {"b": 3.0, "c": 1997.0}
    assert len(history.expectations) == 501, "every try is held against what was expected of it"
    monkeypatch.setattr(outlook, "MOST_POINTS", 2000)
    whole = outlook.history(services, ana, ladder.id)
    assert set(history.points) < set(whole.points)
    assert history.expectations == whole.expectations


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
