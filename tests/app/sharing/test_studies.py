"""The log that a researcher gets: what was consented to, and nothing by which anybody is recognised."""

from collections.abc import Mapping

import pytest
from tests.app.sharing.conftest import People
from tests.databases import SetClock

from rung.app import evidence, sources
from rung.app.climbing import ladders
from rung.app.model import Did, Reflection
from rung.app.policies import Role
from rung.app.sharing import consenting
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sharing.looks import looks
from rung.app.sharing.studies import Study, export_study, pseudonym, study_of
from rung.engine.events import Event
from rung.log import log_from_bytes

KINDS: Mapping[Field, set[str]] = {
    Field.JUDGEMENTS: {"judgement"},
    Field.OUTCOMES: {"attempt", "note", "choice"},
    Field.ATTRIBUTIONS: set(),
    Field.FEARS: {"state"},
}
COLUMNS: Mapping[Field, tuple[str, ...]] = {
    Field.ATTRIBUTIONS: ("aid", "effort", "internal", "stable", "controllable"),
    Field.FEARS: ("feared", "happened", "arousal", "appraisal"),
}


@pytest.fixture
def lived(people_here: People, clock: SetClock) -> People:
    """Ana did one of everything, on two ladders."""
    services, ana, talks = people_here.services, people_here.ana, people_here.talks
    for did in Did:
        clock.move(hours=7)
        event = evidence.record(services, ana, talks.id, talks.steps[1].id, did)
        if did is Did.TRIED:
            told = Reflection(aid=0.5, internal=1.0, feared=0.7, happened=0.2, what_helped="Topaz helped")
            evidence.reflect(services, ana, event, told)
    sources.note_state(services, ana, talks.id, 0.5, 0.5, "Topaz heart")
    sources.hear(services, ana, talks.id, "Topaz", "You can", 0.8, 0.8, "")
    other = ladders.name_ladder(services, ana, "Topaz ladder", ["Topaz step"])
    evidence.record(services, ana, other.id, other.steps[0].id, Did.DONE)
    return people_here


def rows(people_here: People) -> list[Event]:
    data = export_study(people_here.services, people_here.ben)
    return list(log_from_bytes(data, "study.csv").events()) if data.count(b"\n") > 1 else []


@pytest.mark.parametrize(
    "fields", [{one} for one in Field] + [{Field.JUDGEMENTS, Field.FEARS}, set(ALL_FIELDS)]
)
def test_the_file_holds_what_was_consented_to_and_nothing_else(lived: People, fields: set[Field]) -> None:
    lived.show(lived.let_in(lived.ana, lived.ben, Role.RESEARCHER), *fields)
    found = rows(lived)
    expected = {kind for field in fields for kind in KINDS.get(field, set())}
    assert {event.kind for event in found} == expected
    for field, columns in COLUMNS.items():
        filled = any(getattr(event, column) is not None for event in found for column in columns)
        if field not in fields:
            assert not filled, field
    if fields >= {Field.OUTCOMES, *COLUMNS}:
        assert any(event.aid == 0.5 and event.feared == 0.7 for event in found)


def test_nothing_in_it_is_a_name_a_word_an_id_or_a_date_of_the_person(lived: People) -> None:
    services, talks = lived.services, lived.talks
    bond = lived.show(lived.let_in(lived.ana, lived.ben, Role.RESEARCHER), *ALL_FIELDS)
    text = export_study(services, lived.ben).decode()
    with services.store.reading() as tx:
        own = tx.evidence.log(lived.ana)
    known = {lived.ana, lived.ben, bond.id, talks.id, *(step.id for step in talks.steps)}
    known |= {entry.event.id for entry in own}
    assert not [one for one in known if one in text]
    assert not [word for word in ("Ana", "Ben", "Talks", "Topaz", "secret", "2026") if word in text]
    found = rows(lived)
    assert min(event.time for event in found) == 0.0
    assert {event.person for event in found} == {pseudonym(bond)}


def test_it_is_the_same_file_each_time_and_another_one_for_another_researcher(lived: People) -> None:
    lived.show(lived.let_in(lived.ana, lived.ben, Role.RESEARCHER), *ALL_FIELDS)
    first = export_study(lived.services, lived.ben)
    assert export_study(lived.services, lived.ben) == first
    sue = lived.more("Sue")
    lived.show(lived.let_in(lived.ana, sue, Role.RESEARCHER), *ALL_FIELDS)
    second = export_study(lived.services, sue)
    cells = [
        {cell for row in data.decode().splitlines()[1:] for cell in row.split(",") if len(cell) > 11}
        for data in (first, second)
    ]
    assert cells[0]
    assert cells[0].isdisjoint(cells[1])


def test_who_ended_it_or_shows_nothing_or_lets_in_as_a_coach_is_not_in_it(lived: People) -> None:
    services, ben = lived.services, lived.ben
    bond = lived.let_in(lived.ana, ben, Role.RESEARCHER)
    coached = lived.show(lived.let_in(lived.ana, ben), *ALL_FIELDS)
    assert study_of(services, ben) == Study(people=1, showing=0)
    assert rows(lived) == []
    lived.show(bond, Field.OUTCOMES)
    assert study_of(services, ben) == Study(people=1, showing=1)
    assert rows(lived)
    consenting.end(services, lived.ana, bond.id)
    assert rows(lived) == []
    assert coached.consents


def test_each_time_is_noted_for_each_ladder_that_was_taken_out(lived: People) -> None:
    lived.show(lived.let_in(lived.ana, lived.ben, Role.RESEARCHER), *ALL_FIELDS)
    export_study(lived.services, lived.ben)
    seen = looks(lived.services, lived.ana).reads
    assert [(one.reader, one.view, one.ladder) for one in seen] == [
        ("Ben (researcher)", "study", lived.talks.id)
    ]
    assert seen[0].fields == ALL_FIELDS - {Field.TEXTS}


def test_people_stand_in_it_in_no_order_of_their_coming(lived: People) -> None:
    bonds = []
    for number in range(6):
        person = lived.more(f"taking part {number}")
        ladder = ladders.name_ladder(lived.services, person, "x", ["y"])
        evidence.record(lived.services, person, ladder.id, ladder.steps[0].id, Did.DONE)
        bonds.append(lived.show(lived.let_in(person, lived.ben, Role.RESEARCHER), *ALL_FIELDS, ladder=ladder))
    found = list(dict.fromkeys(event.person for event in rows(lived)))
    assert found == sorted(pseudonym(bond) for bond in bonds)
