"""Packed files from strangers: read with limits on size, count and names, before anything is done with them.

Nothing is written to disk under a name from the file, and no part is unpacked beyond its limit, whatever
its header says (a "zip bomb" unpacks to far more than it claims or weighs).
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from rung.errors import InvalidArchive
from rung.words import _

__all__ = ["LARGEST_FILE", "LARGEST_JSON", "LARGEST_PART", "inflated", "packed", "unpacked"]

LARGEST_FILE = 32 * 2**20
"""Bytes of an uploaded file."""
LARGEST_PART = 64 * 2**20
"""Bytes of one part, unpacked."""
LARGEST_JSON = 16 * 2**20
"""The same of a part in JSON, which takes many times its size in memory."""

_LARGEST_DIRECTORY = 2**16
"""Bytes that a zip's list of its parts may take: what comes with ten parts takes a kilobyte."""
_END = struct.Struct("<4s8xL4xH")
"""The end of a zip, as far as it says how long the list of the parts is, and how long the comment."""
_LONGEST_COMMENT = 2**16

_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What the standard library raises for damaged, encrypted or exotic files."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts; the same parts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            # A date of its own would make every export differ; 1980 is where zip's calendar begins.
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpacked(data: bytes, names: frozenset[str], optional: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The parts of a zip that must hold the named ones, and may hold the optional ones, but no other.

    `InvalidArchive` says what is wrong with it.
    """
    if len(data) > LARGEST_FILE:
        raise InvalidArchive(
            _("The file is larger than %(most)s MB, which is the most", most=LARGEST_FILE // 2**20)
        )
    try:
        _check_directory(data)
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            found = [entry.filename for entry in file.infolist()]
            _check_names(found, names, optional)
            return {name: _part(file, name) for name in sorted(found)}
    except InvalidArchive:
        raise
    except _DAMAGED as error:
        raise InvalidArchive(
            _(
                "The file is no zip that Rung can read (%(fault)s): export it again",
                fault=str(error)[:100],
            )
        ) from error


def inflated(data: bytes) -> bytes:
    """What a gzip file holds; `InvalidArchive` says what is wrong with it."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGEST_PART + 1)
    except _DAMAGED as error:
        raise InvalidArchive(
            _(
                "The file is no gzip that Rung can read (%(fault)s): pack it again, or send it unpacked",
                fault=str(error)[:100],
            )
        ) from error
    return _checked_size(content, _("The file"), LARGEST_PART)


def _check_directory(data: bytes) -> None:
    """Refuse a zip of a hundred thousand parts by its end, before all their names are read."""
    end = len(data) - _END.size
    if end < 0:
        return
    sign, size, comment = _END.unpack_from(data, end)
    if sign != b"PK\5\6" or comment:
        # The standard library looks for it just so: what it does not find here, it does not read.
        end = data.rfind(b"PK\5\6", max(0, end - _LONGEST_COMMENT))
        if not 0 <= end <= len(data) - _END.size:
            return
        _, size, _ = _END.unpack_from(data, end)
    is_of_the_large_kind = data[max(0, end - 20) : end].startswith(b"PK\6\7")
    if size > _LARGEST_DIRECTORY or is_of_the_large_kind:
        raise zipfile.LargeZipFile("it lists too many parts")


def _check_names(found: list[str], names: frozenset[str], optional: frozenset[str]) -> None:
    missing, strange = names - set(found), sorted(set(found) - names - optional)
    if strange:
        raise InvalidArchive(
            _("The file holds %(part)s, which is no part of a Rung export", part=repr(strange[0][:100]))
        )
    if missing:
        raise InvalidArchive(
            _(
                "The file lacks %(parts)s: it is no Rung export, or a part of one",
                parts=", ".join(sorted(missing)),
            )
        )
    if len(found) != len(set(found)):
        raise InvalidArchive(_("The file holds one part twice: it is no Rung export"))


def _part(file: zipfile.ZipFile, name: str) -> bytes:
    with file.open(name) as part:
        most = LARGEST_JSON if name.endswith(".json") else LARGEST_PART
        return _checked_size(part.read(most + 1), name, most)


def _checked_size(content: bytes, what: str, most: int) -> bytes:
    if len(content) > most:
        raise InvalidArchive(
            _("%(what)s unpacks to more than %(most)s MB, which is the most", what=what, most=most // 2**20)
        )
    return content
