"""Passwords, hashed with argon2id (RFC 9106, the low-memory profile that argon2-cffi takes by default).

Each hash takes 64 MB, so that few are made at a time: the others wait, whoever asks for them.
How soon one would be guessed is estimated by zxcvbn (Wheeler 2016): its lists hold the passwords that leaked
most often, and it knows what people do to a word, and the keys that lie side by side.
"""

from __future__ import annotations

from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

__all__ = ["ArgonPasswords"]

AT_ONCE = 2
"""Hashes made at the same time."""

EASY = 10**5
"""Guesses within which a password is too easy: a hundred days of trying, since a name may be tried a thousand
times a day."""
_LOOKED_AT = 72
"""Characters of a password that are looked at: zxcvbn takes no more, and so many are enough."""
_TRIED_FIRST = ("rung", "ladder", "bandura")
"""What belongs to the place and not to the person."""


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

    def is_easily_guessed(self, password: str, *known: str) -> bool:
        """True for what somebody who tries would come to soon, knowing some words of the person."""
        found = zxcvbn(password[:_LOOKED_AT], user_inputs=[*known, *_TRIED_FIRST])
        return bool(found["guesses"] < EASY)

    @cached_property
    def _nobodys_hash(self) -> str:
        # Unknown names take as long as known ones: there is always a hash to compare with.
        return self._hasher.hash("the password of nobody")


def _as_bytes(password: str) -> bytes:
    # Text from a form may hold half a surrogate pair; it is a wrong password, not a crash.
    return password.encode("utf-8", "surrogatepass")
