"""`rung bench`: from a log to a table, JSON, forecasts and a report."""

from __future__ import annotations

import csv
import json
import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.research.logs import ODD, study
from tests.research.packages import NOT_INSTALLED

from rung.cli.main import cli
from rung.engine.events import Event
from rung.engine.prediction.model import Model
from rung.log import write_log
from rung.research.ablation import INGREDIENTS
from rung.research.rivals import ALL

DATA = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[3] / "shared" / "data"))
FEW = ("--rivals", "constant,persistence,AR(1)")


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "study.csv"
    write_log(study(), path)
    return str(path)


def bench(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["bench", *arguments])


def as_json(*arguments: str) -> dict[str, Any]:
    done = bench(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_table_has_rung_and_its_rivals_on_every_target_of_the_log(log: str) -> None:
    done = bench(log, *FEW)
    assert done.exit_code == 0, done.output
    assert f"{log}: 8 people, 5 folds by person." in done.output
    for heading in (
        "Judgements: 88 predicted",
        "Choices: 96 predicted",
        "Outcomes of attempts: 96 predicted",
    ):
        assert heading in done.output
    lines = [line.strip() for line in done.output.splitlines()]
    rows = [line.split("  ")[0] for line in lines]
    assert [rows.count(name) for name in ("Rung", "constant", "AR(1)")] == [3, 3, 1]
    assert any(mark in done.output for mark in "●○")


def test_json_has_every_score_interval_and_difference(log: str) -> None:
    found = as_json(log, *FEW)
    (result,) = found["logs"]
    assert (found["seed"], found["refused"], result["log"], result["people"]) == (0, {}, log, 8)
    rung, *others = result["targets"][0]["entries"]
    assert rung["model"] == "Rung"
    assert set(rung["scores"]) == {
        "rmse", "mae", "crps", "log_score",
        "cover50", "cover80", "cover95", "closed50", "closed80", "closed95",
    }  # fmt: skip
    for entry in others:
        assert set(entry["differences"]) == {"rmse", "mae", "crps", "log_score"}
        assert set(entry["differences"]["crps"]) == {"value", "low", "high", "better"}
        assert entry["source"]


def test_the_same_command_says_the_same_twice(log: str, tmp_path: Path) -> None:
    said = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        files = ("--html", str(folder / "r.html"), "--predictions", str(folder / "p.csv"))
        done = bench(log, *FEW, "--json", "--seed", "3", *files)
        said.append((done.stdout, *(path.read_bytes() for path in sorted(folder.iterdir()))))
    assert len(said[0]) == 3
    assert said[0] == said[1]


def test_forecasts_of_several_logs_go_into_one_file_each_with_its_name(log: str, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    write_log(study(people=3, rounds=3), other)
    path = tmp_path / "out.csv"
    assert bench(log, str(other), *FEW, "--predictions", str(path)).exit_code == 0
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["log"] for row in rows} == {log, str(other)}
    assert len(rows) == sum(
        target["rows"] * len(target["entries"])
        for result in as_json(log, str(other), *FEW)["logs"]
        for target in result["targets"]
    )


def test_the_report_is_written_and_holds_each_log(log: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert bench(log, *FEW, "--html", str(path)).exit_code == 0
    assert "<h2>study.csv</h2>" in path.read_text("utf-8")


def test_rivals_are_picked_by_the_beginning_of_their_names_rung_always_stays(log: str) -> None:
    (result,) = as_json(log, "--rivals", "PERS, delta")["logs"]
    assert {entry["model"] for entry in result["targets"][0]["entries"]} == {
        "Rung", "persistence", "delta rule, one rate", "delta rule, two rates",
    }  # fmt: skip


def test_a_name_that_no_rival_has_is_refused_with_those_there_are(log: str) -> None:
    done = bench(log, "--rivals", "persistence,oracle")
    assert done.exit_code == 2
    assert "'oracle'" in done.output
    assert ALL[0].name in done.output


def test_every_rival_runs_on_every_target_without_a_warning(log: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (result,) = as_json(log)["logs"]
    entries = [entry for target in result["targets"] for entry in target["entries"]]
    assert {entry["model"] for entry in entries if entry["left_out"]} == NOT_INSTALLED
    assert {entry["model"] for entry in entries} >= {r.name for r in ALL}


@pytest.mark.parametrize("name", ODD)
def test_every_rival_survives_an_odd_log_or_says_why_not(name: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    write_log(ODD[name](), path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = bench(str(path), "--html", str(tmp_path / "r.html"), "--predictions", str(tmp_path / "p.csv"))
    assert done.exception is None, done.output
    assert "Rung" in done.output
    assert "nan" not in done.output


def test_a_log_with_nothing_to_predict_is_refused_and_the_others_go_on(log: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes.csv"
    write_log([Event("ana", "talks", "", 0.0, "note")], notes)
    done = bench(str(notes), *FEW)
    assert done.exit_code == 1
    assert f"{notes}: there is nothing to predict" in done.output
    both = as_json(str(notes), log, *FEW)
    assert list(both["refused"]) == [str(notes)]
    assert [result["log"] for result in both["logs"]] == [log]


def test_a_log_with_faults_is_refused_with_all_of_them_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("person,domain,time,kind,value\nana,talks,0,judgement,2\nana,talks,1,judgement,x\n")
    done = bench(str(path), "--predictions", str(tmp_path / "p.csv"))
    assert done.exit_code == 1
    assert "bad.csv:2: value" in done.output
    assert "bad.csv:3: value" in done.output
    assert [found.name for found in tmp_path.iterdir()] == ["bad.csv"]


def test_a_file_that_cannot_be_written_is_told_before_the_work(log: str, tmp_path: Path) -> None:
    for option in ("--predictions", "--html"):
        done = bench(log, *FEW, option, str(tmp_path / "nowhere" / "out"))
        assert done.exit_code == 2
        assert "nowhere" in done.output
        assert "Judgements" not in done.output


def test_ablate_takes_out_each_ingredient_and_tells_how_far_one_could_get(log: str) -> None:
    found = as_json(log, "--ablate")
    models = {entry["model"] for entry in found["logs"][0]["targets"][0]["entries"]}
    assert models == {"Rung", *(f"without {name}" for name in INGREDIENTS)}
    assert found["ceilings"][log]["judgements"] == 88
    told = bench(log, "--ablate").output
    assert "without own weights" in told
    assert "own weights known beforehand" in told


def test_ablate_and_rivals_exclude_each_other(log: str) -> None:
    done = bench(log, "--ablate", "--rivals", "constant")
    assert done.exit_code == 2
    assert "give one of the two" in done.output


def test_a_model_of_a_file_is_scored_beside_rung(log: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(Model.default().to_json(), "utf-8")
    entries = as_json(log, "--rivals", "Rung (defaults)", "--model", str(path))["logs"][0]["targets"][0][
        "entries"
    ]
    scores = {entry["model"]: entry["scores"] for entry in entries}
    assert set(scores) == {"Rung", "Rung (defaults)", "Rung (model.json)"}
    assert scores["Rung (model.json)"] == scores["Rung (defaults)"]


def test_a_file_that_is_no_model_is_refused_by_name(log: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"format": "recipe"}', "utf-8")
    done = bench(log, "--model", str(path))
    assert done.exit_code == 1
    assert "other.json" in done.output
    assert "rung-model" in done.output


TOURNAMENT = DATA / "moebius2022_tournament.csv.gz"


@pytest.mark.skipif(
    not TOURNAMENT.is_file(), reason="the development data is not here; set RUNG_DATA to its folder"
)
def test_choices_of_a_published_study_are_predicted() -> None:
    (result,) = as_json(str(TOURNAMENT), "--rivals", "constant,logistic")["logs"]
    (choices,) = result["targets"]
    assert (choices["target"], choices["rows"], choices["people"]) == ("choice", 146, 146)
    assert {entry["model"] for entry in choices["entries"]} >= {"Rung", "constant"}
