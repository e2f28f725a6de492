"""What a coach leaves: screened, limited, seen only as far as they may see, and left once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.app.coaching.bonds import Pair, let_in, pair
from tests.conftest import join
from tests.databases import SetClock

from rung.app.coaching import answering, leaving
from rung.app.coaching.encouraging import Doubt
from rung.app.coaching.leaving import MOST_OPEN
from rung.app.model import Did, EventId, LadderId, PersonId, StepId
from rung.app.policies import Role
from rung.app.ports import Left, Services
from rung.app.sharing import consenting
from rung.app.sharing.fields import Field
from rung.errors import Conflict, InvalidInput, NotFound, RefusedGoal

SEEN = "You stayed with your sentence when he interrupted you the second time"


@pytest.fixture
def two(services: Services, clock: SetClock, ana: PersonId) -> Pair:
    made = pair(services, clock, ana)
    made.judge(90, 70, 50, 20)
    return made


def where(two: Pair) -> tuple[Services, PersonId, PersonId, LadderId]:
    return two.services, two.coach, two.person, two.ladder.id


def left_with(two: Pair) -> list[Left]:
    with two.services.store.reading() as tx:
        return tx.left.of(two.person)


def test_each_kind_is_left_for_the_person_and_changes_nothing(two: Pair) -> None:
    attempt = two.log(1, Did.DONE, 1)
    leaving.propose_step(*where(two), "Say it to a colleague", two.steps[1])
    leaving.propose_split(*where(two), two.steps[3], ["Say half of it", "Say all of it"])
    leaving.bridge(*where(two), "Say it to half the team", two.steps[2])
    leaving.homework(
        *where(two), two.steps[2], "Before Thursday", (two.clock.now() + timedelta(days=2)).date()
    )
    leaving.comment(*where(two), attempt, "You began with the hard part.")
    leaving.encourage(*where(two), SEEN, 0.6, attempt=attempt)
    leaving.tell_story(*where(two), whom="A colleague", text="She read it from a page at first.")
    kinds = [one.kind for one in left_with(two)]
    assert sorted(kinds) == ["bridge", "comment", "homework", "praise", "split", "step", "story"]
    assert {one.content["who"] for one in left_with(two)} == {"Dr Lee"}
    with two.services.store.reading() as tx:
        assert tx.ladders.get(two.person, two.ladder.id) == two.ladder
        assert tx.plans.of(two.person, ("planned",)) == []
    assert leaving.left_by(*where(two)) == left_with(two)


def test_sent_twice_it_is_left_once_and_never_as_something_else(two: Pair) -> None:
    key = str(uuid4())
    first = leaving.homework(*where(two), two.steps[1], "Once", left_id=key)
    assert leaving.homework(*where(two), two.steps[1], "Once", left_id=key) == first
    with pytest.raises(Conflict):
        leaving.homework(*where(two), two.steps[1], "Twice", left_id=key)
    assert len(left_with(two)) == 1


def test_names_and_notes_are_screened_as_steps_are(two: Pair) -> None:
    with pytest.raises(RefusedGoal):
        leaving.propose_step(*where(two), "Double my dose", None)
    with pytest.raises(RefusedGoal):
        leaving.homework(*where(two), two.steps[0], "Double my dose on that day")
    with pytest.raises(InvalidInput):
        leaving.propose_split(*where(two), two.steps[0], ["Only one"])
    with pytest.raises(InvalidInput):
        leaving.homework(*where(two), two.steps[0], "x" * 1001)
    with pytest.raises(InvalidInput):
        leaving.homework(*where(two), two.steps[0], "", (two.clock.now() - timedelta(days=1)).date())
    assert left_with(two) == []


def test_no_more_waits_than_somebody_can_take_in(two: Pair) -> None:
    for number in range(MOST_OPEN):
        leaving.propose_step(*where(two), f"Step {number}")
    with pytest.raises(Conflict):
        leaving.propose_step(*where(two), "One more")
    leaving.take_back(two.services, two.coach, two.bond, left_with(two)[0].id)
    leaving.propose_step(*where(two), "One more")


def test_a_try_is_spoken_of_only_where_outcomes_are_shown(two: Pair) -> None:
    attempt = two.log(1, Did.DONE, 1)
    two.show(Field.JUDGEMENTS, Field.TEXTS, Field.FEARS)
    with pytest.raises(NotFound):
        leaving.comment(*where(two), attempt, "Well begun")
    with pytest.raises(NotFound):
        leaving.encourage(*where(two), SEEN, 0.5, attempt=attempt)
    two.show(Field.OUTCOMES)
    with pytest.raises(NotFound):
        leaving.comment(*where(two), EventId(str(uuid4())), "Well begun")


def test_only_a_coach_leaves_something_and_only_while_they_are_let_in(two: Pair) -> None:
    supervisor = join(two.services, "Prof Wu")
    let_in(two.services, two.coach, supervisor, Role.SUPERVISOR)
    for who in (supervisor, join(two.services)):
        with pytest.raises(NotFound):
            leaving.propose_step(two.services, who, two.person, two.ladder.id, "A step")
    left = leaving.propose_step(*where(two), "A step")
    two.show()
    with pytest.raises(NotFound):
        leaving.propose_step(*where(two), "Another step")
    with pytest.raises(NotFound):
        leaving.left_by(*where(two))
    consenting.end(two.services, two.person, two.bond)
    with pytest.raises(NotFound):
        leaving.take_back(two.services, two.coach, two.bond, left.id)
    assert left_with(two) == [left]


def test_steps_are_those_of_the_ladder(two: Pair) -> None:
    with pytest.raises(NotFound):
        leaving.homework(*where(two), StepId(str(uuid4())))


@pytest.mark.parametrize(
    "seen",
    [
        "Great job!",
        "You were amazing today, really",
        "Du warst wirklich toll heute",
        "Muy bien hecho",
        "احسنت يا بطل",
    ],
)
def test_praise_without_a_deed_is_declined_with_a_reason(two: Pair, seen: str) -> None:
    answer = leaving.encourage(*where(two), seen, 0.5, step_id=two.steps[1], day=two.clock.now().date())
    assert isinstance(answer, Doubt)
    assert (answer.why, answer.is_confirmable) == ("empty", False)
    assert left_with(two) == []


@pytest.mark.parametrize(
    "seen",
    [
        SEEN,
        "Du hast weitergesprochen, als er dich unterbrochen hat",
        "Hablaste despacio aunque el jefe miraba el reloj",
        "واصلت الحديث عندما قاطعك المدير مرتين",
    ],
)
def test_what_was_seen_passes_in_every_language(two: Pair, seen: str) -> None:
    day = two.clock.now().date()
    assert isinstance(leaving.encourage(*where(two), seen, 0.5, step_id=two.steps[1], day=day), Left)


def test_a_promise_is_declined_even_when_it_is_confirmed(two: Pair) -> None:
    answer = leaving.encourage(
        *where(two),
        SEEN,
        0.5,
        said="You can do anything!",
        step_id=two.steps[1],
        day=two.clock.now().date(),
        confirmed=True,
    )
    assert isinstance(answer, Doubt)
    assert answer.why == "promise"


def test_a_chance_far_above_the_record_is_asked_about_and_can_be_confirmed(two: Pair) -> None:
    for _ in range(5):
        attempt = two.log(3, Did.TRIED, 1)
    answer = leaving.encourage(*where(two), SEEN, 1.0, attempt=attempt)
    assert isinstance(answer, Doubt)
    assert answer.why == "above"
    assert answer.record is not None
    assert answer.record.mean < 0.5
    assert isinstance(leaving.encourage(*where(two), SEEN, 0.3, attempt=attempt), Left)
    assert isinstance(leaving.encourage(*where(two), SEEN, 1.0, attempt=attempt, confirmed=True), Left)


def test_what_was_answered_is_the_persons(two: Pair) -> None:
    left = leaving.propose_step(*where(two), "A step")
    answering.decline(two.services, two.person, left.id, "Too early")
    with pytest.raises(Conflict):
        leaving.take_back(two.services, two.coach, two.bond, left.id)
    (seen,) = leaving.left_by(*where(two))
    assert (seen.state, seen.content["why"]) == ("declined", "Too early")
