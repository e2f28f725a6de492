"""The rivals: what Rung is measured against, each in a few lines with its source.

They work on any log: a column is used because the log has it, never because of the study it comes from.
Rung itself, fitted and as it comes, is in `fitted`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rung.errors import InvalidInput
from rung.research.forecasts import Rival
from rung.research.rivals.adversary import ADVERSARY
from rung.research.rivals.beliefs import LAST_BELIEF, LOGISTIC
from rung.research.rivals.beta import KATYAL, ROUAULT
from rung.research.rivals.boosting import BOOSTING
from rung.research.rivals.delta import ONE_RATE, TWO_RATES
from rung.research.rivals.elo import ELO
from rung.research.rivals.fitted import DEFAULTS
from rung.research.rivals.fixed import FIXED_CONSTANTS
from rung.research.rivals.hewitson import HEWITSON
from rung.research.rivals.hgf import HGF
from rung.research.rivals.kalman import KALMAN
from rung.research.rivals.moebius import MOEBIUS
from rung.research.rivals.personal import PERSONAL, PERSONAL_REPEATS
from rung.research.rivals.plain import AR1, CONSTANT, PERSISTENCE, RUNNING_MEAN
from rung.research.rivals.regression import AR_EVIDENCE
from rung.research.rivals.sax import SAX
from rung.research.rivals.theory import THEORY

__all__ = ["ALL", "named"]

ALL: tuple[Rival, ...] = (
    DEFAULTS,
    THEORY,
    CONSTANT,
    RUNNING_MEAN,
    PERSISTENCE,
    AR1,
    KALMAN,
    HGF,
    ONE_RATE,
    TWO_RATES,
    ROUAULT,
    KATYAL,
    MOEBIUS,
    HEWITSON,
    SAX,
    FIXED_CONSTANTS,
    AR_EVIDENCE,
    PERSONAL,
    PERSONAL_REPEATS,
    BOOSTING,
    LOGISTIC,
    LAST_BELIEF,
    ELO,
    ADVERSARY,
)
"""Every rival, in the order of the table."""


def named(names: Iterable[str]) -> tuple[Rival, ...]:
    """The rivals of these names, in the order given; `InvalidInput` lists the names there are."""
    known = {rival.name: rival for rival in ALL}
    found = []
    for name in names:
        if name not in known:
            raise InvalidInput(f"there is no rival {name!r}; there are: {', '.join(known)}")
        found.append(known[name])
    return tuple(found)
