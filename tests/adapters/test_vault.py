import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.adapters.vault import AesVault, new_key, read_key_file, read_keys, write_key_file
from rung.errors import SealBroken, StoreUnavailable


def keys(count: int) -> tuple[bytes, ...]:
    return read_keys("\n".join(new_key() for _ in range(count)), "the test")


VAULT = AesVault(keys(1))


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_opens_at_its_place(text: str, place: str) -> None:
    assert VAULT.open(VAULT.seal(text, place), place) == text


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_changed_byte_breaks_the_seal(place: int, flip: int) -> None:
    sealed = bytearray(VAULT.seal("that they laugh at me", "here"))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(SealBroken):
        VAULT.open(bytes(sealed), "here")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"plain text", b"\x01" * 17, b"\x01" * 40])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(sealed, "here")


def test_a_sealed_text_that_was_cut_does_not_open() -> None:
    sealed = VAULT.seal("text", "here")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            VAULT.open(sealed[:length], "here")


def test_a_sealed_text_opens_nowhere_else() -> None:
    sealed = VAULT.seal("text", "ladders.name/ana/1")
    with pytest.raises(SealBroken, match="changed or moved"):
        VAULT.open(sealed, "ladders.name/ben/1")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({VAULT.seal("text", "here") for _ in range(100)}) == 100


def test_keys_rotate() -> None:
    old, new = keys(2)
    before = AesVault([old]).seal("text", "here")
    rotated = AesVault([new, old])
    assert rotated.open(before, "here") == "text"
    after = rotated.seal("text", "here")
    assert AesVault([new]).open(after, "here") == "text"
    with pytest.raises(SealBroken, match="key that is not at hand"):
        AesVault([old]).open(after, "here")
    with pytest.raises(SealBroken, match="key that is not at hand"):
        AesVault([new]).open(before, "here")


def test_fingerprints_tell_texts_purposes_and_keys_apart() -> None:
    old, new = keys(2)
    first = AesVault([old]).fingerprints("ana", "account name")
    assert AesVault([new, old]).fingerprints("ana", "account name")[1:] == first
    made = {
        *AesVault([new, old]).fingerprints("ana", "account name"),
        *AesVault([new, old]).fingerprints("ana", "another purpose"),
        *AesVault([new, old]).fingerprints("ben", "account name"),
    }
    assert len(made) == 6
    assert all(len(digest) == 32 for digest in made)


@pytest.mark.parametrize(
    "text", ["", "  \n", "short", "!" * 44, "A" * 43 + "=" + " x", "QIO/riXvtg2adbwn/xSPmz0ZZy9P467JdlcfBugp"]
)
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StoreUnavailable, match="the test holds no proper key"):
        read_keys(text, "the test")


def test_a_vault_without_keys_is_refused() -> None:
    for wrong in ([], [b"short"]):
        with pytest.raises(StoreUnavailable, match="at least one key"):
            AesVault(wrong)


def test_a_key_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    write_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read_key_file(path)) == 1
    assert os.listdir(tmp_path) == ["secret.key"]


def test_a_key_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    write_key_file(path)
    before = path.read_bytes()
    threads = [threading.Thread(target=write_key_file, args=(path,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["secret.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_key_file_that_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret.key"
    write_key_file(path)
    path.chmod(mode)
    with pytest.raises(StoreUnavailable, match="chmod 600"):
        read_key_file(path)


def test_a_key_file_of_nonsense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    for content in (b"", b"\xff\xfe", b"hello"):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(StoreUnavailable, match=r"secret\.key"):
            read_key_file(path)
