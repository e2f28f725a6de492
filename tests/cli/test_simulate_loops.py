"""`rung simulate loops`, small."""

import json
from pathlib import Path

from click.testing import CliRunner

from rung.cli.simulate_loops import loops_command


def test_everything_is_printed_as_tables_or_as_json_and_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "loops.html"
    told = CliRunner().invoke(loops_command, ["--people", "20", "--days", "60", "-o", str(page)])
    assert told.exit_code == 0, told.output
    assert "sequential test" in told.output
    assert "Persuasion without mastery" in page.read_text()
    plain = CliRunner().invoke(loops_command, ["--people", "20", "--days", "60", "--json"])
    content = json.loads(plain.output)
    assert content["people"] == 20
    assert len(content["persuasion"]["arms"]) == 4


def test_limits_can_be_found_anew() -> None:
    told = CliRunner().invoke(loops_command, ["--calibrate", "--people", "20", "--days", "60"])
    assert told.output.startswith("loop_limit ")
    plain = CliRunner().invoke(loops_command, ["--calibrate", "--people", "20", "--days", "60", "--json"])
    assert set(json.loads(plain.output)) == {"loop", "over_reach", "stuck"}
