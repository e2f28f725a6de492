"""The backups: that there are some, how old the newest is, and that it would restore."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rung.adapters.backups.archive import opened_archive
from rung.adapters.backups.folder import BackupFolder
from rung.adapters.doctor.patient import Patient, fine, note, trouble
from rung.app.ports import Finding
from rung.errors import InvalidBackup
from rung.words import _, ngettext

__all__ = ["newest_backup", "unreadable_backups"]

_OLD = timedelta(days=2)
_TOO_OLD = timedelta(days=14)


def newest_backup(patient: Patient) -> Iterator[Finding]:
    """There is a backup of the last days."""
    where = str(patient.backups.folder.resolve())
    if not patient.backups.keeps:
        told = _("Rung makes no backups by itself: RUNG_BACKUPS says so.")
        yield note("backups", told, where, _("Let it, or run `rung backup` every night."))
    there = [one for one in BackupFolder(patient.backups.folder).backups() if not one.fault]
    if not there:
        told = _("There is no backup yet.")
        yield note("backups", told, where, _("Run `rung backup`. `rung serve` makes one every night."))
        return
    age = patient.now - max(one.made_at for one in there)
    if age > _OLD:
        told = _("The newest backup is %(days)s days old.", days=age.days)
        say = trouble if age > _TOO_OLD else note
        do = _("Run `rung backup`, and see in the log of `rung serve` why none was made.")
        yield say("backups", told, where, do)
    else:
        hours = int(age.total_seconds() // 3600)
        told = ngettext(
            "The newest backup is %(count)s hour old.", "The newest backup is %(count)s hours old.", hours
        )
        if hours < 1:
            told = _("The newest backup is less than an hour old.")
        yield fine("backups", told, where)


def unreadable_backups(patient: Patient) -> Iterator[Finding]:
    """The newest backup is what its manifest says, from end to end."""
    folder = BackupFolder(patient.backups.folder)
    names = folder.names()
    if not names or patient.vault is None:
        return
    path = folder.place(names[0])
    try:
        with opened_archive(path, patient.vault) as archive:
            archive.check_sums()
            rows = archive.manifest.rows
    except InvalidBackup as error:
        do = _("Run `rung backup`, and delete this one. Then look at the disk.")
        yield trouble("backup file", f"{error}.", str(path.resolve()), do)
        return
    told = _("The newest backup is whole (%(rows)s rows).", rows=f"{rows:,}")
    yield fine("backup file", told, str(path.resolve()))
