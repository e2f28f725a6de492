"""The law of the format: what is written is read back, in every format and through all of them."""

import importlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import logs, names

from rung.engine.events import COLUMNS, Event
from rung.log import Log, read_log, write_log

ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")
REQUIRED = [column.name for column in COLUMNS if column.required]
KNOWN = {column.name for column in COLUMNS}

on_disk = settings(deadline=None, max_examples=60)
"""How long a disk takes says nothing about the law."""


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def passed_through(log: Log, ending: str) -> Log:
    with folder() as place:
        write_log(log, place / f"log{ending}")
        return read_log(place / f"log{ending}")


@pytest.mark.parametrize("ending", ENDINGS)
@on_disk
@given(events=logs(strays=True), timestamps=st.booleans())
def test_what_is_written_is_read_back(ending: str, events: list[Event], timestamps: bool) -> None:
    log = Log.of(events, timestamps=timestamps)
    again = passed_through(log, ending)
    assert list(again.events()) == list(log.events())
    assert again.timestamps == log.timestamps or not events
    assert again == log or not events


@given(events=logs(strays=True))
def test_a_log_of_events_gives_the_events_back(events: list[Event]) -> None:
    log = Log.of(events)
    assert list(log.events()) == events
    assert Log.of(log.events()) == log


@on_disk
@given(st.lists(st.floats(-8e9, 7e9)))
def test_a_timestamp_is_kept_to_the_microsecond_and_then_exactly(times: list[float]) -> None:
    log = Log.of([Event("p", "d", "", time, "note") for time in times], timestamps=True)
    assert all(
        abs(kept - time) <= 1e-6 for kept, time in zip(log.number("time").tolist(), times, strict=True)
    )
    for ending in ENDINGS:
        assert passed_through(log, ending).number("time").tolist() == log.number("time").tolist()


@st.composite
def logs_with_extras(draw: st.DrawFn, cells: st.SearchStrategy[object]) -> list[dict[str, object]]:
    """Objects of JSON Lines: valid events, with unknown columns somewhere among the known ones."""
    events = draw(logs())
    extras = draw(st.lists(names(least=0).filter(lambda name: name not in KNOWN), max_size=3, unique=True))
    order = draw(st.permutations([*Event._fields, *extras]))
    rows = []
    for event in events:
        values = event._asdict() | {name: draw(cells) for name in extras}
        rows.append({name: values[name] for name in order})
    return rows


def from_jsonl(rows: list[dict[str, object]]) -> Log:
    with folder() as place:
        path = place / "log.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows) or "\n", "utf-8")
        return read_log(path)


@on_disk
@given(rows=logs_with_extras(names(least=0)))
def test_unknown_columns_survive_all_formats_in_turn_in_their_place(rows: list[dict[str, object]]) -> None:
    log = from_jsonl(rows)
    with folder() as place:
        write_log(log, place / "first.csv")
        write_log(read_log(place / "first.csv"), place / "second.jsonl")
        write_log(read_log(place / "second.jsonl"), place / "third.parquet")
        write_log(read_log(place / "third.parquet"), place / "last.csv")
        assert read_log(place / "last.csv") == log or not rows
        assert (place / "last.csv").read_bytes() == (place / "first.csv").read_bytes() or not rows
    assert log.columns == tuple(rows[0] if rows else REQUIRED)
    for name in log.extras:
        assert log.extra(name) == [row[name] or None for row in rows]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | names(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names(), inner, max_size=3),
    max_leaves=5,
)


@on_disk
@given(rows=logs_with_extras(json_values))
def test_json_values_of_unknown_columns_survive_in_json_lines(rows: list[dict[str, object]]) -> None:
    log = from_jsonl(rows)
    again = passed_through(log, ".jsonl")
    assert again == log
    for name in log.extras:
        assert again.extra(name) == [row[name] for row in rows]
        assert list(map(type, again.extra(name))) == [type(row[name]) for row in rows]


@on_disk
@given(rows=logs_with_extras(json_values))
def test_json_values_of_unknown_columns_become_their_json_in_csv_and_parquet(
    rows: list[dict[str, object]],
) -> None:
    log = from_jsonl(rows)
    in_csv, in_parquet = (passed_through(log, ending) for ending in (".csv", ".parquet"))
    assert in_csv == in_parquet or not rows
    for name in log.extras if rows else ():
        for value, text in zip(log.extra(name), in_csv.extra(name), strict=True):
            assert (
                text == value if value is None or isinstance(value, str) else json.loads(str(text)) == value
            )


def test_wholly_empty_columns_keep_their_place(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("block,person,domain,aid,task,time,kind,context,id\n,p,d,,,0,note,,\n")
    for ending in ENDINGS:
        again = passed_through(read_log(path), ending)
        assert again == read_log(path)
        assert again.columns == ("block", "person", "domain", "aid", "task", "time", "kind", "context", "id")


def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    log = Log.of([Event("p", "d", "t", 0.0, "judgement", value=0.5)])
    for ending in ENDINGS:
        write_log(log, tmp_path / f"one{ending}")
        write_log(log, tmp_path / f"two{ending}")
        assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


def test_other_types_of_unknown_columns_in_parquet_are_kept(tmp_path: Path) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    columns = {
        "person": ["p"],
        "domain": ["d"],
        "time": [3],
        "kind": ["note"],
        "block": [2],
        "tags": [["a", "b"]],
    }
    table = arrow.table(columns | {"raw": [b"x"], "day": arrow.array([0], arrow.date32())})
    importlib.import_module("pyarrow.parquet").write_table(table, tmp_path / "log.parquet")
    log = read_log(tmp_path / "log.parquet")
    assert [log.extra(name) for name in log.extras] == [[2], [["a", "b"]], ["b'x'"], ["1970-01-01"]]
    assert passed_through(log, ".parquet").extra("tags") == ['["a","b"]']
