"""What each source has given, how the body went, and what holds for all four."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.app import evidence, sources
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import Entry, Services
from rung.engine import Engine, Event
from rung.errors import InvalidInput, NotFound

STORY = "ruth-one-sentence"
DAY = 86_400.0


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["to a friend", "to the team"])


def by_source(given: tuple[sources.Given, ...]) -> dict[str, sources.Given]:
    return {one.source: one for one in given}


def test_without_a_ladder_there_is_nothing_to_tell(services: Services, ana: PersonId) -> None:
    balance = sources.balance_of(services, ana)
    assert balance.shelf == sources.Shelf((), None)
    assert [one.count for one in balance.given] == [0, 0, 0, 0]
    assert all(one.share is None for one in balance.given)


def test_the_ladder_that_was_used_last_is_at_hand(
    services: Services, clock: SetClock, ana: PersonId, talks: Ladder
) -> None:
    clock.move(hours=1)
    running = ladders.name_ladder(services, ana, "Running", ["run"])
    assert sources.balance_of(services, ana).shelf.chosen == running
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    assert sources.balance_of(services, ana).shelf.chosen == talks
    ladders.archive_ladder(services, ana, talks.id)
    assert sources.balance_of(services, ana).shelf.chosen == running
    assert [ladder.id for ladder in sources.balance_of(services, ana, talks.id).shelf.ladders] == [
        talks.id,
        running.id,
    ]


def test_few_events_are_too_early_to_share_out(services: Services, clock: SetClock, talks: Ladder) -> None:
    for number in range(5):
        assert all(one.share is None for one in sources.balance_of(services, talks.person).given), number
        clock.move(hours=1)
        evidence.record(services, talks.person, talks.id, talks.steps[0].id, Did.DONE)
    shares = by_source(sources.balance_of(services, talks.person).given)
    assert shares["mastery"].share == 1.0
    assert shares["models"].share == 0.0


def test_nothing_is_shared_out_where_belief_never_rose(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    for _ in range(9):
        clock.move(hours=1)
        evidence.record(services, talks.person, talks.id, talks.steps[0].id, Did.TRIED)
    assert all(one.share is None for one in sources.balance_of(services, talks.person).given)


def test_judgements_belong_to_no_source(services: Services, clock: SetClock, talks: Ladder) -> None:
    for rating in (10, 40, 70, 100, 100, 100):
        clock.move(hours=1)
        evidence.judge(services, talks.person, talks.id, {step.id: rating for step in talks.steps})
    balance = sources.balance_of(services, talks.person)
    assert [one.events for one in balance.given] == [0, 0, 0, 0]
    assert [one.points for one in balance.given] == [0.0, 0.0, 0.0, 0.0]


def test_shares_add_up_and_a_month_of_all_four_is_told_apart() -> None:
    log = []
    for number in range(8):
        at = number * DAY
        log += [
            Event("p", "d", "", at, "state", arousal=0.6, appraisal=1.0),
            Event("p", "d", "t", at + 1, "model", 1.0, similarity=1.0, coping=1.0),
            Event("p", "d", "t", at + 2, "persuasion", 0.9, credibility=1.0),
            Event("p", "d", "t", at + 3, "attempt", 1.0, feedback=1.0, arousal=0.5),
        ]
    given = sources.given_by(Engine(), log, 8 * DAY)
    assert [one.count for one in given] == [8, 8, 8, 16]
    assert given[0].worked == 8
    assert sum(one.share or 0.0 for one in given) == pytest.approx(1.0)
    assert all(one.points > 0.0 for one in given)
    later = sources.given_by(Engine(), log, 200 * DAY)
    assert [one.count for one in later] == [0, 0, 0, 0]
    assert [one.share for one in later] == [one.share for one in given]


def test_the_strongest_source_that_is_thin_is_named(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    me = talks.person
    assert sources.balance_of(services, me).thin == "mastery"
    for _ in range(3):
        clock.move(hours=1)
        evidence.record(services, me, talks.id, talks.steps[0].id, Did.DONE)
    assert sources.balance_of(services, me).thin == "models"
    sources.read_story(services, me, talks.id, STORY, 1.0)
    assert sources.balance_of(services, me).thin == "encouragement"
    sources.hear(services, me, talks.id, "Jo", "Calm", 0.8, 1.0)
    assert sources.balance_of(services, me).thin == "body"
    for _ in range(3):
        sources.note_state(services, me, talks.id, 0.5, 0.5)
    assert sources.balance_of(services, me).thin is None
    clock.move(days=91)
    assert sources.balance_of(services, me).thin == "mastery"


def test_a_state_counts_at_once_and_is_read_back(services: Services, clock: SetClock, talks: Ladder) -> None:
    event_id = sources.note_state(services, talks.person, talks.id, 0.8, 1.0, "Like before the choir")
    attempt = evidence.record(services, talks.person, talks.id, talks.steps[0].id, Did.DONE)
    evidence.reflect(services, talks.person, attempt, Reflection(arousal=0.7, appraisal=-0.5))
    evidence.record(services, talks.person, talks.id, talks.steps[0].id, Did.TRIED)
    felt = sources.body_log(services, talks.person).felt
    assert {(one.event_id, one.is_attempt, one.arousal, one.appraisal, one.outcome) for one in felt} == {
        (event_id, False, 0.8, 1.0, None),
        (attempt, True, 0.7, -0.5, 1.0),
    }
    assert [one.reading for one in felt if not one.is_attempt] == ["Like before the choir"]


@pytest.mark.parametrize("arousal, appraisal", [(1.1, 0.0), (-0.1, 0.0), (0.5, -1.5), (float("nan"), 0.0)])
def test_a_state_has_its_range(services: Services, talks: Ladder, arousal: float, appraisal: float) -> None:
    with pytest.raises(InvalidInput):
        sources.note_state(services, talks.person, talks.id, arousal, appraisal)
    assert evidence.log_of(services, talks.person) == []


def test_a_month_of_all_sources_leads_to_the_state_that_a_replay_leads_to(
    services: Services, clock: SetClock, talks: Ladder
) -> None:
    me, chance = talks.person, random.Random(7)
    kept: list[EventId] = []
    for _day in range(30):
        clock.move(hours=chance.randint(1, 30))
        step = chance.choice(talks.steps).id
        what = chance.randrange(6)
        if what == 0:
            kept.append(sources.read_story(services, me, talks.id, STORY, chance.random(), step_id=step))
        elif what == 1:
            kept.append(sources.see_somebody(services, me, talks.id, "Jo", "", chance.random(), 0.5))
        elif what == 2:
            kept.append(sources.hear(services, me, talks.id, "Jo", "Calm", chance.random(), 0.9))
        elif what == 3:
            kept.append(sources.note_state(services, me, talks.id, chance.random(), 1.0))
        elif what == 4 and kept:
            evidence.take_back(services, me, chance.choice(kept))
        else:
            evidence.record(services, me, talks.id, step, chance.choice(list(Did)))
        with services.store.reading() as tx:
            saved = tx.states.get(me)
        assert saved is not None
        assert saved.state == services.engine.replay(evidence.log_of(services, me)).to_json()


def test_nothing_that_was_written_is_readable_in_the_database(services: Services, talks: Ladder) -> None:
    me = talks.person
    sources.see_somebody(services, me, talks.id, "SECRET", "SECRET", 1.0)
    sources.hear(services, me, talks.id, "SECRET", "SECRET", 0.5, 0.5, "SECRET")
    sources.note_state(services, me, talks.id, 0.5, 0.5, "SECRET")
    sources.read_story(services, me, talks.id, STORY, 1.0)
    store = services.store
    assert isinstance(store, DatabaseStore)
    with store.engine.connect() as connection:
        rows = [
            repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
            for table in ("events", "texts")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert not [row for row in rows if "SECRET" in row]
    assert [row for row in rows if f"story:{STORY}" in row], "an id of ours is no secret"


def test_a_story_that_is_none_of_ours_is_sealed_like_any_words(services: Services, talks: Ladder) -> None:
    event = Event(talks.person, talks.id, "", 1.0, "model", 1.0, context="story:secret-of-mine", id=talks.id)
    with services.store.writing(talks.person) as tx:
        tx.evidence.append([Entry(event, services.clock.now())])
    store = services.store
    assert isinstance(store, DatabaseStore)
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT context FROM events")).scalars().all() == [""]
    assert [one.context for one in evidence.log_of(services, talks.person)] == ["story:secret-of-mine"]
    assert [seen.story for seen in sources.models(services, talks.person).seen] == [None]


@dataclass(frozen=True)
class Anas:
    """What Ben knows of Ana: every id."""

    services: Services
    ben: PersonId
    ladder: Ladder
    own: Ladder
    attempt: EventId
    kept: EventId


@pytest.fixture
def anas(services: Services, ana: PersonId, ben: PersonId, talks: Ladder) -> Anas:
    attempt = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    kept = sources.see_somebody(services, ana, talks.id, "SECRET", "SECRET", 1.0)
    own = ladders.name_ladder(services, ben, "Running", ["run"])
    return Anas(services, ben, talks, own, attempt, kept)


DOORS: dict[str, Callable[[Anas], object]] = {
    "balance_of": lambda a: sources.balance_of(a.services, a.ben, a.ladder.id),
    "bank": lambda a: sources.bank(a.services, a.ben, a.ladder.id),
    "against_doubt": lambda a: sources.against_doubt(a.services, a.ben, a.ladder.id, a.ladder.steps[0].id),
    "models": lambda a: sources.models(a.services, a.ben, a.ladder.id),
    "read_story": lambda a: sources.read_story(a.services, a.ben, a.ladder.id, STORY, 1.0),
    "see_somebody": lambda a: sources.see_somebody(a.services, a.ben, a.ladder.id, "x", "", 1.0),
    "encouragements": lambda a: sources.encouragements(a.services, a.ben, a.ladder.id),
    "hear": lambda a: sources.hear(a.services, a.ben, a.ladder.id, "x", "y", 0.5, 0.5),
    "body_log": lambda a: sources.body_log(a.services, a.ben, a.ladder.id),
    "note_state": lambda a: sources.note_state(a.services, a.ben, a.ladder.id, 0.5, 0.5),
    "take_back": lambda a: evidence.take_back(a.services, a.ben, a.kept),
    "a step of hers on a ladder of mine": lambda a: sources.read_story(
        a.services, a.ben, a.own.id, STORY, 1.0, step_id=a.ladder.steps[0].id
    ),
    "an attempt of hers on a ladder of mine": lambda a: sources.hear(
        a.services, a.ben, a.own.id, "x", "y", 0.5, 0.5, attempt_id=a.attempt
    ),
    "my step on a ladder of hers": lambda a: sources.against_doubt(
        a.services, a.ben, a.ladder.id, a.own.steps[0].id
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_reaches_what_is_somebody_elses(anas: Anas, ana: PersonId, door: str) -> None:
    before = archive.export_archive(anas.services, ana)
    with pytest.raises(NotFound, match=r"^There is no such (ladder|event|step)$"):
        DOORS[door](anas)
    assert archive.export_archive(anas.services, ana) == before
    assert evidence.log_of(anas.services, anas.ben) == []


def test_what_names_only_its_actor_tells_nothing_of_others(anas: Anas) -> None:
    services, ben = anas.services, anas.ben
    told = repr(
        (
            sources.balance_of(services, ben),
            sources.bank(services, ben, words="secret"),
            sources.models(services, ben).seen,
            sources.encouragements(services, ben),
            sources.body_log(services, ben),
        )
    )
    assert anas.ladder.id not in told
    assert "SECRET" not in told


def test_somebody_elses_id_under_ones_own_event_harms_neither(anas: Anas, ana: PersonId) -> None:
    mine = sources.see_somebody(anas.services, anas.ben, anas.own.id, "x", "y", 0.0, event_id=anas.kept)
    assert mine == anas.kept
    assert evidence.texts_of(anas.services, ana, anas.kept)["who"] == "SECRET"
    assert evidence.texts_of(anas.services, anas.ben, anas.kept)["who"] == "x"
