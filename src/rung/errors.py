"""Every error that Rung raises on purpose, as one tree.

RungError
├── InvalidInput            something given from outside breaks a rule; says which, where, and what to do
│   ├── InvalidEvent        an event that the evidence log does not allow (all faults at once)
│   ├── InvalidParameters   model parameters out of their range (all faults at once)
│   ├── InvalidState        a saved state that cannot be read back
│   ├── InvalidLog          a log file with faults (all of them, with line and column)
│   ├── InvalidArchive      an export that cannot be imported
│   ├── InvalidBackup       a backup that would not restore: damaged, foreign, newer, of another key
│   ├── InvalidDesign       the file of a simulated trial with faults (all of them, each with its place)
│   ├── InvalidPassword     a password that is too short or too long
│   └── RefusedGoal         a goal that Rung does not build a ladder for (safety)
├── EventOutOfOrder         an event older than the state it is to be applied to
├── NotFound                no such person, ladder, step or event (or none that one may see)
├── NotAllowed              the actor may not do this
│   └── ConfirmationNeeded  the actor must show once more that it is them
├── SignInFailed            name and password do not match
│   └── TooManyTries        too many wrong passwords: the next try must wait, even with the right one
├── Conflict                the thing changed in the meantime, or exists already
├── StoreUnavailable        the database cannot be used as it is
├── PartFailed              a part of a large piece of work failed, again and again
├── SealBroken              encrypted text that does not open with the keys at hand
└── MissingExtra            an optional part of the package is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = [
    "ConfirmationNeeded",
    "Conflict",
    "EventOutOfOrder",
    "Fault",
    "InvalidArchive",
    "InvalidBackup",
    "InvalidDesign",
    "InvalidEvent",
    "InvalidInput",
    "InvalidLog",
    "InvalidParameters",
    "InvalidPassword",
    "InvalidState",
    "MissingExtra",
    "NotAllowed",
    "NotFound",
    "PartFailed",
    "RefusedGoal",
    "RungError",
    "SealBroken",
    "SignInFailed",
    "StoreUnavailable",
    "TooManyTries",
]


class Fault(NamedTuple):
    """One thing wrong with a file: where it stands, and why it is refused."""

    file: str
    line: int
    """1-based line of the file; 0 where the fault is of the file as a whole."""
    column: str
    """Name of the column; empty where the fault is of the whole row."""
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"


class RungError(Exception):
    """Root of the tree: catch this to catch everything that Rung raises on purpose."""


class InvalidInput(RungError):
    """Something given from outside breaks a rule."""


class _Faulty(InvalidInput):
    """An input with a list of faults, all told at once."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class InvalidEvent(_Faulty):
    """An event that the evidence log does not allow."""


class InvalidParameters(_Faulty):
    """Model parameters that are missing, unknown or out of range."""


class InvalidState(InvalidInput):
    """A saved state that cannot be read back."""


class InvalidLog(InvalidInput):
    """A log file that is refused; `faults` holds every reason, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        first = str(self.faults[0]) if count else ""
        super().__init__(f"{count} fault{'' if count == 1 else 's'} in the log: {first}")


class InvalidArchive(InvalidInput):
    """An export that cannot be imported."""


class InvalidBackup(InvalidInput):
    """A backup that would not restore: damaged, foreign, newer than this Rung, or of another key."""


class InvalidDesign(_Faulty):
    """The file of a simulated trial with faults; each says where it stands and what to do."""


class InvalidPassword(InvalidInput):
    """A password that is too short or too long."""


class RefusedGoal(InvalidInput):
    """A goal that Rung does not build a ladder for, to keep people safe; `topic` says which kind."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        super().__init__(f"Rung does not build ladders for this ({topic})")


class EventOutOfOrder(RungError):
    """An event older than the state it is to be applied to: replay the log instead."""


class NotFound(RungError):
    """No such thing, or none that the actor may see: the two are never told apart."""


class NotAllowed(RungError):
    """The actor may not do this."""


class ConfirmationNeeded(NotAllowed):
    """The actor must show once more that it is them."""


class SignInFailed(RungError):
    """The name and the password do not match."""


class TooManyTries(SignInFailed):
    """Too many wrong passwords: the next try must wait, even with the right one."""


class Conflict(RungError):
    """The thing changed in the meantime, or exists already."""


class StoreUnavailable(RungError):
    """The database cannot be used as it is."""


class PartFailed(RungError):
    """A part of a large piece of work failed as often as is tried; `name` says which."""

    def __init__(self, name: str, reason: str, tries: int) -> None:
        self.name = name
        times = "" if tries == 1 else f" {tries} times"
        super().__init__(f"{name} failed{times}: {reason}")


class SealBroken(RungError):
    """Encrypted text that does not open with the keys at hand."""


class MissingExtra(RungError):
    """An optional part of the package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part of Rung: pip install 'rung[{extra}]'")
