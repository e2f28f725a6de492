"""Faults of files whose cells have types of their own: JSON Lines, Parquet, and events in memory."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.log.told import Told, told

from rung.engine.events import Event
from rung.errors import InvalidLog, MissingExtra
from rung.log import Log, read_log, write_log

ID = "123e4567-e89b-12d3-a456-426614174000"
GOOD = '{"person": "p", "domain": "d", "time": 0, "kind": "judgement", "value": 0.5}'


def of_jsonl(folder: Path, *lines: str) -> Told:
    path = folder / "log.jsonl"
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
    return told(path)


@pytest.mark.parametrize(
    "line, column, reason",
    [
        ('{"person": "p"', "", "is not JSON (Expecting ',' delimiter at character"),
        ("[1, 2]", "", "is not a JSON object; each line must be one event"),
        ("[" * 100_000, "", "is not JSON (nested too deeply)"),
        ('{"person": "p", "person": "q"}', "person", "stands in this object more than once"),
        (GOOD.replace("0.5", '"0.5"'), "value", "'0.5' is not a number"),
        (GOOD.replace("0.5", "true"), "value", "True is not a number"),
        (GOOD.replace("0.5", "[1]"), "value", "[1] is not a number"),
        (GOOD.replace("0.5", "NaN"), "value", "nan is not a finite number"),
        (GOOD.replace("0.5", "-Infinity"), "value", "-inf is not a finite number"),
        (GOOD.replace("0.5", "1" + "0" * 400), "value", "is too large a number"),
        (GOOD.replace("0.5", "1" + "0" * 5000), "", "is not JSON"),
        (GOOD.replace("0.5", "null"), "value", "is empty; a judgement needs one"),
        (GOOD.replace('"p"', "7"), "person", "7 is not text"),
        (GOOD.replace('"p"', "null"), "person", "is empty; every event needs a person"),
        (GOOD.replace('"person": "p", ', ""), "person", "is empty; every event needs a person"),
        (GOOD.replace('"p"', '""'), "person", "is empty; every event needs a person"),
        (GOOD.replace('"p"', '"\\ud800"'), "person", "is not UTF-8 text"),
        (GOOD.replace('"p"', '"\\u0000"'), "person", "holds a NUL character"),
        (GOOD.replace('"p"', f'"{"x" * 131_073}"'), "person", "is longer than 131,072 characters"),
        (GOOD.replace('"p"', '"\udcff"'), "person", "is not UTF-8 text"),
        (GOOD.replace("0,", '"0",'), "time", "'0' is text; write seconds as a number, without quotes"),
        (
            GOOD.replace("0,", '"2026-05-01",'),
            "time",
            "is a timestamp, but the file starts with numbers",
        ),
        (GOOD.replace("0,", "{},"), "time", "{} is not a number or a timestamp"),
        (GOOD.replace("}", ', "id": 5}'), "id", "5 is not text"),
        (GOOD.replace("}", ', "extra": [NaN]}'), "extra", "[nan] is no JSON value"),
        (GOOD.replace("}", ', "extra": {"a": "\\ud800"}}'), "extra", "is not UTF-8 text"),
        (GOOD.replace("}", ', "\\ud800": 1}'), "", "the name of a column is not UTF-8 text"),
    ],
)
def test_one_bad_json_cell_is_exactly_one_fault(tmp_path: Path, line: str, column: str, reason: str) -> None:
    faults = of_jsonl(tmp_path, GOOD, "", GOOD, line)
    assert [(number, where) for number, where, _ in faults] == [(4, column)]
    assert reason in faults[0][2]


def parquet(path: Path, **columns: Any) -> Path:
    arrow: Any = importlib.import_module("pyarrow")
    known = {"person": ["p"], "domain": ["d"], "time": [0.0], "kind": ["judgement"], "value": [0.5]}
    table = {name: column for name, column in (known | columns).items() if column is not None}
    importlib.import_module("pyarrow.parquet").write_table(arrow.table(table), path)
    return path


@pytest.mark.parametrize(
    "columns, line, column, reason",
    [
        ({"kind": None}, 0, "kind", "this column is missing; add it"),
        ({"value": ["0.5"]}, 0, "value", "is of type string; it must be a number"),
        ({"kind": [3]}, 0, "kind", "is of type int64; it must be text"),
        (
            {"time": [True]},
            0,
            "time",
            "is of type bool; it must be a timestamp, a number of seconds, or text",
        ),
        ({"value": [2]}, 1, "value", "2 is not between 0 and 1"),
        ({"value": [float("nan")]}, 1, "value", "nan is not a finite number"),
        ({"person": [None]}, 1, "person", "is empty"),
        ({"id": ["x"]}, 1, "id", "'x' is not a UUID"),
        ({"time": ["soon"]}, 1, "time", "'soon' is neither"),
    ],
)
def test_a_fault_in_parquet_is_told_by_row_and_column(
    tmp_path: Path, columns: dict[str, Any], line: int, column: str, reason: str
) -> None:
    faults = told(parquet(tmp_path / "log.parquet", **columns))
    assert [(number, where) for number, where, _ in faults] == [(line, column)]
    assert reason in faults[0][2]


def test_a_column_that_stands_twice_in_parquet_is_one_fault(tmp_path: Path) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    table = arrow.table(
        [["p"], ["d"], [0], ["note"], [1], [2]], ["person", "domain", "time", "kind", "x", "x"]
    )
    path = tmp_path / "log.parquet"
    importlib.import_module("pyarrow.parquet").write_table(table, path)
    assert told(path) == [(0, "x", "stands in the file more than once; keep one of them")]


def test_a_file_that_is_no_parquet_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    path.write_text("person,domain,time,kind\n")
    assert [reason[:23] for _, _, reason in told(path)] == ["is no Parquet file, or "]


def test_without_pyarrow_parquet_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(tmp_path / "log.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"rung\[parquet\]"):
        read_log(path)
    with pytest.raises(MissingExtra, match=r"rung\[parquet\]"):
        write_log(Log.of([]), tmp_path / "new.parquet")
    assert not (tmp_path / "new.parquet").exists()


def test_faulty_events_are_told_by_their_number() -> None:
    good = Event("p", "d", "t", 0.0, "judgement", value=0.5)
    bad = [
        good._replace(value=2.0),
        good._replace(time=float("nan")),
        good._replace(id="x"),
        good._replace(person=""),
    ]
    with pytest.raises(InvalidLog) as refused:
        Log.of([good, *bad])
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (2, "value"),
        (3, "time"),
        (4, "id"),
        (5, "person"),
    ]


def test_times_that_no_timestamp_can_hold_are_refused() -> None:
    twin = Event("p", "d", "t", 0.0, "note", id=ID)
    events = [twin, twin, *(Event("p", "d", "t", time, "note") for time in (0.0, 1e11, float("inf"), -1e11))]
    assert len(Log.of(events[:4])) == 3
    with pytest.raises(InvalidLog) as refused:
        Log.of(events, timestamps=True)
    assert [(fault.line, fault.reason) for fault in refused.value.faults] == [
        (4, "a timestamp must lie in the years 1700 to 2199"),
        (5, "inf is not a finite number; leave out what is not known"),
        (6, "a timestamp must lie in the years 1700 to 2199"),
    ]
