"""Rung's model of self-efficacy: pure functions on immutable state; numpy and the standard library only.

Read it in this order: `events` (what happens), `state` (what is known), `situation` (how it adds up),
`filtering` (what each event does) with the four sources `mastery` (and `attribution`), `vicarious`,
`persuasion`, `affect`, then `approach`, `performance`, `dynamics` (time), `observation` (readings),
`forecasting` (answers), `planning` (the next step) and `asking` (what to ask about). `parameters` holds
every number. `prediction` foretells what a person will say, choose and manage next, with what other people
taught.
"""

from rung.engine.asking import Question, Questions
from rung.engine.events import Event
from rung.engine.forecasting import (
    Calibration,
    Estimate,
    Generality,
    Ladder,
    Level,
    Missing,
)
from rung.engine.model import Engine
from rung.engine.parameters import Parameters
from rung.engine.planning import Bridge, Option, Reason, Recommendation
from rung.engine.prediction import Predictor
from rung.engine.situation import Task
from rung.engine.state import Person

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
