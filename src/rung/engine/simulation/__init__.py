"""Simulated people who live by the very functions with which the filter reads logs.

`climb` lets many of them climb a ladder by a policy; a `Policy` of one's own needs a `name` and `advise`, and
one that is `Knowing` a `name` and `advise_knowing`.
"""

from rung.engine.simulation.climbs import Climb, Climbed, Knowing, Truth
from rung.engine.simulation.crowd import Learning, Seen, Tried, learn_by_theory
from rung.engine.simulation.daily import climb
from rung.engine.simulation.people import Deed, People
from rung.engine.simulation.policies import (
    ASSURANCE,
    MODEL,
    NOTHING,
    REAPPRAISAL,
    Advice,
    Policy,
    View,
)
from rung.engine.simulation.population import DEPRESSED, Kind

__all__ = [
    "ASSURANCE",
    "DEPRESSED",
    "MODEL",
    "NOTHING",
    "REAPPRAISAL",
    "Advice",
    "Climb",
    "Climbed",
    "Deed",
    "Kind",
    "Knowing",
    "Learning",
    "People",
    "Policy",
    "Seen",
    "Tried",
    "Truth",
    "View",
    "climb",
    "learn_by_theory",
]
