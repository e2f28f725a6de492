"""The cells of a log as they are written: numbers in the fewest digits that give them back, times in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from rung.log._cells import to_microseconds
from rung.log._columns import Columns, Floats, Json

__all__ = ["each_written"]


def each_written(columns: Columns, text: Callable[[str | Json], str]) -> Iterator[list[list[str]]]:
    """Blocks of rows, each a list of written columns; empty cells are empty strings.

    `text` writes a text; it is asked once for each distinct one.
    """
    distinct = {name: [text(value) for value in texts.distinct] for name, texts in columns.texts.items()}
    for block in columns.blocks():
        yield [_written(block, name, distinct, text) for name in columns.names]


def _written(
    block: Columns, name: str, distinct: dict[str, list[str]], text: Callable[[str | Json], str]
) -> list[str]:
    if name in distinct:
        return list(map(distinct[name].__getitem__, block.texts[name].codes.tolist()))
    if name == "time" and block.timestamps:
        return [text(stamp) for stamp in _stamps(block.numbers[name])]
    if name in block.numbers:
        return ["" if number is None else repr(number).removesuffix(".0") for number in block.cells(name)]
    return [text(cell) if cell else "" for cell in block.cells(name)]


def _stamps(seconds: Floats) -> list[str]:
    moments = np.datetime_as_string(to_microseconds(seconds).astype("datetime64[us]")).tolist()
    return [moment.removesuffix(".000000") + "Z" for moment in moments]
