"""The session sheet: what stands on it, between which moments, at which cost, and for whom."""

from datetime import timedelta

import pytest
from tests.app.sheets.stage import Lived, live
from tests.databases import SetClock, counted

from rung.app import evidence, outlook
from rung.app.climbing import ladders, steps
from rung.app.model import Did, PersonId, Reflection
from rung.app.policies import Actor, Grant, Role, Scope
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets import MOST_TOLD, sheet
from rung.app.sheets.meetings import (
    MOST_MEETINGS,
    begins_at,
    forget_session,
    keep_session,
    sessions_about,
)
from rung.engine.measures import attainment
from rung.errors import InvalidInput, NotFound


@pytest.fixture
def lived(services: Services, clock: SetClock, ana: PersonId) -> Lived:
    """Ana judged, tried, let pass and looked back, six weeks and two weeks ago."""
    made = live(services, clock, ana)
    made.judge(90, 60, 40, 20)
    made.go(0, Did.DONE, Reflection(what_helped="long ago"))
    clock.move(weeks=4)
    made.plan(1, at=clock.now() + timedelta(hours=1))
    clock.move(hours=2)
    made.go(
        1,
        Did.TRIED,
        Reflection(
            internal=0.0, feared=0.7, happened=0.2, what_next="earlier", what_feared="silence", cause="day"
        ),
    )
    made.go(1, Did.DONE, Reflection(internal=1.0, feared=0.5, happened=0.1, cause="me"))
    made.go(2, Did.AVOIDED)
    made.go(2, Did.SKIPPED)
    made.go(2, Did.PARTLY)
    made.judge(90, 80, 50)
    clock.move(weeks=2)
    return made


def test_it_holds_what_happened_in_its_time_and_nothing_else(lived: Lived) -> None:
    found = lived.sheet()
    assert found.deeds is not None
    assert [deed.did for deed in found.deeds] == [
        Did.TRIED, Did.DONE, Did.AVOIDED, Did.SKIPPED, Did.PARTLY
    ]  # fmt: skip
    assert found.count(Did.DONE, Did.PARTLY) == 2
    assert found.plans is not None
    assert [(plan.where, plan.state) for plan in found.plans] == [("kitchen", "done")]
    assert found.fears is not None
    assert [(fear.feared, fear.happened) for fear in found.fears] == [(0.7, 0.2), (0.5, 0.1)]
    assert found.told is not None
    assert [(told.did, told.cause, dict(told.texts)) for told in found.told] == [
        (Did.DONE, "me", {}),
        (Did.TRIED, "day", {"what_next": "earlier", "what_feared": "silence"}),
    ]
    assert lived.sheet(weeks=8).count(Did.DONE) == 2
    assert not found.is_empty
    assert found.hidden == frozenset()


def test_the_steps_say_what_was_said_and_what_came_of_them(lived: Lived) -> None:
    first, second, third, fourth = lived.sheet().steps
    assert [line.place for line in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert [(line.before, line.rating, line.is_new) for line in (first, second, fourth)] == [
        (0.9, 0.9, True),
        (0.6, 0.8, True),
        (0.2, 0.2, False),
    ]
    assert (second.worked, second.tried, second.worked_ever, second.tried_ever) == (1, 2, 1, 2)
    assert (first.worked, first.tried, first.worked_ever, first.tried_ever) == (0, 0, 1, 1)
    assert (third.worked, third.tried) == (0, 1)


def test_its_estimates_are_those_of_today(lived: Lived) -> None:
    today = outlook.today(lived.services, lived.person, lived.ladder.id)
    found = lived.sheet()
    assert [line.sure for line in found.steps] == [one.efficacy for one in today.steps]
    assert found.focus[-1].kind == "next"
    assert found.focus[-1].step is not None
    assert today.recommendation.task is not None
    assert found.focus[-1].step.id == today.recommendation.task.name


def test_a_sheet_of_the_past_knows_nothing_of_what_came_later(lived: Lived) -> None:
    until = lived.clock.now()
    before = lived.sheet(weeks=4)
    lived.clock.move(days=3)
    lived.judge(10, 10, 10, 10)
    lived.go(3, Did.DONE, Reflection(what_helped="later"))
    lived.scale(2)
    again = sheet(
        lived.services, lived.person, lived.person, lived.ladder.id, until - timedelta(weeks=4), until
    )
    assert again.steps == before.steps
    assert (again.deeds, again.fears, again.told) == (before.deeds, before.fears, before.told)
    assert (again.moved, again.matched_ever, again.goals) == (before.moved, before.matched_ever, None)
    assert again.focus == before.focus


def test_judgement_and_act_are_held_against_each_other(lived: Lived) -> None:
    found = lived.sheet()
    assert found.matched is not None
    assert found.matched_ever is not None
    # 60 and it did not work; 60 and it worked; 40 and it worked partly.
    assert (found.matched.tries, found.matched.matched) == (3, 1)
    assert (found.matched_ever.tries, found.matched_ever.matched, found.matched_ever.base) == (4, 2, 3)


def test_goals_stand_as_they_were_noted_last(lived: Lived) -> None:
    assert lived.sheet().goals is None
    lived.scale(-1, 1)
    goals = lived.sheet().goals
    assert goals is not None
    assert (goals.levels, goals.score) == ((-1, 1), attainment([-1, 1]))
    assert goals.words == ("a little", "more")
    assert goals.first is None


def test_it_begins_at_the_last_session_or_four_weeks_ago(lived: Lived) -> None:
    assert lived.sheet().since == lived.clock.now() - timedelta(weeks=4)
    keep_session(lived.services, lived.person, lived.ladder.id)
    held = lived.clock.now()
    lived.clock.move(hours=1)
    assert lived.sheet().since == lived.clock.now() - timedelta(weeks=4), "the sheet for that very session"
    lived.clock.move(days=7)
    assert lived.sheet().since == held
    assert begins_at([], held) == held - timedelta(weeks=4)


def test_sessions_are_kept_once_and_deleted(lived: Lived, ben: PersonId) -> None:
    services, me, ladder = lived.services, lived.person, lived.ladder.id
    first = keep_session(services, me, ladder)
    lived.clock.move(minutes=5)
    assert keep_session(services, me, ladder) == first
    lived.clock.move(days=7)
    second = keep_session(services, me, ladder)
    assert sessions_about(services, me, ladder) == [first, second]
    with pytest.raises(NotFound):
        forget_session(services, me, ladder, first - timedelta(microseconds=1))
    with pytest.raises(NotFound):
        forget_session(services, ben, ladder, first)
    with pytest.raises(NotFound):
        keep_session(services, ben, ladder)
    with pytest.raises(NotFound):
        sessions_about(services, ben, ladder)
    forget_session(services, me, ladder, first)
    assert sessions_about(services, me, ladder) == [second]
    assert MOST_MEETINGS > 500


def test_a_time_that_ends_before_it_begins_is_refused(lived: Lived) -> None:
    now = lived.clock.now()
    for since in (now, now + timedelta(days=1)):
        with pytest.raises(InvalidInput):
            sheet(lived.services, lived.person, lived.person, lived.ladder.id, since)


def test_an_empty_ladder_and_one_without_steps_make_a_sheet(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    bare = ladders.name_ladder(services, ana, "Nothing yet", [])
    made = sheet(services, ana, ana, bare.id)
    assert made.is_empty
    assert (made.steps, made.deeds, made.plans, made.moved, made.focus) == ((), (), (), None, ())
    one = live(services, clock, ana, steps=1)
    assert one.sheet().is_empty
    steps.retire_step(services, ana, one.ladder.id, one.ladder.steps[0].id)
    assert one.sheet().steps == ()


def test_it_takes_few_queries_however_much_there_is(lived: Lived) -> None:
    lived.scale(0)
    with counted(lived.services) as few:
        lived.sheet()
    for _ in range(120):
        lived.go(0, Did.DONE, Reflection(what_helped="x"))
    with counted(lived.services) as many:
        found = lived.sheet()
    assert len(few) == len(many) == 6
    assert found.told is not None
    assert len(found.told) == MOST_TOLD


def coach(person: PersonId, lived: Lived, *fields: Field, role: Role = Role.COACH) -> Actor:
    return Actor(person, (Grant(lived.person, role, lived.ladder.id, frozenset(fields)),))


def test_somebody_else_sees_nothing_unless_they_were_let_in(lived: Lived, ben: PersonId) -> None:
    other = ladders.name_ladder(lived.services, lived.person, "Another", ["a"])
    nobody = (ben, Actor(ben), coach(ben, lived, *ALL_FIELDS, role=Role.LEADER))
    for actor in nobody:
        with pytest.raises(NotFound):
            sheet(lived.services, actor, lived.person, lived.ladder.id)
    with pytest.raises(NotFound):
        sheet(lived.services, coach(ben, lived, *ALL_FIELDS), lived.person, other.id)
    with pytest.raises(NotFound):
        sheet(lived.services, lived.person, ben, lived.ladder.id)


def test_a_coach_sees_the_fields_that_were_granted_and_wanted(lived: Lived, ben: PersonId) -> None:
    everything = sheet(lived.services, coach(ben, lived, *ALL_FIELDS), lived.person, lived.ladder.id)
    assert everything == lived.sheet()
    one = coach(ben, lived, Field.JUDGEMENTS, Field.FEARS)
    found = sheet(lived.services, one, lived.person, lived.ladder.id)
    assert found.fields == {Field.JUDGEMENTS, Field.FEARS}
    wanted = frozenset({Field.FEARS, Field.TEXTS})
    assert sheet(lived.services, one, lived.person, lived.ladder.id, fields=wanted).fields == {Field.FEARS}


def test_a_program_needs_the_scope_of_what_it_reads(lived: Lived) -> None:
    def fields(*scopes: Scope) -> frozenset[Field]:
        actor = Actor(lived.person, scopes=frozenset(scopes))
        return sheet(lived.services, actor, lived.person, lived.ladder.id).fields

    assert fields(Scope.READ_LADDERS) == frozenset()
    assert fields(Scope.READ_LADDERS, Scope.READ_EVIDENCE) == ALL_FIELDS - {Field.TEXTS}
    assert fields(Scope.READ_LADDERS, Scope.READ_EVIDENCE, Scope.READ_TEXTS) == ALL_FIELDS
    with pytest.raises(NotFound):
        fields(Scope.READ_EVIDENCE)


def test_what_was_taken_back_is_not_on_it(lived: Lived) -> None:
    event_id = lived.go(0, Did.DONE, Reflection(what_helped="mistake"))
    evidence.take_back(lived.services, lived.person, event_id)
    found = lived.sheet()
    assert found.deeds is not None
    assert event_id not in {deed.event_id for deed in found.deeds}
    assert "mistake" not in str(found)
