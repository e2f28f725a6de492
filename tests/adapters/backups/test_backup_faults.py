"""Killed processes and full disks: there is the old or the new, and never a part of either."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.backups.lives import lived_in, operations_of, server, sums
from tests.conftest import Databases, join

from rung.app.ports import Reason

PROLOGUE = """
import os, pathlib, resource, signal, sys
from rung.adapters.backups import archive, folder, replacing, tables
from rung.adapters.wiring import open_services
from rung.app.ports import Reason
data, url, name, moment = sys.argv[1:]
services = open_services(pathlib.Path(data), url or None, environment={})

def killed(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(count, function):
    calls = iter(range(count))
    def counted(*arguments, **more):
        if next(calls, None) is None:
            killed()
        return function(*arguments, **more)
    return counted
"""
BACKING_UP = (
    PROLOGUE
    + """
if moment == "named":
    folder.BackupFolder._named = killed
elif moment == "synced":
    os.fsync = killed
else:
    archive.line_of = after(int(moment), archive.line_of)
services.operations.back_up(Reason.ASKED)
"""
)
RESTORING = (
    PROLOGUE
    + """
if moment == "cleared":
    replacing._copy = killed
elif moment == "counted":
    replacing.set_counters = killed
else:
    replacing.copy_rows = after(int(moment), replacing.copy_rows)
services.operations.restore(name)
"""
)
WITH_LITTLE_ROOM = (
    PROLOGUE
    + """
from rung.errors import StoreUnavailable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(moment), resource.RLIM_INFINITY))
try:
    services.operations.restore(name) if name else services.operations.back_up(Reason.ASKED)
except StoreUnavailable as error:
    print(error)
"""
)


def run(code: str, folder: Path, url: str, name: str, moment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, str(folder), url, name, moment]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def url_of(databases: Databases) -> str:
    address = databases.fresh()
    return "" if address.startswith("sqlite") else address


def test_a_backup_that_was_killed_leaves_none_and_the_next_one_is_whole(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        first = operations_of(services).back_up(Reason.ASKED)
        for moment in ("0", "3", "20", "synced", "named"):
            assert run(BACKING_UP, tmp_path, "", "", moment).returncode == -signal.SIGKILL
            assert operations_of(services).backups() == [first]
        second = operations_of(services).back_up(Reason.ASKED)
        assert operations_of(services).check(second.name).backup == second
        left = {path.name for path in (tmp_path / "backups").iterdir()}
        assert left == {".lock", first.name, second.name}


def test_a_restore_that_was_killed_leaves_everything_as_it_was(tmp_path: Path, databases: Databases) -> None:
    url = url_of(databases)
    with server(tmp_path, url or None) as services:
        lived_in(services)
        backup = operations_of(services).back_up(Reason.ASKED)
        join(services, "Ben")
        before = sums(services, all_of_them=True)
    for moment in ("cleared", "0", "7", "counted"):
        assert run(RESTORING, tmp_path, url, backup.name, moment).returncode == -signal.SIGKILL
        with server(tmp_path, url or None) as services:
            assert sums(services, all_of_them=True) == before, moment
    with server(tmp_path, url or None) as services:
        operations_of(services).restore(backup.name)
        assert sums(services) != before
        assert not [path for path in (tmp_path / "backups").iterdir() if path.name.startswith(".unfinished")]


@pytest.mark.parametrize("room", ["0", "2000", "8000"])
def test_a_full_disk_leaves_no_part_of_a_backup(tmp_path: Path, room: str) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        done = run(WITH_LITTLE_ROOM, tmp_path, "", "", room)
        assert "none was left half-made" in done.stdout, done.stderr
        assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]


@pytest.mark.parametrize("room", ["2000", "60000", "250000"])
def test_a_restore_on_a_full_disk_changes_nothing(tmp_path: Path, room: str) -> None:
    with server(tmp_path) as services:
        lived_in(services)
        backup = operations_of(services).back_up(Reason.ASKED)
        join(services, "Ben")
        before = sums(services, all_of_them=True)
        done = run(WITH_LITTLE_ROOM, tmp_path, "", backup.name, room)
        assert done.returncode == 0, done.stderr
        assert done.stdout
        assert sums(services, all_of_them=True) == before
        assert not [path for path in (tmp_path / "backups").iterdir() if path.name.startswith(".unfinished")]
