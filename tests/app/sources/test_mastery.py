"""The mastery bank, its search, and the evidence against a doubt."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import SetClock

from rung.app import evidence, sources
from rung.app.climbing import ladders
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import Entry, Services
from rung.engine import Event
from rung.errors import NotFound


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["to a friend", "to the team", "on stage"])


def did(
    services: Services,
    clock: SetClock,
    ladder: Ladder,
    place: int,
    what: Did,
    **said: object,
) -> EventId:
    clock.move(hours=1)
    event = evidence.record(services, ladder.person, ladder.id, ladder.steps[place].id, what)
    if said:
        evidence.reflect(services, ladder.person, event, Reflection(**said))  # type: ignore[arg-type]  # fields by name
    return event


def shown(bank: sources.Bank) -> list[EventId]:
    return [proof.event_id for proof in bank.proofs]


def test_the_bank_holds_what_worked_or_worked_partly_newest_first_with_what_was_written(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    first = did(services, clock, talks, 0, Did.DONE, what_helped="One card with one word")
    did(services, clock, talks, 1, Did.TRIED, what_helped="Nothing")
    did(services, clock, talks, 1, Did.AVOIDED)
    last = did(services, clock, talks, 1, Did.PARTLY)
    bank = sources.bank(services, talks.person)
    assert shown(bank) == [last, first]
    assert bank.proofs[1].texts == {"what_helped": "One card with one word"}
    assert (bank.found, bank.whole, bank.pages) == (2, 2, 1)


def test_what_was_taken_back_leaves_the_bank(services: Services, clock: SetClock, talks: Ladder) -> None:
    event = did(services, clock, talks, 0, Did.DONE)
    evidence.take_back(services, talks.person, event)
    assert sources.bank(services, talks.person).whole == 0


@pytest.mark.parametrize(
    "words", ["card", "CARD", "éric", "ERIC card", "team eric", "straße", "  card\teric ", "eric “card"]
)
def test_the_search_minds_neither_capitals_nor_accents(
    services: Services, clock: SetClock, talks: Ladder, words: str
) -> None:
    event = did(
        services, clock, talks, 1, Did.DONE, what_helped="Éric held the “card”", what_next="STRASSE first"
    )
    did(services, clock, talks, 0, Did.DONE, what_helped="Breathing")
    assert shown(sources.bank(services, talks.person, words=words)) == [event]


@pytest.mark.parametrize("words", ["card breath", "x" * 5000, "%", "card' OR 1=1 --", "\x00", "me"])
def test_every_word_must_occur_and_a_sign_is_only_a_sign(
    services: Services, clock: SetClock, talks: Ladder, words: str
) -> None:
    did(services, clock, talks, 1, Did.DONE, what_helped="A card", cause="me")
    did(services, clock, talks, 0, Did.DONE, what_helped="Breathing")
    assert sources.bank(services, talks.person, words=words).proofs == ()


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert sources.folded(sources.folded(text)) == sources.folded(text)


def test_the_bank_is_of_one_ladder_where_one_is_asked_for(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    clock.move(hours=1)
    running = ladders.name_ladder(services, ana, "Running", ["run"])
    did(services, clock, talks, 0, Did.DONE)
    event = did(services, clock, running, 0, Did.DONE)
    bank = sources.bank(services, ana, running.id)
    assert shown(bank) == [event]
    assert bank.whole == 2
    assert [ladder.name for ladder in bank.shelf.ladders] == ["Talks", "Running"]


def test_thousands_come_in_pages(services: Services, clock: SetClock, talks: Ladder) -> None:
    start = clock.now().timestamp()
    entries = [
        Entry(
            Event(
                talks.person,
                talks.id,
                talks.steps[0].id,
                start + number,
                "attempt",
                1.0,
                feedback=1.0,
                id=f"00000000-0000-4000-8000-{number:012d}",
            ),
            datetime(2026, 11, 23, tzinfo=UTC),
        )
        for number in range(1, 2502)
    ]
    with services.store.writing(talks.person) as tx:
        tx.evidence.append(entries)
    bank = sources.bank(services, talks.person)
    assert (len(bank.proofs), bank.found, bank.pages) == (sources.PAGE, 2501, 126)
    assert bank.proofs[0].event_id.endswith("2501")
    last = sources.bank(services, talks.person, page=10**12)
    assert (last.page, len(last.proofs)) == (126, 1)
    assert sources.bank(services, talks.person, page=-5).page == 1
    assert sources.bank(services, talks.person, words="friend").found == 2501


def test_a_try_that_was_doubted_says_what_stood_against_it(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    evidence.judge(services, talks.person, talks.id, {step.id: 20 for step in talks.steps})
    unsure = did(services, clock, talks, 2, Did.DONE)
    clock.move(hours=1)
    evidence.judge(services, talks.person, talks.id, {step.id: 100 for step in talks.steps})
    awake = did(services, clock, talks, 0, Did.DONE, arousal=0.6)
    did(services, clock, talks, 0, Did.AVOIDED)
    passed = did(services, clock, talks, 0, Did.PARTLY)
    did(services, clock, talks, 0, Did.TRIED)
    failed = did(services, clock, talks, 0, Did.DONE, arousal=0.5)
    did(services, clock, talks, 0, Did.DONE)
    bank = sources.bank(services, talks.person, doubted=True)
    assert shown(bank) == [failed, passed, awake, unsure]
    doubts = {proof.event_id: proof.doubt for proof in bank.proofs if proof.doubt}
    assert [doubt.count for doubt in doubts.values()] == [1, 1, 1, 1]
    assert doubts[unsure].unsure
    assert 0.0 < doubts[unsure].expected < 0.5
    assert doubts[awake].awake
    assert doubts[passed].passed
    assert doubts[failed].failed


def test_nobody_was_unsure_of_whom_nothing_was_known(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    did(services, clock, talks, 2, Did.DONE)
    assert sources.bank(services, talks.person, doubted=True).proofs == ()


def test_against_a_doubt_stand_the_three_best_of_the_ladder(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    running = ladders.name_ladder(services, ana, "Running", ["run"])
    did(services, clock, running, 0, Did.TRIED)
    did(services, clock, running, 0, Did.DONE)
    easy = [did(services, clock, talks, 0, Did.DONE, arousal=0.9) for _ in range(3)]
    did(services, clock, talks, 1, Did.AVOIDED)
    middle = did(services, clock, talks, 1, Did.DONE, arousal=0.8, what_helped="I looked at Jo")
    did(services, clock, talks, 2, Did.AVOIDED)
    hard = did(services, clock, talks, 2, Did.PARTLY)
    best = sources.against_doubt(services, ana, talks.id, talks.steps[1].id)
    assert [proof.event_id for proof in best] == [middle, hard, easy[-1]]
    assert best[0].texts == {"what_helped": "I looked at Jo"}


def test_against_a_doubt_stands_nothing_where_nothing_worked(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    did(services, clock, talks, 0, Did.TRIED)
    assert sources.against_doubt(services, talks.person, talks.id, talks.steps[0].id) == ()
    with pytest.raises(NotFound):
        sources.against_doubt(services, talks.person, talks.id, talks.id)  # type: ignore[arg-type]  # a ladder's id where a step's belongs
