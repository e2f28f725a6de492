"""`rung facts`: studies are done again, and told as a table, JSON, Markdown or a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rung import Parameters
from rung.cli.facts import facts_command
from rung.errors import NotFound

QUICK = ("--people", 30, "--times", 2, "--workers", 1)


def facts(*arguments: object) -> Result:
    return CliRunner().invoke(facts_command, [*map(str, arguments)])


def as_json(*arguments: object) -> dict[str, Any]:
    done = facts(*arguments, *QUICK, "--json")
    assert done.exit_code == 0, done.output
    assert "NaN" not in done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_table_says_what_is_met_and_that_this_is_no_evidence() -> None:
    done = facts("--only", 1, "--only", "assurance-fades", *QUICK)
    assert done.exit_code == 0, done.output
    for words in ("1 efficacy-performance", "24 assurance-fades", "left at day 7", "of 2 findings met"):
        assert words in done.output
    assert "no independent evidence" in done.output


def test_a_miss_is_told_and_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    deaf = Parameters().with_values({"persuasion_rate": 0.01}, "assumption", "deaf to words")
    path.write_text(deaf.to_json(), "utf-8")
    done = facts("--only", 24, "--parameters", path, *QUICK)
    assert done.exit_code == 0
    assert "0 of 1 findings met. Missed: 24 assurance-fades." in done.output


def test_the_seed_and_the_number_of_people_decide() -> None:
    assert as_json("--only", 1) == as_json("--only", 1) != as_json("--only", 1, "--seed", 3)
    done = facts("--only", 1, "--people", ".25x", "--times", 2, "--workers", 1, "--json")
    assert json.loads(done.stdout)["findings"][0]["people"] == 100


def test_two_processes_say_what_one_says() -> None:
    one = facts("--only", 25, *QUICK, "--json").stdout
    assert facts("--only", 25, *QUICK, "--json", "--workers", 2).stdout == one


@pytest.mark.parametrize("people", ["5", "x", "0x", "-3", "2y", "99999999"])
def test_people_that_are_no_number_are_refused(people: str) -> None:
    done = facts("--people", people, "--only", 1)
    assert done.exit_code == 2
    assert "factor such as 2x" in done.output


def test_a_finding_that_is_not_there_is_told_with_those_that_are() -> None:
    done = facts("--only", 13)
    assert isinstance(done.exception, NotFound)
    assert "36 moments" in str(done.exception)


def test_the_list_runs_nothing() -> None:
    done = facts("--list")
    assert done.exit_code == 0
    assert "doi:10.1037/0022-3514.35.3.125" in done.output
    assert len(json.loads(facts("--list", "--json").stdout)) == 32


def test_a_report_and_the_markdown_are_written(tmp_path: Path) -> None:
    path = tmp_path / "facts.html"
    done = facts("--only", 18, *QUICK, "--markdown", "-o", path)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("|  | finding |")
    assert "18 treatments" in path.read_text("utf-8")
    assert facts("--only", 18, "-o", tmp_path / "no" / "facts.html").exit_code == 2


def test_parameters_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    assert facts("--only", 1, "--parameters", tmp_path / "none.json").exit_code == 1


def test_help_has_examples() -> None:
    assert "rung facts --only 18" in facts("--help").output
