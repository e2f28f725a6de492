"""A log as JSON Lines: one object a line, its keys the columns, what is empty left out.

The first line names every column (null where empty), so that all of them and their order survive.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import IO, Any

from rung.log._cells import text_fault
from rung.log._columns import Columns, Json
from rung.log._faults import Faults
from rung.log._files import UNREADABLE, unreadable
from rung.log._sieve import REQUIRED, Raw
from rung.log._written import each_written

__all__ = ["jsonl_rows", "write_jsonl"]

_Row = tuple[int, dict[str, Any]]


class _Twice(ValueError):
    """A key that stands in one object more than once."""


def jsonl_rows(stream: IO[bytes], rows: int, faults: Faults) -> Iterator[Raw]:
    """The objects of a JSON Lines file in chunks; what is no object goes to `faults`."""
    with io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="\n") as text:
        yield from _chunks(_objects(text, faults), rows)


def _chunks(records: Iterator[_Row], rows: int) -> Iterator[Raw]:
    names: dict[str, None] = {}
    chunk: list[_Row] = []
    for record in records:
        chunk.append(record)
        names.update(dict.fromkeys(record[1]))
        if len(chunk) == rows:
            yield _raw(names, chunk)
            chunk = []
    yield _raw(names, chunk)


def _objects(text: io.TextIOWrapper, faults: Faults) -> Iterator[_Row]:
    for line, content in _lines(text, faults):
        try:
            found = _DECODER.decode(content)
        except _Twice as error:
            faults.add(line, str(error), "stands in this object more than once; keep one of them")
        except (ValueError, RecursionError) as error:
            faults.add(line, "", text_fault(content[:1000]) or f"is not JSON ({_place(error)})")
        else:
            fault = _object_fault(found)
            if fault:
                faults.add(line, "", fault)
            else:
                yield line, found


def _lines(text: io.TextIOWrapper, faults: Faults) -> Iterator[tuple[int, str]]:
    """Lines that are not blank; a file without a single byte is a fault."""
    line = 0
    try:
        for line, content in enumerate(text, 1):
            if not content.isspace():
                yield line, content
    except UNREADABLE as error:
        faults.add(line + 1, "", unreadable(error))
    else:
        if not line:
            faults.add(0, "", "is empty; each line must be one event as a JSON object")


def _object_fault(found: object) -> str | None:
    if not isinstance(found, dict):
        return 'is not a JSON object; each line must be one event, like {"person": ...}'
    for name in found:
        fault = text_fault(name)
        if fault:
            return f"the name of a column {fault}"
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in found if keys.count(key) > 1))
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def _place(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _raw(names: dict[str, None], chunk: list[_Row]) -> Raw:
    objects = [found for _, found in chunk]
    columns = dict.fromkeys((*names, *REQUIRED))
    cells = {name: [found.get(name) for found in objects] for name in columns}
    return Raw(tuple(columns), cells, [line for line, _ in chunk])


def write_jsonl(columns: Columns, stream: IO[bytes]) -> None:
    """Write a log; one without events is a single blank line."""
    keys = [json.dumps(name, ensure_ascii=False) + ":" for name in columns.names]
    is_first = True
    for block in each_written(columns, _cell):
        if is_first:
            stream.write(_line(key + (column[0] or "null") for key, column in zip(keys, block, strict=True)))
        keyed = map(_keyed, keys, block)
        lines = map(_line, map(partial(filter, None), zip(*keyed, strict=True)))
        stream.write(b"".join(islice(lines, 1, None) if is_first else lines))
        is_first = False
    if is_first:
        stream.write(b"\n")


def _keyed(key: str, column: list[str]) -> list[str]:
    return [key + cell if cell else "" for cell in column]


def _line(cells: Iterable[str]) -> bytes:
    return ("{" + ",".join(cells) + "}\n").encode()


def _cell(value: str | Json) -> str:
    if isinstance(value, Json):
        return value.text
    return json.dumps(value, ensure_ascii=False) if value else ""
