"""`rung backup`, `restore`, `migrate` and `doctor`, as somebody types them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import Databases

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.cli.main import cli


def rung(*arguments: str | Path, answer: str = "", **environment: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [str(one) for one in arguments], input=answer, env=environment)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a server with one person."""
    folder = tmp_path / "data"
    services = open_services(folder, environment={})
    people.welcome(services, "Sam", "correct horse")
    services.store.close()
    return folder


def names(folder: Path) -> set[str]:
    """Who can sign in."""
    services = open_services(folder, environment={}, create=False)
    try:
        with services.store.reading() as tx:
            return {account.name for one in tx.people.first(9) if (account := tx.people.get(one))}
    finally:
        services.store.close()


def test_a_backup_says_where_it_is_and_where_the_key_is(data: Path) -> None:
    code, said = rung("backup", "--data", data)
    assert code == 0
    (path,) = (data / "backups").glob("rung-*-asked.zip")
    assert str(path) in said
    assert "1 people" not in said
    assert f"The key is not in it. It is in {data / 'secret.key'}" in said
    assert path.name in rung("backup", "--list", "--data", data)[1]


def test_a_backup_goes_where_it_is_told_and_older_ones_go(data: Path, tmp_path: Path) -> None:
    for _ in range(3):
        code, said = rung("backup", "--data", data, "--to", tmp_path / "stick", "--keep", "2", "--json")
        assert code == 0
    told = json.loads(said)
    assert len(told["deleted"]) == 1
    assert (told["people"], told["reason"]) == (1, "asked")
    assert len(list((tmp_path / "stick").glob("rung-*.zip"))) == 2
    assert not (data / "backups").exists()
    listed = json.loads(rung("backup", "--list", "--json", "--data", data, "--to", tmp_path / "stick")[1])
    assert listed[0]["file"] == told["file"]


def test_where_there_is_nothing_nothing_is_made(tmp_path: Path) -> None:
    for command in (["backup"], ["migrate", "--to", "sqlite:other"]):
        code, said = rung(*command, "--data", tmp_path / "nowhere")
        assert (code, "There is no database" in said) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_restore_asks_first_and_says_what_it_kept(data: Path) -> None:
    made = json.loads(rung("backup", "--data", data, "--json")[1])
    services = open_services(data, environment={})
    with services.store.reading() as tx:
        (sam,) = tx.people.first(1)
    people.rename(services, sam, "Samira")
    services.store.close()
    code, said = rung("restore", made["file"], "--data", data, answer="n\n")
    assert code == 1
    assert "is whole: one person" in said
    assert names(data) == {"Samira"}
    code, said = rung("restore", made["file"], "--data", data, answer="y\n")
    assert code == 0, said
    assert names(data) == {"Sam"}
    assert "What was there before is in" in said
    (before,) = (data / "backups").glob("rung-*-restore.zip")
    assert rung("restore", before, "--data", data, "--json")[0] == 2
    told = json.loads(rung("restore", before, "--data", data, "--json", "--yes")[1])
    assert told["restored"]["reason"] == "restore"
    assert names(data) == {"Samira"}


def test_a_check_changes_nothing(data: Path) -> None:
    made = json.loads(rung("backup", "--data", data, "--json")[1])
    code, said = rung("restore", made["path"], "--data", data, "--check")
    assert (code, "Restored" in said) == (0, False)
    told = json.loads(rung("restore", made["path"], "--data", data, "--check", "--json")[1])
    assert (told["texts"], told["unreadable"]) == (1, 0)
    assert len(list((data / "backups").glob("rung-*.zip"))) == 1


def test_on_a_new_machine_the_key_must_be_there_first(data: Path, tmp_path: Path) -> None:
    path = json.loads(rung("backup", "--data", data, "--json")[1])["path"]
    other = tmp_path / "other"
    code, said = rung("restore", path, "--data", other, "--yes")
    assert (code, "A backup holds no key" in said) == (1, True)
    assert not other.exists(), "no new key is made that would open nothing"
    other.mkdir(mode=0o700)
    shutil.copy2(data / "secret.key", other)
    code, said = rung("restore", path, "--data", other, "--yes")
    assert code == 0, said
    assert names(other) == {"Sam"}


def test_a_database_that_is_broken_is_moved_aside_first(data: Path) -> None:
    path = json.loads(rung("backup", "--data", data, "--json")[1])["path"]
    (data / "rung.db").write_bytes(b"no database" * 1000)
    code, said = rung("restore", path, "--data", data, "--yes")
    assert (code, "move rung.db" in said) == (1, True)
    (data / "rung.db").rename(data / "broken.db")
    assert rung("restore", path, "--data", data, "--yes")[0] == 0
    assert names(data) == {"Sam"}


def test_the_doctor_ends_with_one_where_there_is_trouble(data: Path) -> None:
    rung("backup", "--data", data)
    code, said = rung("doctor", "--data", data)
    assert (code, said.endswith("All is well.\n")) == (0, True), said
    data.chmod(0o755)
    code, said = rung("doctor", "--data", data)
    assert (code, "One thing is wrong" in said) == (1, True)
    assert f"chmod 700 {data}" in said
    found = json.loads(rung("doctor", "--data", data, "--json")[1])
    assert {"check", "gravity", "what", "where", "do"} == set(found[0])


def test_backups_of_a_server_that_runs_come_from_another_process(data: Path) -> None:
    services = open_services(data, environment={})
    command = [sys.executable, "-m", "rung.cli.main", "backup", "--data", str(data), "--json"]
    with services.store.writing() as tx:
        assert tx.people.any()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    services.store.close()
    assert json.loads(done.stdout)["people"] == 1


@pytest.mark.postgresql
def test_everything_moves_to_postgresql_and_back(data: Path, tmp_path: Path, postgresql: Databases) -> None:
    address = postgresql.bare()
    code, said = rung("migrate", "--data", data, "--to", address)
    assert code == 0, said
    assert "Moved 1 row" in said
    assert names(data) == {"Sam"}
    code, said = rung("migrate", "--data", data, "--to", address)
    assert (code, "holds something already" in said) == (1, True)
    assert json.loads(rung("backup", "--data", data, "--database", address, "--json")[1])["people"] == 1
    code, said = rung("migrate", "--data", data, "--database", address, "--to", f"sqlite:{tmp_path / 'back'}")
    assert (code, "Copy secret.key" in said) == (0, True)
    shutil.copy2(data / "secret.key", tmp_path / "back")
    assert names(tmp_path / "back") == {"Sam"}


def test_a_database_is_not_moved_onto_itself(data: Path) -> None:
    code, said = rung("migrate", "--data", data, "--to", f"sqlite:{data}")
    assert (code, "moved from" in said) == (1, True)
    assert names(data) == {"Sam"}


@pytest.mark.parametrize("told", ["many", "-1", "1e3", "99999999"])
def test_a_number_of_backups_that_is_none_is_told(data: Path, told: str) -> None:
    code, said = rung("backup", "--data", data, RUNG_BACKUPS=told)
    assert (code, "RUNG_BACKUPS is" in said) == (1, True)
