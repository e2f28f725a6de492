"""Ladders beside each other: each one now and before, and no number over them all."""

from dataclasses import fields

import pytest
from tests.app.test_outlook import counted_queries
from tests.databases import SetClock

from rung.app import evidence, outlook
from rung.app.across import Across, across
from rung.app.climbing import ladders
from rung.app.model import Did, Ladder, PersonId
from rung.app.ports import Services


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


def judge(services: Services, person: PersonId, ladder: Ladder, rating: int) -> None:
    evidence.judge(services, person, ladder.id, {step.id: rating for step in ladder.steps})


def test_each_ladder_stands_as_on_its_own_page_and_as_it_was(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    judge(services, ana, talks, 30)
    then = outlook.today(services, ana, talks.id).strength
    first = clock.now()
    for _ in range(6):
        clock.move(days=2)
        evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    (row,) = across(services, ana).rows
    assert row.today == outlook.today(services, ana, talks.id)
    assert row.then
    assert (row.then.at, row.then.mean, row.then.low, row.then.high) == (first, *then[:3])
    clock.move(weeks=8)
    (row,) = across(services, ana).rows
    assert row.then is None, "nothing has happened in eight weeks"


def test_what_has_spread_is_named_and_never_counted_into_one(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    clock.move(minutes=1)
    running = ladders.name_ladder(services, ana, "Running", ["a", "b", "c"])
    clock.move(minutes=1)
    empty = ladders.name_ladder(services, ana, "Singing")
    gone = ladders.name_ladder(services, ana, "Maths", ["sum"])
    for ladder, rating in ((talks, 80), (running, 20), (gone, 90)):
        judge(services, ana, ladder, rating)
    ladders.archive_ladder(services, ana, gone.id)
    found = across(services, ana)
    assert [row.today.ladder.id for row in found.rows] == [talks.id, running.id, empty.id]
    assert (set(found.known), found.reaching, found.newly) == ({talks.id, running.id}, (talks.id,), ())
    clock.move(days=7)
    judge(services, ana, running, 90)
    found = across(services, ana)
    assert set(found.reaching) == {talks.id, running.id}
    assert found.newly == (running.id,)
    assert not any(field.type in ("float", "int", "Estimate") for field in fields(Across))


def test_the_page_takes_few_queries(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    for _ in range(10):
        clock.move(hours=1)
        judge(services, ana, ladders.name_ladder(services, ana, "More", ["a", "b"]), 40)
    with counted_queries(services) as queries:
        across(services, ana)
    assert len(queries) <= 6


def test_it_tells_nothing_of_others(services: Services, ana: PersonId, ben: PersonId, talks: Ladder) -> None:
    judge(services, ana, talks, 60)
    assert across(services, ben) == Across((), (), (), ())
