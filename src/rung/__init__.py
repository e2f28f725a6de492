"""Rung: become able to do one specific thing that you doubt you can do, and believe it on good evidence.

>>> from rung import Engine, Event, Ladder, Person
>>> ladder = Ladder.of("talks", "say it to a friend", "say it to the team", "say it on stage")
>>> engine, ana = Engine(), Person()
>>> ana = engine.observe(ana, Event("ana", "talks", "say it to the team", 0.0, "judgement", 0.4))
>>> engine.next_step(ana, ladder).task.name
'say it to a friend'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rung.engine import (
        Bridge,
        Calibration,
        Engine,
        Estimate,
        Event,
        Generality,
        Ladder,
        Level,
        Missing,
        Option,
        Parameters,
        Person,
        Predictor,
        Question,
        Questions,
        Reason,
        Recommendation,
        Task,
    )

__version__ = "0.1.0"

__all__ = [
    "Bridge",
    "Calibration",
    "Engine",
    "Estimate",
    "Event",
    "Generality",
    "Ladder",
    "Level",
    "Missing",
    "Option",
    "Parameters",
    "Person",
    "Predictor",
    "Question",
    "Questions",
    "Reason",
    "Recommendation",
    "Task",
]


def __getattr__(name: str) -> Any:
    """The engine's names, loaded when first asked for: the command line starts without numpy."""
    if name in __all__:
        return getattr(import_module("rung.engine"), name)
    raise AttributeError(f"module 'rung' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
