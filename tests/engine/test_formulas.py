"""Each rule alone: its numbers as published, its directions, and one formula for floats and arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine import affect, approach, attribution, dynamics, mastery, performance, persuasion, vicarious
from rung.engine.parameters import Parameters
from rung.engine.scales import exp, information, logit, sigmoid, where

P = Parameters()
chances = st.floats(0.01, 0.99)
shares = st.floats(0.0, 1.0)

# One row a formula: the function of some floats, and the range of each of them.
FORMULAS: dict[str, tuple[Callable[..., Any], list[tuple[float, float]]]] = {
    "sigmoid": (sigmoid, [(-30, 30)]),
    "logit": (logit, [(0, 1)]),
    "exp": (exp, [(-20, 20)]),
    "information": (information, [(0, 1)]),
    "internal share": (lambda se, y, aid: attribution.internal_share(se, y > se, aid, P), [(0, 1)] * 3),
    "credit": (lambda se, y, aid: attribution.credit(se, y > se, P, aid=aid), [(0, 1)] * 3),
    "credit, cause told": (
        lambda se, y, i, s, c: attribution.credit(se, y > se, P, internal=i, stable=s, controllable=c),
        [(0, 1)] * 5,
    ),
    "mastery": (lambda v, se, y, w: mastery.shift(v, se, y, w, P), [(0, 3), (0, 1), (0, 1), (0, 1)]),
    "openness": (lambda v, se, w: mastery.openness_after(v, se, w, P), [(0, 3), (0, 1), (0, 1)]),
    "felt similarity": (lambda s, c: vicarious.felt_similarity(s, c, P), [(0, 1), (0, 1)]),
    "vicarious": (
        lambda v, se, y, s, n: vicarious.shift(v, se, y, s, n, P),
        [(0, 3), (0, 1), (0, 1), (0, 1), (0, 9)],
    ),
    "lift": (lambda se, t, c: persuasion.lift(se, t, c, P), [(0.001, 0.999), (0, 1), (0, 1)]),
    "lift left": (lambda u, y, se: persuasion.left_after(u, y, se, P), [(-2, 2), (0, 1), (0, 1)]),
    "trust": (lambda c, u, y, se: persuasion.trust_after(c, u, y, se, P), [(0, 1), (-2, 2), (0, 1), (0, 1)]),
    "body on belief": (lambda t, r: affect.on_belief(t, r, P), [(0, 1), (-1, 1)]),
    "body on performance": (lambda t, r: affect.on_performance(t, r, P), [(0, 1), (-1, 1)]),
    "circumstances": (
        lambda e, a, t, r: performance.circumstances(e, a, t, r, P),
        [(0, 1), (0, 1), (0, 1), (-1, 1)],
    ),
    "practice": (lambda y, n: performance.practice(y, n, P), [(0, 1), (0, 500)]),
    "approach": (lambda se, f, b: approach.chance(se, f, b, P), [(0, 1), (0, 1), (-3, 3)]),
    "choice of two": (lambda a, b: approach.chance_over(a, b, P), [(0, 1), (0, 1)]),
    "retained": (lambda d: dynamics.retained(d, 180.0), [(0, 4000)]),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_gives_the_same_for_floats_and_for_arrays(name: str) -> None:
    formula, ranges = FORMULAS[name]
    generator = np.random.default_rng(7)
    columns = [generator.uniform(low, high, 200) for low, high in ranges]
    one_by_one = [formula(*(float(column[row]) for column in columns)) for row in range(200)]
    np.testing.assert_allclose(formula(*columns), one_by_one, rtol=1e-12, atol=1e-12)


def test_failure_is_blamed_on_oneself_more_where_doubt_is_large() -> None:
    assert attribution.internal_share(0.2, False, 0.0, P) == pytest.approx(0.83, abs=0.005)
    assert attribution.internal_share(0.8, False, 0.0, P) == pytest.approx(0.55, abs=0.005)


@given(chances, shares, shares)
def test_visible_help_takes_credit(efficacy: float, outcome: float, aid: float) -> None:
    good = outcome > efficacy
    alone, helped = (attribution.internal_share(efficacy, good, share, P) for share in (0.0, aid))
    assert helped <= alone + 1e-12


@given(chances, st.booleans(), shares, shares, shares)
def test_credit_is_a_share(
    efficacy: float, good: bool, internal: float, stable: float, in_hand: float
) -> None:
    given_cause = attribution.credit(
        efficacy, good, P, internal=internal, stable=stable, controllable=in_hand
    )
    assert 0.0 <= given_cause <= 1.0
    assert 0.0 <= attribution.credit(efficacy, good, P) <= 1.0


@given(chances, shares)
def test_a_failure_from_a_passing_or_controllable_cause_counts_less(efficacy: float, more: float) -> None:
    def failure(stable: float, in_hand: float) -> float:
        return attribution.credit(efficacy, False, P, internal=1.0, stable=stable, controllable=in_hand)

    assert failure(1.0 - more, 0.0) <= failure(1.0, 0.0)
    assert failure(1.0, more) <= failure(1.0, 0.0)


def test_bad_news_weighs_more_than_good_news() -> None:
    up, down = mastery.shift(1.5, 0.5, 1.0, 1.0, P), mastery.shift(1.5, 0.5, 0.0, 1.0, P)
    assert up == pytest.approx(0.4364, abs=1e-4)
    assert down == pytest.approx(-0.6545, abs=1e-4)


def test_learning_rates_lie_in_the_published_range_once_credit_is_counted() -> None:
    # LOOP task (Müller-Pinzler 2019, 2022): .06-.25 for good news, .08-.35 for bad, on the rating scale.
    efficacy = 0.5
    good, bad = (
        mastery.rate(P.openness, efficacy, y, attribution.credit(efficacy, y > efficacy, P), P)
        * information(efficacy)
        for y in (0.7, 0.3)
    )
    assert 0.06 <= good <= 0.25
    assert 0.08 <= bad <= 0.35
    assert good < bad


@given(st.floats(0.0, 3.0), chances, shares)
def test_an_own_outcome_makes_belief_firmer_but_never_shut(
    openness: float, efficacy: float, credit: float
) -> None:
    after = mastery.openness_after(openness, efficacy, credit, P)
    assert 0.0 < after <= P.openness_limit
    assert after <= openness + P.openness_per_event + 1e-12


@given(chances, shares, shares, st.integers(0, 20))
def test_a_model_more_like_the_person_moves_belief_more(
    efficacy: float, one: float, two: float, seen: int
) -> None:
    low, high = sorted((one, two))
    less, more = (abs(vicarious.shift(1.5, efficacy, 1.0, s, float(seen), P)) for s in (low, high))
    assert less <= more


@given(shares)
def test_a_model_who_struggled_is_felt_to_be_more_alike(similarity: float) -> None:
    assert similarity <= vicarious.felt_similarity(similarity, 1.0, P) <= 1.0


def test_each_further_model_adds_less() -> None:
    shifts = [vicarious.shift(1.5, 0.4, 1.0, 0.7, float(seen), P) for seen in range(6)]
    assert shifts == sorted(shifts, reverse=True)
    assert sum(shifts[:4]) == pytest.approx(2.0 * shifts[0])


@given(chances, shares, shares, shares)
def test_an_assurance_lifts_towards_what_it_conveys_as_far_as_it_is_believed(
    efficacy: float, conveyed: float, one: float, two: float
) -> None:
    low, high = sorted((one, two))
    less, more = (persuasion.lift(efficacy, conveyed, credibility, P) for credibility in (low, high))
    assert abs(less) <= abs(more)
    assert less * more >= 0.0


def test_an_incredible_assurance_loses_its_hold() -> None:
    near, far = persuasion.lift(0.1, 0.4, 1.0, P), persuasion.lift(0.01, 0.99, 1.0, P)
    assert far < near


def test_a_fast_heart_read_as_readiness_gives_what_it_would_take_as_threat() -> None:
    assert affect.on_belief(0.8, 1.0, P) == -affect.on_belief(0.8, -1.0, P) > 0.0
    assert affect.on_performance(0.8, 1.0, P) == 0.0 > affect.on_performance(0.8, -1.0, P)


@given(st.booleans())
def test_the_branch_is_a_plain_choice_for_floats(yes: bool) -> None:
    assert where(yes, 1.0, 2.0) == (1.0 if yes else 2.0)
