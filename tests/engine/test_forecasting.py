"""Answers: level, strength, generality, calibration, and when there is not enough data yet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung import Engine, Event, Ladder, Person, Task

ENGINE = Engine()
DAY = 86_400.0
LADDER = Ladder.of("talks", "one", "two", "three", "four")


def judged(*ratings: float, domain: str = "talks") -> list[Event]:
    return [
        Event("ana", domain, task.name, 0.0, "judgement", rating, task.difficulty)
        for task, rating in zip(LADDER.tasks, ratings, strict=False)
    ]


def tried(outcome: float, day: float, task: str = "one") -> Event:
    return Event("ana", "talks", task, day * DAY, "attempt", outcome, -1.5, feedback=outcome)


@given(st.lists(st.floats(0.05, 0.95), min_size=4, max_size=4))
def test_efficacy_follows_the_judgement_of_each_step(ratings: list[float]) -> None:
    person = ENGINE.replay(judged(*ratings))
    for task, rating in zip(LADDER.tasks, ratings, strict=True):
        estimate = ENGINE.efficacy(person, task)
        assert estimate.low - 0.25 <= rating <= estimate.high + 0.25


def test_level_is_the_hardest_step_judged_twenty_or_more() -> None:
    level = ENGINE.level(ENGINE.replay(judged(0.9, 0.6, 0.4, 0.02)), LADDER)
    assert (level.step, level.steps, level.task) == (3, 4, LADDER.tasks[2])
    assert level.missing is None


def test_strength_is_the_mean_over_the_ladder() -> None:
    person = ENGINE.replay(judged(0.9, 0.6, 0.4, 0.1))
    steps = [ENGINE.efficacy(person, task).mean for task in LADDER.tasks]
    assert ENGINE.strength(person, LADDER).mean == pytest.approx(sum(steps) / 4)


def test_level_and_strength_need_half_of_the_steps_judged() -> None:
    person = ENGINE.replay(judged(0.9))
    for answer in (ENGINE.level(person, LADDER), ENGINE.strength(person, LADDER)):
        assert answer.missing is not None
        assert answer.missing.judgements == 1


def test_generality_counts_domains_and_needs_two() -> None:
    one = ENGINE.generality(ENGINE.replay(judged(0.9, 0.8)))
    assert one.missing is not None
    two = ENGINE.generality(
        ENGINE.replay([*judged(0.9, 0.8), Event("ana", "exams", "", 0.0, "judgement", 0.01)])
    )
    assert two.missing is None
    assert (two.domains, two.reaching, two.share) == (("exams", "talks"), ("talks",), 0.5)


def test_calibration_compares_what_was_expected_with_what_came() -> None:
    person = ENGINE.replay([*judged(0.3), *(tried(1.0, day) for day in (1, 2, 3, 4))])
    calibration = ENGINE.calibration(person, "talks")
    assert calibration.attempts == 4
    assert calibration.worked == 1.0
    assert 0.3 < calibration.expected < 0.9
    assert calibration.missing is None
    assert calibration.gap.low < calibration.gap.mean < calibration.gap.high


def test_calibration_says_how_many_tries_are_missing() -> None:
    missing = ENGINE.calibration(ENGINE.replay([*judged(0.3), tried(1.0, 1)]), "talks").missing
    assert missing is not None
    assert missing.attempts == 2


def test_the_chance_of_success_is_drawn_to_the_record_as_it_grows() -> None:
    doubting = judged(0.1, 0.1, 0.1, 0.1)
    chances = [
        ENGINE.chance_of_success(
            ENGINE.replay([*doubting, *(tried(1.0, day) for day in range(count))]), LADDER.tasks[0]
        ).mean
        for count in (0, 2, 8)
    ]
    assert chances == sorted(chances)
    assert chances[0] < 0.65 < 0.75 < chances[-1]


def test_without_a_record_belief_is_evidence_of_ability() -> None:
    sure, unsure = (ENGINE.replay(judged(rating)) for rating in (0.9, 0.1))
    task = LADDER.tasks[0]
    high, low = (ENGINE.chance_of_success(person, task) for person in (sure, unsure))
    assert high.mean > low.mean
    assert high.high - high.low > 0.25


def test_intervals_widen_as_time_passes_and_nothing_is_heard() -> None:
    person = ENGINE.replay(judged(0.5, 0.5))
    widths = [
        (estimate := ENGINE.efficacy(person, LADDER.tasks[0], at=days * DAY)).high - estimate.low
        for days in (0, 30, 365)
    ]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_an_answer_for_a_time_before_the_last_event_is_as_of_the_last_event() -> None:
    person = ENGINE.replay([tried(1.0, 10)])
    task = Task("talks", "one")
    assert ENGINE.efficacy(person, task, at=0.0) == ENGINE.efficacy(person, task)


def test_asking_does_not_change_the_person() -> None:
    person = ENGINE.replay(judged(0.5, 0.5))
    before = person.to_json()
    ENGINE.efficacy(person, Task("talks", "never seen"), at=900 * DAY)
    ENGINE.next_step(person, LADDER, at=900 * DAY)
    assert person.to_json() == before


def test_an_unknown_domain_is_answered_with_what_holds_for_people_in_general() -> None:
    assert ENGINE.ability(Person(), "unheard of").missing is not None
    assert ENGINE.calibration(Person(), "unheard of").attempts == 0
    assert ENGINE.generality(Person()).share == 0.0
    assert ENGINE.strength(Person(), Ladder("unheard of", ())).missing is not None


def test_a_judgement_of_just_twenty_reaches_the_level() -> None:
    assert ENGINE.level(ENGINE.replay(judged(0.2, 0.2, 0.2, 0.2)), LADDER).step == 4


def test_a_gap_that_the_record_does_not_bear_out_is_not_spoken_of() -> None:
    sure = [*judged(1.0, 1.0, 1.0, 1.0), *(tried(1.0, day) for day in (1, 2, 3))]
    calibration = ENGINE.calibration(ENGINE.replay(sure), "talks")
    assert calibration.worked >= calibration.expected
    assert calibration.missing is not None


def test_the_chance_of_success_holds_in_8_of_10_simulated_people_who_were_only_asked() -> None:
    """People whose belief and ability correlate by .38, each asked once, about one task."""
    generator, p = np.random.default_rng(5), ENGINE.parameters
    r, inside = p.belief_ability_correlation, 0
    belief_sd = (p.set_point_spread**2 + p.belief_spread**2 + p.task_spread**2) ** 0.5
    ability_sd = (p.ability_spread**2 + p.ability_task_spread**2) ** 0.5
    for _ in range(1000):
        belief = generator.normal()
        ability = ability_sd * (r * belief + (1 - r**2) ** 0.5 * generator.normal())
        rating = 1 / (1 + np.exp(-belief_sd * belief)) + generator.normal(0, p.rating_noise)
        answer = round(float(np.clip(rating, 0, 1)), 1)
        person = ENGINE.replay([Event("ana", "talks", "one", 0.0, "judgement", answer)])
        estimate = ENGINE.chance_of_success(person, Task("talks", "one"))
        inside += estimate.low <= 1 / (1 + np.exp(-ability)) <= estimate.high
    assert 0.76 <= inside / 1000 <= 0.84
