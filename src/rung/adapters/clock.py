"""The system's clock, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """Tells the time of this machine."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        return datetime.now(UTC)
