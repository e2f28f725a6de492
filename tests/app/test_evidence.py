from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import events
from rung.app import evidence
from rung.app.climbing import ladders, steps
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection, StepId
from rung.app.ports import Services
from rung.engine.events import Event
from rung.errors import Conflict, InvalidEvent, InvalidInput, NotFound


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


def kept(services: Services) -> int:
    """How many rows the log's table has."""
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        return len(connection.execute(events.select()).all())


def told(event: Event) -> tuple[str, float | None, float | None, str]:
    return (event.kind, event.value, event.feedback, event.context)


@pytest.mark.parametrize(
    "did, stored",
    [
        (Did.DONE, [("choice", 1.0, None, ""), ("attempt", 1.0, 1.0, "")]),
        (Did.PARTLY, [("choice", 1.0, None, ""), ("attempt", 0.5, 0.5, "")]),
        (Did.TRIED, [("choice", 1.0, None, ""), ("attempt", 0.0, 0.0, "")]),
        (Did.AVOIDED, [("choice", 0.0, None, "")]),
        (Did.SKIPPED, [("note", None, None, "skipped")]),
    ],
)
def test_what_became_of_a_step_is_stored_as_the_log_defines_it(
    services: Services,
    clock: SetClock,
    ana: PersonId,
    talks: Ladder,
    did: Did,
    stored: list[tuple[str, float | None, float | None, str]],
) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[1].id, did)
    log = evidence.log_of(services, ana)
    assert [told(event) for event in log] == stored
    assert {(event.person, event.domain, event.task) for event in log} == {(ana, talks.id, talks.steps[1].id)}
    assert {event.time for event in log} == {clock.now().timestamp()}
    assert {event.difficulty for event in log} == {0.0}
    assert log[-1].id == event_id


def test_judgements_are_stored_one_a_step(services: Services, ana: PersonId, talks: Ladder) -> None:
    first, second, _ = (step.id for step in talks.steps)
    ids = evidence.judge(services, ana, talks.id, {first: 80, second: 0}, {second: 100})
    log = {event.id: event for event in evidence.log_of(services, ana)}
    found = [log[event_id] for event_id in ids]
    assert [(event.task, event.value, event.feared) for event in found] == [
        (first, 0.8, None),
        (second, 0.0, 1.0),
    ]


@pytest.mark.parametrize("rating", [-1, 101])
def test_a_rating_outside_its_scale_is_refused(
    services: Services, ana: PersonId, talks: Ladder, rating: int
) -> None:
    first = talks.steps[0].id
    with pytest.raises(InvalidInput, match="between 0 and 100"):
        evidence.judge(services, ana, talks.id, {first: rating})
    with pytest.raises(InvalidInput, match="between 0 and 100"):
        evidence.judge(services, ana, talks.id, {first: 50}, {first: rating})
    assert evidence.log_of(services, ana) == []


def test_a_judgement_of_nothing_is_refused(services: Services, ana: PersonId, talks: Ladder) -> None:
    with pytest.raises(InvalidInput, match="no rating"):
        evidence.judge(services, ana, talks.id, {})
    with pytest.raises(InvalidInput, match="no rating"):
        evidence.judge(services, ana, talks.id, {talks.steps[0].id: 1}, {talks.steps[1].id: 1})


@pytest.mark.parametrize("did", list(Did))
def test_the_same_event_twice_is_stored_once(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder, did: Did
) -> None:
    sent, at = str(uuid4()), clock.now()
    first = evidence.record(services, ana, talks.id, talks.steps[0].id, did, sent, at)
    rows = kept(services)
    clock.move(hours=1)
    assert evidence.record(services, ana, talks.id, talks.steps[0].id, did, sent.upper(), at) == first
    assert evidence.record(services, ana, talks.id, talks.steps[0].id, did, sent) == first
    assert kept(services) == rows


def test_the_same_judgement_twice_is_stored_once(services: Services, ana: PersonId, talks: Ladder) -> None:
    sent, ratings = str(uuid4()), {step.id: 40 for step in talks.steps}
    first = evidence.judge(services, ana, talks.id, ratings, event_id=sent)
    assert evidence.judge(services, ana, talks.id, ratings, event_id=sent) == first
    assert kept(services) == 3


def test_a_resent_event_is_known_again_after_the_step_was_moved_or_explained(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    sent, step = str(uuid4()), talks.steps[0].id
    event_id = evidence.record(services, ana, talks.id, step, Did.DONE, sent)
    evidence.reflect(services, ana, event_id, Reflection(aid=0.4))
    steps.move_step(services, ana, talks.id, step, 1)
    evidence.record(services, ana, talks.id, step, Did.DONE, sent)
    assert [event.aid for event in evidence.log_of(services, ana)] == [None, 0.4]


def test_one_id_cannot_stand_for_two_things(services: Services, ana: PersonId, talks: Ladder) -> None:
    sent, step = str(uuid4()), talks.steps[0].id
    evidence.record(services, ana, talks.id, step, Did.DONE, sent)
    log = evidence.log_of(services, ana)
    for did, other in ((Did.TRIED, step), (Did.AVOIDED, step), (Did.DONE, talks.steps[1].id)):
        with pytest.raises(Conflict, match="new id"):
            evidence.record(services, ana, talks.id, other, did, sent)
    assert evidence.log_of(services, ana) == log


def test_two_people_may_use_the_same_id(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    sent = str(uuid4())
    bens = ladders.name_ladder(services, ben, "Running", ["run"])
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE, sent)
    evidence.record(services, ben, bens.id, bens.steps[0].id, Did.TRIED, sent)
    assert [event.value for event in evidence.log_of(services, ana)] == [1.0, 1.0]
    assert [event.value for event in evidence.log_of(services, ben)] == [1.0, 0.0]


def test_an_id_that_is_none_is_refused(services: Services, ana: PersonId, talks: Ladder) -> None:
    with pytest.raises(InvalidInput, match="UUID"):
        evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE, "first")


def test_a_time_without_zone_or_in_the_future_is_refused(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    step = talks.steps[0].id
    with pytest.raises(InvalidInput, match="time zone"):
        evidence.record(services, ana, talks.id, step, Did.DONE, at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(InvalidInput, match="future"):
        evidence.record(services, ana, talks.id, step, Did.DONE, at=clock.now() + timedelta(days=2))
    evidence.record(services, ana, talks.id, step, Did.DONE, at=clock.now() + timedelta(hours=5))


def test_a_reflection_appends_a_revision_and_keeps_the_old_one(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    before = kept(services)
    given = Reflection(
        aid=0.1,
        effort=0.9,
        internal=0.2,
        stable=0.3,
        controllable=0.8,
        arousal=0.7,
        appraisal=-0.5,
        feared=0.9,
        happened=0.2,
        what_helped=" I slept ",
        what_next="earlier\nin the day",
        what_feared="that they laugh",
    )
    evidence.reflect(services, ana, event_id, given)
    assert kept(services) == before + 1
    attempt = evidence.log_of(services, ana)[-1]
    assert attempt.id == event_id
    assert (attempt.value, attempt.aid, attempt.appraisal, attempt.happened) == (0.0, 0.1, -0.5, 0.2)
    assert evidence.texts_of(services, ana, event_id) == {
        "what_helped": "I slept",
        "what_next": "earlier\nin the day",
        "what_feared": "that they laugh",
    }
    evidence.reflect(services, ana, event_id, given)
    assert kept(services) == before + 1


def test_a_later_reflection_replaces_the_earlier_one(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    evidence.reflect(services, ana, event_id, Reflection(aid=0.1, what_helped="first"))
    evidence.reflect(services, ana, event_id, Reflection(effort=0.5, what_next="second"))
    attempt = evidence.log_of(services, ana)[-1]
    assert (attempt.aid, attempt.effort) == (None, 0.5)
    assert evidence.texts_of(services, ana, event_id) == {"what_next": "second"}


def test_a_reflection_out_of_range_stores_nothing(services: Services, ana: PersonId, talks: Ladder) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    log = evidence.log_of(services, ana)
    with pytest.raises(InvalidEvent, match="aid"):
        evidence.reflect(services, ana, event_id, Reflection(aid=1.5, what_helped="text"))
    with pytest.raises(InvalidInput, match="4,000"):
        evidence.reflect(services, ana, event_id, Reflection(aid=1.0, what_helped="x" * 4001))
    with pytest.raises(InvalidInput, match="printed"):
        evidence.reflect(services, ana, event_id, Reflection(aid=1.0, what_helped="x\0"))
    assert evidence.log_of(services, ana) == log
    assert evidence.texts_of(services, ana, event_id) == {}


def test_of_a_step_avoided_the_text_alone_is_kept(services: Services, ana: PersonId, talks: Ladder) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.AVOIDED)
    with pytest.raises(InvalidInput, match="text alone"):
        evidence.reflect(services, ana, event_id, Reflection(effort=0.5))
    evidence.reflect(services, ana, event_id, Reflection(what_next="a smaller step"))
    assert evidence.texts_of(services, ana, event_id) == {"what_next": "a smaller step"}


def test_an_attempt_waits_for_its_reflection_for_two_weeks(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    first = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.AVOIDED)
    clock.move(days=10)
    second = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    third = evidence.record(services, ana, talks.id, talks.steps[1].id, Did.PARTLY)
    waiting = [event.id for event in evidence.waiting(services, ana)]
    assert (waiting[0], set(waiting)) == (first, {first, second, third})
    evidence.reflect(services, ana, third, Reflection())
    clock.move(days=5)
    assert [event.id for event in evidence.waiting(services, ana)] == [second]
    evidence.take_back(services, ana, second)
    assert evidence.waiting(services, ana) == []


def test_what_is_taken_back_leaves_the_log_as_read_and_can_be_put_back(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    evidence.reflect(services, ana, event_id, Reflection(aid=0.5, what_helped="text"))
    log, rows = evidence.log_of(services, ana), kept(services)
    evidence.take_back(services, ana, event_id)
    assert evidence.log_of(services, ana) == []
    evidence.take_back(services, ana, event_id)
    assert kept(services) == rows + 2
    evidence.put_back(services, ana, event_id)
    evidence.put_back(services, ana, event_id)
    assert evidence.log_of(services, ana) == log
    assert kept(services) == rows + 4
    assert evidence.texts_of(services, ana, event_id) == {"what_helped": "text"}


def test_what_was_taken_back_stays_so_when_it_is_sent_again(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    sent, step = str(uuid4()), talks.steps[0].id
    event_id = evidence.record(services, ana, talks.id, step, Did.DONE, sent)
    evidence.take_back(services, ana, event_id)
    evidence.record(services, ana, talks.id, step, Did.DONE, sent)
    assert evidence.log_of(services, ana) == []
    with pytest.raises(NotFound):
        evidence.reflect(services, ana, event_id, Reflection(aid=0.1))


def test_a_judgement_can_be_taken_back(services: Services, ana: PersonId, talks: Ladder) -> None:
    first, second = evidence.judge(services, ana, talks.id, {step.id: 50 for step in talks.steps[:2]})
    evidence.take_back(services, ana, first)
    assert [event.id for event in evidence.log_of(services, ana)] == [second]


@pytest.mark.parametrize("event_id", ["4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e", "no id", ""])
def test_an_event_that_does_not_exist_is_not_found(services: Services, ana: PersonId, event_id: str) -> None:
    for use in (evidence.take_back, evidence.put_back, evidence.texts_of):
        with pytest.raises(NotFound):
            use(services, ana, EventId(event_id))
    with pytest.raises(NotFound):
        evidence.reflect(services, ana, EventId(event_id), Reflection())


def test_a_step_of_another_ladder_is_not_found(services: Services, ana: PersonId, talks: Ladder) -> None:
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    with pytest.raises(NotFound):
        evidence.record(services, ana, talks.id, other.steps[0].id, Did.DONE)
    with pytest.raises(NotFound):
        evidence.judge(services, ana, talks.id, {StepId("x"): 50})


def test_the_log_of_one_ladder_holds_nothing_of_another(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    other = ladders.name_ladder(services, ana, "Running", ["run"])
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.AVOIDED)
    evidence.record(services, ana, other.id, other.steps[0].id, Did.AVOIDED)
    assert [event.domain for event in evidence.log_of(services, ana, other.id)] == [other.id]
    assert len(evidence.log_of(services, ana)) == 2


def test_a_clock_set_back_between_two_records_changes_nothing_that_was_stored(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    first = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    clock.move(days=-2)
    second = evidence.record(services, ana, talks.id, talks.steps[1].id, Did.DONE)
    log = evidence.log_of(services, ana)
    assert [event.id for event in log if event.kind == "attempt"] == [second, first]
    assert log[0].time == datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp()


def test_a_retired_step_still_takes_what_was_done_offline(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    steps.retire_step(services, ana, talks.id, talks.steps[0].id)
    ladders.archive_ladder(services, ana, talks.id)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    assert len(evidence.log_of(services, ana)) == 2


def test_who_sends_again_what_was_taken_back_can_be_told_so(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    event_id = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    assert not evidence.is_taken_back(services, ana, event_id)
    evidence.take_back(services, ana, event_id)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE, event_id)
    assert evidence.is_taken_back(services, ana, event_id)
    evidence.put_back(services, ana, event_id)
    assert not evidence.is_taken_back(services, ana, event_id)
    for actor, other in ((ana, EventId(str(uuid4()))), (ben, event_id)):
        with pytest.raises(NotFound):
            evidence.is_taken_back(services, actor, other)
