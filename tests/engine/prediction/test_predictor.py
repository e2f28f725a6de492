"""One person foretold event by event: the same as the benchmark's way over whole people, and nothing more."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from tests.research.logs import study

from rung.engine.events import Event
from rung.engine.prediction.model import Model
from rung.engine.prediction.predictor import Predictor
from rung.errors import InvalidEvent
from rung.research.folds import series_of
from rung.research.rivals.fitted import DEFAULTS, FITTED
from rung.research.series import TARGETS, Series, Target

PREDICTOR = Predictor()


def one_by_one(series: Series, target: Target) -> list[float]:
    known, told = PREDICTOR.begin(), []
    scored = set(series.scored(target))
    for place, event in enumerate(series.events):
        if place in scored:
            if target == "judgement":
                answer = PREDICTOR.answer(known, event)
                assert answer is not None
                told.append(answer.mean)
            else:
                told.append(PREDICTOR.chance(known, event))
        known = PREDICTOR.observe(known, event)
    return told


@pytest.mark.parametrize("target", TARGETS)
def test_events_one_by_one_are_foretold_as_the_benchmark_foretells_a_whole_person(target: Target) -> None:
    model = DEFAULTS.fit([], target, 0)
    for series in series_of(study(people=5)):
        found = one_by_one(series, target)
        assert len(found) > 0
        np.testing.assert_allclose(found, model.predict(series, target).mean, atol=1e-12)


def test_without_training_people_the_benchmark_uses_what_comes_with_the_package() -> None:
    (series,) = series_of(study(people=1))
    fitted, shipped = (
        rival.fit([], "judgement", 0).predict(series, "judgement") for rival in (FITTED, DEFAULTS)
    )
    np.testing.assert_array_equal(fitted.quantiles, shipped.quantiles)


def test_a_question_about_a_choice_does_not_depend_on_which_task_is_named_first() -> None:
    known = PREDICTOR.begin()
    for time in range(6):
        known = PREDICTOR.observe(
            known, Event("ana", "d", "talk", float(time), "choice", 1.0, context="versus:call")
        )
    one = PREDICTOR.chance(known, Event("ana", "d", "talk", 9.0, "choice", context="versus:call"))
    other = PREDICTOR.chance(known, Event("ana", "d", "call", 9.0, "choice", context="versus:talk"))
    assert one == pytest.approx(1.0 - other, abs=1e-12)
    assert one > 0.6


def test_what_the_asked_event_brings_changes_nothing_in_the_answer() -> None:
    known = PREDICTOR.observe(PREDICTOR.begin(), Event("ana", "d", "a", 0.0, "judgement", 0.4))
    bare = Event("ana", "d", "a", 5.0, "judgement", difficulty=0.5)
    full = bare._replace(value=0.9, feared=0.8, confidence=0.3)
    one, other = PREDICTOR.answer(known, bare), PREDICTOR.answer(known, full)
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.masses, other.masses)


def test_only_attempts_and_choices_have_a_chance() -> None:
    with pytest.raises(InvalidEvent, match="'judgement' has no chance"):
        PREDICTOR.chance(PREDICTOR.begin(), Event("ana", "d", "a", 0.0, "judgement"))


def test_the_state_is_had_again_from_the_log_to_the_last_bit() -> None:
    (series,) = series_of(study(people=1))
    states = []
    for _ in range(2):
        known = PREDICTOR.begin()
        for event in series.events:
            known = PREDICTOR.observe(known, event)
        states.append(pickle.dumps(known))
    assert states[0] == states[1]
    question = Event("p0", "d", "a", 1e9, "attempt")
    assert PREDICTOR.chance(pickle.loads(states[0]), question) == PREDICTOR.chance(known, question)


def test_observing_leaves_the_person_before_as_they_were() -> None:
    known = PREDICTOR.observe(PREDICTOR.begin(), Event("ana", "d", "a", 0.0, "judgement", 0.4))
    before = pickle.dumps(known)
    PREDICTOR.observe(known, Event("ana", "d", "a", 1.0, "judgement", 0.9))
    assert pickle.dumps(known) == before


def test_a_person_who_learns_from_good_news_alone_is_soon_known_for_it() -> None:
    known = PREDICTOR.begin()
    belief, told = 0.5, []
    for time in range(0, 400, 2):
        outcome = float(time % 4 == 0)
        known = PREDICTOR.observe(
            known, Event("ana", "d", "a", float(time), "attempt", outcome, feedback=outcome)
        )
        belief = min(belief + 0.04, 0.95) if outcome else belief - 0.03
        question = Event("ana", "d", "a", time + 1.0, "judgement", round(belief, 2))
        answer = PREDICTOR.answer(known, question)
        if answer is not None:
            told.append(abs(answer.mean - round(belief, 2)))
        known = PREDICTOR.observe(known, question)
    assert np.mean(told[-40:]) < np.mean(told[:10])
    assert np.mean(told[-40:]) < 0.02


def test_a_predictor_takes_another_model() -> None:
    default = Model.default()
    still = default._replace(
        judgements=default.judgements._replace(weights=np.zeros_like(default.judgements.weights))
    )
    predictor = Predictor(still)
    known = predictor.observe(predictor.begin(), Event("ana", "d", "a", 0.0, "judgement", 0.4))
    answer = predictor.answer(known, Event("ana", "d", "a", 1.0, "judgement"))
    assert answer is not None
    assert answer.mean == pytest.approx(0.4, abs=0.03)
