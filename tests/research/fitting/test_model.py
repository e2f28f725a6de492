"""A model is fitted part by part, and each part is taken only where it predicts people better."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from tests.research.logs import ODD, study

from rung.engine.parameters import Parameters
from rung.engine.prediction.answers import CUES, REPEAT_CUES, AnswerHabits
from rung.engine.prediction.cases import expected
from rung.engine.prediction.chances import ATTEMPT
from rung.engine.prediction.crowd import Judged, expect, judged
from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.model import Model
from rung.engine.prediction.rows import CUE_PLACES, NAMES
from rung.errors import InvalidInput
from rung.log import Log
from rung.research.answers import Answered, fit_answers, forecast_answers
from rung.research.chances import FittedChances, fit_chances
from rung.research.fitting.cases import fit_cases
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.model import FittedModel, fit_model
from rung.research.fitting.parts import parts_of
from rung.research.fitting.workers import in_turn
from rung.research.folds import folds_of, series_of
from rung.research.forecasts import Forecasts
from rung.research.scoring import score_chances, score_judgements
from rung.research.series import Target

PEOPLE = 14
LOG = study(people=PEOPLE, rounds=8, seed=3)
KNOWN = judged(crowd_of(LOG), Parameters())
PARTS = ["judgements", "cases", "answers", "attempt", "choice"]


def fitted(log: Log, *, parts: int = 2, force: bool = False, seed: int = 0) -> FittedModel:
    with TemporaryDirectory() as folder, in_turn() as workers:
        saved = parts_of(log, "log", Path(folder, "parts"), parts)
        return fit_model(saved, Path(folder), workers, ["log.csv"], seed=seed, force=force)


@pytest.fixture(scope="module")
def found() -> FittedModel:
    return fitted(LOG, force=True)


def of_people(places: Sequence[int]) -> Judged:
    kept = np.isin(KNOWN.person, places)
    return Judged(
        KNOWN.place[kept], KNOWN.person[kept], KNOWN.rows[kept], KNOWN.last[kept], KNOWN.change[kept]
    )


def answered(known: Judged, means: np.ndarray, sds: np.ndarray, person: int) -> Answered:
    """What one person answered, beside what is expected of it."""
    cues = np.abs(known.rows[:, CUE_PLACES])
    columns = (known.last, means, sds, cues, known.last + known.change)
    return Answered(*(column[known.person == person] for column in columns))


def answered_by(known: Judged, population: Population) -> list[Answered]:
    """What everyone answered, where nothing was learned of cases."""
    means, sds = expect(known, population)
    return [answered(known, known.last + means, sds, person) for person in np.unique(known.person).tolist()]


def without_kind(log: Log, *kinds: str) -> Log:
    return Log.of(event for event in log.events() if event.kind not in kinds)


def comes_with(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "default", classmethod(lambda cls: model))


# What is fitted


def test_judgements_are_those_of_the_mixed_model(found: FittedModel) -> None:
    wanted = fit_judgements(KNOWN)
    seen = np.array([name in found.seen for name in NAMES])
    np.testing.assert_allclose(
        found.model.judgements.weights[seen], wanted.population.weights[seen], rtol=1e-10, atol=1e-10
    )
    assert found.model.judgements.noise == pytest.approx(wanted.population.noise, rel=1e-10)
    told = found.model.fitted["judgements"]
    assert (told["people"], told["judgements"], told["logs"]) == (PEOPLE, PEOPLE * 7, ["log.csv"])
    assert told["log_likelihood"] == pytest.approx(wanted.log_likelihood)
    assert told["errors"] == pytest.approx(dict(zip(np.array(NAMES)[seen], wanted.errors[seen], strict=True)))
    assert set(told["spread_errors"]) == found.seen & set(PERSONAL)


def test_answers_are_learned_on_top_of_the_judgements_that_are_taken(found: FittedModel) -> None:
    wanted = fit_answers(answered_by(KNOWN, found.model.judgements))
    np.testing.assert_allclose(found.model.answers.shares, wanted.shares, rtol=1e-6)
    np.testing.assert_allclose(found.model.answers.popularity, wanted.popularity)
    assert found.model.answers.variance == pytest.approx(wanted.variance)


@pytest.mark.parametrize("target", ["attempt", "choice"])
def test_chances_are_those_of_the_log(target: Target, found: FittedModel) -> None:
    wanted, weights = fit_chances(series_of(LOG), target).weights, getattr(found.model, target)
    # What the log says nothing of stays as Rung comes with it, and apart from all else.
    given = getattr(Model.default(), target)
    told = weights.mean != given.mean
    assert told.sum() > 5
    np.testing.assert_allclose(weights.mean[told], wanted.mean[told], atol=1e-4)
    both = np.ix_(told, told)
    np.testing.assert_allclose(weights.covariance[both], wanted.covariance[both], atol=1e-4)


def test_whatever_the_parts_the_same_comes_out(found: FittedModel) -> None:
    other = fitted(LOG, parts=5, force=True).model
    np.testing.assert_allclose(other.judgements.weights, found.model.judgements.weights, rtol=0, atol=1e-10)
    np.testing.assert_allclose(other.answers.repeat, found.model.answers.repeat, rtol=0, atol=1e-10)
    np.testing.assert_allclose(other.attempt.mean, found.model.attempt.mean, rtol=0, atol=1e-10)


def test_the_model_survives_its_file_with_what_it_was_fitted_to(found: FittedModel) -> None:
    again = Model.from_json(found.model.to_json())
    assert again.to_json() == found.model.to_json()
    assert again.fitted == json.loads(json.dumps(found.model.fitted))
    assert set(again.fitted) == set(PARTS)
    assert {told["people"] for told in again.fitted.values()} == {found.outcomes["judgements"].people}


# What is left as it is


def test_parts_that_a_log_says_nothing_of_stay_as_rung_comes_with_them() -> None:
    given = Model.default()
    without = fitted(without_kind(LOG, "choice"), force=True)
    assert list(without.outcomes) == ["judgements", "cases", "answers", "attempt"]
    assert without.model.choice is given.choice
    only = fitted(ODD["only choices"](), force=True)
    assert list(only.outcomes) == ["choice"]
    assert only.model._replace(choice=given.choice, fitted=given.fitted) == given


def test_numbers_that_a_log_has_not_stay_as_rung_comes_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Model.default()
    odd = given.judgements._replace(weights=given.judgements.weights + 0.125, drift=0.004, noise_memory=0.9)
    attempt = given.attempt._replace(mean=given.attempt.mean + 0.125)
    comes_with(given._replace(judgements=odd, attempt=attempt), monkeypatch)
    model = fitted(without_kind(LOG, "feedback"), force=True).model
    names = [name for name in ("borrowed", "body", "sure") if name in NAMES]
    places = [NAMES.index(name) for name in names]
    assert model.judgements.weights[places].tolist() == odd.weights[places].tolist()
    own = PERSONAL.index("borrowed")
    assert model.judgements.spread[own].tolist() == np.diag(np.diag(odd.spread))[own].tolist()
    assert np.linalg.eigvalsh(model.judgements.spread).min() > 0.0
    assert (model.judgements.drift, model.judgements.noise_memory) == (0.004, 0.9)
    threat = [item.name for item in ATTEMPT].index("threat")
    assert model.attempt.mean[threat] == attempt.mean[threat]
    assert "borrowed" not in model.fitted["judgements"]["errors"]


def test_cues_of_a_repeat_that_nobody_had_stay_as_rung_comes_with_them() -> None:
    model = fitted(without_kind(LOG, "attempt", "feedback", "choice"), force=True).model
    given = Model.default().answers.repeat
    same = [REPEAT_CUES[place] for place in np.flatnonzero(model.answers.repeat == given)]
    assert same == [cue for cue in CUES if cue != "other task"]


def test_where_there_is_nothing_to_fit_it_is_told() -> None:
    with pytest.raises(InvalidInput, match="there is nothing to fit"):
        fitted(without_kind(LOG, "judgement", "attempt", "choice"))


# Held out


def test_answers_of_people_held_out_are_predicted_by_the_others_alone(found: FittedModel) -> None:
    ours, theirs = [], []
    for fold in folds_of(range(PEOPLE)):
        population = fit_judgements(of_people(fold.training)).population
        habits = fit_answers(answered_by(of_people(fold.training), population))
        for one in answered_by(of_people(fold.test), population):
            ours.append(log_scores(one, forecast_answers(one, habits)))
            theirs.append(log_scores(one, forecast_answers(one, Model.default().answers)))
    held_out = found.outcomes["answers"].held_out
    assert held_out is not None
    assert (held_out.people, held_out.predicted) == (PEOPLE, PEOPLE * 7)
    assert held_out.scores["log score"].fitted.value == pytest.approx(np.concatenate(ours).mean(), rel=1e-5)
    assert held_out.scores["log score"].given.value == pytest.approx(np.concatenate(theirs).mean(), rel=1e-5)


def log_scores(one: Answered, told: tuple[np.ndarray, ...]) -> np.ndarray:
    return score_judgements(one.answer, Forecasts(*told))[0]["log_score"]


@pytest.mark.parametrize("target", ["attempt", "choice"])
def test_chances_of_people_held_out_are_predicted_by_the_others_alone(
    target: Target, found: FittedModel
) -> None:
    everyone, ours, theirs = series_of(LOG), [], []
    for fold in folds_of(everyone):
        fit = fit_chances([everyone[place] for place in fold.training], target)
        for one in (everyone[place] for place in fold.test):
            values = np.array([one.events[place].value for place in one.scored(target)], np.float64)
            given = FittedChances(getattr(Model.default(), target))
            ours.append(score_chances(values, fit.predict(one, target))["log_loss"])
            theirs.append(score_chances(values, given.predict(one, target))["log_loss"])
    held_out = found.outcomes[target].held_out
    assert held_out is not None
    assert held_out.scores["log loss"].fitted.value == pytest.approx(np.concatenate(ours).mean())
    assert held_out.scores["log loss"].given.value == pytest.approx(np.concatenate(theirs).mean())


def test_what_no_part_betters_is_kept(monkeypatch: pytest.MonkeyPatch, found: FittedModel) -> None:
    """What comes with the package has met all of these people, and no fit to the others knows them better."""
    comes_with(found.model, monkeypatch)
    again = fitted(LOG)
    assert not again.is_better
    assert {part: outcome.is_taken for part, outcome in again.outcomes.items()} == dict.fromkeys(PARTS, False)
    assert again.model is found.model
    assert again.candidate.fitted.keys() == found.model.fitted.keys()


def test_answers_stand_on_the_judgements_and_cases_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes with the package knows everybody's judgements by heart, but not how they answer."""
    log = study(people=30, rounds=9)
    known, fit = judged(crowd_of(log), Parameters()), fitted(log, force=True)
    population = fit.model.judgements
    means, sds = expect(known, population)
    cases = fit_cases(known.rows, means, known.change)
    assert len(cases.values)
    # No number stands right at a threshold, where rounding would decide.
    cases = cases._replace(thresholds=cases.thresholds + 3e-7)
    comes_with(fit.model._replace(cases=cases, answers=AnswerHabits()), monkeypatch)
    again = fitted(log)
    assert [part for part in PARTS[:3] if again.outcomes[part].is_taken] == ["answers"]
    expectations = known.last + expected(cases, known.rows, means)
    scores = [
        log_scores(one, forecast_answers(one, AnswerHabits()))
        for person in range(30)
        for one in [answered(known, expectations, sds, person)]
    ]
    held_out = again.outcomes["answers"].held_out
    assert held_out is not None
    assert held_out.scores["log score"].given.value == pytest.approx(np.concatenate(scores).mean())


def test_each_part_is_taken_by_itself(monkeypatch: pytest.MonkeyPatch, found: FittedModel) -> None:
    """Only of choices does what comes with the package not know better."""
    far = found.model.choice._replace(mean=found.model.choice.mean - 3.0)
    given = found.model._replace(choice=far)
    comes_with(given, monkeypatch)
    again = fitted(LOG)
    assert [part for part, outcome in again.outcomes.items() if outcome.is_taken] == ["choice"]
    assert again.is_better
    assert again.model.judgements is given.judgements
    assert again.model.answers is given.answers
    assert again.model.choice is not far
    assert again.model.fitted["choice"]["is_better"]
    assert again.model.fitted["attempt"] is given.fitted["attempt"]


def test_with_force_all_that_was_fitted_is_taken(monkeypatch: pytest.MonkeyPatch, found: FittedModel) -> None:
    comes_with(found.model, monkeypatch)
    again = fitted(LOG, force=True)
    assert all(outcome.is_taken for outcome in again.outcomes.values())
    assert not again.is_better
    assert not any(again.model.fitted[part]["is_better"] for part in PARTS)
    assert again.model.to_json() == again.candidate.to_json()


def test_one_person_alone_is_fitted_and_held_against_nothing() -> None:
    alone = fitted(study(people=1))
    assert list(alone.outcomes) == PARTS
    assert all(outcome.held_out is None for outcome in alone.outcomes.values())
    assert alone.model is Model.default()
    assert fitted(study(people=1), force=True).model.fitted["judgements"]["people"] == 1


@pytest.mark.parametrize("name", ODD)
def test_an_odd_log_gives_a_model_that_can_be_read(name: str) -> None:
    model = fitted(ODD[name](), force=True).model
    assert Model.from_json(model.to_json()).to_json() == model.to_json()
