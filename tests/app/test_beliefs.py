import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import join
from tests.databases import SetClock

from rung.app import evidence, outbox, sources
from rung.app.beliefs import believer, state_version
from rung.app.climbing import ladders
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import SavedState, Services
from rung.content.domains import domains
from rung.engine import Engine, Parameters


def replayed(services: Services, person: PersonId) -> str:
    return services.engine.replay(evidence.log_of(services, person)).to_json()


def cached(services: Services, person: PersonId) -> SavedState | None:
    with services.store.reading() as tx:
        return tx.states.get(person)


def state_of(services: Services, person: PersonId) -> str | None:
    found = cached(services, person)
    return found.state if found else None


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


class WatchedEngine(Engine):
    """Counts how often a log is replayed."""

    __slots__ = ()
    replays = 0

    def replay(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
        type(self).replays += 1
        return super().replay(*arguments, **named)  # type: ignore[arg-type]


def watched(services: Services) -> Services:
    WatchedEngine.replays = 0
    return replace(services, engine=WatchedEngine())


SOURCES = ("read", "seen", "heard", "felt")
STORY = domains("en")[0].stories[0].id

deeds = st.one_of(
    st.tuples(st.just("record"), st.integers(0, 5), st.sampled_from(list(Did)), st.integers(-50, 50)),
    st.tuples(st.just("judge"), st.integers(0, 5), st.integers(0, 100), st.integers(-50, 50)),
    st.tuples(st.just("reflect"), st.integers(0, 9), st.floats(0, 1), st.just(0)),
    st.tuples(st.just("take back"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.just("put back"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.sampled_from(SOURCES), st.integers(0, 5), st.floats(0, 1), st.integers(-50, 50)),
    st.tuples(st.just("sent late"), st.integers(0, 5), st.sampled_from(list(Did)), st.integers(0, 50)),
    st.tuples(st.just("looked back late"), st.integers(0, 9), st.floats(0, 1), st.integers(0, 50)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(todo=st.lists(deeds, max_size=14))
def test_the_cached_state_equals_a_replay_of_the_log_bit_for_bit(
    services: Services, clock: SetClock, todo: list[tuple[str, int, object, int]]
) -> None:
    person = join(services)
    both = [ladders.name_ladder(services, person, name, ["a", "b", "c"]) for name in ("Talks", "Running")]
    done: list[EventId] = []
    for what, number, much, minutes in todo:
        clock.move(minutes=minutes)
        _live(services, person, both[number % 2], done, what, number, much)
        saved = state_of(services, person)
        assert saved == (replayed(services, person) if evidence_exists(services, person) else None)


def evidence_exists(services: Services, person: PersonId) -> bool:
    with services.store.reading() as tx:
        return tx.evidence.standing(person) > 0


def _live(
    services: Services,
    person: PersonId,
    ladder: Ladder,
    done: list[EventId],
    what: str,
    number: int,
    much: object,
) -> None:
    step = ladder.steps[number % 3].id
    if what == "record" and isinstance(much, Did):
        done.append(evidence.record(services, person, ladder.id, step, much))
    elif what == "judge" and isinstance(much, int):
        evidence.judge(services, person, ladder.id, {step: much})
    elif what in SOURCES and isinstance(much, float):
        done.append(_source(services, person, ladder, what, number, much))
    elif what == "sent late" and isinstance(much, Did):
        at = services.clock.now() - timedelta(minutes=7 * number)
        item = outbox.Logged(EventId(str(uuid4())), at, ladder.id, step, much)
        outbox.take_in(services, person, [item])
        done.append(item.id)
    elif done and what == "looked back late" and isinstance(much, float):
        at = services.clock.now() - timedelta(minutes=7 * number)
        made = Reflection(internal=much) if number % 2 else Reflection(what_helped="a plan")
        of = done[number % len(done)]
        outbox.take_in(services, person, [outbox.LookedBack(EventId(str(uuid4())), at, of, made)])
    elif done and what == "take back":
        evidence.take_back(services, person, done[number % len(done)])
    elif done and what == "put back":
        evidence.put_back(services, person, done[number % len(done)])
    elif done and isinstance(much, float):
        attempts = [event for event in evidence.log_of(services, person) if event.kind == "attempt"]
        if attempts:
            chosen = EventId(attempts[number % len(attempts)].id)
            evidence.reflect(services, person, chosen, Reflection(aid=much, internal=1 - much))


def _source(
    services: Services, person: PersonId, ladder: Ladder, what: str, number: int, much: float
) -> EventId:
    step = ladder.steps[number % 3].id if number % 2 else None
    if what == "read":
        return sources.read_story(services, person, ladder.id, STORY, much, True, step)
    if what == "seen":
        return sources.see_somebody(services, person, ladder.id, "Sam", "", 1.0, much, False, step)
    if what == "heard":
        return sources.hear(services, person, ladder.id, "Sam", "You can", much, much, "", step_id=step)
    return sources.note_state(services, person, ladder.id, much, 2 * much - 1, "")


def test_events_in_time_order_replay_nothing(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    services = watched(services)
    for did in Did:
        clock.move(hours=1)
        evidence.record(services, ana, talks.id, talks.steps[0].id, did)
    assert WatchedEngine.replays == 1, "the first event finds no state"
    assert state_of(services, ana) == replayed(services, ana)


def test_an_older_event_replays_the_log(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    services = watched(services)
    evidence.record(
        services, ana, talks.id, talks.steps[1].id, Did.TRIED, at=clock.now() - timedelta(hours=1)
    )
    assert WatchedEngine.replays == 1
    assert state_of(services, ana) == replayed(services, ana)


def test_an_event_of_the_same_moment_that_comes_first_in_canonical_order_replays_the_log(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    evidence.judge(services, ana, talks.id, {talks.steps[0].id: 20})
    assert [event.kind for event in evidence.log_of(services, ana)] == ["judgement", "choice", "attempt"]
    assert state_of(services, ana) == replayed(services, ana)


def test_a_state_of_other_parameters_is_not_used(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    other = Engine(Parameters(weight_good=0.5))
    changed = replace(services, engine=other)
    assert state_version(other) != state_version(services.engine)
    with services.store.reading() as tx:
        assert believer(changed, tx, ana) == other.replay(evidence.log_of(services, ana))
        assert believer(services, tx, ana) != believer(changed, tx, ana)
    clock.move(hours=1)
    evidence.record(changed, ana, talks.id, talks.steps[0].id, Did.DONE)
    assert state_of(changed, ana) == replayed(changed, ana)


@pytest.mark.parametrize(
    "broken",
    [
        lambda saved: SavedState(saved.version, saved.stands_on, "{}"),
        lambda saved: SavedState(saved.version, saved.stands_on - 1, saved.state),
        lambda saved: SavedState("another", saved.stands_on, saved.state),
        lambda saved: None,
    ],
    ids=["unreadable", "behind", "other version", "lost"],
)
def test_a_cache_that_cannot_be_used_is_no_loss(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder, broken: object
) -> None:
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    saved = cached(services, ana)
    with services.store.writing(ana) as tx:
        put = broken(saved)  # type: ignore[operator]
        tx.states.drop(ana) if put is None else tx.states.put(ana, put)
    with services.store.reading() as tx:
        assert believer(services, tx, ana).to_json() == replayed(services, ana)
    clock.move(hours=1)
    evidence.record(services, ana, talks.id, talks.steps[1].id, Did.TRIED)
    assert state_of(services, ana) == replayed(services, ana)


def test_many_at_once_lose_nothing(services: Services, ana: PersonId, talks: Ladder) -> None:
    def work() -> None:
        for _ in range(5):
            evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE, str(uuid4()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(evidence.log_of(services, ana)) == 40
    assert state_of(services, ana) == replayed(services, ana)
