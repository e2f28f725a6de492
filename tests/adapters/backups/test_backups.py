"""Backups go round through both databases, byte for byte, and whatever is wrong with one is told."""

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text
from tests.adapters.backups.lives import engine_of, lived_in, operations_of, server, spoil, sums, unchanged
from tests.conftest import Databases, join

from rung.adapters.backups.archive import LEFT_OUT, manifest_of, write_archive
from rung.adapters.backups.folder import BackupFolder
from rung.adapters.backups.operations import restore_file
from rung.adapters.backups.reading import readable_texts
from rung.adapters.backups.replacing import snapshot
from rung.adapters.backups.tables import columns_of, tables_in
from rung.adapters.database import DatabaseStore, metadata
from rung.adapters.vault import KEY_FILE, new_key
from rung.app import evidence
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.model import Did
from rung.app.operating.deriving import is_derived
from rung.app.ports import Reason, Services
from rung.errors import InvalidBackup, SignInFailed


def restored(services: Services, path: Path) -> None:
    assert isinstance(services.store, DatabaseStore)
    operations = operations_of(services)
    restore_file(path, services.store, operations.folder, operations.vault, datetime.now(UTC))


def test_every_table_comes_back_byte_for_byte_on_either_database(
    tmp_path: Path, sqlite: Databases, databases: Databases
) -> None:
    with server(tmp_path, databases.fresh()) as services:
        lived_in(services)
        before = sums(services)
        backup = operations_of(services).back_up(Reason.ASKED)
        path = tmp_path / "backups" / backup.name
    filled = {name for name, told in before.items() if told.rows}
    assert {"people", "ladders", "steps", "events", "texts", "states", "plans", "passkeys", "feeds"} <= filled
    for kind in (sqlite, databases):
        with server(tmp_path, kind.fresh()) as other:
            restored(other, path)
            assert sums(other) == before
            with snapshot(engine_of(other)) as connection:
                assert readable_texts(connection, operations_of(other).vault).broken == 0


def test_both_databases_have_columns_of_the_same_kinds_and_all_of_todays(
    tmp_path: Path, databases: Databases, sqlite: Databases
) -> None:
    found = []
    for kind in (databases, sqlite):
        with server(tmp_path, kind.fresh()) as services, snapshot(engine_of(services)) as connection:
            found.append({table.name: columns_of(table) for table in tables_in(connection)})
    assert found[0] == found[1]
    assert {name: set(columns) for name, columns in found[0].items()} == {
        table.name: {column.name for column in table.columns} for table in metadata.sorted_tables
    }


def test_a_restore_takes_away_what_came_since_and_keeps_it_as_a_backup(
    tmp_path: Path, databases: Databases
) -> None:
    with server(tmp_path, databases.fresh()) as services:
        ana = lived_in(services)
        operations = operations_of(services)
        first = operations.back_up(Reason.ASKED)
        then = sums(services)
        ben = join(services, "Ben")
        ladders.name_ladder(services, ana, "Another", ["a", "b"])
        now = sums(services)
        done = operations.restore(first.name)
        assert sums(services) == then
        assert done.before
        assert done.before.reason is Reason.RESTORE
        operations.restore(done.before.name)
        assert sums(services) == now
        assert people.account_of(services, ben).name == "Ben"
        ladders.name_ladder(services, ben, "Goes on", ["a"])


def test_who_is_signed_in_stays_so_and_who_signed_out_does_not_come_back(
    tmp_path: Path, databases: Databases
) -> None:
    with server(tmp_path, databases.fresh()) as services:
        ana = people.welcome(services, "Ana", "correct horse").id
        ended = people.sign_in(services, "Ana", "correct horse")
        backup = operations_of(services).back_up(Reason.ASKED)
        people.sign_out(services, ended)
        kept = people.sign_in(services, "Ana", "correct horse")
        join(services, "Ben")
        gone = people.sign_in(services, "Ben", "battery staple")
        operations_of(services).restore(backup.name)
        account = people.whoami(services, kept)
        assert account
        assert account.id == ana
        assert people.whoami(services, ended) is None
        assert people.whoami(services, gone) is None, "there is no Ben any more"


def test_a_server_goes_on_counting_after_a_restore(tmp_path: Path, databases: Databases) -> None:
    with server(tmp_path, databases.fresh()) as services:
        people.welcome(services, "Ana", "correct horse")
        backup = operations_of(services).back_up(Reason.ASKED)
        operations_of(services).restore(backup.name)
        for _ in range(3):
            with pytest.raises(SignInFailed):
                people.sign_in(services, "Ana", "wrong")


def test_a_backup_made_while_others_write_is_one_moment(tmp_path: Path, databases: Databases) -> None:
    with server(tmp_path, databases.fresh()) as services:
        ana = people.welcome(services, "Ana", "correct horse").id
        ladder = ladders.name_ladder(services, ana, "Talks", ["a", "b"])
        stop, has_written = Event(), Event()

        def write() -> None:
            while not stop.is_set():
                evidence.record(services, ana, ladder.id, ladder.steps[0].id, Did.DONE)
                has_written.set()

        writer = Thread(target=write)
        writer.start()
        try:
            made = []
            for _ in range(4):
                has_written.clear()
                assert has_written.wait(60)
                made.append(operations_of(services).back_up(Reason.ASKED))
        finally:
            stop.set()
            writer.join()
        assert len({one.rows for one in made}) == 4
        for one in made:
            operations_of(services).restore(one.name)
            assert is_derived(services, ana)
            kinds = [event.kind for event in evidence.log_of(services, ana)]
            assert kinds.count("attempt") == kinds.count("choice") > 0


def test_a_backup_holds_no_key_no_session_and_no_word(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        backup = operations_of(services).back_up(Reason.ASKED)
    path = tmp_path / "backups" / backup.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with zipfile.ZipFile(path) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    key = (tmp_path / KEY_FILE).read_bytes().strip()
    assert key not in content
    assert b"secret" not in content.lower().replace(b"sealed", b"")
    assert not {f"tables/{name}.jsonl" for name in LEFT_OUT} & set(archive.namelist())


# What is refused


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Make the file anew with other content."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for name in archive.namelist():
            content = change(name, archive.read(name))
            if content is not None:
                other.writestr(name, content)
    path.write_bytes(made.getvalue())


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def cut_in_the_middle(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:3000] + content[3400:])


def without_a_row(path: Path) -> None:
    rewritten(
        path, lambda name, content: content.split(b"\n", 1)[1] if name == "tables/events.jsonl" else content
    )


def with_another_hash(path: Path) -> None:
    rewritten(
        path,
        lambda name, content: content.replace(b"argon2id", b"argon2xx") if "people" in name else content,
    )


def without_a_table(path: Path) -> None:
    rewritten(path, lambda name, content: None if name == "tables/plans.jsonl" else content)


def with_one_more_file(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("tables/../../evil", b"")


def with_another_manifest(path: Path) -> None:
    rewritten(
        path,
        lambda name, content: content.replace(b'"asked"', b'"nightly"') if "manifest" in name else content,
    )


def nothing_like_it(path: Path) -> None:
    path.write_bytes(b"no backup at all" * 100)


def an_export(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("log.csv", "person,domain\n")


def of_another_format(path: Path) -> None:
    rewritten(
        path,
        lambda name, content: (
            content.replace(b'"rung_backup": 1', b'"rung_backup": 2') if "manifest" in name else content
        ),
    )


@pytest.mark.parametrize(
    "harm, told",
    [
        (cut, "cut short"),
        (cut_in_the_middle, "damaged|no backup"),
        (spoil, "table people is not what"),
        (without_a_row, "table events is not what the manifest says"),
        (with_another_hash, "table people is not what the manifest says"),
        (without_a_table, "does not hold the files"),
        (with_one_more_file, "does not hold the files"),
        (with_another_manifest, "seal does not fit"),
        (nothing_like_it, "no backup"),
        (an_export, "no backup of Rung"),
        (of_another_format, "format 2"),
        (Path.unlink, "There is no backup"),
    ],
)
def test_a_backup_that_was_damaged_or_changed_is_refused_and_changes_nothing(
    tmp_path: Path, harm: Callable[[Path], object], told: str
) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        operations = operations_of(services)
        path = tmp_path / "backups" / operations.back_up(Reason.ASKED).name
        join(services, "Ben")
        harm(path)
        said = unchanged(services, lambda: restored(services, path), InvalidBackup)
        assert any(one in said for one in told.split("|")), said
        assert len(operations.backups()) == (0 if harm is Path.unlink else 1)


def test_a_backup_of_another_server_or_key_is_refused(tmp_path: Path, databases: Databases) -> None:
    with server(tmp_path / "one", databases.fresh()) as services:
        lived_in(services)
        path = tmp_path / "one" / "backups" / operations_of(services).back_up(Reason.ASKED).name
    with server(tmp_path / "two", databases.fresh()) as other:
        people.welcome(other, "Ben", "correct horse")
        assert "another key" in unchanged(other, lambda: restored(other, path), InvalidBackup)


def test_an_older_key_opens_a_backup_of_its_time(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    with server(tmp_path, RUNG_KEY=old) as services:
        lived_in(services)
        backup = operations_of(services).back_up(Reason.ASKED)
    with server(tmp_path, RUNG_KEY=f"{new} {old}") as services:
        operations_of(services).restore(backup.name)
        assert operations_of(services).check(backup.name).unreadable == 0


def test_a_backup_of_a_newer_rung_is_refused(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        with engine_of(services).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        path = tmp_path / "newer.zip"
        # Written as a newer Rung would: by today's tables under a revision that is not known here.
        with path.open("w+b") as file, snapshot(engine_of(services)) as connection:
            patched = pytest.MonkeyPatch()
            patched.setattr("rung.adapters.backups.tables._names_at", lambda revision: set(metadata.tables))
            write_archive(connection, file, operations_of(services).vault, Reason.ASKED, datetime.now(UTC))
            patched.undo()
        with engine_of(services).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(InvalidBackup, match="newer Rung"):
            restored(services, path)


def test_texts_that_were_damaged_before_are_told_and_restored(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        with engine_of(services).begin() as connection:
            connection.execute(
                text(
                    "UPDATE texts SET text = CAST(substr(text, 1, length(text) - 1) || x'00' AS BLOB) "
                    "WHERE field = 'who'"
                )
            )
        backup = operations_of(services).back_up(Reason.ASKED)
        checked = operations_of(services).check(backup.name)
        assert 0 < checked.unreadable < checked.texts
        operations_of(services).restore(backup.name)


def test_a_name_from_outside_leads_nowhere_else(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        people.welcome(services, "Ana", "correct horse")
        backup = operations_of(services).back_up(Reason.ASKED)
        shutil.copy(tmp_path / "backups" / backup.name, tmp_path / "backups" / "other.zip")
        for name in ("../rung.db", "other.zip", "", "/etc/passwd", f"../backups/{backup.name}", "a\0b"):
            with pytest.raises(InvalidBackup, match="There is no backup"):
                operations_of(services).check(name)


# The folder


def test_the_newest_nightly_ones_stay_and_what_was_asked_for(tmp_path: Path) -> None:
    with server(tmp_path, RUNG_BACKUPS="3") as services:
        people.welcome(services, "Ana", "correct horse")
        operations = operations_of(services)
        asked = operations.back_up(Reason.ASKED)
        for hour in range(5):
            due = datetime(2090, 1, 1, hour, tzinfo=UTC)
            assert operations.back_up_nightly(due)
        kept = operations.backups()
        assert [one.reason for one in kept].count(Reason.NIGHTLY) == 3
        assert asked in kept
        assert operations.back_up_nightly(datetime(2020, 1, 1, tzinfo=UTC)) is None, "it is there"


def test_whatever_else_lies_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "letter.zip").write_text("mine")
    (tmp_path / "backups" / ".unfinished-1-abcd").write_text("of a killed one")
    (tmp_path / "backups" / ".unfinished-dir").mkdir()
    with server(tmp_path, RUNG_BACKUPS="1") as services:
        people.welcome(services, "Ana", "correct horse")
        for _ in range(3):
            operations_of(services).back_up_nightly(datetime(2090, 1, 1, tzinfo=UTC))
        names = {path.name for path in (tmp_path / "backups").iterdir()}
        assert "letter.zip" in names
        assert not {name for name in names if name.startswith(".unfinished")}
        assert len(operations_of(services).backups()) == 1


def test_a_file_that_cannot_be_read_is_listed_with_its_fault(tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path)
    (tmp_path / "rung-2026-11-25T02-00-00Z-nightly.zip").write_bytes(b"PK")
    (found,) = folder.backups()
    assert "cut short" in found.fault
    assert found.made_at == datetime(2026, 11, 25, 2, tzinfo=UTC)


def test_the_manifest_can_be_read_by_any_program(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        path = tmp_path / "backups" / operations_of(services).back_up(Reason.ASKED).name
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("manifest.json"))
        lines = archive.read("tables/people.jsonl").splitlines()
    (row,) = (dict(zip(told["tables"]["people"]["columns"], json.loads(line), strict=True)) for line in lines)
    assert datetime.fromisoformat(row["created_at"]).tzinfo
    assert manifest_of(path).people == told["tables"]["people"]["rows"] == 1
