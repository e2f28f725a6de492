"""How belief reaches across a person's ladders: each one now and before, and where they are rather sure.

Each ladder stands by itself: there is no number over all of them, and none of the person. What was before is
what stood at the first judgement of a ladder, or `WEEKS` ago where that is later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rung.app.beliefs import believer
from rung.app.deeds import moment_in, tasks_of
from rung.app.history import Band
from rung.app.model import Ladder, LadderId, PersonId
from rung.app.outlook import Today, today_from
from rung.app.ports import Entry, Services
from rung.engine import Engine, Event, Generality, Person

__all__ = ["NOTICEABLE", "WEEKS", "Across", "Reach", "across"]

WEEKS = 8
"""How far back it is looked (assumption)."""
NOTICEABLE = 0.03
"""Change of strength from which it is spoken of (assumption)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One ladder among the others."""

    today: Today
    then: Band | None
    """The strength before; None where nothing was judged by then, or nothing has happened since."""


@dataclass(frozen=True, slots=True)
class Across:
    """All ladders in use, beside each other."""

    rows: tuple[Reach, ...]
    """Oldest first."""
    reaching: tuple[LadderId, ...]
    """Those in which the person is rather sure than unsure of a step of middling difficulty."""
    known: tuple[LadderId, ...]
    """Those with enough data to say so."""
    newly: tuple[LadderId, ...]
    """Those of `reaching` in which it was not so before, and strength has risen noticeably."""


def across(services: Services, actor: PersonId) -> Across:
    """The actor's ladders that are not put away, beside each other."""
    engine, now = services.engine, services.clock.now()
    with services.store.reading() as tx:
        ladders = [ladder for ladder in tx.ladders.of(actor) if ladder.archived_at is None]
        person = believer(services, tx, actor)
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in tx.evidence.log(actor):
            found[entry.event.domain].append(entry)
    rows, earlier = list[Reach](), Person()
    for ladder in ladders:
        events = [entry.event for entry in found[ladder.id]]
        cut = _cut(events, now)
        then = engine.replay(event for event in events if event.time <= cut) if cut is not None else Person()
        earlier = Person({**earlier.domains, **then.domains})
        band = _band(engine, then, ladder, cut) if cut is not None and events[-1].time > cut else None
        today = today_from(services, ladder, person, found[ladder.id])
        rows.append(Reach(today, band))
    reach = engine.generality(person, now.timestamp())
    reaching = _of(ladders, reach)
    known = tuple(ladder.id for ladder in ladders if ladder.id in reach.domains)
    held = set(_of(ladders, engine.generality(earlier)))
    risen = {row.today.ladder.id for row in rows if _has_risen(row)}
    return Across(tuple(rows), reaching, known, tuple(one for one in reaching if one in risen - held))


def _cut(events: Sequence[Event], now: datetime) -> float | None:
    """The moment that is before: the first judgement, or some weeks ago; None where nothing was judged."""
    first = next((event.time for event in events if event.kind == "judgement"), None)
    return None if first is None else max(first, (now - timedelta(weeks=WEEKS)).timestamp())


def _band(engine: Engine, then: Person, ladder: Ladder, cut: float) -> Band | None:
    strength = engine.strength(then, tasks_of(ladder), cut)
    if strength.missing:
        return None
    at = moment_in(Event("", "", "", cut, "note"))
    return Band(at, strength.mean, strength.low, strength.high)


def _has_risen(row: Reach) -> bool:
    return row.then is not None and row.today.strength.mean - row.then.mean >= NOTICEABLE


def _of(ladders: Sequence[Ladder], reach: Generality) -> tuple[LadderId, ...]:
    return tuple(ladder.id for ladder in ladders if ladder.id in reach.reaching)
