"""How often a token may ask, or a session change something: counted in the memory of each worker.

A count in the database would make a write of every read. Several workers therefore allow several times as
much between them: the limit keeps what runs wild from holding up other people, and need not be exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from rung.app.ports import Clock

__all__ = ["MOST", "WITHIN", "Allowance", "Limits"]

MOST = 300
WITHIN = timedelta(minutes=1)
_REMEMBERED = 10_000
"""Those whose counts are remembered, before those that are over are dropped."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may still be asked."""

    left: int
    """Requests; below nought for one too many."""
    seconds: int
    """Until it begins anew."""

    @property
    def headers(self) -> dict[str, str]:
        """The same for a program with a token (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "ratelimit-policy": f'"token";q={MOST};w={int(WITHIN.total_seconds())}',
            "ratelimit": f'"token";r={max(self.left, 0)};t={self.seconds}',
        }


class Limits:
    """Counts of everybody who asks, each from their first request of a minute on."""

    def __init__(self, clock: Clock, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._lock = Lock()
        self._counts: dict[str, tuple[datetime, int]] = {}

    def ask(self, who: str) -> Allowance:
        """Count one request."""
        now = self._clock.now()
        with self._lock:
            if len(self._counts) > _REMEMBERED:
                self._counts = {key: one for key, one in self._counts.items() if _is_running(one[0], now)}
            began, count = self._counts.get(who, (now, 0))
            if not _is_running(began, now):
                began, count = now, 0
            self._counts[who] = (began, count + 1)
        seconds = -((now - began - WITHIN) // timedelta(seconds=1))
        return Allowance(self._most - count - 1, seconds)


def _is_running(began: datetime, now: datetime) -> bool:
    return timedelta() <= now - began < WITHIN
