"""The body before an attempt: the person's own record with a strong body, and what was kept."""

from uuid import uuid4

import pytest
from tests.databases import SetClock

from rung.app import body, evidence
from rung.app.climbing import ladders
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Reflection, StepId
from rung.app.outlook import today
from rung.app.ports import Services
from rung.app.sources.body import note_state
from rung.errors import NotFound


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


def attempt(
    services: Services, clock: SetClock, ladder: Ladder, did: Did, arousal: float | None, step: int = 0
) -> EventId:
    clock.move(hours=1)
    event = evidence.record(services, ladder.person, ladder.id, ladder.steps[step].id, did)
    evidence.reflect(services, ladder.person, event, Reflection(arousal=arousal))
    return event


def test_the_last_time_that_a_strong_body_went_with_success_is_recalled(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    attempt(services, clock, talks, Did.DONE, 0.8, step=1)
    attempt(services, clock, talks, Did.DONE, 0.6, step=2)
    at = clock.now()
    attempt(services, clock, talks, Did.TRIED, 0.9)
    attempt(services, clock, talks, Did.DONE, 0.5)
    attempt(services, clock, talks, Did.DONE, None)
    found = body.readiness(services, ana, talks.id, talks.steps[0].id)
    assert found.last == body.Strong(talks.steps[2], at, 0.6)
    assert (found.tried, found.worked, found.elsewhere) == (3, 2, None)


def test_where_a_ladder_has_no_such_time_another_one_may(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    run = ladders.name_ladder(services, ana, "Run", ["run"])
    attempt(services, clock, run, Did.TRIED, 0.9)
    assert body.readiness(services, ana, run.id).elsewhere is None
    attempt(services, clock, talks, Did.DONE, 0.7)
    clock.move(hours=1)
    found = body.readiness(services, ana, run.id)
    assert (found.last, found.tried, found.worked, found.elsewhere) == (None, 1, 0, 0.7)


def test_what_was_taken_back_is_not_recalled(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    evidence.take_back(services, ana, attempt(services, clock, talks, Did.DONE, 0.9))
    found = body.readiness(services, ana, talks.id)
    assert (found.last, found.tried, found.elsewhere) == (None, 0, None)


def test_without_a_ladder_the_one_used_last_is_meant(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    ladders.name_ladder(services, ana, "Run", ["run"])
    attempt(services, clock, talks, Did.DONE, None)
    shelf = body.readiness(services, ana).shelf
    assert shelf.chosen is not None
    assert (shelf.chosen.id, len(shelf.ladders)) == (talks.id, 2)


def test_somebody_without_a_ladder_can_look(services: Services, ben: PersonId) -> None:
    assert body.readiness(services, ben).shelf.chosen is None


def test_a_state_comes_back_as_it_was_kept(services: Services, ana: PersonId, talks: Ladder) -> None:
    event = note_state(services, ana, talks.id, 0.7, 0.5, "My body is getting ready")
    assert body.kept_state(services, ana, event) == body.Kept(
        event, talks, 0.7, 0.5, "My body is getting ready"
    )
    evidence.take_back(services, ana, event)
    with pytest.raises(NotFound):
        body.kept_state(services, ana, event)


def test_a_body_read_as_ready_raises_belief_and_one_read_as_unable_lowers_it(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    def sure() -> float:
        return today(services, ana, talks.id).steps[1].efficacy.mean

    before = sure()
    first = note_state(services, ana, talks.id, 0.8, 1.0)
    assert sure() > before
    evidence.take_back(services, ana, first)
    note_state(services, ana, talks.id, 0.8, -1.0)
    assert sure() < before


def test_nobody_reaches_the_body_of_somebody_else(
    services: Services, clock: SetClock, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    event = note_state(services, ana, talks.id, 0.7, 0.5, "secret")
    attempt(services, clock, talks, Did.DONE, 0.9)
    own = ladders.name_ladder(services, ben, "Run", ["run"])
    with pytest.raises(NotFound, match="There is no such event"):
        body.kept_state(services, ben, event)
    with pytest.raises(NotFound, match="There is no such ladder"):
        body.readiness(services, ben, talks.id)
    with pytest.raises(NotFound, match="There is no such step"):
        body.readiness(services, ben, own.id, talks.steps[0].id)
    with pytest.raises(NotFound, match="There is no such ladder"):
        note_state(services, ben, talks.id, 0.5, 0.5)
    found = body.readiness(services, ben, own.id)
    assert (found.last, found.elsewhere) == (None, None)


def test_what_is_not_there_is_not_found(
    services: Services, clock: SetClock, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    tried = attempt(services, clock, talks, Did.DONE, 0.9)
    for event in (tried, EventId(str(uuid4())), EventId("x")):
        with pytest.raises(NotFound):
            body.kept_state(services, ana, event)
    with pytest.raises(NotFound):
        body.readiness(services, ana, LadderId(str(uuid4())))
    with pytest.raises(NotFound):
        body.readiness(services, ben, None, StepId(str(uuid4())))
