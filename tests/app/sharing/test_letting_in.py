"""Two people find each other, one says what the other sees, and takes it back."""

from datetime import timedelta

import pytest
from tests.app.sharing.conftest import People
from tests.databases import SetClock

from rung.app.accounts import invitations, people
from rung.app.climbing import ladders
from rung.app.policies import Role
from rung.app.ports import Consent
from rung.app.sharing import consenting, inviting
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.errors import Conflict, InvalidInput, NotFound


def test_who_was_let_in_sees_nothing_before_the_person_says_what(people_here: People) -> None:
    bond = people_here.let_in(people_here.ana, people_here.ben)
    assert (bond.person, bond.other, bond.consents) == (people_here.ana, people_here.ben, ())
    assert people_here.seen_by(people_here.ben) == {}


def test_a_coach_asks_and_the_person_lets_them_in_with_what_they_see(people_here: People) -> None:
    services, now = people_here.services, people_here.services.clock.now()
    code = inviting.invite(services, people_here.ben, Role.COACH, lets_in=False)
    consent = Consent(people_here.talks.id, frozenset({Field.OUTCOMES}), now)
    bond = inviting.accept(services, people_here.ana, code, [consent], supervised=True)
    assert (bond.person, bond.other, bond.supervised) == (people_here.ana, people_here.ben, True)
    assert people_here.seen_by(people_here.ben) == {people_here.talks.id: {Field.OUTCOMES}}


def test_who_takes_an_offer_cannot_say_for_the_other_what_is_shown(people_here: People) -> None:
    services, now = people_here.services, people_here.services.clock.now()
    code = inviting.invite(services, people_here.ana, Role.COACH, lets_in=True)
    wanted = Consent(people_here.talks.id, ALL_FIELDS, now)
    bond = inviting.accept(services, people_here.ben, code, [wanted], supervised=True)
    assert (bond.consents, bond.supervised) == ((), False)


def test_an_offer_is_good_for_one_person_once_and_until_its_time(
    people_here: People, clock: SetClock
) -> None:
    services, ana, ben = people_here.services, people_here.ana, people_here.ben
    code = inviting.invite(services, ana, Role.COACH, lets_in=True, days=1)
    with pytest.raises(Conflict, match="your own"):
        inviting.accept(services, ana, code)
    inviting.accept(services, ben, code)
    with pytest.raises(NotFound, match="not open"):
        inviting.accept(services, people_here.more("Cem"), code)
    late = inviting.invite(services, ana, Role.COACH, lets_in=True, days=1)
    clock.move(days=1)
    with pytest.raises(NotFound, match="not open"):
        inviting.accept(services, people_here.more("Dana"), late)


def test_two_people_are_connected_once_in_each_role(people_here: People) -> None:
    people_here.let_in(people_here.ana, people_here.ben)
    with pytest.raises(Conflict, match="already"):
        people_here.let_in(people_here.ana, people_here.ben)
    people_here.let_in(people_here.ana, people_here.ben, Role.RESEARCHER)
    people_here.let_in(people_here.ben, people_here.ana)


def test_what_was_taken_back_opens_nothing(people_here: People) -> None:
    services, ana = people_here.services, people_here.ana
    code = inviting.invite(services, ana, Role.COACH, lets_in=True, for_a_stranger=True)
    offer = inviting.offers_of(services, ana, lets_in=True)[0]
    inviting.take_back(services, people_here.ben, offer.id)
    assert invitations.is_good(services, code)
    inviting.take_back(services, ana, offer.id)
    inviting.take_back(services, ana, offer.id)
    assert not invitations.is_good(services, code)
    with pytest.raises(NotFound):
        inviting.offer_of(services, people_here.ben, code)


def test_a_stranger_joins_with_the_code_and_then_takes_it(people_here: People) -> None:
    services = people_here.services
    code = inviting.invite(services, people_here.ana, Role.COACH, lets_in=True, for_a_stranger=True)
    lee = people.join(services, code, "Dr Lee", "correct horse battery").id
    assert not invitations.is_good(services, code)
    assert inviting.accept(services, lee, code).other == lee


def test_an_offer_that_somebody_with_an_account_took_makes_no_account(people_here: People) -> None:
    services = people_here.services
    code = inviting.invite(services, people_here.ana, Role.COACH, lets_in=True, for_a_stranger=True)
    inviting.accept(services, people_here.ben, code)
    assert not invitations.is_good(services, code)


def test_an_invitation_without_an_account_makes_none(people_here: People) -> None:
    code = inviting.invite(people_here.services, people_here.ana, Role.COACH, lets_in=True)
    assert not invitations.is_good(people_here.services, code)


@pytest.mark.parametrize(
    "wrong",
    [{"days": 2}, {"days": 365}, {"role": Role.LEADER}, {"role": Role.LEADER, "lets_in": False}],
    ids=str,
)
def test_an_offer_that_makes_no_sense_is_refused(people_here: People, wrong: dict[str, object]) -> None:
    asked = {"role": Role.COACH, "lets_in": True, **wrong}
    with pytest.raises(InvalidInput):
        inviting.invite(people_here.services, people_here.ana, **asked)  # type: ignore[arg-type]


def test_nobody_invites_into_the_group_of_another(people_here: People) -> None:
    with pytest.raises(NotFound):
        inviting.invite(people_here.services, people_here.ben, Role.LEADER, lets_in=False, group="x" * 36)


def test_consent_holds_ladder_by_ladder_field_by_field_and_until_its_day(
    people_here: People, clock: SetClock
) -> None:
    ben, talks = people_here.ben, people_here.talks
    ladders.name_ladder(people_here.services, people_here.ana, "Running", ["run"])
    bond = people_here.let_in(people_here.ana, ben)
    people_here.show(bond, Field.FEARS, until=clock.now() + timedelta(days=1))
    assert people_here.seen_by(ben) == {talks.id: {Field.FEARS}}
    clock.move(days=1, microseconds=-1)
    assert people_here.seen_by(ben) == {talks.id: {Field.FEARS}}
    clock.move(microseconds=1)
    assert people_here.seen_by(ben) == {}


def test_what_is_not_named_any_more_is_not_shown_any_more(people_here: People) -> None:
    bond = people_here.let_in(people_here.ana, people_here.ben)
    people_here.show(bond, *ALL_FIELDS)
    people_here.show(bond, Field.OUTCOMES)
    assert people_here.seen_by(people_here.ben) == {people_here.talks.id: {Field.OUTCOMES}}
    people_here.show(bond)
    assert people_here.seen_by(people_here.ben) == {}


def test_a_consent_that_stays_as_it_was_keeps_its_date(people_here: People, clock: SetClock) -> None:
    bond = people_here.show(people_here.let_in(people_here.ana, people_here.ben), Field.OUTCOMES)
    clock.move(days=3)
    assert people_here.show(bond, Field.OUTCOMES).consents == bond.consents
    assert people_here.show(bond, Field.FEARS).consents[0].given_at == clock.now()


def test_nobody_consents_to_what_is_not_theirs_or_over(people_here: People, clock: SetClock) -> None:
    services, ben = people_here.services, people_here.ben
    bond = people_here.let_in(people_here.ana, ben)
    other = ladders.name_ladder(services, ben, "Running", ["run"])
    with pytest.raises(NotFound, match="no such ladder"):
        people_here.show(bond, Field.OUTCOMES, ladder=other)
    with pytest.raises(InvalidInput, match="over"):
        people_here.show(bond, Field.OUTCOMES, until=clock.now())
    with pytest.raises(NotFound):
        consenting.consent(services, ben, bond.id, [])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
def test_each_role_is_shown_what_it_can_be_shown_and_no_more(people_here: People, role: Role) -> None:
    bond = people_here.show(people_here.let_in(people_here.ana, people_here.ben, role), *ALL_FIELDS)
    assert {one.fields for one in bond.consents} == ({SHOWN_TO[role]} if SHOWN_TO[role] else set())
    assert set(people_here.seen_by(people_here.ben).values()) == {one.fields for one in bond.consents}


@pytest.mark.parametrize("by", ["ana", "ben"])
def test_either_side_ends_it_and_reading_ends_in_the_same_moment(people_here: People, by: str) -> None:
    bond = people_here.let_in(people_here.ana, people_here.ben)
    people_here.show(bond, *ALL_FIELDS)
    consenting.end(people_here.services, people_here.more("Cem"), bond.id)
    assert people_here.seen_by(people_here.ben)
    consenting.end(people_here.services, getattr(people_here, by), bond.id)
    consenting.end(people_here.services, getattr(people_here, by), bond.id)
    assert people_here.seen_by(people_here.ben) == {}
    assert consenting.let_in(people_here.services, people_here.ana) == []
    assert consenting.people_with_me(people_here.services, people_here.ben, tuple(Role)) == []


def test_a_supervisor_reads_along_where_the_person_agreed_and_sees_nothing_of_the_coach(
    people_here: People,
) -> None:
    ben, sue = people_here.ben, people_here.more("Sue")
    bond = people_here.let_in(people_here.ana, ben)
    own = ladders.name_ladder(people_here.services, ben, "Running", ["run"])
    watched = people_here.let_in(ben, sue, Role.SUPERVISOR)
    people_here.show(watched, *ALL_FIELDS, ladder=own)
    people_here.show(bond, Field.OUTCOMES)
    assert people_here.seen_by(sue) == {}
    people_here.show(bond, Field.OUTCOMES, supervised=True)
    grants = people_here.actor(sue).grants
    assert [(grant.role, grant.person, grant.fields) for grant in grants] == [
        (Role.SUPERVISOR, people_here.ana, frozenset({Field.OUTCOMES}))
    ]
    consenting.end(people_here.services, ben, watched.id)
    assert people_here.seen_by(sue) == {}


def test_who_supervises_a_supervisor_sees_nothing_of_the_first_ones_people(people_here: People) -> None:
    ben, sue, tom = people_here.ben, people_here.more("Sue"), people_here.more("Tom")
    people_here.show(people_here.let_in(people_here.ana, ben), Field.OUTCOMES, supervised=True)
    people_here.let_in(ben, sue, Role.SUPERVISOR)
    people_here.let_in(sue, tom, Role.SUPERVISOR)
    assert people_here.seen_by(tom) == {}


def test_a_coach_whose_account_is_deleted_is_let_in_no_more(people_here: People) -> None:
    people_here.show(people_here.let_in(people_here.ana, people_here.ben), *ALL_FIELDS)
    with people_here.services.store.writing(people_here.ben) as tx:
        tx.people.remove(people_here.ben)
    assert consenting.let_in(people_here.services, people_here.ana) == []


def test_a_researcher_sees_no_name(people_here: People) -> None:
    people_here.let_in(people_here.ana, people_here.ben, Role.RESEARCHER)
    people_here.let_in(people_here.ana, people_here.ben)
    held = consenting.people_with_me(people_here.services, people_here.ben, tuple(Role))
    assert {(one.bond.role, one.name) for one in held} == {(Role.RESEARCHER, ""), (Role.COACH, "Ana")}


def test_it_is_said_for_a_week_that_somebody_sees_nothing_yet(people_here: People, clock: SetClock) -> None:
    services, ana = people_here.services, people_here.ana
    bond = people_here.let_in(ana, people_here.ben)
    people_here.let_in(ana, people_here.more("Sue"), Role.SUPERVISOR)
    assert [one.name for one in consenting.seeing_nothing(services, ana)] == ["Ben"]
    people_here.show(bond, Field.OUTCOMES)
    assert consenting.seeing_nothing(services, ana) == []
    people_here.show(bond)
    clock.move(days=7)
    assert consenting.seeing_nothing(services, ana) == []


def test_a_ladder_that_was_put_away_is_named_only_where_it_is_shown(people_here: People) -> None:
    services, ana = people_here.services, people_here.ana
    bond = people_here.let_in(ana, people_here.ben)
    ladders.archive_ladder(services, ana, people_here.talks.id)
    assert consenting.bond_of(services, ana, bond.id).ladders == ()
    people_here.show(bond, Field.OUTCOMES)
    assert [one.name for one in consenting.bond_of(services, ana, bond.id).ladders] == ["Talks"]
    with pytest.raises(NotFound):
        consenting.bond_of(services, people_here.ben, bond.id)
