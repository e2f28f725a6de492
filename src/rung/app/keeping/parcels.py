"""Packed files from strangers: read with limits on size, count and names, before anything is done with them.

Nothing is written to disk under a name from the file, and no part is unpacked beyond its limit, whatever
its header says (a "zip bomb" unpacks to far more than it claims or weighs).
"""

from __future__ import annotations

import gzip
import io
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
