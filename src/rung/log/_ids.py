"""Ids of events as 16 bytes each, and the memory of those seen: the same event sent twice is stored once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["UUID_PATTERN", "Ids", "Repeats", "SeenIds", "id_bytes", "id_texts", "packed"]

Ids = NDArray[np.uint8]
"""One row of 16 bytes an event; all zero where it has no id."""

UUID_PATTERN = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

_UUID = re.compile(UUID_PATTERN)
_NOTHING = bytes(16)


def id_bytes(text: str) -> bytes:
    """The 16 bytes of a UUID, or of the empty text; `ValueError` for anything else."""
    if not text:
        return _NOTHING
    if not _UUID.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is not a UUID such as 123e4567-e89b-12d3-a456-426614174000")
    packed_id = bytes.fromhex(text.replace("-", ""))
    if packed_id == _NOTHING:
        raise ValueError("is the UUID of nothing (all zeros); give the event its own, or leave it empty")
    return packed_id


def packed(cells: Sequence[bytes]) -> Ids:
    """Ids of one row each from their bytes."""
    return np.frombuffer(b"".join(cells), np.uint8).reshape(-1, 16)


def id_texts(ids: Ids) -> list[str]:
    """Ids as text in small letters, empty where there is none."""
    digits = ids.tobytes().hex()
    known: list[bool] = np.any(ids, axis=1).tolist()
    return [
        _dashed(digits[32 * row : 32 * row + 32]) if is_known else "" for row, is_known in enumerate(known)
    ]


def _dashed(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Repeats(NamedTuple):
    """What became of the ids of a chunk."""

    same: NDArray[np.intp]
    """Rows that repeat an earlier event."""
    other: NDArray[np.intp]
    """Rows that use the id of an earlier event for something else."""
    lines: NDArray[np.int64]
    """For each row of `other`, the line of the earlier event."""


class _Run(NamedTuple):
    """Ids seen, sorted, each with the digest of its event and its line: 32 bytes an id."""

    keys: NDArray[np.bytes_]
    digests: NDArray[np.uint64]
    lines: NDArray[np.int64]

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> _Run:
        return _Run(self.keys[rows], self.digests[rows], self.lines[rows])


class SeenIds:
    """Ids seen so far, in sorted runs that are merged as they grow (the cost of n ids is n log n)."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def add(
        self, rows: NDArray[np.intp], ids: Ids, digests: NDArray[np.uint64], lines: NDArray[np.int64]
    ) -> Repeats:
        """Remember the ids of these rows; tell which were there before."""
        keys = np.ascontiguousarray(ids).view("S16").reshape(-1)
        order = np.argsort(keys, kind="stable")
        run = _Run(keys, digests, lines).take(order)
        first, earlier = self._earlier(run)
        again = np.ones(len(order), np.bool_)
        again[first] = False
        alike = run.digests == earlier.digests
        other = again & ~alike
        self._remember(run.take(~again))
        return Repeats(rows[order[again & alike]], rows[order[other]], earlier.lines[other])

    def _earlier(self, run: _Run) -> tuple[NDArray[np.intp], _Run]:
        """Rows of a sorted run that are new, and for each row the event that first had its id."""
        starts = np.flatnonzero(np.concatenate(([True], run.keys[1:] != run.keys[:-1])))
        first = np.repeat(starts, np.diff(np.append(starts, len(run.keys))))
        earlier = run.take(first)
        known = np.zeros(len(run.keys), np.bool_)
        for seen in self._runs:
            place = np.minimum(np.searchsorted(seen.keys, run.keys), len(seen.keys) - 1)
            hit = seen.keys[place] == run.keys
            earlier.digests[hit] = seen.digests[place[hit]]
            earlier.lines[hit] = seen.lines[place[hit]]
            known |= hit
        return starts[~known[starts]], earlier

    def _remember(self, run: _Run) -> None:
        if not len(run.keys):
            return
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-2].keys) < 2 * len(self._runs[-1].keys):
            last, previous = self._runs.pop(), self._runs.pop()
            merged = _Run(*(np.concatenate(pair) for pair in zip(previous, last, strict=True)))
            self._runs.append(merged.take(np.argsort(merged.keys, kind="stable")))
