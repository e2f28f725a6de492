"""The answer that a person will give: its formula by brute force, what it learns, and what always holds."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rung.engine.prediction.answers import (
    ANSWERS,
    CUES,
    REPEAT_CUES,
    SHARES,
    Answer,
    AnswerHabits,
    Respondent,
    as_lists,
    begin,
    follow,
    forecast,
    from_lists,
    observe,
    place_of,
    quantiles_of,
    remember,
    repeat_cues,
    responsibilities,
)
from rung.engine.scales import FloatArray, sigmoid
from rung.errors import InvalidParameters

HABITS = AnswerHabits()
NO_CUES = (0.0,) * len(CUES)


class Turn(NamedTuple):
    """One answer, and what was expected of it."""

    mean: float
    sd: float
    cues: tuple[float, ...]
    answer: float


answers = st.one_of(
    st.integers(0, 100).map(lambda number: number / 100.0),
    st.sampled_from((0.0, 1.0, 2 / 7, 1 / 3, 0.285, 0.284999999, 0.004, 0.005, 0.995)),
    st.floats(0.0, 1.0),
)
turns = st.builds(
    Turn,
    st.floats(-0.5, 1.5) | st.sampled_from((0.0, 0.5, 1.0, -30.0, 30.0)),
    st.floats(0.005, 0.5) | st.sampled_from((0.0, 1e-12, 1e6)),
    st.tuples(*[st.floats(0.0, 1.0)] * len(CUES)),
    answers,
)
repeated = st.tuples(turns, st.booleans())
"""A turn, and whether the answer before was given again."""


@st.composite
def stories(draw: st.DrawFn, most: int = 12) -> tuple[Respondent, float, Turn]:
    """A person after some answers, the last of them, and what comes next."""
    state, last = begin(HABITS), draw(answers)
    for turn, again in draw(st.lists(repeated, max_size=most)):
        answer = last if again else turn.answer
        state = observe(state, last, turn.mean, turn.sd, turn.cues, answer, HABITS)
        last = answer
    return state, last, draw(turns)


def after(told: Sequence[float], mean: float | None = None, sd: float = 0.1) -> Respondent:
    """A person after these answers, of whom a regression expected the answer before, or `mean`."""
    state = begin(HABITS)
    for last, answer in pairwise(told):
        state = observe(state, last, last if mean is None else mean, sd, NO_CUES, answer, HABITS)
    return state


def same(one: Respondent | Answer | AnswerHabits, other: Respondent | Answer | AnswerHabits) -> bool:
    pairs: list[tuple[Any, Any]] = list(zip(one, other, strict=True))
    return type(one) is type(other) and all(np.array_equal(a, b) for a, b in pairs)


# The formula


class ByHand(NamedTuple):
    """The formula of the module, number by number."""

    logit: float
    repeat: float
    centre: float
    parts: list[FloatArray]
    """Of each of `SHARES`, what it gives to each hundredth."""


def by_hand(state: Respondent, last: float, turn: Turn) -> ByHand:
    sd, here = max(turn.sd, 0.01), place_of(last)
    row = repeat_cues(state, last, turn.mean, turn.sd, turn.cues)
    logit = state.intercept + sum(b * cue for b, cue in zip(HABITS.repeat.tolist(), row, strict=True))
    r = min(max(sigmoid(logit / math.sqrt(1 + 0.35 * state.variance)), 0.002), 0.995)
    pull = min(r, 0.65)
    centre = min(max(turn.mean + (turn.mean - last) * pull / (1 - pull), -0.1), 1.1)
    scale = sd * math.sqrt(state.squares / state.weight)
    likes = (
        [0.0 if g == here else float(state.own[g]) for g in range(101)],
        HABITS.popularity.tolist(),
        [1.0] * 101,
    )
    parts = []
    for like in likes:
        for width in (0.6, 1.2):
            z = [(g / 100 - centre) / (width * scale) for g in range(101)]
            parts.append([like[g] * (math.exp(-0.5 * min(z[g] ** 2, 1400.0)) + 1e-9) for g in range(101)])
    near = [math.exp(-abs(g - here) / 2) * (g != here) * (state.own[g] + 0.3) for g in range(101)]
    parts.append(near)
    surprise = min(abs(last - turn.mean) / sd, 3.0)
    shares = [
        share if sum(part) > 1e-7 else 0.0 for share, part in zip(state.shares.tolist(), parts, strict=True)
    ]
    shares[6] *= math.exp(-0.5 * surprise**2) / 0.75
    found = [
        share / sum(shares) * np.array(part) / max(sum(part), 1e-7)
        for share, part in zip(shares, parts, strict=True)
    ]
    return ByHand(logit, r, centre, found)


def untilted(state: Respondent, last: float, turn: Turn) -> FloatArray:
    """P(g) before it is tilted."""
    told = by_hand(state, last, turn)
    masses: FloatArray = (1 - told.repeat) * np.sum(told.parts, axis=0)
    masses[place_of(last)] += told.repeat
    return masses


@given(stories())
def test_the_forecast_is_the_formula_tilted_along_a_line(story: tuple[Respondent, float, Turn]) -> None:
    state, last, turn = story
    told = forecast(state, last, turn.mean, turn.sd, turn.cues, HABITS)
    plain = untilted(state, last, turn)
    assert plain.sum() == pytest.approx(1.0, abs=1e-12)
    seen = told.masses > 1e-250
    tilt = np.log(told.masses[seen] / plain[seen])
    slope, start = np.polyfit(told.places[seen], tilt, 1) if seen.sum() > 1 else (0.0, tilt[0])
    np.testing.assert_allclose(tilt, start + slope * told.places[seen], rtol=1e-6, atol=1e-6)


@given(stories())
@example((after([0.5] * 1000), 0.5, Turn(0.7, 0.01, NO_CUES, 0.5)))
def test_the_mean_lies_half_way_between_what_is_likely_and_what_is_expected(
    story: tuple[Respondent, float, Turn],
) -> None:
    state, last, turn = story
    told = forecast(state, last, turn.mean, turn.sd, turn.cues, HABITS)
    half_way = 0.5 * float(untilted(state, last, turn) @ told.places) + 0.5 * min(max(turn.mean, 0.0), 1.0)
    reachable = min(max(half_way, told.places[0]), told.places[-1])
    assert told.mean == pytest.approx(reachable, abs=2e-4)
    assert told.mean == float(told.masses @ told.places)


@given(stories(), st.booleans())
def test_what_is_learned_from_an_answer_is_the_formula(
    story: tuple[Respondent, float, Turn], again: bool
) -> None:
    state, last, turn = story
    answer = last if again else turn.answer
    told = by_hand(state, last, turn)
    then = observe(state, last, turn.mean, turn.sd, turn.cues, answer, HABITS)

    chance = sigmoid(told.logit)
    precision = 1 / min(1.01 * state.variance, HABITS.variance) + chance * (1 - chance)
    assert then.variance == pytest.approx(1 / precision)
    assert then.intercept == pytest.approx(state.intercept + ((answer == last) - chance) / precision)

    own = state.own.copy()
    own[place_of(last)] = own[place_of(last)] or 1.0
    own *= 29 / 30
    own[place_of(answer)] += 1.0
    np.testing.assert_allclose(then.own, own)

    shares, squares, weight = state.shares, state.squares, state.weight
    if answer != last:
        had = np.array([float(part[place_of(answer)]) for part in told.parts])
        shares = 59 / 60 * shares + 8 / 60 * HABITS.shares / HABITS.shares.sum() + had / had.sum()
        error = (answer - told.centre) / max(turn.sd, 0.01)
        squares = 0.97 * squares + 0.03 * 10 + min(error**2, 16.0)
        weight = 0.97 * weight + 0.03 * 10 + 1
    np.testing.assert_allclose(then.shares, shares)
    assert then.squares == pytest.approx(squares)
    assert then.weight == pytest.approx(weight)


# What always holds


@given(stories())
def test_masses_are_chances_and_places_are_answers_near_the_hundredths(
    story: tuple[Respondent, float, Turn],
) -> None:
    state, last, turn = story
    told = forecast(state, last, turn.mean, turn.sd, turn.cues, HABITS)
    assert told.masses.sum() == pytest.approx(1.0, abs=1e-12)
    assert (told.masses >= 0.0).all()
    assert (np.abs(told.places - ANSWERS) <= 0.005 + 1e-10).all()
    assert (np.diff(told.places) > 0.0).all()
    assert told.places[place_of(last)] == last
    assert 0.0 <= told.turn < 1.0


@given(st.lists(stories(most=4), min_size=1, max_size=4))
def test_quantiles_rise_within_nought_and_one_and_mark_off_their_share(
    told: list[tuple[Respondent, float, Turn]],
) -> None:
    made = [forecast(state, last, turn.mean, turn.sd, turn.cues, HABITS) for state, last, turn in told]
    masses, places = (np.array([getattr(one, name) for one in made]) for name in ("masses", "places"))
    quantiles = quantiles_of(masses, places, np.array([one.turn for one in made]))
    assert quantiles.shape == (len(made), 99)
    assert (np.diff(quantiles, axis=1) >= 0.0).all()
    assert ((quantiles >= 0.0) & (quantiles <= 1.0)).all()
    for one, row in zip(made, quantiles, strict=True):
        for level, quantile in zip(np.arange(1, 100) / 100, row.tolist(), strict=True):
            assert float(one.masses[one.places < quantile - 0.002].sum()) <= level + 1e-6
            assert float(one.masses[one.places <= quantile + 0.002].sum()) >= level - 1e-6


@pytest.mark.parametrize("share", [0.0, 0.25, 0.999])
def test_the_mass_of_one_answer_is_spread_around_it_by_its_turn(share: float) -> None:
    masses = np.zeros((1, 101))
    masses[0, 40] = 1.0
    found = quantiles_of(masses, ANSWERS[None], np.array([share]))[0]
    np.testing.assert_allclose(found, 0.4 + 0.002 * (np.arange(1, 100) / 100 - share), atol=1e-9)


@given(stories())
def test_to_follow_is_to_forecast_and_then_to_observe(story: tuple[Respondent, float, Turn]) -> None:
    state, last, (mean, sd, cues, answer) = story
    told, then = follow(state, last, mean, sd, cues, answer, HABITS)
    assert same(told, forecast(state, last, mean, sd, cues, HABITS))
    assert same(then, observe(state, last, mean, sd, cues, answer, HABITS))


@given(stories())
def test_what_is_known_stays_finite_and_within_its_bounds(story: tuple[Respondent, float, Turn]) -> None:
    state, last, (mean, sd, cues, answer) = story
    then = observe(state, last, mean, sd, cues, answer, HABITS)
    assert np.isfinite(then.own).all()
    assert then.own.sum() <= 31.0
    assert then.exact[place_of(answer)] == answer
    assert (then.shares > 0.0).all()
    assert math.isfinite(then.intercept)
    assert 0.0 < then.variance <= HABITS.variance
    assert 0.0 < then.squares / then.weight <= 16.0
    assert then.answered == state.answered + 1
    assert then.streak == (state.streak + 1 if answer == last else 0)


@given(stories())
def test_each_share_of_an_answer_is_a_chance(story: tuple[Respondent, float, Turn]) -> None:
    state, last, (mean, sd, cues, answer) = story
    found = responsibilities(state, last, mean, sd, cues, answer, HABITS)
    assert found.shape == (len(SHARES),)
    assert (found >= 0.0).all()
    assert found.sum() == pytest.approx(1.0)


@given(stories())
def test_nothing_is_written_to_what_was_given(story: tuple[Respondent, float, Turn]) -> None:
    state, last, (mean, sd, cues, answer) = story
    before, hundredths = pickle.dumps((state, HABITS)), ANSWERS.copy()
    follow(state, last, mean, sd, cues, answer, HABITS)
    remember(state, last, answer)
    assert pickle.dumps((state, HABITS)) == before
    np.testing.assert_array_equal(ANSWERS, hundredths)


@given(stories())
def test_a_person_is_the_same_after_pickling(story: tuple[Respondent, float, Turn]) -> None:
    state = story[0]
    assert same(pickle.loads(pickle.dumps(state)), state)


def test_memory_does_not_grow_with_what_was_answered() -> None:
    random = np.random.default_rng(0)
    few, many = (after(random.random(count).tolist()) for count in (5, 500))
    assert abs(len(pickle.dumps(many)) - len(pickle.dumps(few))) < 50
    assert sum(np.size(part) for part in many) < 250


@given(answers, st.floats(-0.5, 1.5), st.floats(0.0, 1e6), st.tuples(*[st.floats(0.0, 1.0)] * len(CUES)))
def test_the_cues_of_a_repeat_have_their_names(
    last: float, mean: float, sd: float, cues: tuple[float, ...]
) -> None:
    row = repeat_cues(begin(HABITS), last, mean, sd, cues)
    named = dict(zip(REPEAT_CUES, row, strict=True))
    assert all(map(math.isfinite, row))
    assert named["one"] == 1.0
    assert tuple(named[name] for name in CUES) == cues
    assert named["surprise squared"] == pytest.approx(0.5 * named["surprise"] ** 2)
    assert (named["at the top"], named["at the bottom"]) == (last > 0.985, last < 0.015)


# What it learns


def mass_of(told: Answer, *found: float) -> float:
    return float(sum(told.masses[place_of(answer)] for answer in found))


@pytest.mark.parametrize("answer", [0.0, 0.5, 2 / 7, 0.73, 1.0])
def test_a_person_who_always_repeats_soon_is_expected_to(answer: float) -> None:
    chances = []
    for count in (1, 11, 41):
        told = forecast(after([answer] * count), answer, answer, 0.1, NO_CUES, HABITS)
        chances.append(mass_of(told, answer))
    assert chances[0] < chances[1] < chances[2]
    assert chances[1] > 0.6
    assert chances[2] > 0.8


def test_a_person_who_never_repeats_is_not_expected_to() -> None:
    random = np.random.default_rng(1)
    told = forecast(after(random.permutation(ANSWERS)[:40].tolist()), 0.5, 0.5, 0.1, NO_CUES, HABITS)
    assert mass_of(told, 0.5) < 0.5 * mass_of(forecast(begin(HABITS), 0.5, 0.5, 0.1, NO_CUES, HABITS), 0.5)


def test_a_person_who_uses_tens_alone_is_expected_to() -> None:
    random = np.random.default_rng(2)
    tens = (np.arange(11) / 10).tolist()
    user = after(random.choice(tens, 200).tolist(), mean=0.5, sd=0.3)
    for last, mean in [(0.3, 0.35), (0.6, 0.45), (0.9, 0.8)]:
        before, then = (forecast(state, last, mean, 0.2, NO_CUES, HABITS) for state in (begin(HABITS), user))
        assert mass_of(then, *tens) > 0.8 > mass_of(before, *tens)


def test_an_answer_off_the_hundredths_is_expected_as_it_was_given() -> None:
    sevenths = [2 / 7, 3 / 7, 5 / 7, 3 / 7, 2 / 7, 5 / 7] * 5
    told = forecast(after(sevenths), 2 / 7, 0.4, 0.1, NO_CUES, HABITS)
    assert {float(told.places[place_of(answer)]) for answer in sevenths} == set(sevenths)
    assert mass_of(told, *set(sevenths)) > 0.6


def test_the_spread_grows_with_the_errors_of_a_person() -> None:
    random = np.random.default_rng(3)
    sds = []
    for sd in (0.03, 0.25):
        said = np.clip(random.normal(0.5, sd, 80), 0.0, 1.0).tolist()
        told = forecast(after(said, mean=0.5, sd=0.1), 0.9, 0.5, 0.1, NO_CUES, HABITS)
        sds.append(math.sqrt(float(told.masses @ (told.places - told.mean) ** 2)))
    assert sds[0] < 0.7 * sds[1]


@given(answers, st.floats(0.0, 1.0))
def test_remembering_an_answer_teaches_the_repertoire_and_nothing_else(last: float, answer: float) -> None:
    state = begin(HABITS)
    then = remember(state, last, answer)
    assert then.own[place_of(answer)] >= 1.0
    kept = ("shares", "intercept", "variance", "squares", "weight")
    assert all(np.array_equal(getattr(then, name), getattr(state, name)) for name in kept)


# Calibration


def simulated(people: int, count: int, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Answers drawn from the very forecasts, with their quantiles and means."""
    random = np.random.default_rng(seed)
    told, said = [], []
    for _ in range(people):
        state, last, drawn_to = begin(HABITS), float(random.integers(101)) / 100, random.random()
        for _ in range(count):
            mean = last + 0.3 * float(drawn_to - last) + 0.05 * float(random.normal())
            sd = float(random.uniform(0.03, 0.2))
            cues = tuple((random.random(len(CUES)) * random.integers(0, 2, len(CUES))).tolist())
            made = forecast(state, last, mean, sd, cues, HABITS)
            answer = float(random.choice(made.places, p=made.masses))
            state = observe(state, last, mean, sd, cues, answer, HABITS)
            last = answer
            told.append(made)
            said.append(answer)
    masses, places = (np.array([getattr(one, name) for one in told]) for name in ("masses", "places"))
    quantiles = quantiles_of(masses, places, np.array([one.turn for one in told]))
    return np.array(said), quantiles, np.array([one.mean for one in told])


def test_intervals_hold_as_many_answers_as_they_say_where_people_answer_as_forecast() -> None:
    said, quantiles, means = simulated(people=80, count=80, seed=4)
    for level, tolerance in [(80, 0.03), (50, 0.03), (90, 0.03)]:
        low, high = quantiles[:, (100 - level) // 2 - 1], quantiles[:, (100 + level) // 2 - 1]
        inside = float(((low <= said) & (said <= high)).mean())
        assert inside == pytest.approx(level / 100, abs=tolerance)
    error = said - means
    assert abs(error.mean()) < 4.0 * error.std() / math.sqrt(len(error))


def test_every_quantile_has_its_share_of_answers_below_it() -> None:
    said, quantiles, _ = simulated(people=80, count=80, seed=5)
    below = (said[:, None] <= quantiles).mean(axis=0)
    np.testing.assert_allclose(below, np.arange(1, 100) / 100, atol=0.03)


# Stored


def test_habits_are_the_same_after_lists() -> None:
    habits = AnswerHabits(
        np.linspace(-1, 1, len(REPEAT_CUES)), 0.7, np.arange(1.0, len(SHARES) + 1), ANSWERS + 1 / 3
    )
    back = from_lists(as_lists(habits))
    assert same(back, habits)
    assert isinstance(back.variance, float)


GOOD = as_lists(HABITS)


@pytest.mark.parametrize(
    "change, told",
    [
        ({"repeat": [0.0]}, ["repeat"]),
        ({"repeat": [math.nan] * len(REPEAT_CUES)}, ["repeat"]),
        ({"variance": []}, ["variance"]),
        ({"variance": [0.0]}, ["variance"]),
        ({"variance": [math.inf]}, ["variance"]),
        ({"shares": [-0.1] * len(SHARES)}, ["shares"]),
        ({"popularity": [0.0] * 101}, ["popularity"]),
        ({"popularity": [1.0] * 100, "shares": []}, ["shares", "popularity"]),
    ],
)
def test_a_list_that_is_wrong_is_named_with_every_other_one(
    change: Mapping[str, list[float]], told: list[str]
) -> None:
    with pytest.raises(InvalidParameters) as caught:
        from_lists({**GOOD, **change})
    assert [fault.split(":")[0] for fault in caught.value.faults] == told


def test_lists_that_are_missing_are_all_named() -> None:
    with pytest.raises(InvalidParameters) as caught:
        from_lists({})
    assert [fault.split(":")[0] for fault in caught.value.faults] == list(GOOD)
