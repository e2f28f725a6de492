"""Measures of change and of agreement that the field uses: pure functions of plain numbers, not of the model.

    attainment   how far described goals were reached (goal attainment scaling)
    change       whether a change is more than noise (reliable change index)
    agreement    whether judgement and act match by more than chance (kappa, microanalysis)
    shares       how far a share of few may lie from what was seen (Wilson)

They stand in the engine, since a study needs them as much as the application does, and they need numpy alone.
"""

from rung.engine.measures.agreement import (
    Agreement,
    Congruence,
    agreement,
    congruence,
    counts_of,
)
from rung.engine.measures.attainment import CORRELATION, LEVELS, attainment
from rung.engine.measures.change import (
    LEAST_PAIRS,
    RELIABLE,
    Change,
    Noise,
    error_of_measurement,
    noise_of_mean,
    own_noise,
    reliable_change,
)
from rung.engine.measures.shares import share_interval

__all__ = [
    "CORRELATION",
    "LEAST_PAIRS",
    "LEVELS",
    "RELIABLE",
    "Agreement",
    "Change",
    "Congruence",
    "Noise",
    "agreement",
    "attainment",
    "congruence",
    "counts_of",
    "error_of_measurement",
    "noise_of_mean",
    "own_noise",
    "reliable_change",
    "share_interval",
]
