"""Who may do what; and somebody who knows all ids of another person, at every door of the use cases."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import SetClock

from rung.app import evidence, history, outlook
from rung.app.accounts import people
from rung.app.climbing import ladders, steps
from rung.app.keeping import archive
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Reflection
from rung.app.policies import Action, Actor, Grant, Part, Role, Scope, may, permitted
from rung.app.ports import Consent, Entry, Services
from rung.app.sharing import consenting, inviting
from rung.app.sharing.actors import actor_of
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.sharing.fields import Field
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
    assert may(actor, action, Thing(owner)) is (allowed and action is not Action.OPERATE)


# A second statement of what others may do, written apart from the first one: a row for each action, in the
# order own, coach, supervisor, leader, researcher. `x` = with all that is theirs; `f` = with the fields that
# were granted, of the ladder that was granted.
TABLE = """
read ladder                   x f f . .
change ladder                 x . . . .
record evidence               x . . . .
read evidence                 x f f . .
read texts                    x . . . .
change evidence               x . . . .
plan a step                   x . . . .
be reminded                   x . . . .
note self-esteem              x . . . .
export                        x . . . .
import                        x . . . .
change account                x . . . .
delete account                x . . . .
invite                        x . . . .
let somebody in               x . . . .
propose a step                x f . . .
comment                       x f . . .
be counted in a group         x . . f .
be studied under a pseudonym  x . . . f
look after the server         . . . . .
"""
RULES = {line[:30].strip(): line[30:].split() for line in TABLE.strip().splitlines()}
COLUMNS = (None, Role.COACH, Role.SUPERVISOR, Role.LEADER, Role.RESEARCHER)
PARTS: tuple[Field | None, ...] = (None, *Field)
EVERY_SET = [frozenset(some) for size in range(len(Field) + 1) for some in combinations(Field, size)]
TALKS, RUNNING = LadderId("talks"), LadderId("running")


def stated(role: Role | None, action: Action, field: Field | None, granted: frozenset[Field]) -> bool:
    """What the table says of a part of the ladder that was granted."""
    mark = RULES[action.value][COLUMNS.index(role)]
    return mark == "x" or (mark == "f" and (field is None or field in granted))


def test_the_table_names_every_action_and_role() -> None:
    assert set(RULES) == {action.value for action in Action}
    assert set(COLUMNS) == {None, *Role}


@pytest.mark.parametrize("role", Role)
def test_every_role_may_do_what_the_table_says_and_nothing_else(role: Role) -> None:
    for granted, action, field in product(EVERY_SET, Action, PARTS):
        actor = Actor(BEN, (Grant(ANA, role, TALKS, granted),))
        case = (role, action, field, granted)
        assert may(actor, action, Part(ANA, TALKS, field)) is stated(role, action, field, granted), case
        assert not may(actor, action, Part(ANA, RUNNING, field)), case
        assert not may(actor, action, Part(PersonId("cem"), TALKS, field)), case
        assert not may(actor, action, Thing(ANA)), case
        assert may(actor, action, Part(BEN, TALKS, field)) is stated(None, action, field, granted), case


@pytest.mark.parametrize("way", ["expired", "nothing ticked", "ended", "gone"])
@pytest.mark.parametrize("role", [Role.COACH, Role.RESEARCHER])
def test_what_does_not_stand_any_more_opens_nothing(
    services: Services, clock: SetClock, ana: PersonId, ben: PersonId, role: Role, way: str
) -> None:
    ladder = ladders.name_ladder(services, ana, "Talks", ["a", "b"])
    bond = inviting.accept(services, ben, inviting.invite(services, ana, role, lets_in=True))
    until = clock.now() + timedelta(days=1)
    consent = Consent(ladder.id, SHOWN_TO[role], clock.now(), until)

    def opened() -> set[tuple[Action, Field | None]]:
        with services.store.reading() as tx:
            actor = actor_of(services, tx, ben)
        every = product(Action, PARTS)
        return {(action, field) for action, field in every if may(actor, action, Part(ana, ladder.id, field))}

    assert opened() == set()
    consenting.consent(services, ana, bond.id, [consent])
    assert opened() == {
        (action, field)
        for action, field in product(Action, PARTS)
        if stated(role, action, field, SHOWN_TO[role])
    }
    match way:
        case "expired":
            clock.move(days=1)
        case "nothing ticked":
            consenting.consent(services, ana, bond.id, [])
        case "ended":
            consenting.end(services, ana, bond.id)
        case "gone":
            with services.store.writing(ana) as tx:
                tx.people.remove(ana)
    assert opened() == set()


def test_who_looks_after_the_server_reads_nobody_and_a_program_does_not_look_after_it() -> None:
    operator = Actor(BEN, operates=True)
    assert may(operator, Action.OPERATE, Thing(BEN))
    assert not may(operator, Action.OPERATE, Thing(ANA))
    assert not may(replace(operator, scopes=frozenset(Scope)), Action.OPERATE, Thing(BEN))
    every = product(set(Action), PARTS)
    assert not any(may(operator, action, Part(ANA, TALKS, field)) for action, field in every)


PEOPLE_THERE = st.sampled_from([ANA, BEN, PersonId("cem")])
LADDERS_THERE = st.sampled_from([TALKS, RUNNING, LadderId("driving")])
FIELD_SETS = st.frozensets(st.sampled_from(Field))
GRANTS = st.builds(Grant, PEOPLE_THERE, st.sampled_from(Role), LADDERS_THERE, FIELD_SETS)
SUBJECTS = st.one_of(
    st.builds(Thing, PEOPLE_THERE),
    st.builds(Part, PEOPLE_THERE, LADDERS_THERE, st.one_of(st.none(), st.sampled_from(Field))),
)
PERSONS = st.builds(Actor, PEOPLE_THERE, st.lists(GRANTS, max_size=4).map(tuple), operates=st.booleans())
SCOPE_SETS = st.frozensets(st.sampled_from(Scope))
CHOSEN_LADDERS = st.one_of(st.none(), st.frozensets(LADDERS_THERE))


@given(PERSONS, st.sampled_from(Action), SUBJECTS)
def test_without_a_grant_of_its_person_there_is_nothing_of_somebody_else(
    actor: Actor, action: Action, subject: Thing | Part
) -> None:
    theirs = any(grant.person == subject.person for grant in actor.grants)
    if actor.person != subject.person and not theirs:
        assert not may(actor, action, subject)


@given(PERSONS, GRANTS, st.sampled_from(Action), SUBJECTS)
def test_one_more_grant_opens_its_own_ladder_alone_and_closes_nothing(
    actor: Actor, grant: Grant, action: Action, subject: Thing | Part
) -> None:
    before, after = (
        may(actor, action, subject),
        may(replace(actor, grants=(*actor.grants, grant)), action, subject),
    )
    assert after or not before
    if after and not before:
        assert isinstance(subject, Part)
        assert (subject.person, subject.ladder) == (grant.person, grant.ladder)
        assert subject.field is None or subject.field in grant.fields


@given(PERSONS, SCOPE_SETS, CHOSEN_LADDERS, st.sampled_from(Action), SUBJECTS)
def test_a_program_may_do_no_more_than_its_person_and_nothing_with_what_is_somebody_elses(
    actor: Actor,
    scopes: frozenset[Scope],
    chosen: frozenset[LadderId] | None,
    action: Action,
    subject: Thing | Part,
) -> None:
    program = replace(actor, scopes=scopes, ladders=chosen)
    if may(program, action, subject):
        assert subject.person == actor.person
        assert may(Actor(actor.person), action, subject)
        assert chosen is None or (isinstance(subject, Part) and subject.ladder in chosen)
        assert may(replace(program, scopes=frozenset(Scope), ladders=None), action, subject)
        assert may(replace(program, grants=()), action, subject)


@given(PERSONS, st.sampled_from(Action), SUBJECTS)
def test_a_program_without_scopes_may_do_nothing(actor: Actor, action: Action, subject: Thing | Part) -> None:
    assert not may(replace(actor, scopes=frozenset()), action, subject)


@pytest.mark.parametrize("action", Action)
def test_what_is_not_ones_own_is_told_like_what_does_not_exist(action: Action) -> None:
    told = []
    for subject in (Thing(ANA), None):
        with pytest.raises(NotFound) as failure:
            permitted(BEN, action, subject, "ladder")
        told.append(str(failure.value))
    assert told[0] == told[1]
    if action is not Action.OPERATE:
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
