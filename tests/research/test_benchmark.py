"""The benchmark as a whole: what it says, that it can be repeated, and what becomes of odd logs."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.research.logs import ODD, study
from tests.research.toys import AVERAGE, CONSTANT, LAST, NEEDS_MORE, Toy, forecasts

from rung.engine.events import Event
from rung.errors import InvalidInput
from rung.log import Log
from rung.research.benchmark import Benchmark, Result, TargetResult, run_benchmark
from rung.research.forecasts import Forecasts
from rung.research.rivals.theory import THEORY
from rung.research.series import Series, Target

TOYS = (THEORY, LAST, AVERAGE, CONSTANT)


def run(log: Log, *rivals: object) -> Result:
    return run_benchmark(log, "study", rivals or TOYS).result  # type: ignore[arg-type]


def of(result: Result, target: Target) -> TargetResult:
    return next(found for found in result.targets if found.target == target)


def test_every_target_of_the_log_has_every_model_rung_first_then_the_best() -> None:
    result = run(study())
    assert [target.target for target in result.targets] == ["judgement", "choice", "attempt"]
    assert (result.people, result.folds, result.notes) == (8, 5, ())
    for target, rows, main in zip(
        result.targets, (88, 96, 96), ("crps", "log_loss", "log_loss"), strict=True
    ):
        assert (target.rows, target.people) == (rows, 8)
        models = [entry.model for entry in target.entries]
        assert models[0] == THEORY.name
        assert sorted(models[1:]) == ["average", "constant", "last"]
        scores = [entry.scores[main].value or 0.0 for entry in target.entries[1:]]
        assert scores == sorted(scores)


def test_a_score_is_the_mean_over_rows_and_a_difference_is_rival_minus_rung() -> None:
    log = study()
    target = of(run(log), "judgement")
    constant = next(entry for entry in target.entries if entry.model == "constant")
    scored = [
        e.value or 0.0 for person in log.people() for e in [*log.events(person)] if e.kind == "judgement"
    ]
    errors = [value - 0.5 for place, value in enumerate(scored) if place % 12]
    assert constant.scores["rmse"].value == pytest.approx(np.sqrt(np.mean(np.square(errors))))
    rung = target.entries[0]
    assert rung.differences == {}
    for score, found in constant.differences.items():
        here, there = constant.scores[score].value, rung.scores[score].value
        assert here is not None
        assert there is not None
        assert found.value == pytest.approx(here - there)
        assert found.low is not None
        assert found.high is not None
        assert found.low <= here - there <= found.high


def test_what_a_model_shares_over_people_comes_from_the_other_folds_alone() -> None:
    """With p0 alone always at 1, the mean of the others is .2 for p0, and higher for everybody else."""
    told = [
        Event(f"p{person}", "talks", "", float(turn), "judgement", 1.0 if person == 0 else 0.2)
        for person in range(5)
        for turn in range(3)
    ]
    found: dict[int, float] = {}

    def write(target: Target, model: str, rows: NDArray[np.intp], forecasts: Forecasts) -> None:
        found.update(zip(rows.tolist(), forecasts.mean.tolist(), strict=True))

    run_benchmark(Log.of(told), "study", [AVERAGE], write=write)
    assert found == pytest.approx(
        {3 * person + turn: 0.2 if person == 0 else 0.4 for person in range(5) for turn in (1, 2)}
    )


def test_rows_are_those_of_the_file_though_people_alternate_and_events_repeat() -> None:
    ids = [f"00000000-0000-0000-0000-{number:012d}" for number in (1, 2, 1, 3, 4, 4, 5)]
    told = [
        Event(f"p{ids.index(id) % 2}", "talks", "", float(ids.index(id)), "choice", 1.0, id=id) for id in ids
    ]
    rows: list[int] = []
    log = Log.of(told)
    run_benchmark(log, "study", [CONSTANT], write=lambda target, model, found, _: rows.extend(found.tolist()))
    assert sorted(rows) == [0, 1, 3, 4, 6]


def test_the_same_seed_gives_the_same_result_and_another_one_other_intervals() -> None:
    def repr_of(benchmark: Benchmark) -> str:
        return repr(benchmark.result)

    log = study()
    one, same, other = (repr_of(run_benchmark(log, "study", TOYS, seed=seed)) for seed in (0, 0, 1))
    assert one == same
    assert one != other


def test_however_the_rows_of_the_file_stand_the_scores_are_the_same() -> None:
    told = list(study(people=5, rounds=5).events())
    mixed = [told[place] for place in np.random.default_rng(4).permutation(len(told))]
    one, other = run(Log.of(told)), run(Log.of(mixed))
    for here, there in zip(one.targets, other.targets, strict=True):
        assert [entry.scores for entry in here.entries] == [entry.scores for entry in there.entries]


def test_progress_rises_to_the_whole_and_names_the_model() -> None:
    seen: list[tuple[str, float]] = []
    run_benchmark(study(), "study", TOYS, progress=lambda model, share: seen.append((model, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [model for model, _ in seen][::8] == [rival.name for rival in TOYS]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_log_has_a_clear_result_without_a_warning(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run(ODD[name]())
    assert result.targets
    for target in result.targets:
        for entry in target.entries:
            assert entry.left_out or entry.scores
            for measure in entry.scores.values():
                assert measure.value is None or np.isfinite(measure.value)


def test_with_one_person_only_models_that_learn_from_nobody_are_scored_and_it_says_so() -> None:
    result = run(study(people=1))
    assert "one person" in result.notes[0]
    entries = {entry.model: entry for entry in of(result, "judgement").entries}
    assert "learns from other people" in entries["average"].left_out
    assert entries["last"].scores["rmse"].low is None


def test_two_people_make_two_folds_and_it_says_so() -> None:
    result = run(study(people=2))
    assert result.folds == 2
    assert result.notes == ("2 people: 2 folds, one for each, and wide intervals",)
    assert not any(entry.left_out for target in result.targets for entry in target.entries)


def test_outcomes_that_are_all_the_same_have_no_auc() -> None:
    entries = of(run(ODD["only approach"]()), "choice").entries
    assert {entry.scores["auc"] for entry in entries} == {(None, None, None)}


@pytest.mark.parametrize(
    "told, said",
    [
        ([], "no events"),
        ([Event("ana", "talks", "", 0.0, "note")], "the log has note"),
        (
            [
                Event("ana", "talks", "", 0.0, "judgement", 0.5),
                Event("ana", "walks", "", 0.0, "judgement", 0.5),
            ],
            "nothing",
        ),
        ([Event("ana", "talks", "", 0.0, "attempt", 1.0)], "nothing to predict"),
    ],
)
def test_a_log_with_nothing_to_predict_is_refused_with_what_it_takes(told: list[Event], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        run(Log.of(told))


def test_a_model_whose_package_is_missing_is_left_out_with_what_to_install() -> None:
    entry = of(run(study(), THEORY, NEEDS_MORE), "judgement").entries[-1]
    assert "rung[research]" in entry.left_out
    assert entry.scores == {}


def test_a_model_is_not_asked_for_what_it_does_not_predict() -> None:
    only = Toy("only choices", lambda series, place, target: 0.5, ("choice",))
    result = run(study(), THEORY, only)
    assert [len(target.entries) for target in result.targets] == [1, 2, 1]


BROKEN = {
    "not a finite number": lambda n: Forecasts(np.full(n, np.nan), np.zeros(n), np.full((n, 99), 0.5)),
    "shapes": lambda n: Forecasts(np.full(n, 0.5), np.zeros(n), np.full((n, 9), 0.5)),
    "not between 0 and 1": lambda n: Forecasts(np.full(n, 1.5), np.zeros(n), np.full((n, 99), 0.5)),
    "quantiles of a forecast fall": lambda n: Forecasts(
        np.full(n, 0.5), np.zeros(n), np.tile(np.linspace(1, 0, 99), (n, 1))
    ),
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_model_whose_forecasts_are_none_is_told_by_name(said: str) -> None:
    class Broken(Toy):
        def predict(self, series: Series, target: Target) -> Forecasts:
            return BROKEN[said](len(series.scored(target)))

    broken = Broken("broken", lambda series, place, target: 0.5, ("judgement",))
    with pytest.raises(RuntimeError, match=f"broken: .*{said}"):
        run(study(), THEORY, broken)


def test_in_a_choice_between_two_tasks_the_base_rate_of_the_chosen_one_is_no_help() -> None:
    """Every such row has value 1; who says so learns nothing, since the question is turned."""
    entries = {entry.model: entry.scores for entry in of(run(ODD["choices between two"]()), "choice").entries}
    assert entries["average"]["log_loss"].value == pytest.approx(np.log(2), abs=0.05)
    assert entries["constant"]["auc"].value == 0.5


def test_the_file_has_the_chance_of_what_it_says_itself() -> None:
    """The toy gives .9 to the first of two tasks by their text; the row that chose the second gets .1."""
    first = Toy("first", lambda series, place, target: 0.9)
    told = [
        Event("ana", "talks", "b", 0.0, "choice", 1.0, context="versus:a"),
        Event("ana", "talks", "a", 1.0, "choice", 1.0, context="versus:b"),
    ]
    found: list[float] = []
    run_benchmark(Log.of(told), "study", [first], write=lambda t, m, r, f: found.extend(f.mean.tolist()))
    assert found == pytest.approx([0.1, 0.9])


def test_forecasts_of_a_toy_are_sound() -> None:
    assert forecasts([0.5], "judgement").quantiles.shape == (1, 99)
