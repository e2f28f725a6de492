import math
import threading
from collections.abc import Callable
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import join

from rung.app import evidence
from rung.app.climbing import ladders, steps
from rung.app.climbing.changing import MOST_LADDERS, MOST_STEPS
from rung.app.climbing.places import between, evenly
from rung.app.model import Did, Ladder, LadderId, PersonId, StepId
from rung.app.ports import Services
from rung.errors import Conflict, InvalidInput, NotFound, RefusedGoal


def names(ladder: Ladder) -> list[str]:
    return [step.name for step in ladder.climbing]


def difficulties(ladder: Ladder) -> list[float]:
    return [step.difficulty for step in ladder.climbing]


def step(ladder: Ladder, name: str) -> StepId:
    return next(step.id for step in ladder.steps if step.name == name)


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b", "c", "d"])


@pytest.fixture
def tried(services: Services, ana: PersonId, talks: Ladder) -> Ladder:
    """The same ladder with evidence."""
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    return talks


def test_a_named_ladder_reads_back_as_it_was_made(services: Services, ana: PersonId, talks: Ladder) -> None:
    assert ladders.ladder(services, ana, talks.id) == talks
    assert ladders.ladders_of(services, ana) == [talks]
    assert names(talks) == ["a", "b", "c", "d"]
    assert difficulties(talks) == [-1.5, -0.5, 0.5, 1.5]
    assert talks.wanted_chance == 0.75


def test_a_ladder_may_begin_without_steps(services: Services, ana: PersonId) -> None:
    empty = ladders.name_ladder(services, ana, "Talks")
    assert empty.steps == ()
    goal = steps.add_steps(services, ana, empty.id, ["Give a talk"])
    assert difficulties(goal) == [1.5]


def test_names_are_stripped(services: Services, ana: PersonId) -> None:
    ladder = ladders.name_ladder(services, ana, "  Talks\t", [" a "])
    assert (ladder.name, names(ladder)) == ("Talks", ["a"])


@pytest.mark.parametrize("name", ["", " \n ", "x" * 201, "two\nlines", "NUL\0"])
def test_names_that_cannot_be_are_refused_everywhere(
    services: Services, ana: PersonId, talks: Ladder, name: str
) -> None:
    first = talks.steps[0].id
    attempts: list[Callable[[], object]] = [
        lambda: ladders.name_ladder(services, ana, name),
        lambda: ladders.name_ladder(services, ana, "Talks", ["a", name]),
        lambda: ladders.rename_ladder(services, ana, talks.id, name),
        lambda: steps.add_steps(services, ana, talks.id, [name]),
        lambda: steps.rename_step(services, ana, talks.id, first, name),
        lambda: steps.split_step(services, ana, talks.id, first, ["fine", name]),
    ]
    for attempt in attempts:
        with pytest.raises(InvalidInput, match=r"name|New step"):
            attempt()
    assert ladders.ladders_of(services, ana) == [talks]


def test_a_dangerous_goal_is_refused_everywhere_and_nothing_of_it_is_stored(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    first, goal = talks.steps[0].id, "Double my dose"
    attempts: list[Callable[[], object]] = [
        lambda: ladders.name_ladder(services, ana, goal),
        lambda: ladders.name_ladder(services, ana, "Talks", ["a", goal]),
        lambda: ladders.rename_ladder(services, ana, talks.id, goal),
        lambda: steps.add_steps(services, ana, talks.id, [goal]),
        lambda: steps.rename_step(services, ana, talks.id, first, goal),
        lambda: steps.split_step(services, ana, talks.id, first, ["fine", goal]),
    ]
    for attempt in attempts:
        with pytest.raises(RefusedGoal):
            attempt()
    assert ladders.ladders_of(services, ana) == [talks]


def test_renaming_changes_the_name_alone(services: Services, ana: PersonId, talks: Ladder) -> None:
    ladders.rename_ladder(services, ana, talks.id, "Speeches")
    changed = steps.rename_step(services, ana, talks.id, step(talks, "b"), "B")
    assert (changed.name, names(changed)) == ("Speeches", ["a", "B", "c", "d"])
    assert difficulties(changed) == difficulties(talks)
    assert ladders.ladder(services, ana, talks.id) == changed


@pytest.mark.parametrize("chance", [0.6, 0.75, 0.9])
def test_the_dial_has_three_places(services: Services, ana: PersonId, talks: Ladder, chance: float) -> None:
    assert ladders.set_wanted_chance(services, ana, talks.id, chance).wanted_chance == chance


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0, float("nan")])
def test_the_dial_has_no_other_place(services: Services, ana: PersonId, talks: Ladder, chance: float) -> None:
    with pytest.raises(InvalidInput, match=r"0\.6, 0\.75 or 0\.9"):
        ladders.set_wanted_chance(services, ana, talks.id, chance)


def test_an_archived_ladder_can_be_restored(services: Services, ana: PersonId, talks: Ladder) -> None:
    archived = ladders.archive_ladder(services, ana, talks.id)
    assert archived.archived_at is not None
    assert ladders.archive_ladder(services, ana, talks.id) == archived
    assert ladders.restore_ladder(services, ana, talks.id) == talks


def test_without_evidence_every_change_spreads_the_steps_evenly(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    ladder = steps.add_steps(services, ana, talks.id, ["e"], after=step(talks, "d"))
    assert (names(ladder), difficulties(ladder)) == (list("abcde"), list(evenly(5)))
    ladder = steps.move_step(services, ana, talks.id, step(talks, "a"), 2)
    assert (names(ladder), difficulties(ladder)) == (list("bcade"), list(evenly(5)))
    ladder = steps.retire_step(services, ana, talks.id, step(talks, "c"))
    assert (names(ladder), difficulties(ladder)) == (list("bade"), list(evenly(4)))
    ladder = steps.split_step(services, ana, talks.id, step(talks, "a"), ["a1", "a2"])
    assert (names(ladder), difficulties(ladder)) == (["b", "a1", "a2", "d", "e"], list(evenly(5)))


def test_with_evidence_the_difficulties_that_stand_stay(
    services: Services, ana: PersonId, tried: Ladder
) -> None:
    added = steps.add_steps(services, ana, tried.id, ["b+"], after=step(tried, "b"))
    assert dict(zip(names(added), difficulties(added), strict=True)) == {
        "a": -1.5,
        "b": -0.5,
        "b+": 0.0,
        "c": 0.5,
        "d": 1.5,
    }
    ends = steps.add_steps(services, ana, tried.id, ["first"])
    ends = steps.add_steps(services, ana, tried.id, ["last"], after=step(ends, "d"))
    assert (difficulties(ends)[0], difficulties(ends)[-1]) == (-2.0, 2.0)


def test_a_step_moved_with_evidence_takes_the_midpoint_of_its_new_neighbours(
    services: Services, ana: PersonId, tried: Ladder
) -> None:
    moved = steps.move_step(services, ana, tried.id, step(tried, "a"), 1)
    assert (names(moved), difficulties(moved)) == (["b", "a", "c", "d"], [-0.5, 0.0, 0.5, 1.5])
    moved = steps.move_step(services, ana, tried.id, step(tried, "d"), -99)
    assert (names(moved), difficulties(moved)) == (["d", "b", "a", "c"], [-1.0, -0.5, 0.0, 0.5])


def test_moving_stops_at_the_ends(services: Services, ana: PersonId, talks: Ladder) -> None:
    assert steps.move_step(services, ana, talks.id, step(talks, "d"), 1) == talks
    assert steps.move_step(services, ana, talks.id, step(talks, "a"), -1) == talks
    assert names(steps.move_step(services, ana, talks.id, step(talks, "b"), 99)) == list("acdb")


def test_a_split_step_is_retired_and_the_new_ones_take_its_place(
    services: Services, ana: PersonId, tried: Ladder
) -> None:
    split = steps.split_step(services, ana, tried.id, step(tried, "b"), ["b1", "b2", "b3"])
    assert names(split) == ["a", "b1", "b2", "b3", "c", "d"]
    assert difficulties(split) == [-1.5, -1.0, -0.5, 0.0, 0.5, 1.5]
    assert [step.name for step in split.steps if step.retired_at] == ["b"]
    with pytest.raises(InvalidInput, match="two"):
        steps.split_step(services, ana, tried.id, step(tried, "a"), ["alone"])
    with pytest.raises(NotFound):
        steps.split_step(services, ana, tried.id, step(tried, "b"), ["x", "y"])


def test_a_split_that_is_sent_twice_is_made_once(services: Services, ana: PersonId, tried: Ladder) -> None:
    key, gone = str(uuid4()), step(tried, "b")
    split = steps.split_step(services, ana, tried.id, gone, ["b1", "b2"], key)
    assert steps.split_step(services, ana, tried.id, gone, ["b1", "b2"], key) == split
    with pytest.raises(Conflict):
        steps.split_step(services, ana, tried.id, gone, ["b1", "b3"], key)


def test_a_retired_step_keeps_its_history_and_can_come_back(
    services: Services, ana: PersonId, tried: Ladder
) -> None:
    gone = steps.retire_step(services, ana, tried.id, step(tried, "a"))
    assert names(gone) == ["b", "c", "d"]
    assert [event.task for event in evidence.log_of(services, ana)] == [step(tried, "a")] * 2
    assert steps.restore_step(services, ana, tried.id, step(tried, "a")) == tried


def test_a_step_that_comes_back_to_a_taken_place_stands_beside_it(
    services: Services, ana: PersonId, tried: Ladder
) -> None:
    steps.retire_step(services, ana, tried.id, step(tried, "b"))
    added = steps.add_steps(services, ana, tried.id, ["new"], after=step(tried, "a"))
    assert difficulties(added)[1] == -0.5
    assert difficulties(steps.restore_step(services, ana, tried.id, step(tried, "b"))) == [
        -1.5,
        -0.5,
        0.0,
        0.5,
        1.5,
    ]


def test_a_ladder_holds_forty_steps(services: Services, ana: PersonId) -> None:
    full = ladders.name_ladder(services, ana, "Talks", [f"step {number}" for number in range(MOST_STEPS)])
    with pytest.raises(InvalidInput, match="at most 40 steps"):
        steps.add_steps(services, ana, full.id, ["one more"])
    with pytest.raises(InvalidInput, match="at most 40 steps"):
        ladders.name_ladder(services, ana, "Talks", ["step"] * 41)
    steps.retire_step(services, ana, full.id, full.steps[0].id)
    steps.add_steps(services, ana, full.id, ["one more"])
    with pytest.raises(InvalidInput, match="at most 40 steps"):
        steps.restore_step(services, ana, full.id, full.steps[0].id)


def test_a_person_has_at_most_fifty_ladders_in_use(services: Services, ana: PersonId) -> None:
    made = [ladders.name_ladder(services, ana, f"ladder {number}") for number in range(MOST_LADDERS)]
    with pytest.raises(InvalidInput, match="archive one first"):
        ladders.name_ladder(services, ana, "one more")
    ladders.archive_ladder(services, ana, made[0].id)
    ladders.name_ladder(services, ana, "one more")
    with pytest.raises(InvalidInput, match="archive one first"):
        ladders.restore_ladder(services, ana, made[0].id)


def test_what_does_not_exist_is_not_found(services: Services, ana: PersonId, talks: Ladder) -> None:
    with pytest.raises(NotFound):
        ladders.ladder(services, ana, LadderId("nothing"))
    with pytest.raises(NotFound):
        steps.rename_step(services, ana, talks.id, StepId("nothing"), "x")
    with pytest.raises(NotFound):
        steps.add_steps(services, ana, talks.id, ["x"], after=StepId("nothing"))


def test_a_gap_that_holds_no_number_more_takes_no_step() -> None:
    with pytest.raises(InvalidInput, match="too close"):
        between(1.0, math.nextafter(1.0, 2.0))


changes = st.lists(
    st.tuples(st.sampled_from(["add", "split", "move", "retire", "restore", "record"]), st.integers(0, 60)),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
def test_any_changes_leave_distinct_places_and_lose_no_step(
    sqlite_services: Services, todo: list[tuple[str, int]]
) -> None:
    services = sqlite_services
    person = join(services)
    ladder = ladders.name_ladder(services, person, "Talks", ["a", "b", "c"])
    for change, number in todo:
        known = {step.id for step in ladder.steps}
        ladder = _changed(services, person, ladder, change, number)
        assert known <= {step.id for step in ladder.steps}
        assert all(low < high for low, high in pairwise(difficulties(ladder)))
        assert ladders.ladder(services, person, ladder.id) == ladder


def _changed(services: Services, person: PersonId, ladder: Ladder, change: str, number: int) -> Ladder:
    climbing, retired = ladder.climbing, [step for step in ladder.steps if step.retired_at]
    if change == "add" or (change != "restore" and not climbing):
        after = climbing[number % len(climbing)].id if climbing and number % 3 else None
        return steps.add_steps(services, person, ladder.id, [f"step {number}"], after)
    if change == "restore":
        if not retired:
            return ladder
        return steps.restore_step(services, person, ladder.id, retired[number % len(retired)].id)
    chosen = climbing[number % len(climbing)].id
    if change == "split":
        return steps.split_step(services, person, ladder.id, chosen, ["one", "two"])
    if change == "move":
        return steps.move_step(services, person, ladder.id, chosen, number % 7 - 3)
    if change == "retire":
        return steps.retire_step(services, person, ladder.id, chosen)
    evidence.record(services, person, ladder.id, chosen, Did.DONE)
    return ladder


def test_of_several_new_steps_all_are_added_or_none(services: Services, ana: PersonId) -> None:
    talks = ladders.name_ladder(services, ana, "Give a talk", ["a", "d"])
    with pytest.raises(InvalidInput, match="New step 2"):
        steps.add_steps(services, ana, talks.id, ["b", " "], after=step(talks, "a"))
    assert names(ladders.ladder(services, ana, talks.id)) == ["a", "d"]
    added = steps.add_steps(services, ana, talks.id, ["b", "c"], after=step(talks, "a"))
    assert names(added) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("first_steps", [[], ["a", "b"]])
def test_a_ladder_sent_twice_is_made_once(services: Services, ana: PersonId, first_steps: list[str]) -> None:
    sent = str(uuid4())
    made = ladders.name_ladder(services, ana, "Talks", first_steps, ladder_id=sent)
    assert made.id == sent
    assert ladders.name_ladder(services, ana, " Talks", first_steps, ladder_id=sent.upper()) == made
    changed = steps.add_steps(services, ana, made.id, ["later"])
    assert ladders.name_ladder(services, ana, "Talks", first_steps, ladder_id=sent) == changed
    assert ladders.ladders_of(services, ana) == [changed]


@pytest.mark.parametrize(
    "name, first_steps", [("Runs", ["a", "b"]), ("Talks", ["a"]), ("Talks", ["a", "b", "c"])]
)
def test_one_id_cannot_stand_for_two_ladders(
    services: Services, ana: PersonId, name: str, first_steps: list[str]
) -> None:
    made = ladders.name_ladder(services, ana, "Talks", ["a", "b"], ladder_id=str(uuid4()))
    with pytest.raises(Conflict):
        ladders.name_ladder(services, ana, name, first_steps, ladder_id=made.id)
    assert ladders.ladders_of(services, ana) == [made]


def test_two_people_may_use_the_same_id_for_a_ladder(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    sent = str(uuid4())
    ladders.name_ladder(services, ana, "Talks", ladder_id=sent)
    assert ladders.name_ladder(services, ben, "Runs", ladder_id=sent).name == "Runs"


def test_an_id_that_is_none_makes_nothing(services: Services, ana: PersonId, talks: Ladder) -> None:
    with pytest.raises(InvalidInput, match="UUID"):
        ladders.name_ladder(services, ana, "Runs", ladder_id="new")
    with pytest.raises(InvalidInput, match="UUID"):
        steps.add_steps(services, ana, talks.id, ["e"], batch_id="new")
    assert ladders.ladders_of(services, ana) == [talks]


def test_steps_sent_twice_are_added_once(services: Services, ana: PersonId, talks: Ladder) -> None:
    sent = str(uuid4())
    added = steps.add_steps(services, ana, talks.id, ["x", "y"], step(talks, "a"), batch_id=sent)
    assert names(added) == ["a", "x", "y", "b", "c", "d"]
    assert steps.add_steps(services, ana, talks.id, ["x", "y"], step(talks, "a"), batch_id=sent) == added
    for others in (["x"], ["x", "z"], ["x", "y", "z"]):
        with pytest.raises(Conflict):
            steps.add_steps(services, ana, talks.id, others, step(talks, "a"), batch_id=sent)
    assert ladders.ladder(services, ana, talks.id) == added


def test_of_many_identical_requests_at_once_one_makes_something(services: Services, ana: PersonId) -> None:
    whole, batch = str(uuid4()), str(uuid4())

    def send() -> None:
        made = ladders.name_ladder(services, ana, "Talks", ladder_id=whole)
        steps.add_steps(services, ana, made.id, ["a", "b"], batch_id=batch)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (made,) = ladders.ladders_of(services, ana)
    assert names(made) == ["a", "b"]
