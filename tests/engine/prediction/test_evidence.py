"""What a person has before they judge: the trails by brute force, theory's part by its own formulas."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import events

from rung.engine import affect, attribution, mastery, persuasion, vicarious
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction import evidence
from rung.engine.prediction.evidence import OFTEN, UNKNOWN, Evidence, Seen, Trail, after, agreed, begun, seen
from rung.engine.scales import logit, sigmoid

P = Parameters()
QUICK, SLOW = 0.4, 0.08
shares = st.floats(0.0, 1.0)
of_one = events(people=st.just("ana"), domains=st.just("talks"), ids=False, strays=True)
histories = st.lists(of_one, max_size=15)


def event(kind: str, value: float | None = None, time: float = 0.0, **more: Any) -> Event:
    return Event("ana", "talks", "ask", time, kind, value, **more)


def had(*past: Event) -> Evidence:
    state = begun(P)
    for each in past:
        state = after(state, seen(each, P), P)
    return state


def numbers_of(e: Evidence) -> list[float]:
    return [float(number) for part in e for number in (part if isinstance(part, Trail) else [part])]


JUDGED = event("judgement", 0.4)


# Seen


def test_a_kind_brings_its_own_columns_and_no_other() -> None:
    columns: dict[str, Any] = dict.fromkeys(Event._fields[5:22], 0.3)
    brought = {
        "judgement": {"said"},
        "attempt": {"told", "outcome", "sure", "internal", "stable", "controllable", "body"},
        "feedback": {"told", "internal", "stable", "controllable"},
        "model": {"model"},
        "persuasion": {"urged"},
        "state": {"body"},
        "choice": set(),
        "note": set(),
    }
    always = {"time", "difficulty", "trust", "aid", "similarity", "coping", "credibility"}
    for kind, wanted in brought.items():
        found = seen(Event("ana", "talks", "ask", 1.0, kind, **columns), P)._asdict()
        assert {name for name, number in found.items() if number == number} - always == wanted, kind


def test_what_is_not_told_counts_as_the_parameters_say() -> None:
    nothing = seen(event("model"), P)
    assert (nothing.similarity, nothing.credibility) == (P.similarity_unknown, P.credibility_unknown)
    assert (nothing.trust, nothing.aid, nothing.coping) == (1.0, 0.0, 0.0)
    assert math.isnan(nothing.difficulty)
    assert seen(event("feedback", 0.5, credibility=0.7), P).trust == 0.7
    assert seen(event("attempt", 0.5, credibility=0.7), P).trust == 1.0


def test_an_attempt_tells_what_was_told_and_not_how_it_was() -> None:
    found = seen(event("attempt", 1.0, feedback=0.2, confidence=0.6), P)
    assert (found.told, found.outcome, found.sure) == (0.2, 1.0, 0.6)
    assert math.isnan(seen(event("attempt", 1.0), P).told)
    assert seen(event("feedback", 0.9), P).told == 0.9


def test_a_bodily_state_adds_to_belief_as_it_is_read() -> None:
    assert seen(event("state", arousal=0.5, appraisal=-1.0), P).body == affect.on_belief(0.5, -1.0, P)
    assert seen(event("attempt", arousal=0.5), P).body == 0.0
    assert math.isnan(seen(event("state"), P).body)
    assert math.isnan(seen(event("judgement", 0.5, arousal=0.5), P).body)


# Trails


def trail_by_hand(values: list[float], since: int) -> list[float]:
    """The numbers of a trail whose last `since` values came after the last judgement."""
    quick = slow = mean = 0.0
    for place, value in enumerate(values):
        quick = value if place == 0 else quick + QUICK * (value - quick)
        slow = value if place == 0 else slow + SLOW * (value - slow)
        mean = float(np.mean(values[: place + 1]))
    last, before = (values[-1], values[-2 if len(values) > 1 else 0]) if values else (0.0, 0.0)
    fresh = values[len(values) - since :]
    return [len(values), last, before, quick, slow, mean, len(fresh), sum(fresh)]


@given(histories)
def test_every_trail_is_what_all_of_its_values_come_to(past: list[Event]) -> None:
    e = had(*past)
    judged_at = max((place for place, each in enumerate(past) if each.kind == "judgement"), default=-1)
    for name in ("said", "told", "outcome", "sure"):
        values = [(place, getattr(seen(each, P), name)) for place, each in enumerate(past)]
        known = [(place, value) for place, value in values if value == value]
        since = sum(place > judged_at for place, _ in known)
        wanted = trail_by_hand([value for _, value in known], since)
        trail = list(getattr(e, name))
        if name == "said":
            wanted[6:] = trail[6:]
        assert trail == pytest.approx(wanted, abs=1e-12), name


@given(histories)
def test_the_judgements_leave_their_first_their_last_and_how_often_they_repeat(past: list[Event]) -> None:
    e = had(*past)
    said = [each for each in past if each.kind == "judgement"]
    repeats = OFTEN
    for one, other in pairwise(said):
        repeats += 0.2 * (float(one.value == other.value) - repeats)
    assert e.repeats == pytest.approx(repeats, abs=1e-12)
    if said:
        assert e.first == said[0].value
        assert e.time == said[-1].time
        assert e.difficulty == (said[-1].difficulty or 0.0)


@given(histories, shares)
def test_a_judgement_begins_anew_what_is_counted_since_it(past: list[Event], value: float) -> None:
    e = had(*past, event("judgement", value))
    assert [trail.fresh for trail in (e.told, e.outcome, e.sure)] == [0.0] * 3
    assert [trail.total for trail in (e.told, e.outcome, e.sure)] == [0.0] * 3
    assert (e.good, e.bad, e.borrowed) == (0.0, 0.0, 0.0)
    assert e.body_then == e.body == had(*past).body
    assert e.belief == pytest.approx(logit(min(max(value, 0.03), 0.97)))
    assert e.openness == had(*past).openness


# Theory


@given(shares, shares, st.tuples(*[st.none() | shares] * 4))
def test_what_was_told_moves_belief_as_mastery_says(
    said: float, outcome: float, told: tuple[float | None, ...]
) -> None:
    internal, stable, controllable, aid = told
    causes: dict[str, Any] = {"internal": internal, "stable": stable, "controllable": controllable}
    start = had(event("judgement", said))
    then = had(event("judgement", said), event("attempt", 1.0 - outcome, feedback=outcome, aid=aid, **causes))
    se = sigmoid(start.belief)
    credit = attribution.credit(se, outcome > se - 1e-9, P, aid=aid or 0.0, **causes)
    shift = mastery.shift(start.openness, se, outcome, credit, P)
    assert then.belief - start.belief == pytest.approx(shift, abs=1e-12)
    assert then.good + then.bad == pytest.approx(sigmoid(start.belief + shift) - se, abs=1e-12)
    assert then.bad <= 0.0 <= then.good
    assert then.good * then.bad == 0.0
    assert then.openness == pytest.approx(mastery.openness_after(start.openness, se, credit, P))


def test_own_sense_counts_where_nothing_was_told_and_less() -> None:
    start, told, felt = (
        had(JUDGED, *more)
        for more in ([], [event("attempt", 0.0, feedback=1.0)], [event("attempt", 0.0, confidence=1.0)])
    )
    assert start.belief < felt.belief < told.belief
    both = had(JUDGED, event("attempt", 0.0, feedback=1.0, confidence=0.0))
    assert both.belief == told.belief


def test_an_outcome_that_nobody_told_and_nobody_felt_moves_no_belief() -> None:
    start, then = had(JUDGED), had(JUDGED, event("attempt", 1.0))
    assert (then.belief, then.good, then.bad, then.openness) == (start.belief, 0.0, 0.0, start.openness)
    assert then.outcome.count == 1.0


@pytest.mark.parametrize("credibility", [None, 0.0, 0.4, 1.0])
def test_feedback_counts_as_far_as_it_is_believed(credibility: float | None) -> None:
    start, then = had(JUDGED), had(JUDGED, event("feedback", 1.0, credibility=credibility))
    se = sigmoid(start.belief)
    credit = (1.0 if credibility is None else credibility) * attribution.credit(se, True, P)
    assert then.belief - start.belief == pytest.approx(mastery.shift(start.openness, se, 1.0, credit, P))


def test_a_model_moves_belief_as_its_formula_says_and_later_ones_less() -> None:
    e, told = had(JUDGED), event("model", 1.0, similarity=0.6, coping=1.0)
    for number in range(3):
        then = after(e, seen(told, P), P)
        felt = vicarious.felt_similarity(0.6, 1.0, P)
        shift = vicarious.shift(e.openness, sigmoid(e.belief), 1.0, felt, float(number), P)
        assert then.belief - e.belief == pytest.approx(shift, abs=1e-12)
        assert then.borrowed - e.borrowed == pytest.approx(
            sigmoid(then.belief) - sigmoid(e.belief), abs=1e-12
        )
        assert (then.models, then.good, then.bad) == (number + 1.0, 0.0, 0.0)
        e = then


def test_an_assurance_moves_belief_as_its_formula_says() -> None:
    e, then = had(JUDGED), had(JUDGED, event("persuasion", 0.8, credibility=0.7))
    lift = persuasion.lift(sigmoid(e.belief), 0.8, 0.7, P)
    assert then.belief - e.belief == pytest.approx(lift, abs=1e-12)
    assert then.borrowed == pytest.approx(sigmoid(e.belief + lift) - sigmoid(e.belief), abs=1e-12)


def test_a_bodily_state_stays_until_the_next_and_is_known_at_the_judgement() -> None:
    felt = event("state", arousal=1.0, appraisal=-1.0)
    e = had(JUDGED, felt)
    assert (e.body, e.body_then) == (affect.on_belief(1.0, -1.0, P), 0.0)
    e = had(JUDGED, felt, event("attempt", 1.0), JUDGED)
    assert e.body == e.body_then == affect.on_belief(1.0, -1.0, P)
    e = had(JUDGED, felt, JUDGED, event("state", arousal=0.0))
    assert (e.body, e.body_then) == (0.0, affect.on_belief(1.0, -1.0, P))


@given(histories)
def test_the_changes_add_up_to_where_belief_is(past: list[Event]) -> None:
    """Good, bad and borrowed are all that moved it since the last judgement, on the scale of chances."""
    e = had(JUDGED, *past)
    judged_at = max((place for place, each in enumerate(past) if each.kind == "judgement"), default=-1)
    start = had(JUDGED, *past[: judged_at + 1])
    moved = sigmoid(e.belief) - sigmoid(start.belief)
    assert e.good + e.bad + e.borrowed == pytest.approx(moved, abs=1e-9)


def test_signals_are_their_log_odds_at_their_trust() -> None:
    told = [event("feedback", 1.0, credibility=0.75), event("feedback", 0.0, credibility=0.6)]
    sure, doubted = event("feedback", 1.0), event("feedback", 0.8, credibility=0.2)
    e = had(event("feedback", 1.0), JUDGED, *told, sure, doubted)
    expected = math.log(3) - math.log(1.5) + math.log(19)
    assert e.signals == pytest.approx(expected)


def test_the_teller_flatters_as_far_as_what_is_told_is_above_what_was() -> None:
    e = had(event("attempt", 0.4), event("feedback", 0.9), event("attempt", 0.5), event("feedback", 0.5))
    assert e.gap == pytest.approx(SLOW * 0.5 * (1.0 - SLOW))
    assert had(event("feedback", 0.9)).gap == 0.0


def test_what_was_told_is_held_against_what_was_told_before() -> None:
    e = had(event("feedback", 0.2), event("feedback", 0.8))
    assert e.surprise == pytest.approx(QUICK * 0.6)


# What always holds


@given(histories)
def test_all_of_it_is_finite(past: list[Event]) -> None:
    e = had(*past)
    assert all(map(math.isfinite, numbers_of(e)))
    assert 0.0 < e.openness <= max(P.openness, P.openness_limit)
    assert 0.0 <= e.repeats <= 1.0


@given(histories)
def test_a_log_that_is_replayed_gives_the_same_evidence_to_the_last_bit(past: list[Event]) -> None:
    e = begun(P)
    for each in past:
        e = pickle.loads(pickle.dumps(after(e, seen(each, P), P)))
    assert e == had(*past)


@given(histories, st.sampled_from(["note", "choice"]), st.floats(-6, 6))
def test_notes_and_choices_change_nothing(past: list[Event], kind: str, difficulty: float) -> None:
    e = had(*past)
    assert after(e, seen(event(kind, 1.0 if kind == "choice" else None, difficulty=difficulty), P), P) == e


@settings(max_examples=40)
@given(st.lists(histories, min_size=1, max_size=6))
def test_a_crowd_has_side_by_side_what_each_has_alone(pasts: list[list[Event]]) -> None:
    together = begun(P, np.zeros(len(pasts)))
    for step in range(max(map(len, pasts))):
        told = [seen(past[step] if step < len(past) else event("note"), P) for past in pasts]
        together = after(together, Seen(*map(np.array, zip(*told, strict=True))), P)
    for place, past in enumerate(pasts):
        mine: list[float] = []
        for part in together:
            columns = part if isinstance(part, Trail) else [part]
            mine += [float(np.broadcast_to(column, len(pasts))[place]) for column in columns]
        assert mine == pytest.approx(numbers_of(had(*past)), rel=1e-9, abs=1e-9)


def test_a_crowd_is_not_written_to() -> None:
    start = begun(P, np.zeros(2))
    before = pickle.dumps(start)
    told = seen(event("attempt", 1.0, feedback=1.0), P)
    after(start, Seen(*(np.full(2, number) for number in told)), P)
    assert pickle.dumps(start) == before


def test_what_all_agree_on_is_one_answer() -> None:
    assert agreed(True) is True
    assert agreed(np.array([True, True])) is True
    assert agreed(np.array([False, False])) is False
    assert agreed(np.array([True, False])).tolist() == [True, False]
    assert agreed(np.bool_(True)) is True


def test_nothing_yet_is_nought_but_for_what_is_assumed() -> None:
    e = begun(P)
    assert e == had()
    assert (e.repeats, e.openness) == (OFTEN, P.openness)
    assert sum(map(abs, numbers_of(e))) == OFTEN + P.openness
    assert math.isnan(UNKNOWN)
    assert evidence.Trail(*[0.0] * 8) == e.said
