"""A log as CSV (RFC 4180, UTF-8, comma, one header row), read strictly and written always the same way."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Any

from rung.log._cells import text_fault
from rung.log._columns import Columns, Json
from rung.log._faults import Faults
from rung.log._files import UNREADABLE, unreadable
from rung.log._sieve import REQUIRED, TOGETHER, Raw
from rung.log._written import each_written

__all__ = ["csv_rows", "write_csv"]

_OTHER_SEPARATOR = re.compile("[;\t|]")
_Row = tuple[int, list[str]]


def csv_rows(stream: IO[bytes], rows: int, faults: Faults) -> Iterator[Raw]:
    """The rows of a CSV file in chunks; what is no row goes to `faults`.

    Bytes that are not UTF-8 are carried along as lone surrogates, so that the check of the cells can
    tell in which line and column they are.
    """
    with io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="") as text:
        yield from _chunks(_records(text, faults), rows, faults)


def _chunks(records: Iterator[_Row], rows: int, faults: Faults) -> Iterator[Raw]:
    line, header = next(records, (0, None))
    if header is None:
        if not faults.count:
            faults.add(0, "", f"is empty; the first line must name the columns ({', '.join(REQUIRED)}, ...)")
        return
    if "\0" in "".join(header) or header[0].startswith("\udcff\udcfe"):
        faults.add(line, "", "is not UTF-8 text; save the file as CSV in UTF-8")
        return
    if len(header) == 1 and (other := _OTHER_SEPARATOR.search(header[0])):
        faults.add(line, "", f"the columns are separated by {other.group()!r}; save the file with commas")
        return
    is_whole = not _header_faults(line, header, faults) & TOGETHER
    chunk: list[_Row] = []
    for record in _of_width(records, len(header), faults):
        chunk.append(record)
        if len(chunk) == rows:
            yield _raw(header, chunk, is_whole)
            chunk = []
    yield _raw(header, chunk, is_whole)


def _records(text: io.TextIOWrapper, faults: Faults) -> Iterator[_Row]:
    """Rows with the line on which they start, blank ones left out."""
    reader = csv.reader(text, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(line, "", _csv_fault(str(error)))
            continue
        except UNREADABLE as error:
            faults.add(line, "", unreadable(error))
            return
        if len(row) > 1 or (row and row[0].strip()):
            yield line, row


def _csv_fault(error: str) -> str:
    if "end of data" in error or "field limit" in error:
        return "a quotation mark is opened here and not closed, or a cell is longer than 131,072 characters"
    return f"is not CSV ({error}); put cells that hold quotation marks in quotes, and double the marks inside"


def _header_faults(line: int, header: list[str], faults: Faults) -> set[str]:
    """Tell what is wrong with the header; the names of the columns that cannot be used."""
    for name in dict.fromkeys(header):
        fault = text_fault(name)
        if fault:
            faults.add(line, name.encode("utf-8", "replace").decode(), f"the column's name {fault}")
        if header.count(name) > 1:
            faults.add(line, name, "stands in the header more than once; keep one of them")
    missing = [name for name in REQUIRED if name not in header]
    for name in missing:
        faults.add(line, name, _missing(name, header))
    return {*missing, *(name for name in header if header.count(name) > 1)}


def _missing(name: str, header: list[str]) -> str:
    near = next((other for other in header if other.strip().lower() == name), None)
    return "this column is missing" + (
        f"; {near!r} must be written {name!r}" if near else "; add it to the header"
    )


def _of_width(records: Iterator[_Row], width: int, faults: Faults) -> Iterator[_Row]:
    for line, row in records:
        if len(row) == width:
            yield line, row
        else:
            faults.add(line, "", f"has {len(row)} cells where the header has {width}")


def _raw(header: list[str], chunk: list[_Row], is_whole: bool) -> Raw:
    columns: Any = zip(*(row for _, row in chunk), strict=True) if chunk else ((),) * len(header)
    cells: dict[str, Any] = {}
    for name, column in zip(header, columns, strict=True):
        cells.setdefault(name, column)
    return Raw(tuple(cells), cells, [line for line, _ in chunk], is_text=True, is_whole=is_whole)


def write_csv(columns: Columns, stream: IO[bytes]) -> None:
    """Write a log; the same log gives the same bytes."""
    stream.write((",".join(map(_quoted, columns.names)) + "\n").encode())
    for block in each_written(columns, _cell):
        lines = map(",".join, zip(*block, strict=True))
        stream.write(("\n".join(lines) + "\n").encode())


def _cell(value: str | Json) -> str:
    return _quoted(value.text if isinstance(value, Json) else value)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"\r\n') or text.isspace():
        return '"' + text.replace('"', '""') + '"'
    return text
