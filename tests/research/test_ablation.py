"""Taking Rung apart: every ingredient is there, is one, and can be taken out alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.research.logs import ODD, study

from rung.engine.events import Event
from rung.engine.prediction.rows import NAMES
from rung.log import Log
from rung.research.ablation import ABLATIONS, INGREDIENTS, ceiling_of
from rung.research.benchmark import run_benchmark
from rung.research.folds import series_of
from rung.research.rivals.fitted import FITTED, PARTS, Fitted


def test_every_number_of_a_row_is_in_some_ingredient_and_none_that_does_not_exist() -> None:
    taken = set(itertools.chain(*INGREDIENTS.values()))
    assert set(NAMES) - taken == {"one"}
    assert taken - set(NAMES) == set(PARTS)


def test_rung_with_nothing_taken_out_is_rung() -> None:
    *others, one = series_of(study(people=6))
    whole, same = (
        rival.fit(others, "judgement", 0).predict(one, "judgement") for rival in (FITTED, Fitted("again"))
    )
    np.testing.assert_array_equal(whole.quantiles, same.quantiles)


def test_without_ways_of_answering_a_forecast_is_one_gaussian() -> None:
    *others, one = series_of(study(people=6))
    rival = Fitted("gaussian", without=frozenset(("ways of answering",)))
    found = rival.fit(others, "judgement", 0).predict(one, "judgement")
    inside = (found.quantiles > 0.0) & (found.quantiles < 1.0)
    steps = np.diff(found.quantiles, axis=1)
    assert (np.abs(steps - steps[:, ::-1]) < 1e-9)[inside[:, 1:] & inside[:, :-1]].mean() > 0.5


def test_people_without_own_weights_are_all_taken_alike() -> None:
    log = study(people=6)
    *others, one = series_of(log)
    rival = Fitted("alike", without=frozenset(("own weights", "cases", "ways of answering")))
    model = rival.fit(others, "judgement", 0)
    first = model.predict(one, "judgement").mean
    assert np.isfinite(first).all()
    assert not np.allclose(first, FITTED.fit(others, "judgement", 0).predict(one, "judgement").mean)


def test_each_ablation_runs_in_the_benchmark_and_looks_at_nothing_later() -> None:
    result = run_benchmark(study(people=6), "study", [FITTED, *ABLATIONS]).result
    (judgements,) = (target for target in result.targets if target.target == "judgement")
    assert [entry.left_out for entry in judgements.entries] == [""] * (1 + len(ABLATIONS))


def test_an_ingredient_that_people_use_is_missed_when_it_is_taken_out() -> None:
    random, events = np.random.default_rng(0), []
    for person in range(8):
        belief, time = 0.5, 0.0
        for _ in range(60):
            told = float(random.random())
            events.append(Event(f"p{person}", "d", "t", time, "attempt", feedback=told))
            belief += 0.5 * (told - belief)
            events.append(Event(f"p{person}", "d", "t", time + 1, "judgement", round(belief, 2)))
            time += 2
    gone = INGREDIENTS["what was told"] | INGREDIENTS["what theory expects of news"]
    rivals = [FITTED, Fitted("deaf", targets=("judgement",), without=gone)]
    entries = run_benchmark(Log.of(events), "told", rivals).result.targets[0].entries
    rung, deaf = (entry.scores["rmse"].value or 0.0 for entry in entries)
    assert rung < 0.03
    assert deaf > 0.08


def test_the_ceiling_is_below_what_is_forecast() -> None:
    log = study()
    ceiling = ceiling_of(log)
    assert ceiling is not None
    entries = run_benchmark(log, "study", [FITTED]).result.targets[0].entries
    assert ceiling.judgements == 88
    assert ceiling.rmse < (entries[0].scores["rmse"].value or 0.0)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_log_has_a_ceiling_or_none(name: str) -> None:
    ceiling = ceiling_of(ODD[name]())
    assert ceiling is None or 0.0 <= ceiling.rmse < 1.0
