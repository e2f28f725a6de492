"""When Rung asks once more how sure somebody is: where it tells most, and not on every visit."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import SetClock

from rung.app import evidence, outlook
from rung.app.climbing import ladders, steps
from rung.app.judging import feared_outcome, judgements_of, reasons_to_ask, worth_asking
from rung.app.model import Did, Ladder, PersonId, StepId
from rung.app.ports import Services
from rung.errors import InvalidInput, NotFound

Asks = Callable[[], dict[str, str]]


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c", "d", "e"])


def rate(services: Services, ana: PersonId, talks: Ladder, names: str = "abcde") -> None:
    ratings = {step.id: 50 for step in talks.climbing if step.name in names}
    evidence.judge(services, ana, talks.id, ratings)


@pytest.fixture
def asks(services: Services, ana: PersonId, talks: Ladder) -> Asks:
    """What is asked today, and why."""

    def asked() -> dict[str, str]:
        today = outlook.today(services, ana, talks.id)
        found: dict[str, str] = {one.step.name: one.why for one in reasons_to_ask(today)}
        assert [step.name for step in worth_asking(today)] == list(found)
        return found

    return asked


def test_before_a_first_judgement_and_right_after_it_nothing_is_asked(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks, clock: SetClock
) -> None:
    assert asks() == {}
    rate(services, ana, talks)
    assert asks() == {}
    clock.move(days=3)
    assert asks() == {}


def test_a_try_asks_about_the_step_and_those_beside_it_until_they_are_judged(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks, clock: SetClock
) -> None:
    rate(services, ana, talks)
    clock.move(hours=1)
    evidence.record(services, ana, talks.id, talks.steps[2].id, Did.TRIED)
    assert asks() == {"b": "beside", "c": "tried", "d": "beside"}
    clock.move(hours=1)
    rate(services, ana, talks, "cd")
    assert asks() == {"b": "beside"}


@pytest.mark.parametrize("did", [Did.AVOIDED, Did.SKIPPED])
def test_letting_a_step_pass_is_no_try(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks, clock: SetClock, did: Did
) -> None:
    rate(services, ana, talks)
    clock.move(hours=1)
    evidence.record(services, ana, talks.id, talks.steps[2].id, did)
    assert asks() == {}
    clock.move(days=14)
    assert asks() == dict.fromkeys("abcde", "long")


def test_a_step_that_came_later_is_asked_about(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks
) -> None:
    rate(services, ana, talks)
    steps.add_steps(services, ana, talks.id, ["new"], after=talks.steps[0].id)
    assert asks() == {"new": "new"}


def test_where_nothing_happens_the_band_widens_until_it_is_worth_asking(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks, clock: SetClock
) -> None:
    rate(services, ana, talks)
    clock.move(days=7)
    assert asks() == {}
    clock.move(days=160)
    assert set(asks().values()) == {"wider"}


def test_what_was_said_of_a_step_is_kept_when_it_is_retired(
    services: Services, ana: PersonId, talks: Ladder, clock: SetClock
) -> None:
    first, second = talks.steps[0].id, talks.steps[1].id
    evidence.judge(services, ana, talks.id, {first: 55, second: 10}, {first: 40})
    clock.move(days=1)
    evidence.judge(services, ana, talks.id, {first: 60})
    steps.retire_step(services, ana, talks.id, first)
    step, found = judgements_of(services, ana, talks.id, first)
    assert step.retired_at is not None
    assert [(one.rating, one.feared) for one in found] == [(0.55, 0.4), (0.6, None)]


def test_nobody_reads_what_somebody_else_said(services: Services, ben: PersonId, talks: Ladder) -> None:
    with pytest.raises(NotFound, match=r"^There is no such ladder$"):
        judgements_of(services, ben, talks.id, talks.steps[0].id)
    own = ladders.name_ladder(services, ben, "Runs", ["run"])
    with pytest.raises(NotFound, match=r"^There is no such step$"):
        judgements_of(services, ben, own.id, talks.steps[0].id)
    with pytest.raises(NotFound):
        judgements_of(services, ben, own.id, StepId("nothing"))


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_feared_outcome_weighs_no_more_than_either_half_of_it(likely: int, bad: int) -> None:
    assert 0 <= feared_outcome(likely, bad) <= min(likely, bad)
    assert feared_outcome(likely, bad) == feared_outcome(bad, likely)
    assert feared_outcome(100, bad) == bad


def test_what_one_has_to_manage_with_is_kept_once_with_the_judgement(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    sent, ratings = str(uuid4()), {step.id: 50 for step in talks.climbing}
    for _ in range(2):
        events = evidence.judge(
            services, ana, talks.id, ratings, event_id=sent, resources=" Sam\r\nand time "
        )
    assert evidence.texts_of(services, ana, events[0]) == {"resources": "Sam\nand time"}
    assert evidence.texts_of(services, ana, events[1]) == {}
    with pytest.raises(InvalidInput, match="manage"):
        evidence.judge(services, ana, talks.id, ratings, resources="x" * 4001)
