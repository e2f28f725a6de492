"""Stories of others and whom the person has seen: how they come into the log, and back out."""

import pytest
from tests.databases import SetClock

from rung.app import evidence, sources
from rung.app.beliefs import believer
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.model import Ladder, PersonId, StepId
from rung.app.ports import Services
from rung.engine import Task
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import speaking

STORY, OTHER, DOMAIN = "ruth-one-sentence", "emeka-tell-you-tomorrow", "saying-no"
ID = "0f0e0d0c-0b0a-4908-8706-050403020100"


@pytest.fixture
def no(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Say no to extra shifts", ["by message", "to her face"])


def sure(services: Services, ladder: Ladder) -> float:
    with services.store.reading() as tx:
        person = believer(services, tx, ladder.person)
    return services.engine.efficacy(person, Task(ladder.id), services.clock.now().timestamp()).mean


def test_a_ladder_is_shown_the_stories_of_its_domain_and_the_others_to_browse(
    services: Services, no: Ladder
) -> None:
    found = sources.models(services, no.person)
    assert found.shelf.chosen == no
    assert found.domain is not None
    assert found.domain.id == DOMAIN
    assert [outlook.story.id for outlook in found.stories] == [STORY, OTHER]
    assert DOMAIN not in [domain.id for domain in found.others]
    elsewhere = sources.models(services, no.person, no.id, "first-5-km")
    assert not elsewhere.is_fitting
    with pytest.raises(NotFound, match="no such collection"):
        sources.models(services, no.person, no.id, "../../etc/passwd")


def test_a_ladder_that_no_domain_fits_is_shown_none(services: Services, ana: PersonId) -> None:
    ladders.name_ladder(services, ana, "Qwxz", ["a"])
    found = sources.models(services, ana)
    assert (found.domain, found.stories) == (None, ())
    assert found.others


def test_a_story_is_a_model_that_the_engine_learns_from(services: Services, no: Ladder) -> None:
    before = sure(services, no)
    event_id = sources.read_story(services, no.person, no.id, STORY, 0.67, step_id=no.steps[0].id)
    (event,) = evidence.log_of(services, no.person)
    assert (event.id, event.kind, event.value, event.similarity, event.coping) == (
        event_id,
        "model",
        1.0,
        0.67,
        1.0,
    )
    assert (event.domain, event.task, event.difficulty) == (no.id, no.steps[0].id, no.steps[0].difficulty)
    assert event.context == f"story:{STORY}"
    assert sure(services, no) > before


def test_the_more_alike_the_more_it_moves_and_struggle_helps(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    moved = []
    for similarity, coping in ((0.0, False), (0.33, False), (0.33, True), (1.0, True)):
        ladder = ladders.name_ladder(services, ana, f"Say no {similarity} {coping}", ["a"])
        sources.read_story(services, ana, ladder.id, STORY, similarity, coping)
        moved.append(sure(services, ladder))
    assert moved == sorted(moved)
    assert moved[0] == 0.5


def test_read_again_on_the_same_day_it_counts_once_and_is_corrected(
    services: Services, clock: SetClock, no: Ladder
) -> None:
    first = sources.read_story(services, no.person, no.id, STORY, 1.0)
    clock.move(hours=3)
    again = sources.read_story(services, no.person, no.id, STORY, 0.33, coping=False)
    assert again == first
    (event,) = evidence.log_of(services, no.person)
    assert (event.similarity, event.coping) == (0.33, 0.0)
    assert sources.models(services, no.person).stories[0].is_today
    sources.read_story(services, no.person, no.id, OTHER, 1.0)
    clock.move(days=1)
    assert sources.read_story(services, no.person, no.id, STORY, 0.33) != first
    assert len(evidence.log_of(services, no.person)) == 3


def test_the_day_is_the_persons_own(services: Services, clock: SetClock, no: Ladder) -> None:
    clock.move(hours=6)  # 15:00 UTC
    with speaking("en", "Pacific/Auckland"):
        sources.read_story(services, no.person, no.id, STORY, 1.0)
        clock.move(hours=-5)  # the evening before, by that clock
        sources.read_story(services, no.person, no.id, STORY, 1.0)
    assert len(evidence.log_of(services, no.person)) == 2


def test_what_was_taken_back_today_may_be_kept_anew(services: Services, no: Ladder) -> None:
    first = sources.read_story(services, no.person, no.id, STORY, 1.0)
    evidence.take_back(services, no.person, first)
    assert evidence.log_of(services, no.person) == []
    assert sources.read_story(services, no.person, no.id, STORY, 0.67) != first
    assert sources.models(services, no.person).seen[0].similarity == 0.67


def test_a_story_that_is_sent_twice_is_kept_once(services: Services, no: Ladder) -> None:
    ids = {sources.read_story(services, no.person, no.id, STORY, 1.0, event_id=ID) for _ in range(2)}
    assert ids == {ID}
    with services.store.reading() as tx:
        assert len(tx.evidence.revisions(no.person, [ID])[ID]) == 1


def test_somebody_seen_is_kept_with_what_they_did(services: Services, no: Ladder) -> None:
    event_id = sources.see_somebody(
        services, no.person, no.id, " Nadia ", "She said it twice.", 0.5, 0.67, True, no.steps[1].id, ID
    )
    assert evidence.texts_of(services, no.person, event_id) == {"who": "Nadia", "story": "She said it twice."}
    (seen,) = sources.models(services, no.person).seen
    assert (seen.who, seen.told, seen.outcome, seen.coping, seen.step) == (
        "Nadia",
        "She said it twice.",
        0.5,
        True,
        no.steps[1],
    )

    def again(told: str = "She said it twice.", outcome: float = 0.5) -> str:
        return sources.see_somebody(
            services, no.person, no.id, "Nadia", told, outcome, 0.67, True, no.steps[1].id, ID
        )

    assert again() == event_id
    with pytest.raises(Conflict):
        again("Something else")
    with pytest.raises(Conflict):
        again(outcome=1.0)


@pytest.mark.parametrize("number", [-0.1, 1.1, float("nan"), float("inf")])
def test_no_number_comes_in_that_the_log_does_not_allow(
    services: Services, no: Ladder, number: float
) -> None:
    with pytest.raises(InvalidInput):
        sources.read_story(services, no.person, no.id, STORY, number)
    with pytest.raises(InvalidInput):
        sources.see_somebody(services, no.person, no.id, "A", "", number)
    with pytest.raises(InvalidInput):
        sources.see_somebody(services, no.person, no.id, "A", "", 1.0, number)
    assert evidence.log_of(services, no.person) == []


@pytest.mark.parametrize("who", ["", " \n", "a" * 5000, "a\x00b"])
def test_who_it_was_is_a_text_like_any_other(services: Services, no: Ladder, who: str) -> None:
    with pytest.raises(InvalidInput):
        sources.see_somebody(services, no.person, no.id, who, "", 1.0)


def test_a_story_or_a_step_that_does_not_exist_is_not_found(services: Services, no: Ladder) -> None:
    with pytest.raises(NotFound, match="no such story"):
        sources.read_story(services, no.person, no.id, "nobody", 1.0)
    with pytest.raises(NotFound, match="no such step"):
        sources.read_story(services, no.person, no.id, STORY, 1.0, step_id=StepId(no.id))


def test_all_of_it_survives_a_journey_through_an_archive(
    services: Services, ben: PersonId, no: Ladder
) -> None:
    sources.read_story(services, no.person, no.id, STORY, 0.67)
    sources.see_somebody(services, no.person, no.id, "Nadia", "She said it.", 1.0, 0.33)
    archive.import_archive(services, ben, archive.export_archive(services, no.person))
    told = [(seen.who, seen.told, seen.similarity) for seen in sources.models(services, ben).seen]
    assert sorted(told) == sorted(
        (seen.who, seen.told, seen.similarity) for seen in sources.models(services, no.person).seen
    )
