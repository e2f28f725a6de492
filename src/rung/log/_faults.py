"""The faults of one file: all counted, and told at once when the file has been read to its end."""

from __future__ import annotations

from rung.errors import Fault, InvalidLog

__all__ = ["MOST_FAULTS", "Faults"]

MOST_FAULTS = 100_000
"""Faults kept in detail (some 30 MB); those beyond are counted only."""


class Faults:
    """Collects the faults of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0
        self._kept: list[Fault] = []

    def add(self, line: int, column: str, reason: str) -> None:
        """Note one fault."""
        self.count += 1
        if len(self._kept) < MOST_FAULTS:
            self._kept.append(Fault(self.file, int(line), column, reason))

    def listed(self) -> tuple[Fault, ...]:
        """The faults kept, in the order of the lines."""
        return tuple(sorted(self._kept, key=lambda fault: fault.line))

    def raise_any(self) -> None:
        """Raise `InvalidLog` with the faults, if there are any; the last tells how many are not listed."""
        if not self.count:
            return
        beyond = self.count - len(self._kept)
        more = Fault(self.file, 0, "", f"and {beyond:,} more faults, beyond the {MOST_FAULTS:,} listed")
        raise InvalidLog([*self.listed(), more] if beyond else self.listed())
