"""`rung invite`: a link for one more person, from whoever runs the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rung.adapters.wiring import open_services
from rung.app.accounts import invitations, people
from rung.cli.main import cli


def invite(folder: Path, *options: str, **environment: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["invite", "--data", str(folder), *options], env=environment)
    return done.exit_code, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one account."""
    services = open_services(tmp_path)
    people.welcome(services, "Sam", "correct horse")
    services.store.close()
    return tmp_path


def test_the_link_that_is_printed_makes_one_account(folder: Path) -> None:
    code, said = invite(folder)
    assert code == 0
    assert "seven days" in said
    link = re.search(r"^http://localhost:8000/join\?code=([\w-]{32})$", said, re.MULTILINE)
    assert link
    services = open_services(folder)
    try:
        assert people.join(services, link[1], "Ben", "battery staple")
        assert not invitations.is_good(services, link[1])
    finally:
        services.store.close()


@pytest.mark.parametrize(
    "options, environment, link",
    [
        ([], {"RUNG_HOSTS": "rung.example.org", "RUNG_HTTPS": "yes"}, "https://rung.example.org/join?code="),
        ([], {"RUNG_PORT": "8080"}, "http://localhost:8080/join?code="),
        (["--address", "https://rung.example.org/"], {}, "https://rung.example.org/join?code="),
    ],
)
def test_the_link_leads_to_where_the_server_is(
    folder: Path, options: list[str], environment: dict[str, str], link: str
) -> None:
    assert invite(folder, *options, **environment)[1].startswith(link)


@pytest.mark.parametrize(
    "address", ["rung.example.org", "https://rung.example.org/path", "ftp://x", "https://"]
)
def test_an_address_that_is_none_is_refused(folder: Path, address: str) -> None:
    code, said = invite(folder, "--address", address)
    assert code == 2
    assert "write it like" in said


def test_without_an_account_there_is_nothing_to_invite_to(tmp_path: Path) -> None:
    open_services(tmp_path).store.close()
    code, said = invite(tmp_path)
    assert code == 1
    assert "There is no account yet" in said


def test_in_a_folder_without_a_server_nothing_is_made(tmp_path: Path) -> None:
    assert invite(tmp_path / "nowhere")[0] == 1
    assert not (tmp_path / "nowhere").exists()
