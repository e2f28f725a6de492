import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher

from rung.adapters.clock import SystemClock
from rung.adapters.passwords import ArgonPasswords

STRONG = ArgonPasswords()
WEAK = ArgonPasswords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def test_a_password_is_right_for_its_own_hash_alone() -> None:
    stored = WEAK.hash("correct horse")
    assert "correct horse" not in stored
    assert WEAK.is_right(stored, "correct horse")
    assert not WEAK.is_right(stored, "Correct horse")
    assert not WEAK.is_right(stored, "")


def test_two_hashes_of_one_password_differ() -> None:
    assert WEAK.hash("correct horse") != WEAK.hash("correct horse")


@pytest.mark.parametrize("stored", [None, "", "nonsense", "$argon2id$v=19$"])
def test_no_password_is_right_where_there_is_no_hash(stored: str | None) -> None:
    assert not WEAK.is_right(stored, "the password of nobody")


def test_any_text_can_be_a_password() -> None:
    for password in ("pä§§wörd", "🔑" * 8, "\ud800" * 8, " " * 8):
        assert WEAK.is_right(WEAK.hash(password), password)


def test_what_is_tried_first_is_easily_guessed_and_what_says_nothing_of_anybody_is_not() -> None:
    easy = ("12345678", "password123", "qwertyuiop", "abababababab", "Marlene7", "bandura1")
    hard = (
        "correct horse",
        "vier Worte ohne Bezug",
        "\ud800" * 3 + "§7ü/q",
        "k8Fz!2pQ",
        "q7,Zr-kd!93" * 90,
    )
    assert [word for word in easy if not WEAK.is_easily_guessed(word, "Marlene")] == []
    assert [word for word in hard if WEAK.is_easily_guessed(word, "Marlene")] == []
    assert not WEAK.is_easily_guessed("Ladislaus31", "Marlene")
    assert WEAK.is_easily_guessed("Ladislaus31", "Ladislaus")


def test_a_hash_made_with_weaker_settings_is_outdated() -> None:
    assert STRONG.is_outdated(WEAK.hash("correct horse"))
    assert not STRONG.is_outdated(STRONG.hash("correct horse"))
    assert STRONG.is_right(WEAK.hash("correct horse"), "correct horse")


def test_the_clock_tells_an_aware_time_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert now.utcoffset() == timedelta(0)


class Meeting(PasswordHasher):
    """Hashes that wait for a third one at the same time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.threads = threading.Barrier(3, timeout=0.5)
        self.met = 0

    def _meet(self) -> None:
        with suppress(threading.BrokenBarrierError):
            self.threads.wait()
            self.met += 1

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self._meet()
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self._meet()
        return super().verify(hash, password)


def test_two_passwords_are_hashed_at_once_and_the_others_wait() -> None:
    stored, meeting = WEAK.hash("correct horse"), Meeting()
    passwords = ArgonPasswords(meeting)
    with ThreadPoolExecutor(6) as pool:
        hashed = [pool.submit(passwords.hash, "correct horse") for _ in range(3)]
        right = [pool.submit(passwords.is_right, stored, "correct horse") for _ in range(3)]
    assert all(done.result() for done in hashed)
    assert all(done.result() for done in right)
    assert meeting.met == 0
