"""The next step: nearest to the wanted chance, with its reasons, and the stop rules first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung import Engine, Event, Ladder, Person, Recommendation
from rung.engine.planning import REASONS

ENGINE = Engine()
DAY = 86_400.0
NAMES = ("write it down", "say it to a friend", "ask for a time", "say one thing", "say it all")
LADDER = Ladder.of("talk", *NAMES)


def judged(*ratings: float, time: float = 0.0) -> list[Event]:
    return [
        Event("ana", "talk", task.name, time, "judgement", rating, task.difficulty)
        for task, rating in zip(LADDER.tasks, ratings, strict=False)
    ]


def tried(place: int, outcome: float, day: float) -> Event:
    task = LADDER.tasks[place]
    return Event("ana", "talk", task.name, day * DAY, "attempt", outcome, task.difficulty, feedback=outcome)


def chose(place: int, went: float, day: float) -> Event:
    return Event("ana", "talk", LADDER.tasks[place].name, day * DAY, "choice", went)


def step(*events: Event, wanted: float = 0.75) -> Recommendation:
    return ENGINE.next_step(ENGINE.replay(events), LADDER, wanted)


def ids(recommendation: Recommendation) -> list[str]:
    return [reason.id for reason in recommendation.reasons]


def place(recommendation: Recommendation) -> int:
    assert recommendation.task is not None
    return NAMES.index(recommendation.task.name)


def test_the_step_is_the_one_nearest_to_the_wanted_chance() -> None:
    person = ENGINE.replay(judged(0.95, 0.8, 0.6, 0.4, 0.1))
    for wanted in (0.6, 0.75, 0.9):
        chances = [ENGINE.chance_of_success(person, task).mean for task in LADDER.tasks]
        chosen = ENGINE.next_step(person, LADDER, wanted)
        odds = [abs(chance / (1 - chance) - wanted / (1 - wanted)) for chance in chances]
        assert min(odds) <= abs(chosen.chance.mean / (1 - chosen.chance.mean) - wanted / (1 - wanted))
        assert chosen.chance.mean in chances


def test_a_higher_dial_never_gives_a_harder_step() -> None:
    past = judged(0.95, 0.8, 0.6, 0.4, 0.1)
    places = [place(step(*past, wanted=wanted)) for wanted in (0.6, 0.75, 0.9)]
    assert places == sorted(places, reverse=True)
    assert places[0] > places[-1]


def test_doing_it_moves_the_next_step_up() -> None:
    past = judged(0.9, 0.7, 0.5, 0.3, 0.1)
    before = step(*past)
    after = step(*past, *(tried(place(before), 1.0, day) for day in (1, 2, 3)))
    assert place(after) > place(before)
    assert "managed-below" in ids(after)


def test_nothing_known_says_so_and_still_proposes_a_first_step() -> None:
    first = step()
    assert ids(first) == ["near-wanted-chance", "not-judged-yet", "not-enough-data"]
    assert place(first) == 0


def test_reasons_carry_the_numbers_of_the_persons_own_record() -> None:
    past = [*judged(0.9, 0.8, 0.7, 0.3, 0.1), tried(0, 1.0, 1), tried(1, 1.0, 2), tried(1, 0.5, 3)]
    chosen = step(*past, wanted=0.6)
    numbers = {reason.id: reason.numbers for reason in chosen.reasons}
    assert place(chosen) == 2
    assert numbers["managed-below"] == {"worked": 1.5, "attempts": 2.0}
    assert numbers["rated"] == {"rating": 0.7}
    assert numbers["near-wanted-chance"] == {"chance": chosen.chance.mean, "wanted": 0.6}


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


def test_an_empty_ladder_has_no_next_step() -> None:
    assert ENGINE.next_step(Person(), Ladder("talk", ())).task is None


@pytest.mark.parametrize("wanted", [0.0, 1.0, 75.0])
def test_a_wanted_chance_outside_0_to_1_is_refused(wanted: float) -> None:
    with pytest.raises(ValueError, match="wanted_chance"):
        ENGINE.next_step(Person(), LADDER, wanted)


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
