"""The next step: looking ahead within what is likely enough, its reasons, its bridges, and after the goal."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.planning.talk import (
    DAY,
    ENGINE,
    LADDER,
    NAMES,
    chances,
    chose,
    ids,
    judged,
    place,
    step,
    tried,
)

from rung import Event, Ladder, Person
from rung.engine.planning import REASONS
from rung.engine.planning.rungs import GONE_FOR, REACH, rungs_of
from rung.engine.scales import logit

THERE = [*judged(0.95, 0.9, 0.8, 0.7, 0.6), tried(4, 1.0, 1), tried(4, 1.0, 2)]
"""Somebody for whom the last step has worked twice."""


LADDERS = (
    (0.95, 0.8, 0.6, 0.4, 0.1),
    (0.9, 0.7, 0.5, 0.3, 0.1),
    (0.6, 0.5, 0.4, 0.3, 0.2),
    (0.9, 0.8, 0.8, 0.7, 0.6),
)


def test_a_higher_dial_never_gives_a_harder_step_and_now_and_then_an_easier_one() -> None:
    differs = 0
    for ratings in LADDERS:
        for days in range(4):
            past = [*judged(*ratings), *(tried(0, 1.0, 1 + day) for day in range(days))]
            places = [place(step(*past, wanted=wanted)) for wanted in (0.6, 0.75, 0.9)]
            assert places == sorted(places, reverse=True)
            differs += places[0] > places[-1]
    assert differs >= 4


@pytest.mark.parametrize("wanted", [0.6, 0.75])
@pytest.mark.parametrize("ratings", LADDERS[:3])
def test_doing_it_moves_the_next_step_up(ratings: tuple[float, ...], wanted: float) -> None:
    past = judged(*ratings)
    before = step(*past, wanted=wanted)
    after = step(*past, *(tried(place(before), 1.0, day) for day in range(1, 7)), wanted=wanted)
    assert place(after) > place(before)


def test_nothing_known_says_so_and_still_proposes_a_first_step() -> None:
    first = step()
    assert ids(first)[:3] == ["near-wanted-chance", "not-judged-yet", "not-enough-data"]
    assert place(first) == 0


def test_reasons_carry_the_numbers_of_the_persons_own_record() -> None:
    past = [*judged(0.9, 0.8, 0.7, 0.3, 0.1), tried(0, 1.0, 1), tried(1, 1.0, 2), tried(1, 0.5, 3)]
    for wanted in (0.6, 0.75, 0.9):
        chosen = step(*past, wanted=wanted)
        numbers = {reason.id: reason.numbers for reason in chosen.reasons}
        at = place(chosen)
        record = {0: (1.0, 1.0), 1: (1.5, 2.0)}
        told = [("managed-before", record.get(at)), ("managed-below", record.get(at - 1))]
        for reason, tries in told:
            assert (reason in numbers) is (tries is not None)
            assert tries is None or numbers[reason] == dict(zip(("worked", "attempts"), tries, strict=True))
        assert numbers["rated"] == {"rating": (0.9, 0.8, 0.7, 0.3, 0.1)[at]}
        nearness = next(numbers[reason] for reason in numbers if reason.endswith(("-chance", "-wanted")))
        assert nearness == {"chance": chosen.chance.mean, "wanted": wanted}


def test_a_gap_in_the_ladder_is_bridged_between_its_two_sides() -> None:
    ladder = Ladder.of("talk", NAMES[0], NAMES[4])
    past = [
        event._replace(difficulty=task.difficulty)
        for task, rating in zip(ladder.tasks, (1.0, 0.0), strict=True)
        for event in [Event("ana", "talk", task.name, 0.0, "judgement", rating)]
    ]
    past += [
        Event("ana", "talk", NAMES[0], day * DAY, "attempt", 1.0, -1.5, feedback=1.0) for day in (1, 2, 3, 4)
    ]
    past += [Event("ana", "talk", NAMES[4], 5 * DAY, "attempt", 0.0, 1.5, feedback=0.0)]
    chosen = ENGINE.next_step(ENGINE.replay(past), ladder, 0.6)
    assert chosen.bridge is not None
    assert chosen.bridge.below == ladder.tasks[0]
    assert -1.5 < chosen.bridge.difficulty < 1.5


def test_a_ladder_on_which_everything_stands_firm_says_so() -> None:
    past = judged(1.0, 1.0, 1.0, 1.0, 1.0)
    past += [tried(place, 1.0, day) for day in range(1, 13) for place in range(5)]
    chosen = step(*past)
    assert "all-stand-firm" in ids(chosen)
    assert "above-wanted-chance" in ids(chosen)


def test_assurances_and_a_racing_heart_do_not_change_the_step() -> None:
    past = judged(0.8, 0.7, 0.6, 0.5, 0.4)
    said = [
        Event("ana", "talk", "", (1 + day) * DAY, "persuasion", 0.95, credibility=1.0) for day in range(9)
    ]
    heart = Event("ana", "talk", "", 10 * DAY, "state", arousal=1.0, appraisal=-1.0)
    before, after = ENGINE.replay(past), ENGINE.replay([*past, *said, heart])
    for task in LADDER.tasks:
        plain, cheered = (ENGINE.chance_of_success(person, task, at=10 * DAY) for person in (before, after))
        assert cheered.mean == pytest.approx(plain.mean, abs=0.01)
    assert (
        ENGINE.next_step(before, LADDER, at=10 * DAY).task
        == ENGINE.next_step(after, LADDER, at=10 * DAY).task
    )


def test_an_empty_ladder_has_no_next_step() -> None:
    assert ENGINE.next_step(Person(), Ladder("talk", ())).task is None


@pytest.mark.parametrize("wanted", [0.0, 1.0, 75.0])
def test_a_wanted_chance_outside_0_to_1_is_refused(wanted: float) -> None:
    with pytest.raises(ValueError, match="wanted_chance"):
        ENGINE.next_step(Person(), LADDER, wanted)


def test_a_bridge_is_proposed_where_it_saves_days_half_way_between_its_sides() -> None:
    chosen = step(*judged(0.9, 0.7, 0.5, 0.5, 0.4), tried(0, 0.0, 1), tried(0, 0.0, 2))
    assert chosen.bridge is not None
    assert chosen.bridge.sooner >= 1.0
    assert chosen.bridge.above == LADDER.tasks[0]
    assert chosen.bridge.difficulty == pytest.approx((LADDER.tasks[0].difficulty or 0.0) - 0.5)


def test_the_goal_reached_nothing_is_looked_ahead_and_the_nearest_to_the_wanted_chance_is_proposed() -> None:
    odds = [logit(chance) for chance in chances(*THERE)]
    for wanted in (0.6, 0.75, 0.9):
        chosen = step(*THERE, wanted=wanted)
        assert chosen.days is None
        assert chosen.before == ()
        assert not {"ahead", "before-model", "before-assurance"} & set(ids(chosen))
        assert place(chosen) == min(range(5), key=lambda at: abs(odds[at] - logit(wanted)))


def test_the_goal_reached_once_is_not_reached_yet() -> None:
    assert step(*THERE[:-1]).days is not None


def test_the_goal_reached_what_worked_and_was_not_tried_for_four_weeks_is_tested_again() -> None:
    past = [*THERE, tried(1, 1.0, 10)]
    assert "test-again" not in ids(step(*past, day=29.9))
    chosen = step(*past, day=35)
    assert place(chosen) == 4
    assert next(reason.numbers for reason in chosen.reasons if reason.id == "test-again") == {"days": 33.0}
    lately = step(*past, tried(4, 1.0, 34), day=40)
    assert place(lately) == 1
    assert "test-again" in ids(lately)


def test_the_goal_reached_and_proposed_again_other_conditions_make_it_hold() -> None:
    past = judged(1.0, 1.0, 1.0, 1.0, 1.0)
    past += [tried(at, 1.0, day) for day in range(1, 13) for at in range(5)]
    chosen = step(*past)
    assert place(chosen) == 4
    assert next(reason.numbers for reason in chosen.reasons if reason.id == "vary-context") == {
        "worked": 12.0
    }


histories = st.lists(
    st.tuples(
        st.integers(0, 4), st.sampled_from(["judged", "tried", "chose"]), st.sampled_from([0.0, 0.5, 1.0])
    ),
    max_size=30,
)


def happened(number: int, kind: str, value: float, day: float) -> Event:
    if kind == "tried":
        return tried(number, value, day)
    if kind == "chose":
        return chose(number, float(value > 0), day)
    task = LADDER.tasks[number]
    return Event("ana", "talk", task.name, day * DAY, "judgement", value, task.difficulty)


@given(histories, st.sampled_from([0.6, 0.75, 0.9]))
def test_every_answer_is_on_the_ladder_explained_and_the_same_again(
    history: list[tuple[int, str, float]], wanted: float
) -> None:
    past = [happened(number, kind, value, float(day)) for day, (number, kind, value) in enumerate(history)]
    chosen = step(*past, wanted=wanted)
    assert chosen == step(*past, wanted=wanted)
    assert chosen.task in LADDER.tasks
    assert set(ids(chosen)) <= set(REASONS)
    assert chosen.easier is None or chosen.easier.task == LADDER.tasks[place(chosen) - 1]
    if chosen.bridge is not None and chosen.bridge.below is not None:
        assert (chosen.bridge.below.difficulty or 0) < chosen.bridge.difficulty
        assert chosen.bridge.difficulty < (chosen.bridge.above.difficulty or 0)


@given(histories, st.sampled_from([0.6, 0.75, 0.9]))
def test_the_dial_is_a_limit_as_long_as_anything_is_likely_enough(
    history: list[tuple[int, str, float]], wanted: float
) -> None:
    past = [happened(number, kind, value, float(day)) for day, (number, kind, value) in enumerate(history)]
    chosen = step(*past, wanted=wanted)
    if chosen.days is None or chosen.task is None:
        return
    person = ENGINE.replay(past)
    lies_within = logit(chosen.chance.mean) >= logit(wanted) - REACH
    goes = ENGINE.chance_of_approach(person, chosen.task).mean
    if lies_within and goes >= GONE_FOR:
        return
    for task in LADDER.tasks[: place(chosen)]:
        if task in chosen.resting:
            continue
        is_likely = logit(ENGINE.chance_of_success(person, task).mean) >= logit(wanted) - REACH
        assert not (is_likely and ENGINE.chance_of_approach(person, task).mean >= GONE_FOR)


@given(histories, st.sampled_from([0.6, 0.75, 0.9]))
def test_no_step_is_proposed_two_above_what_has_worked_or_was_judged_likely(
    history: list[tuple[int, str, float]], wanted: float
) -> None:
    past = [happened(number, kind, value, float(day)) for day, (number, kind, value) in enumerate(history)]
    chosen = step(*past, wanted=wanted)
    if chosen.days is None or place(chosen) < 2:
        return
    person = ENGINE.replay(past)
    rungs = rungs_of(person.domains["talk"], LADDER, ENGINE.parameters)
    assert any(rung.is_held for rung in rungs[place(chosen) - 1 :])


@pytest.mark.parametrize("wanted", [0.6, 0.75, 0.9])
def test_who_doubts_the_last_step_is_led_there_step_by_step(wanted: float) -> None:
    past, reached = list(judged(0.7, 0.35, 0.3, 0.25, 0.2)), [0]
    for day in range(1, 40):
        chosen = step(*past, wanted=wanted)
        reached.append(place(chosen))
        past.append(tried(place(chosen), 1.0, day))
    assert max(reached) == len(LADDER.tasks) - 1
    highest = [max(reached[: day + 1]) for day in range(len(reached))]
    assert all(later - earlier <= 1 for earlier, later in pairwise(highest))


@pytest.mark.parametrize("wanted", [0.6, 0.75])
def test_a_firm_step_that_worked_often_is_left_for_a_harder_one_that_is_likely(wanted: float) -> None:
    past = [*judged(0.9, 0.7, 0.6, 0.4, 0.3), *(tried(0, 1.0, day) for day in range(1, 6))]
    assert place(step(*past, wanted=wanted)) > 0


@given(histories, st.sampled_from([0.6, 0.75, 0.9]))
def test_what_looking_ahead_says_saves_days(history: list[tuple[int, str, float]], wanted: float) -> None:
    past = [happened(number, kind, value, float(day)) for day, (number, kind, value) in enumerate(history)]
    chosen = step(*past, wanted=wanted)
    numbers = {reason.id: reason.numbers for reason in chosen.reasons}
    if "ahead" in numbers:
        assert numbers["ahead"]["days"] < numbers["ahead"]["instead"]
        assert numbers["ahead"]["days"] == chosen.days
    assert {reason for reason in numbers if reason.startswith("before-")} == {
        f"before-{source}" for source in chosen.before
    }
    assert all(numbers[f"before-{source}"]["sooner"] > 0.0 for source in chosen.before)
