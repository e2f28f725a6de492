"""The four sources through the whole filter, against what studies found."""

from __future__ import annotations

from typing import Any

import pytest

from rung import Engine, Event, Person, Task

ENGINE = Engine()
DAY = 86_400.0
TALK = Task("talks", "")


def after(*events: Event, start: Person | None = None) -> Person:
    return ENGINE.replay(events, start)


def gain(*events: Event) -> float:
    return ENGINE.efficacy(after(*events), TALK).mean - ENGINE.efficacy(Person(), TALK).mean


def attempt(outcome: float, time: float = 0.0, **more: Any) -> Event:
    return Event("ana", "talks", "", time, "attempt", outcome, feedback=outcome, **more)


def model(**more: Any) -> Event:
    return Event("ana", "talks", "", 0.0, "model", 1.0, **more)


def persuasion(conveyed: float = 0.8, time: float = 0.0, **more: Any) -> Event:
    return Event("ana", "talks", "", time, "persuasion", conveyed, **more)


def lift(person: Person, at: float | None = None) -> float:
    there = ENGINE.belief(person, "talks", at).mean
    return there - ENGINE.belief(Person(), "talks").mean


def test_mastery_outweighs_watching_and_watching_outweighs_nothing() -> None:
    assert gain(attempt(1.0)) > 1.5 * gain(model(similarity=0.6)) > 0.0


def test_help_shrinks_what_a_success_is_worth() -> None:
    assert gain(attempt(1.0, aid=0.9)) <= 0.6 * gain(attempt(1.0))


def test_reattribution_cuts_the_loss_of_six_failures_by_a_quarter_or_more() -> None:
    blamed = [attempt(0.0, day * DAY, internal=1.0, stable=1.0) for day in range(6)]
    retold = [attempt(0.0, day * DAY, internal=0.5, stable=0.2, controllable=0.8) for day in range(6)]
    assert gain(*retold) >= 0.75 * gain(*blamed)


def test_a_coping_model_moves_more_than_a_flawless_one_and_a_peer_more_than_a_teacher() -> None:
    coping, peer, teacher = model(similarity=0.7, coping=1.0), model(similarity=0.7), model(similarity=0.3)
    assert gain(coping) > gain(peer) > gain(teacher) > 0.0


def test_a_lift_is_mostly_gone_after_a_week_and_wholly_after_a_month() -> None:
    person = after(persuasion(credibility=0.8))
    first = lift(person)
    assert 0.3 <= first <= 0.8
    assert lift(person, 7 * DAY) <= 0.25 * first
    assert abs(lift(person, 28 * DAY)) < 0.05


def test_a_failure_halves_the_lift_and_costs_trust_in_the_next_assurance() -> None:
    lifted = after(persuasion(credibility=0.8))
    state = after(attempt(0.0, 60.0), start=lifted).domains["talks"]
    assert state.belief.mean[2] <= 0.55 * lifted.domains["talks"].belief.mean[2]
    assert state.trust < 1.0


def test_persuasion_alone_never_moves_the_belief_beneath() -> None:
    state = after(*[persuasion(0.9, day * DAY, credibility=1.0) for day in range(10)]).domains["talks"]
    assert state.belief.mean[0] == 0.0


def test_arousal_read_as_threat_lowers_efficacy_until_it_passes() -> None:
    tense = after(Event("ana", "talks", "", 0.0, "state", arousal=0.9, appraisal=-1.0))
    ready = after(Event("ana", "talks", "", 0.0, "state", arousal=0.9, appraisal=1.0))
    assert ENGINE.efficacy(tense, TALK).mean < 0.5 < ENGINE.efficacy(ready, TALK).mean
    assert ENGINE.efficacy(tense, TALK, at=2 * DAY).mean == pytest.approx(0.5, abs=1e-4)


def test_feedback_counts_as_far_as_it_is_reliable() -> None:
    def told(credibility: float) -> Event:
        return Event("ana", "talks", "", 0.0, "feedback", 1.0, credibility=credibility)

    assert gain(told(0.9)) > gain(told(0.3)) > gain(told(0.0)) == 0.0


def test_own_sense_of_success_counts_where_nothing_was_told_but_less() -> None:
    felt = Event("ana", "talks", "", 0.0, "attempt", None, confidence=1.0)
    assert gain(attempt(1.0)) > gain(felt) > 0.0


def test_belief_and_ability_come_apart_where_feedback_lies() -> None:
    flattered = [Event("ana", "talks", "", float(trial), "attempt", 0.0, feedback=1.0) for trial in range(10)]
    person = after(*flattered)
    assert ENGINE.belief(person, "talks").mean > 0.5
    assert ENGINE.ability(person, "talks").mean < -1.0
    assert ENGINE.calibration(person, "talks").gap.low > 0.0


def test_the_avoider_is_expected_to_avoid_again_although_belief_is_the_same() -> None:
    avoided = [Event("ana", "talks", "", day * DAY, "choice", 0.0) for day in range(5)]
    start, then = Person(), after(*avoided)
    assert ENGINE.chance_of_approach(then, TALK).mean < ENGINE.chance_of_approach(start, TALK).mean - 0.1
    assert ENGINE.efficacy(then, TALK, at=4 * DAY).mean == 0.5


def test_fear_lowers_the_chance_of_approach() -> None:
    calm, afraid = (
        after(Event("ana", "talks", "one", 0.0, "judgement", 0.6, feared=feared)) for feared in (0.0, 1.0)
    )
    task = Task("talks", "one")
    assert ENGINE.chance_of_approach(afraid, task).mean < ENGINE.chance_of_approach(calm, task).mean


def test_the_more_believed_of_two_tasks_is_the_likelier_choice() -> None:
    person = after(
        Event("ana", "talks", "one", 0.0, "judgement", 0.9),
        Event("ana", "talks", "two", 1.0, "judgement", 0.2),
    )
    one, two = Task("talks", "one"), Task("talks", "two")
    assert ENGINE.chance_of_choosing(person, one, two) > 0.9
    assert ENGINE.chance_of_choosing(person, one, two) + ENGINE.chance_of_choosing(
        person, two, one
    ) == pytest.approx(1)


def test_help_takes_credit_also_where_the_cause_is_told() -> None:
    assert gain(attempt(1.0, aid=0.9, internal=1.0)) <= 0.6 * gain(attempt(1.0, internal=1.0))


def test_trust_does_not_fall_by_an_assurance_long_forgotten() -> None:
    lifted = after(persuasion(credibility=0.8))
    late = after(*(attempt(0.0, (200 + day) * DAY) for day in range(10)), start=lifted)
    assert late.domains["talks"].trust > 0.99
