"""The caseload: who needs a word and why, in as many queries for five hundred people as for one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.app.coaching.bonds import Pair, let_in, pair, see, seed_people
from tests.conftest import join
from tests.databases import SetClock, counted

from rung.app.climbing import ladders
from rung.app.coaching.caseload import Caseload, caseload, chosen, snooze, wake
from rung.app.coaching.flags import Flag
from rung.app.coaching.seeing import shown
from rung.app.model import Did, PersonId
from rung.app.policies import Role
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sharing.looks import looks
from rung.errors import InvalidInput, NotFound

MOST_QUERIES = 15


@pytest.fixture
def two(services: Services, clock: SetClock, ana: PersonId) -> Pair:
    made = pair(services, clock, ana)
    made.judge(90, 70, 50, 20)
    return made


def flags_in(two: Pair) -> dict[str, Flag]:
    (case,) = caseload(two.services, two.coach).cases
    return {flag.kind: flag for one in case.ladders for flag in one.flags}


def test_who_lets_one_step_pass_again_and_again_is_stuck_with_the_evidence(two: Pair) -> None:
    for _ in range(4):
        two.log(0, Did.DONE, 2)
    two.log(3, Did.AVOIDED, 2)
    first = two.clock.now()
    for _ in range(4):
        two.log(3, Did.AVOIDED, 2)
    flag = flags_in(two)["stuck"]
    assert (flag.reason, flag.step, flag.numbers) == ("passed-in-a-row", "Say it on stage", {"count": 5})
    assert flag.since == first
    two.log(3, Did.DONE, 1)
    assert "stuck" not in flags_in(two)


def test_a_step_that_does_not_come_to_work_is_stuck(two: Pair) -> None:
    for _ in range(6):
        two.log(2, Did.TRIED, 2)
    flag = flags_in(two)["stuck"]
    assert (flag.reason, flag.step) == ("not-worked", "Say it to the team")
    assert flag.numbers["missed"] == flag.numbers["occasions"]


def test_who_stands_on_a_step_is_ready_for_the_one_above(two: Pair) -> None:
    two.log(1, Did.DONE, 1)
    assert "ready" not in flags_in(two)
    for _ in range(2):
        two.log(1, Did.DONE, 1)
    flag = flags_in(two)["ready"]
    assert (flag.step, flag.above, flag.numbers["count"]) == (
        "Say it to a friend", "Say it to the team", 3
    )  # fmt: skip
    two.log(1, Did.TRIED, 1)
    assert "ready" not in flags_in(two)


def test_quiet_is_told_by_the_persons_own_rhythm(two: Pair) -> None:
    for _ in range(8):
        two.log(1, Did.DONE, 10)
    two.clock.move(days=9)
    assert "quiet" not in flags_in(two)
    two.clock.move(days=2)
    flag = flags_in(two)["quiet"]
    assert (flag.reason, flag.numbers) == ("longer-than-usual", {"days": 11, "usual": 10})


def test_of_somebody_new_it_takes_two_weeks(two: Pair) -> None:
    two.clock.move(days=13)
    assert "quiet" not in flags_in(two)
    two.clock.move(days=1)
    assert flags_in(two)["quiet"].reason == "long"


def test_a_fall_within_the_noise_is_none_and_a_large_one_is(two: Pair) -> None:
    two.judge(90, 60, 50, 20, days=30)
    assert "worse" not in flags_in(two)
    two.judge(50, 30, 10, 0, days=1)
    flag = flags_in(two)["worse"]
    assert flag.numbers["points"] == pytest.approx(35)
    assert flag.numbers["points"] > flag.numbers["least"]


def test_each_flag_takes_the_field_that_it_stands_on(two: Pair) -> None:
    two.judge(20, 20, 0, 0, days=30)
    for _ in range(5):
        two.log(3, Did.AVOIDED, 1)
    two.show(Field.JUDGEMENTS)
    assert set(flags_in(two)) == {"worse"}
    two.show(Field.OUTCOMES)
    assert set(flags_in(two)) == {"stuck"}
    two.show(Field.TEXTS, Field.FEARS)
    assert flags_in(two) == {}
    two.show()
    (case,) = caseload(two.services, two.coach).cases
    assert case.ladders == ()


def test_the_page_of_the_ladder_says_the_same(two: Pair) -> None:
    for _ in range(5):
        two.log(3, Did.AVOIDED, 1)
    for fields in (ALL_FIELDS, {Field.OUTCOMES}, {Field.OUTCOMES, Field.JUDGEMENTS}):
        two.show(*fields)
        seen = shown(two.services, two.coach, two.person, two.ladder.id, note=False)
        assert {flag.kind: flag for flag in seen.flags} == flags_in(two)


def test_a_ladder_that_is_put_away_is_left_in_peace(two: Pair) -> None:
    two.clock.move(days=60)
    assert flags_in(two)
    ladders.archive_ladder(two.services, two.person, two.ladder.id)
    assert flags_in(two) == {}


def test_a_look_is_noted_once_a_day_for_each_reader(two: Pair) -> None:
    other = join(two.services, "Dr Wu")
    see(two.services, two.person, let_in(two.services, two.person, other), two.ladder.id, {Field.OUTCOMES})
    for reader in (two.coach, two.coach, other):
        caseload(two.services, reader)
    noted = looks(two.services, two.person).reads
    assert sorted((one.reader, one.view) for one in noted) == [
        ("Dr Lee (coach)", "caseload"),
        ("Dr Wu (coach)", "caseload"),
    ]
    two.clock.move(days=1)
    caseload(two.services, two.coach)
    assert len(looks(two.services, two.person).reads) == 3


def test_nothing_is_noted_of_somebody_who_shows_nothing(two: Pair) -> None:
    two.show()
    caseload(two.services, two.coach)
    assert looks(two.services, two.person).reads == ()


def test_somebody_can_be_put_aside_and_taken_back(two: Pair) -> None:
    snooze(two.services, two.coach, two.bond, 7)
    found = caseload(two.services, two.coach)
    assert (found.cases, [case.name for case in found.aside]) == ((), ["Ana"])
    assert looks(two.services, two.person).reads == ()
    wake(two.services, two.coach, two.bond)
    assert len(caseload(two.services, two.coach).cases) == 1
    snooze(two.services, two.coach, two.bond, 1)
    two.clock.move(days=1)
    assert len(caseload(two.services, two.coach).cases) == 1
    with pytest.raises(InvalidInput):
        snooze(two.services, two.coach, two.bond, 2)
    with pytest.raises(NotFound):
        snooze(two.services, two.person, two.bond, 1)


def test_a_supervisor_sees_those_who_agreed_and_only_them(two: Pair) -> None:
    supervisor, other = join(two.services, "Prof Wu"), join(two.services, "Cleo")
    let_in(two.services, two.coach, supervisor, Role.SUPERVISOR)
    let_in(two.services, other, two.coach)
    (case,) = caseload(two.services, supervisor).cases
    assert (case.name, case.role) == ("Ana", Role.SUPERVISOR)


def test_they_can_be_sorted_and_searched(sqlite_services: Services) -> None:
    coach = join(sqlite_services, "Lee")
    seed_people(sqlite_services, coach, 10)
    found = caseload(sqlite_services, coach)
    assert [case.name for case in chosen(found, words="PERSON 003")] == ["Person 003"]
    quiet = chosen(found, kind="quiet")
    assert {case.name for case in quiet} == {"Person 001", "Person 006"}
    by_name = [case.name for case in chosen(found, sort="name")]
    assert by_name == sorted(by_name)
    last = [case.last for case in chosen(found, sort="last") if case.last]
    assert last == sorted(last, reverse=True)
    assert found.counts["quiet"] == 2


@pytest.mark.parametrize("fields", [ALL_FIELDS, ALL_FIELDS - {Field.TEXTS}], ids=["all", "in part"])
def test_it_takes_as_few_queries_for_many_as_for_one(services: Services, fields: frozenset[Field]) -> None:
    took = {}
    for count in (1, 30):
        coach = join(services)
        seed_people(services, coach, count, fields, weeks=4, first=count)
        with counted(services) as queries:
            found = caseload(services, coach)
        assert len(found.cases) == count
        took[count] = len(queries)
    assert took[1] == took[30] < MOST_QUERIES


def test_five_hundred_people_take_no_more(sqlite_services: Services, clock: SetClock) -> None:
    coach = join(sqlite_services, "Lee")
    seed_people(sqlite_services, coach, 500, weeks=2)
    with counted(sqlite_services) as queries:
        first = caseload(sqlite_services, coach)
    assert (len(first.cases), len(queries) < MOST_QUERIES) == (500, True)
    again: Caseload = caseload(sqlite_services, coach)
    assert replace(again, at=first.at) == first
    clock.move(days=20)
    assert caseload(sqlite_services, coach).counts["quiet"] == 500
    assert timedelta(days=20) < clock.now() - (again.cases[0].last or clock.now())
