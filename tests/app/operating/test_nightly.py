"""The backup of every night: when it is due, once, and never twice."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.adapters.backups.lives import operations_of, server

from rung.app.accounts import people
from rung.app.operating.nightly import back_up_until, back_up_when_due, due_before
from rung.app.ports import Reason, Services
from rung.errors import StoreUnavailable


@dataclass
class Rounds:
    """Stops after so many waits, and waits for nobody."""

    left: int
    waited: list[float] = field(default_factory=list)

    def is_set(self) -> bool:
        return self.left <= 0

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        self.waited.append(timeout or 0)
        return self.is_set()


@pytest.mark.parametrize("hour, day", [(0, 24), (1, 24), (2, 25), (3, 25), (23, 25)])
def test_it_is_due_at_two_by_the_clock_of_the_machine(hour: int, day: int) -> None:
    now = datetime(2026, 11, 25, hour, 30).astimezone()
    assert due_before(now.astimezone(UTC)) == datetime(2026, 11, day, 2).astimezone()


def test_there_is_one_a_night_and_what_was_asked_for_stands_in(tmp_path: Path) -> None:
    with server(tmp_path) as services:
        assert back_up_when_due(services) is None, "nobody is there yet"
        assert not (tmp_path / "backups").exists()
        people.welcome(services, "Ana", "correct horse")
        made = back_up_when_due(services)
        assert made
        assert made.reason is Reason.NIGHTLY
        assert back_up_when_due(services) is None
        assert operations_of(services).backups() == [made]
    with server(tmp_path / "other") as services:
        people.welcome(services, "Ana", "correct horse")
        operations_of(services).back_up(Reason.ASKED)
        assert back_up_when_due(services) is None


def test_a_spoilt_backup_or_one_of_the_future_does_not_stand_in(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with server(tmp_path) as services:
        people.welcome(services, "Ana", "correct horse")
        folder.mkdir()
        for at in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=400)):
            (folder / f"rung-{at:%Y-%m-%dT%H-%M-%SZ}-nightly.zip").write_bytes(b"PK")
        assert back_up_when_due(services)


def test_switched_off_there_is_none(tmp_path: Path, services: Services) -> None:
    with server(tmp_path, RUNG_BACKUPS="no") as off:
        people.welcome(off, "Ana", "correct horse")
        assert back_up_when_due(off) is None
    assert back_up_when_due(services) is None, "and none where nothing looks after the server"


def test_the_worker_goes_on_whatever_happens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with server(tmp_path) as services:
        people.welcome(services, "Ana", "correct horse")
        (tmp_path / "backups").write_text("in the way")
        back_up_until(services, Rounds(2))
        assert "cannot be used for backups" in caplog.text
        (tmp_path / "backups").unlink()
        rounds = Rounds(3)
        back_up_until(services, rounds)
        assert len(operations_of(services).backups()) == 1
        assert rounds.waited[0] >= 60, "the start of a server is left in peace"


def test_an_error_that_nobody_thought_of_does_not_end_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = iter([ValueError("unheard of"), StoreUnavailable("away")])

    def fails(_services: Services) -> None:
        raise next(calls)

    monkeypatch.setattr("rung.app.operating.nightly.back_up_when_due", fails)
    with server(tmp_path) as services:
        back_up_until(services, Rounds(3))
    assert "unheard of" in caplog.text
    assert "away" in caplog.text
