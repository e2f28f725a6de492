"""The derived state of a person: what the engine makes of their log."""

from __future__ import annotations

from collections.abc import Sequence

from rung.app.model import PersonId
from rung.app.ports import Entry, Services, Transaction

__all__ = ["append_entries"]


def append_entries(services: Services, tx: Transaction, actor: PersonId, entries: Sequence[Entry]) -> None:
    """Append entries to the log."""
    tx.evidence.append(entries)
