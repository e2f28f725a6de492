"""Chances of choices and outcomes, as they are fitted: what was put in is found, and nothing is made up."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from tests.research.logs import ODD, study
from tests.research.rivals.crowd import crowd, series

from rung.engine.events import Event
from rung.engine.prediction.chances import (
    ATTEMPT,
    CHOICE,
    Evidence,
    Weights,
    chance,
    evidence_of,
    learned,
    theory,
)
from rung.engine.prediction.memory import Memory, remembered
from rung.engine.scales import FloatArray, sigmoid
from rung.errors import InvalidInput
from rung.research.chances import FittedChances, evidence_seen, fit_chances
from rung.research.folds import series_of
from rung.research.series import Series, Target

DAY = 86_400.0
EVIDENCE: dict[Target, tuple[Evidence, ...]] = {"attempt": ATTEMPT, "choice": CHOICE}
BOTH = pytest.mark.parametrize("target", ["attempt", "choice"])
Draw = Callable[[np.random.Generator, float], float]


def coin(random: np.random.Generator, p: float) -> float:
    return float(random.random() < p)


def partial(random: np.random.Generator, p: float) -> float:
    """An outcome with variance p (1 - p) / 5."""
    return float(random.beta(4.0 * p, 4.0 * (1.0 - p)))


def named(evidence: tuple[Evidence, ...], **changed: float) -> FloatArray:
    """What theory has each evidence weigh, but for some."""
    return np.array([changed.get(item.name, item.weight) for item in evidence])


def life(person: str, own: FloatArray, target: Target, turns: int, seed: int, draw: Draw) -> Series:
    """Somebody who answers with the chance that their own weights make of the evidence."""
    random = np.random.default_rng(seed)
    memory, told = Memory(), []
    for turn in range(turns):
        task = ("ask", "tell", "sing")[random.integers(3)]
        difficulty = float(random.normal())
        common = ("ana", "talks", task)
        events = [
            Event(
                *common, 0.0, "judgement", float(random.integers(5, 96)) / 100, feared=float(random.random())
            ),
            Event(
                *common, 0.0, "state", arousal=float(random.random()), appraisal=float(random.uniform(-1, 1))
            ),
            Event(*common, 0.0, "model", float(random.random())),
            Event(*common, 0.0, "attempt", float(random.random() < 0.6), difficulty),
            Event(*common, 0.0, "choice", float(random.integers(2))),
        ]
        place = int(random.integers(3))
        for number, event in enumerate([*events[:place], events[3 if target == "attempt" else 4]]):
            event = event._replace(person=person, time=turn * DAY + number)
            if event.kind == target:
                z = float(own @ np.array(evidence_of(memory, event._replace(value=None))))
                event = event._replace(value=draw(random, sigmoid(z)))
            memory = remembered(memory, event)
            told.append(event)
    return series(person, told)


def lives(
    target: Target,
    mean: FloatArray,
    spread: float,
    count: int,
    turns: int,
    seed: int = 0,
    draw: Draw = coin,
) -> list[Series]:
    """People whose own weights differ by this sd each."""
    random = np.random.default_rng(seed)
    own = mean + spread * random.normal(size=(count, len(mean)))
    return [life(f"p{number:03}", own[number], target, turns, seed + number, draw) for number in range(count)]


def questions(one: Series, target: Target) -> tuple[FloatArray, FloatArray]:
    """Evidence and answer of all that a person answered."""
    memory, rows, values = Memory(), [], []
    for place, event in enumerate(one.events):
        if event.kind == target and event.value is not None:
            rows.append(evidence_of(memory, one.asked(place)))
            values.append(event.value)
        memory = remembered(memory, event)
    return np.array(rows).reshape(-1, len(EVIDENCE[target])), np.array(values)


# What was put in is found

PUT_IN = {
    "attempt": named(ATTEMPT, start=0.6, ability=0.6, belief=1.0, threat=-1.5, heard=0.5),
    "choice": named(CHOICE, start=-0.5, efficacy=6.0, fear=-2.5, repeat=0.8, heard=0.6),
}


@BOTH
def test_the_weights_of_people_at_large_are_found(target: Target) -> None:
    true = PUT_IN[target]
    known = lives(target, true, 0.2, count=120, turns=30)
    weights = fit_chances(known, target).weights
    rows = np.concatenate([questions(one, target)[0] for one in known])
    expected = theory(EVIDENCE[target]).mean
    error, before = (
        float(np.sqrt(((rows @ (found - true)) ** 2).mean())) for found in (weights.mean, expected)
    )
    assert error < 0.25
    assert error < 0.4 * before


def test_how_far_people_differ_is_found() -> None:
    """Each attempt is the first of its domain, so that all evidence is the same for everyone."""
    random = np.random.default_rng(1)
    for spread in (0.4, 1.5):
        known = []
        for person in range(150):
            p = sigmoid(0.7 + spread * float(random.normal()))
            told = [
                Event(f"p{person:03}", f"domain {turn}", "", turn * DAY, "attempt", coin(random, p))
                for turn in range(25)
            ]
            known.append(series(f"p{person:03}", told))
        rows = np.concatenate([questions(one, "attempt")[0] for one in known])
        assert (rows == rows[0]).all()
        weights = fit_chances(known, "attempt").weights
        mean, variance = float(rows[0] @ weights.mean), float(rows[0] @ weights.covariance @ rows[0])
        assert mean == pytest.approx(0.7, abs=0.25)
        assert math.sqrt(variance) == pytest.approx(spread, rel=0.25)


def test_the_dispersion_is_one_where_all_outcomes_are_nought_or_one_and_found_where_not() -> None:
    true = PUT_IN["attempt"]
    whole, parts = (lives("attempt", true, 0.2, 40, 25, draw=draw) for draw in (coin, partial))
    assert fit_chances(whole, "attempt").weights.dispersion == 1.0
    assert fit_chances(parts, "attempt").weights.dispersion == pytest.approx(0.2, rel=0.15)


@BOTH
def test_others_are_foretold_better_by_what_was_learned_and_as_often_right_as_said(target: Target) -> None:
    known = lives(target, PUT_IN[target], 0.3, count=120, turns=25, seed=1000)
    model = fit_chances(known[:80], target)
    losses, said, values = [], [], []
    for fitted in (model, fit_chances([], target)):
        found = []
        for one in known[80:]:
            p = fitted.predict(one, target)
            y = np.array([one.events[place].value for place in one.scored(target)], np.float64)
            found.append(-np.log(np.where(y > 0.5, p, 1.0 - p)))
            if fitted is model:
                said.append(p)
                values.append(y)
        losses.append(float(np.concatenate(found).mean()))
    assert losses[0] < losses[1] - 0.01
    p, y = np.concatenate(said), np.concatenate(values)
    for low, high in [(0.0, 0.35), (0.35, 0.65), (0.65, 1.0)]:
        some = (low <= p) & (p < high)
        assert abs(float((y - p)[some].mean())) < 4.0 * float(
            np.sqrt((p * (1 - p))[some].mean() / some.sum())
        )


# The fit itself


def likeliest(x: FloatArray, y: FloatArray, mean: FloatArray, variance: FloatArray, phi: float) -> FloatArray:
    b = mean.copy()
    for _ in range(100):
        p = sigmoid(x @ b)
        slope = x.T @ (y - p) / phi - (b - mean) / variance
        curve = x.T @ (x * (p * (1 - p) / phi)[:, None]) + np.diag(1.0 / variance)
        step = np.linalg.solve(curve, slope)
        b = b + step / max(1.0, float(np.abs(x @ step).max()) / 2.0)
    return b


@BOTH
def test_another_round_of_estimating_moves_nothing(target: Target) -> None:
    """The mean and the spread are those that everyone's own weights, found with them, come to."""
    evidence = EVIDENCE[target]
    known = [questions(one, target) for one in lives(target, PUT_IN[target], 0.3, 12, 15)]
    weights = fit_chances(lives(target, PUT_IN[target], 0.3, 12, 15), target).weights
    expected, doubt, spread = (np.array([item[part] for item in evidence]) for part in (2, 3, 4))
    variance = spread**2
    for _ in range(30):
        told, each = np.zeros((len(evidence),) * 2), []
        for x, y in known:
            b = likeliest(x, y, weights.mean, variance, weights.dispersion)
            p = sigmoid(x @ b)
            curve = x.T @ (x * (p * (1 - p) / weights.dispersion)[:, None])
            covariance = np.linalg.inv(curve + np.diag(1.0 / variance))
            told += np.diag(1.0 / variance) - covariance / np.outer(variance, variance)
            each.append((b, covariance))
        unsure = np.linalg.inv(np.diag(doubt**-2.0) + told)
        before, variance = variance, np.diag(weights.covariance - unsure)
        if np.abs(before - variance).max() < 1e-9:
            break
    own = np.array([b for b, _ in each])
    mean = (own.sum(axis=0) / variance + expected / doubt**2) / (len(own) / variance + doubt**-2.0)
    squares = ((own - mean) ** 2).sum(axis=0) + sum(np.diag(covariance) for _, covariance in each)
    np.testing.assert_allclose(mean, weights.mean, atol=0.01)
    np.testing.assert_allclose(
        np.sqrt((squares + 4.0 * spread**2) / (len(own) + 4.0)), np.sqrt(variance), atol=0.01
    )
    np.testing.assert_allclose(weights.covariance, np.diag(variance) + unsure, atol=0.02)


@BOTH
def test_the_order_of_people_does_not_matter(target: Target) -> None:
    known = crowd(9, turns=8)
    one, other = (fit_chances(people, target).weights for people in (known, known[::-1]))
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-6)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-6)


# What a log does not tell


def same(one: Weights, other: Weights) -> bool:
    arrays = zip(one[:2], other[:2], strict=True)
    return all(np.array_equal(*pair) for pair in arrays) and one.dispersion == other.dispersion


@BOTH
def test_without_anybody_to_learn_from_theory_has_its_word(target: Target) -> None:
    wanted = theory(EVIDENCE[target])
    silent = series("p", [Event("p", "talks", "ask", 0.0, "judgement", 0.5)])
    untold = series("p", [Event("p", "talks", "ask", float(turn), "attempt", None) for turn in range(3)])
    for known in ([], [silent], [silent, untold]):
        assert same(fit_chances(known, target).weights, wanted)


def test_evidence_that_never_varies_weighs_what_theory_says() -> None:
    known = [
        series(
            f"p{number}",
            [Event(f"p{number}", "talks", "ask", float(turn), "attempt", 1.0) for turn in range(9)],
        )
        for number in range(5)
    ]
    weights = fit_chances(known, "attempt").weights
    seen, wanted = evidence_seen(known, "attempt"), theory(ATTEMPT)
    for place, item in enumerate(ATTEMPT):
        if not seen[place]:
            assert weights.mean[place] == pytest.approx(item.weight, abs=1e-9), item.name
            assert weights.covariance[place, place] == pytest.approx(
                wanted.covariance[place, place], rel=0.01
            )
    names = {item.name for item, told in zip(ATTEMPT, seen, strict=True) if told}
    assert {"start", "ability", "practice"} <= names
    assert not {"ease", "threat", "heard", "told", "belief"} & names


def test_evidence_is_seen_where_it_was_ever_other_than_nought() -> None:
    assert not evidence_seen([], "choice").any()
    known = crowd(3, turns=6)
    rows = np.concatenate([questions(one, "attempt")[0] for one in known])
    np.testing.assert_array_equal(evidence_seen(known, "attempt"), rows.any(axis=0))


def test_what_is_not_answered_by_yes_or_no_is_refused() -> None:
    for refused in (fit_chances, evidence_seen):
        with pytest.raises(
            InvalidInput, match="judgement is not foretold by a chance; choice and attempt are"
        ):
            refused([], "judgement")


@BOTH
@pytest.mark.parametrize("name", ODD)
def test_odd_logs_leave_weights_that_can_be_used(name: str, target: Target) -> None:
    known = series_of(ODD[name]())
    model = fit_chances(known, target)
    assert np.isfinite(model.weights.mean).all()
    assert np.linalg.eigvalsh(model.weights.covariance).min() > 0.0
    assert 0.0 < model.weights.dispersion <= 1.0
    for one in known:
        said = model.predict(one, target)
        assert said.shape == (len(one.scored(target)),)
        assert ((said >= 0.0) & (said <= 1.0)).all()


# Forecasts


@BOTH
def test_forecasts_are_those_of_learning_from_row_to_row(target: Target) -> None:
    model = fit_chances(series_of(study()), target)
    for one in (*series_of(study(seed=4)), *crowd(2)):
        weights, said = model.weights, []
        rows, values = questions(one, target)
        for row, value in zip(rows, values.tolist(), strict=True):
            said.append(chance(weights, row))
            weights = learned(weights, row, value)
        found = model.predict(one, target)
        answered = [
            place
            for place, event in enumerate(one.events)
            if event.kind == target and event.value is not None
        ]
        assert found.tolist() == [said[answered.index(place)] for place in one.scored(target)]


@BOTH
def test_what_comes_later_changes_no_forecast(target: Target) -> None:
    model = FittedChances(theory(EVIDENCE[target]))
    whole = crowd(1, turns=10)[0]
    part = series(whole.person, whole.events[:40])
    count = len(part.scored(target))
    assert model.predict(whole, target)[:count].tolist() == model.predict(part, target).tolist()


def test_a_choice_is_foretold_the_same_whichever_task_the_log_names_first() -> None:
    pairs = [("ask", "tell"), ("tell", "ask"), ("ask", "tell")]
    told = [
        Event("p", "talks", task, float(turn), "choice", 1.0, context=f"versus:{other}")
        for turn, (task, other) in enumerate(pairs)
    ]
    mirrored = [event._replace(task=event.context[7:], context=f"versus:{event.task}") for event in told]
    model = FittedChances(theory(CHOICE))
    one, other = (model.predict(series("p", events), "choice") for events in (told, mirrored))
    np.testing.assert_allclose(one, 1.0 - other, atol=1e-12)
