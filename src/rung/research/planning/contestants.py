"""Which policies meet: Rung, Rung without parts, the rules of today, an oracle, and policies from a file.

A policy may remember things, so each block of people gets one of its own: a contestant is a name, and how its
policy is made, in any process.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from rung.engine.simulation.climbs import Knowing
from rung.engine.simulation.policies import Policy
from rung.errors import InvalidInput
from rung.research.planning.oracle import Oracle
from rung.research.planning.planner import Planner
from rung.research.planning.rules import RULES, HardestTolerable, Helped

__all__ = ["WANTED", "Contestant", "Role", "chosen", "contestants", "from_file", "short_name"]

WANTED = 0.75
"""Where the dial stands in the app."""

Role: TypeAlias = Literal["Rung", "part", "rule", "own", "helped", "oracle"]
"""Rules and own policies are rivals; Rung without parts, helped rules and oracles are beside the contest."""

_Named = TypeVar("_Named")


class Contestant(NamedTuple):
    """A policy to be: its name in tables, and how it is made; picklable."""

    name: str
    make: Callable[[], Policy | Knowing]
    role: Role
    meaning: str

    @property
    def is_rival(self) -> bool:
        """Whether Rung is held against it."""
        return self.role in ("rule", "own")


def contestants(wanted: float = WANTED) -> tuple[Contestant, ...]:
    """Everybody there is, Rung first; `wanted` is its dial."""
    helped = Helped(HardestTolerable())
    return (
        Contestant("Rung", partial(Planner, wanted), "Rung", "the planner: steps, bridges and sources"),
        _part("Rung, no bridges", wanted, "without bridges"),
        _part("Rung, step alone", wanted, "without bridges and sources", sources=False),
        *(
            Contestant(rule.name, partial(_rule, rule.name), "rule", _sentence(type(rule).__doc__))
            for rule in RULES
        ),
        Contestant(helped.name, partial(Helped, HardestTolerable()), "helped", "with every source each day"),
        Contestant("oracle", Oracle, "oracle", "looks ahead as Rung does, and knows the truth"),
        Contestant(
            "oracle, step alone",
            partial(Oracle, bridges=False, sources=False, name="oracle, step alone"),
            "oracle",
            "the same without bridges and sources",
        ),
        Contestant(
            "oracle, step by step",
            partial(Oracle, wanted=wanted, name="oracle, step by step"),
            "oracle",
            "the oracle within Rung's limits: graded steps, likely enough for the dial",
        ),
    )


def _part(name: str, wanted: float, meaning: str, *, sources: bool = True) -> Contestant:
    make = partial(Planner, wanted, bridges=False, sources=sources, name=name)
    return Contestant(name, make, "part", f"the planner, {meaning}")


def _rule(name: str) -> Policy | Knowing:
    return next(rule for rule in RULES if rule.name == name)


def _sentence(docstring: str | None) -> str:
    return (docstring or "").split("\n")[0].rstrip(".")


def short_name(name: str) -> str:
    """A name as it is typed: small letters and hyphens, without what stands in brackets.

    >>> short_name("four cells (Muoviti!)")
    'four-cells'
    """
    return re.sub(r"\W+", "-", name.split("(")[0].strip().lower())


def chosen(
    names: Sequence[str], known: Iterable[_Named], name: Callable[[_Named], str]
) -> tuple[_Named, ...]:
    """Those of `known` with these names, in their own order; all where no name is given.

    Raises `InvalidInput` for a name that none of them has.
    """
    by_name = {short_name(name(one)): one for one in known}
    wanted = {short_name(one) for one in names}
    if missing := sorted(wanted - by_name.keys()):
        raise InvalidInput(f"{', '.join(missing)}: none of these: {', '.join(by_name)}")
    return tuple(one for short, one in by_name.items() if not wanted or short in wanted)


def from_file(path: Path) -> tuple[Contestant, ...]:
    """The policies of a Python file: whatever has a `name` and `advise`.

    An instance counts as it is, and a class is made without arguments, unless the file has an instance of it.
    Names that begin with an underscore do not count. The file is run, so it must be one that you trust.
    Raises `InvalidInput`, saying what to do.
    """
    attributes = _policies(path)
    if not attributes:
        raise InvalidInput(
            f"{path}: no policy in it: none of its classes has `name` and `advise(self, view)`"
        )
    found: list[Contestant] = []
    for attribute in attributes:
        policy = _made(path, attribute)
        if not isinstance(policy.name, str) or not policy.name.strip():
            raise InvalidInput(f"{path}: {attribute}.name must be a text, it is {policy.name!r}")
        meaning = _sentence(type(policy).__doc__) or f"from {path.name}"
        found.append(Contestant(policy.name, partial(_made, path, attribute), "own", meaning))
    return tuple(found)


def _policies(path: Path) -> list[str]:
    """The names of the file's policies."""
    module = _run(path)
    own = {name: one for name, one in vars(module).items() if not name.startswith("_") and _is_policy(one)}
    made = {type(one) for one in own.values() if not isinstance(one, type)}
    return [
        name
        for name, one in own.items()
        if not isinstance(one, type) or (one.__module__ == module.__name__ and one not in made)
    ]


def _is_policy(one: Any) -> bool:
    asks = callable(getattr(one, "advise", None)) or callable(getattr(one, "advise_knowing", None))
    has_name = hasattr(one, "name") or "name" in getattr(one, "__annotations__", {})
    return asks and (has_name or isinstance(one, type))


def _made(path: Path, attribute: str) -> Policy | Knowing:
    one = getattr(_run(path), attribute)
    try:
        policy: Policy | Knowing = one() if isinstance(one, type) else one
    except Exception as error:
        raise InvalidInput(
            f"{path}: {attribute}() cannot be made ({error}): give its arguments defaults, or make one in the"
            f" file, as in `mine = {attribute}(...)`"
        ) from error
    if not hasattr(policy, "name"):
        raise InvalidInput(f'{path}: {attribute} has no `name`: give it one, as in `name = "one up"`')
    return policy


def _run(path: Path) -> ModuleType:
    """The file as a module, run anew."""
    name = f"policies_of_{re.sub(r'[^0-9A-Za-z]', '_', path.stem)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InvalidInput(f"{path}: not a Python file: its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:
        raise InvalidInput(f"{path}{_line(error, path)}: {type(error).__name__}: {error}") from error
    finally:
        del sys.modules[name]
    return module


def _line(error: Exception, path: Path) -> str:
    """Where in the file it went wrong."""
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    places = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    return f", line {places[-1]}" if places else ""
