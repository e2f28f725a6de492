"""`rung replay` and `rung next`: what logs say, for people and for programs."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rung import Engine, Event, Parameters, Reason
from rung.app.sentences import sentence
from rung.cli.main import cli
from rung.log import write_log

DATA = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[3] / "shared" / "data"))
LOGS = [
    "moebius2022",
    "moebius2022_tournament",
    "sax2023_exp1",
    "hewitson2023_exp1",
    "hewitson2023_exp3",
    "ledenmat2025",
]
EVENTS = [
    Event("ana", "talks", "to a friend", 0.0, "judgement", 0.8, -1.5),
    Event("ana", "talks", "on stage", 1.0, "judgement", 0.2, 1.5),
    *(
        Event("ana", "talks", "to a friend", float(day), "attempt", 1.0, -1.5, feedback=1.0)
        for day in (2, 3, 4)
    ),
    Event("ben", "exams", "", 0.0, "judgement", 0.5),
]


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "log.csv"
    write_log(EVENTS, path)
    return str(path)


def rung(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(arguments))
    return done.exit_code, done.output


def rows(*arguments: str) -> list[dict[str, Any]]:
    code, said = rung("replay", *arguments, "--json")
    assert code == 0, said
    found: list[dict[str, Any]] = json.loads(said)
    return found


def test_the_table_has_a_row_for_each_person_and_domain(log: str) -> None:
    code, said = rung("replay", log)
    assert code == 0
    assert [line.split()[:3] for line in said.splitlines() if line.startswith((" ana", " ben"))] == [
        ["ana", "talks", "5"],
        ["ben", "exams", "1"],
    ]
    assert "2 people, 6 events." in said


def test_json_holds_what_the_engine_says(log: str) -> None:
    ana, ben = rows(log)
    state = Engine().replay(event for event in EVENTS if event.person == "ana")
    assert ana["belief"]["mean"] == Engine().belief(state, "talks").mean
    assert ana["calibration"]["worked"] == 1.0
    assert ben["ability"]["missing"] == {"judgements": 0, "attempts": 3}


def test_one_person_can_be_picked_and_a_wrong_name_is_told(log: str) -> None:
    assert [row["person"] for row in rows(log, "--person", "ben")] == ["ben"]
    code, said = rung("replay", log, "--person", "cleo")
    assert code == 1
    assert "no person 'cleo'" in said


def test_related_domains_learn_from_each_other(log: str) -> None:
    domains = [row["domain"] for row in rows(log, "--person", "ana", "--related", "talks=meetings:0.5")]
    assert domains == ["meetings", "talks"]
    code, said = rung("replay", log, "--related", "talks")
    assert code == 2
    assert "talks=meetings:0.5" in said


def test_other_parameters_can_be_given_in_a_file(log: str, tmp_path: Path) -> None:
    path = tmp_path / "parameters.json"
    path.write_text(Parameters(rating_noise=0.3).to_json())
    assert rows(log)[0]["belief"] != rows(log, "--parameters", str(path))[0]["belief"]
    path.write_text("{")
    code, said = rung("replay", log, "--parameters", str(path))
    assert code == 1
    assert "not JSON" in said


def test_a_log_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        "person,domain,task,time,kind,value\nana,talks,,0,judgement,2\nana,talks,,1,judgement,3\n"
    )
    code, said = rung("replay", str(path))
    assert code == 1
    assert "bad.csv:2: value" in said
    assert "bad.csv:3: value" in said
    assert "2 faults; nothing was read" in said


def test_next_says_the_step_its_reasons_and_the_ladder(log: str) -> None:
    code, said = rung("next", log, "--person", "ana", "--ladder", "talks", "--wanted", "90")
    assert code == 0
    assert "Next: to a friend" in said
    assert sentence(Reason("managed-before", {"worked": 3.0, "attempts": 3.0})) in said
    assert said.index("on stage") < said.rindex("to a friend")


def test_next_takes_a_ladder_from_a_file(log: str, tmp_path: Path) -> None:
    path = tmp_path / "ladder.json"
    path.write_text(json.dumps({"domain": "talks", "steps": ["to a friend", "to the team", "on stage"]}))
    code, said = rung("next", log, "--person", "ana", "--ladder", str(path), "--json")
    assert code == 0
    recommendation = json.loads(said)
    assert recommendation["task"]["name"] in ("to a friend", "to the team")
    assert recommendation["reasons"]


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--person", "cleo", "--ladder", "talks"], "it has ana, ben"),
        (["--person", "ana", "--ladder", "walks"], "this person has talks"),
        (["--person", "ana", "--ladder", "talks", "--wanted", "0"], "1<=x<=99"),
    ],
)
def test_next_says_what_there_is_where_a_name_is_wrong(log: str, arguments: list[str], told: str) -> None:
    code, said = rung("next", log, *arguments)
    assert code != 0
    assert told in said


def test_a_file_that_is_no_ladder_is_refused_with_what_is_expected(log: str, tmp_path: Path) -> None:
    path = tmp_path / "ladder.json"
    path.write_text('{"steps": 3}')
    code, said = rung("next", log, "--person", "ana", "--ladder", str(path))
    assert code == 1
    assert '"domain"' in said


@pytest.mark.parametrize("name", LOGS)
def test_logs_of_published_studies_replay_without_a_warning(name: str) -> None:
    path = DATA / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip(f"the development data is not here: {path}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rows(str(path))
    assert found
    for row in found:
        assert 0.0 <= row["strength"]["low"] <= row["strength"]["mean"] <= row["strength"]["high"] <= 1.0
        assert abs(row["ability"]["mean"]) < 10.0


@pytest.mark.parametrize(
    "command", [[], ["log", "check"], ["replay"], ["next"], ["serve"], ["import"], ["export"]]
)
def test_every_command_shows_examples(command: list[str]) -> None:
    code, said = rung(*command, "--help")
    assert code == 0
    assert "Examples" in said
