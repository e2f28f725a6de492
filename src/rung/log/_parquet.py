"""A log as Parquet, through pyarrow (the extra `parquet`), imported only when one is read or written."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from rung.engine.events import FORMAT_VERSION
from rung.errors import MissingExtra
from rung.log._cells import text_fault, to_microseconds
from rung.log._columns import BY_NAME, Columns, Json
from rung.log._faults import Faults
from rung.log._files import UNREADABLE
from rung.log._sieve import REQUIRED, TOGETHER, Raw

__all__ = ["parquet_rows", "write_parquet"]

_ROW_GROUP = 131_072


def _arrow(module: str) -> Any:
    try:
        return importlib.import_module(f"pyarrow{module}")
    except ImportError:
        raise MissingExtra("a log in Parquet", "parquet") from None


def parquet_rows(stream: IO[bytes], rows: int, faults: Faults) -> Iterator[Raw]:
    """The rows of a Parquet file in chunks; its lines are its rows, counted from 1."""
    arrow = _arrow("")
    try:
        file = _arrow(".parquet").ParquetFile(stream)
        yield from _chunks(arrow, file, rows, faults)
    except (arrow.ArrowException, *UNREADABLE) as error:
        faults.add(0, "", f"is no Parquet file, or a damaged one ({str(error)[:200]})")
    except UnicodeDecodeError:
        faults.add(0, "", "holds text that is not UTF-8")


def _chunks(arrow: Any, file: Any, rows: int, faults: Faults) -> Iterator[Raw]:
    names = tuple(dict.fromkeys(file.schema_arrow.names))
    unfit = _schema_faults(file.schema_arrow, faults)
    is_whole = not unfit & TOGETHER
    yield Raw(names, {}, [], done=0.0)
    if len(names) < len(file.schema_arrow.names):
        return  # pyarrow cannot tell columns of one name apart
    line, last = 1, file.metadata.num_rows
    for batch in file.iter_batches(rows):
        moments = _moments(arrow, batch)
        read = [name for name in names if name not in unfit and (name != "time" or moments is None)]
        cells = {name: _cells(arrow, name, batch.column(name)) for name in read}
        lines = range(line, line + batch.num_rows)
        line += batch.num_rows
        if moments is not None:
            cells["time"] = []
        yield Raw(names, cells, lines, is_whole=is_whole, moments=moments, done=(line - 1) / last)


def _schema_faults(schema: Any, faults: Faults) -> set[str]:
    """Tell what is wrong with the columns as a whole; the names of those that cannot be used."""
    unfit = set()
    for name in dict.fromkeys(schema.names):
        if schema.names.count(name) > 1:
            faults.add(0, name, "stands in the file more than once; keep one of them")
        elif not _fits(name, schema.field(name).type):
            unfit.add(name)
            faults.add(
                0, name, f"is of type {schema.field(name).type}; it must be {_WANTED[BY_NAME[name].type]}"
            )
        elif text_fault(name):
            faults.add(0, name, f"the column's name {text_fault(name)}")
    for name in REQUIRED:
        if name not in schema.names:
            faults.add(0, name, "this column is missing; add it")
    return unfit


_WANTED = {
    "text": "text",
    "uuid": "text",
    "number": "a number",
    "time": "a timestamp, a number of seconds, or text",
}


def _fits(name: str, kind: Any) -> bool:
    if name not in BY_NAME:
        return True
    types = _arrow(".types")
    kind = kind.value_type if types.is_dictionary(kind) else kind
    is_text = str(kind) in ("string", "large_string", "string_view")
    is_number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    fits = {
        "text": is_text,
        "uuid": is_text,
        "number": is_number,
        "time": is_number or is_text or types.is_timestamp(kind),
    }
    return bool(fits[BY_NAME[name].type] or types.is_null(kind))


def _cells(arrow: Any, name: str, column: Any) -> list[Any]:
    if arrow.types.is_decimal(column.type):
        column = column.cast(arrow.float64())
    values: list[Any] = column.to_pylist()
    return values if name in BY_NAME else [_extra(value) for value in values]


def _moments(arrow: Any, batch: Any) -> Any:
    """The times of a file that has timestamps of its own, to the microsecond; None for any other."""
    if "time" not in batch.schema.names or not arrow.types.is_timestamp(batch.schema.field("time").type):
        return None
    whole = batch.column("time").cast(arrow.timestamp("us"), safe=False).cast(arrow.int64())
    nothing = np.iinfo(np.int64).min
    return whole.fill_null(nothing).to_numpy(zero_copy_only=False).view("datetime64[us]")


def _extra(value: object) -> object:
    """A value of an unknown column, or its text where JSON has none like it (a date, bytes)."""
    if value is None or isinstance(value, str | bool | int):
        return value
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return str(value)
    return value


def write_parquet(columns: Columns, stream: IO[bytes]) -> None:
    """Write a log."""
    arrow = _arrow("")
    fields = [(name, _type(arrow, name, columns.timestamps)) for name in columns.names]
    schema = arrow.schema(fields, metadata={"efficacy log": FORMAT_VERSION})
    with _arrow(".parquet").ParquetWriter(stream, schema) as writer:
        for block in columns.blocks(rows=_ROW_GROUP):
            arrays = [_array(arrow, block, name, kind) for name, kind in fields]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))


def _type(arrow: Any, name: str, timestamps: bool) -> Any:
    if name == "time" and timestamps:
        return arrow.timestamp("us", tz="UTC")
    known = BY_NAME.get(name)
    return arrow.float64() if known and known.type in ("number", "time") else arrow.string()


def _array(arrow: Any, block: Columns, name: str, kind: Any) -> Any:
    if arrow.types.is_timestamp(kind):
        return arrow.array(to_microseconds(block.numbers[name])).cast(kind)
    if name in block.numbers:
        return arrow.array(block.numbers[name], from_pandas=True)
    texts = [value.text if isinstance(value, Json) else value or None for value in block.cells(name)]
    return arrow.array(texts, kind)
