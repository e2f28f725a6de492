"""`rung demo`: what it makes, what it never touches, and that it serves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.coaching.answering import from_others
from rung.app.coaching.caseload import caseload
from rung.app.demonstration.coached import COACH, PEOPLE
from rung.app.policies import Role
from rung.cli.demo import MARKER
from rung.cli.main import cli

SHORT = ["--days", "30", "--no-serve"]


def demo(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["demo", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a demo made, to look at alone."""
    folder = tmp_path_factory.mktemp("demo") / "demo-data"
    assert demo("--data", folder, "--password", "correct horse", *SHORT)[0] == 0
    return folder


def test_it_makes_an_account_that_one_can_sign_in_to(made: Path) -> None:
    services = open_services(made, create=False)
    try:
        person = people.account_named(services, "Robin").id
        assert people.sign_in(services, "Robin", "correct horse")
        assert len(ladders.ladders_of(services, person)) == 4
    finally:
        services.store.close()


def test_a_made_up_password_is_told(tmp_path: Path) -> None:
    code, said = demo("--data", tmp_path / "here", *SHORT)
    assert code == 0
    told = re.search(r"Name: Robin   Password: (\S+)", said)
    assert told
    assert len(told[1]) >= 12
    services = open_services(tmp_path / "here", create=False)
    assert people.sign_in(services, "Robin", told[1])
    services.store.close()


def test_a_second_demo_is_made_only_where_it_is_said_twice(tmp_path: Path, made: Path) -> None:
    before = (made / "rung.db").read_bytes()
    code, said = demo("--data", made, *SHORT)
    assert code == 1
    assert "--again makes it anew" in said
    assert (made / "rung.db").read_bytes() == before
    mine = tmp_path / "mine"
    for option in ([], ["--again"]):
        assert demo("--data", mine, "--password", "correct horse", *SHORT, *option)[0] == 0
    keys = {(folder / "secret.key").read_bytes() for folder in (made, mine)}
    assert len(keys) == 2


@pytest.mark.parametrize("again", [[], ["--again"]])
def test_a_folder_that_no_demo_made_is_never_touched(tmp_path: Path, again: list[str]) -> None:
    folder = tmp_path / "data"
    services = open_services(folder)
    people.welcome(services, "Sam", "correct horse")
    services.store.close()
    (folder / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, said = demo("--data", folder, *SHORT, *again)
    assert code == 1
    assert "no demo made it" in said
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_link_to_a_folder_is_not_followed_to_delete_it(tmp_path: Path, made: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(made)
    code, said = demo("--data", link, "--again", *SHORT)
    assert (code, "leads somewhere else" in said) == (1, True)
    assert (made / MARKER).is_file()


def test_what_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    code, said = demo("--data", tmp_path / "here", "--password", "short", *SHORT)
    assert code == 1
    assert "at least" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", [["--host", "0.0.0.0"], ["--days", "3"], ["--end", "soon"]])
def test_it_is_for_this_machine_alone_and_of_a_sensible_length(tmp_path: Path, option: list[str]) -> None:
    code, _ = demo("--data", tmp_path / "here", *option)
    assert code == 2
    assert list(tmp_path.iterdir()) == []


def test_it_serves_what_it_made(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rung.cli.main", "demo", "--no-open", "--port", "0", "--days", "30"]
    process = subprocess.Popen(
        [*command, "--data", str(tmp_path / "demo"), "--password", "correct horse"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(3)]
        found = re.match(r"Rung is at (\S+)  ", said[2])
        assert found, (said, process.communicate())
        origin = found[1].rstrip("/")
        form = {"name": "Robin", "password": "correct horse"}
        with httpx.Client(headers={"origin": origin}) as browser:
            assert browser.post(f"{origin}/sign-in", data=form).status_code == 303
            page = browser.get(origin)
        assert page.status_code == 200
        assert "Tell Dana" in page.text
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
        assert (process.returncode, complaints) == (0, "")
    finally:
        process.kill()


def test_a_coach_can_be_looked_around_as_and_the_same_seed_makes_the_same_people(tmp_path: Path) -> None:
    end = ["--coach", "--no-serve", "--end", "2026-11-01T12:00", "--password", "correct horse"]
    said, states = [], []
    for number in (1, 2):
        folder = tmp_path / str(number)
        code, told = demo("--data", folder, *end)
        assert code == 0, told
        said.append(told)
        services = open_services(folder, create=False)
        try:
            coach = people.account_named(services, COACH).id
            assert people.sign_in(services, COACH, "correct horse")
            assert people.sign_in(services, PEOPLE[0], "correct horse")
            with services.store.reading() as tx:
                bonds = tx.bonds.held_by(coach, (Role.COACH,))
                states.append({bond.person: tx.states.get(bond.person) for bond in bonds})
        finally:
            services.store.close()
    assert "all made up" in said[0]
    assert len(states[0]) == len(PEOPLE)
    assert states[0] == states[1]


def test_the_coach_finds_somebody_of_each_kind(tmp_path: Path) -> None:
    assert demo("--data", tmp_path / "here", "--coach", "--no-serve")[0] == 0
    services = open_services(tmp_path / "here", create=False)
    try:
        found = caseload(services, people.account_named(services, COACH).id)
        assert all(count > 0 for count in found.counts.values())
        assert any(not case.kinds for case in found.cases)
        assert any(not case.ladders for case in found.cases)
        waiting = from_others(services, people.account_named(services, PEOPLE[0]).id)
        assert {one.left.kind for one in waiting} == {"praise", "homework"}
    finally:
        services.store.close()
