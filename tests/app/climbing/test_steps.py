"""What is new about steps: their conditions, the same thing varied, and a place chosen for one."""

from uuid import uuid4

import pytest

from rung.app import evidence
from rung.app.climbing import ladders, steps
from rung.app.model import Did, Ladder, PersonId, StepId
from rung.app.ports import Services
from rung.content import CONDITIONS, domain
from rung.errors import Conflict, InvalidInput, NotFound, RefusedGoal
from rung.words import speaking


def names(ladder: Ladder) -> list[str]:
    return [step.name for step in ladder.climbing]


def step(ladder: Ladder, name: str) -> StepId:
    return next(step.id for step in ladder.steps if step.name == name)


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c", "d"])


def test_conditions_are_set_in_one_order_and_unset_again(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    changed = steps.set_conditions(services, ana, talks.id, step(talks, "b"), ["watched", "notes", "notes"])
    assert changed.climbing[1].conditions == ("notes", "watched")
    assert ladders.ladder(services, ana, talks.id) == changed
    assert steps.set_conditions(services, ana, talks.id, step(talks, "b"), []) == talks


@pytest.mark.parametrize("condition", ["", "NOTES", "drunk", "notes watched", "x" * 10_000])
def test_a_condition_that_is_not_known_is_refused(
    services: Services, ana: PersonId, talks: Ladder, condition: str
) -> None:
    with pytest.raises(InvalidInput, match="condition"):
        steps.set_conditions(services, ana, talks.id, step(talks, "b"), ["notes", condition])
    with pytest.raises(InvalidInput, match="condition"):
        steps.vary_step(services, ana, talks.id, step(talks, "b"), "b again", condition)
    assert ladders.ladder(services, ana, talks.id) == talks


def test_a_varied_step_stands_above_the_one_that_it_came_from(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    steps.set_conditions(services, ana, talks.id, step(talks, "b"), ["help", "notes"])
    evidence.record(services, ana, talks.id, step(talks, "b"), Did.DONE)
    varied = steps.vary_step(services, ana, talks.id, step(talks, "b"), "b, out there", "unfamiliar")
    assert names(varied) == ["a", "b", "b, out there", "c", "d"]
    assert varied.climbing[2].conditions == ("help", "notes", "unfamiliar")
    assert varied.climbing[1] == ladders.ladder(services, ana, talks.id).climbing[1]
    alone = steps.vary_step(services, ana, talks.id, step(talks, "b"), "b, alone", "alone")
    assert alone.climbing[2].conditions == ("alone", "notes")


def test_a_varied_step_sent_twice_is_made_once(services: Services, ana: PersonId, talks: Ladder) -> None:
    sent, this = str(uuid4()), step(talks, "b")
    varied = steps.vary_step(services, ana, talks.id, this, "b2", "watched", batch_id=sent)
    assert steps.vary_step(services, ana, talks.id, this, "b2", "watched", batch_id=sent) == varied
    with pytest.raises(Conflict):
        steps.vary_step(services, ana, talks.id, this, "b3", "watched", batch_id=sent)
    with pytest.raises(NotFound):
        steps.vary_step(services, ana, talks.id, StepId("nothing"), "b3", "watched")
    with pytest.raises(RefusedGoal):
        steps.vary_step(services, ana, talks.id, this, "Double my dose", "watched")


@pytest.mark.parametrize(
    "name, place, order", [("a", 4, "bcda"), ("d", 1, "dabc"), ("b", 3, "acbd"), ("b", 2, "abcd")]
)
def test_a_step_goes_to_the_place_that_is_chosen(
    services: Services, ana: PersonId, talks: Ladder, name: str, place: int, order: str
) -> None:
    assert names(steps.place_step(services, ana, talks.id, step(talks, name), place)) == list(order)


@pytest.mark.parametrize("place, order", [(-3, "cabd"), (0, "cabd"), (99, "abdc")])
def test_a_place_beyond_the_ends_is_the_end(
    services: Services, ana: PersonId, talks: Ladder, place: int, order: str
) -> None:
    assert names(steps.place_step(services, ana, talks.id, step(talks, "c"), place)) == list(order)


def test_steps_taken_over_keep_their_conditions_and_the_ladder_remembers_the_domain(
    services: Services, ana: PersonId
) -> None:
    found = domain("phone-calls")
    assert found
    words = [one.name for one in found.steps]
    whole = ladders.name_ladder(services, ana, "Calls", ["My own first", *words], template=found.id)
    assert whole.template == found.id
    assert [one.conditions for one in whole.climbing] == [(), *(one.conditions for one in found.steps)]
    assert ladders.ladder(services, ana, whole.id) == whole
    empty = ladders.name_ladder(services, ana, "More calls")
    filled = steps.add_steps(services, ana, empty.id, words[:2], template=found.id)
    assert (filled.template, filled.climbing[0].conditions) == (found.id, found.steps[0].conditions)
    assert steps.add_steps(services, ana, empty.id, ["own"]).template == found.id


def test_a_domain_that_does_not_exist_is_refused(services: Services, ana: PersonId, talks: Ladder) -> None:
    with pytest.raises(InvalidInput, match="library"):
        ladders.name_ladder(services, ana, "Calls", ["a"], template="../../etc/passwd")
    with pytest.raises(InvalidInput, match="library"):
        steps.add_steps(services, ana, talks.id, ["x"], template="nothing")
    assert ladders.ladders_of(services, ana) == [talks]


def test_hundreds_of_steps_at_once_are_refused_before_each_is_read(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    with pytest.raises(InvalidInput, match="These are 5,000 steps: a ladder has at most 40 steps"):
        steps.add_steps(services, ana, talks.id, ["x"] * 5000)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_condition_of_the_library_is_one_that_a_step_takes(
    services: Services, ana: PersonId, talks: Ladder, language: str
) -> None:
    with speaking(language):
        changed = steps.set_conditions(services, ana, talks.id, step(talks, "a"), CONDITIONS)
    assert changed.climbing[0].conditions == CONDITIONS
