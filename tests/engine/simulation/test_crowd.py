"""Many people at once follow the very formulas with which the filter reads one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine import affect, approach, attribution, dynamics, mastery, performance, persuasion, vicarious
from rung.engine.effort import effort
from rung.engine.parameters import Parameters
from rung.engine.scales import sigmoid
from rung.engine.simulation import Kind
from rung.engine.simulation import crowd as life
from rung.engine.simulation.crowd import Crowd, Met, Seen
from rung.engine.simulation.population import born

P = Parameters()


def same(found: float, expected: float) -> None:
    """To 1e-12."""
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def some(number: int = 40, seed: int = 0) -> Crowd:
    """People with some history of everything."""
    random = np.random.default_rng(seed)
    return born(number, Kind(), random, P)._replace(
        lift=random.normal(0, 0.5, number),
        openness=random.uniform(0.2, 2.0, number),
        trust=random.uniform(0, 1, number),
        arousal=random.uniform(0, 1, number),
        appraisal=random.uniform(-1, 1, number),
        practised=random.uniform(0, 0.5, number),
        idle_days=random.uniform(0, 9, number),
        attempts=np.floor(random.uniform(0, 30, number)),
        models_seen=np.floor(random.uniform(0, 5, number)),
    )


def one(crowd: Crowd, place: int) -> Any:
    """The numbers of one person, as floats."""
    return Crowd(*(float(values[place]) for values in crowd))  # type: ignore[arg-type]


MET = Met(0.7, 0.3, -0.2, stakes=0.6)
PEOPLE = some()


def standing(someone: Any) -> tuple[float, float]:
    """Arousal and efficacy of one person before `MET`, by the scalar formulas."""
    calm = sigmoid(P.slope * (someone.belief + someone.lift + someone.mood + 0.3 - 0.7))
    roused = min(someone.arousal + affect.arousal_before(calm, 0.6, P), 1.0)
    body = affect.on_belief(roused, someone.appraisal, P)
    return roused, sigmoid(P.slope * (someone.belief + someone.lift + someone.mood + body + 0.3 - 0.7))


def test_efficacy_chance_and_approach_are_the_scalar_formulas() -> None:
    sure, works, goes = (
        life.efficacy(PEOPLE, MET, P),
        life.chance(PEOPLE, MET, P, aid=0.3),
        life.chance_of_approach(PEOPLE, MET, P),
    )
    for place in range(40):
        someone = one(PEOPLE, place)
        roused, expected = standing(someone)
        around = performance.circumstances(effort(expected, P), 0.3, roused, someone.appraisal, P)
        feared = roused * (1.0 - someone.appraisal) / 2.0
        same(sure[place], expected)
        same(works[place], sigmoid(P.slope * (someone.ability - 0.2 - 0.7 + around)))
        same(goes[place], approach.chance(expected, feared, someone.bias, P))


@pytest.mark.parametrize("outcome", [0.0, 0.4, 1.0])
def test_an_outcome_is_taken_in_as_the_filter_takes_it(outcome: float) -> None:
    seen = Seen(outcome, 0.9, aid=0.2, internal=None, stable=0.4, controllable=0.5)
    after, learned = life.outcome_seen(PEOPLE, life.efficacy(PEOPLE, MET, P), seen, P)
    for place in range(40):
        someone = one(PEOPLE, place)
        sure = standing(someone)[1]
        credit = 0.9 * attribution.credit(sure, outcome > sure, P, aid=0.2, stable=0.4, controllable=0.5)
        told = (
            (learned, mastery.shift(someone.openness, sure, outcome, credit, P)),
            (after.openness, mastery.openness_after(someone.openness, sure, credit, P)),
            (after.lift, someone.lift * persuasion.left_after(someone.lift, outcome, sure, P)),
            (after.trust, persuasion.trust_after(someone.trust, someone.lift, outcome, sure, P)),
        )
        for values, expected in told:
            same(values[place], expected)


def test_models_and_assurances_are_the_scalar_formulas() -> None:
    seen, learned = life.watched(PEOPLE, MET, 1.0, P, similarity=0.6, coping=1.0)
    told = life.assured(PEOPLE, MET, 0.8, P, credibility=0.7)
    for place in range(40):
        someone = one(PEOPLE, place)
        sure = standing(someone)[1]
        felt = vicarious.felt_similarity(0.6, 1.0, P)
        shift = vicarious.shift(someone.openness, sure, 1.0, felt, someone.models_seen, P)
        lift = persuasion.lift(sure, 0.8, 0.7 * someone.trust, P)
        same(learned[place], shift)
        same(seen.belief[place], someone.belief + shift)
        same(told.lift[place], someone.lift + lift)


def test_time_is_the_scalar_formulas() -> None:
    still = P.with_values({"belief_spread": 0.0, "mood_spread": 0.0}, "assumption", "no noise")
    later = life.advance(PEOPLE, 5.0, np.random.default_rng(0), still)
    for place in range(40):
        someone = one(PEOPLE, place)
        kept = dynamics.retained(5.0, P.belief_half_life)
        belief = kept * someone.belief + (1.0 - kept) * someone.set_point
        left = performance.retained(someone.idle_days + 5.0, P) / performance.retained(someone.idle_days, P)
        ability = someone.ability - someone.practised * (1.0 - left)
        lift = someone.lift * dynamics.retained(5.0, P.persuasion_half_life)
        same(later.belief[place], belief)
        same(later.ability[place], ability)
        same(later.lift[place], lift)


@given(st.floats(0.01, 200), st.floats(0.01, 200))
def test_a_gap_of_time_split_in_two_equals_the_whole_but_for_chance(first: float, second: float) -> None:
    still = P.with_values({"belief_spread": 0.0, "mood_spread": 0.0}, "assumption", "no noise")
    random = np.random.default_rng(0)
    whole = life.advance(PEOPLE, first + second, random, still)
    split = life.advance(life.advance(PEOPLE, first, random, still), second, random, still)
    for one_way, other in zip(whole, split, strict=True):
        np.testing.assert_allclose(one_way, other, rtol=1e-9, atol=1e-9)


def test_moods_and_beliefs_keep_their_spread_over_time() -> None:
    people = born(20_000, Kind(), np.random.default_rng(1), P)
    random = np.random.default_rng(2)
    for _ in range(10):
        people = life.advance(people, 0.3, random, P)
    assert people.mood.std() == pytest.approx(P.mood_spread, rel=0.03)
    assert (people.belief - people.set_point).std() == pytest.approx(P.belief_spread, rel=0.03)


@given(st.integers(0, 1000))
def test_those_whom_the_mask_leaves_out_stay_as_they_are(seed: int) -> None:
    random = np.random.default_rng(seed)
    who = random.random(40) < 0.5
    after, tried = life.attempt(PEOPLE, MET, random, P, who=who)
    steps = [
        after,
        life.outcome_seen(PEOPLE, life.efficacy(PEOPLE, MET, P), Seen(1.0), P, who=who)[0],
        life.watched(PEOPLE, MET, 1.0, P, similarity=0.5, who=who)[0],
        life.assured(PEOPLE, MET, 0.9, P, credibility=0.9, who=who),
        life.feels(PEOPLE, arousal=0.9, appraisal=1.0, who=who),
    ]
    for step in steps:
        for old, new in zip(PEOPLE, step, strict=True):
            np.testing.assert_array_equal(new[~who], old[~who])
    assert np.isnan(tried.outcome[~who]).all()
    assert np.isfinite(tried.outcome[who]).all()
    assert (tried.learned[~who] == 0.0).all()


@given(st.floats(0.0, 1.0))
def test_good_news_never_lowers_a_belief_and_bad_news_never_raises_it(outcome: float) -> None:
    sure = life.efficacy(PEOPLE, MET, P)
    _, learned = life.outcome_seen(PEOPLE, sure, Seen(outcome), P)
    assert (learned[outcome > sure] >= 0.0).all()
    assert (learned[outcome < sure] <= 0.0).all()


def test_ability_alone_moves_no_belief_until_an_outcome_is_seen() -> None:
    abler = PEOPLE._replace(ability=PEOPLE.ability + 2.0)
    np.testing.assert_array_equal(life.efficacy(abler, MET, P), life.efficacy(PEOPLE, MET, P))
    assert (life.chance(abler, MET, P) > life.chance(PEOPLE, MET, P)).all()
