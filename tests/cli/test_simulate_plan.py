"""`rung simulate plan`, small."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rung.cli.simulate_plan import plan_command

SMALL = ("--people", "10", "--workers", "1", "--scenes", "steady")
POLICY = """import numpy as np
from rung.engine.simulation import Advice, View


class Middle:
    name = "middle"

    def advise(self, view: View) -> Advice:
        return Advice(np.full(view.people, {step}))
"""


def plan(*arguments: object) -> Result:
    return CliRunner().invoke(plan_command, list(map(str, arguments)))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(POLICY.format(step=4), "utf-8")
    return path


def test_it_tells_tables_and_writes_a_page(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    done = plan(*SMALL, "--policies", "rung,staircase", "--html", page)
    assert done.exit_code == 0, done.output
    for words in (
        "10 people on each of 1 scenes, the same for 2 policies; wanted chance .75, seed 0.",
        "Rules pick steps and nothing else",
        "Rung, of it",
        "Marks.",
        "no evidence about people",
    ):
        assert words in done.output
    assert "<h2>Steady</h2>" in page.read_text("utf-8")


def test_a_policy_of_ones_own_climbs_beside_the_others(mine: Path) -> None:
    done = plan(*SMALL, "--policy", mine, "--policies", "middle,fixed-order,self-chosen", "--json")
    assert done.exit_code == 0, done.output
    assert "NaN" not in done.stdout
    found = json.loads(done.stdout)
    assert [name for name, _, _ in found["policies"]] == ["fixed order", "self-chosen", "middle"]
    assert {row["role"] for row in found["rows"]} == {"rule", "own"}
    assert len(found["courses"][0]["arrived"]) == 120


def test_everything_there_is_can_be_listed(mine: Path) -> None:
    done = plan("--list", "--policy", mine)
    assert done.exit_code == 0, done.output
    for name in ("anxious-and-avoiding", "last-times", "rung-step-alone", "four-cells", "middle"):
        assert name in done.output


def test_what_is_not_known_is_answered_with_what_is() -> None:
    done = plan(*SMALL, "--policies", "elevator")
    assert done.exit_code == 1
    assert "elevator: none of these: rung, rung-no-bridges" in done.output
    assert "none of these: able-but-doubting" in plan("--scenes", "nowhere").output


def test_a_policy_that_fails_is_told(mine: Path) -> None:
    mine.write_text(POLICY.format(step=44), "utf-8")
    done = plan(*SMALL, "--policy", mine, "--policies", "middle")
    assert done.exit_code == 1
    assert "policy 'middle': step must hold 10 whole numbers, 0 to 9" in done.output
    mine.write_text("x = 1\n", "utf-8")
    assert "no policy in it" in plan("--policy", mine).output


def test_two_policies_of_one_name_are_refused(mine: Path) -> None:
    mine.write_text(POLICY.format(step=4).replace("middle", "Staircase"), "utf-8")
    assert "there is a policy 'Staircase' already" in plan("--policy", mine, "--list").output
