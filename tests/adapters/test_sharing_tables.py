"""Offers, bonds with consents, links, looks and groups: what is put comes back, of its person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from tests.conftest import join

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import bonds, consents, groups, links, offers, reads
from rung.app.climbing import ladders
from rung.app.model import Ladder, PersonId
from rung.app.policies import Role
from rung.app.ports import Bond, Consent, Group, GroupWeek, Invitation, Link, Offer, Read, Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.errors import Conflict

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def store(services: Services) -> DatabaseStore:
    assert isinstance(services.store, DatabaseStore)
    return services.store


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b"])


def an_offer(person: PersonId, **changes: object) -> Offer:
    made = Offer(person, str(uuid4()), uuid4().bytes * 2, Role.COACH, True, "My tutor", NOW, LATER)
    return replace(made, **changes)  # type: ignore[arg-type]


def a_bond(person: PersonId, other: PersonId, **changes: object) -> Bond:
    return replace(Bond(person, str(uuid4()), other, Role.COACH, NOW), **changes)  # type: ignore[arg-type]


def test_an_offer_comes_back_by_its_maker_and_by_its_code(
    store: DatabaseStore, ana: PersonId, ben: PersonId
) -> None:
    made = an_offer(ana, lets_in=False, role=Role.RESEARCHER, uses=3)
    with store.writing(ana) as tx:
        tx.offers.add(made)
    with store.reading() as tx:
        assert tx.offers.of(ana) == [made]
        assert tx.offers.of(ben) == []
        assert tx.offers.find(made.token_hash) == made
        assert tx.offers.find(b"another") is None


def test_an_offer_is_used_as_often_as_it_is_good_for(store: DatabaseStore, ana: PersonId) -> None:
    made = an_offer(ana, uses=2)
    with store.writing(ana) as tx:
        tx.offers.add(made)
        assert tx.offers.use(made)
        assert tx.offers.of(ana)[0].uses == 1
        assert tx.offers.use(made)
        assert tx.offers.of(ana) == []
        assert not tx.offers.use(made)
        assert not tx.offers.remove(made)


def test_an_invitation_to_the_server_is_used_as_often_as_it_is_good_for(
    store: DatabaseStore, ana: PersonId
) -> None:
    made = Invitation(ana, b"hash", NOW, LATER, uses=2)
    with store.writing(ana) as tx:
        tx.invitations.add(made)
        assert tx.invitations.get(b"hash") == made
        assert tx.invitations.use(made)
        assert tx.invitations.use(made)
        assert tx.invitations.get(b"hash") is None
        assert not tx.invitations.use(made)


def test_offers_that_are_over_are_dropped_and_the_others_stay(store: DatabaseStore, ana: PersonId) -> None:
    over, open_one = an_offer(ana, expires_at=NOW), an_offer(ana)
    with store.writing(ana) as tx:
        tx.offers.add(over)
        tx.offers.add(open_one)
        tx.offers.remove_expired(NOW)
        assert tx.offers.of(ana) == [open_one]


def test_a_code_is_there_once(store: DatabaseStore, ana: PersonId) -> None:
    made = an_offer(ana)
    with store.writing(ana) as tx:
        tx.offers.add(made)
    with pytest.raises(Conflict), store.writing(ana) as tx:
        tx.offers.add(replace(made, id=str(uuid4())))


def test_a_bond_comes_back_with_its_consents_from_either_side(
    store: DatabaseStore, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    shown = (Consent(talks.id, frozenset({Field.FEARS, Field.OUTCOMES}), NOW, LATER),)
    made = a_bond(ana, ben, consents=shown, supervised=True)
    with store.writing(ana) as tx:
        tx.bonds.put(made)
    with store.reading() as tx:
        assert tx.bonds.of(ana) == tx.bonds.held_by(ben, (Role.COACH,)) == [made]
        assert tx.bonds.of(ben) == tx.bonds.held_by(ben, (Role.RESEARCHER,)) == []
    changed = replace(made, supervised=False, consents=(Consent(talks.id, ALL_FIELDS, LATER),))
    with store.writing(ana) as tx:
        tx.bonds.put(changed)
        assert tx.bonds.of(ana) == [changed]
        tx.bonds.remove(changed)
        assert tx.bonds.of(ana) == []
    with store.engine.connect() as connection:
        assert connection.execute(select(consents)).all() == []


def test_a_supervisor_finds_the_people_of_their_coaches_who_agreed(
    services: Services, store: DatabaseStore, ana: PersonId, ben: PersonId
) -> None:
    sue, cem = join(services, "Sue"), join(services, "Cem")
    agreed, not_agreed = a_bond(ana, ben, supervised=True), a_bond(cem, ben)
    for bond in (agreed, not_agreed, a_bond(ben, sue, role=Role.SUPERVISOR)):
        with store.writing(bond.person) as tx:
            tx.bonds.put(bond)
    with store.reading() as tx:
        assert tx.bonds.supervised_by(sue) == [agreed]
        assert tx.bonds.supervised_by(ben) == tx.bonds.supervised_by(cem) == []


def test_bonds_of_a_group_are_those_of_its_lead(
    services: Services, store: DatabaseStore, ana: PersonId, ben: PersonId
) -> None:
    week = GroupWeek("2026-11-16", 5, 1.5, None, -5)
    group = Group(ben, str(uuid4()), "Class 7b", NOW, (week,))
    with store.writing(ben) as tx:
        tx.groups.put(group)
        tx.bonds.put(a_bond(ana, ben, role=Role.LEADER, group=group.id))
        tx.bonds.put(a_bond(ana, ben))
        tx.offers.add(an_offer(ben, role=Role.LEADER, group=group.id))
        assert tx.groups.get(ben, group.id) == group
        assert tx.groups.get(ana, group.id) is None
        assert [bond.role for bond in tx.bonds.in_group(ben, group.id)] == [Role.LEADER]
        assert tx.bonds.in_group(ana, group.id) == []
        tx.groups.remove(ben, group.id)
    with store.reading() as tx:
        assert [bond.role for bond in tx.bonds.of(ana)] == [Role.COACH]
        assert tx.offers.of(ben) == []


def test_a_link_comes_back_until_it_is_removed(
    store: DatabaseStore, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    made = Link(ana, str(uuid4()), b"hash", talks.id, frozenset({Field.OUTCOMES}), NOW, LATER)
    with store.writing(ana) as tx:
        tx.links.add(made)
        assert tx.links.of(ana) == [made]
        assert tx.links.find(b"hash") == made
        tx.links.remove(ben, made.id)
        tx.links.remove_expired(LATER - timedelta(microseconds=1))
        assert tx.links.of(ana) == [made]
        tx.links.remove_expired(LATER)
        assert tx.links.find(b"hash") is None


def test_looks_come_back_newest_first_and_stay_when_the_reader_is_gone(
    store: DatabaseStore, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    made = [
        Read(ana, str(uuid4()), NOW + timedelta(hours=hour), f"Ben {hour}", "ladder", talks.id, ALL_FIELDS)
        for hour in range(3)
    ]
    with store.writing(ana) as tx:
        tx.reads.add(made)
        tx.reads.add([])
    with store.writing(ben) as tx:
        tx.people.remove(ben)
    with store.reading() as tx:
        assert tx.reads.of(ana, 10) == made[::-1]
        assert tx.reads.of(ana, 1) == made[2:]
        assert tx.reads.of(ana, 10, made[1].at) == made[:1]


def test_what_belongs_to_a_ladder_goes_with_it_and_to_a_person_with_them(
    store: DatabaseStore, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    shown = (Consent(talks.id, ALL_FIELDS, NOW),)
    with store.writing(ana) as tx:
        tx.bonds.put(a_bond(ana, ben, consents=shown))
        tx.links.add(Link(ana, str(uuid4()), b"hash", talks.id, ALL_FIELDS, NOW, LATER))
        tx.offers.add(an_offer(ana))
        tx.groups.put(Group(ana, str(uuid4()), "x", NOW))
        tx.reads.add([Read(ana, str(uuid4()), NOW, "x", "ladder", talks.id, ALL_FIELDS)])
    with store.writing(ana) as tx:
        tx.people.remove(ana)
    with store.engine.connect() as connection:
        for table in (offers, bonds, consents, links, reads, groups):
            assert connection.execute(select(table)).all() == [], table.name


def test_consent_is_only_for_ones_own_ladder_and_nobody_lets_themselves_in(
    store: DatabaseStore, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    with pytest.raises(Conflict), store.writing(ben) as tx:
        tx.bonds.put(a_bond(ben, ana, consents=(Consent(talks.id, ALL_FIELDS, NOW),)))
    with pytest.raises(Conflict), store.writing(ana) as tx:
        tx.bonds.put(a_bond(ana, ana))


@pytest.mark.parametrize(
    "table, wrong",
    [
        (offers, {"role": "king"}),
        (offers, {"uses": 0}),
        (bonds, {"role": "king"}),
        (reads, {"view": "elsewhere"}),
    ],
    ids=str,
)
def test_the_database_itself_refuses_what_is_none_of_the_choices(
    store: DatabaseStore,
    ana: PersonId,
    ben: PersonId,
    talks: Ladder,
    table: object,
    wrong: dict[str, object],
) -> None:
    with store.writing(ana) as tx:
        tx.offers.add(an_offer(ana))
        tx.bonds.put(a_bond(ana, ben))
        tx.reads.add([Read(ana, str(uuid4()), NOW, "x", "ladder", talks.id, ALL_FIELDS)])
    with store.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(update(table).values(wrong))  # type: ignore[arg-type]


def test_labels_readers_and_names_of_groups_are_sealed_and_codes_are_not_there(
    store: DatabaseStore, ana: PersonId, talks: Ladder
) -> None:
    with store.writing(ana) as tx:
        tx.offers.add(an_offer(ana, label="Topaz"))
        tx.groups.put(Group(ana, str(uuid4()), "Topaz", NOW))
        tx.reads.add([Read(ana, str(uuid4()), NOW, "Topaz", "ladder", talks.id, ALL_FIELDS)])
    with store.engine.connect() as connection:
        for column in (offers.c.label, groups.c.name, reads.c.reader):
            held = bytes(connection.execute(select(column)).scalar_one())
            assert b"Topaz" not in held
