"""`rung simulate trial`: a virtual trial from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.research.trials.designs import PLAIN, changed

from rung.cli.simulate_trial import trial_command
from rung.research.trials.examples import names


def trial(*arguments: object) -> Result:
    return CliRunner().invoke(trial_command, list(map(str, arguments)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "design.toml"
    path.write_text(PLAIN, "utf-8")
    return path


def as_json(*arguments: object) -> dict[str, Any]:
    done = trial(*arguments, "--json")
    assert done.exit_code == 0, done.output
    assert "NaN" not in done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_it_tells_differences_power_and_sizes(file: Path) -> None:
    done = trial(file, "--trials", 30)
    assert done.exit_code == 0, done.output
    for words in (
        "With 20 people in an arm",
        "doing − watching",
        "adj. g",
        "checked, %",
        "no evidence of what a real",
    ):
        assert words in done.output


def test_json_has_every_number(file: Path) -> None:
    found = as_json(file, "--trials", 30)
    assert (found["trials"], found["people"], found["alpha"]) == (30, 20, 0.05)
    assert {"arms", "readings", "contrasts", "curves", "sizings", "caution"} <= set(found)
    assert found["contrasts"][0]["power"]["value"] <= 1.0


def test_the_seed_decides(file: Path) -> None:
    few = (file, "--trials", 20)
    assert as_json(*few, "--seed", 3) == as_json(*few, "--seed", 3) != as_json(*few, "--seed", 4)


def test_people_and_alpha_take_the_place_of_those_of_the_file(file: Path) -> None:
    found = as_json(file, "--trials", 20, "--people", 33, "--alpha", 0.01)
    assert (found["people"], found["alpha"]) == (33, 0.01)
    assert [arm["people"] for arm in found["arms"]] == [33, 33]


def test_parameters_are_those_of_a_file(file: Path, tmp_path: Path) -> None:
    from rung import Parameters

    deaf = Parameters().with_values({"vicarious_rate": 0.0}, "assumption", "a test")
    path = tmp_path / "parameters.json"
    path.write_text(deaf.to_json(), "utf-8")
    assert as_json(file, "--trials", 20, "--parameters", path) != as_json(file, "--trials", 20)
    assert trial(file, "--parameters", tmp_path / "none.json").exit_code == 1


def test_a_report_is_written(file: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert trial(file, "--trials", 20, "-o", page).exit_code == 0
    assert "Doing against watching" in page.read_text("utf-8")
    assert trial(file, "-o", tmp_path / "no folder" / "report.html").exit_code == 2


def test_faults_are_all_told_each_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    path.write_text(changed(("people = 20", "peple = 20"), ("difficulty = 0.5", "difficulty = 50")), "utf-8")
    done = trial(path, "--check")
    assert done.exit_code == 1
    assert "design.toml: 2 faults" in done.output
    assert "\n  [trial]: peple: no such key; do you mean people?\n" in done.output
    assert '\n  task "touch": difficulty: 50 is out of range' in done.output


def test_a_file_without_faults_is_only_checked(file: Path) -> None:
    done = trial(file, "--check", "--people", 7)
    assert done.exit_code == 0
    assert "no faults. Doing against watching: doing (7), watching (7)." in done.output
    assert "Primary: efficacy, day 9, doing against watching." in done.output


@pytest.mark.parametrize("name", names())
def test_an_example_can_be_started_from(name: str, tmp_path: Path) -> None:
    printed = trial("--example", name)
    assert printed.exit_code == 0
    path = tmp_path / "design.toml"
    path.write_text(printed.stdout, "utf-8")
    assert trial(path, "--check").exit_code == 0
    assert f"{name}: " in trial("--list-examples").output


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "there are feedback, participant-modelling, reappraisal" in trial("--example", "walking").output
    assert "name a design" in trial().output
    assert "cannot be read" in trial(tmp_path / "none.toml").output
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    assert "cannot be read" in trial(tmp_path / "bytes.toml").output


@pytest.mark.parametrize(
    ("option", "value"), [("--trials", 1), ("--people", 1), ("--alpha", 0), ("--seed", -1)]
)
def test_what_is_too_small_is_refused(file: Path, option: str, value: float) -> None:
    assert trial(file, option, value).exit_code == 2


def test_help_has_examples() -> None:
    assert "rung simulate trial design.toml -o report.html" in trial("--help").output
