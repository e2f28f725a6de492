"""Plans: made once, changed, let go, fulfilled by what is logged; by the clock of whoever is spoken to."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import plans as plans_table
from rung.app import evidence
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft, Plan
from rung.app.model import VARIED, Did, Ladder, PersonId
from rung.app.ports import Services
from rung.app.safety import screen_goal
from rung.app.wording import checked_name
from rung.content.domains import domains
from rung.errors import Conflict, InvalidInput, NotFound, RefusedGoal
from rung.words import local, speaking

HOUR = timedelta(hours=1)
WHOLE = Draft(
    where="At the café",
    if_text="my mind goes blank",
    then_text="look at my note",
    obstacle="They cut in",
    then_what="wait, and go on",
    who="Sam",
    vary="place",
)


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])


def plan(services: Services, ladder: Ladder, draft: Draft, step: int = 0) -> Plan:
    return plans.make(services, ladder.person, ladder.id, ladder.steps[step].id, draft)


def state(services: Services, made: Plan) -> str:
    found = plans.plan_of(services, made.person, made.id).plan
    assert found
    return found.state


def test_a_plan_comes_back_as_it_was_made(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    made = plan(services, talks, replace(WHOLE, at=clock.now() + HOUR))
    assert plans.planned(services, ana) == [made]
    assert (made.at, made.who, made.vary, made.state) == (clock.now() + HOUR, "Sam", "place", "planned")


def test_what_a_plan_says_cannot_be_read_in_the_database(services: Services, talks: Ladder) -> None:
    plan(services, talks, WHOLE)
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        row = connection.execute(plans_table.select()).one()
    assert not any(word in bytes(row.content) for word in (b"Sam", b"note", b"caf", b"place"))


def test_plans_stand_by_their_time_and_those_left_open_last(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    left_open = plan(services, talks, Draft(where="somewhere"))
    late = plan(services, talks, Draft(at=clock.now() + 2 * HOUR))
    early = plan(services, talks, Draft(at=clock.now() + HOUR))
    assert plans.planned(services, ana) == [early, late, left_open]


def test_a_plan_that_is_sent_twice_is_made_once(services: Services, ana: PersonId, talks: Ladder) -> None:
    key, step = str(uuid4()), talks.steps[0].id
    first = plans.make(services, ana, talks.id, step, WHOLE, key)
    assert plans.make(services, ana, talks.id, step, WHOLE, key) == first
    with pytest.raises(Conflict):
        plans.make(services, ana, talks.id, step, replace(WHOLE, who="Kim"), key)
    with pytest.raises(Conflict):
        plans.make(services, ana, talks.id, talks.steps[1].id, WHOLE, key)
    plans.put_aside(services, ana, key)
    assert plans.make(services, ana, talks.id, step, WHOLE, key).state == "dropped"


def test_a_plan_sent_again_after_its_time_is_no_fault(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    key, draft = str(uuid4()), Draft(at=clock.now() + HOUR)
    made = plans.make(services, ana, talks.id, talks.steps[0].id, draft, key)
    clock.move(hours=5)
    assert plans.make(services, ana, talks.id, talks.steps[0].id, draft, key) == made


def test_a_plan_is_changed_let_go_and_taken_up_again(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    made = plan(services, talks, replace(WHOLE, at=clock.now() + HOUR))
    changed = plans.change(services, ana, made.id, Draft(at=made.at, where="at home"))
    assert (changed.id, changed.at, changed.where) == (made.id, made.at, "at home")
    assert {changed.if_text, changed.then_text, changed.obstacle, changed.then_what, changed.vary} == {""}
    plans.put_aside(services, ana, made.id)
    assert plans.planned(services, ana) == []
    with pytest.raises(Conflict):
        plans.change(services, ana, made.id, WHOLE)
    plans.take_up(services, ana, made.id)
    assert plans.planned(services, ana) == [changed]


def test_a_time_that_has_passed_may_stay_but_not_be_chosen(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    made = plan(services, talks, Draft(at=clock.now() + HOUR))
    clock.move(days=1)
    plans.change(services, ana, made.id, Draft(at=made.at, who="Sam"))
    for at in (clock.now() - HOUR, clock.now() + timedelta(days=800)):
        with pytest.raises(InvalidInput):
            plans.change(services, ana, made.id, Draft(at=at))
        with pytest.raises(InvalidInput):
            plan(services, talks, Draft(at=at))


@pytest.mark.parametrize("did", [Did.DONE, Did.PARTLY, Did.TRIED, Did.AVOIDED])
def test_what_is_logged_of_the_step_fulfils_its_plan(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder, did: Did
) -> None:
    made = plan(services, talks, Draft(at=clock.now() + HOUR))
    other = plan(services, talks, Draft(at=clock.now() + HOUR), step=1)
    clock.move(hours=2)
    event = evidence.record(services, ana, talks.id, talks.steps[0].id, did)
    assert plans.planned(services, ana) == [other]
    found = plans.plan_of(services, ana, made.id).plan
    assert found
    assert (found.state, found.done_by) == ("done", event)


def test_not_today_leaves_the_plan_as_it_is(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    made = plan(services, talks, Draft(at=clock.now() + HOUR))
    clock.move(hours=2)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.SKIPPED)
    assert plans.planned(services, ana) == [made]


def test_of_two_plans_the_one_whose_time_has_come_is_fulfilled(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    tuesday = plan(services, talks, Draft(at=clock.now() + HOUR))
    thursday = plan(services, talks, Draft(at=clock.now() + timedelta(days=2)))
    clock.move(hours=2)
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    assert (state(services, tuesday), state(services, thursday)) == ("done", "planned")
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    assert state(services, thursday) == "done"


def test_what_happened_before_the_plan_was_made_does_not_fulfil_it(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    step = talks.steps[0].id
    made = plan(services, talks, WHOLE)
    evidence.record(services, ana, talks.id, step, Did.DONE, at=clock.now() - HOUR)
    assert plans.planned(services, ana) == [made]
    sent_before = str(uuid4())
    evidence.record(services, ana, talks.id, step, Did.DONE, sent_before)
    later = plan(services, talks, WHOLE)
    clock.move(hours=1)
    evidence.record(services, ana, talks.id, step, Did.DONE, sent_before)
    assert plans.planned(services, ana) == [later]


def test_taking_a_deed_back_opens_its_plan_again(services: Services, ana: PersonId, talks: Ladder) -> None:
    made = plan(services, talks, WHOLE)
    event = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    evidence.take_back(services, ana, event)
    assert state(services, made) == "planned"
    evidence.put_back(services, ana, event)
    assert state(services, made) == "done"


def contexts(services: Services, ana: PersonId) -> list[tuple[str, str]]:
    return [(event.kind, event.context) for event in evidence.log_of(services, ana)]


@pytest.mark.parametrize("vary", VARIED)
def test_an_attempt_says_what_its_plan_varied(
    services: Services, ana: PersonId, talks: Ladder, vary: str
) -> None:
    plan(services, talks, Draft(vary=vary))
    key = str(uuid4())
    for _ in range(2):
        evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE, key)
    assert contexts(services, ana) == [("choice", ""), ("attempt", f"vary:{vary}")]


def test_an_attempt_can_say_itself_what_was_different(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    step, key = talks.steps[0].id, str(uuid4())
    plan(services, talks, Draft(vary="place"))
    evidence.record(services, ana, talks.id, step, Did.TRIED, key, varied="people")
    assert contexts(services, ana) == [("choice", ""), ("attempt", "vary:people")]
    with pytest.raises(Conflict):
        evidence.record(services, ana, talks.id, step, Did.TRIED, key, varied="time")
    with pytest.raises(InvalidInput):
        evidence.record(services, ana, talks.id, step, Did.DONE, varied="weather")


def test_plans_wait_with_the_step_or_the_ladder_that_is_put_away(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    made = plan(services, talks, WHOLE)
    ladders.archive_ladder(services, ana, talks.id)
    assert plans.planned(services, ana) == []
    ladders.restore_ladder(services, ana, talks.id)
    assert plans.planned(services, ana) == [made]


@pytest.mark.parametrize(
    "draft",
    [
        Draft(),
        Draft(where="   "),
        Draft(vary="weather"),
        Draft(where="x" * 201),
        Draft(who="a\x00b"),
        Draft(then_text="two\nlines"),
        Draft(obstacle="\u200b"),
        Draft(then_what="\ud800"),
        Draft(at=datetime.fromisoformat("2026-11-24T09:00")),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    services: Services, ana: PersonId, talks: Ladder, draft: Draft
) -> None:
    with pytest.raises(InvalidInput):
        plan(services, talks, draft)
    assert plans.planned(services, ana) == []


def test_a_plan_to_harm_oneself_is_refused_and_one_to_call_for_help_is_not(
    services: Services, talks: Ladder
) -> None:
    with pytest.raises(RefusedGoal):
        plan(services, talks, Draft(if_text="it goes wrong", then_text="hurt myself"))
    with pytest.raises(RefusedGoal):
        plan(services, talks, Draft(obstacle="nerves", then_what="double my dose"))
    plan(services, talks, Draft(if_text="I think of killing myself", then_text="call 988"))


def test_every_plan_of_the_library_can_be_made() -> None:
    for idea in (idea for one in domains() for idea in one.if_then):
        screen_goal(idea.response)
        assert checked_name(idea.situation, "") == idea.situation
        assert checked_name(idea.response, "") == idea.response
    for obstacle in (obstacle for one in domains() for obstacle in one.obstacles):
        assert checked_name(obstacle, "") == obstacle


def test_nobody_keeps_more_plans_than_there_is_room_for(
    services: Services, talks: Ladder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_PLANNED", 2)
    first = plan(services, talks, WHOLE)
    plan(services, talks, WHOLE)
    with pytest.raises(InvalidInput, match="let one go"):
        plan(services, talks, WHOLE)
    plans.put_aside(services, talks.person, first.id)
    plan(services, talks, WHOLE)


DOORS: dict[str, Callable[[Services, PersonId, Plan], object]] = {
    "step_plans": lambda s, who, p: plans.step_plans(s, who, p.ladder, p.step),
    "plan_of": lambda s, who, p: plans.plan_of(s, who, p.id),
    "make": lambda s, who, p: plans.make(s, who, p.ladder, p.step, WHOLE),
    "change": lambda s, who, p: plans.change(s, who, p.id, WHOLE),
    "put_aside": lambda s, who, p: plans.put_aside(s, who, p.id),
    "take_up": lambda s, who, p: plans.take_up(s, who, p.id),
}


def test_every_use_case_has_its_door() -> None:
    found = {
        name
        for name in plans.__all__
        if inspect.isfunction(one := getattr(plans, name)) and "actor" in inspect.signature(one).parameters
    }
    assert found == {*DOORS, "planned"}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_reaches_the_plans_of_somebody_else(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder, door: str
) -> None:
    made = plan(services, talks, WHOLE)
    with pytest.raises(NotFound, match=r"^There is no such (ladder|plan)$"):
        DOORS[door](services, ben, made)
    assert plans.planned(services, ana) == [made]
    assert plans.planned(services, ben) == []


def test_the_id_of_somebody_elses_plan_is_free_for_ones_own(
    services: Services, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    made = plan(services, talks, WHOLE)
    own = ladders.name_ladder(services, ben, "Run", ["run"])
    plans.make(services, ben, own.id, own.steps[0].id, Draft(who="Kim"), made.id)
    assert plans.planned(services, ana) == [made]
    evidence.record(services, ben, own.id, own.steps[0].id, Did.DONE)
    assert state(services, made) == "planned"


@pytest.mark.parametrize(
    "plan_id", ["", "x", "00000000-0000-0000-0000-000000000000", "4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e"]
)
def test_a_plan_that_does_not_exist_is_not_found(services: Services, ana: PersonId, plan_id: str) -> None:
    with pytest.raises(NotFound, match="There is no such plan"):
        plans.plan_of(services, ana, plan_id)


# Local time


SUMMER, WINTER = date(2027, 3, 28), date(2026, 10, 25)
"""Days on which the clocks of Berlin change."""


def test_a_day_and_a_time_mean_the_persons_own_clock() -> None:
    with speaking("en", "Europe/Berlin"):
        assert plans.moment_at(date(2026, 11, 24), time(18)) == datetime(2026, 11, 24, 17, tzinfo=UTC)
        assert plans.moment_at(date(2027, 7, 1), time(18)) == datetime(2027, 7, 1, 16, tzinfo=UTC)
    with speaking("en", "Pacific/Kiritimati"):
        assert plans.moment_at(date(2026, 11, 24), time(8)) == datetime(2026, 11, 23, 18, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with speaking("en", "Europe/Berlin"):
        with pytest.raises(InvalidInput, match="clocks go forward"):
            plans.moment_at(SUMMER, time(2, 30))
        assert plans.moment_at(WINTER, time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", [date.min, date.max, date(9000, 1, 1)])
def test_the_ends_of_the_calendar_are_refused(day: date) -> None:
    with speaking("en", "America/New_York"), pytest.raises(InvalidInput):
        plans.moment_at(day, time(23, 59))


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_every_moment_is_read_back_as_it_was_typed(typed: datetime, zone: str) -> None:
    typed = typed.replace(second=0, microsecond=0)
    with speaking("en", zone):
        try:
            moment = plans.moment_at(typed.date(), typed.time())
        except InvalidInput:
            return
        assert local(moment).replace(tzinfo=None) == typed


def test_a_plan_says_its_time_in_words_and_is_never_missed(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    # The clock stands on Monday, 23 November, 09:00 UTC: 18:00 in Tokyo.
    with speaking("en", "Asia/Tokyo"):
        made = plan(services, talks, Draft(at=datetime(2026, 11, 24, 9, tzinfo=UTC)))
        told = []
        for hours in (0, 15, 10, 24, 24 * 8):
            clock.move(hours=hours)
            told.append(plans.in_words(made, clock.now()))
        assert plans.in_words(replace(made, at=None), clock.now()) == "No time is set"
    assert told == [
        "Tomorrow, 18:00",
        "Today, 18:00",
        "It was planned for today, 18:00. How did it go?",
        "It was planned for Tuesday, 18:00. How did it go?",
        "It was planned for Tue 24 Nov, 18:00. How did it go?",
    ]
