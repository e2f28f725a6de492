import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.conftest import Databases

from rung.adapters.database import DatabaseStore
from rung.adapters.vault import KEY_FILE, new_key, write_key_file
from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.ports import Services
from rung.errors import StoreUnavailable


@contextmanager
def opened(folder: Path, url: str | None = None, key: str | None = None) -> Iterator[Services]:
    services = open_services(folder, url, environment={"RUNG_KEY": key} if key else {})
    try:
        yield services
    finally:
        services.store.close()


def test_the_first_start_makes_folder_database_and_key(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    with opened(folder) as services:
        assert people.is_new(services)
    assert {path.name for path in folder.iterdir()} >= {"rung.db", KEY_FILE}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as services:
        people.welcome(services, "Ana", "correct horse")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("rung.db*")}
    assert modes == dict.fromkeys(("rung.db", "rung.db-wal", "rung.db-shm"), 0o600)


def test_the_second_start_finds_what_the_first_one_stored(tmp_path: Path) -> None:
    with opened(tmp_path) as services:
        account = people.welcome(services, "Ana", "correct horse")
        ladder = ladders.name_ladder(services, account.id, "Talks", ["a"])
    with opened(tmp_path) as services:
        assert people.account_of(services, account.id) == account
        assert ladders.ladders_of(services, account.id) == [ladder]


def test_it_opens_a_database_by_its_address(tmp_path: Path, databases: Databases) -> None:
    with opened(tmp_path, databases.fresh()) as services:
        people.welcome(services, "Ana", "correct horse")
    assert not (tmp_path / "rung.db").exists()


def test_a_lost_key_is_told_and_no_other_one_made(tmp_path: Path) -> None:
    with opened(tmp_path) as services:
        people.welcome(services, "Ana", "correct horse")
    key = (tmp_path / KEY_FILE).read_bytes()
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StoreUnavailable, match="put the file back"):
        open_services(tmp_path, environment={})
    assert not (tmp_path / KEY_FILE).exists()
    (tmp_path / KEY_FILE).write_bytes(key)
    (tmp_path / KEY_FILE).chmod(0o600)
    with opened(tmp_path) as services:
        assert not people.is_new(services)


def test_a_key_lost_before_anything_was_sealed_is_made_anew(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    (tmp_path / KEY_FILE).unlink()
    with opened(tmp_path) as services:
        assert people.is_new(services)


def test_a_key_that_does_not_fit_is_told(tmp_path: Path) -> None:
    with opened(tmp_path, key=new_key()) as services:
        people.welcome(services, "Ana", "correct horse")
    with pytest.raises(StoreUnavailable, match="does not open"):
        open_services(tmp_path, environment={"RUNG_KEY": new_key()})


def test_a_key_from_the_environment_leaves_no_file(tmp_path: Path) -> None:
    key = new_key()
    with opened(tmp_path, key=key) as services:
        people.welcome(services, "Ana", "correct horse")
    assert not (tmp_path / KEY_FILE).exists()
    with opened(tmp_path, key=f"{new_key()} {key}") as services:
        assert people.sign_in(services, "Ana", "correct horse"), "older keys still find the name"


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(StoreUnavailable, match="chmod 600"):
        open_services(tmp_path, environment={})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_services(tmp_path / "file", environment={})


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "rung.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        open_services(tmp_path, environment={})


def test_servers_that_start_at_the_same_time_agree(tmp_path: Path, databases: Databases) -> None:
    code = (
        "import sys, pathlib; from rung.adapters.wiring import open_services;"
        "from rung.app.accounts.people import is_new;"
        "assert is_new(open_services(pathlib.Path(sys.argv[1]), sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path), databases.bare()]
    starting = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in starting] == [0, 0, 0]


def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    with opened(tmp_path) as services:
        assert isinstance(services.store, DatabaseStore)
        with services.store.engine.connect() as connection:
            found = {
                name: connection.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 15_000,
    }


def test_without_leave_to_create_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(StoreUnavailable, match="There is no database"):
            open_services(folder, environment={}, create=False)
    assert list(tmp_path.rglob("*")) == [tmp_path / "empty"]


def test_without_leave_to_create_what_is_there_opens(tmp_path: Path) -> None:
    with opened(tmp_path) as services:
        account = people.welcome(services, "Ana", "correct horse")
    again = open_services(tmp_path, environment={}, create=False)
    assert people.account_of(again, account.id) == account
    again.store.close()


def test_without_leave_to_create_an_empty_database_stays_empty(tmp_path: Path, databases: Databases) -> None:
    address = databases.bare()
    if address.startswith("sqlite"):
        Path(address.removeprefix("sqlite:///")).touch()
    with pytest.raises(StoreUnavailable, match="nothing of Rung's"):
        open_services(tmp_path, address, environment={}, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_lost_key_is_not_made_anew_without_leave_to_create(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        open_services(tmp_path, environment={}, create=False)
    assert not (tmp_path / KEY_FILE).exists()


def test_a_folder_that_takes_no_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"cannot be written \(No such file or directory\)"):
        write_key_file(tmp_path / "nowhere" / KEY_FILE)
