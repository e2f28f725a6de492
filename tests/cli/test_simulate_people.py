"""`rung simulate people`, small."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from rung.cli.logs import log_group
from rung.cli.replay import replay_command
from rung.cli.simulate_people import people_command


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(people_command, ["--people", "40", "--days", "40", *arguments])


def test_a_table_says_how_people_fare_month_by_month() -> None:
    told = ran()
    assert told.exit_code == 0, told.output
    lines = [line.split() for line in told.output.splitlines()]
    assert [line[0] for line in lines if len(line) == 6 and line[0].isdigit()] == ["30", "40"]
    assert "40 people." in told.output
    assert told.output == ran("--workers", "2").output


def test_everything_is_json_day_by_day() -> None:
    content = json.loads(ran("--json", "--kind", "sure but unable", "--policy", "four-cells").output)
    assert (content["people"], content["kind"], content["policy"]) == (40, "sure-but-unable", "four-cells")
    assert len(content["by_day"]["efficacy"]) == 40
    assert content["months"][-1]["day"] == 40
    assert content["months"][-1]["arrived"] == sum(content["by_day"]["arrivals"]) / 40


def test_kinds_and_policies_matter() -> None:
    outputs = {
        ran(*more).output for more in ([], ["--kind", "steady"], ["--policy", "fixed-order"], ["--seed", "1"])
    }
    assert len(outputs) == 4


def test_the_log_passes_the_check_and_is_read_by_the_model(tmp_path: Path) -> None:
    path = tmp_path / "made-up.csv.gz"
    told = ran("-o", str(path), "--logged", "7")
    assert told.output.endswith(f"{path}: the log of 7 of them.\n")
    check = CliRunner().invoke(log_group, ["check", str(path)])
    assert check.exit_code == 0, check.output
    assert "7 people" in check.output
    replayed = json.loads(CliRunner().invoke(replay_command, [str(path), "--json"]).output)
    assert [row["person"] for row in replayed] == [f"p{place}" for place in range(7)]


def test_what_is_not_known_is_answered_with_what_is() -> None:
    wrong = ran("--policy", "guess")
    assert wrong.exit_code == 2
    assert "'guess' is none of these: fixed-order, " in wrong.output
    assert "people-at-large, able-but-doubting" in ran("--kind", "martian").output
    assert "ends neither in .csv nor in .csv.gz" in ran("-o", "made-up.txt").output
