"""The page to prepare a step, as a browser without a screen sends it."""

import re
from datetime import UTC, datetime
from importlib.resources import files
from uuid import uuid4

import pytest
from tests.conftest import join
from tests.databases import SetClock, counted
from tests.web.stage import GOAL, Past, Visitor, field, path_of, session_of

from rung.app import evidence
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft, Plan
from rung.app.model import Did
from rung.app.ports import Services
from rung.content import matching

# The clock stands on Monday, 23 November 2026, 09:00 UTC: 10:00 in Berlin.
BERLIN = "Europe%2FBerlin"


@pytest.fixture
def href(robin: Visitor, past: Past) -> str:
    robin.cookies.set("rung-zone", BERLIN, domain="localhost.local")
    return f"/ladders/{past.ladder}/prepare?step={past.steps[6]}"


def only_plan(services: Services, past: Past) -> Plan:
    (found,) = plans.planned(services, past.person)
    return found


def test_a_plan_is_made_with_one_form_in_the_persons_own_time(
    robin: Visitor, sqlite_services: Services, past: Past, href: str
) -> None:
    page = robin.page(href)
    sent = robin.send_form(
        href,
        id=field(page, "id"),
        when="tomorrow",
        clock="18:00",
        where="In the small room",
        if_text="my mind goes blank",
        then_text="look at my note",
        who="Sam",
        vary="place",
    )
    assert path_of(sent) == f"{href}&saved=true"
    plan = only_plan(sqlite_services, past)
    assert (plan.at, plan.vary) == (datetime(2026, 11, 24, 17, tzinfo=UTC), "place")
    shown = robin.page(f"{href}&saved=true")
    for words in (
        "Your plan is saved.",
        "Tomorrow, 18:00",
        "If my mind goes blank, then I look at my note.",
        "Somebody who will know: Sam",
        f"/reminders?ladder={past.ladder}&amp;step={past.steps[6]}&amp;at=2026-11-24T17%3A00%3A00Z",
    ):
        assert words in shown


def test_the_form_sent_twice_makes_one_plan_and_changed_says_so(
    robin: Visitor, sqlite_services: Services, past: Past, href: str
) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert robin.send_form(href, id=key, where="There").status_code == 303
    assert only_plan(sqlite_services, past).where == "There"
    again = robin.send_form(href, id=key, where="Elsewhere")
    assert again.status_code == 422
    assert "This form was sent before" in again.text


def test_what_is_chosen_fills_in_and_what_is_written_goes_before(
    robin: Visitor, sqlite_services: Services, past: Past, href: str
) -> None:
    ideas = matching(GOAL)
    assert ideas
    robin.send_form(href, suggestion="1", obstacle_choice="0", then_text="breathe out, and begin")
    plan = only_plan(sqlite_services, past)
    assert plan.if_text == ideas.if_then[1].situation
    assert plan.then_text == "breathe out, and begin"
    assert plan.obstacle == ideas.obstacles[0]


def test_a_plan_is_changed_and_what_was_not_touched_stays(
    robin: Visitor, sqlite_services: Services, clock: SetClock, past: Past, href: str
) -> None:
    robin.send_form(href, when="date", day="2026-12-01", clock="07:30", where="There")
    before = only_plan(sqlite_services, past)
    page = robin.page(f"/plans/{before.id}")
    for part in ('value="2026-12-01"', 'value="07:30"', 'value="There"'):
        assert part in page
    clock.move(days=20)
    sent = robin.send_form(
        f"/plans/{before.id}", when="date", day="2026-12-01", clock="07:30", where="There", who="Sam"
    )
    assert path_of(sent) == f"{href}&saved=true"
    after = only_plan(sqlite_services, past)
    assert (after.at, after.who) == (before.at, "Sam")


def test_an_hour_that_came_twice_stays_the_one_that_it_was(
    robin: Visitor, sqlite_services: Services, clock: SetClock, past: Past, href: str
) -> None:
    clock.moment = datetime(2027, 10, 30, 12, tzinfo=UTC)
    session_of(robin, sqlite_services)
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    plan = plans.make(sqlite_services, past.person, past.ladder, past.steps[6], Draft(at=second))
    page = robin.page(f"/plans/{plan.id}")
    assert 'value="02:30"' in page
    robin.send_form(f"/plans/{plan.id}", when="tomorrow", day="2027-10-31", clock="02:30", who="Sam")
    assert only_plan(sqlite_services, past).at == second


def test_a_plan_is_let_go_without_blame_and_taken_up_again(
    robin: Visitor, sqlite_services: Services, past: Past, href: str
) -> None:
    robin.send_form(href, where="There")
    plan = only_plan(sqlite_services, past)
    gone = path_of(robin.send_form(f"/plans/{plan.id}/let-go"))
    page = robin.page(gone)
    assert "Nothing counts against you" in page
    assert "There" not in page
    assert path_of(robin.get(f"/plans/{plan.id}")) == href
    assert path_of(robin.send_form(f"/plans/{plan.id}/take-up")) == href
    assert only_plan(sqlite_services, past) == plan


def test_a_plan_whose_time_has_passed_asks_how_it_went(
    robin: Visitor, sqlite_services: Services, clock: SetClock, past: Past, href: str
) -> None:
    robin.send_form(href, when="today", clock="18:00")
    clock.move(days=1)
    page = robin.page(href)
    assert "It was planned for Monday, 18:00. How did it go?" in page
    assert f'href="/ladders/{past.ladder}/log?step={past.steps[6]}"' in page
    assert "missed" not in page.lower()
    evidence.record(sqlite_services, past.person, past.ladder, past.steps[6], Did.AVOIDED)
    assert "How did it go?" not in robin.page(href)


@pytest.mark.parametrize(
    "fields, words",
    [
        ({}, "There is nothing in this plan yet"),
        ({"when": "date", "clock": "18:00"}, "Choose a day"),
        ({"when": "date", "day": "2026-02-30", "clock": "18:00"}, "Choose a day"),
        ({"when": "date", "day": "9999-12-31", "clock": "23:59"}, "too far away"),
        ({"when": "date", "day": "0001-01-01", "clock": "00:00"}, "too far away"),
        ({"when": "date", "day": "2028-12-24", "clock": "10:00"}, "too far away"),
        ({"when": "date", "day": "2027-03-28", "clock": "02:30"}, "clocks go forward"),
        ({"when": "today", "clock": ""}, "Choose a time of day"),
        ({"when": "today", "clock": "25:00"}, "Choose a time of day"),
        ({"when": "today", "clock": "08:00"}, "This moment has passed"),
        ({"when": "someday"}, "none of the answers"),
        ({"suggestion": "99"}, "none of the answers"),
        ({"suggestion": "²"}, "none of the answers"),
        ({"obstacle_choice": "-1"}, "none of the answers"),
        ({"where": "x" * 201}, "201 characters"),
        ({"who": "a\x00b"}, "cannot be printed"),
        ({"then_text": "go in"}, "what has to happen first"),
        ({"vary": "weather", "where": "x"}, "another place"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(
    robin: Visitor, sqlite_services: Services, past: Past, href: str, fields: dict[str, str], words: str
) -> None:
    answer = robin.send_form(href, **{"obstacle": "<script>alert(1)</script>"} | fields if fields else {})
    assert answer.status_code == 422
    assert words in answer.text
    assert "<script>alert" not in answer.text
    assert ("&lt;script&gt;alert(1)" in answer.text) is bool(fields)
    assert plans.planned(sqlite_services, past.person) == []


def test_what_is_written_never_becomes_part_of_the_page(
    robin: Visitor, sqlite_services: Services, past: Past, href: str
) -> None:
    hostile = '"><img src=x onerror=alert(1)> %(place)s {{ 7*7 }}'
    names = ("where", "if_text", "then_text", "obstacle", "then_what", "who")
    robin.send_form(href, **dict.fromkeys(names, hostile))
    for path in (href, f"/plans/{only_plan(sqlite_services, past).id}"):
        page = robin.page(path)
        assert "<img" not in page
        assert "%(place)s {{ 7*7 }}" in page


def test_a_plan_to_harm_oneself_leads_to_help(robin: Visitor, past: Past, href: str) -> None:
    answer = robin.send_form(href, if_text="it goes wrong", then_text="hurt myself")
    assert answer.status_code == 422
    assert "tel:988" in answer.text


def test_plans_of_somebody_else_look_like_those_that_do_not_exist(
    robin: Visitor, sqlite_services: Services, past: Past
) -> None:
    ben = join(sqlite_services, "Ben")
    theirs = ladders.name_ladder(sqlite_services, ben, "Sing", ["Hum", "Sing"])
    step = theirs.steps[0].id
    plan = plans.make(sqlite_services, ben, theirs.id, step, Draft(where="secret"))
    for path in (f"/ladders/{theirs.id}/prepare?step={step}", f"/plans/{plan.id}"):
        missing = path.replace(theirs.id, str(uuid4())).replace(plan.id, str(uuid4()))
        assert robin.get(path).text == robin.get(missing).text
        assert robin.get(path).status_code == 404
        assert robin.send_form(path, where="mine").status_code == 404
    for part in ("let-go", "take-up"):
        assert robin.send_form(f"/plans/{plan.id}/{part}").status_code == 404
    foreign = f"/ladders/{past.ladder}/prepare?step={step}"
    assert robin.get(foreign).status_code == robin.send_form(foreign, where="x").status_code == 404
    assert plans.planned(sqlite_services, ben) == [plan]


def test_without_a_step_the_ladder_is_shown_to_choose_one(robin: Visitor, past: Past) -> None:
    assert path_of(robin.get(f"/ladders/{past.ladder}/prepare")) == f"/ladders/{past.ladder}"


def test_a_page_asks_little_of_the_database_however_many_plans_there_are(
    robin: Visitor, sqlite_services: Services, past: Past, href: str
) -> None:
    for _ in range(20):
        plans.make(sqlite_services, past.person, past.ladder, past.steps[6], Draft(where="There"))
    with counted(sqlite_services) as queries:
        robin.page(href)
    assert len(queries) <= 15


def test_the_sheet_uses_tokens_and_logical_properties_alone() -> None:
    static = files("rung.web") / "static"
    sheet, tokens = ((static / name).read_text(encoding="utf-8") for name in ("prepare.css", "tokens.css"))
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", sheet) == []
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|^\s*(?:left|right|top|bottom|width|height):"
    )
    assert re.findall(physical, sheet, re.MULTILINE) == []
    assert set(re.findall(r"var\(--([\w-]+)", sheet)) <= set(re.findall(r"--([\w-]+):", tokens))
