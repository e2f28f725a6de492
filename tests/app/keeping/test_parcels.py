"""Zips that would cost much before anything is known of them."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from rung.app.keeping.parcels import packed, unpacked
from rung.errors import InvalidArchive

MANY = 5_000
PARTS = {"a.json": b"[]", "b.csv": b"x"}


def directory(number: int) -> bytes:
    """The list of so many parts, of which there is none."""
    entries = []
    for place in range(number):
        name = b"%x" % place
        fixed = (20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
        entries.append(struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", *fixed) + name)
    return b"".join(entries)


def end(size: int, number: int, comment: int = 0) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, size, 0, comment)


def plain(parts: bytes) -> bytes:
    return parts + end(len(parts), MANY)


def with_a_comment(parts: bytes) -> bytes:
    return parts + end(len(parts), MANY, 5) + b"hello"


def with_a_comment_that_is_cut(parts: bytes) -> bytes:
    return parts + end(len(parts), MANY, 5)


def of_the_large_kind(parts: bytes) -> bytes:
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 20, 20, 0, 0, MANY, MANY, len(parts), 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(parts), 1)
    return parts + record + locator + end(0, 0)


@pytest.mark.parametrize(
    "made",
    [plain, with_a_comment, with_a_comment_that_is_cut, of_the_large_kind],
    ids=lambda made: made.__name__,
)
def test_a_zip_of_very_many_parts_is_refused_before_they_are_read(
    made: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = made(directory(MANY))
    # The standard library would read all of them.
    assert len(zipfile.ZipFile(io.BytesIO(data)).infolist()) == MANY
    monkeypatch.setattr(zipfile, "ZipInfo", None)
    with pytest.raises(InvalidArchive, match="too many parts"):
        unpacked(data, frozenset({"a.json"}))


def test_a_zip_with_a_comment_is_read_like_one_without() -> None:
    data = io.BytesIO(packed(PARTS))
    with zipfile.ZipFile(data, "a") as file:
        file.comment = b"from me"
    assert unpacked(data.getvalue(), frozenset(PARTS)) == PARTS
    assert unpacked(b"something before it" + packed(PARTS), frozenset(PARTS)) == PARTS


@pytest.mark.parametrize("data", [b"", b"PK\5\6", b"PK\5\6" * 9, bytes(100), end(0, 0)[:-1]], ids=repr)
def test_what_is_no_zip_is_told(data: bytes) -> None:
    with pytest.raises(InvalidArchive):
        unpacked(data, frozenset({"a.json"}))
