"""`rung sign-out`: sessions that the operator ends."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from rung.adapters.wiring import open_services
from rung.app.accounts import invitations, people, sessions
from rung.cli.main import cli


@pytest.fixture
def tokens(tmp_path: Path) -> list[str]:
    """Sam is signed in twice, Ben once."""
    services = open_services(tmp_path)
    people.welcome(services, "Sam", "correct horse")
    people.join(services, invitations.invite_as_operator(services), "Ben", "battery staple")
    signed_in = [people.sign_in(services, "Sam", "correct horse") for _twice in range(2)]
    signed_in.append(people.sign_in(services, "Ben", "battery staple"))
    services.store.close()
    return signed_in


def sign_out(folder: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["sign-out", "--data", str(folder), *options])
    return done.exit_code, done.stdout + done.stderr


def known(folder: Path, tokens: list[str]) -> list[str]:
    """Whom each token speaks for, the empty text for nobody."""
    services = open_services(folder)
    try:
        found = [sessions.whoami(services, token) for token in tokens]
        return [account.name if account else "" for account in found]
    finally:
        services.store.close()


def test_the_sessions_of_one_person_end_and_no_others(tmp_path: Path, tokens: list[str]) -> None:
    assert known(tmp_path, tokens) == ["Sam", "Sam", "Ben"]
    code, said = sign_out(tmp_path, "--person", "sam")
    assert (code, said) == (0, "Signed out everywhere: sam (1 account).\n")
    assert known(tmp_path, tokens) == ["", "", "Ben"]


def test_the_sessions_of_everybody_end_and_they_can_sign_in_again(tmp_path: Path, tokens: list[str]) -> None:
    code, said = sign_out(tmp_path, "--everybody")
    assert (code, said) == (0, "Signed out everywhere: everybody (2 accounts).\n")
    assert known(tmp_path, tokens) == ["", "", ""]
    services = open_services(tmp_path)
    assert people.sign_in(services, "Ben", "battery staple")
    services.store.close()


@pytest.mark.parametrize(
    "options, told",
    [
        ([], "Say whose sessions end"),
        (["--person", "Sam", "--everybody"], "Say whose sessions end"),
        (["--person", "Nobody"], "Nobody here is called Nobody"),
    ],
)
def test_what_is_not_said_clearly_ends_nothing(
    tmp_path: Path, tokens: list[str], options: list[str], told: str
) -> None:
    code, said = sign_out(tmp_path, *options)
    assert code in (1, 2)
    assert told in said
    assert known(tmp_path, tokens) == ["Sam", "Sam", "Ben"]


def test_a_folder_without_a_server_is_told_and_stays_empty(tmp_path: Path) -> None:
    assert sign_out(tmp_path / "nothing", "--everybody")[0] == 1
    assert not (tmp_path / "nothing").exists()
