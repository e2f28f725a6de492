"""What a person does with what was left: taken, let go, undone; each of it twice does nothing more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.app.coaching.bonds import Pair, pair
from tests.databases import SetClock

from rung.app.climbing import steps
from rung.app.coaching import answering, leaving
from rung.app.coaching.answering import Said, comments_on, from_others
from rung.app.model import Did, LadderId, PersonId
from rung.app.ports import Left, Services
from rung.app.sharing import consenting
from rung.app.sources import encouragements, models
from rung.content.domains import domains
from rung.errors import Conflict, InvalidInput, NotFound

SEEN = "You stayed with your sentence when he interrupted you the second time"


@pytest.fixture
def two(services: Services, clock: SetClock, ana: PersonId) -> Pair:
    made = pair(services, clock, ana)
    made.judge(90, 70, 50, 20)
    return made


def where(two: Pair) -> tuple[Services, PersonId, PersonId, LadderId]:
    return two.services, two.coach, two.person, two.ladder.id


def take(two: Pair, left: Left, said: Said | None = None) -> Left:
    """Take it twice: the second time it stays as it is."""
    first = answering.take(two.services, two.person, left.id, said)
    assert answering.take(two.services, two.person, left.id, said) == first
    return first


def undo(two: Pair, left: Left) -> None:
    answering.undo(two.services, two.person, left.id)
    answering.undo(two.services, two.person, left.id)


def names(two: Pair) -> list[str]:
    with two.services.store.reading() as tx:
        ladder = tx.ladders.get(two.person, two.ladder.id)
    assert ladder is not None
    return [step.name for step in ladder.climbing]


def test_a_step_comes_where_it_was_proposed_and_goes_again(two: Pair) -> None:
    before = names(two)
    left = leaving.propose_step(*where(two), "Say it to a colleague", two.steps[1])
    take(two, left)
    assert names(two) == [*before[:2], "Say it to a colleague", *before[2:]]
    undo(two, left)
    assert names(two) == before
    take(two, left)
    assert names(two)[2] == "Say it to a colleague"
    with two.services.store.reading() as tx:
        ladder = tx.ladders.get(two.person, two.ladder.id)
    assert ladder is not None
    assert len(ladder.steps) == 5


def test_a_step_without_a_place_is_the_easiest(two: Pair) -> None:
    take(two, leaving.propose_step(*where(two), "Think of it"))
    assert names(two)[0] == "Think of it"


def test_a_bridge_comes_right_below_its_step_however_the_ladder_has_changed(two: Pair) -> None:
    left = leaving.bridge(*where(two), "Say it to half the team", two.steps[2])
    steps.add_steps(two.services, two.person, two.ladder.id, ["Say it to Sam"], two.steps[1])
    take(two, left)
    assert names(two)[1:5] == [
        "Say it to a friend",
        "Say it to Sam",
        "Say it to half the team",
        "Say it to the team",
    ]
    undo(two, left)
    take(two, left)
    assert names(two).count("Say it to half the team") == 1


def test_a_split_retires_the_step_and_gives_it_back(two: Pair) -> None:
    before = names(two)
    left = leaving.propose_split(*where(two), two.steps[3], ["Say half of it", "Say all of it"])
    take(two, left)
    assert names(two) == [*before[:3], "Say half of it", "Say all of it"]
    undo(two, left)
    assert names(two) == before
    take(two, left)
    assert names(two) == [*before[:3], "Say half of it", "Say all of it"]


def test_homework_becomes_a_plan_for_the_evening_of_its_day(two: Pair) -> None:
    day = (two.clock.now() + timedelta(days=2)).date()
    left = leaving.homework(*where(two), two.steps[1], "Before Thursday", day)
    take(two, left)
    with two.services.store.reading() as tx:
        (plan,) = tx.plans.of(two.person, ("planned",))
    assert (plan.step, plan.who) == (two.steps[1], "Dr Lee")
    assert plan.at is not None
    assert (plan.at.date(), plan.at.hour) == (day, 18)
    undo(two, left)
    with two.services.store.reading() as tx:
        assert tx.plans.of(two.person, ("planned",)) == []
    two.clock.move(days=5)
    take(two, left)
    with two.services.store.reading() as tx:
        assert len(tx.plans.of(two.person, ("planned", "dropped", "done"))) == 1


def test_homework_of_a_day_that_is_over_is_planned_without_one(two: Pair) -> None:
    left = leaving.homework(*where(two), two.steps[1], "", two.clock.now().date())
    two.clock.move(days=3)
    take(two, left)
    with two.services.store.reading() as tx:
        (plan,) = tx.plans.of(two.person, ("planned",))
    assert plan.at is None


def test_what_was_seen_is_kept_as_far_as_it_is_believed(two: Pair) -> None:
    attempt = two.log(1, Did.DONE, 1)
    left = leaving.encourage(*where(two), SEEN, 0.6, attempt=attempt)
    assert isinstance(left, Left)
    with pytest.raises(InvalidInput):
        answering.take(two.services, two.person, left.id)
    take(two, left, Said(believed=0.67))
    (kept,) = encouragements(two.services, two.person, two.ladder.id).assurances
    assert (kept.who, kept.seen, kept.conveyed, kept.credibility) == ("Dr Lee", SEEN, 0.6, 0.67)
    assert kept.saw is not None
    undo(two, left)
    assert encouragements(two.services, two.person, two.ladder.id).assurances == ()
    take(two, left, Said(believed=0.33))
    (kept,) = encouragements(two.services, two.person, two.ladder.id).assurances
    assert kept.credibility == 0.33
    undo(two, left)
    take(two, left, Said(believed=0.67))
    assert len(encouragements(two.services, two.person, two.ladder.id).assurances) == 1


def test_a_story_is_kept_where_it_is_like_the_person(two: Pair) -> None:
    own = leaving.tell_story(*where(two), whom="A colleague", text="She read it from a page at first.")
    strange = leaving.tell_story(*where(two), whom="A pilot", text="He never minded.", struggled=False)
    library = leaving.tell_story(*where(two), story_id=domains("en")[0].stories[0].id)
    take(two, own, Said(alike=0.67))
    take(two, strange, Said(alike=0.0))
    take(two, library, Said(alike=1.0))
    seen = models(two.services, two.person, two.ladder.id).seen
    assert {one.who for one in seen} == {"A colleague", domains("en")[0].stories[0].who}
    undo(two, own)
    assert len(models(two.services, two.person, two.ladder.id).seen) == 1


def test_a_comment_stands_with_its_try_until_it_is_let_go(two: Pair) -> None:
    attempt = two.log(1, Did.DONE, 1)
    left = leaving.comment(*where(two), attempt, "You began with the hard part.")
    said = comments_on(two.services, two.person, two.ladder.id, attempt)
    assert [one.content["text"] for one in said] == ["You began with the hard part."]
    take(two, left)
    assert len(comments_on(two.services, two.person, two.ladder.id, attempt)) == 1
    undo(two, left)
    answering.decline(two.services, two.person, left.id)
    assert comments_on(two.services, two.person, two.ladder.id, attempt) == []


def test_declining_can_be_undone_and_each_answer_keeps_the_other_out(two: Pair) -> None:
    left = leaving.propose_step(*where(two), "A step")
    answering.decline(two.services, two.person, left.id, "Too early")
    assert answering.decline(two.services, two.person, left.id).content["why"] == "Too early"
    with pytest.raises(Conflict):
        answering.take(two.services, two.person, left.id)
    undo(two, left)
    take(two, left)
    with pytest.raises(Conflict):
        answering.decline(two.services, two.person, left.id)


def test_what_the_ladder_no_longer_has_is_told_and_stays_open(two: Pair) -> None:
    left = leaving.homework(*where(two), two.steps[1])
    steps.retire_step(two.services, two.person, two.ladder.id, two.steps[1])
    with pytest.raises(Conflict):
        answering.take(two.services, two.person, left.id)
    assert [one.left.state for one in from_others(two.services, two.person)] == ["open"]


def test_what_was_left_stays_when_its_coach_is_gone(two: Pair) -> None:
    left = leaving.propose_step(*where(two), "A step", two.steps[0])
    consenting.end(two.services, two.person, two.bond)
    with two.services.store.writing(two.coach) as tx:
        tx.people.remove(two.coach)
    (waiting,) = from_others(two.services, two.person)
    assert (waiting.left.by, waiting.left.content["who"]) == (None, "Dr Lee")
    take(two, left)
    assert "A step" in names(two)


def test_nobody_else_answers(two: Pair) -> None:
    left = leaving.propose_step(*where(two), "A step")
    for who, which in ((two.coach, left.id), (two.person, str(uuid4())), (two.person, "x")):
        for answer in (answering.take, answering.decline, answering.undo):
            with pytest.raises(NotFound):
                answer(two.services, who, which)
    assert from_others(two.services, two.coach) == []


def test_a_template_cannot_be_told_more_than_is_kept(two: Pair) -> None:
    leaving.propose_step(*where(two), "A step", two.steps[1])
    (one,) = from_others(two.services, two.person, two.ladder.id)
    assert (one.step("after"), one.step("step")) == ("Say it to a friend", "")
    assert from_others(two.services, two.person, two.ladder.id, answered=True) == []
