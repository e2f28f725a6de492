"""Files of a log: which format by the suffix, opening with progress, and writing all or nothing."""

from __future__ import annotations

import gzip
import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple, cast

from rung.errors import Fault, InvalidLog
from rung.log._faults import Faults

__all__ = ["UNREADABLE", "Progress", "Source", "format_of", "is_gzip", "opened", "replaced", "unreadable"]

Progress = Callable[[int], object]
"""Called now and then with the bytes of the file done so far; the last time with its size."""

UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading a damaged file raises."""

_SUFFIXES = {".csv": "csv", ".csv.gz": "csv", ".jsonl": "jsonl", ".jsonl.gz": "jsonl", ".parquet": "parquet"}


def format_of(path: Path) -> str:
    """`csv`, `jsonl` or `parquet`."""
    for suffix, name in _SUFFIXES.items():
        if path.name.lower().endswith(suffix):
            return name
    reason = f"has none of the endings of a log: {', '.join(_SUFFIXES)}"
    raise InvalidLog([Fault(str(path), 0, "", reason)])


def is_gzip(path: Path) -> bool:
    """True where the file is compressed as a whole."""
    return path.name.lower().endswith(".gz")


class Source(NamedTuple):
    """An open file of a log."""

    stream: IO[bytes]
    """Its bytes, unpacked."""
    position: Callable[[], int]
    """How many of the file's own bytes have been read."""
    size: int


@contextmanager
def opened(path: Path, faults: Faults) -> Iterator[Source | None]:
    """The file's bytes; None, and a fault, where it cannot be opened."""
    try:
        file = path.open("rb")
    except OSError as error:
        faults.add(0, "", _unopened(error))
        yield None
        return
    with file:
        stream: IO[bytes] = cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_gzip(path) else file
        yield Source(stream, file.tell, os.fstat(file.fileno()).st_size)


def _unopened(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist; check the name"
    if isinstance(error, IsADirectoryError):
        return "is a folder; name a file"
    return f"cannot be opened: {error.strerror or error}"


def unreadable(error: BaseException) -> str:
    """Why the bytes could not be read to the end."""
    if isinstance(error, EOFError):
        return "the file breaks off here: the compressed data has no end; copy or export it again"
    if isinstance(error, gzip.BadGzipFile | zlib.error):
        return f"cannot be unpacked from here on ({error}); copy or export it again"
    return f"cannot be read from here on: {error}"


@contextmanager
def replaced(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `path` once it is complete and on disk, or leaves it as it was."""
    path = path.resolve()
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            with suppress(FileNotFoundError):
                shutil.copymode(path, part)
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _fsync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _fsync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can (Windows opens no folders)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
