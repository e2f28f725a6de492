"""Scaled goals: set up before anything is noted, then noted, scored, begun anew; on both databases."""

import pytest
from tests.databases import SetClock

from rung.app import scaling
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.model import Ladder, LadderId, PersonId
from rung.app.ports import Services
from rung.app.scaling import MOST_GOALS, MOST_NOTED
from rung.engine.measures import attainment
from rung.errors import Conflict, InvalidInput, NotFound, RefusedGoal

LEVELS = ("nothing", "a little", "as I hope", "more", "much more: «é»")
ID = "6f9c1d1e-6d6a-4f0e-8f55-1d3f3a0f0a01"


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["a", "b"])


def set_up(services: Services, person: PersonId, ladder: LadderId) -> None:
    scaling.add_goal(services, person, ladder, "Speak up", 3, LEVELS)
    scaling.add_goal(services, person, ladder, "Sleep", 1, LEVELS)


def test_goals_are_scaled_noted_and_scored(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    set_up(services, ana, talks.id)
    scaling.note(services, ana, talks.id, [-2, -1])
    clock.move(days=14)
    scaling.note(services, ana, talks.id, [1, 0])
    ladder, found = scaling.scaling_of(services, ana, talks.id)
    assert ladder.id == talks.id
    assert [(goal.name, goal.weight, goal.levels) for goal in found.goals] == [
        ("Speak up", 3, LEVELS),
        ("Sleep", 1, LEVELS),
    ]
    scores = scaling.scores_of(found)
    assert [one.attainment for one in scores] == [attainment([-2, -1], [3, 1]), attainment([1, 0], [3, 1])]
    assert scores[1].at == clock.now()


def test_what_is_sent_twice_is_stored_once(services: Services, ana: PersonId, talks: Ladder) -> None:
    for _ in range(2):
        scaling.add_goal(services, ana, talks.id, "Speak up", 2, LEVELS, ID)
    with pytest.raises(Conflict):
        scaling.add_goal(services, ana, talks.id, "Another", 2, LEVELS, ID)
    for _ in range(2):
        scaling.note(services, ana, talks.id, [0])
    _, found = scaling.scaling_of(services, ana, talks.id)
    assert (len(found.goals), len(found.noted)) == (1, 1)
    assert len(scaling.add_goal(services, ana, talks.id, "Speak up", 2, LEVELS, ID).goals) == 1


def test_goals_stand_as_soon_as_something_is_noted(services: Services, ana: PersonId, talks: Ladder) -> None:
    set_up(services, ana, talks.id)
    _, found = scaling.scaling_of(services, ana, talks.id)
    scaling.remove_goal(services, ana, talks.id, found.goals[1].id)
    scaling.note(services, ana, talks.id, [0])
    with pytest.raises(Conflict):
        scaling.add_goal(services, ana, talks.id, "Late", 1, LEVELS)
    with pytest.raises(Conflict):
        scaling.remove_goal(services, ana, talks.id, found.goals[0].id)
    scaling.begin_anew(services, ana, talks.id)
    assert scaling.scaling_of(services, ana, talks.id)[1].goals == ()
    set_up(services, ana, talks.id)


def test_the_last_goal_that_is_taken_out_leaves_nothing(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    scaling.add_goal(services, ana, talks.id, "Speak up", 1, LEVELS, ID)
    scaling.remove_goal(services, ana, talks.id, ID)
    with services.store.reading() as tx:
        assert tx.scalings.get(ana, talks.id) is None
    with pytest.raises(NotFound):
        scaling.remove_goal(services, ana, talks.id, ID)
    with pytest.raises(NotFound):
        scaling.note(services, ana, talks.id, [])


@pytest.mark.parametrize(
    ("name", "weight", "levels"),
    [
        ("", 1, LEVELS), ("x" * 201, 1, LEVELS), ("a", 0, LEVELS), ("a", 4, LEVELS), ("a", True, LEVELS),
        ("a", 1, LEVELS[:4]), ("a", 1, (*LEVELS, "six")), ("a", 1, ("", *LEVELS[1:])),
        ("a", 1, ("two\nlines", *LEVELS[1:])), ("a\0", 1, LEVELS),
    ],
)  # fmt: skip
def test_what_is_no_scaled_goal_is_refused(
    sqlite_services: Services, name: str, weight: int, levels: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput):
        scaling.checked_goal(ID, name, weight, levels)


def test_a_goal_of_harm_is_refused_in_its_name_and_in_its_levels(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    with pytest.raises(RefusedGoal):
        scaling.add_goal(services, ana, talks.id, "double my dose", 1, LEVELS)
    with pytest.raises(RefusedGoal):
        scaling.add_goal(services, ana, talks.id, "Calm", 1, (*LEVELS[:4], "double my dose"))


@pytest.mark.parametrize("levels", [[0], [0, 0, 0], [0, 3], [0, None], [True, 0]])
def test_a_level_is_noted_for_each_goal(
    services: Services, ana: PersonId, talks: Ladder, levels: list[int | None]
) -> None:
    set_up(services, ana, talks.id)
    with pytest.raises(InvalidInput):
        scaling.note(services, ana, talks.id, levels)


def test_there_is_an_end_to_goals_and_to_notes(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    for place in range(MOST_GOALS):
        scaling.add_goal(services, ana, talks.id, f"goal {place}", 1, LEVELS)
    with pytest.raises(InvalidInput):
        scaling.add_goal(services, ana, talks.id, "one more", 1, LEVELS)
    for day in range(MOST_NOTED):
        scaling.note(services, ana, talks.id, [day % 5 - 2] * MOST_GOALS)
        clock.move(days=1)
    with pytest.raises(Conflict):
        scaling.note(services, ana, talks.id, [0] * MOST_GOALS)


def test_it_is_nobody_elses(services: Services, ana: PersonId, ben: PersonId, talks: Ladder) -> None:
    set_up(services, ana, talks.id)
    for deed in (
        lambda: scaling.scaling_of(services, ben, talks.id),
        lambda: scaling.add_goal(services, ben, talks.id, "a", 1, LEVELS),
        lambda: scaling.remove_goal(services, ben, talks.id, ID),
        lambda: scaling.note(services, ben, talks.id, [0, 0]),
        lambda: scaling.begin_anew(services, ben, talks.id),
    ):
        with pytest.raises(NotFound):
            deed()
    assert len(scaling.scaling_of(services, ana, talks.id)[1].goals) == 2


def test_words_are_sealed(services: Services, ana: PersonId, talks: Ladder) -> None:
    set_up(services, ana, talks.id)
    connection = services.store.engine.connect()  # type: ignore[attr-defined]
    with connection:
        content = bytes(connection.exec_driver_sql("SELECT content FROM scalings").scalar_one())
    assert b"Speak" not in content


def test_scaled_goals_go_out_and_come_back_and_never_over_those_that_are_here(
    services: Services, clock: SetClock, ana: PersonId, ben: PersonId, talks: Ladder
) -> None:
    set_up(services, ana, talks.id)
    scaling.note(services, ana, talks.id, [1, 2])
    exported = archive.export_archive(services, ana)
    archive.import_archive(services, ben, exported)
    brought = scaling.scaling_of(services, ben, talks.id)[1]
    found = scaling.scaling_of(services, ana, talks.id)[1]
    assert (brought.goals, brought.noted) == (found.goals, found.noted)
    scaling.begin_anew(services, ben, talks.id)
    scaling.add_goal(services, ben, talks.id, "My own", 1, LEVELS)
    archive.import_archive(services, ben, exported)
    assert [goal.name for goal in scaling.scaling_of(services, ben, talks.id)[1].goals] == ["My own"]
