"""Taking everything out, and bringing it back: exports, their import, and the import of a plain log.

An import is merged into what is there (`merging` says how), as a whole or not at all. Exports of every
version are read. The export holds the log as read: what was taken back, and earlier revisions, stay behind.
"""

from __future__ import annotations

import json
from importlib.metadata import version

from rung.app.accounts.preferences import preferences_in
from rung.app.climbing.changing import check_count
from rung.app.evidence import SKEW
from rung.app.keeping.belongings import PARTS, Belongings, parts_of, read_parts, shared_in
from rung.app.keeping.foreign import belongings_of_log
from rung.app.keeping.log_bytes import LOG_ENDINGS, log_from_bytes
from rung.app.keeping.merging import Imported, merge, told_as_archive
from rung.app.keeping.parcels import LARGEST_FILE, packed, unpacked
from rung.app.model import PLAN_STATES, Account, Ladder, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Services
from rung.app.safety import screen_goal
from rung.engine.events import FORMAT_VERSION
from rung.errors import InvalidArchive
from rung.words import _, number

__all__ = ["LOG_ENDINGS", "Imported", "export_archive", "import_archive", "import_log"]

FORMAT = "rung-export"
VERSION = max(PARTS)
MANIFEST = "manifest.json"
MOST_EVENTS = 50_000
"""Events in one import: they are replayed, some 7,000 a second, while other writers wait."""
MOST_KEPT = 10_000
"""Plans in one import, and notes on self-esteem likewise."""
FARTHEST_DIFFICULTY = 250.0
"""Logits: further than the steps of any ladder reach, and short of where the model overflows."""
FARTHEST_TIME = 1e11
"""Seconds: some three thousand years."""


def export_archive(services: Services, actor: PersonId) -> bytes:
    """Everything of the actor, as a zip file that any Rung can import."""
    with services.store.reading() as tx:
        account = permitted(actor, Action.EXPORT, tx.people.get(actor), "account")
        belongings = Belongings(
            ladders=tx.ladders.of(actor),
            entries=tx.evidence.log(actor),
            texts=tx.evidence.texts(actor),
            plans=tx.plans.of(actor, PLAN_STATES),
            reminders=tx.reminders.of(actor),
            preferences=preferences_in(tx, actor),
            esteem=tx.esteem.of(actor),
            scalings=tx.scalings.of(actor),
            meetings=tx.meetings.of(actor),
            shared=shared_in(tx, actor),
        )
    return packed({MANIFEST: _manifest(services, account), **parts_of(belongings)})


def import_archive(services: Services, actor: PersonId, data: bytes) -> Imported:
    """Merge an export into what the actor has; `InvalidArchive` says why where it cannot be."""
    first, every = PARTS[1] | {MANIFEST}, PARTS[VERSION] | {MANIFEST}
    parts = unpacked(data, first, every - first)
    found = _checked_version(parts[MANIFEST])
    if set(parts) != PARTS[found] | {MANIFEST}:
        told = ", ".join(sorted((set(parts) - {MANIFEST}) ^ PARTS[found]))
        raise InvalidArchive(
            _("The parts are not those of version %(version)s: see %(parts)s", version=found, parts=told)
        )
    return _merged(services, actor, read_parts(parts, actor))


def import_log(services: Services, actor: PersonId, data: bytes, filename: str) -> Imported:
    """Merge a log of one person; ladders are made of its domains and tasks.

    The name says what it is (`LOG_ENDINGS`; CSV where it ends otherwise). `InvalidLog` tells every fault of
    the file. Sent twice, it is stored once.
    """
    if len(data) > LARGEST_FILE:
        raise InvalidArchive(
            _("The file is larger than %(most)s MB, which is the most", most=LARGEST_FILE // 2**20)
        )
    log = log_from_bytes(data, filename)
    _check_size(len(log))
    with services.store.reading() as tx:
        known = tx.ladders.of(actor)
    return _merged(
        services, actor, belongings_of_log(log, actor, known, services.vault, services.clock.now())
    )


def _manifest(services: Services, account: Account) -> bytes:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "log_format": FORMAT_VERSION,
        "rung": version("rung"),
        "exported_at": services.clock.now().isoformat(),
        "person": account.id,
        "name": account.name,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _checked_version(data: bytes) -> int:
    try:
        content = json.loads(data.decode("utf-8"))
        form, found = content["format"], content["version"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        told = repr(error)[:200]
        raise InvalidArchive(
            _("%(part)s cannot be read (%(fault)s): it is no Rung export", part=MANIFEST, fault=told)
        ) from error
    if form != FORMAT:
        raise InvalidArchive(
            _("%(part)s says %(format)s: it is no Rung export", part=MANIFEST, format=repr(form)[:50])
        )
    if type(found) is not int or found not in PARTS:
        raise InvalidArchive(
            _(
                "The export has version %(found)s; this Rung reads up to %(known)s: update Rung first",
                found=repr(found)[:20],
                known=VERSION,
            )
        )
    return found


def _merged(services: Services, actor: PersonId, belongings: Belongings) -> Imported:
    _check(services, belongings)
    with services.store.writing(actor) as tx:
        permitted(actor, Action.IMPORT, tx.people.get(actor), "account")
        return merge(services, tx, actor, belongings)


def _check_size(events: int) -> None:
    if events > MOST_EVENTS:
        raise InvalidArchive(
            _(
                "The file holds %(count)s events: %(most)s is the most",
                count=number(events),
                most=number(MOST_EVENTS),
            )
        )


def _check(services: Services, belongings: Belongings) -> None:
    _check_size(len(belongings.entries))
    if max(map(len, (belongings.plans, belongings.esteem, belongings.meetings))) > MOST_KEPT:
        raise InvalidArchive(
            _("The file holds more than %(most)s plans or notes, which is the most", most=number(MOST_KEPT))
        )
    for event in (entry.event for entry in belongings.entries):
        if abs(event.difficulty or 0.0) > FARTHEST_DIFFICULTY or abs(event.time) > FARTHEST_TIME:
            raise InvalidArchive(
                _("The event %(event)s has a difficulty or a time beyond all measure", event=event.id)
            )
    for ladder in belongings.ladders:
        if any(abs(step.difficulty) > FARTHEST_DIFFICULTY for step in ladder.steps):
            raise InvalidArchive(_("A step has a difficulty beyond all measure"))
        with told_as_archive():
            _check_ladder(ladder)
    latest = services.clock.now() + SKEW
    made = [
        *(plan.made_at for plan in belongings.plans),
        *(reminder.created_at for reminder in belongings.reminders),
        *(note.at for note in belongings.esteem),
        *(noted.at for scaling in belongings.scalings for noted in scaling.noted),
        *(meeting.at for meeting in belongings.meetings),
    ]
    if any(at > latest for at in made):
        raise InvalidArchive(
            _("The file holds something that was made in the future: set the clock of the server right")
        )


def _check_ladder(ladder: Ladder) -> None:
    check_count(ladder)
    for name in (ladder.name, *(step.name for step in ladder.steps)):
        screen_goal(name)
