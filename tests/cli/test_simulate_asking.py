"""`rung simulate asking`: what is lost where only some steps are asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.research.logs import study

from rung.cli.simulate_asking import asking_command
from rung.log import write_log
from rung.research.asking import ORDERS


def asking(*arguments: object) -> Result:
    return CliRunner().invoke(asking_command, [*map(str, arguments)])


def test_the_table_has_a_line_for_each_number_of_answers_and_one_for_half_of_them() -> None:
    done = asking("--people", 10, "--steps", 4)
    assert done.exit_code == 0, done.output
    assert "10 ladders of 4 steps." in done.output
    assert all(name in done.output for name in ORDERS)
    assert done.output.count("half") == len(ORDERS)
    assert "Error: how far" in done.output
    assert "nan" not in done.output


def test_json_has_every_number() -> None:
    done = asking("--people", 10, "--steps", 4, "--json")
    found = json.loads(done.stdout)
    assert (found["people"], found["steps"]) == (10, [4, 4])
    assert len(found["lines"]) == 5 * len(ORDERS)
    line = found["lines"][0]
    assert line["order"] == "expected information"
    assert 0.0 < line["strength"]["value"] < 1.0
    assert 0.0 < line["promised"] < 1.0


def test_the_seed_decides() -> None:
    few = ("--people", 5, "--steps", 3, "--json")
    assert asking(*few).stdout == asking(*few, "--seed", 0).stdout != asking(*few, "--seed", 1).stdout


def test_people_of_a_log_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "study.csv"
    write_log(study(), path)
    done = asking("--log", path, "--least", 2, "--means")
    assert done.exit_code == 0, done.output
    assert "8 ladders of 2 steps." in done.output


def test_a_log_without_a_ladder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "study.csv"
    write_log(study(), path)
    done = asking("--log", path)
    assert done.exit_code == 1
    assert "nobody judged 6 different tasks of one domain" in done.output
    path.write_text("no log", "utf-8")
    assert asking("--log", path).exit_code == 1


@pytest.mark.parametrize("option", [("--people", 1), ("--steps", 1), ("--steps", 49), ("--least", 1)])
def test_what_is_out_of_range_is_refused(option: tuple[str, int]) -> None:
    assert asking(*option).exit_code == 2


def test_help_has_examples() -> None:
    assert "rung simulate asking --log study.csv.gz" in asking("--help").output
