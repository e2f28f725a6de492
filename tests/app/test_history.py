"""How a person came to stand where they stand: points, ranges, one step, and what is held against what."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.app.test_outlook import counted_queries
from tests.databases import SetClock

from rung.app import evidence, history, outlook
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.model import Did, Ladder, PersonId, Reflection, StepId
from rung.app.ports import Services
from rung.engine import Engine, Estimate, Event, Person, Task
from rung.engine import Ladder as Tasks
from rung.errors import NotFound


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


def test_the_history_has_a_point_an_event_and_ends_where_the_outlook_stands(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    evidence.judge(services, ana, talks.id, {step.id: 40 for step in talks.steps})
    for did in (Did.DONE, Did.AVOIDED, Did.TRIED):
        clock.move(days=1)
        evidence.record(services, ana, other.id, other.steps[0].id, Did.TRIED)
        evidence.record(services, ana, talks.id, talks.steps[1].id, did)
    points = history.history(services, ana, talks.id).points
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
    fears = history.history(services, ana, talks.id).fears
    assert [(fear.event_id, fear.feared, fear.happened) for fear in fears] == [
        (told, 0.8, 0.1),
        (anew, 0.6, 0.3),
    ]


def test_laboratory_times_have_a_place_in_the_calendar(services: Services, ana: PersonId) -> None:
    log = b"person,domain,task,time,kind,value\np,talks,a,-9e10,attempt,1\np,talks,a,9e10,attempt,1\n"
    archive.import_log(services, ana, log, "log.csv")
    (ladder,) = ladders.ladders_of(services, ana)
    points = history.history(services, ana, ladder.id).points
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
    found = history.history(services, ana, ladder.id)
    assert len(asked) == len(found.points) + 2 == history.MOST_POINTS + 2, "two of them for now"
    assert found.events == 2000
    times = [point.at.timestamp() for point in found.points]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (0.0, 1999.0)
    deeds = [point.deed for point in found.points if point.deed]
    assert len(deeds) == pytest.approx(history.MOST_POINTS / 4, abs=3)
    names = {step.id: step.name for step in ladder.steps}
    firsts = {names[deed.step]: deed.at.timestamp() for deed in reversed(deeds)}
    assert firsts == {"b": 3.0, "c": 1997.0}
    assert len(found.expectations) == 501, "every try is held against what was expected of it"
    monkeypatch.setattr(history, "MOST_POINTS", 2000)
    whole = history.history(services, ana, ladder.id)
    assert set(found.points) < set(whole.points)
    assert found.expectations == whole.expectations


def climb(services: Services, clock: SetClock, ana: PersonId, ladder: Ladder) -> None:
    """Ten weeks on a ladder, something each week."""
    first, second, _ = (step.id for step in ladder.steps)
    evidence.judge(services, ana, ladder.id, {first: 60, second: 30})
    for did in (Did.DONE, Did.TRIED, Did.AVOIDED, Did.DONE, Did.PARTLY):
        clock.move(weeks=1)
        evidence.record(services, ana, ladder.id, first, did)
        clock.move(weeks=1)
        evidence.record(services, ana, ladder.id, second, did)


def test_a_range_starts_at_the_belief_that_the_whole_history_had_there(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    climb(services, clock, ana, talks)
    whole = history.history(services, ana, talks.id)
    part = history.history(services, ana, talks.id, days=28)
    assert part.since == clock.now() - timedelta(days=28)
    assert part.points == tuple(point for point in whole.points if point.at >= part.since)
    assert 0 < part.events < whole.events
    assert whole.start is None
    assert part.start is not None
    assert part.start.at == part.since
    before = [event for event in evidence.log_of(services, ana) if event.time < part.since.timestamp()]
    person = services.engine.replay(before)
    tasks = Tasks(talks.id, tuple(outlook_task(talks, step.id) for step in talks.steps))
    strength = services.engine.strength(person, tasks, part.since.timestamp())
    assert (part.start.mean, part.start.low, part.start.high) == strength[:3]
    assert part.firsts == whole.firsts, "what has worked stays, whatever the range"
    assert part.now == whole.now


def outlook_task(ladder: Ladder, step_id: StepId) -> Task:
    step = ladder.step(step_id)
    assert step
    return Task(ladder.id, step.id, step.difficulty)


def test_one_step_has_its_own_belief_and_record(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    climb(services, clock, ana, talks)
    whole, second = history.history(services, ana, talks.id), talks.steps[1].id
    found = history.history(services, ana, talks.id, second)
    assert len(found.points) == len(whole.points), "what happens on other steps moves it, too"
    assert {point.deed.step for point in found.points if point.deed} == {second}
    assert {match.step for match in found.matches} == {second}
    assert len(found.expectations) == 4
    standing = outlook.today(services, ana, talks.id).steps[1].efficacy
    assert (found.now.mean, found.now.low, found.now.high) == standing[:3]


def test_a_step_of_another_ladder_is_none_of_this_one(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    for step in (other.steps[0].id, StepId("nothing")):
        with pytest.raises(NotFound):
            history.history(services, ana, talks.id, step)


def test_a_try_is_held_against_the_judgement_that_stood_before_it(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    first, second, third = (step.id for step in talks.steps)
    evidence.record(services, ana, talks.id, first, Did.DONE)
    for rating, did in ((40, Did.DONE), (80, Did.TRIED)):
        clock.move(hours=1)
        evidence.judge(services, ana, talks.id, {first: rating, second: 10})
        clock.move(hours=1)
        evidence.record(services, ana, talks.id, first, did)
        evidence.record(services, ana, talks.id, second, Did.AVOIDED)
        evidence.record(services, ana, talks.id, third, Did.DONE)
    found = history.history(services, ana, talks.id).matches
    assert [(match.step, match.judged, match.outcome) for match in found] == [
        (first, 0.4, 1.0),
        (first, 0.8, 0.0),
    ]


def test_what_others_did_and_said_is_told_by_its_kind(services: Services, ana: PersonId) -> None:
    rows = ["person,domain,task,time,kind,value,arousal,appraisal"]
    rows += ["p,talks,a,1,persuasion,0.7,,", "p,talks,b,2,model,1,,", "p,talks,,3,state,,0.7,0.5"]
    archive.import_log(services, ana, "\n".join(rows).encode(), "log.csv")
    (ladder,) = ladders.ladders_of(services, ana)
    found = history.history(services, ana, ladder.id)
    assert [one.kind for one in found.happenings] == ["persuasion", "model", "state"]
    step = next(step.id for step in ladder.steps if step.name == "a")
    own = history.history(services, ana, ladder.id, step)
    assert [one.kind for one in own.happenings] == ["persuasion", "state"]


def test_nobody_sees_the_history_of_somebody_else(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    for step in (None, talks.steps[0].id):
        with pytest.raises(NotFound, match="There is no such ladder"):
            history.history(services, ben, talks.id, step)


def test_see_takes_few_queries_and_one_replay_however_long_the_log(
    services: Services, ana: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.import_log(services, ana, long_log(1000), "log.csv")
    (ladder,) = ladders.ladders_of(services, ana)
    observed, observe = [0], Engine.observe

    def counted(engine: Engine, person: Person, event: Event) -> Person:
        observed[0] += 1
        return observe(engine, person, event)

    monkeypatch.setattr(Engine, "observe", counted)
    with counted_queries(services) as queries:
        history.history(services, ana, ladder.id, days=28)
    assert len(queries) <= 6
    assert observed == [1000]
