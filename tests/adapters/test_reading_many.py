"""Reading many people at once tells the same as reading each of them, however many there are."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.app.coaching.bonds import seed_people
from tests.conftest import join
from tests.databases import SetClock, counted

from rung.app import evidence
from rung.app.beliefs import believer, saved_believers
from rung.app.model import Did, LadderId, PersonId
from rung.app.ports import Read, Services
from rung.app.sharing.fields import Field


@pytest.fixture
def many(services: Services) -> list[PersonId]:
    return seed_people(services, join(services, "Lee"), 7, weeks=3)


def test_logs_names_and_ladders_are_those_of_each(
    services: Services, many: list[PersonId], clock: SetClock
) -> None:
    nobody = PersonId(str(uuid4()))
    since = (clock.now() - timedelta(days=7)).timestamp()
    with services.store.reading() as tx:
        whole, late = tx.evidence.logs([*many, nobody]), tx.evidence.logs(many, since)
        for person in many:
            assert whole[person] == tx.evidence.log(person)
            assert late[person] == tx.evidence.log(person, since=since)
        mixed = tx.evidence.logs(many, since, whole=many[:2])
        assert mixed == {**late, **{person: whole[person] for person in many[:2]}}
        assert whole[nobody] == []
        assert tx.evidence.standings([*many, nobody]) == {one: tx.evidence.standing(one) for one in many}
        accounts = {person: tx.people.get(person) for person in many}
        assert tx.people.names([*many, nobody]) == {
            one: found.name for one, found in accounts.items() if found
        }
        ladders = [tx.ladders.of(person)[0] for person in many]
        found = tx.ladders.of_many(many, [ladder.id for ladder in ladders])
        assert sorted(found, key=lambda one: one.id) == sorted(ladders, key=lambda one: one.id)
        assert tx.ladders.of_many(many[:1], [ladders[1].id]) == []
        assert tx.ladders.of_many([nobody], [LadderId(str(uuid4()))]) == []


def test_only_states_that_stand_on_the_whole_log_are_used(
    services: Services, many: list[PersonId], clock: SetClock
) -> None:
    first, second = many[0], many[1]
    with services.store.reading() as tx:
        ladders = {person: tx.ladders.of(person)[0] for person in many}
        entry = tx.evidence.log(first)[0]
        assert saved_believers(services, tx, tx.evidence.standings(many)) == {}
    clock.move(days=1)
    for person in (first, second):
        step = ladders[person].steps[0].id
        evidence.record(services, person, ladders[person].id, step, Did.DONE)
    with services.store.writing(second) as tx:
        event = entry.event._replace(person=second, domain=ladders[second].id, id=str(uuid4()))
        tx.evidence.append([type(entry)(event, clock.now())])
    with services.store.reading() as tx, counted(services) as queries:
        usable = saved_believers(services, tx, tx.evidence.standings(many))
        assert len(queries) == 2
        assert list(usable) == [first]
        assert usable[first] == believer(services, tx, first)


def test_a_look_is_noted_once_under_its_id(services: Services, many: list[PersonId], clock: SetClock) -> None:
    key = str(uuid4())
    looks = [
        Read(one, key, clock.now(), "Lee", "caseload", None, frozenset({Field.OUTCOMES})) for one in many
    ]
    with services.store.writing() as tx:
        tx.reads.add_once(looks[:3])
        tx.reads.add_once(looks)
        tx.reads.add_once([])
    with services.store.reading() as tx:
        assert [tx.reads.of(person, 10) for person in many] == [[look] for look in looks]
