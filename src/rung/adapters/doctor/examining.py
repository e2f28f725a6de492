"""All checks in their order; one that fails is a finding itself, and the others go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from rung.adapters.doctor import backups, database, machine, settings
from rung.adapters.doctor.patient import Patient, looked_at, trouble
from rung.app.ports import Finding, Gravity
from rung.words import _

__all__ = ["examine"]

Check = Callable[[Patient], Iterator[Finding]]

_MACHINE: tuple[Check, ...] = (machine.folder, machine.key, machine.room)
_GLANCE: tuple[Check, ...] = (database.revision, machine.clock, backups.newest_backup)
_THOROUGH: tuple[Check, ...] = (
    database.revision,
    database.integrity,
    database.orphans,
    database.readable,
    database.states,
    machine.clock,
    backups.newest_backup,
    backups.unreadable_backups,
)
_SETTINGS: tuple[Check, ...] = (settings.addresses, settings.mail)


def examine(
    folder: Path, address: URL, environment: Mapping[str, str], now: datetime, *, is_thorough: bool
) -> list[Finding]:
    """Look a server over, at a glance or thoroughly; nothing is made, changed or sent."""
    with looked_at(folder, address, environment, now) as patient:
        found = [finding for check in _MACHINE for finding in _made(check, patient)]
        missing = _missing(patient, address)
        if missing is not None:
            found.append(missing)
        else:
            # A database without today's tables cannot be asked for what is in them.
            first, *rest = _THOROUGH if is_thorough else _GLANCE
            found += _made(first, patient)
            if found[-1].gravity is Gravity.FINE:
                found += [finding for check in rest for finding in _made(check, patient)]
        checks = (*_SETTINGS, settings.mail_server) if is_thorough else _SETTINGS
        return [*found, *(finding for check in checks for finding in _made(check, patient))]


def _missing(patient: Patient, address: URL) -> Finding | None:
    where = address.render_as_string(hide_password=True).removeprefix("sqlite:///")
    if address.get_backend_name() == "sqlite" and not os.path.isfile(address.database or ""):
        told = _("There is no database.")
        return trouble("database", told, where, _("Name the folder, or restore a backup: rung restore FILE."))
    try:
        with patient.database.connect():
            return None
    except SQLAlchemyError as error:
        told = _("The database does not open (%(why)s).", why=getattr(error, "orig", None) or error)
        do = _("Look whether it runs and RUNG_DATABASE is right; else restore a backup: rung restore FILE.")
        return trouble("database", told, where, do)


def _made(check: Check, patient: Patient) -> list[Finding]:
    try:
        return list(check(patient))
    except Exception as error:
        # Whatever a broken server makes of a check, the others are to be told.
        told = _("This could not be looked at: %(why)s.", why=getattr(error, "orig", None) or error)
        do = _("Mend what is said above first; if nothing is, restore a backup.")
        return [trouble(check.__name__.replace("_", " "), told, "", do)]
