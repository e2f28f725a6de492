"""Servers with something in every corner, and what tells whether two of them hold the same."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from tests.adapters.test_faults import _live_in_secret

from rung.adapters.backups.archive import LEFT_OUT
from rung.adapters.backups.operations import ServerOperations
from rung.adapters.backups.replacing import snapshot
from rung.adapters.backups.tables import Sum, sum_of, tables_in
from rung.adapters.database import DatabaseStore
from rung.adapters.wiring import open_services
from rung.app.model import PersonId
from rung.app.ports import Services
from rung.errors import RungError

__all__ = ["engine_of", "lived_in", "operations_of", "server", "spoil", "sums", "unchanged"]


@contextmanager
def server(folder: Path, url: str | None = None, **environment: str) -> Iterator[Services]:
    services = open_services(folder, url, environment=environment)
    try:
        yield services
    finally:
        services.store.close()


def lived_in(services: Services) -> PersonId:
    """Somebody who has left something of nearly every kind."""
    return _live_in_secret(services)


def engine_of(services: Services) -> Engine:
    assert isinstance(services.store, DatabaseStore)
    return services.store.engine


def operations_of(services: Services) -> ServerOperations:
    assert isinstance(services.operations, ServerOperations)
    return services.operations


def sums(services: Services, *, all_of_them: bool = False) -> dict[str, Sum]:
    """Count and SHA-256 of every table; without those of the moment, unless all are asked for."""
    with snapshot(engine_of(services)) as connection:
        return {
            table.name: sum_of(connection, table)
            for table in tables_in(connection)
            if all_of_them or table.name not in LEFT_OUT
        }


def spoil(path: Path) -> None:
    """Flip one bit in what a backup holds of its people."""
    with zipfile.ZipFile(path) as archive:
        found = archive.getinfo("tables/people.jsonl")
    content = bytearray(path.read_bytes())
    # The local header: thirty bytes, the name, and its further fields, whose length stands at 28.
    further = int.from_bytes(content[found.header_offset + 28 : found.header_offset + 30], "little")
    begin = found.header_offset + 30 + len(found.filename) + further
    content[begin + found.compress_size // 2] ^= 1
    path.write_bytes(bytes(content))


def unchanged(services: Services, deed: Callable[[], object], error: type[RungError]) -> str:
    """What a deed says that is refused, and changes nothing at all."""
    before = sums(services, all_of_them=True)
    try:
        deed()
    except error as refused:
        assert sums(services, all_of_them=True) == before
        return str(refused)
    raise AssertionError("it was not refused")
