"""Whatever a file holds, the reader gives a log or says what is wrong; it never fails otherwise."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import logs

from rung.engine.events import Event
from rung.errors import InvalidLog
from rung.log import check_log, read_log, write_log

ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")


def read_or_refused(path: Path) -> None:
    check = check_log(path)
    if check.is_valid:
        assert len(read_log(path)) == check.rows - check.duplicates
    else:
        with pytest.raises(InvalidLog) as refused:
            read_log(path)
        assert refused.value.faults == check.faults
        assert len(check.faults) == check.fault_count


@pytest.mark.parametrize("ending", ENDINGS)
@settings(deadline=None, max_examples=150)
@given(events=logs(), data=st.data())
def test_a_log_with_bytes_changed_is_read_or_refused(
    ending: str, events: list[Event], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"log{ending}")
        write_log(events, path)
        whole = path.read_bytes()
        start = data.draw(st.integers(0, len(whole)))
        stop = data.draw(st.integers(start, min(start + 8, len(whole))))
        path.write_bytes(whole[:start] + data.draw(st.binary(max_size=8)) + whole[stop:])
        read_or_refused(path)


@pytest.mark.parametrize("ending", ENDINGS)
@settings(deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_a_file_of_anything_is_read_or_refused(ending: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"log{ending}")
        path.write_bytes(content)
        read_or_refused(path)
