"""What a person can show of a ladder: each part on its own, by their consent."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["ALL_FIELDS", "Field", "fields_from"]


class Field(StrEnum):
    """One part of what a ladder holds. The names of ladder and steps are shown with any of them."""

    JUDGEMENTS = "judgements"
    """How sure the person is, and what the model makes of it."""
    OUTCOMES = "outcomes"
    """What was planned, tried, managed and let pass."""
    ATTRIBUTIONS = "attributions"
    """What it was put down to."""
    FEARS = "fears"
    """What was feared and what happened, and how the body was read."""
    TEXTS = "texts"
    """What was written about it in words."""


ALL_FIELDS = frozenset(Field)


def fields_from(names: Iterable[str]) -> frozenset[Field]:
    """The fields of these names; names of none are left out."""
    known = {field.value for field in Field}
    return frozenset(Field(name) for name in names if name in known)
