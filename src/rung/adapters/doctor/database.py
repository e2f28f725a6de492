"""The database: whole, of today's revision, without orphans; texts that open, and states that hold."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, and_, exists, func, select, text

from rung.adapters.backups.reading import readable_texts
from rung.adapters.backups.tables import tables_in
from rung.adapters.clock import SystemClock
from rung.adapters.database.connections import is_sqlite
from rung.adapters.database.schema import events, metadata, people, texts
from rung.adapters.database.store import DatabaseStore
from rung.adapters.database.upgrading import head_revision, is_known, revision_of
from rung.adapters.doctor.patient import Patient, fine, note, trouble
from rung.adapters.passkeys import WebAuthnCeremonies
from rung.adapters.passwords import ArgonPasswords
from rung.app.model import PersonId
from rung.app.operating.deriving import is_derived
from rung.app.ports import Finding, Services
from rung.engine import Engine
from rung.words import _

__all__ = ["integrity", "orphans", "readable", "revision", "states"]

_SAMPLE = 20
"""People whose state is computed again; others every time."""


def revision(patient: Patient) -> Iterator[Finding]:
    """The tables are those of this Rung."""
    where = _place(patient)
    with patient.database.connect() as connection:
        stored = revision_of(connection)
        if not stored:
            told = _("The database holds nothing of Rung's.")
            yield trouble("revision", told, where, _("Name the database that Rung was started with."))
        elif not is_known(stored):
            told = _("The tables are of a newer Rung (%(revision)s).", revision=stored)
            yield trouble("revision", told, where, _("Install that version again, or a later one."))
        elif stored != head_revision():
            told = _("The tables are of an older Rung (%(revision)s).", revision=stored)
            yield note(
                "revision", told, where, _("Start Rung: it makes a backup and brings them up to date.")
            )
        else:
            yield from _differences(connection, where, stored)


def _differences(connection: Connection, where: str, stored: str) -> Iterator[Finding]:
    differences = compare_metadata(MigrationContext.configure(connection), metadata)
    # A table of another program in the same database is none of ours.
    ours = [one for one in differences if not (isinstance(one, tuple) and one[0] == "remove_table")]
    if ours:
        told = _("The tables differ from what Rung made in %(count)s places.", count=len(ours))
        yield trouble("revision", told, where, _("Something else changed them: restore a backup."))
    else:
        yield fine("revision", _("The tables are those of this Rung (%(revision)s).", revision=stored), where)


def integrity(patient: Patient) -> Iterator[Finding]:
    """SQLite finds its file whole; PostgreSQL keeps checksums of its own."""
    where = _place(patient)
    if not is_sqlite(patient.database):
        with patient.database.connect() as connection:
            has_sums = connection.scalar(text("SHOW data_checksums")) == "on"
        if has_sums:
            yield fine("integrity", _("PostgreSQL answers, and keeps checksums of its pages."), where)
        else:
            told = _("PostgreSQL answers. It keeps no checksums of its pages.")
            yield note("integrity", told, where, _("Stop it once, and run pg_checksums --enable."))
        return
    with patient.database.connect() as connection:
        found = connection.execute(text("PRAGMA integrity_check(20)")).scalars().all()
    if found == ["ok"]:
        yield fine("integrity", _("The file is whole."), where)
    else:
        told = _("The file is damaged: %(what)s", what="; ".join(map(str, found[:3])))
        do = _("Stop Rung, move rung.db aside, and restore the newest backup. Then look at the disk.")
        yield trouble("integrity", told, where, do)


def orphans(patient: Patient) -> Iterator[Finding]:
    """Every row belongs to something that is there."""
    found = False
    with patient.database.connect() as connection:
        lost = [one for table in tables_in(connection) for one in _without_parents(connection, table)]
        lost.append((texts.name, events.name, _texts_of_nothing(connection)))
    for table, parent, rows in lost:
        if rows:
            found = True
            told = _("%(rows)s rows belong to nothing in %(parent)s.", rows=f"{rows:,}", parent=parent)
            do = _("Make a backup of the folder as it is, then restore the newest backup without this.")
            yield trouble("orphans", told, table, do)
    if not found:
        yield fine("orphans", _("Every row belongs to something that is there."), _place(patient))


def _without_parents(connection: Connection, table: Table) -> Iterator[tuple[str, str, int]]:
    for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
        # A table that refers to itself is asked under another name.
        parent = key.referred_table.alias("parent")
        pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
        query = (
            select(func.count())
            .select_from(table)
            .where(*(column.is_not(None) for column, _other in pairs))
            .where(~exists().where(and_(*(column == other for column, other in pairs))))
        )
        yield table.name, key.referred_table.name, connection.scalar(query) or 0


def _texts_of_nothing(connection: Connection) -> int:
    same = and_(events.c.person == texts.c.person, events.c.id == texts.c.event)
    query = select(func.count()).select_from(texts).where(~exists().where(same))
    return connection.scalar(query) or 0


def readable(patient: Patient) -> Iterator[Finding]:
    """The key opens every text."""
    if patient.vault is None:
        return
    with patient.database.connect() as connection:
        found = readable_texts(connection, patient.vault)
    where = ", ".join(found.where) or _place(patient)
    if found.names and found.names == found.broken_names:
        told = _("The key opens nothing: it is not the key of this database.")
        yield trouble("texts", told, where, _("Put back the key file of before, or RUNG_KEY."))
    elif found.broken:
        told = _("%(count)s texts do not open.", count=f"{found.broken:,}")
        do = _("A key of before is missing, or the texts were changed: add that key as a further line.")
        yield trouble("texts", told, where, do)
    else:
        yield fine("texts", _("The key opens every text (%(count)s).", count=f"{found.texts:,}"), where)


def states(patient: Patient) -> Iterator[Finding]:
    """What was derived is what the log derives, for some people at random."""
    if patient.vault is None:
        return
    store = DatabaseStore(patient.database, patient.vault)
    services = Services(store, patient.vault, ArgonPasswords(), SystemClock(), Engine(), WebAuthnCeremonies())
    with patient.database.connect() as connection:
        drawn = connection.scalars(select(people.c.id).order_by(func.random()).limit(_SAMPLE)).all()
    outcomes = {person: is_derived(services, PersonId(person)) for person in drawn}
    wrong = [person for person, outcome in outcomes.items() if outcome is False]
    if wrong:
        told = _("What was derived is not what the log says (people: %(count)s).", count=len(wrong))
        do = _("Their next event computes it anew. Please report it: this must not happen.")
        yield trouble("states", told, ", ".join(wrong[:3]), do)
    else:
        told = _(
            "What was derived is what the log says (looked at, by chance: %(count)s).", count=len(outcomes)
        )
        yield fine("states", told, _place(patient))


def _place(patient: Patient) -> str:
    return patient.database.url.render_as_string(hide_password=True).removeprefix("sqlite:///")
