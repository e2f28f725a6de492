"""A design file read and checked: TOML in, a `Design` out, or every fault at once, each with its place.

A fault is told as `place: what is wrong; what to do`, such as `arm "watching", dose 2: similarty: no such
key; do you mean similarity?`.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from difflib import get_close_matches
from typing import Any, TypeVar

from rung.errors import InvalidDesign
from rung.research.trials import references
from rung.research.trials.design import Arm, Design, Dose, DropOut, Measure, Recruits, Task, Trial

__all__ = ["read_design"]

T = TypeVar("T")

_TABLES = ("trial", "people", "drop_out", "tasks", "ladders", "arms", "measures")
_MOST = {"tasks": 60, "arms": 8, "measures": 20, "doses": 200, "days": 400}
_LARGEST = 2**63
_TYPES = {
    "text": "a text in quotes",
    "yes or no": "true or false",
    "number": "a number",
    "whole": "a whole number",
    "days": "a list of numbers, such as [0, 7, 14]",
}


def read_design(text: str) -> Design:
    """The design in the text of a file; `InvalidDesign` with everything that is wrong with it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidDesign([f"not TOML: {error}"]) from error
    faults: list[str] = []
    faults += _unknown("", raw, _TABLES)
    trial = _table(Trial, raw.get("trial", {}), "[trial]", faults)
    people = _table(Recruits, raw.get("people", {}), "[people]", faults)
    drop_out = _table(DropOut, raw.get("drop_out", {}), "[drop_out]", faults)
    tasks = [_table(Task, one, where, faults) for one, where in _listed(raw, "tasks", "task", faults)]
    measures = [
        _table(Measure, one, where, faults) for one, where in _listed(raw, "measures", "measure", faults)
    ]
    arms = [_arm(one, where, faults) for one, where in _listed(raw, "arms", "arm", faults)]
    ladders = _ladders(raw.get("ladders", {}), faults)
    for kind, items in (("task", tasks), ("measure", measures), ("arm", arms)):
        faults += _twice(kind, [one.name for one in items if one is not None])
    if len(raw.get("arms", [])) == 1:
        faults.append("[[arms]]: there is one; a trial compares two or more")
    if faults or trial is None or people is None or drop_out is None:
        raise InvalidDesign(faults)
    design = Design(
        trial=trial,
        people=people,
        drop_out=drop_out,
        tasks={one.name: one for one in tasks if one is not None},
        ladders=ladders,
        arms=tuple(one for one in arms if one is not None),
        measures=tuple(one for one in measures if one is not None),
    )
    if found := references.faults(design):
        raise InvalidDesign(found)
    return design


def _listed(raw: Mapping[str, Any], key: str, singular: str, faults: list[str]) -> list[tuple[Any, str]]:
    """The tables of a list, each with its place; there must be some."""
    items = raw.get(key, [])
    if not isinstance(items, list):
        faults.append(f"[[{key}]]: is no list of tables; write [[{key}]], in two brackets, above each")
        return []
    if not items and key in _TABLES:
        faults.append(f"[[{key}]]: there is none; write at least {2 if key == 'arms' else 1}")
    if len(items) > _MOST[key]:
        faults.append(f"[[{key}]]: there are {len(items)}; at most {_MOST[key]} are possible")
    return [(one, _place(one, singular, number)) for number, one in enumerate(items[: _MOST[key]], 1)]


def _place(raw: Any, kind: str, number: int) -> str:
    name = raw.get("name") if isinstance(raw, Mapping) else None
    return f'{kind} "{name}"' if isinstance(name, str) and name else f"{kind} {number}"


def _arm(raw: Any, where: str, faults: list[str]) -> Arm | None:
    if not isinstance(raw, Mapping):
        return _table(Arm, raw, where, faults)
    doses = []
    for one, place in _listed(raw, "doses", f"{where}, dose", faults):
        doses.append(_dose(one, place, faults))
    rest = {key: value for key, value in raw.items() if key != "doses"}
    return _table(Arm, rest, where, faults, doses=tuple(one for one in doses if one is not None))


def _dose(raw: Any, where: str, faults: list[str]) -> Dose | None:
    read = _table(Dose, raw, where, faults)
    if read is not None:
        for one in fields(Dose):
            of = one.metadata["of"]
            if one.name in raw and of and read.kind not in of:
                faults.append(f"{where}: {one.name}: a dose of kind {read.kind} has none; it is of {_or(of)}")
    return read


def _table(kind: type[T], raw: Any, where: str, faults: list[str], **more: Any) -> T | None:
    """A table as a dataclass, its faults added; None where it has any."""
    if not isinstance(raw, Mapping):
        faults.append(f"{where}: is no table of keys and values")
        return None
    keys: list[Field[Any]] = [one for one in fields(kind) if one.metadata]  # type: ignore[arg-type]  # any of ours
    own = _unknown(f"{where}: ", raw, [one.name for one in keys])
    values: dict[str, Any] = {}
    for one in keys:
        if one.name in raw:
            reason = _wrong(one, raw[one.name])
            if reason:
                own.append(f"{where}: {one.name}: {reason}")
            else:
                values[one.name] = _plain(one, raw[one.name])
        elif one.default is MISSING:
            own.append(f"{where}: {one.name}: is missing; it says {one.metadata['meaning']}")
    faults += own
    return None if own else kind(**values, **more)


def _wrong(key: Field[Any], value: Any) -> str:
    """Why a value is refused; empty where it is not."""
    told = key.metadata
    if not _is(told["type"], value):
        return f"{value!r} is not {_TYPES[told['type']]}"
    if told["type"] == "text" and not value.strip():
        return "is empty; write a text, or leave the line out"
    if told["among"] and value not in told["among"]:
        return f"{value!r} is none of {_or(told['among'])}{_meant(value, told['among'])}"
    if told["type"] == "days" and not 1 <= len(value) <= _MOST["days"]:
        return f"holds {len(value)} days; write 1 to {_MOST['days']}"
    if told["type"] == "days" and len(set(value)) < len(value):
        return "names a day twice; name it once"
    for number in value if told["type"] == "days" else [value]:
        if told["low"] is not None and not told["low"] <= number <= told["high"]:
            unit = f" {told['unit']}" if told["unit"] else ""
            return f"{number:g} is out of range; it goes from {told['low']:g} to {told['high']:g}{unit}"
    return ""


def _is(kind: str, value: Any) -> bool:
    if kind == "text":
        return isinstance(value, str)
    if kind == "yes or no":
        return isinstance(value, bool)
    if kind == "days":
        return isinstance(value, list) and all(_is("number", one) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(value, int):
        return abs(value) < _LARGEST
    return kind == "number" and math.isfinite(value)


def _plain(key: Field[Any], value: Any) -> Any:
    if key.metadata["type"] == "days":
        return tuple(sorted(map(float, value)))
    return float(value) if key.metadata["type"] == "number" else value


def _ladders(raw: Any, faults: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, Mapping):
        faults.append('[ladders]: is no table; write lines such as snake = ["look", "touch"]')
        return {}
    found = {}
    for name, steps in raw.items():
        if not isinstance(steps, list) or not steps or not all(isinstance(step, str) for step in steps):
            faults.append(f"[ladders]: {name}: is no list of tasks; name its steps, easiest first")
        elif len(set(steps)) < len(steps):
            faults.append(f"[ladders]: {name}: has a step twice; name each once")
        else:
            found[name] = tuple(steps)
    return found


def _unknown(where: str, raw: Mapping[str, Any], known: Sequence[str]) -> list[str]:
    return [
        f"{where}{key}: no such key{_meant(key, known) or f'; there are {_or(known)}'}"
        for key in raw
        if key not in known
    ]


def _meant(text: str, known: Sequence[str]) -> str:
    near = get_close_matches(text, known, 1)
    return f"; do you mean {near[0]}?" if near else ""


def _or(texts: Sequence[str]) -> str:
    return ", ".join(texts[:-1]) + f" or {texts[-1]}" if len(texts) > 1 else texts[0]


def _twice(kind: str, names: Iterable[str]) -> list[str]:
    return [
        f'{kind} "{name}": there are {count} of this name; give each its own'
        for name, count in Counter(names).items()
        if count > 1
    ]
