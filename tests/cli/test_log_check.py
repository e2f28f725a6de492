"""`rung log check`: what a log holds, or every fault of it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from rung.cli.main import cli

GOOD = """person,domain,task,time,kind,value,mood
ana,talks,one,0,judgement,0.4,fine
ana,talks,one,1,attempt,1,
"""


def check(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["log", "check", *arguments])
    return done.exit_code, done.output


def test_a_good_log_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    code, said = check(str(path))
    assert code == 0
    assert "a good log. 1 person, 2 rows: 1 judgement, 1 attempt." in said
    assert "kept and not used: mood" in said


def test_thirty_planted_faults_are_thirty_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    rows = [f"ana,talks,one,{second},judgement,{1.5 + second}" for second in range(30)]
    path.write_text("\n".join(["person,domain,task,time,kind,value", *rows]))
    code, said = check(str(path))
    assert code == 1
    assert sum(line.startswith(f"{path}:") and ": value: " in line for line in said.splitlines()) == 30
    assert f"{path}: refused, 30 faults" in said


def test_json_holds_the_same_findings(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("person,domain,task,time,kind,value\nana,,one,0,judgement,0.5\n")
    code, said = check(str(path), "--json")
    assert code == 1
    (finding,) = json.loads(said)
    (fault,) = finding["faults"]
    assert (fault["line"], fault["column"], finding["fault_count"]) == (2, "domain", 1)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    code, said = check(str(tmp_path / "nowhere.csv"))
    assert code == 1
    assert "nowhere.csv" in said
