"""What the page of the operator says of the server and its backups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rung.app.operating.server import Overview
from rung.app.ports import Backup, Checked, Finding, Gravity, Reason
from rung.web.views.notices import Notice, spoken
from rung.words import _, later, ngettext
from rung.words.formats import clock_time, day, number

__all__ = ["OverviewView", "ProofView", "overview_view", "proof_view", "server_notice"]

_REASONS = {
    Reason.ASKED: later("by hand"),
    Reason.NIGHTLY: later("at night"),
    Reason.UPGRADE: later("before an upgrade"),
    Reason.RESTORE: later("before a restore"),
}
_SAID = {
    "backed-up": Notice(later("The newest backup is at the top of the list.")),
    "restored": Notice(later("The server is as the backup had it. What was there before is in the list.")),
}
_LEVELS = (Gravity.TROUBLE, Gravity.NOTE, Gravity.FINE)


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, in words."""

    kind: str
    label: str
    what: str
    where: str
    do: str


@dataclass(frozen=True, slots=True)
class BackupView:
    """One backup in the list."""

    name: str
    when: str
    facts: str
    fault: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The page of the server."""

    summary: str
    attention: list[FindingView]
    """What is worth a look, the worst first."""
    fine: list[FindingView]
    facts: list[tuple[str, str]]
    rhythm: str
    folder: str
    key_place: str
    backups: list[BackupView]


@dataclass(frozen=True, slots=True)
class ProofView:
    """What a backup holds, after it was proved."""

    when: str
    facts: str
    proof: str
    damage: str


def server_notice(said: str) -> Notice | None:
    """What was just done; None for a name that is not known."""
    return spoken(_SAID[said]) if said in _SAID else None


def overview_view(found: Overview, now: datetime, *, is_thorough: bool) -> OverviewView:
    """The page of the server in words."""
    standing = found.standing
    ordered = sorted(found.findings, key=lambda one: _LEVELS.index(one.gravity))
    views = [_finding(one) for one in ordered]
    if standing.keeps:
        rhythm = _(
            "Every night at two Rung makes a backup; the newest %(count)s stay.", count=number(standing.keeps)
        )
    else:
        rhythm = _("Rung makes no backups by itself: RUNG_BACKUPS says so.")
    return OverviewView(
        _summary(found.findings, is_thorough=is_thorough),
        [view for view in views if view.kind != Gravity.FINE],
        [view for view in views if view.kind == Gravity.FINE],
        [
            ("Rung", f"{standing.release} ({standing.revision})"),
            (_("Database"), f"{standing.database}, {_size(standing.database_bytes)}"),
            (_("People"), number(standing.people)),
            (_("Free on the disk of the backups"), _size(standing.free_bytes)),
            (_("Newest backup"), _age(found.backups, now)),
        ],
        rhythm,
        standing.backup_folder,
        standing.key_place,
        [_backup(one) for one in found.backups],
    )


def proof_view(checked: Checked) -> ProofView:
    """What a proved backup holds."""
    backup = checked.backup
    read = checked.texts - checked.unreadable
    proof = ngettext(
        "It was read from end to end just now, and restores. The key opens its one text.",
        "It was read from end to end just now, and restores. The key opens its %(count)s texts.",
        read,
        count=number(read),
    )
    damage = ""
    if checked.unreadable:
        damage = _(
            "%(count)s texts do not open: they were damaged before the backup was made.",
            count=number(checked.unreadable),
        )
    return ProofView(_when(backup), _facts(backup), proof, damage)


def _summary(findings: Iterable[Finding], *, is_thorough: bool) -> str:
    gravities = {one.gravity for one in findings}
    if Gravity.TROUBLE in gravities:
        return _("Something is wrong.")
    if Gravity.NOTE in gravities:
        return _("It runs. Something is worth a look.")
    return _("Everything was read, and all is well.") if is_thorough else _("At a glance, all is well.")


def _finding(found: Finding) -> FindingView:
    labels = {
        Gravity.TROUBLE: _("Wrong"),
        Gravity.NOTE: _("Worth a look"),
        Gravity.FINE: _("Well"),
    }
    return FindingView(found.gravity.value, labels[found.gravity], found.what, found.where, found.do)


def _backup(backup: Backup) -> BackupView:
    return BackupView(backup.name, _when(backup), _facts(backup), backup.fault)


def _when(backup: Backup) -> str:
    return _("%(date)s, %(time)s", date=day(backup.made_at), time=clock_time(backup.made_at))


def _facts(backup: Backup) -> str:
    accounts = ngettext("one person", "%(count)s people", backup.people, count=number(backup.people))
    return " · ".join((_(_REASONS[backup.reason]), accounts, _size(backup.size)))


def _age(backups: Iterable[Backup], now: datetime) -> str:
    made = [one.made_at for one in backups if not one.fault]
    if not made:
        return _("none yet")
    age = max(now - max(made), timedelta())
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return _("within the last hour")
    if hours < 48:
        return ngettext("one hour ago", "%(count)s hours ago", hours, count=number(hours))
    return ngettext("one day ago", "%(count)s days ago", age.days, count=number(age.days))


def _size(size: int) -> str:
    if size < 1_000_000:
        return _("%(size)s kB", size=number(max(round(size / 1000), 1)))
    if size < 1_000_000_000:
        return _("%(size)s MB", size=number(round(size / 1_000_000, 1)))
    return _("%(size)s GB", size=number(round(size / 1_000_000_000, 1)))
