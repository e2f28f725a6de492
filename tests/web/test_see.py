"""See, all ladders beside each other, and self-esteem: words, doors, cost and what hostile input does."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.databases import SetClock, counted
from tests.web.stage import Past, Visitor, path_of

from rung.app import esteem, evidence
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.model import Did
from rung.app.ports import Services

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"


def test_every_chart_is_said_in_words_titled_described_and_told_as_a_table(
    robin: Visitor, past: Past
) -> None:
    page = robin.page(f"/ladders/{past.ladder}/see")
    charts = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(charts) == page.count("<table>") == 5
    for chart in charts:
        found = re.search(r"<title[^>]*>([^<]+)</title><desc[^>]*>([^<]+)</desc>", chart)
        assert found
        assert f">{found[1]}</h2>" in page
        assert f"<p>{found[2]}</p>" in page, "the words before the chart are its description"
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_one_step_and_a_range_can_be_looked_at(robin: Visitor, past: Past) -> None:
    base = f"/ladders/{past.ladder}/see"
    page = robin.page(f"{base}?step={past.steps[3]}&range=4-weeks")
    assert f'<option value="{past.steps[3]}" selected>' in page
    assert f'href="{base}?step={past.steps[3]}&amp;range=3-months"' in page
    assert "Of this step you are" in page
    assert "The ladder, filling" not in page
    assert 'name="range" value="4-weeks"' in page
    assert robin.page(f"{base}?step=&range=nonsense").count("The numbers as a table") == 5


@pytest.mark.parametrize("step", ["nothing", HOSTILE, "x" * 5000, "4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e"])
def test_a_step_that_is_not_there_is_not_found(robin: Visitor, past: Past, step: str) -> None:
    response = robin.get(f"/ladders/{past.ladder}/see", params={"step": step})
    assert response.status_code == 404
    assert "<script>alert" not in response.text


def test_times_are_told_by_the_clock_of_the_person(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    clock.move(hours=14.5)
    evidence.record(sqlite_services, past.person, past.ladder, past.steps[8], Did.DONE)
    page = f"/ladders/{past.ladder}/see"
    assert "<td>9. Have the whole conversation</td><td>23 Nov 2026</td>" in robin.page(page)
    robin.cookies.set("rung-zone", "Asia/Tokyo", domain=f"{robin.base_url.host}.local")
    assert "<td>9. Have the whole conversation</td><td>24 Nov 2026</td>" in robin.page(page)


def test_the_loop_is_spoken_of_kindly_with_ways_out(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    page = f"/ladders/{past.ladder}/see"
    assert "how the loop works" not in robin.page(page)
    for _ in range(4):
        clock.move(days=5)
        evidence.record(sqlite_services, past.person, past.ladder, past.steps[5], Did.AVOIDED)
    html = robin.page(page)
    assert "You let it pass 3 of 3 times in the last 2 weeks, most often" in html
    assert "how the loop works" in html
    assert "It went milder than feared 7 of 7 times." in html
    for way in ("/steps", f"/prepare?step={past.steps[5]}", ""):
        href = f"/ladders/{past.ladder}{way}"
        assert f'<a class="way" href="{href}">' in html
        assert robin.get(href).status_code == 200


def test_names_stay_text(robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock) -> None:
    made = ladders.name_ladder(sqlite_services, past.person, HOSTILE, [f"a{HOSTILE}", f"b{HOSTILE}"])
    for number in range(4):
        clock.move(days=1)
        evidence.judge(sqlite_services, past.person, made.id, {made.steps[0].id: 40, made.steps[1].id: 20})
        clock.move(hours=1)
        did = Did.DONE if number == 0 else Did.AVOIDED
        evidence.record(sqlite_services, past.person, made.id, made.steps[0].id, did)
    for path in (
        f"/ladders/{made.id}/see",
        f"/ladders/{made.id}/see?step={made.steps[0].id}",
        "/ladders/across",
    ):
        assert "<script>alert" not in robin.page(path)


@pytest.fixture
def crowded(past: Past, sqlite_services: Services, clock: SetClock) -> Past:
    """Five thousand more events of every kind on the ladder."""
    rows = ["person,domain,task,time,kind,value,feared,happened,arousal,appraisal,difficulty"]
    steps = ladders.ladder(sqlite_services, past.person, past.ladder).steps
    start = clock.now()
    for number in range(5000):
        at = (start - timedelta(minutes=8 * (5000 - number))).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        step = steps[number % len(steps)]
        kind, value, more = (
            ("attempt", number // 5 % 2, "0.6,0.2,,"),
            ("judgement", number % 10 / 10, ",,,"),
            ("choice", 0, ",,,"),
            ("persuasion", 0.7, ",,,"),
            ("state", "", ",,0.6,0.5"),
        )[number % 5]
        task, difficulty = ("", "") if kind == "state" else (step.id, step.difficulty)
        rows.append(f"me,{past.ladder},{task},{at},{kind},{value},{more},{difficulty}")
    archive.import_log(sqlite_services, past.person, "\n".join(rows).encode(), "log.csv")
    return past


def test_five_thousand_events_make_a_page_of_few_queries_that_is_there_at_once(
    robin: Visitor, crowded: Past, sqlite_services: Services
) -> None:
    path = f"/ladders/{crowded.ladder}/see"
    robin.page(path)
    for asked in ("", "?range=4-weeks", f"?step={crowded.steps[2]}"):
        with counted(sqlite_services) as queries:
            begin = time.process_time()
            page = robin.page(f"{path}{asked}")
            spent = time.process_time() - begin
        assert len(queries) <= 15
        assert spent < 2, "half a second on a machine with nothing else to do"
        assert len(page) < 140_000
        assert "240 are shown" in page


def test_all_ladders_stand_beside_each_other(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    assert "There is one ladder so far" in robin.page("/ladders/across")
    other = ladders.name_ladder(sqlite_services, past.person, "Running", ["a", "b"])
    assert "say how sure you are on at least two ladders" in robin.page("/ladders/across")
    evidence.judge(sqlite_services, past.person, other.id, {step.id: 20 for step in other.steps})
    with counted(sqlite_services) as queries:
        page = robin.page("/ladders/across")
    assert len(queries) <= 15
    assert "Rather unsure of one, as things are now" in page
    assert re.search(r"Up from \d+ on 26 October\.", page)
    assert "The hardest step that you rate 20 or more: 9 of 9," in page
    assert "adds nothing up" in page
    for ladder in (past.ladder, other.id):
        ladders.archive_ladder(sqlite_services, past.person, ladder)
    assert "There is no ladder yet" in robin.page("/ladders/across")


def test_self_esteem_is_apart_and_up_to_the_person(robin: Visitor, past: Past, clock: SetClock) -> None:
    before = robin.page(f"/ladders/{past.ladder}/see")
    page = robin.page("/esteem")
    assert "Rung does not try to change it" in page
    assert 'name="value"' not in page
    assert path_of(robin.send_form("/esteem/on")) == "/esteem?said=on"
    assert robin.page("/esteem").count('name="value"') == 7
    assert robin.send_form("/esteem").status_code == 422
    assert robin.send_form("/esteem", value="3").status_code == 303
    page = robin.page("/esteem?said=kept")
    assert "It counts for nothing else in Rung." in page
    assert "asked for on 30 Nov 2026" in page
    assert "You answered 1 time: 3 of 7." in page
    assert robin.page(f"/ladders/{past.ladder}/see") == before
    at = re.search(r'name="at" value="([^"]+)"', page)
    assert at
    assert robin.send_form("/esteem/delete", at=at[1]).status_code == 303
    assert "You answered" not in robin.page("/esteem")
    assert path_of(robin.send_form("/esteem/off")) == "/esteem?said=off"
    assert robin.send_form("/esteem", value="3").status_code == 409


@pytest.mark.parametrize("value", ["0", "8", "3.5", "٣", "-1", HOSTILE, "9" * 5000])
def test_what_is_no_answer_is_refused_beside_the_question(
    robin: Visitor, sqlite_services: Services, past: Past, value: str
) -> None:
    esteem.turn_on(sqlite_services, past.person)
    response = robin.send_form("/esteem", value=value)
    assert response.status_code == 422
    assert "Choose one of the numbers from 1 to 7." in response.text
    assert esteem.esteem_of(sqlite_services, past.person).notes == ()


@pytest.mark.parametrize(
    "at", ["", HOSTILE, "2026-11-23", "2026-11-23T09:00:00+00:00", "9" * 5000, "0001-01-01T00:00+23:59"]
)
def test_an_answer_that_is_not_there_cannot_be_deleted(robin: Visitor, at: str) -> None:
    assert robin.send_form("/esteem/delete", at=at).status_code == 404


def test_esteem_has_a_chart_of_its_own(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    esteem.turn_on(sqlite_services, past.person)
    for value in (2, 4, 3):
        esteem.note(sqlite_services, past.person, value)
        clock.move(days=7)
    page = robin.page("/esteem")
    assert page.count('<svg class="chart"') == 1
    assert "You answered 3 times, between 2 and 4 of 7; last 3." in page
    assert datetime(2026, 11, 23, tzinfo=UTC).strftime("%b %Y") in page
