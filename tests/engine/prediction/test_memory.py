"""What is remembered of a person: its formulas by hand, and what always holds."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import events

from rung.engine.events import Event, in_order
from rung.engine.parameters import Parameters
from rung.engine.prediction.memory import (
    Memory,
    Past,
    Trail,
    log_odds_by_judgements,
    log_odds_by_outcomes,
    remembered,
    told_log_odds,
)
from rung.engine.scales import sigmoid
from rung.engine.state import MAX_TASKS

P = Parameters()
DAY = 86_400.0
NEW_DOMAIN, NEW_TASK = Memory().of("talks", "ask")
shares = st.floats(0.0, 1.0)
tasks = st.sampled_from(["ask", "tell", "sing"])


def histories(most: int = 15, **chosen: Any) -> st.SearchStrategy[list[Event]]:
    """Some events of one person, of every kind, in order."""
    given_all: dict[str, Any] = {
        "people": st.just("ana"),
        "domains": st.sampled_from(["talks", "exams"]),
        "tasks": tasks,
        "times": st.floats(0, 400 * DAY),
        "ids": False,
        "strays": True,
        **chosen,
    }
    return st.lists(events(**given_all), max_size=most).map(in_order)


def after(*past: Event, start: Memory | None = None) -> Memory:
    memory = Memory() if start is None else start
    for event in past:
        memory = remembered(memory, event)
    return memory


def event(kind: str, value: float | None = None, task: str = "ask", time: float = 0.0, **more: Any) -> Event:
    return Event("ana", "talks", task, time, kind, value, **more)


def between(first: str, second: str, chose_first: float) -> Event:
    return event("choice", chose_first, first, context=f"versus:{second}")


def numbers_of(past: Past) -> list[float]:
    return [number for trail in past[:4] for number in trail] + [number or 0.0 for number in past[4:]]


def nearly_equal(one: Memory, other: Memory) -> None:
    """The same but for the last bits."""
    assert one.domains == other.domains
    assert {name: set(found) for name, found in one.tasks.items()} == {
        name: set(found) for name, found in other.tasks.items()
    }
    for domain, found in one.tasks.items():
        for task, past in found.items():
            assert numbers_of(past) == pytest.approx(numbers_of(other.tasks[domain][task]), abs=1e-12)


# Trails


@given(st.floats(-5, 5), st.floats(0.01, 4), st.floats(-1, 1), st.floats(0, 0.25), st.floats(0, 4))
def test_a_trail_moves_as_the_formula_says(
    mean: float, doubt: float, surprise: float, w: float, others: float
) -> None:
    total = doubt + others
    moved = Trail(mean, doubt).moved(surprise, w, total, 0.01, 100.0)
    assert moved.mean == pytest.approx(mean + doubt * surprise / (1 + w * total))
    assert moved.doubt == pytest.approx(doubt - w * doubt**2 / (1 + w * total) + 0.01)
    assert Trail(mean, doubt).moved(surprise, w, total, 0.01, doubt).doubt <= doubt


@given(st.floats(-3, 3), st.floats(0.05, 2), st.floats(0.05, 2), st.floats(-1, 1), st.floats(0.01, 0.25))
def test_trails_that_share_an_outcome_move_as_the_joint_gaussian_of_both(
    mean: float, one: float, other: float, surprise: float, w: float
) -> None:
    """s / w is what a reading of their sum with noise 1 / w differs by: the Kalman filter of the two."""
    covariance, h = np.diag([one, other]), np.ones(2)
    gain = covariance @ h / (h @ covariance @ h + 1.0 / w)
    exact = covariance - np.outer(gain, h @ covariance)
    for place, doubt in enumerate((one, other)):
        moved = Trail(mean, doubt).moved(surprise, w, one + other, 0.0, 100.0)
        assert moved.mean - mean == pytest.approx(gain[place] * surprise / w)
        assert moved.doubt == pytest.approx(exact[place, place])


def test_a_first_success_by_hand() -> None:
    domain, task = after(event("attempt", 1.0, time=900 * DAY, difficulty=0.5)).of("talks", "ask")
    p = sigmoid(-0.5)
    w, a, e = p * (1 - p), P.ability_spread**2, P.ability_task_spread**2
    assert domain.surprise == task.surprise == pytest.approx(1 - p)
    assert domain.ability.mean == pytest.approx(a * (1 - p) / (1 + w * (a + e)))
    assert task.ability.mean == pytest.approx(e * (1 - p) / (1 + w * (a + e)))
    assert domain.ability.doubt == pytest.approx(a - w * a**2 / (1 + w * (a + e)) + 0.0005)
    assert task.ability.doubt == pytest.approx(e - w * e**2 / (1 + w * (a + e)) + 0.0005)
    assert domain.form.mean == pytest.approx(a * (1 - p) / (1 + w * a))
    assert (domain.attempts, task.attempts, task.difficulty) == (1, 1, 0.5)
    assert log_odds_by_outcomes(domain, task, 0.5) == domain.ability.mean + task.ability.mean - 0.5


def test_a_first_judgement_by_hand() -> None:
    domain, task = after(event("judgement", 0.8, difficulty=1.0)).of("talks", "ask")
    b, t = P.set_point_spread**2 + P.belief_spread**2, P.task_spread**2
    p = sigmoid(P.prior_belief - P.slope)
    noise = P.rating_noise**2 + P.rating_step**2 / 12
    s, w = p * (1 - p) * (0.8 - p) / noise, (p * (1 - p)) ** 2 / noise
    assert domain.belief.mean - P.prior_belief == pytest.approx(b * s / (1 + w * (b + t)))
    assert task.belief.mean == pytest.approx(t * s / (1 + w * (b + t)))
    assert domain.said == task.said == 0.8
    expected = sigmoid(log_odds_by_judgements(domain, task, 1.0))
    assert p < expected < 0.8 + 0.05


def test_a_first_choice_by_hand() -> None:
    domain, task = after(event("choice", 0.0)).of("talks", "ask")
    total = P.approach_spread**2 + 1.0
    assert domain.bias.mean == pytest.approx(-(P.approach_spread**2) * 0.5 / (1 + 0.25 * total))
    assert task.bias.mean == pytest.approx(-0.5 / (1 + 0.25 * total))
    assert (task.chosen, domain.choices) == (-1.0, 1)


def test_smooth_means_by_hand() -> None:
    past = [event("feedback", 1.0), event("attempt", None, feedback=0.2), event("feedback", 0.6)]
    told = 0.0
    for value in (1.0, 0.2, 0.6):
        told += 0.3 * (told_log_odds(value) - told)
    assert after(*past).of("talks", "ask")[0].told == pytest.approx(told)
    domain, task = after(event("model", 1.0), event("persuasion", 0.7, task="tell")).of("talks", "ask")
    assert task.heard == pytest.approx(0.3 * told_log_odds(1.0))
    assert domain.heard == pytest.approx(0.7 * task.heard + 0.3 * told_log_odds(0.7))


def test_calibration_is_what_outcomes_were_above_the_judgements_before_them() -> None:
    past = [
        event("attempt", 1.0),
        event("judgement", 0.6),
        event("attempt", 1.0),
        event("attempt", 0.0, task="tell"),
        event("judgement", 0.9, task="tell"),
        event("attempt", 0.0, task="tell"),
        event("attempt", 0.0),
    ]
    expected = 0.0
    for outcome, said in [(1.0, 0.6), (0.0, 0.6), (0.0, 0.9), (0.0, 0.6)]:
        expected += 0.3 * (outcome - said - expected)
    assert after(*past).of("talks", "ask")[0].calibration == pytest.approx(expected)


def test_told_chances_are_log_odds_that_stay_within_bounds() -> None:
    assert told_log_odds(0.5) == 0.0
    assert told_log_odds(1.0) == pytest.approx(math.log(49))
    assert told_log_odds(0.0) == pytest.approx(-math.log(49))
    assert [told_log_odds(chance) for chance in (0.0, 0.1, 0.5, 0.9, 1.0)] == sorted(
        map(told_log_odds, (0.0, 0.1, 0.5, 0.9, 1.0))
    )


@pytest.mark.parametrize("kind", ["state", "attempt"])
def test_a_bodily_state_is_a_threat_as_far_as_it_is_read_as_one(kind: str) -> None:
    for appraisal, share in [(-1.0, 1.0), (None, 0.5), (0.0, 0.5), (1.0, 0.0)]:
        felt = event(kind, None, time=7.0, arousal=0.8, appraisal=appraisal)
        domain, _ = after(felt).of("talks", "ask")
        assert domain.threat == pytest.approx(0.8 * share)
        assert domain.felt == 7.0


# What always holds


@given(histories())
def test_all_that_is_remembered_is_finite_and_no_doubt_exceeds_the_first(past: list[Event]) -> None:
    memory = after(*past)
    pairs = [(found, NEW_DOMAIN) for found in memory.domains.values()]
    pairs += [(found, NEW_TASK) for tasks in memory.tasks.values() for found in tasks.values()]
    for found, new in pairs:
        for trail, first in zip(found[:4], new[:4], strict=True):
            assert math.isfinite(trail.mean)
            assert 0.0 < trail.doubt <= first.doubt
        assert all(math.isfinite(number) for number in found[4:] if number is not None)


@given(histories(times=st.floats(-1e12, 1e12)), st.sampled_from([-1e3, -40.0, 40.0, 1e3]))
def test_no_difficulty_and_no_time_is_too_far(past: list[Event], difficulty: float) -> None:
    memory = after(*(each._replace(difficulty=difficulty) for each in past))
    for domain in memory.domains.values():
        assert all(math.isfinite(number) for trail in domain[:4] for number in trail)


@given(histories(), shares, st.floats(-3, 3))
def test_an_outcome_better_than_expected_raises_every_trail_of_ability_and_no_other(
    past: list[Event], outcome: float, difficulty: float
) -> None:
    memory = after(*past)
    then = remembered(memory, event("attempt", outcome, time=500 * DAY, difficulty=difficulty))
    domain, task = memory.of("talks", "ask")
    domain_then, task_then = then.of("talks", "ask")
    surprise = outcome - sigmoid(log_odds_by_outcomes(domain, task, difficulty))
    assert task_then.surprise == domain_then.surprise == pytest.approx(surprise, abs=1e-12)
    for one, other in ((domain.ability, domain_then.ability), (task.ability, task_then.ability)):
        assert (other.mean - one.mean) * surprise >= 0.0
    late = outcome - sigmoid(domain.form.mean - difficulty)
    assert (domain_then.form.mean - domain.form.mean) * late >= 0.0
    assert (domain_then.belief, domain_then.bias) == (domain.belief, domain.bias)
    assert (task_then.belief, task_then.bias) == (task.belief, task.bias)


@given(histories(), shares)
def test_a_judgement_moves_belief_towards_itself_and_no_other_trail(past: list[Event], said: float) -> None:
    memory = after(*past)
    domain, task = memory.of("talks", "ask")
    domain_then, task_then = remembered(memory, event("judgement", said)).of("talks", "ask")
    expected = sigmoid(log_odds_by_judgements(domain, task, task.difficulty))
    for one, other in ((domain.belief, domain_then.belief), (task.belief, task_then.belief)):
        assert (other.mean - one.mean) * (said - expected) >= 0.0
    assert (domain_then.ability, domain_then.form, domain_then.bias) == (
        domain.ability,
        domain.form,
        domain.bias,
    )
    assert (task_then.ability, task_then.bias) == (task.ability, task.bias)


@given(histories(), st.sampled_from([0.0, 1.0]), st.floats(-6, 6))
def test_a_choice_between_two_tasks_is_the_same_told_either_way_round(
    past: list[Event], first: float, difficulty: float
) -> None:
    memory = after(*past)
    one = remembered(memory, between("ask", "tell", first))
    other = remembered(memory, between("tell", "ask", 1.0 - first)._replace(difficulty=difficulty))
    nearly_equal(one, other)
    moved = [
        then.of("talks", task)[1].bias.mean - memory.of("talks", task)[1].bias.mean
        for then, task in ((one, "ask"), (one, "tell"))
    ]
    assert moved[0] >= 0.0 >= moved[1] if first else moved[0] <= 0.0 <= moved[1]
    assert one.of("talks", "ask")[0].bias == memory.of("talks", "ask")[0].bias


@given(histories(), events(kinds=["note"], people=st.just("ana"), ids=False, strays=True))
def test_a_note_changes_nothing(past: list[Event], note: Event) -> None:
    memory = after(*past)
    assert remembered(memory, note) is memory


@given(histories())
def test_domains_do_not_know_of_each_other(past: list[Event]) -> None:
    together = after(*past)
    for domain in ("talks", "exams"):
        alone = after(*(each for each in past if each.domain == domain))
        assert together.domains.get(domain) == alone.domains.get(domain)
        assert together.tasks.get(domain) == alone.tasks.get(domain)


@given(histories())
def test_a_log_that_is_replayed_gives_the_same_memory_to_the_last_bit(past: list[Event]) -> None:
    memory = Memory()
    for each in past:
        memory = pickle.loads(pickle.dumps(remembered(memory, each)))
    again = after(*past)
    assert again == memory
    assert repr(again) == repr(memory)


@given(histories(), events(people=st.just("ana"), domains=st.just("talks"), tasks=tasks, ids=False))
def test_nothing_is_written_to_what_was_given(past: list[Event], another: Event) -> None:
    memory = after(*past)
    before = repr(memory)
    remembered(memory, another)
    assert repr(memory) == before


def test_somebody_of_whom_nothing_is_known_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Memory())) == Memory()
    assert Memory().of("talks", "ask") == (NEW_DOMAIN, NEW_TASK)


# Tasks


def test_the_tasks_that_came_up_last_are_kept_and_the_rest_of_the_domain_stays() -> None:
    names = [f"task {number}" for number in range(MAX_TASKS + 10)]
    told = [event("attempt", 1.0, name, float(number)) for number, name in enumerate(names)]
    memory = after(*told, event("attempt", 0.0, names[20], 99.0))
    kept = [*names[10:20], *names[21:], names[20]]
    assert list(memory.tasks["talks"]) == kept
    assert memory.domains["talks"].attempts == MAX_TASKS + 11
    assert memory.of("talks", names[0])[1] == NEW_TASK
    assert memory.of("talks", names[20])[1].attempts == 2


def test_both_tasks_of_a_choice_came_up() -> None:
    names = [f"task {number}" for number in range(MAX_TASKS)]
    memory = after(*(event("attempt", 1.0, name) for name in names), between("one", "two", 1.0))
    assert list(memory.tasks["talks"]) == [*names[2:], "one", "two"]
    assert memory.of("talks", "one")[1].chosen == 1.0
    assert memory.of("talks", "two")[1].chosen == -1.0


def test_memory_does_not_grow_with_what_happened() -> None:
    random = np.random.default_rng(0)
    kinds = ["judgement", "attempt", "feedback", "model", "persuasion", "choice"]

    def size(count: int) -> int:
        past = [
            event(kinds[number % 6], float(random.integers(2)), f"task {random.integers(100)}", float(number))
            for number in range(count)
        ]
        return len(pickle.dumps(after(*past)))

    assert size(4_000) < 1.3 * size(1_000)


def test_the_difficulty_and_the_fear_are_those_told_last() -> None:
    past = [
        event("judgement", 0.5, difficulty=1.0, feared=0.8),
        event("attempt", None, difficulty=-2.0),
        event("attempt", None, feared=0.1),
        event("attempt", None),
    ]
    told = [after(*past[: count + 1]).of("talks", "ask")[1] for count in range(4)]
    assert [task.difficulty for task in told] == [1.0, -2.0, -2.0, -2.0]
    assert [task.feared for task in told] == [0.8, 0.8, 0.1, 0.1]


# What it finds


def test_ability_is_found_where_there_is_enough_to_learn_from() -> None:
    random = np.random.default_rng(1)
    memory, ability = Memory(), 1.2
    off = []
    for number in range(600):
        difficulty = float(random.normal())
        worked = float(random.random() < sigmoid(ability - difficulty))
        task = f"task {number % 3}"
        memory = remembered(memory, event("attempt", worked, task, 60.0 * number, difficulty=difficulty))
        domain, found = memory.of("talks", task)
        if number >= 300:
            off.append(domain.ability.mean + found.ability.mean - ability)
    assert abs(float(np.mean(off))) < 0.3


def test_form_follows_a_change_sooner_than_ability() -> None:
    past = [event("attempt", float(number < 40), time=float(number)) for number in range(50)]
    domain: Past = after(*past).of("talks", "ask")[0]
    assert domain.form.mean < 0.0 < domain.ability.mean
    assert domain.form.doubt > domain.ability.doubt


def test_a_long_pause_makes_ability_doubtful_again() -> None:
    past = [event("attempt", float(number % 2), time=float(number)) for number in range(30)]
    doubts = [
        after(*past, event("attempt", 1.0, time=days * DAY)).of("talks", "ask")[0].ability.doubt
        for days in (1, 30, 300)
    ]
    assert doubts == sorted(doubts)
    assert doubts[0] < doubts[2] <= NEW_DOMAIN.ability.doubt
