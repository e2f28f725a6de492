"""The loop of one person, page by page, as a browser without script would walk it."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from tests.databases import SetClock
from tests.web.stage import NAME, PASSWORD, Past, Visitor, field, path_of

from rung.adapters.database.evidence import EvidenceTable
from rung.app import evidence
from rung.app.climbing import ladders
from rung.app.model import LadderId
from rung.app.ports import Services


def test_from_the_first_visit_to_a_first_try(
    stranger: Visitor, sqlite_services: Services, clock: SetClock
) -> None:
    assert path_of(stranger.get("/")) == "/welcome"
    assert "It is not treatment" in stranger.page("/welcome")
    assert path_of(stranger.send_form("/welcome", name=NAME, password=PASSWORD)) == "/start"
    assert "What is one thing you have been putting off" in stranger.page("/")

    steps = path_of(stranger.send_form("/ladders/new", name="Ask my landlord to fix the heating"))
    assert path_of(stranger.send_form(steps, names="1. Write it down\n- Say it to a friend\nAsk")) == steps
    ladder = steps.removesuffix("/steps")
    page = stranger.page("/")
    assert "How sure are you, as things are now?" in page

    judge = stranger.page(f"{ladder}/judge")
    assert "One to practise on" in judge
    ids = re.findall(r'name="step" value="([^"]+)"', judge)
    assert (
        path_of(
            stranger.send_form(
                f"{ladder}/judge",
                id=field(judge, "id"),
                step=ids,
                rating=["90", "60", "30"],
                feared=["", "40", ""],
            )
        )
        == f"{ladder}?said=judged"
    )
    assert "One to practise on" not in stranger.page(f"{ladder}/judge")

    today = stranger.page("/")
    assert re.search(r"about \d in 10 \(\d+ to \d+\)", today)
    assert "Why this one?" in today
    log = re.search(r'href="(/ladders/[^"]+/log\?step=[^"]+)"', today)
    assert log
    clock.move(hours=1)
    logged = stranger.page(log[1])
    reflect = path_of(stranger.send_form(log[1], did="done", id=field(logged, "id")))
    page = stranger.page(reflect)
    assert "It worked." in page
    assert "Take it back" in page
    kept = stranger.send_form(
        reflect.partition("?")[0],
        cause="me",
        effort="much",
        arousal="7",
        appraisal="ready",
        what_helped="I sat down",
    )
    assert path_of(kept) == "/?said=reflected"
    again = stranger.page(reflect)
    assert "I sat down" in again
    assert re.search(r'name="appraisal" value="ready" checked', again)
    assert "Too early to say" in stranger.page(f"{ladder}/see")


def test_a_line_may_carry_a_list_mark_or_a_number(robin: Visitor) -> None:
    steps = path_of(robin.send_form("/ladders/new", name="Sing in front of people"))
    robin.send_form(steps, names="- Hum\n\n 2. Sing alone \n3) Sing to a friend\n5 songs in the park")
    page = robin.page(steps)
    assert [
        name for name in ("Hum", "Sing alone", "Sing to a friend", "5 songs in the park") if name not in page
    ] == []
    assert "2. Sing" not in page


def test_sending_a_log_twice_stores_it_once(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    clock.move(hours=1)
    path = f"/ladders/{past.ladder}/log?step={past.steps[6]}"
    event_id = field(robin.page(path), "id")
    before = len(evidence.log_of(sqlite_services, past.person))
    first = path_of(robin.send_form(path, did="tried", id=event_id))
    clock.move(minutes=1)
    assert path_of(robin.send_form(path, did="tried", id=event_id)) == first
    assert len(evidence.log_of(sqlite_services, past.person)) == before + 2


@pytest.mark.parametrize("did", ["tried", "avoided", "skipped"])
def test_sending_a_log_again_after_taking_it_back_says_that_it_is_taken_back(
    robin: Visitor, past: Past, did: str
) -> None:
    path = f"/ladders/{past.ladder}/log?step={past.steps[6]}"
    event_id = field(robin.page(path), "id")
    robin.send_form(path, did=did, id=event_id)
    robin.send_form(f"/attempts/{event_id}/take-back")
    page = robin.page(path_of(robin.send_form(path, did=did, id=event_id)))
    assert "Taken back" in page
    assert f"/attempts/{event_id}/put-back" in page


def test_sending_a_new_ladder_twice_makes_one(robin: Visitor, past: Past, sqlite_services: Services) -> None:
    form = {"name": "Sing in front of people", "id": field(robin.page("/ladders/new"), "id")}
    with ThreadPoolExecutor(2) as both:
        sent = list(both.map(lambda _: robin.send_form("/ladders/new", **form), range(2)))
    steps = path_of(sent[0])
    assert path_of(sent[1]) == steps
    form = {"names": "Hum\nSing", "id": field(robin.page(steps), "id")}
    with ThreadPoolExecutor(2) as both:
        sent = list(both.map(lambda _: robin.send_form(steps, **form), range(2)))
    assert [path_of(answer) for answer in sent] == [steps, steps]
    made = ladders.ladders_of(sqlite_services, past.person)[1:]
    assert [[step.name for step in ladder.steps] for ladder in made] == [["Hum", "Sing"]]


def test_a_form_gone_back_to_and_changed_is_asked_for_once_more(robin: Visitor, past: Past) -> None:
    first = field(robin.page("/ladders/new"), "id")
    steps = path_of(robin.send_form("/ladders/new", name="Sing", id=first))
    again = robin.send_form("/ladders/new", name="Dance", id=first)
    assert (again.status_code, "This form was sent before" in again.text) == (409, True)
    assert 'value="Dance"' in again.text
    assert path_of(robin.send_form("/ladders/new", name="Dance", id=field(again.text, "id"))) != steps
    batch = field(robin.page(steps), "id")
    robin.send_form(steps, names="Hum", id=batch)
    again = robin.send_form(steps, names="Hum aloud", id=batch)
    assert "This form was sent before" in again.text
    assert path_of(robin.send_form(steps, names="Hum aloud", id=field(again.text, "id"))) == steps


def test_the_first_page_of_all_offers_a_ladder_that_is_made_once(
    stranger: Visitor, sqlite_services: Services
) -> None:
    stranger.send_form("/welcome", name=NAME, password=PASSWORD)
    assert UUID(field(stranger.page("/"), "id"))


def test_what_was_logged_can_be_taken_back_and_put_back(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    before = len(evidence.log_of(sqlite_services, past.person))
    reflect = path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="avoided"))
    assert "You let it pass" in robin.page(reflect)
    base = reflect.partition("/reflect")[0]
    taken = path_of(robin.send_form(f"{base}/take-back"))
    assert "Taken back" in robin.page(taken)
    assert len(evidence.log_of(sqlite_services, past.person)) == before
    assert robin.get(reflect).status_code == 404
    put = path_of(robin.send_form(f"{base}/put-back"))
    assert "It counts again" in robin.page(put)
    assert len(evidence.log_of(sqlite_services, past.person)) == before + 1


def test_not_today_is_one_tap_and_counts_for_nothing(robin: Visitor, past: Past) -> None:
    page = robin.page("/")
    path = re.search(r'action="(/ladders/[^"]+/log\?step=[^"]+)"', page)
    assert path
    where = path_of(robin.send_form(path[1], did="skipped", id=field(page, "id")))
    page = robin.page(where)
    assert "Not today, then" in page
    assert "Take it back" in page


def test_an_avoided_step_takes_words_alone(robin: Visitor, past: Past) -> None:
    reflect = path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="avoided"))
    page = robin.page(reflect)
    assert "What would make it possible" in page
    assert 'name="arousal"' not in page
    kept = robin.send_form(
        reflect.partition("?")[0], what_next="Somebody there", what_feared="That he laughs"
    )
    assert path_of(kept) == "/?said=reflected"
    assert "That he laughs" in robin.page(reflect)


@pytest.mark.parametrize(
    ("did", "title", "first", "then"),
    [
        ("done", "It worked.", "What did you do that made it work?", "What made it work?"),
        ("partly", "Some of it worked.", "What did you do that made it work?", "What got in the way?"),
        ("tried", "It did not work this time.", "What would you do differently", "What got in the way?"),
    ],
)
def test_after_failure_the_strategy_comes_first_and_after_success_what_made_it_work(
    robin: Visitor, past: Past, did: str, title: str, first: str, then: str
) -> None:
    page = robin.page(path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did=did)))
    assert title in page
    assert page.index(first) < page.index(f"<legend>{then}")


def test_the_page_cites_the_persons_own_record(robin: Visitor, past: Past) -> None:
    page = robin.page(
        path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[4]}", did="done"))
    )
    assert "That is 3 of 3 times." in page
    assert "A fast heart also means ready. The last time it was at 6, it worked." in page


def test_the_dial_sets_how_likely_the_next_step_should_be(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    assert path_of(robin.send_form(f"/ladders/{past.ladder}/dial", wanted="60")) == "/"
    assert ladders.ladder(sqlite_services, past.person, past.ladder).wanted_chance == 0.6
    assert 'value="60" aria-pressed="true"' in robin.page("/")
    assert robin.send_form(f"/ladders/{past.ladder}/dial", wanted="61").status_code == 422


def test_an_easier_step_can_be_looked_at_and_logged_instead(robin: Visitor, past: Past) -> None:
    page = robin.page("/")
    easier = re.search(r'href="(/\?[^"]+)" aria-label="Easier: ([^"]+)"', page)
    assert easier
    page = robin.page(easier[1].replace("&amp;", "&"))
    assert "Another rung, by your choice" in page
    assert easier[2] in page


def test_steps_are_renamed_split_moved_retired_and_restored(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    base = f"/ladders/{past.ladder}/steps"

    def names() -> list[str]:
        ladder = ladders.ladder(sqlite_services, past.person, past.ladder)
        return [step.name for step in ladder.climbing]

    robin.send_form(f"{base}/{past.steps[0]}/rename", name="Write it down")
    assert names()[0] == "Write it down"
    robin.send_form(f"{base}/{past.steps[0]}/move", to="harder")
    assert names()[1] == "Write it down"
    robin.send_form(f"{base}/{past.steps[0]}/split", parts="Write one word\nWrite the sentence")
    assert names()[1:3] == ["Write one word", "Write the sentence"]
    robin.send_form(f"{base}/{past.steps[5]}/retire")
    assert len(names()) == 9
    assert "2 retired steps" in robin.page(base)
    robin.send_form(f"{base}/{past.steps[5]}/restore")
    assert len(names()) == 10
    robin.send_form(base, names="Breathe in\nBreathe out", after="")
    assert names()[:2] == ["Breathe in", "Breathe out"]


def test_a_ladder_is_renamed_put_away_and_taken_up_again(robin: Visitor, past: Past) -> None:
    path = f"/ladders/{past.ladder}"
    assert "Renamed" in robin.page(path_of(robin.send_form(f"{path}/rename", name="Talk to Alex")))
    robin.send_form(f"{path}/archive")
    assert "Talk to Alex" not in robin.page("/")
    assert "Talk to Alex" in robin.page("/data")
    assert "Take it up again" in robin.page(path)
    robin.send_form(f"{path}/restore")
    assert "Talk to Alex" in robin.page("/")


def test_a_template_is_offered_where_one_fits(robin: Visitor) -> None:
    path = path_of(robin.send_form("/ladders/new", name="Tell my boss what I would change"))
    page = robin.page(path)
    assert "Steps that fit many people" in page
    assert "Write down in one sentence what I want to say" in page


def test_a_refused_goal_shows_who_can_help_and_keeps_nothing(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    before = ladders.ladders_of(sqlite_services, past.person)
    for path, fields in {
        "/ladders/new": {"name": "double my dose"},
        f"/ladders/{past.ladder}/steps": {"names": "Say hello\nstop eating for three days"},
        f"/ladders/{past.ladder}/rename": {"name": "hurt myself"},
    }.items():
        response = robin.send_form(path, **fields)
        assert response.status_code == 422
        assert "This is not a ladder that Rung builds" in response.text
        assert "tel:988" in response.text
    assert ladders.ladders_of(sqlite_services, past.person) == before


def test_two_failures_in_a_row_offer_a_smaller_step(robin: Visitor, past: Past, clock: SetClock) -> None:
    for _ in range(2):
        clock.move(hours=1)
        robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="tried")
    page = robin.page("/")
    assert "which smaller step would help?" in page
    assert "resting" in robin.page(f"/ladders/{past.ladder}")


def test_see_says_it_in_words_charts_and_tables(robin: Visitor, past: Past) -> None:
    page = robin.page(f"/ladders/{past.ladder}/see")
    assert page.count('<svg class="chart"') == 5
    assert page.count("The numbers as a table") == 5
    assert "Your doubt is stricter than your record." in page
    assert re.search(r"Up from \d+ on 26 October\.", page)


def test_the_ladder_says_each_rung_as_a_sentence(robin: Visitor, past: Past) -> None:
    page = robin.page(f"/ladders/{past.ladder}")
    found = re.search(r"Step 4 of 9: Say it to Sam, who interrupts me\. ([^<]+)", page)
    assert found
    assert re.match(
        r"You are \d+ sure, between \d+ and \d+\. Tried 3 times, worked twice\. Let pass once\.", found[1]
    )


def test_an_empty_ladder_asks_for_steps_everywhere(robin: Visitor, past: Past) -> None:
    steps = path_of(robin.send_form("/ladders/new", name="Sing"))
    ladder = steps.removesuffix("/steps")
    assert LadderId(ladder.removeprefix("/ladders/"))
    assert path_of(robin.get(f"{ladder}/judge")) == steps
    for path in ("/", ladder):
        assert "First, the steps" in robin.page(path)
    assert "Too early to say" in robin.page(f"{ladder}/see")


def test_looking_back_reads_the_one_deed_and_not_the_whole_log(
    robin: Visitor, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    reflect = path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[4]}", did="done"))

    def refused(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(EvidenceTable, "log", refused)
    assert "That is 3 of 3 times." in robin.page(reflect)
