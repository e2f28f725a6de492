import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rung.engine.events import Event
from rung.errors import InvalidLog
from rung.log import Log, read_log, write_log

EVENT = Event("p", "d", "t", 0.0, "judgement", value=0.5)
ENDINGS = [".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_new_log_takes_the_place_of_the_old_and_leaves_nothing_beside(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"log{ending}"
    for count in (3, 1):
        write_log([EVENT] * count, path)
        assert len(read_log(path)) == count
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failing_write_leaves_the_old_file_as_it_was(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"log{ending}"
    write_log([EVENT], path)
    before = path.read_bytes()
    log = Log.of([EVENT] * 20_000)
    real_blocks = type(log.held).blocks

    def blocks_until_the_disk_is_full(*args: object, **options: object) -> Iterator[object]:
        yield next(real_blocks(*args, **options))  # type: ignore[arg-type]
        raise OSError("no space left")

    monkeypatch.setattr(type(log.held), "blocks", blocks_until_the_disk_is_full)
    with pytest.raises(OSError, match="no space left"):
        write_log(log, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_faulty_events_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with pytest.raises(InvalidLog, match="events:2: value: 2 is not between 0 and 1"):
        write_log([EVENT, EVENT._replace(value=2.0)], path)
    with pytest.raises(InvalidLog, match="none of the endings"):
        write_log([EVENT], tmp_path / "log.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_written_file_keeps_the_rights_of_the_one_it_replaces(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.touch()
    path.chmod(0o600)
    write_log([EVENT], path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").touch()
    os.symlink("real.csv", tmp_path / "link.csv")
    write_log([EVENT], tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert len(read_log(tmp_path / "real.csv")) == 1


def test_csv_is_written_plainly(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    odd = EVENT._replace(person='a "b", c', task="two\nlines", difficulty=1e-7, time=1e22)
    write_log([EVENT, odd], path)
    assert path.read_bytes().decode() == (
        "person,domain,task,time,kind,value,difficulty\n"
        "p,d,t,0,judgement,0.5,\n"
        '"a ""b"", c",d,"two\nlines",1e+22,judgement,0.5,1e-07\n'
    )


def test_the_first_line_of_json_lines_names_every_column(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    write_log(Log.of([EVENT, EVENT._replace(difficulty=1.5, person="é")], timestamps=True), path)
    assert path.read_text("utf-8").splitlines() == [
        '{"person":"p","domain":"d","task":"t","time":"1970-01-01T00:00:00Z","kind":"judgement",'
        '"value":0.5,"difficulty":null}',
        '{"person":"é","domain":"d","task":"t","time":"1970-01-01T00:00:00Z","kind":"judgement",'
        '"value":0.5,"difficulty":1.5}',
    ]
