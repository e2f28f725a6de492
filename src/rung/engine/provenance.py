"""Where a number of the model comes from, and how sure that is.

published    taken from, or derived in one step from, a published figure
fitted       estimated from data or tuned so that published findings come out together
assumption   our choice; nothing published decides it
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = ["Origin", "Provenance", "assumed", "fitted", "published"]

Provenance: TypeAlias = Literal["published", "fitted", "assumption"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a parameter's value comes from."""

    provenance: Provenance
    source: str


def _parameter(value: float, unit: str, meaning: str, origin: Origin, low: float, high: float) -> Any:
    metadata = {"unit": unit, "meaning": meaning, "origin": origin, "low": low, "high": high}
    return field(default=value, metadata=metadata)


def published(
    value: float, unit: str, meaning: str, source: str, low: float = 0.0, high: float = math.inf
) -> Any:
    """A parameter whose value a publication gives."""
    return _parameter(value, unit, meaning, Origin("published", source), low, high)


def fitted(
    value: float, unit: str, meaning: str, source: str, low: float = 0.0, high: float = math.inf
) -> Any:
    """A parameter that was estimated or tuned."""
    return _parameter(value, unit, meaning, Origin("fitted", source), low, high)


def assumed(value: float, unit: str, meaning: str, why: str, low: float = 0.0, high: float = math.inf) -> Any:
    """A parameter that is our choice."""
    return _parameter(value, unit, meaning, Origin("assumption", why), low, high)
