"""The tables of the format's page, generated from the definition of the events.

`python -m rung.log._reference docs/evidence-log.md` puts the page in step; a test tells when it is not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from rung.engine.events import COLUMNS, KINDS, Column

__all__ = ["in_step"]


def in_step(page: str) -> str:
    """The page with each table between `<!-- columns -->` or `<!-- kinds -->` and `<!-- end -->` renewed."""
    for name, table in (("columns", _columns()), ("kinds", _kinds())):
        page = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", rf"\g<1>{table}\g<2>", page, flags=re.DOTALL)
    return page


def _columns() -> str:
    rows = [(f"`{column.name}`", _type(column), _kinds_of(column), column.meaning) for column in COLUMNS]
    return _table(("column", "type", "used by", "meaning"), rows)


def _kinds() -> str:
    values = {"binary": "0 or 1", "optional": "may be empty", "required": "needed", "empty": "empty"}
    rows = [(f"`{kind.name}`", values[kind.value], kind.meaning) for kind in KINDS.values()]
    return _table(("kind", "`value`", "what `value` says"), rows)


def _type(column: Column) -> str:
    if column.type == "uuid":
        return "UUID"
    if column.type == "time":
        return "timestamp or seconds, needed"
    if column.type == "text":
        return "text, needed" if column.required else "text"
    if column.binary:
        return "0 or 1"
    return "number" if column.low is None else f"{column.low:g} to {column.high:g}"


def _kinds_of(column: Column) -> str:
    left_out = [kind for kind in KINDS if kind not in column.kinds]
    if not left_out:
        return "all"
    return f"all but {left_out[0]}" if len(left_out) == 1 else ", ".join(column.kinds)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(in_step(path.read_text("utf-8")), "utf-8")
