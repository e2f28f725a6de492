"""The rules of safety: what rests, what pauses, what a sign leaves, and what is never barred by them."""

from __future__ import annotations

import pytest
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

from rung import Event
from rung.engine.loops import AVOIDANCE_LOOP, OVER_REACH, STUCK_STEP, Sign
from rung.engine.planning.rungs import NEAR, Rung, rungs_of, stands
from rung.engine.planning.stopping import allowed_of
from rung.engine.scales import logit


def test_two_failures_in_a_row_rest_the_step_and_offer_something_smaller() -> None:
    past = judged(0.9, 0.9, 0.9, 0.8, 0.5)
    once, twice = [*past, tried(3, 0.0, 1)], [*past, tried(3, 0.0, 1), tried(3, 0.0, 2)]
    assert "two-failures" not in ids(step(*once, wanted=0.6))
    chosen = step(*twice, wanted=0.6)
    assert chosen.reasons[0].id == "two-failures"
    assert chosen.reasons[0].numbers == {"failures": 2.0}
    assert place(chosen) < 3
    assert chosen.bridge is not None
    assert (chosen.bridge.below, chosen.bridge.above) == (LADDER.tasks[2], LADDER.tasks[3])
    if chosen.harder is not None:
        assert NAMES.index(chosen.harder.task.name) < 3


def test_a_resting_step_comes_back_once_something_easier_has_worked() -> None:
    past = [*judged(0.9, 0.9, 0.9, 0.9, 0.9), tried(3, 0.0, 1), tried(3, 0.0, 2)]
    assert "two-failures" in ids(step(*past))
    assert "two-failures" not in ids(step(*past, tried(2, 1.0, 3)))


def test_partly_is_no_failure() -> None:
    past = [*judged(0.9, 0.9, 0.9, 0.9, 0.9), tried(3, 0.0, 1), tried(3, 0.5, 2), tried(3, 0.0, 3)]
    assert "two-failures" not in ids(step(*past))


def test_two_failures_at_the_easiest_step_offer_one_below_it() -> None:
    chosen = step(*judged(0.6, 0.5), tried(0, 0.0, 1), tried(0, 0.0, 2))
    assert place(chosen) == 0
    assert chosen.harder is None
    assert chosen.bridge is not None
    assert chosen.bridge.below is None
    assert chosen.bridge.difficulty < (LADDER.tasks[0].difficulty or 0.0)


def avoiding(
    avoided: tuple[int, int, int] = (1, 2, 3), ratings: tuple[float, ...] = (0.7, 0.5, 0.3)
) -> list[Event]:
    """Three windows of 14 days: in each three occasions, some avoided, and a judgement of all steps."""
    past = [*judged(0.9, 0.8, 0.7, 0.6, 0.5), tried(1, 1.0, 1)]
    for window, (count, rating) in enumerate(zip(avoided, ratings, strict=True)):
        day = 14.0 * window + 2
        past += [chose(2, 0.0 if number < count else 1.0, day + number / 10) for number in range(3)]
        past += judged(*[rating] * 5, time=(day + 1) * DAY)
    return past


def test_belief_down_while_avoidance_is_up_stops_raising_difficulty() -> None:
    chosen = step(*avoiding(), wanted=0.6)
    assert chosen.pause is not None
    assert chosen.pause.id == "belief-down-avoidance-up"
    assert place(chosen) <= 1
    assert chosen.harder is None or NAMES.index(chosen.harder.task.name) <= 1


def test_avoiding_everything_is_a_loop_although_it_cannot_rise() -> None:
    pause = step(*avoiding((3, 3, 3))).pause
    assert pause is not None
    assert pause.id == "belief-down-avoidance-up"


def test_avoidance_without_a_fall_of_belief_is_no_loop() -> None:
    assert step(*avoiding((1, 2, 3), (0.7, 0.7, 0.7))).pause is None


def test_one_occasion_a_window_is_too_little_to_speak_of() -> None:
    choices = [event for event in avoiding((3, 3, 3), (0.7, 0.6, 0.5)) if event.kind == "choice"]
    few = [
        event
        for event in avoiding((3, 3, 3), (0.7, 0.6, 0.5))
        if event not in choices or event in choices[::3]
    ]
    assert step(*few).pause is None


def test_a_loop_is_over_when_nothing_more_is_heard_for_weeks() -> None:
    person = ENGINE.replay(avoiding((1, 2, 3), (0.7, 0.6, 0.5)))
    assert ENGINE.next_step(person, LADDER, at=50 * DAY).pause is not None
    assert ENGINE.next_step(person, LADDER, at=90 * DAY).pause is None


def test_no_bridge_leads_up_while_difficulty_pauses() -> None:
    chosen = step(*avoiding(), wanted=0.6)
    assert chosen.pause is not None
    assert chosen.bridge is None or NAMES.index(chosen.bridge.above.name) <= place(chosen)


def test_a_step_let_pass_three_times_in_a_row_rests_and_something_smaller_is_offered() -> None:
    past = judged(0.9, 0.8, 0.7, 0.6, 0.5)
    at = place(step(*past, wanted=0.6))
    chosen = step(*past, *(chose(at, 0.0, day) for day in (1, 2, 3)), wanted=0.6)
    assert chosen.reasons[0].id == "avoided"
    assert chosen.reasons[0].numbers == {"avoidances": 3.0}
    assert place(chosen) < at
    assert LADDER.tasks[at] in chosen.resting
    assert chosen.bridge is not None
    gone_for = [*past, *(chose(at, 0.0, day) for day in (1, 2, 3)), tried(0, 1.0, 4)]
    assert "avoided" not in ids(step(*gone_for, wanted=0.6))


def test_letting_the_easiest_step_pass_again_and_again_is_said_and_bridged_below() -> None:
    chosen = step(*judged(0.8), *(chose(0, 0.0, day) for day in (1, 2, 3)))
    assert chosen.reasons[0].id == "easiest-avoided"
    assert chosen.bridge is not None
    assert chosen.bridge.below is None


def test_failing_the_easiest_step_again_and_again_advises_to_talk_to_somebody() -> None:
    chosen = step(*judged(0.6), *(tried(0, 0.0, day) for day in range(1, 5)))
    assert chosen.reasons[0].id == "easiest-fails"
    assert chosen.pause is not None
    assert chosen.pause.id == "easiest-fails"
    assert chosen.bridge is not None


def test_the_more_failures_the_more_must_work_before_a_step_comes_back() -> None:
    past = [*judged(0.9, 0.9, 0.9, 0.9, 0.9), *(tried(3, 0.0, day) for day in (1, 2, 3, 4))]
    for successes, rests in ((1, True), (2, True), (3, False)):
        worked = [tried(number, 1.0, 5 + number) for number in range(successes)]
        assert (LADDER.tasks[3] in step(*past, *worked).resting) is rests


def test_a_success_with_full_help_brings_no_step_back() -> None:
    past = [*judged(0.9, 0.9, 0.9, 0.9, 0.9), tried(3, 0.0, 1), tried(3, 0.0, 2)]
    assert step(*past, tried(1, 1.0, 3)._replace(aid=1.0)).resting
    assert not step(*past, tried(1, 1.0, 3)).resting


def test_nothing_above_a_step_that_never_worked_is_proposed() -> None:
    past = [*judged(*[1.0] * 5), *(tried(2, 0.0, day) for day in (1, 2, 3))]
    past += [tried(number, 1.0, 4 + day) for day in range(6) for number in (0, 1)]
    assert place(step(*past, wanted=0.6)) <= 2


def test_judging_most_steps_a_good_deal_lower_pauses_and_the_next_judgement_ends_it() -> None:
    lower = [
        *judged(0.9, 0.9, 0.8, 0.8, 0.7),
        tried(0, 1.0, 1),
        *judged(0.5, 0.5, 0.5, 0.5, 0.4, time=2 * DAY),
    ]
    pause = step(*lower).pause
    assert pause is not None
    assert pause.id == "judged-lower"
    assert pause.numbers["points"] == pytest.approx(34.0)
    assert step(*lower, *judged(0.5, 0.5, 0.6, 0.5, 0.4, time=3 * DAY)).pause is None


def test_a_step_that_rests_bars_only_harder_ones_that_are_no_likelier() -> None:
    past = [*judged(0.9, 0.8, 0.7, 0.6, 0.2), *(tried(3, 1.0, day) for day in range(1, 7))]
    past += [tried(1, 0.0, 7), tried(1, 0.0, 8)]
    odds = chances(*past)
    resting = step(*past).resting
    assert LADDER.tasks[1] in resting
    assert odds[3] > odds[1] > odds[4]
    assert LADDER.tasks[3] not in resting
    assert LADDER.tasks[4] in resting


def of(*events: Event) -> list[Rung]:
    """The ladder as it stands after what happened."""
    person = ENGINE.replay(events)
    return rungs_of(stands(person, "talk", None, ENGINE.parameters), LADDER, ENGINE.parameters)


def sign(kind: str, task: str | None = None) -> Sign:
    return Sign(kind, task, 0.0, 5, 1.0, {"missed": 4.0, "occasions": 5.0, "expected": 1.0, "days": 9.0})


@pytest.mark.parametrize("wanted", [0.6, 0.75, 0.9])
def test_whoever_over_reaches_is_left_what_is_near_the_wanted_chance_or_likelier(wanted: float) -> None:
    rungs = of(*judged(0.9, 0.7, 0.5, 0.3, 0.1), tried(0, 1.0, 1))
    left = allowed_of(rungs, None, [sign(OVER_REACH)], wanted)
    assert left
    assert all(rung.away_from(wanted) >= -NEAR for rung in left) or left == rungs[:1]
    barred = [rung for rung in rungs if rung not in left and rung.place]
    assert all(logit(rung.chance.mean) < logit(wanted) - NEAR for rung in barred)


def test_a_stuck_step_is_left_out_and_is_the_answer_only_where_there_is_no_other() -> None:
    rungs = of(*judged(0.9, 0.7, 0.5, 0.3, 0.1))
    stuck = sign(STUCK_STEP, NAMES[2])
    assert [rung.place for rung in allowed_of(rungs, None, [stuck], 0.75)] == [0, 1, 3, 4]
    assert allowed_of(rungs[2:3], None, [stuck], 0.75) == rungs[2:3]


def test_in_a_loop_only_what_will_rather_be_gone_for_is_left() -> None:
    rungs = of(*judged(1.0, 0.9, 0.5, 0.2, 0.0), tried(0, 1.0, 1), tried(1, 1.0, 2))
    left = allowed_of(rungs, None, [sign(AVOIDANCE_LOOP)], 0.6)
    assert 0 < len(left) < len(rungs)
    assert min(rung.goes for rung in left) >= max(rung.goes for rung in rungs if rung not in left)
    doubting = of(*judged(0.1, 0.0, 0.0, 0.0, 0.0))
    (only,) = allowed_of(doubting, None, [sign(AVOIDANCE_LOOP)], 0.6)
    assert only.goes == max(rung.goes for rung in doubting)


def test_a_real_loop_is_heeded_until_something_is_gone_for() -> None:
    past = judged(0.9, 0.8, 0.7, 0.6, 0.5)
    past += [event for day in range(1, 15) for event in (chose(1, 1.0, day), tried(1, 1.0, day + 0.1))]
    past += [chose(2, 0.0, 16.0 + day) for day in range(6)]
    person = ENGINE.replay(past)
    assert AVOIDANCE_LOOP in {one.kind for one in ENGINE.signs(person, LADDER)}
    chosen = ENGINE.next_step(person, LADDER)
    assert chosen.task is not None
    assert ENGINE.chance_of_approach(person, chosen.task).mean >= 0.6
