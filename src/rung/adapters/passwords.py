"""Passwords, hashed with argon2id (RFC 9106, the low-memory profile that argon2-cffi takes by default).

Each hash takes 64 MB, so that few are made at a time: the others wait, whoever asks for them.
"""

from __future__ import annotations

from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

__all__ = ["ArgonPasswords"]

AT_ONCE = 2
"""Hashes made at the same time."""


class ArgonPasswords:
    """Hashes and compares passwords."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._places = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """A salted hash to store."""
        with self._places:
            return self._hasher.hash(_as_bytes(password))

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Compare, in the same time whether there is a hash or none (then False)."""
        try:
            with self._places:
                stored = self._nobodys_hash if password_hash is None else password_hash
                is_match = self._hasher.verify(stored, _as_bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return is_match and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """True where the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    @cached_property
    def _nobodys_hash(self) -> str:
        # Unknown names take as long as known ones: there is always a hash to compare with.
        return self._hasher.hash("the password of nobody")


def _as_bytes(password: str) -> bytes:
    # Text from a form may hold half a surrogate pair; it is a wrong password, not a crash.
    return password.encode("utf-8", "surrogatepass")
