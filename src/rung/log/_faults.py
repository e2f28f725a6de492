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
        """The faults in the order of the lines; where some were only counted, the last one says how many."""
        faults = sorted(self._kept, key=lambda fault: fault.line)
        beyond = self.count - len(faults)
        if beyond:
            faults.append(
                Fault(self.file, 0, "", f"and {beyond} more faults, beyond the {MOST_FAULTS} listed")
            )
        return tuple(faults)

    def raise_any(self) -> None:
        """Raise `InvalidLog` with all faults, or do nothing where there is none."""
        if self.count:
            raise InvalidLog(self.listed())
