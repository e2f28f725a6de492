"""Put the generated tables of the documents in step with the code: python docs/renew.py

A table stands between a mark such as `<!-- columns -->` and `<!-- end -->`; a test tells when one is not
in step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from rung.engine.events import COLUMNS, KINDS, Column
from rung.engine.parameters import Parameters
from rung.engine.prediction import Model
from rung.engine.prediction.habits import PERSONAL
from rung.engine.prediction.rows import NUMBERS

PAGES = [Path(__file__).parent / name for name in ("evidence-log.md", "model.md", "prediction.md")]


def in_step(page: str) -> str:
    """The page with each generated table renewed."""
    tables = {"columns": _columns, "kinds": _kinds, "parameters": _parameters, "weights": _weights}
    for name, table in tables.items():
        page = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", rf"\g<1>{table()}\g<2>", page, flags=re.DOTALL
        )
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


def _parameters() -> str:
    defaults = Parameters()
    rows = []
    for item in fields(Parameters):
        if item.metadata:
            origin = defaults.origin_of(item.name)
            number = f"{getattr(defaults, item.name):g}"
            cells = (
                number,
                item.metadata["unit"],
                item.metadata["meaning"],
                origin.provenance,
                origin.source,
            )
            rows.append((f"`{item.name}`", *cells))
    return _table(("parameter", "value", "unit", "meaning", "provenance", "source, or why"), rows)


def _weights() -> str:
    people = Model.default().judgements
    spread = dict(zip(PERSONAL, people.spread.diagonal().tolist(), strict=True))
    rows = [
        (f"`{name}`", meaning, f"{weight:+.3f}", f"{spread[name] ** 0.5:.3f}" if name in spread else "")
        for (name, meaning), weight in zip(NUMBERS.items(), people.weights.tolist(), strict=True)
    ]
    return _table(("number", "what it is", "weight", "sd between people"), rows)


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(in_step(path.read_text("utf-8")), "utf-8")
