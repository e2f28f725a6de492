"""The machine: who can read the folder, whether the key is there, how much room is left, what time it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from rung.adapters.backups.operations import database_bytes, free_bytes
from rung.adapters.backups.tables import Kind, columns_of, tables_in
from rung.adapters.database.connections import is_sqlite
from rung.adapters.doctor.patient import Patient, fine, key_place, note, trouble, vault_at
from rung.app.ports import Finding
from rung.errors import StoreUnavailable
from rung.words import _

__all__ = ["clock", "folder", "key", "room"]

_MIB = 1024 * 1024
_LITTLE = 512 * _MIB
_TOO_LITTLE = 64 * _MIB
_AHEAD = timedelta(minutes=5)
_RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time to this program."""
_WRITTEN = ("recorded_at", "created_at")
"""Columns that Rung fills by its own clock, and never for a later moment."""


def folder(patient: Patient) -> Iterator[Finding]:
    """The data folder, and what is in it, belong to one user and are read by nobody else."""
    where = str(patient.folder.resolve())
    if not patient.folder.is_dir():
        told = _("There is no data folder.")
        yield trouble("folder", told, where, _("Name it with --data, or RUNG_DATA_FOLDER."))
        return
    found = False
    for path in (patient.folder, *sorted(patient.folder.glob("rung.db*"))):
        for told, do in _rights(path):
            found = True
            yield trouble("folder", told, str(path.resolve()), do)
    if not os.access(patient.folder, os.W_OK):
        found = True
        told = _("This user cannot write into the data folder.")
        yield trouble("folder", told, where, _("Give the folder to the user that runs Rung: chown."))
    if not found:
        yield fine("folder", _("Only its owner can read the data folder."), where)


def _rights(path: Path) -> Iterator[tuple[str, str]]:
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        wanted = "700" if path.is_dir() else "600"
        yield _("Others on this machine can read or change it."), f"chmod {wanted} {path}"


def key(patient: Patient) -> Iterator[Finding]:
    """The key is there, and for its owner's eyes alone."""
    where = key_place(patient.folder, patient.environment)
    try:
        vault_at(patient.folder, patient.environment)
    except StoreUnavailable as error:
        do = _("Put the key back from where you keep it, or set RUNG_KEY. Without it no text can be read.")
        yield trouble("key", f"{error}.", where, do)
        return
    yield fine("key", _("The key is there. Keep a copy of it apart from the backups."), where)


def room(patient: Patient) -> Iterator[Finding]:
    """There is room on the disks of the data and of the backups."""
    size = database_bytes(patient.database)
    # The backups are on the same disk, as a rule: that is told once.
    places = {_disk(place): place for place in (patient.backups.folder, patient.folder)}
    for place in reversed(places.values()):
        free = free_bytes(place)
        told = _("%(free)s MiB are free.", free=f"{free // _MIB:,}")
        do = _("Make room, or move the backups with RUNG_BACKUP_FOLDER.")
        if free < max(_TOO_LITTLE, size // 2):
            yield trouble("room", told, str(place.resolve()), do)
        elif free < max(_LITTLE, 3 * size):
            yield note("room", told, str(place.resolve()), do)
        else:
            yield fine("room", told, str(place.resolve()))


def _disk(place: Path) -> int:
    """Which disk a folder is on, or will be."""
    place = place.resolve()
    while not place.exists():
        place = place.parent
    return place.stat().st_dev


def clock(patient: Patient) -> Iterator[Finding]:
    """The clock is not before this program, not before what was written, and that of the database agrees."""
    do = _("Set the clock of the machine, best by a time service (NTP).")
    where = patient.now.isoformat(timespec="seconds")
    if patient.now < _RELEASED:
        yield trouble("clock", _("The clock is years behind."), where, do)
        return
    with patient.database.connect() as connection:
        latest = [
            (at, table.name)
            for table in tables_in(connection)
            for at in [_latest(connection, table)]
            if at is not None
        ]
        theirs = None if is_sqlite(patient.database) else connection.scalar(text("SELECT now()"))
    ahead = [(at, name) for at, name in latest if at > patient.now + _AHEAD]
    if ahead:
        at, name = max(ahead)
        told = _(
            "Something was written at %(at)s, which is yet to come: the clock is wrong now, or was then.",
            at=at.isoformat(timespec="seconds"),
        )
        yield trouble("clock", told, name, do)
    if theirs is not None and abs(theirs - patient.now) > timedelta(minutes=1):
        told = _("The clock of the database is another one.")
        yield note("clock", told, theirs.isoformat(timespec="seconds"), do)
    if not ahead:
        yield fine("clock", _("The clock is not behind what was written."), where)


def _latest(connection: Connection, table: Table) -> datetime | None:
    kinds = columns_of(table)
    for name in _WRITTEN:
        if kinds.get(name) is Kind.TIME:
            found = connection.scalar(select(func.max(table.c[name])))
            return None if found is None else _aware(found)
    return None


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
