"""The file of forecasts: what stands in it can be scored by anybody, and gives the same scores."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.research.logs import study
from tests.research.toys import AVERAGE, LAST, Toy

from rung.engine.events import Event
from rung.log import Log, read_log, write_log
from rung.research.benchmark import Result, run_benchmark
from rung.research.forecasts import LEVELS, Rival
from rung.research.predictions import HEADER, predictions_file
from rung.research.rivals.theory import THEORY

MODELS: tuple[Rival, ...] = (THEORY, LAST, AVERAGE)


def written(
    log: Log, path: Path, name: str = "study.csv", models: Sequence[Rival] = MODELS
) -> tuple[Result, list[dict[str, str]]]:
    with predictions_file(path) as open_writer:
        result = run_benchmark(log, name, models, write=open_writer(name, log)).result
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return result, list(csv.DictReader(content.decode().splitlines()))


def rows_of(rows: list[dict[str, str]], target: str, model: str) -> list[dict[str, str]]:
    return [row for row in rows if (row["target"], row["model"]) == (target, model)]


def column(rows: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([float(row[name]) for row in rows])


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_whoever_scores_the_file_finds_the_scores_of_the_table(ending: str, tmp_path: Path) -> None:
    log = study()
    write_log(log, tmp_path / "study.csv")
    log = read_log(tmp_path / "study.csv")
    result, rows = written(log, tmp_path / f"out{ending}")
    values = log.number("value")
    assert tuple(rows[0]) == HEADER
    assert {row["log"] for row in rows} == {"study.csv"}
    for target in result.targets:
        for entry in target.entries:
            mine = rows_of(rows, target.target, entry.model)
            true, mean = values[[int(row["row"]) for row in mine]], column(mine, "mean")
            assert len(mine) == target.rows == len({row["row"] for row in mine})
            if target.target == "judgement":
                quantiles = np.array(
                    [[float(row[f"q{level:02}"]) for level in range(1, 100)] for row in mine]
                )
                off = true[:, None] - quantiles
                crps = 2 * np.mean(np.maximum(LEVELS * off, (LEVELS - 1) * off))
                assert crps == pytest.approx(entry.scores["crps"].value, abs=1e-7)
                assert np.sqrt(np.mean((true - mean) ** 2)) == pytest.approx(
                    entry.scores["rmse"].value, abs=1e-7
                )
                assert (np.diff(quantiles, axis=1) >= 0).all()
            else:
                loss = -np.mean(true * np.log(mean) + (1 - true) * np.log(1 - mean))
                assert loss == pytest.approx(entry.scores["log_loss"].value, abs=1e-6)
                assert {row["q50"] for row in mine} == {row["sd"] for row in mine} == {""}


def test_a_quantile_that_is_a_rating_is_equal_to_it_however_many_digits_it_has(tmp_path: Path) -> None:
    third = 1 / 3
    told = [Event(f"p{n}", "talks", "", float(t), "judgement", third) for n in range(5) for t in range(3)]
    _, rows = written(Log.of(told), tmp_path / "out.csv")
    means = column(rows_of(rows, "judgement", "average"), "mean")
    assert set(means.tolist()) == {third}


def test_names_with_commas_and_quotes_are_quoted(tmp_path: Path) -> None:
    _, rows = written(study(people=2, rounds=2), tmp_path / "out.csv", 'a "b", c.csv')
    assert {row["log"] for row in rows} == {'a "b", c.csv'}


def test_a_run_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before")
    with pytest.raises(RuntimeError, match="a forecast is not a finite number"):
        written(study(), path, models=(THEORY, Toy("broken", lambda series, place, target: np.nan)))
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_run_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.csv.gz", "two.csv.gz"):
        written(study(people=3, rounds=4), tmp_path / name)
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "two.csv.gz").read_bytes()
