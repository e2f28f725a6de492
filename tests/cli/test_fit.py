"""`rung fit`: from logs to a model, written only where it predicts better."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from tests.research.logs import ODD, study

from rung.cli.main import cli
from rung.engine.crowd import judged
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.rows import NAMES
from rung.log import write_log
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.files import population_of
from rung.research.fitting.judgements import fit_judgements


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "study.csv"
    write_log(study(people=20), path)
    return str(path)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "model.json"


def fit(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["fit", *map(str, arguments)])


def as_json(*arguments: object) -> dict[str, Any]:
    done = fit(*arguments, "--json")
    assert done.exit_code in (0, 3), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_file_has_the_weights_of_the_fit_and_what_they_were_fitted_to(log: str, output: Path) -> None:
    done = fit(log, "-o", output)
    assert done.exit_code == 0, done.output
    wanted = fit_judgements(judged(crowd_of(study(people=20)), Parameters()))
    found = population_of(output.read_text("utf-8"))
    assert np.allclose(found.weights, wanted.population.weights, rtol=0, atol=1e-10)
    assert np.allclose(found.spread, wanted.population.spread, rtol=0, atol=1e-10)
    assert found.noise == pytest.approx(wanted.population.noise)
    content = json.loads(output.read_text("utf-8"))
    assert (content["format"], content["version"]) == ("rung-model", 1)
    assert list(content["judgements"]["weights"]) == list(NAMES)
    assert set(content["judgements"]["weights"]["level"]) == {"value", "error"}
    told = content["fitted"]
    assert (told["people"], told["judgements"], told["logs"]) == (20, 220, ["study.csv"])
    assert told["converged"]
    assert str(output.parent) not in output.read_text("utf-8")


def test_the_summary_says_what_was_found_and_how_it_does_on_others(log: str, output: Path) -> None:
    done = fit(log, "-o", output)
    assert "20 people, 220 judgements that have an earlier one." in done.output
    assert "converged after" in done.output
    assert "(5 folds, 20 people, 220 judgements)" in done.output
    for word in ("level", "told", "Noise: sd", "log score", "squared error"):
        assert word in done.output
    assert f"Wrote {output}." in done.output


def test_json_has_the_model_and_the_comparison(log: str, output: Path) -> None:
    found = as_json(log, "-o", output)
    assert found["written"]
    assert found["judgements"] == json.loads(output.read_text("utf-8"))["judgements"]
    score = found["held_out"]["log_score"]
    assert score["difference"]["value"] == pytest.approx(score["fitted"]["value"] - score["given"]["value"])
    assert score["difference"]["low"] < score["difference"]["value"] < score["difference"]["high"]


def test_workers_and_parts_do_not_change_what_comes_out(log: str, output: Path) -> None:
    alone = as_json(log, "-o", output)
    together = as_json(log, "-o", output, "--workers", 2, "--parts", 3)
    for name, weight in alone["judgements"]["weights"].items():
        assert together["judgements"]["weights"][name]["value"] == pytest.approx(weight["value"], abs=1e-10)
    ours, theirs = (one["held_out"]["log_score"]["fitted"]["value"] for one in (alone, together))
    assert ours == pytest.approx(theirs, abs=1e-10)


def test_logs_are_pooled_and_the_same_id_in_two_of_them_is_two_people(
    log: str, output: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.jsonl"
    write_log(study(people=5, rounds=6, seed=1), other)
    told = as_json(log, other, "-o", output)["fitted"]
    assert (told["people"], told["judgements"]) == (25, 20 * 11 + 5 * 5)
    assert told["logs"] == ["study.csv", "other.jsonl"]


def test_a_folder_stands_for_the_logs_in_it(output: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "README.txt").write_text("not a log")
    for seed in range(3):
        write_log(study(people=6, seed=seed), folder / f"part-{seed}.csv.gz")
    assert as_json(folder, "-o", output)["fitted"]["people"] == 18
    (tmp_path / "empty").mkdir()
    done = fit(tmp_path / "empty", "-o", output)
    assert done.exit_code == 1
    assert "has no log in it" in done.output


def test_what_is_no_improvement_is_not_written_but_with_force(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "alone.csv"
    write_log(study(people=1), path)
    output.write_text("as it was")
    done = fit(path, "-o", output)
    assert done.exit_code == 3
    assert "Nothing could be held out" in done.output
    assert f"{output} is left as it was" in done.output
    assert output.read_text("utf-8") == "as it was"
    forced = fit(path, "-o", output, "--force")
    assert forced.exit_code == 0, forced.output
    assert "all the same" in forced.output
    assert population_of(output.read_text("utf-8")).noise > 0.0


def test_a_fit_that_predicts_worse_is_refused_with_its_numbers(output: Path, tmp_path: Path) -> None:
    """Those who were fitted rise with every judgement, the one held out each time falls by as much."""
    told = [
        Event(f"p{person}", "talks", "ask", float(turn), "judgement", 0.5 + sign * 0.1 * turn)
        for person, sign in enumerate((1, -1))
        for turn in range(5)
    ]
    path = tmp_path / "opposites.csv"
    write_log(told, path)
    done = fit(path, "-o", output)
    assert done.exit_code == 3, done.output
    assert "do not predict better" in done.output
    assert "log score" in done.output
    assert not output.exists()


@pytest.mark.parametrize("name", ODD)
def test_an_odd_log_is_survived(name: str, output: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    write_log(ODD[name](), path)
    done = fit(path, "-o", output, "--force")
    assert done.exit_code == 0 or "there is nothing to fit" in done.output, done.output
    assert "nan" not in done.output
    assert output.exists() == (done.exit_code == 0)


def test_a_log_without_judgements_is_refused(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    write_log(ODD["only choices"](), path)
    done = fit(path, "-o", output)
    assert done.exit_code == 1
    assert "nothing to fit" in done.output
    assert not output.exists()


def test_a_log_with_faults_is_refused_with_all_of_them(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("person,domain,time,kind,value\nana,talks,0,judgement,2\nana,talks,1,judgement,x\n")
    done = fit(path, "-o", output)
    assert done.exit_code == 1
    assert "bad.csv:2: value" in done.output
    assert "bad.csv:3: value" in done.output
    assert not output.exists()


def test_what_cannot_be_written_or_read_is_told_before_the_work(log: str, tmp_path: Path) -> None:
    for arguments in [
        (log, "-o", tmp_path / "nowhere" / "out"),
        (tmp_path / "none.csv", "-o", tmp_path / "m"),
    ]:
        done = fit(*arguments)
        assert done.exit_code == 2
        assert "nowhere" in done.output or "none.csv" in done.output


def test_the_same_command_says_the_same_twice(log: str, tmp_path: Path) -> None:
    said = []
    for name in ("one.json", "two.json"):
        done = fit(log, "-o", tmp_path / name, "--seed", 3, "--json")
        said.append((done.stdout, (tmp_path / name).read_bytes()))
    assert said[0] == said[1]
