"""Everybody who let a coach in, in one look: who needs a word, and why.

Any number of people is read in the same few queries. What is seen of each is what they consented to, flag by
flag (`flags`), and that somebody looked is noted for each of them once a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from rung.app.beliefs import saved_believers, state_version
from rung.app.coaching.flags import KINDS, Flag, Kind, flags_of
from rung.app.coaching.knowing import Knowing
from rung.app.coaching.seeing import bond_of_reader, reader_named
from rung.app.deeds import moment_in
from rung.app.model import Ladder, LadderId, PersonId
from rung.app.policies import Actor, Grant, Role
from rung.app.ports import Bond, Entry, Left, Read, Services, Transaction
from rung.app.sharing.actors import grant_for, grants_of
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets.shown import shown as veiled
from rung.app.sources import folded
from rung.errors import InvalidInput
from rung.words import _, local

__all__ = [
    "LOOKED_BACK",
    "SNOOZES",
    "SORTS",
    "Case",
    "CaseLadder",
    "Caseload",
    "Sort",
    "case_of",
    "caseload",
    "chosen",
    "seen_by",
    "snooze",
    "wake",
]

LOOKED_BACK = timedelta(days=180)
"""How far back rhythms are looked at, where all is shown."""
SNOOZES = (1, 7, 28)
"""Days for which somebody can be put aside."""

Sort = Literal["need", "name", "last"]
SORTS: tuple[Sort, ...] = ("need", "name", "last")
_Shown = tuple[str, PersonId, LadderId]
"""Bond, person and ladder."""

_ONCE_A_DAY = UUID("0d1f5c0e-6a0b-5a27-9d0e-7c1f7c8c2b11")


@dataclass(frozen=True, slots=True)
class CaseLadder:
    """One ladder of somebody's, as far as it is shown."""

    ladder: LadderId
    title: str
    fields: frozenset[Field]
    flags: tuple[Flag, ...]
    last: datetime | None
    """When something that is shown was logged last."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person of the caseload."""

    bond: str
    person: PersonId
    name: str
    role: Role
    """The coach themself, or their supervisor."""
    since: datetime
    ladders: tuple[CaseLadder, ...]
    """Those that are shown and not put away, oldest first."""
    left: int
    """What was left for them and waits for an answer."""
    until: datetime | None = None
    """Until when they are put aside."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """What there is to see."""
        return frozenset(flag.kind for one in self.ladders for flag in one.flags)

    @property
    def last(self) -> datetime | None:
        """When something that is shown was logged last, on any ladder."""
        return max((one.last for one in self.ladders if one.last), default=None)


@dataclass(frozen=True, slots=True)
class Caseload:
    """Everybody who let the coach in."""

    cases: tuple[Case, ...]
    """Those who are not put aside, by need."""
    aside: tuple[Case, ...]
    """Those who are, by name; nothing is read of them."""
    at: datetime

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many people have each flag."""
        return {kind: sum(kind in case.kinds for case in self.cases) for kind in KINDS}


def caseload(services: Services, reader: PersonId) -> Caseload:
    """Everybody who let the reader in, with what needs a word; each look is noted once a day."""
    now = services.clock.now()
    with services.store.reading() as tx:
        held = _held(tx, reader)
        aside = tx.snoozes.of(reader, now)
        seen = [(bond, role) for bond, role in held if bond.person not in aside]
        granted = {bond.id: _granted(reader, bond, role, now) for bond, role in seen}
        names = tx.people.names([reader, *(bond.person for bond, _role in held)])
        found = _ladders(services, tx, granted)
        left = _waiting(tx.left.open_by(reader))
        named = {role: reader_named(names.get(reader, ""), role) for role in Role}
    cases = [
        Case(bond.id, bond.person, names.get(bond.person, ""), role, bond.created_at, (), left[bond.person])
        for bond, role in held
    ]
    awake = [_with(case, found[case.bond]) for case in cases if case.bond in granted]
    _note(services, reader, awake, named)
    resting = [_aside(case, aside[case.person]) for case in cases if case.bond not in granted]
    return Caseload(
        cases=tuple(sorted(awake, key=_need)),
        aside=tuple(sorted(resting, key=_name)),
        at=now,
    )


def case_of(services: Services, reader: PersonId, bond_id: str) -> Case:
    """One person of the caseload, put aside or not; the look is noted in the same way."""
    now = services.clock.now()
    with services.store.reading() as tx:
        bond, role = bond_of_reader(tx, reader, bond_id)
        granted = {bond.id: _granted(reader, bond, role, now)}
        names = tx.people.names([reader, bond.person])
        found = _ladders(services, tx, granted)
        left = _waiting(tx.left.open_by(reader))
        named = {role: reader_named(names.get(reader, ""), role)}
    name, ladders = names.get(bond.person, ""), tuple(found[bond.id])
    case = Case(bond.id, bond.person, name, role, bond.created_at, ladders, left[bond.person])
    _note(services, reader, [case], named)
    return case


def seen_by(services: Services, reader: PersonId, bond_id: str) -> tuple[Bond, Role]:
    """The bond by which the reader sees somebody, and as what."""
    with services.store.reading() as tx:
        return bond_of_reader(tx, reader, bond_id)


def chosen(found: Caseload, kind: Kind | None = None, words: str = "", sort: Sort = "need") -> list[Case]:
    """Those with a flag and a name that holds these words, in an order."""
    wanted = folded(words).split()
    cases = [
        case
        for case in found.cases
        if (kind is None or kind in case.kinds) and all(word in folded(case.name) for word in wanted)
    ]
    if sort == "name":
        return sorted(cases, key=_name)
    if sort == "last":
        return sorted(cases, key=lambda case: (case.last is None, -_seconds(case.last), _name(case)))
    return cases


def snooze(services: Services, reader: PersonId, bond_id: str, days: int) -> None:
    """Put somebody aside for some days."""
    if days not in SNOOZES:
        raise InvalidInput(_("Somebody can be put aside for 1, 7 or 28 days: choose one of them"))
    _put_aside(services, reader, bond_id, services.clock.now() + timedelta(days=days))


def wake(services: Services, reader: PersonId, bond_id: str) -> None:
    """Take somebody back who was put aside."""
    _put_aside(services, reader, bond_id, None)


def _put_aside(services: Services, reader: PersonId, bond_id: str, until: datetime | None) -> None:
    with services.store.writing(reader) as tx:
        bond, _role = bond_of_reader(tx, reader, bond_id)
        tx.snoozes.put(reader, bond.person, until)


def _held(tx: Transaction, reader: PersonId) -> list[tuple[Bond, Role]]:
    """Bonds by which the reader sees somebody; somebody whom they coach is not seen along as well."""
    own = tx.bonds.held_by(reader, (Role.COACH, Role.SUPERVISOR))
    held = [(bond, Role.COACH) for bond in own if bond.role is Role.COACH]
    if len(held) < len(own):
        coached = {bond.person for bond, _role in held}
        along = tx.bonds.supervised_by(reader)
        held += [(bond, Role.SUPERVISOR) for bond in along if bond.person not in coached]
    return held


def _granted(reader: PersonId, bond: Bond, role: Role, now: datetime) -> tuple[Actor, tuple[Grant, ...]]:
    grants = tuple(grants_of([bond], now, role))
    return Actor(reader, grants), grants


def _ladders(
    services: Services, tx: Transaction, granted: Mapping[str, tuple[Actor, tuple[Grant, ...]]]
) -> dict[str, list[CaseLadder]]:
    """What is shown of each person, by bond."""
    shown = {
        (bond, grant.person, grant.ladder): grant_for(actor, grant.person, grant.ladder)
        for bond, (actor, grants) in granted.items()
        for grant in grants
    }
    people = list(dict.fromkeys(person for _bond, person, _ladder in shown))
    ladders = tx.ladders.of_many(people, [ladder for _bond, _person, ladder in shown]) if people else []
    climbed = {(ladder.person, ladder.id): ladder for ladder in ladders if ladder.archived_at is None}
    shown = {key: fields for key, fields in shown.items() if key[1:] in climbed}
    knowing = _knowing(services, tx, shown)
    unknown = {key[1] for key, one in knowing.items() if one.known is None}
    logs = _logs(services, tx, people, unknown)
    found: dict[str, list[CaseLadder]] = {bond: [] for bond in granted}
    for key, fields in shown.items():
        bond, person, ladder_id = key
        ladder = climbed[person, ladder_id]
        found[bond].append(_ladder(services, ladder, fields, knowing[key], logs[person, ladder_id]))
    return found


def _knowing(
    services: Services, tx: Transaction, shown: Mapping[_Shown, frozenset[Field]]
) -> dict[_Shown, Knowing]:
    """Each person as far as what is shown tells: known by their saved state, or where made before."""
    people = list(dict.fromkeys(person for _bond, person, _ladder in shown))
    standing = tx.evidence.standings(people) if people else {}
    whole = {person for (_bond, person, _ladder), fields in shown.items() if fields >= ALL_FIELDS}
    numbers = {person: number for person, number in standing.items() if person in whole}
    own = saved_believers(services, tx, numbers) if numbers else {}
    made_by = state_version(services.engine)
    found = {}
    for key, fields in shown.items():
        _bond, person, ladder = key
        found[key] = Knowing(services.engine, made_by, person, ladder, fields, standing.get(person, 0))
        if fields >= ALL_FIELDS and person in own:
            found[key].known = own[person]
    return found


def _logs(
    services: Services, tx: Transaction, people: Sequence[PersonId], unknown: Collection[PersonId]
) -> Mapping[tuple[str, str], list[Entry]]:
    """Logs by person and ladder: as a whole of those who have to be made of what is shown."""
    since = (services.clock.now() - LOOKED_BACK).timestamp()
    logs = tx.evidence.logs(people, since, whole=unknown)
    found: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for person, entries in logs.items():
        for entry in entries:
            found[person, entry.event.domain].append(entry)
    return found


def _ladder(
    services: Services, ladder: Ladder, fields: frozenset[Field], knowing: Knowing, entries: list[Entry]
) -> CaseLadder:
    engine, now = services.engine, services.clock.now()
    seen = veiled(entries, fields)
    last = moment_in(seen[-1].event) if seen else None
    flags = flags_of(engine, ladder, fields, lambda: knowing.of(seen), seen, now)
    return CaseLadder(ladder.id, ladder.name, fields, flags, last)


def _with(case: Case, ladders: Iterable[CaseLadder]) -> Case:
    return Case(
        case.bond, case.person, case.name, case.role, case.since, tuple(ladders), case.left, case.until
    )


def _aside(case: Case, until: datetime) -> Case:
    return Case(case.bond, case.person, case.name, case.role, case.since, (), case.left, until)


def _waiting(left: Iterable[Left]) -> Mapping[PersonId, int]:
    counts: defaultdict[PersonId, int] = defaultdict(int)
    for one in left:
        counts[one.person] += 1
    return counts


def _note(services: Services, reader: PersonId, cases: Sequence[Case], named: Mapping[Role, str]) -> None:
    """Note that the reader looked: once a day by their clock, under an id that this day and reader make."""
    now = services.clock.now()
    key = str(uuid5(_ONCE_A_DAY, f"{reader} {local(now).date().isoformat()}"))
    looks: dict[PersonId, Read] = {}
    for case in cases:
        fields = frozenset[Field]().union(*(one.fields for one in case.ladders))
        if fields:
            looks[case.person] = Read(case.person, key, now, named[case.role], "caseload", None, fields)
    if looks:
        with services.store.writing(reader) as tx:
            tx.reads.add_once(list(looks.values()))


def _need(case: Case) -> tuple[int, float, tuple[str, str]]:
    """By the first flag there is, then by what was longest ago, then by name."""
    place = min((KINDS.index(kind) for kind in case.kinds), default=len(KINDS))
    return place, _seconds(case.last), _name(case)


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _name(case: Case) -> tuple[str, str]:
    return folded(case.name), case.bond
