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


def avoiding() -> list[Event]:
    past = [*judged(0.9, 0.8, 0.7, 0.6, 0.5), tried(1, 1.0, 1)]
    for window, (rating, avoided) in enumerate([(0.7, 1), (0.5, 2), (0.3, 3)]):
        day = 15.0 * window + 2
        past += judged(rating, rating, rating, rating, rating, time=(day + 1) * DAY)
        past += [chose(2, 0.0 if number < avoided else 1.0, day + number / 10) for number in range(3)]
    return past


def test_belief_down_while_avoidance_is_up_stops_raising_difficulty() -> None:
    chosen = step(*avoiding(), wanted=0.6)
    assert chosen.pause is not None
    assert chosen.pause.id == "belief-down-avoidance-up"
    assert place(chosen) <= 1
    assert chosen.harder is None or NAMES.index(chosen.harder.task.name) <= 1


def test_avoidance_that_does_not_rise_is_no_loop() -> None:
    steady = [event._replace(value=0.0) if event.kind == "choice" else event for event in avoiding()]
    assert step(*steady).pause is None


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
