"""`rung recover`: people are made up, fitted, and compared with what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rung.cli.main import cli
from rung.engine.prediction.habits import PERSONAL
from rung.engine.prediction.model import Model


def recover(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["recover", *map(str, arguments)])


def as_json(*arguments: object) -> dict[str, Any]:
    done = recover(*arguments, "--json")
    assert done.exit_code == 0, done.output
    assert "NaN" not in done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_table_has_correlations_and_coverage_beside_what_is_possible() -> None:
    done = recover("--people", 20, "--judgements", 15)
    assert done.exit_code == 0, done.output
    assert "20 made-up people, 300 judgements that have an earlier one" in done.output
    for word in ("correlation", "possible", "in 50 %", "in 80 %", "in 95 %", "people known", *PERSONAL):
        assert word in done.output
    assert "within 1.96 standard errors" in done.output


def test_json_has_every_number() -> None:
    found = as_json("--people", 20, "--judgements", 15)
    assert (found["people"], found["judgements"]) == (20, 300)
    for name in PERSONAL:
        assert -1.0 <= found["correlation"][name] <= 1.0
        assert 0.0 <= found["possible"][name] <= 1.0
        assert len(found["coverage_by_name"][name]) == 3
    for shares in (found["coverage"], found["coverage_known"]):
        assert list(shares) == ["0.5", "0.8", "0.95"]
        assert 0.0 < shares["0.5"] < shares["0.8"] < shares["0.95"] <= 1.0


def test_the_seed_decides() -> None:
    few = ("--people", 5, "--judgements", 5)
    assert as_json(*few, "--seed", 3) == as_json(*few, "--seed", 3) != as_json(*few, "--seed", 4)


def test_the_fewest_people_are_survived() -> None:
    done = recover("--people", 2, "--judgements", 2)
    assert done.exit_code == 0, done.output
    assert "nan" not in done.output
    as_json("--people", 2, "--judgements", 2)


@pytest.mark.parametrize("option", ["--people", "--judgements", "--seed"])
def test_what_is_too_small_is_refused(option: str) -> None:
    assert recover(option, -1).exit_code == 2


def test_people_are_made_up_as_a_model_has_them(tmp_path: Path) -> None:
    given = Model.default()
    noisier = given.judgements._replace(noise=given.judgements.noise / 100.0)
    path = tmp_path / "model.json"
    path.write_text(given._replace(judgements=noisier).to_json(), "utf-8")
    few = ("--people", 20, "--judgements", 15)
    ours, theirs = as_json(*few, "--model", path), as_json(*few)
    assert ours["possible"]["one"] > theirs["possible"]["one"] + 0.01


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    other = json.loads(Model.default().to_json()) | {"version": 99}
    lone = json.loads(Model.default().to_json())
    lone["judgements"]["noise"] = -1.0
    for content, told in [
        ("", "not JSON"),
        ("{}", "format is not 'rung-model'"),
        (json.dumps(other), "version 99 is not 1"),
        (json.dumps({"format": "rung-model", "version": 1}), "cannot be read"),
        (json.dumps(lone), "cannot be read"),
    ]:
        path.write_text(content, "utf-8")
        done = recover("--model", path)
        assert done.exit_code == 1
        assert "model.json" in done.output
        assert told in done.output
    path.write_bytes(b"\xff\xfe")
    assert recover("--model", path).exit_code == 1
    assert "none.json" in recover("--model", tmp_path / "none.json").output


def test_own_weights_that_do_not_vary_are_told(tmp_path: Path) -> None:
    given = Model.default()
    path = tmp_path / "model.json"
    alike = given.judgements._replace(spread=0.0 * given.judgements.spread)
    path.write_text(given._replace(judgements=alike).to_json(), "utf-8")
    done = recover("--model", path)
    assert done.exit_code == 1
    assert "cannot be drawn" in done.output


def test_help_has_examples() -> None:
    assert "rung recover --people 1000" in recover("--help").output
