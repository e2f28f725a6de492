"""What a coach sees: what was consented to, and nothing that could tell the rest."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from tests.app.coaching.bonds import Pair, let_in, pair, see
from tests.conftest import join
from tests.databases import SetClock

from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.coaching.seeing import SharedLadder, preview, shown
from rung.app.model import Did, PersonId, Reflection
from rung.app.policies import Role
from rung.app.ports import Services
from rung.app.sharing import consenting
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sharing.looks import looks
from rung.errors import NotFound

TOLD = Reflection(
    aid=0.33, effort=0.7, internal=1.0, stable=0.5, controllable=1.0, arousal=0.8, appraisal=0.5,
    feared=0.6, happened=0.1, what_helped="the note in my hand", what_feared="a silence", cause="me",
    circumstances="first",
)  # fmt: skip


@pytest.fixture
def two(services: Services, clock: SetClock, ana: PersonId) -> Pair:
    made = pair(services, clock, ana)
    made.judge(90, 70, 50, 20)
    made.log(0, Did.DONE, 1, TOLD)
    made.log(1, Did.AVOIDED, 1)
    made.log(1, Did.TRIED, 1, replace(TOLD, cause="way", what_helped="", what_next="earlier in the day"))
    made.log(1, Did.DONE, 1)
    draft = Draft(at=clock.now() + timedelta(days=1), where="at the desk")
    plans.make(services, ana, made.ladder.id, made.steps[2], draft)
    return made


def seen_by(two: Pair, *fields: Field) -> SharedLadder:
    two.show(*fields)
    return shown(two.services, two.coach, two.person, two.ladder.id)


def test_with_everything_shown_all_of_it_is_there(two: Pair) -> None:
    seen = seen_by(two, *ALL_FIELDS)
    assert (seen.name, seen.title) == ("Ana", "Speak up")
    second = seen.steps[1]
    assert (second.judged, second.tried, second.worked, second.avoided) == (0.7, 2, 1, 1)
    assert second.belief is not None
    assert [one.did for one in seen.tries] == [Did.DONE, Did.TRIED, Did.AVOIDED, Did.DONE]
    assert seen.tries[-1].answers == {"cause": "me", "circumstances": "first"}
    assert seen.tries[-1].words == {"what_helped": "the note in my hand", "what_feared": "a silence"}
    assert seen.tries[-1].numbers["happened"] == 0.1
    assert seen.plans[0].where == "at the desk"
    assert seen.proposal is not None


def test_judgements_alone_tell_no_deed(two: Pair) -> None:
    seen = seen_by(two, Field.JUDGEMENTS)
    assert seen.steps[1].judged == 0.7
    assert seen.steps[1].dids is None
    assert (seen.tries, seen.plans, seen.proposal) == ((), (), None)


def test_outcomes_alone_tell_no_judgement_no_reason_and_no_word(two: Pair) -> None:
    seen = seen_by(two, Field.OUTCOMES)
    assert seen.steps[1].tried == 2
    assert (seen.steps[1].judged, seen.steps[1].belief, seen.proposal) == (None, None, None)
    assert all(not (one.numbers or one.answers or one.words) for one in seen.tries)
    assert seen.plans[0].where == ""


def test_fears_and_words_are_shown_each_on_its_own(two: Pair) -> None:
    seen = seen_by(two, Field.FEARS)
    assert {tuple(sorted(one.numbers)) for one in seen.tries} == {
        ("appraisal", "arousal", "feared", "happened")
    }
    assert all(one.did is None and not one.words for one in seen.tries)
    seen = seen_by(two, Field.TEXTS)
    assert {name for one in seen.tries for name in one.words} == {"what_helped", "what_next"}
    assert all(not one.numbers and not one.answers for one in seen.tries)


def test_why_without_outcomes_does_not_tell_whether_it_worked(two: Pair) -> None:
    seen = seen_by(two, Field.ATTRIBUTIONS)
    assert all(one.did is None and not one.answers for one in seen.tries)
    assert {name for one in seen.tries for name in one.numbers} == {
        "aid", "effort", "internal", "stable", "controllable"
    }  # fmt: skip


@pytest.mark.parametrize("hidden", [Field.JUDGEMENTS, Field.OUTCOMES, Field.ATTRIBUTIONS, Field.FEARS])
def test_what_is_hidden_changes_nothing_that_is_shown(
    sqlite_services: Services, clock: SetClock, hidden: Field
) -> None:
    """Two people who differ in the hidden field alone look the same, down to every estimate."""
    start = clock.now()
    views = []
    for changed in (False, True):
        clock.moment = start
        person = join(sqlite_services, f"Ana {changed}")
        coach = join(sqlite_services, f"Lee {changed}")
        ladder = ladders.name_ladder(sqlite_services, person, "Speak up", ("a", "b", "c", "d"))
        two = Pair(sqlite_services, clock, person, coach, ladder, "")
        two.bond = let_in(sqlite_services, person, two.coach)
        is_judged_otherwise = changed and hidden is Field.JUDGEMENTS
        two.judge_one_by_one(*((30, 20, 10, 0) if is_judged_otherwise else (90, 60, 40, 20)))
        outcome = Did.TRIED if changed and hidden is Field.OUTCOMES else Did.DONE
        told = TOLD
        if changed and hidden is Field.ATTRIBUTIONS:
            told = replace(told, internal=0.0, stable=1.0, effort=0.1, aid=0.9, controllable=0.0)
        if changed and hidden is Field.FEARS:
            told = replace(told, feared=0.1, happened=1.0, arousal=0.1, appraisal=-1.0)
        if hidden is Field.OUTCOMES:
            # A try is an outcome: that there was one is hidden along with what came of it.
            two.log(1, outcome, 1)
        else:
            two.log(1, outcome, 1, told)
        clock.move(days=3)
        two.judge_one_by_one(90, 70, 50, 30)
        views.append(seen_by(two, *(ALL_FIELDS - {hidden, Field.TEXTS})))
    assert _plain(views[0]) == _plain(views[1])


def _plain(seen: SharedLadder) -> object:
    """Everything of it but the ids."""
    steps = [(one.step.name, one.judged, one.belief, one.dids, one.chance) for one in seen.steps]
    proposal = seen.proposal and (seen.proposal.chance, seen.proposal.efficacy, seen.proposal.reasons)
    tries = [(one.did, one.at, sorted(one.numbers.items()), one.answers) for one in seen.tries]
    return steps, proposal, tries, seen.flags


def test_every_look_is_noted_with_who_and_what(two: Pair) -> None:
    seen_by(two, Field.OUTCOMES)
    (look,) = looks(two.services, two.person).reads
    assert (look.reader, look.view, look.ladder) == ("Dr Lee (coach)", "ladder", two.ladder.id)
    assert look.fields == {Field.OUTCOMES}


def test_a_preview_is_the_very_same_and_no_look(two: Pair) -> None:
    for count in range(1, 6):
        for fields in combinations(Field, count):
            two.show(*fields)
            same = preview(two.services, two.person, two.bond, two.ladder.id)
            assert same == shown(two.services, two.coach, two.person, two.ladder.id, note=False)
    assert looks(two.services, two.person).reads == ()


def test_what_is_not_shown_looks_like_what_is_not_there(two: Pair, clock: SetClock) -> None:
    stranger, other = join(two.services), ladders.name_ladder(two.services, two.person, "Other", ("x",))
    for reader, ladder in ((stranger, two.ladder.id), (two.coach, other.id)):
        with pytest.raises(NotFound):
            shown(two.services, reader, two.person, ladder)
    two.show(Field.OUTCOMES, until=clock.now() + timedelta(days=1))
    assert shown(two.services, two.coach, two.person, two.ladder.id).steps
    clock.move(days=1)
    with pytest.raises(NotFound):
        shown(two.services, two.coach, two.person, two.ladder.id)
    two.show(Field.OUTCOMES)
    consenting.end(two.services, two.person, two.bond)
    with pytest.raises(NotFound):
        shown(two.services, two.coach, two.person, two.ladder.id)
    with pytest.raises(NotFound):
        preview(two.services, two.person, two.bond, two.ladder.id)


def test_a_supervisor_reads_along_where_the_person_agreed(two: Pair) -> None:
    supervisor = join(two.services, "Prof Wu")
    let_in(two.services, two.coach, supervisor, Role.SUPERVISOR)
    assert shown(two.services, supervisor, two.person, two.ladder.id).title == "Speak up"
    assert looks(two.services, two.person).reads[0].reader == "Prof Wu (supervisor)"
    consenting.consent(two.services, two.person, two.bond, [], supervised=False)
    with pytest.raises(NotFound):
        shown(two.services, supervisor, two.person, two.ladder.id)


def test_somebody_who_shows_much_is_seen_only_on_that_ladder(two: Pair) -> None:
    other = ladders.name_ladder(two.services, two.person, "Other", ("x",))
    see(two.services, two.person, two.bond, other.id, ALL_FIELDS)
    with pytest.raises(NotFound):
        shown(two.services, two.coach, two.person, two.ladder.id)
