"""`rung export` and `rung import`: what goes out of one data folder comes into another."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from datetime import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cli.incomplete import run_without

from rung import Engine
from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.accounts import people, preferences
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.model import Did, Reflection
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule
from rung.cli.main import cli
from rung.log import read_log


def rung(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    return done.exit_code, done.output


@pytest.fixture
def sam(tmp_path: Path) -> Path:
    """A data folder with one person who has a ladder, judgements and an attempt."""
    folder = tmp_path / "one"
    services = open_services(folder)
    person = people.welcome(services, "Sam", "correct horse").id
    ladder = ladders.name_ladder(
        services, person, "sing in front of others", ["at home", "for a friend", "on stage"]
    )
    evidence.judge(services, person, ladder.id, {step.id: 60 for step in ladder.steps})
    attempt = evidence.record(services, person, ladder.id, ladder.steps[0].id, Did.DONE)
    evidence.reflect(services, person, attempt, Reflection(internal=0.9, what_helped="I chose the song"))
    plans.make(services, person, ladder.id, ladder.steps[1].id, Draft(where="in the kitchen"))
    preferences.set_preferences(services, person, zone="Europe/Berlin")
    reminders.make_reminder(services, person, "ladder", ladder.id, None, Rule((time(18),), days=(2,)))
    services.store.close()
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another data folder, with another person."""
    folder = tmp_path / "two"
    services = open_services(folder)
    people.welcome(services, "Samuel", "battery staple")
    services.store.close()
    return folder


def test_what_is_exported_is_imported_elsewhere_and_exported_the_same(
    sam: Path, other: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    assert rung("export", "--person", "Sam", "-o", first, "--data", sam)[0] == 0
    code, said = rung("import", first, "--person", "Samuel", "--data", other, "--json")
    assert (code, json.loads(said)) == (
        0,
        {"ladders": 1, "events": 5, "known": 0, "plans": 1, "reminders": 1, "notes": 0},
    )
    assert rung("export", "--person", "Samuel", "-o", second, "--data", other)[0] == 0
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        for part in set(one.namelist()) - {"manifest.json"}:
            assert _anonymous(one.read(part)) == _anonymous(two.read(part))
    assert b"I chose the song" in zipfile.ZipFile(second).read("entries.json")
    assert b"in the kitchen" in zipfile.ZipFile(second).read("plans.json")
    assert b"18:00" in zipfile.ZipFile(second).read("reminders.json")


def test_the_exported_log_is_an_evidence_log_without_free_text(sam: Path, tmp_path: Path) -> None:
    archive = tmp_path / "sam.zip"
    rung("export", "--person", "Sam", "-o", archive, "--data", sam)
    with zipfile.ZipFile(archive) as parts:
        parts.extract("log.csv", tmp_path)
    log = read_log(tmp_path / "log.csv")
    assert len(log) == 5
    assert b"sing" not in (tmp_path / "log.csv").read_bytes()
    assert Engine().replay(log.events()).domains


def test_what_came_in_before_comes_in_no_second_time(sam: Path, tmp_path: Path) -> None:
    archive = tmp_path / "sam.zip"
    rung("export", "--person", "Sam", "-o", archive, "--data", sam)
    code, said = rung("import", archive, "--person", "Sam", "--data", sam)
    assert code == 0
    assert "0 ladders and 0 events came in, 5 were known." in said


DIARY = (
    b"person,domain,task,time,kind,value\nme,talks,to a friend,2026-05-01T09:00:00Z,judgement,0.4\n"
    b"me,talks,on stage,2026-05-01T09:01:00Z,judgement,0.1\n"
)


@pytest.mark.parametrize(
    "name, content", [("diary.csv", DIARY), ("diary.csv.gz", gzip.compress(DIARY))], ids=["csv", "csv.gz"]
)
def test_a_log_of_one_person_becomes_ladders(other: Path, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    code, said = rung("import", path, "--person", "Samuel", "--data", other)
    assert (code, said) == (0, "1 ladder and 2 events came in, 0 were known.\n")


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["import", "nowhere.zip", "--person", "Samuel"], "cannot be read"),
        (["export", "-o", "x.zip", "--person", "Nobody"], "Nobody signs in as 'Nobody' here"),
        (["export", "-o", "nowhere/x.zip", "--person", "Samuel"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(other: Path, arguments: list[str], told: str) -> None:
    code, said = rung(*arguments, "--data", other)
    assert code == 1
    assert told in said


@pytest.mark.parametrize("command", [["export", "-o", "x.zip"], ["import", __file__]])
def test_nothing_is_made_in_a_folder_that_is_not_rungs(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "photos").mkdir()
    for folder in (tmp_path / "photos", tmp_path / "none"):
        code, said = rung(*command, "--person", "Sam", "--data", folder)
        assert code == 1
        assert "There is no database" in said
    assert [path.name for path in tmp_path.rglob("*")] == ["photos"]


def test_an_archive_is_for_the_eyes_of_whoever_wrote_it_alone(sam: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for left in ("sam.zip", "sam.zip.unfinished"):
        (folder / left).touch(mode=0o666)
        (folder / left).chmod(0o666)
    assert rung("export", "--person", "Sam", "-o", folder / "sam.zip", "--data", sam)[0] == 0
    assert (folder / "sam.zip").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in folder.iterdir()} == {"sam.zip", "sam.zip.unfinished"}


def test_an_archive_that_cannot_be_put_in_its_place_leaves_nothing(sam: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    code, said = rung("export", "--person", "Sam", "-o", file / "sam.zip", "--data", sam)
    assert (code, said) == (1, f"Error: {file}/sam.zip cannot be written: Not a directory\n")


@pytest.mark.parametrize("command", [["export", "-o", "x.zip"], ["import", __file__]])
def test_without_the_parts_of_the_app_it_says_what_to_install(sam: Path, command: list[str]) -> None:
    done = run_without("sqlalchemy", *command, "--person", "Sam", "--data", str(sam))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: The app needs an optional part of Rung: pip install 'rung[app]'\n"


def test_a_damaged_archive_changes_nothing(sam: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 no zip")
    code, _ = rung("import", broken, "--person", "Sam", "--data", sam)
    assert code == 1
    assert "5 were known" in rung("import", _exported(sam, tmp_path), "--person", "Sam", "--data", sam)[1]


def _exported(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "again.zip"
    rung("export", "--person", "Sam", "-o", path, "--data", folder)
    return path


def _anonymous(part: bytes) -> bytes:
    """A part of an archive without the ids of the accounts that it came from."""
    return re.sub(rb"(?m)^[0-9a-f-]{36},", b"person,", part)
