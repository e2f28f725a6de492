"""Who may do what; and somebody who knows all ids of another person, at every door of the use cases."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from rung.app import evidence, history, outlook
from rung.app.accounts import people
from rung.app.climbing import ladders, steps
from rung.app.keeping import archive
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.policies import Action, may, permitted
from rung.app.ports import Entry, Services
from rung.errors import NotFound


@dataclass(frozen=True)
class Thing:
    person: PersonId


ANA, BEN = PersonId("ana"), PersonId("ben")


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("actor, owner, allowed", [(ANA, ANA, True), (BEN, ANA, False), (ANA, BEN, False)])
def test_a_person_may_do_everything_with_what_is_theirs_and_nothing_else(
    actor: PersonId, action: Action, owner: PersonId, allowed: bool
) -> None:
    assert may(actor, action, Thing(owner)) is allowed


@pytest.mark.parametrize("action", Action)
def test_what_is_not_ones_own_is_told_like_what_does_not_exist(action: Action) -> None:
    told = []
    for subject in (Thing(ANA), None):
        with pytest.raises(NotFound) as failure:
            permitted(BEN, action, subject, "ladder")
        told.append(str(failure.value))
    assert told[0] == told[1]
    assert permitted(ANA, action, Thing(ANA), "ladder") == Thing(ANA)


@dataclass(frozen=True)
class Anas:
    """What Ben knows of Ana: every id."""

    services: Services
    ben: PersonId
    ladder: Ladder
    event: EventId


@pytest.fixture
def anas(services: Services, ana: PersonId, ben: PersonId) -> Anas:
    ladder = ladders.name_ladder(services, ana, "Talks", ["a", "b"])
    event = evidence.record(services, ana, ladder.id, ladder.steps[0].id, Did.TRIED)
    evidence.reflect(services, ana, event, Reflection(what_helped="secret"))
    ladders.name_ladder(services, ben, "Running", ["run"])
    return Anas(services, ben, ladder, event)


def standing_entry(services: Services, actor: PersonId, event: EventId) -> Entry:
    with services.store.reading() as tx:
        return evidence.standing_entry(tx, actor, event)


Door = Callable[[Anas], object]

DOORS: dict[str, Door] = {
    "ladders.ladder": lambda a: ladders.ladder(a.services, a.ben, a.ladder.id),
    "ladders.rename_ladder": lambda a: ladders.rename_ladder(a.services, a.ben, a.ladder.id, "x"),
    "ladders.set_wanted_chance": lambda a: ladders.set_wanted_chance(a.services, a.ben, a.ladder.id, 0.9),
    "ladders.archive_ladder": lambda a: ladders.archive_ladder(a.services, a.ben, a.ladder.id),
    "ladders.restore_ladder": lambda a: ladders.restore_ladder(a.services, a.ben, a.ladder.id),
    "steps.add_steps": lambda a: steps.add_steps(a.services, a.ben, a.ladder.id, ["x"], a.ladder.steps[0].id),
    "steps.rename_step": lambda a: steps.rename_step(
        a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, "x"
    ),
    "steps.split_step": lambda a: steps.split_step(
        a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, ["x", "y"]
    ),
    "steps.move_step": lambda a: steps.move_step(a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, 1),
    "steps.retire_step": lambda a: steps.retire_step(a.services, a.ben, a.ladder.id, a.ladder.steps[0].id),
    "steps.restore_step": lambda a: steps.restore_step(a.services, a.ben, a.ladder.id, a.ladder.steps[0].id),
    "steps.place_step": lambda a: steps.place_step(a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, 2),
    "steps.set_conditions": lambda a: steps.set_conditions(
        a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, ["notes"]
    ),
    "steps.vary_step": lambda a: steps.vary_step(
        a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, "x", "watched"
    ),
    "evidence.judge": lambda a: evidence.judge(a.services, a.ben, a.ladder.id, {a.ladder.steps[0].id: 5}),
    "evidence.record": lambda a: evidence.record(
        a.services, a.ben, a.ladder.id, a.ladder.steps[0].id, Did.DONE, a.event
    ),
    "evidence.reflect": lambda a: evidence.reflect(a.services, a.ben, a.event, Reflection(aid=0.5)),
    "evidence.take_back": lambda a: evidence.take_back(a.services, a.ben, a.event),
    "evidence.put_back": lambda a: evidence.put_back(a.services, a.ben, a.event),
    "evidence.is_taken_back": lambda a: evidence.is_taken_back(a.services, a.ben, a.event),
    "evidence.standing_entry": lambda a: standing_entry(a.services, a.ben, a.event),
    "evidence.texts_of": lambda a: evidence.texts_of(a.services, a.ben, a.event),
    "evidence.log_of": lambda a: evidence.log_of(a.services, a.ben, a.ladder.id),
    "outlook.today": lambda a: outlook.today(a.services, a.ben, a.ladder.id),
    "outlook.deed_of": lambda a: outlook.deed_of(a.services, a.ben, a.event),
    "history.history": lambda a: history.history(a.services, a.ben, a.ladder.id),
}

WITHOUT_IDS = {
    "ladders.name_ladder",
    "ladders.ladders_of",
    "evidence.waiting",
    "outlook.today_everywhere",
    "archive.export_archive",
    "archive.import_archive",
    "archive.import_log",
    "people.account_of",
    "people.confirm",
    "people.delete_account",
    "people.remove_password",
    "people.rename",
    "people.set_password",
    "people.sign_out_everywhere",
    "people.ways_in",
}
"""Use cases that name nothing but their actor: they cannot reach anything else."""


def use_cases() -> set[str]:
    """Every public function that somebody acts with."""
    return {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}"
        for module in (archive, evidence, history, ladders, outlook, people, steps)
        for name in module.__all__
        if inspect.isfunction(found := getattr(module, name))
        and "actor" in inspect.signature(found).parameters
    }


def test_every_use_case_is_on_one_of_the_two_lists() -> None:
    assert use_cases() == set(DOORS) | WITHOUT_IDS


@pytest.mark.parametrize("door", DOORS)
def test_nobody_reaches_what_is_somebody_elses(anas: Anas, ana: PersonId, door: str) -> None:
    before = archive.export_archive(anas.services, ana)
    with pytest.raises(NotFound, match=r"^There is no such (ladder|event|step)$"):
        DOORS[door](anas)
    assert archive.export_archive(anas.services, ana) == before


def test_what_names_only_its_actor_tells_nothing_of_others(anas: Anas) -> None:
    services, ben = anas.services, anas.ben
    assert [ladder.name for ladder in ladders.ladders_of(services, ben)] == ["Running"]
    assert [today.ladder.name for today in outlook.today_everywhere(services, ben)] == ["Running"]
    assert evidence.waiting(services, ben) == []
    assert evidence.log_of(services, ben) == []
    assert anas.ladder.id.encode() not in archive.export_archive(services, ben)
