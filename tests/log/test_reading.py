import gzip
import importlib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.events import Event
from rung.log import Log, check_log, read_chunks, read_log, write_log

ID = "123e4567-e89b-12d3-a456-426614174000"
CSV = f"""\
person,block,domain,task,time,kind,value,id
bo,1,talks,ask,0,judgement,0.5,
al,1,talks,ask,1,judgement,.25,{ID.upper()}
bo,2,talks,ask,2,attempt,,

al,1,talks,ask,1.0,judgement,0.250,{ID}
bo,2,talks,,3,state,,
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(CSV)
    return path


def test_events_come_in_the_order_of_the_file(path: Path) -> None:
    assert list(read_log(path).events()) == [
        Event("bo", "talks", "ask", 0.0, "judgement", value=0.5),
        Event("al", "talks", "ask", 1.0, "judgement", value=0.25, id=ID),
        Event("bo", "talks", "ask", 2.0, "attempt"),
        Event("bo", "talks", "", 3.0, "state"),
    ]


def test_people_rows_and_events_of_one_person_are_in_step(path: Path) -> None:
    log = read_log(path)
    assert log.people() == ("bo", "al")
    assert log.rows("bo").tolist() == [0, 2, 3]
    assert log.rows("nobody").tolist() == []
    everything = list(log.events())
    assert list(log.events("bo")) == [everything[row] for row in log.rows("bo")]
    assert list(log.events("nobody")) == []
    assert log.file_rows.tolist() == [0, 1, 2, 4]
    assert list(log.by_person()) == [(person, list(log.events(person))) for person in ("bo", "al")]


def test_columns_can_be_read_as_such(path: Path) -> None:
    log = read_log(path)
    np.testing.assert_array_equal(log.number("value"), [0.5, 0.25, np.nan, np.nan])
    np.testing.assert_array_equal(log.number("time"), [0, 1, 2, 3])
    np.testing.assert_array_equal(log.number("aid"), [np.nan] * 4)
    assert log.text("task") == ["ask", "ask", "ask", ""]
    assert log.text("context") == [""] * 4
    assert log.text("id") == ["", ID, "", ""]
    assert log.extras == ("block",)
    assert log.extra("block") == ["1", "1", "2", "2"]
    assert repr(log) == "<Log of 4 events, 2 people>"


def test_asking_for_a_column_of_another_type_is_refused(path: Path) -> None:
    log = read_log(path)
    for ask, name in ((log.number, "task"), (log.text, "value"), (log.extra, "task")):
        with pytest.raises(KeyError):
            ask(name)
    with pytest.raises(ValueError, match="read-only"):
        log.number("value")[0] = 1


def test_a_check_counts_what_the_log_holds(path: Path) -> None:
    check = check_log(path)
    assert check.is_valid
    assert (check.rows, check.people, check.duplicates, check.timestamps) == (5, 2, 1, False)
    assert check.kinds == {"judgement": 2, "attempt": 1, "state": 1}
    assert check.extras == ("block",)
    assert check.columns == ("person", "block", "domain", "task", "time", "kind", "value", "id")


def test_the_same_event_twice_is_stored_once_however_far_apart(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    ids = [f"00000000-0000-0000-0000-{number:012d}" for number in range(1, 5001)]
    rows = [f"p,d,t,{number},attempt,1,,{id}" for number, id in enumerate(ids)]
    path.write_text("\n".join(["person,domain,task,time,kind,value,aid,id", *rows, *reversed(rows)]))
    assert check_log(path).duplicates == 5000
    assert [event.id for event in read_log(path).events()] == ids
    assert [event.id for chunk in read_chunks(path, 700) for event in chunk.events()] == ids


@given(st.lists(st.integers(1, 7), max_size=30))
def test_an_event_knows_its_row_of_the_file_though_repeats_are_left_out(numbers: list[int]) -> None:
    rows = [f"p,d,{number},note,00000000-0000-0000-0000-{number:012d}" for number in numbers]
    first = [row for row, number in enumerate(numbers) if number not in numbers[:row]]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_text("\n".join(["person,domain,time,kind,id", *rows]))
        assert read_log(path).file_rows.tolist() == first
        for size in (1, 3, 100):
            assert [row for chunk in read_chunks(path, size) for row in chunk.file_rows.tolist()] == first


def test_chunks_are_the_log_in_pieces(path: Path) -> None:
    for rows in (1, 2, 3, 100):
        chunks = list(read_chunks(path, rows))
        assert [event for chunk in chunks for event in chunk.events()] == list(read_log(path).events())
        assert all(0 < len(chunk) <= rows for chunk in chunks)
        assert [chunk.start for chunk in chunks] == np.cumsum([0, *map(len, chunks[:-1])]).tolist()


def test_a_chunk_holds_at_least_one_row(path: Path) -> None:
    with pytest.raises(ValueError, match="rows must be 1 or more, not 0"):
        next(read_chunks(path, 0))


def test_chunks_of_many_rows_are_as_large_as_they_may_be(tmp_path: Path) -> None:
    write_log([Event("p", "d", "t", float(time), "note") for time in range(10_000)], tmp_path / "log.csv")
    assert [len(chunk) for chunk in read_chunks(tmp_path / "log.csv", 4096)] == [4096, 4096, 1808]


def test_a_byte_order_mark_and_line_ends_of_any_sort_are_tolerated(path: Path, tmp_path: Path) -> None:
    for number, end in enumerate(("\r\n", "\r", "\n")):
        other = tmp_path / f"{number}.csv.gz"
        other.write_bytes(gzip.compress(b"\xef\xbb\xbf" + CSV.replace("\n", end).encode()))
        assert read_log(other) == read_log(path)


def test_a_log_without_events_is_a_log(tmp_path: Path) -> None:
    for ending in (".csv", ".jsonl", ".parquet"):
        write_log([], tmp_path / f"log{ending}")
        log = read_log(tmp_path / f"log{ending}")
        assert len(log) == 0
        assert not any((list(log.events()), list(log.by_person()), list(log.events("p"))))
        assert log.people() == ()
        assert list(read_chunks(tmp_path / f"log{ending}")) == []
        assert check_log(tmp_path / f"log{ending}").rows == 0


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2026-05-01T18:30:00Z", datetime(2026, 5, 1, 18, 30, tzinfo=UTC)),
        ("2026-05-01T18:30:00", datetime(2026, 5, 1, 18, 30, tzinfo=UTC)),
        ("2026-05-01 18:30", datetime(2026, 5, 1, 18, 30, tzinfo=UTC)),
        ("2026-05-01T20:30:00.25+02:00", datetime(2026, 5, 1, 18, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-05-01T13:00:00.123456789-0530", datetime(2026, 5, 1, 18, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-05-01", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_timestamps_are_read_as_utc(tmp_path: Path, text: str, moment: datetime) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f'person,domain,time,kind\np,d,"{text}",note\n')
    log = read_log(path)
    assert log.timestamps
    assert log.number("time").tolist() == [moment.timestamp()]
    write_log(log, path)
    written = path.read_text().splitlines()[1].split(",")[2]
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == moment


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "+02:00"])
def test_timestamps_in_parquet_are_read_whatever_their_unit(
    tmp_path: Path, unit: str, zone: str | None
) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    time = arrow.array([datetime(2026, 5, 1, 18, 30, tzinfo=UTC)]).cast(arrow.timestamp(unit, tz=zone))
    table = arrow.table({"person": ["p"], "domain": ["d"], "time": time, "kind": ["note"]})
    importlib.import_module("pyarrow.parquet").write_table(table, tmp_path / "log.parquet")
    log = read_log(tmp_path / "log.parquet")
    assert log.timestamps
    assert log.number("time").tolist() == [datetime(2026, 5, 1, 18, 30, tzinfo=UTC).timestamp()]


def test_dictionaries_integers_and_decimals_in_parquet_are_read(tmp_path: Path) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    columns = {
        "person": arrow.array(["p", "q"]).dictionary_encode(),
        "domain": arrow.array(["d", "d"], arrow.large_string()),
        "time": ["2026-05-01T00:00:00Z", "2026-05-02"],
        "kind": ["model", "model"],
        "value": arrow.array([1, 0], arrow.int8()),
        "difficulty": arrow.array(["1.5", None]).cast(arrow.decimal128(4, 2)),
        "context": arrow.nulls(2),
    }
    importlib.import_module("pyarrow.parquet").write_table(arrow.table(columns), tmp_path / "log.parquet")
    assert [event[:7] for event in read_log(tmp_path / "log.parquet").events()] == [
        ("p", "d", "", 1777593600.0, "model", 1.0, 1.5),
        ("q", "d", "", 1777680000.0, "model", 0.0, None),
    ]


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet"])
def test_progress_grows_to_the_size_of_the_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"log{ending}"
    write_log([Event("p", "d", "t", float(time), "note") for time in range(5000)], path)
    done: list[int] = []
    read_log(path, progress=done.append)
    assert done == sorted(done)
    assert len(done) >= 5
    assert done[-1] == path.stat().st_size


def test_an_empty_column_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("person,domain,time,kind,aid,context,extra,id\n" + "p,d,0,note,,,,\n" * 3000)
    held = read_log(path).held
    assert set(held.numbers) == {"time"}
    assert set(held.texts) == {"person", "domain", "kind"}
    assert held.ids is None


def test_columns_may_appear_late_in_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    plain = '{"person": "p", "domain": "d", "time": 0, "kind": "attempt"}\n'
    path.write_text(plain * 3000 + plain.replace("}", ', "value": 1, "block": 7}') + plain)
    log = read_log(path)
    assert log.columns == ("person", "domain", "time", "kind", "value", "block")
    assert log.extra("block") == [None] * 3000 + [7, None]
    assert np.nansum(log.number("value")) == 1


def test_events_with_numpy_numbers_and_integers_are_taken_as_they_are() -> None:
    event = Event("p", "d", "t", 3, "judgement", value=np.float64(0.5), difficulty=1)
    assert list(Log.of([event]).events()) == [event]


def test_logs_are_equal_when_their_content_is() -> None:
    event = Event("p", "d", "t", 0.0, "judgement", value=0.5)
    assert Log.of([event]) == Log.of([event])
    assert Log.of([event]) != Log.of([event._replace(value=0.6)])
    assert Log.of([event]) != Log.of([event], timestamps=True)
    assert Log.of([event]) != Log.of([event, event])
    assert Log.of([event]) != [event]
