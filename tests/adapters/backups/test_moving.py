"""From one database to the other and back: every row, and nothing changed where it came from."""

from pathlib import Path

import pytest
from sqlalchemy import text
from tests.adapters.backups.lives import engine_of, lived_in, server, sums
from tests.conftest import Databases

from rung.adapters.backups.moving import move, rows_to_move, target_address
from rung.adapters.database import connect, database_address
from rung.app.accounts import people
from rung.errors import Conflict, SignInFailed, StoreUnavailable, TooManyTries

pytestmark = pytest.mark.postgresql


def test_there_and_back_again_every_row_is_the_same(tmp_path: Path, postgresql: Databases) -> None:
    address, back = postgresql.bare(), tmp_path / "back"
    with server(tmp_path) as services:
        lived_in(services)
        token = people.sign_in(services, "Anastasia", "correct horse")
        before = sums(services, all_of_them=True)
        told: list[int] = []
        moved = move(engine_of(services), target_address(address), told.append)
        assert moved == before
        assert sum(told) == rows_to_move(engine_of(services)) > 20
        assert sums(services, all_of_them=True) == before, "nothing is changed where it comes from"
    with server(tmp_path, address) as services:
        assert sums(services, all_of_them=True) == before
        assert people.whoami(services, token), "whoever is signed in stays so"
        for _ in range(10):
            with pytest.raises(SignInFailed):
                people.sign_in(services, "Anastasia", "wrong")
        with pytest.raises(TooManyTries):
            people.sign_in(services, "Anastasia", "wrong")
        now = sums(services, all_of_them=True)
        move(engine_of(services), target_address(f"sqlite:{back}"))
    (back / "secret.key").write_bytes((tmp_path / "secret.key").read_bytes())
    (back / "secret.key").chmod(0o600)
    assert (back / "rung.db").stat().st_mode & 0o077 == 0
    with server(back) as services:
        assert sums(services, all_of_them=True) == now


def test_a_database_that_holds_something_is_refused_and_stays_as_it_is(
    tmp_path: Path, databases: Databases
) -> None:
    address = databases.fresh()
    with server(tmp_path / "one") as services, server(tmp_path / "two", address) as other:
        lived_in(services)
        people.welcome(other, "Ben", "battery staple")
        before = sums(other, all_of_them=True)
        with pytest.raises(Conflict, match="holds something already"):
            move(engine_of(services), target_address(address))
        assert sums(other, all_of_them=True) == before


def test_a_database_of_another_program_is_refused(tmp_path: Path, databases: Databases) -> None:
    address = databases.bare()
    other = connect(database_address(Path(), address))
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with server(tmp_path) as services:
        lived_in(services)
        with pytest.raises(Conflict, match="holds something already"):
            move(engine_of(services), target_address(address))
    with other.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM invoices")) == 0
    other.dispose()


def test_an_empty_database_with_tables_will_do(tmp_path: Path, databases: Databases) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        assert move(engine_of(services), target_address(databases.fresh())) == sums(
            services, all_of_them=True
        )


def test_a_move_that_fails_takes_back_the_file_that_it_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tmp_path) as services:
        lived_in(services)

        def fails(*_arguments: object) -> None:
            raise StoreUnavailable("on the way")

        monkeypatch.setattr("rung.adapters.backups.replacing.copy_rows", fails)
        with pytest.raises(StoreUnavailable, match="on the way"):
            move(engine_of(services), target_address(f"sqlite:{tmp_path / 'new'}"))
        assert list((tmp_path / "new").iterdir()) == []


def test_tables_of_an_older_rung_are_not_moved(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        with engine_of(services).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        with pytest.raises(StoreUnavailable, match="of another Rung"):
            rows_to_move(engine_of(services))
