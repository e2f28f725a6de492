"""Numbers of a group: never of fewer than five, never twice of the same week, never a way to one person."""

from datetime import timedelta

import pytest
from tests.app.sharing.conftest import People
from tests.databases import SetClock

from rung.app import evidence
from rung.app.accounts import invitations, people
from rung.app.climbing import ladders
from rung.app.model import Did, Ladder, PersonId
from rung.app.policies import Role
from rung.app.ports import Consent, Group, GroupWeek
from rung.app.sharing import consenting, groups, inviting
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.sharing.groups import MOST_GROUPS
from rung.app.sharing.inviting import FOR_MANY
from rung.app.sharing.looks import looks
from rung.errors import Conflict, InvalidInput, NotFound


class Class:
    """A class that Ben leads, from a Monday on, and its members."""

    def __init__(self, people_here: People) -> None:
        self.here, self.services = people_here, people_here.services
        self.group: Group = groups.make_group(self.services, people_here.ben, "Class 7b")
        self.code = inviting.invite(
            self.services, people_here.ben, Role.LEADER, lets_in=False, days=30, group=self.group.id
        )
        self.members: list[tuple[PersonId, Ladder]] = []

    def join(self, count: int) -> None:
        for _number in range(count):
            person = self.here.more(f"pupil {len(self.members)}")
            ladder = ladders.name_ladder(self.services, person, "Speak up", ["a", "b"])
            evidence.judge(self.services, person, ladder.id, {ladder.steps[0].id: 40})
            consent = Consent(ladder.id, SHOWN_TO[Role.LEADER], self.services.clock.now())
            inviting.accept(self.services, person, self.code, [consent])
            self.members.append((person, ladder))

    def live(self, *members: int, did: Did = Did.DONE, rating: int | None = None, times: int = 1) -> None:
        for member in members:
            person, ladder = self.members[member]
            for _time in range(times):
                evidence.record(self.services, person, ladder.id, ladder.steps[0].id, did)
            if rating is not None:
                evidence.judge(self.services, person, ladder.id, {ladder.steps[0].id: rating})

    def weeks(self) -> tuple[GroupWeek, ...]:
        return groups.group_of(self.services, self.here.ben, self.group.id).weeks


@pytest.fixture
def pupils(people_here: People, clock: SetClock) -> Class:
    clock.move(days=-1)
    made = Class(people_here)
    made.join(5)
    clock.move(days=1, hours=1)
    return made


def test_a_week_that_is_over_is_told_of_five_people_rounded(pupils: Class, clock: SetClock) -> None:
    pupils.live(0, 1, 2, 3, rating=52)
    pupils.live(4, did=Did.TRIED, rating=52, times=3)
    assert pupils.weeks() == ()
    clock.move(days=7)
    assert pupils.weeks() == (GroupWeek("2026-11-23", active=5, tries=1.5, worked=0.8, change=10),)


def test_four_people_are_never_told_of_and_a_number_needs_five_of_its_own(
    pupils: Class, clock: SetClock
) -> None:
    pupils.live(0, 1, 2, 3)
    clock.move(days=7)
    assert pupils.weeks() == (GroupWeek("2026-11-23", None, None, None, None),)
    pupils.live(0, 1, 2, 3, rating=60)
    person, ladder = pupils.members[4]
    evidence.judge(pupils.services, person, ladder.id, {ladder.steps[1].id: 60})
    clock.move(days=7)
    assert pupils.weeks()[0] == GroupWeek("2026-11-30", active=5, tries=1.0, worked=None, change=None)


def test_a_share_that_would_tell_of_everybody_is_told_less_exactly(pupils: Class, clock: SetClock) -> None:
    pupils.live(*range(5))
    clock.move(days=7)
    pupils.live(*range(5), did=Did.TRIED)
    clock.move(days=7)
    assert [week.worked for week in pupils.weeks()] == [0.1, 0.9]


def test_who_joins_in_a_week_is_counted_from_the_next_one(pupils: Class, clock: SetClock) -> None:
    pupils.join(5)
    pupils.live(*range(10))
    clock.move(days=7)
    assert pupils.weeks()[0].active == 5
    pupils.live(*range(10))
    clock.move(days=7)
    assert pupils.weeks()[0].active == 10


def test_a_week_is_counted_once_so_that_nobody_is_found_as_a_difference(
    pupils: Class, clock: SetClock
) -> None:
    pupils.live(0, 1, 2, 3, did=Did.TRIED)
    pupils.live(4, times=20)
    clock.move(days=7)
    before = pupils.weeks()
    person, _ladder = pupils.members[4]
    consenting.end(pupils.services, person, consenting.let_in(pupils.services, person)[0].bond.id)
    assert pupils.weeks() == before
    pupils.live(0, 1, 2, 3)
    clock.move(days=7)
    assert pupils.weeks()[0] == GroupWeek("2026-11-30", None, None, None, None)


def test_who_left_before_it_was_counted_is_in_no_number(pupils: Class, clock: SetClock) -> None:
    pupils.live(*range(5))
    clock.move(days=7)
    person, _ladder = pupils.members[0]
    consenting.end(pupils.services, person, consenting.let_in(pupils.services, person)[0].bond.id)
    assert pupils.weeks() == (GroupWeek("2026-11-23", None, None, None, None),)


def test_what_is_not_ticked_is_not_counted(pupils: Class, clock: SetClock) -> None:
    person, _ladder = pupils.members[0]
    other = ladders.name_ladder(pupils.services, person, "Another", ["x"])
    bond = consenting.let_in(pupils.services, person)[0].bond
    pupils.live(*range(5))
    evidence.record(pupils.services, person, other.id, other.steps[0].id, Did.DONE)
    consenting.consent(pupils.services, person, bond.id, [])
    clock.move(days=7)
    assert pupils.weeks()[0].active is None


def test_who_is_counted_finds_it_among_the_looks_once_for_each_counting(
    pupils: Class, clock: SetClock
) -> None:
    pupils.live(*range(5))
    clock.move(days=7)
    for _twice in range(2):
        pupils.weeks()
    person, ladder = pupils.members[0]
    seen = looks(pupils.services, person).reads
    assert [(one.reader, one.view, one.ladder) for one in seen] == [("Ben (leader)", "group", ladder.id)]


def test_of_one_lead_somebody_is_in_one_group_alone(pupils: Class) -> None:
    services, ben = pupils.services, pupils.here.ben
    second = groups.make_group(services, ben, "The same without one")
    code = inviting.invite(services, ben, Role.LEADER, lets_in=False, group=second.id)
    with pytest.raises(Conflict, match="already"):
        inviting.accept(services, pupils.members[0][0], code)


def test_a_lead_sees_how_many_and_never_who(pupils: Class) -> None:
    services, ben = pupils.services, pupils.here.ben
    assert [(group.name, members) for group, members in groups.groups_of(services, ben)] == [("Class 7b", 5)]
    held = consenting.people_with_me(services, ben, tuple(Role))
    assert {one.name for one in held} == {""}
    seen = groups.group_of(services, ben, pupils.group.id)
    assert seen.members == 5
    assert not any(person in repr(seen) for person, _ladder in pupils.members)


def test_nobody_else_reaches_a_group(pupils: Class) -> None:
    services, ana = pupils.services, pupils.here.ana
    for reach in (groups.group_of, groups.end_group):
        with pytest.raises(NotFound):
            reach(services, ana, pupils.group.id)
        with pytest.raises(NotFound):
            reach(services, pupils.members[0][0], pupils.group.id)
    with pytest.raises(NotFound):
        inviting.invite(services, ana, Role.LEADER, lets_in=False, group=pupils.group.id)


def test_a_group_that_ends_takes_all_of_it_along(pupils: Class) -> None:
    services, ben = pupils.services, pupils.here.ben
    groups.end_group(services, ben, pupils.group.id)
    assert consenting.let_in(services, pupils.members[0][0]) == []
    with pytest.raises(NotFound):
        inviting.offer_of(services, pupils.here.ana, pupils.code)
    assert groups.groups_of(services, ben) == []


def test_the_link_into_a_group_is_good_for_many_and_for_new_accounts_while_it_is_open(
    people_here: People, clock: SetClock
) -> None:
    services, ben = people_here.services, people_here.ben
    group = groups.make_group(services, ben, "Class 7b")
    code = inviting.invite(
        services, ben, Role.LEADER, lets_in=False, group=group.id, for_a_stranger=True, days=30
    )
    for number in range(3):
        pupil = people.join(services, code, f"pupil {number}", "correct horse").id
        inviting.accept(services, pupil, code)
    inviting.accept(services, people_here.ana, code)
    with services.store.reading() as tx:
        assert tx.offers.of(ben)[0].uses == FOR_MANY - 4
    clock.move(days=30)
    assert not invitations.is_good(services, code)
    with pytest.raises(NotFound):
        inviting.accept(services, people_here.more("late"), code)


def test_a_link_into_a_group_is_used_up(people_here: People) -> None:
    services, ben = people_here.services, people_here.ben
    group = groups.make_group(services, ben, "Class 7b")
    code = inviting.invite(services, ben, Role.LEADER, lets_in=False, group=group.id)
    with services.store.writing(ben) as tx:
        offer = tx.offers.of(ben)[0]
        for _time in range(FOR_MANY - 1):
            assert tx.offers.use(offer)
    inviting.accept(services, people_here.ana, code)
    with pytest.raises(NotFound):
        inviting.accept(services, people_here.more("late"), code)


def test_groups_have_a_name_and_a_bound(people_here: People) -> None:
    with pytest.raises(InvalidInput):
        groups.make_group(people_here.services, people_here.ben, "  ")
    for number in range(MOST_GROUPS):
        groups.make_group(people_here.services, people_here.ben, f"Group {number}")
    with pytest.raises(Conflict):
        groups.make_group(people_here.services, people_here.ben, "One more")


def test_old_weeks_are_not_told_of_afterwards(pupils: Class, clock: SetClock) -> None:
    pupils.live(*range(5))
    clock.move(days=7)
    assert len(pupils.weeks()) == 1
    clock.moment += timedelta(weeks=10)
    assert [week.active for week in pupils.weeks()] == [None] * 4
