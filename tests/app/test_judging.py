"""When Rung asks once more how sure somebody is: where it tells most, and not on every visit."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import SetClock

from rung.app import evidence, outlook
from rung.app.climbing import ladders, steps
from rung.app.judging import feared_outcome, first_questions, judgements_of, left_out, reasons_to_ask
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
        assert list(found) == [one.step.name for one in today.steps if one.step.name in found]
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


def test_a_try_asks_about_the_step_and_those_that_tell_most_of_the_others(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks, clock: SetClock
) -> None:
    rate(services, ana, talks)
    clock.move(hours=1)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    asked = asks()
    assert asked.pop("a") == "tried"
    assert set(asked.values()) == {"tells"}
    assert 1 <= len(asked) <= 3
    clock.move(hours=1)
    rate(services, ana, talks, "a")
    assert asks() == {}


@pytest.mark.parametrize("did", [Did.AVOIDED, Did.SKIPPED])
def test_letting_a_step_pass_is_no_try(
    services: Services, ana: PersonId, talks: Ladder, asks: Asks, clock: SetClock, did: Did
) -> None:
    rate(services, ana, talks)
    clock.move(hours=1)
    evidence.record(services, ana, talks.id, talks.steps[2].id, did)
    assert asks() == {}
    clock.move(days=14)
    asked = asks()
    assert set(asked.values()) == {"long"}
    assert 1 <= len(asked) <= 3
    rate(services, ana, talks, "".join(asked))
    assert asks() == {}, "what the others say is enough for those that were left out"


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
    assert len(asks()) <= 3


@pytest.fixture
def long(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Long talks", [f"step {number}" for number in range(1, 13)])


def test_the_first_time_half_of_a_long_ladder_is_asked_about_and_that_is_enough(
    services: Services, ana: PersonId, long: Ladder
) -> None:
    today = outlook.today(services, ana, long.id)
    first = first_questions(today)
    assert len(first) == 6
    assert list(first) == [step for step in long.climbing if step in first], "easiest first"
    loss = left_out(today, [step.id for step in first])
    assert loss
    assert 0.25 > loss.error > 2 * loss.error_if_asked > 0.1
    assert left_out(today, [step.id for step in long.climbing]) is None
    assert left_out(today, [long.climbing[0].id]) is None
    assert left_out(today, []) is None
    evidence.judge(services, ana, long.id, {step.id: 50 for step in first})
    today = outlook.today(services, ana, long.id)
    assert today.level.missing is today.strength.missing is None
    left = {one.step for one in reasons_to_ask(today)}
    assert left <= {step for step in long.climbing if step.id == (today.recommendation.task or [0, ""])[1]}


def test_a_short_ladder_is_asked_about_as_a_whole(services: Services, ana: PersonId, talks: Ladder) -> None:
    assert first_questions(outlook.today(services, ana, talks.id)) == talks.climbing


def test_fewer_than_half_answered_asks_for_what_is_needed(
    services: Services, ana: PersonId, long: Ladder, clock: SetClock
) -> None:
    evidence.judge(services, ana, long.id, {step.id: 50 for step in long.climbing[:2]})
    today = outlook.today(services, ana, long.id)
    asked = reasons_to_ask(today)
    assert {one.why for one in asked} == {"new"}
    assert 4 <= len(asked) <= 5
    last = long.climbing[-1]
    evidence.judge(services, ana, long.id, {one.step.id: 50 for one in asked})
    clock.move(hours=1)
    evidence.record(services, ana, long.id, last.id, Did.TRIED)
    found = {one.step.id: one.why for one in reasons_to_ask(outlook.today(services, ana, long.id))}
    assert found[last.id] == "new"


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
