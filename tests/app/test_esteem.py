"""Self-esteem: off until it is turned on, asked once a week, deleted at will, and mixed into nothing."""

from datetime import timedelta

import pytest
from tests.databases import SetClock

from rung.app import esteem, evidence, outlook
from rung.app.accounts import people
from rung.app.accounts.preferences import preferences_of
from rung.app.climbing import ladders
from rung.app.model import Did, PersonId
from rung.app.ports import Services
from rung.errors import Conflict, InvalidInput, NotFound


def values(services: Services, person: PersonId) -> list[int]:
    return [note.value for note in esteem.esteem_of(services, person).notes]


def test_it_is_off_until_somebody_turns_it_on(services: Services, ana: PersonId) -> None:
    assert not esteem.esteem_of(services, ana).is_on
    with pytest.raises(Conflict):
        esteem.note(services, ana, 4)
    esteem.turn_on(services, ana)
    assert preferences_of(services, ana).esteem == "yes"
    esteem.note(services, ana, 4)
    esteem.turn_off(services, ana)
    found = esteem.esteem_of(services, ana)
    assert not found.is_on
    assert values(services, ana) == [4], "what was noted stays"


def test_it_is_asked_once_a_week_and_a_form_sent_twice_counts_once(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    esteem.turn_on(services, ana)
    assert esteem.esteem_of(services, ana).next_at is None
    esteem.note(services, ana, 3)
    esteem.note(services, ana, 3)
    assert esteem.esteem_of(services, ana).next_at == clock.now() + timedelta(days=7)
    with pytest.raises(Conflict):
        esteem.note(services, ana, 5)
    clock.move(days=7)
    esteem.note(services, ana, 5)
    assert values(services, ana) == [3, 5]


@pytest.mark.parametrize("value", [None, 0, 8, -1])
def test_an_answer_is_one_to_seven(services: Services, ana: PersonId, value: int | None) -> None:
    esteem.turn_on(services, ana)
    with pytest.raises(InvalidInput):
        esteem.note(services, ana, value)
    assert values(services, ana) == []


def test_answers_can_be_deleted_one_by_one_and_all(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    esteem.turn_on(services, ana)
    for value in (1, 2, 3):
        esteem.note(services, ana, value)
        clock.move(days=7, microseconds=1)
    notes = esteem.esteem_of(services, ana).notes
    esteem.forget(services, ana, notes[1].at)
    assert values(services, ana) == [1, 3]
    for at in (notes[1].at, notes[0].at.replace(tzinfo=None)):
        with pytest.raises(NotFound):
            esteem.forget(services, ana, at)
    esteem.forget_all(services, ana)
    assert values(services, ana) == []


def test_it_changes_nothing_of_what_rung_believes(services: Services, clock: SetClock, ana: PersonId) -> None:
    talks = ladders.name_ladder(services, ana, "Talks", ["a", "b"])
    evidence.judge(services, ana, talks.id, {step.id: 50 for step in talks.steps})
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    with services.store.reading() as tx:
        before = (tx.states.get(ana), tx.evidence.log(ana), tx.evidence.standing(ana))
    stood = outlook.today(services, ana, talks.id)
    esteem.turn_on(services, ana)
    esteem.note(services, ana, 1)
    with services.store.reading() as tx:
        assert (tx.states.get(ana), tx.evidence.log(ana), tx.evidence.standing(ana)) == before
    assert outlook.today(services, ana, talks.id) == stood


def test_it_is_each_persons_own(services: Services, ana: PersonId, ben: PersonId) -> None:
    for person, value in ((ana, 2), (ben, 6)):
        esteem.turn_on(services, person)
        esteem.note(services, person, value)
    assert (values(services, ana), values(services, ben)) == ([2], [6])
    at = esteem.esteem_of(services, ana).notes[0].at
    esteem.forget(services, ben, at)
    assert (values(services, ana), values(services, ben)) == ([2], []), "the moment names one's own answer"
    esteem.forget_all(services, ben)
    assert values(services, ana) == [2]
    with pytest.raises(NotFound):
        esteem.esteem_of(services, PersonId("nobody"))


def test_it_goes_with_the_account(services: Services, ana: PersonId) -> None:
    esteem.turn_on(services, ana)
    esteem.note(services, ana, 2)
    people.delete_account(services, ana, "correct horse")
    with services.store.reading() as tx:
        assert tx.esteem.of(ana) == []
