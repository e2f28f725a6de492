"""What the doctor finds on servers that are ill in one way each, and that it changes nothing."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.adapters.backups.lives import engine_of, lived_in, operations_of, server, spoil, sums
from tests.adapters.mail_server import Box, mail_server
from tests.conftest import Databases

from rung.adapters.database import database_address
from rung.adapters.doctor.examining import examine
from rung.adapters.vault import KEY_FILE, new_key
from rung.app.ports import Finding, Gravity, Reason


def looked_over(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    url: str | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    address = database_address(folder, url)
    return examine(folder, address, environment or {}, now or datetime.now(UTC), is_thorough=True)


def troubles(found: list[Finding], gravity: Gravity = Gravity.TROUBLE) -> dict[str, str]:
    assert all(one.do for one in found if one.gravity is not Gravity.FINE), "each says what to do"
    return {one.check: one.what for one in found if one.gravity is gravity}


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    """The folder of a server that is well."""
    with server(tmp_path) as services:
        lived_in(services)
        operations_of(services).back_up(Reason.ASKED)
    return tmp_path


def test_a_server_that_is_well_has_no_trouble_and_stays_as_it_is(
    tmp_path: Path, databases: Databases
) -> None:
    address = databases.fresh()
    with server(tmp_path, address) as services:
        lived_in(services)
        operations_of(services).back_up(Reason.ASKED)
        before = sums(services, all_of_them=True)
        found = looked_over(tmp_path, url=address)
        assert troubles(found) == {}
        assert {one.check for one in found} == {
            "folder", "key", "room", "revision", "integrity", "orphans", "texts", "states", "clock",
            "backups", "backup file", "address", "mail",
        }  # fmt: skip
        assert sums(services, all_of_them=True) == before


def test_a_folder_without_anything_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    told = troubles(looked_over(tmp_path / "nowhere"))
    assert {"folder", "key", "database"} <= set(told)
    assert not (tmp_path / "nowhere").exists()


def test_what_others_can_read_is_told(lived: Path) -> None:
    lived.chmod(0o755)
    (lived / "rung.db").chmod(0o644)
    found = [one for one in looked_over(lived) if one.check == "folder"]
    assert [one.do.split()[1] for one in found] == ["700", "600"]


def test_a_key_that_is_missing_or_another_one_is_told(lived: Path) -> None:
    assert "texts" in troubles(looked_over(lived, {"RUNG_KEY": new_key()}))
    (lived / KEY_FILE).chmod(0o644)
    assert "can be read by others" in troubles(looked_over(lived))["key"]
    (lived / KEY_FILE).unlink()
    assert "cannot be read" in troubles(looked_over(lived))["key"]


@pytest.mark.parametrize(
    "statement, check",
    [
        ("DELETE FROM people", "orphans"),
        ("UPDATE texts SET event = 'nowhere ' || substr(event, 1, 8)", "orphans"),
        ("UPDATE texts SET text = CAST(substr(text, 1, 40) || x'00' AS BLOB)", "texts"),
        ("UPDATE states SET stands_on = stands_on - 1", "states"),
        ("UPDATE states SET state = replace(state, '0.', '0.1')", "states"),
        ("UPDATE alembic_version SET version_num = '9999'", "revision"),
        ("DROP INDEX ix_events_person_time", "revision"),
        ("UPDATE events SET recorded_at = '2199-01-01 00:00:00.000000'", "clock"),
    ],
)
def test_a_database_that_was_changed_from_elsewhere_is_told(lived: Path, statement: str, check: str) -> None:
    with server(lived) as services, engine_of(services).connect() as connection:
        raw = connection.connection.driver_connection
        assert raw
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA ignore_check_constraints=ON")
        raw.execute(statement)
        connection.detach()
        raw.close()
    assert check in troubles(looked_over(lived))


def test_a_damaged_file_is_told(lived: Path) -> None:
    content = bytearray((lived / "rung.db").read_bytes())
    for page in range(4, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 64] = os.urandom(64)
    (lived / "rung.db").write_bytes(bytes(content))
    assert {"integrity", "revision", "database"} & set(troubles(looked_over(lived)))
    (lived / "rung.db").write_bytes(b"no database" * 1000)
    assert troubles(looked_over(lived))


def test_an_older_database_is_worth_a_look(lived: Path) -> None:
    with server(lived) as services, engine_of(services).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert "older Rung" in troubles(looked_over(lived), Gravity.NOTE)["revision"]


def test_backups_that_are_old_or_missing_or_spoilt_are_told(lived: Path) -> None:
    soon, late = (datetime.now(UTC) + timedelta(days=days) for days in (3, 30))
    assert "3 days old" in troubles(looked_over(lived, now=soon), Gravity.NOTE)["backups"]
    assert "30 days old" in troubles(looked_over(lived, now=late))["backups"]
    assert "RUNG_BACKUPS" in troubles(looked_over(lived, {"RUNG_BACKUPS": "no"}), Gravity.NOTE)["backups"]
    (backup,) = (lived / "backups").glob("rung-*.zip")
    spoil(backup)
    assert "backup file" in troubles(looked_over(lived))
    backup.unlink()
    assert "no backup yet" in troubles(looked_over(lived), Gravity.NOTE)["backups"]


def test_a_clock_that_is_behind_is_told(lived: Path) -> None:
    assert "years behind" in troubles(looked_over(lived, now=datetime(1970, 1, 2, tzinfo=UTC)))["clock"]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert "yet to come" in troubles(looked_over(lived, now=yesterday))["clock"]


def test_little_room_is_told(lived: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, gravity in ((1, Gravity.TROUBLE), (200 * 1024 * 1024, Gravity.NOTE)):
        monkeypatch.setattr("rung.adapters.doctor.machine.free_bytes", lambda _folder, free=free: free)
        assert "room" in troubles(looked_over(lived), gravity)


@pytest.mark.parametrize(
    "environment, gravity, check",
    [
        ({"RUNG_HOSTS": "rung.example.org"}, Gravity.NOTE, "address"),
        ({"RUNG_HTTPS": "yes", "RUNG_ADDRESS": "http://localhost"}, Gravity.NOTE, "address"),
        ({"RUNG_ADDRESS": "https://rung.example.org"}, Gravity.TROUBLE, "address"),
        ({"RUNG_ADDRESS": "rung"}, Gravity.TROUBLE, "address"),
        ({"RUNG_SMTP": "somewhere"}, Gravity.TROUBLE, "mail"),
        (
            {"RUNG_SMTP": "smtp://127.0.0.1:1", "RUNG_MAIL_FROM": "rung@example.org"},
            Gravity.TROUBLE,
            "mail server",
        ),
    ],
)
def test_settings_that_do_not_agree_are_told(
    lived: Path, environment: dict[str, str], gravity: Gravity, check: str
) -> None:
    assert check in troubles(looked_over(lived, environment), gravity)


def test_the_mail_server_is_tried_out_and_nothing_is_sent(lived: Path) -> None:
    box = Box()
    with mail_server(box) as port:
        settings = {"RUNG_SMTP": f"smtp://127.0.0.1:{port}", "RUNG_MAIL_FROM": "rung@example.org"}
        found = looked_over(lived, settings)
    assert "lets Rung in" in troubles(found, Gravity.FINE)["mail server"]
    assert box.taken == []


def test_names_and_addresses_that_agree_are_well(lived: Path) -> None:
    good = {
        "RUNG_HOSTS": "rung.example.org",
        "RUNG_HTTPS": "yes",
        "RUNG_ADDRESS": "https://rung.example.org",
    }
    found = looked_over(lived, good)
    assert troubles(found) == troubles(found, Gravity.NOTE) == {}


def test_one_check_that_fails_leaves_the_others(lived: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object) -> None:
        raise ValueError("unheard of")

    monkeypatch.setattr("rung.adapters.doctor.machine.key_place", fails)
    found = looked_over(lived)
    assert "unheard of" in troubles(found)["key"]
    assert "texts" in {one.check for one in found}
