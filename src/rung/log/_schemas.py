"""The format as schemas that other programs understand, generated from the definition of the events.

JSON Schema 2020-12 for one event (a line of JSON Lines), Frictionless Table Schema for the table.
"""

from __future__ import annotations

from typing import Any

from rung.engine.events import COLUMNS, FORMAT_VERSION, KINDS, Column, Kind
from rung.log._cells import LONGEST_TEXT
from rung.log._ids import UUID_PATTERN

__all__ = ["json_schema", "table_schema"]

_NIL = "00000000-0000-0000-0000-000000000000"
_VERSUS = "versus:"


def json_schema() -> dict[str, Any]:
    """JSON Schema of one event; further properties are allowed, and kept."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Event of an efficacy log {FORMAT_VERSION}",
        "$comment": "What a schema cannot say: `versus:` must name another task than `task`; one id stands "
        "for one event; times are all numbers or all timestamps in one file; text is UTF-8 without NUL.",
        "type": "object",
        "properties": {column.name: _property(column) for column in COLUMNS},
        "required": [column.name for column in COLUMNS if column.required],
        "allOf": [*(_when(kind, _value_rule(kind)) for kind in KINDS.values()), _context_rule()],
    }


def _property(column: Column) -> dict[str, Any]:
    makers = {"text": _text, "time": _time, "number": _number, "uuid": _uuid}
    return {"description": column.meaning, **makers[column.type](column)}


def _text(column: Column) -> dict[str, Any]:
    if column.name == "kind":
        return {"enum": list(KINDS)}
    if column.required:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
    return {"type": ["string", "null"], "maxLength": LONGEST_TEXT}


def _time(_column: Column) -> dict[str, Any]:
    return {"anyOf": [{"type": "number"}, {"type": "string", "format": "date-time"}]}


def _number(column: Column) -> dict[str, Any]:
    if column.binary:
        return {"enum": [0, 1, None]}
    limits = {"minimum": column.low, "maximum": column.high}
    return {
        "type": ["number", "null"],
        **{name: limit for name, limit in limits.items() if limit is not None},
    }


def _uuid(_column: Column) -> dict[str, Any]:
    pattern = f"^({UUID_PATTERN})?$"
    return {"type": ["string", "null"], "format": "uuid", "pattern": pattern, "not": {"const": _NIL}}


def _when(kind: Kind, then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]}, "then": then}


def _value_rule(kind: Kind) -> dict[str, Any]:
    """What `value` may be for a kind, beyond its range."""
    values: dict[str, dict[str, Any]] = {
        "required": {"type": "number"},
        "binary": {"enum": [0, 1]},
        "optional": {"type": ["number", "null"]},
        "empty": {"type": "null"},
    }
    rule: dict[str, Any] = {"properties": {"value": {"description": kind.meaning, **values[kind.value]}}}
    return rule | ({"required": ["value"]} if kind.value in ("required", "binary") else {})


def _context_rule() -> dict[str, Any]:
    """In a choice, `versus:` must be followed by the other task."""
    names_other = {
        "if": {"type": "string", "pattern": f"^{_VERSUS}"},
        "then": {"minLength": len(_VERSUS) + 1},
    }
    return _when(KINDS["choice"], {"properties": {"context": names_other}})


def table_schema() -> dict[str, Any]:
    """Frictionless Table Schema of the log as a table; what depends on the kind is in the descriptions."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "title": f"Efficacy log {FORMAT_VERSION}",
        "fieldsMatch": "superset",
        "fields": [_field(column) for column in COLUMNS],
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    types = {"text": "string", "time": "any", "number": "number", "uuid": "string"}
    field: dict[str, Any] = {
        "name": column.name,
        "type": types[column.type],
        "description": _described(column),
    }
    if column.type == "uuid":
        field["format"] = "uuid"
    constraints = _constraints(column)
    return field | ({"constraints": constraints} if constraints else {})


def _described(column: Column) -> str:
    if column.name == "value":
        return "; ".join(f"{kind.name} ({kind.value}): {kind.meaning}" for kind in KINDS.values())
    kinds = "" if len(column.kinds) == len(KINDS) else f" (used by: {', '.join(column.kinds)})"
    return column.meaning + kinds


def _constraints(column: Column) -> dict[str, Any]:
    if column.name == "kind":
        return {"required": True, "enum": list(KINDS)}
    if column.binary:
        return {"enum": [0, 1]}
    limits = {"required": column.required or None, "minimum": column.low, "maximum": column.high}
    return {name: limit for name, limit in limits.items() if limit is not None}
