"""Many ids, asked for in a few queries: both databases limit the number of parameters of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

__all__ = ["parts"]

_AT_ONCE = 900
"""Ids asked for in one query."""


def parts(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, in lists that one query can ask for."""
    remaining = iter(ids)
    while part := list(islice(remaining, _AT_ONCE)):
        yield part
