"""What the readers tell about a faulty file."""

from pathlib import Path

import pytest

from rung.errors import InvalidLog
from rung.log import check_log, read_chunks, read_log

__all__ = ["Told", "told"]

Told = list[tuple[int, str, str]]


def told(path: Path) -> Told:
    """Line, column and reason of each fault, the same from all three readers."""
    with pytest.raises(InvalidLog) as refused:
        read_log(path)
    with pytest.raises(InvalidLog) as refused_in_chunks:
        list(read_chunks(path, 2))
    faults = refused.value.faults
    assert refused_in_chunks.value.faults == faults
    assert check_log(path).faults == faults
    assert {fault.file for fault in faults} == {str(path)}
    return [(fault.line, fault.column, fault.reason) for fault in faults]
