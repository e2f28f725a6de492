"""Where each sealed text lives: its place is part of what it is sealed with."""

from __future__ import annotations

from rung.app.ports import Vault

__all__ = ["opened", "sealed"]


def sealed(vault: Vault, text: str, column: str, person: str, *row: str) -> bytes:
    """Seal a text for a column (`table.column`), a person and the rest of the row's key."""
    return vault.seal(text, "/".join((column, person, *row)))


def opened(vault: Vault, text: bytes, column: str, person: str, *row: str) -> str:
    """Open what `sealed` made for the same place."""
    return vault.open(bytes(text), "/".join((column, person, *row)))
