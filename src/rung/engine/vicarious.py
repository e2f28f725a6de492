"""Vicarious experience: seeing somebody else manage, or not.

    m <- m + eta * (sqrt(n + 1) - sqrt(n)) * S^1.5 * gain * (y_model - SE)
    S  = similarity, plus .35 (1 - S) where the model coped (struggled first)

n models seen before count together as sqrt(n): one coping model does what several flawless ones do
(Schunk, Hanson & Cox 1987). Coping models are judged more similar (same study). The exponent and
the rate make peers outweigh teachers and participation outweigh watching (Bandura, Adams & Beyer 1977).
"""

from __future__ import annotations

from rung.engine.mastery import gain
from rung.engine.parameters import Parameters
from rung.engine.scales import Number

__all__ = ["felt_similarity", "shift"]


def felt_similarity(similarity: Number, coping: Number | float, p: Parameters) -> Number:
    """Similarity (0 to 1) once the model's struggle is counted in.

    >>> round(felt_similarity(0.6, 1.0, Parameters()), 2)
    0.74
    """
    felt: Number = similarity + p.coping_similarity * coping * (1.0 - similarity)
    return felt


def shift(
    openness: Number,
    efficacy: Number,
    outcome: Number,
    felt: Number,
    seen_before: Number | float,
    p: Parameters,
) -> Number:
    """Change of belief, in logits, by a model's outcome (0 to 1), after `seen_before` other models."""
    weight = p.vicarious_rate * ((seen_before + 1.0) ** 0.5 - seen_before**0.5)
    change: Number = weight * felt**p.similarity_exponent * gain(openness, efficacy) * (outcome - efficacy)
    return change
