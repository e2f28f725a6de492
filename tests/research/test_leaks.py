"""Nobody predicts from what comes later: cheats are caught, and no rival is one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.logs import study
from tests.research.packages import skip_without_its_package
from tests.research.toys import CONSTANT, LAST, Toy, peek

from rung.engine.events import Event
from rung.log import Log
from rung.research.benchmark import run_benchmark
from rung.research.folds import series_of
from rung.research.forecasts import LEVELS, Forecasts
from rung.research.leaks import looks_ahead, spoiled
from rung.research.questions import Questions
from rung.research.rivals import ALL
from rung.research.rivals.fitted import FITTED
from rung.research.rivals.theory import THEORY
from rung.research.scoring import score_judgements
from rung.research.series import TARGETS, Series, Target
from rung.research.tally import MAIN

EVERY = {rival.name: rival for rival in (FITTED, *ALL)}


def later(series: Series, place: int, target: Target) -> float:
    """The next row of the kind, if there is one."""
    rest = [event.value for event in series.events[place + 1 :] if event.kind == target]
    return rest[0] if rest and rest[0] is not None else 0.5


def hidden(series: Series, place: int, target: Target) -> float:
    """A column of the row itself that comes with the outcome."""
    return series.events[place].feedback or 0.5


def length(series: Series, place: int, target: Target) -> float:
    """How far through the person's rows it is: known only afterwards."""
    return place / len(series.events)


@pytest.mark.parametrize(
    "guess, targets", [(peek, TARGETS), (later, TARGETS), (length, TARGETS), (hidden, ("attempt",))]
)
def test_a_cheat_is_left_out_and_told(guess: object, targets: tuple[Target, ...]) -> None:
    cheat = Toy("cheat", guess, targets)  # type: ignore[arg-type]
    result = run_benchmark(study(), "study", [THEORY, cheat, LAST]).result
    for target in result.targets:
        entries = {entry.model: entry for entry in target.entries}
        if target.target in targets:
            assert "looks ahead" in entries["cheat"].left_out
            assert entries["cheat"].scores == {}
        assert entries["last"].left_out == ""


def test_honest_models_are_not_accused() -> None:
    result = run_benchmark(study(), "study", [THEORY, LAST, CONSTANT]).result
    assert [entry.left_out for target in result.targets for entry in target.entries] == [""] * 9


def test_what_is_spoiled_keeps_all_that_may_be_known_and_nothing_else() -> None:
    series = series_of(study())[0]
    generator = np.random.default_rng(0)
    for target in TARGETS:
        for place in series.scored(target)[::5]:
            for keep_rest in (False, True):
                other = spoiled(series, place, generator, keep_rest=keep_rest)
                assert other.events[:place] == series.events[:place]
                assert other.asked(place) == series.asked(place)
                assert other.events[place].value != series.events[place].value
                assert len(other.events) == (len(series.events) if keep_rest else place + 1)
                assert all(a != b for a, b in zip(other.events[place:], series.events[place:], strict=False))


@pytest.mark.parametrize(
    "name, target", [(name, target) for name, rival in EVERY.items() for target in rival.targets]
)
def test_no_forecast_changes_with_its_own_row_or_what_comes_later(name: str, target: Target) -> None:
    skip_without_its_package(name)
    one, *others = series_of(study(people=6))
    model = EVERY[name].fit(others, target, 0)
    generator = np.random.default_rng(0)
    assert not [p for p in one.scored(target) if looks_ahead(model, one, target, p, generator)]


def planted() -> Log:
    """Ratings, choices and outcomes out of nowhere, each told in hidden columns of its row and after it."""
    generator = np.random.default_rng(1)
    rows = []
    for person in range(10):
        for turn in range(20):
            rating, time, who = generator.random(), 6.0 * turn, f"p{person}"
            went, worked = generator.integers(2, size=2).astype(float)
            rows += [
                Event(who, "talks", "ask", time, "judgement", rating, feared=rating),
                Event(who, "talks", "ask", time + 1, "feedback", rating, credibility=1.0),
                Event(who, "talks", "ask", time + 2, "choice", went, context=f"it was {went}"),
                Event(who, "talks", "ask", time + 3, "feedback", went, credibility=1.0),
                Event(who, "talks", "ask", time + 4, "attempt", worked, feedback=worked, confidence=worked),
                Event(who, "talks", "ask", time + 5, "model", worked, similarity=1.0),
            ]
    return Log.of(rows)


def knowing_nothing(questions: Questions) -> float:
    """The main score of one who only knows how such rows come about."""
    size = len(questions.values)
    if questions.target != "judgement":
        return float(np.log(2.0))
    half = Forecasts(np.full(size, 0.5), np.zeros(size), np.tile(LEVELS, (size, 1)))
    return float(score_judgements(questions.values, half)[0]["crps"].mean())


@pytest.mark.parametrize("name", EVERY)
def test_a_log_in_which_the_future_is_announced_gains_no_rival_anything(name: str) -> None:
    skip_without_its_package(name)
    benchmark = run_benchmark(planted(), "planted", [EVERY[name]])
    for target, questions in zip(benchmark.result.targets, benchmark.questions, strict=True):
        for entry in target.entries:
            assert entry.left_out == ""
            assert (entry.scores[MAIN[target.target]].value or 0.0) > 0.98 * knowing_nothing(questions)
