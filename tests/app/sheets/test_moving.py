"""Change against noise: which judgements are paired, and whose noise they are held against."""

import pytest
from tests.app.sheets.stage import Lived, live
from tests.conftest import join
from tests.databases import SetClock

from rung.app.model import Did
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets.moving import SHARED, noise_in, ratings_at
from rung.engine import Event, Parameters
from rung.engine.measures import noise_of_mean

P = Parameters()


def judged(task: str, time: float, value: float) -> Event:
    return Event("p", "d", task, time, "judgement", value)


def tried(task: str, time: float) -> Event:
    return Event("p", "d", task, time, "attempt", 1.0)


@pytest.fixture
def lived(sqlite_services: Services, clock: SetClock) -> Lived:
    return live(sqlite_services, clock, join(sqlite_services))


def test_the_judgement_that_stood_is_held_against_the_last_one_since() -> None:
    log = [judged("a", 1, 0.2), judged("a", 2, 0.3), judged("a", 5, 0.6), judged("a", 9, 0.7)]
    assert ratings_at(log, float("-inf"), 2) == {"a": 0.3}
    assert ratings_at(log, 2, 5) == {"a": 0.6}
    assert ratings_at(log, 9, 20) == {}


def test_a_change_is_told_over_the_steps_that_were_judged_twice(lived: Lived) -> None:
    lived.judge(50, 40, 30)
    lived.clock.move(weeks=5)
    assert lived.sheet().moved is None
    lived.judge(90, 60)
    moved = lived.sheet().moved
    assert moved is not None
    assert moved.steps == 2
    assert [moved.before, moved.after] == pytest.approx([0.45, 0.75])
    assert moved.noise.is_own is False
    assert moved.noise.pairs == 2
    assert moved.change.is_reliable
    assert [step.name for step, _ in moved.single] == ["step 0"]
    assert moved.change.error == pytest.approx(2**0.5 * noise_of_mean(moved.noise, 2))


def test_a_small_change_may_be_chance(lived: Lived) -> None:
    lived.judge(50, 40, 30, 20)
    lived.clock.move(weeks=5)
    lived.judge(60, 50, 30, 20)
    moved = lived.sheet().moved
    assert moved is not None
    assert not moved.change.is_reliable
    assert moved.single == ()


def test_the_noise_is_the_models_until_there_are_pairs_enough_and_then_the_persons_own() -> None:
    few = [judged("a", time, 0.5) for time in range(8)]
    assumed = noise_in(few, P)
    assert (assumed.is_own, assumed.pairs, assumed.shared) == (False, 7, SHARED)
    assert assumed.error == pytest.approx((P.rating_noise**2 + P.rating_step**2 / 12) ** 0.5)
    wavering = [judged("a", time, 0.5 + 0.2 * (time % 2)) for time in range(9)]
    own = noise_in(wavering, P)
    assert (own.is_own, own.pairs) == (True, 8)
    assert own.error == pytest.approx(0.2 / 2**0.5)
    steady = noise_in([judged("a", time, 0.5) for time in range(9)], P)
    assert steady.error == pytest.approx(P.rating_step / 12**0.5)


def test_a_pair_with_a_try_in_between_tells_nothing_of_noise() -> None:
    log = [event for time in range(0, 40, 2) for event in (judged("a", time, 0.5), tried("a", time + 1))]
    assert noise_in(log, P).pairs == 0
    of_another = [
        event for time in range(0, 40, 2) for event in (judged("a", time, 0.5), tried("b", time + 1))
    ]
    assert noise_in(of_another, P).pairs == 19


def test_somebody_who_wavers_much_needs_a_larger_change(lived: Lived) -> None:
    for time in range(10):
        lived.judge(*([30] * 4 if time % 2 else [70] * 4))
        lived.clock.move(days=1)
    lived.clock.move(weeks=5)
    lived.judge(80, 80, 80, 80)
    moved = lived.sheet().moved
    assert moved is not None
    assert moved.noise.is_own
    assert moved.change.least > 0.5
    assert not moved.change.is_reliable


def test_a_try_that_is_not_shown_does_not_part_a_pair(lived: Lived) -> None:
    lived.judge(50, 50, 50, 50)
    lived.go(0, Did.DONE)
    lived.clock.move(weeks=5)
    lived.judge(60, 60, 60, 60)
    known, hidden = lived.sheet().moved, lived.sheet(ALL_FIELDS - {Field.OUTCOMES}).moved
    assert known is not None
    assert hidden is not None
    assert (known.noise.pairs, hidden.noise.pairs) == (3, 4)
