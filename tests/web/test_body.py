"""The exercises of the body, as a browser without a screen sends them."""

from uuid import uuid4

import pytest
from tests.conftest import join
from tests.web.stage import Past, Visitor, field, path_of

from rung.app import evidence
from rung.app.climbing import ladders
from rung.app.model import EventId
from rung.app.ports import Services
from rung.app.sources.body import note_state
from rung.engine.events import Event


def states(services: Services, past: Past) -> list[Event]:
    log = evidence.log_of(services, past.person)
    return [event for event in log if event.kind == "state"]


@pytest.fixture
def fields(past: Past) -> dict[str, str]:
    return {
        "id": str(uuid4()),
        "ladder": past.ladder,
        "step": past.steps[6],
        "before": "8",
        "sentence": "ready",
        "arousal": "7",
        "appraisal": "rather-ready",
    }


def test_all_five_screens_stand_on_one_page_with_the_persons_own_evidence(robin: Visitor, past: Past) -> None:
    page = robin.page(f"/body/reappraise?ladder={past.ladder}&step={past.steps[6]}")
    for words in (
        "Where do you feel it?",
        "What is it for?",
        "it worked.",
        "Here you tried 7 times with your body at 6 of 10 or more. It worked 5 of them.",
        "Read it again",
        "And now?",
        "Pain, pressure in the chest, faintness",
        "tel:911",
        "Bosshard and Gomez, 2024",
        "d = 0.23",
    ):
        assert words in page


def test_the_end_of_the_exercise_is_kept_as_a_state(
    robin: Visitor, sqlite_services: Services, past: Past, fields: dict[str, str]
) -> None:
    for _ in range(2):
        kept = path_of(robin.send_form("/body/reappraise", **fields))
    (state,) = states(sqlite_services, past)
    assert (state.domain, state.task, state.arousal, state.appraisal) == (past.ladder, "", 0.7, 0.5)
    assert evidence.texts_of(sqlite_services, past.person, EventId(state.id))["reading"] == (
        "My body is getting ready for this."
    )
    page = robin.page(kept)
    assert "Your body is at 7 of 10. You read it as: rather ready." in page
    assert f"/ladders/{past.ladder}/log?step={past.steps[6]}" in page
    robin.send_form(f"/attempts/{state.id}/take-back")
    assert states(sqlite_services, past) == []


def test_ones_own_words_go_before_a_chosen_sentence(
    robin: Visitor, sqlite_services: Services, past: Past, fields: dict[str, str]
) -> None:
    own = "My body is getting ready for <b>Tuesday</b> 100 %"
    page = robin.page(path_of(robin.send_form("/body/reappraise", **fields, reading=own)))
    assert "&lt;b&gt;Tuesday&lt;/b&gt; 100 %" in page


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"arousal": ""}, "Say how strongly it is going now"),
        ({"arousal": "11"}, "0 to 10"),
        ({"arousal": "nan"}, "0 to 10"),
        ({"appraisal": ""}, "Choose how you read it now"),
        ({"appraisal": "great"}, "none of the answers"),
        ({"reading": "x" * 4001}, "4,001 characters"),
        ({"reading": "a\x00b"}, "cannot be printed"),
    ],
)
def test_what_does_not_fit_is_said_beside_it_and_nothing_is_kept(
    robin: Visitor,
    sqlite_services: Services,
    past: Past,
    fields: dict[str, str],
    changed: dict[str, str],
    words: str,
) -> None:
    answer = robin.send_form("/body/reappraise", **fields | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert field(answer.text, "id") == fields["id"]
    assert states(sqlite_services, past) == []


def test_a_changed_form_under_an_old_id_says_so(robin: Visitor, past: Past, fields: dict[str, str]) -> None:
    robin.send_form("/body/reappraise", **fields)
    again = robin.send_form("/body/reappraise", **fields | {"arousal": "3"})
    assert again.status_code == 422
    assert "This form was sent before" in again.text


def test_what_is_not_ones_own_is_not_found(
    robin: Visitor, sqlite_services: Services, past: Past, fields: dict[str, str]
) -> None:
    ben = join(sqlite_services, "Ben")
    theirs = ladders.name_ladder(sqlite_services, ben, "Sing", ["Hum"])
    state = note_state(sqlite_services, ben, theirs.id, 0.5, 0.5, "secret")
    for path in (
        f"/body/reappraise?ladder={theirs.id}",
        f"/body/reappraise?ladder={past.ladder}&step={theirs.steps[0].id}",
        f"/body?kept={state}",
        "/body?kept=x",
        "/body/reappraise?ladder=x",
    ):
        assert robin.get(path).status_code == 404, path
    for ladder in (theirs.id, str(uuid4()), "x", "\x00", ""):
        assert robin.send_form("/body/reappraise", **fields | {"ladder": ladder}).status_code == 404
    assert robin.send_form("/body/reappraise", **fields | {"step": "\x00"}).status_code == 404
    assert len([one for one in evidence.log_of(sqlite_services, ben) if one.kind == "state"]) == 1


def test_with_several_ladders_one_is_chosen(robin: Visitor, sqlite_services: Services, past: Past) -> None:
    run = ladders.name_ladder(sqlite_services, past.person, "Run", ["run"])
    page = robin.page("/body/reappraise")
    assert f'<option value="{past.ladder}" selected>' in page
    kept = robin.send_form("/body/reappraise", ladder=run.id, arousal="4", appraisal="ready")
    assert path_of(kept).startswith(f"/body?ladder={run.id}&kept=")
    assert "It worked" not in robin.page(f"/body/reappraise?ladder={run.id}")


def test_breathing_can_be_done_from_its_words_alone(robin: Visitor) -> None:
    page = robin.page("/body/breathe")
    assert "count to four, and out while you count to six" in page
    assert "You do not need to be calm to begin" in page


def test_the_hub_leads_to_both_exercises_and_the_log(robin: Visitor, past: Past) -> None:
    page = robin.page(f"/body?ladder={past.ladder}&step={past.steps[6]}")
    query = f"ladder={past.ladder}&amp;step={past.steps[6]}"
    assert f"/body/reappraise?{query}" in page
    assert f"/body/breathe?{query}" in page
    assert f"/sources/body?ladder={past.ladder}" in page
