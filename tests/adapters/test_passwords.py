from datetime import UTC, timedelta

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


def test_a_hash_made_with_weaker_settings_is_outdated() -> None:
    assert STRONG.is_outdated(WEAK.hash("correct horse"))
    assert not STRONG.is_outdated(STRONG.hash("correct horse"))
    assert STRONG.is_right(WEAK.hash("correct horse"), "correct horse")


def test_the_clock_tells_an_aware_time_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert now.utcoffset() == timedelta(0)
