"""The loop of letting pass: when it is spoken of, and when somebody is left in peace."""

import pytest
from tests.databases import SetClock

from rung.app import evidence, history, outlook
from rung.app.accounts import people
from rung.app.avoiding import LoopNotice, loop_notice
from rung.app.climbing import ladders
from rung.app.model import Did, Ladder, PersonId, Reflection
from rung.app.ports import Services


@pytest.fixture
def driving(sqlite_services: Services, clock: SetClock, robin: PersonId) -> Ladder:
    made = ladders.name_ladder(sqlite_services, robin, "Drive again", ["sit", "round the block", "to town"])
    rated = dict(zip((step.id for step in made.steps), (80, 50, 30), strict=True))
    evidence.judge(sqlite_services, robin, made.id, rated)
    return made


@pytest.fixture
def robin(sqlite_services: Services) -> PersonId:
    return people.welcome(sqlite_services, "Robin", "correct horse battery").id


def log(
    services: Services, clock: SetClock, person: PersonId, ladder: Ladder, *dids: tuple[int, Did]
) -> None:
    for place, did in dids:
        clock.move(days=1)
        event_id = evidence.record(services, person, ladder.id, ladder.steps[place].id, did)
        if did is Did.DONE:
            evidence.reflect(services, person, event_id, Reflection(feared=0.8, happened=0.1))


def seen(services: Services, person: PersonId, ladder: Ladder) -> LoopNotice | None:
    found = history.history(services, person, ladder.id)
    assert found.today == outlook.today(services, person, ladder.id)
    assert found.today
    return loop_notice(found.today, found.fears)


def going_well(services: Services, clock: SetClock, person: PersonId, ladder: Ladder) -> None:
    """Ten times the middle step worked: so it is usually gone for."""
    log(services, clock, person, ladder, *[(1, Did.DONE)] * 10)


def doubting(services: Services, person: PersonId, ladder: Ladder) -> None:
    """Less sure of all steps than before, and more afraid."""
    steps = [step.id for step in ladder.steps]
    rated = dict(zip(steps, (40, 20, 10), strict=True))
    evidence.judge(services, person, ladder.id, rated, dict.fromkeys(steps, 70))


def test_letting_pass_what_is_usually_gone_for_is_spoken_of_with_what_the_record_says(
    sqlite_services: Services, clock: SetClock, robin: PersonId, driving: Ladder
) -> None:
    going_well(sqlite_services, clock, robin, driving)
    log(sqlite_services, clock, robin, driving, (1, Did.AVOIDED), (2, Did.AVOIDED))
    assert seen(sqlite_services, robin, driving) is None
    doubting(sqlite_services, robin, driving)
    log(sqlite_services, clock, robin, driving, (1, Did.AVOIDED), (0, Did.SKIPPED))
    found = seen(sqlite_services, robin, driving)
    assert found
    assert (found.passed, found.occasions, found.weeks, found.is_less_sure) == (3, 13, 2, False)
    assert (found.step, found.often) == (driving.steps[1], driving.steps[1])
    assert found.fears
    assert (found.fears.tries, found.fears.milder) == (10, 10)


def test_going_for_it_again_ends_it(
    sqlite_services: Services, clock: SetClock, robin: PersonId, driving: Ladder
) -> None:
    going_well(sqlite_services, clock, robin, driving)
    doubting(sqlite_services, robin, driving)
    log(sqlite_services, clock, robin, driving, *[(1, Did.AVOIDED)] * 4)
    assert seen(sqlite_services, robin, driving)
    log(sqlite_services, clock, robin, driving, (0, Did.TRIED))
    assert seen(sqlite_services, robin, driving) is None


def test_somebody_who_tries_as_often_as_not_is_left_in_peace(
    sqlite_services: Services, clock: SetClock, robin: PersonId, driving: Ladder
) -> None:
    log(sqlite_services, clock, robin, driving, *[(0, Did.TRIED), (1, Did.AVOIDED)] * 3)
    log(sqlite_services, clock, robin, driving, (0, Did.DONE))
    assert seen(sqlite_services, robin, driving) is None


def test_a_loop_of_long_ago_is_not_brought_up(
    sqlite_services: Services, clock: SetClock, robin: PersonId, driving: Ladder
) -> None:
    going_well(sqlite_services, clock, robin, driving)
    doubting(sqlite_services, robin, driving)
    log(sqlite_services, clock, robin, driving, *[(1, Did.AVOIDED)] * 4)
    clock.move(days=15)
    later = seen(sqlite_services, robin, driving)
    assert later
    assert later.weeks == 4
    clock.move(days=15)
    assert seen(sqlite_services, robin, driving) is None


def test_belief_that_falls_while_avoidance_rises_is_said_so(
    sqlite_services: Services, clock: SetClock, robin: PersonId, driving: Ladder
) -> None:
    steps = [step.id for step in driving.steps]
    # Windows are counted from 1970: begin with one.
    clock.move(seconds=14 * 86400 - clock.now().timestamp() % (14 * 86400))
    for rating, passed in ((45, 1), (35, 2), (25, 3)):
        evidence.judge(sqlite_services, robin, driving.id, dict.fromkeys(steps, rating))
        log(sqlite_services, clock, robin, driving, (0, Did.TRIED), *[(1, Did.AVOIDED)] * passed)
        clock.move(days=13 - passed)
    clock.move(days=-1)
    proposal = outlook.today(sqlite_services, robin, driving.id).recommendation
    assert proposal.pause
    assert proposal.pause.id == "belief-down-avoidance-up"
    found = seen(sqlite_services, robin, driving)
    assert found
    assert found.is_less_sure
