"""What a browser kept without a network: it goes in once, in any order, from any number of devices."""

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.databases import SetClock

from rung.app import evidence, outbox
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Reflection, StepId
from rung.app.outbox import Item, Judged, Logged, LookedBack, State
from rung.app.ports import Services
from rung.errors import InvalidInput


@pytest.fixture
def talks(services: Services, ana: PersonId, clock: SetClock) -> Ladder:
    made = ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])
    clock.move(days=7)
    return made


def new_id() -> EventId:
    return EventId(str(uuid4()))


def logged(talks: Ladder, at: datetime, did: Did = Did.DONE, step: int = 0) -> Logged:
    return Logged(new_id(), at, talks.id, talks.steps[step].id, did)


def looked_back(of: Logged, at: datetime, words: str = "I began") -> LookedBack:
    return LookedBack(new_id(), at, of.id, Reflection(internal=1.0, what_helped=words))


def judged(talks: Ladder, at: datetime, *ratings: int) -> Judged:
    return Judged(
        new_id(), at, talks.id, {step.id: rating for step, rating in zip(talks.steps, ratings, strict=False)}
    )


def states(services: Services, actor: PersonId, *items: Item) -> list[State]:
    return [answer.state for answer in outbox.take_in(services, actor, items)]


def test_each_thing_is_stored_at_the_time_at_which_it_was_done(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    at = clock.now() - timedelta(days=3)
    done, rated = logged(talks, at), judged(talks, at + timedelta(hours=1), 90, 50)
    said = looked_back(done, at + timedelta(hours=2))
    assert states(services, ana, done, rated, said) == [State.STORED] * 3
    log = evidence.log_of(services, ana)
    assert [(event.kind, event.time, event.value) for event in log] == [
        ("choice", at.timestamp(), 1.0),
        ("attempt", at.timestamp(), 1.0),
        ("judgement", at.timestamp() + 3600, 0.9),
        ("judgement", at.timestamp() + 3600, 0.5),
    ] or len(log) == 4
    assert evidence.texts_of(services, ana, done.id)["what_helped"] == "I began"


def test_what_is_sent_twice_is_stored_once(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    done = logged(talks, clock.now())
    items = (done, judged(talks, clock.now(), 10), looked_back(done, clock.now()))
    assert states(services, ana, *items) == [State.STORED] * 3
    before = archive.export_archive(services, ana)
    clock.move(hours=1)
    assert states(services, ana, *items) == [State.KNOWN] * 3
    assert states(services, ana, *reversed(items)) == [State.KNOWN] * 3
    with services.store.reading() as tx:
        assert len(tx.evidence.revisions(ana, [done.id])[done.id]) == 2
    assert len(before)


def test_a_duplicate_within_one_sending_is_stored_once(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    done = logged(talks, clock.now())
    assert states(services, ana, done, done) == [State.STORED, State.KNOWN]
    other = replace(done, did=Did.TRIED)
    (answer,) = outbox.take_in(services, ana, [other])
    assert answer.state is State.REFUSED
    assert "stands for something else" in answer.reason
    attempts = [event.value for event in evidence.log_of(services, ana) if event.kind == "attempt"]
    assert attempts == [1.0]


def test_a_reflection_may_come_before_its_attempt(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    done = logged(talks, clock.now())
    said = looked_back(done, clock.now())
    assert states(services, ana, said) == [State.WAITS]
    assert states(services, ana, said, done) == [State.STORED, State.STORED]


@pytest.mark.parametrize("seed", range(4))
def test_two_devices_that_were_away_for_a_week_come_to_the_same_in_any_order(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock, seed: int
) -> None:
    start = clock.now() - timedelta(days=6)
    days = [start + timedelta(days=day) for day in range(6)]
    dids = itertools.cycle(Did)
    first = [logged(talks, day, next(dids), place % 3) for place, day in enumerate(days)]
    second = [judged(talks, day + timedelta(hours=5), 40 + place, 20) for place, day in enumerate(days)]
    attempt = first[0]
    words = [looked_back(attempt, start + timedelta(days=place), f"words {place}") for place in (2, 1, 3)]
    items: list[Item] = [*first, *second, *words]
    random.Random(seed).shuffle(items)
    pending = items
    for _ in range(3):
        parts = [pending[start::3] for start in range(3)]
        answers = [
            (item, answer.state)
            for part in parts
            for item, answer in zip(part, outbox.take_in(services, ana, part), strict=True)
        ]
        pending = [item for item, state in answers if state is State.WAITS]
    assert pending == []
    log = evidence.log_of(services, ana)
    assert [event.id for event in log if event.kind == "note"] == [
        item.id for item in first if item.did is Did.SKIPPED
    ]
    assert sum(event.kind == "judgement" for event in log) == 12
    assert evidence.texts_of(services, ana, attempt.id)["what_helped"] == "words 3"


def test_what_was_written_earlier_does_not_replace_what_was_written_later(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    done = logged(talks, clock.now() - timedelta(hours=3))
    early = looked_back(done, clock.now() - timedelta(hours=2), "early")
    late = looked_back(done, clock.now() - timedelta(hours=1), "late")
    assert states(services, ana, done, late) == [State.STORED, State.STORED]
    (answer,) = outbox.take_in(services, ana, [early])
    assert answer.state is State.REFUSED
    assert "wrote later" in answer.reason
    assert states(services, ana, late) == [State.KNOWN]
    evidence.reflect(services, ana, done.id, Reflection(what_helped="on the page"))
    assert states(services, ana, early) == [State.REFUSED]
    assert states(services, ana, late) == [State.KNOWN]
    assert evidence.texts_of(services, ana, done.id)["what_helped"] == "on the page"


def test_a_refused_item_takes_nothing_else_with_it(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    now = clock.now()
    bad: list[Item] = [
        replace(logged(talks, now), ladder=LadderId(str(uuid4()))),
        replace(logged(talks, now), step=StepId(str(uuid4()))),
        judged(talks, now),
        judged(talks, now, 101),
        replace(judged(talks, now, 5), feared={talks.steps[2].id: 50}),
    ]
    answers = outbox.take_in(services, ana, [*bad, logged(talks, now)])
    assert [answer.state for answer in answers] == [State.REFUSED] * 5 + [State.STORED]
    assert all(answer.reason for answer in answers[:5])
    assert len(evidence.log_of(services, ana)) == 2


@pytest.mark.parametrize(
    "shift, told", [(timedelta(days=2), "in the future"), (timedelta(days=-4000), "before there was")]
)
def test_a_clock_that_jumped_is_told_as_such(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock, shift: timedelta, told: str
) -> None:
    (answer,) = outbox.take_in(services, ana, [logged(talks, clock.now() + shift)])
    assert (answer.state, answer.is_clock) == (State.REFUSED, True)
    assert told in answer.reason
    assert evidence.log_of(services, ana) == []


def test_what_was_taken_back_stays_so_when_it_is_sent_again(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    done = logged(talks, clock.now())
    assert states(services, ana, done) == [State.STORED]
    evidence.take_back(services, ana, done.id)
    (answer,) = outbox.take_in(services, ana, [done])
    assert (answer.state, answer.is_taken_back) == (State.KNOWN, True)
    assert evidence.log_of(services, ana) == []


def test_too_many_items_are_refused_as_a_whole(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    with pytest.raises(InvalidInput, match="more than 200"):
        outbox.take_in(services, ana, [logged(talks, clock.now())] * 201)


Make = Callable[[Ladder, EventId, datetime], Item]

DOORS: dict[str, Make] = {
    "log": lambda talks, event, at: logged(talks, at),
    "log under her id": lambda talks, event, at: replace(logged(talks, at), id=event),
    "judge": lambda talks, event, at: judged(talks, at, 50),
    "reflect": lambda talks, event, at: LookedBack(new_id(), at, event, Reflection(aid=0.5)),
}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_reaches_what_is_somebody_elses(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder, clock: SetClock, door: str
) -> None:
    event = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    before = archive.export_archive(services, ana)
    (answer,) = outbox.take_in(services, ben, [DOORS[door](talks, event, clock.now())])
    assert answer.state in (State.REFUSED, State.WAITS)
    assert answer.reason in ("There is no such ladder", "What this is about is not there, or was taken back")
    assert archive.export_archive(services, ana) == before
    assert evidence.log_of(services, ben) == []


def test_the_pocket_holds_ones_own_ladders_and_no_name_of_the_account(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder, clock: SetClock
) -> None:
    done = logged(talks, clock.now())
    outbox.take_in(services, ana, [done])
    ladders.name_ladder(services, ana, "No steps yet")
    mine = outbox.pocket(services, ana)
    assert [one.ladder.name for one in mine.ladders] == ["Talks"]
    assert mine.ladders[0].next in {step.id for step in talks.steps}
    assert [deed.event_id for deed in mine.ladders[0].waiting] == [done.id]
    theirs = outbox.pocket(services, ben)
    assert theirs.ladders == ()
    assert not set(mine.keys) & set(theirs.keys)
    assert ana not in "".join(mine.keys)
