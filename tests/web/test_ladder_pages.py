"""All ladders on one page, one step on its own, steps built and put in order, and judging what tells most."""

import re

import pytest
from tests.conftest import join
from tests.databases import SetClock
from tests.web.stage import Past, Visitor, field, path_of

from rung.app import evidence
from rung.app.climbing import ladders, steps
from rung.app.model import Did, Ladder, LadderId
from rung.app.ports import Services

HOSTILE = '"><script>alert(1)</script>{{1111*1111}}'


def ladder_of(services: Services, past: Past) -> Ladder:
    return ladders.ladder(services, past.person, past.ladder)


def names(services: Services, past: Past) -> list[str]:
    return [step.name for step in ladder_of(services, past).climbing]


def proposed(html: str) -> list[str]:
    """The lines in the text area in which steps are edited before they are put on."""
    found = re.search(r'<textarea id="names"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    assert found
    return [line.removeprefix("- ") for line in found[1].splitlines()]


def test_all_ladders_stand_on_one_page_and_putting_away_can_be_undone(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    other = ladders.name_ladder(sqlite_services, past.person, "Sing", ["Hum", "Sing"])
    page = robin.page("/ladders")
    assert page.index("Sing") < page.index("Have the difficult conversation")
    assert "Ask my manager for twenty minutes on Tuesday (worked)" in page
    for href in ("/ladders/new", "/library", "/ladders/across"):
        assert f'href="{href}"' in page
    page = robin.page(path_of(robin.send_form(f"/ladders/{other.id}/archive")))
    assert "“Sing” is put away. All of it is still here." in page
    assert page.count(f'action="/ladders/{other.id}/restore"') == 2
    page = robin.page(path_of(robin.send_form(f"/ladders/{other.id}/restore")))
    assert "It is back on Today." in page
    assert f'action="/ladders/{other.id}/archive"><button class="link">Put it away after all' in page
    assert "is put away" not in robin.page(f"/ladders?away={other.id}")


def test_the_page_of_all_ladders_teaches_where_there_is_none(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    ladders.archive_ladder(sqlite_services, past.person, past.ladder)
    page = robin.page("/ladders")
    assert "A ladder is one thing that you doubt you can do" in page
    assert "Take up again" in page


def test_a_rung_leads_to_its_step_with_its_whole_record(robin: Visitor, past: Past) -> None:
    path = f"/ladders/{past.ladder}/steps/{past.steps[4]}"
    assert f'href="{path}"' in robin.page(f"/ladders/{past.ladder}")
    page = robin.page(path)
    assert "Step 5 of 9" in page
    assert re.search(r"You are \d+ sure, between \d+ and \d+\.", page)
    assert "Tried twice, worked twice. Let pass once." in page
    assert re.findall(r"2026: (\d+) sure, feared (\d+) of 100", page) == [("60", "60"), ("45", "60")]
    for part in (
        f"log?step={past.steps[4]}",
        f"prepare?step={past.steps[4]}",
        f"judge?steps={past.steps[4]}",
    ):
        assert f'href="/ladders/{past.ladder}/{part}"' in page


def test_a_retired_step_keeps_its_page(robin: Visitor, past: Past) -> None:
    path = f"/ladders/{past.ladder}/steps/{past.steps[4]}"
    page = robin.page(path_of(robin.send_form(f"{path}/retire")))
    assert "is retired. What you did on it still counts." in page
    assert f'action="{path}/restore"' in page
    page = robin.page(path)
    assert "This step has left the ladder." in page
    assert "60 sure" in page
    page = robin.page(path_of(robin.send_form(f"{path}/restore")).partition("#")[0])
    assert "is on the ladder again." in page


def test_the_steps_of_somebody_else_are_not_there(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    ben = join(sqlite_services, "Ben")
    theirs = ladders.name_ladder(sqlite_services, ben, "Sing", ["Hum", "Sing"])
    step = theirs.steps[0].id
    assert robin.get(f"/ladders/{theirs.id}/steps/{step}").status_code == 404
    assert robin.get(f"/ladders/{past.ladder}/steps/{step}").status_code == 404
    base = f"/ladders/{theirs.id}/steps"
    fields = {
        "name": "x",
        "condition": "notes",
        "step": str(step),
        "place": "2",
        "parts": "a\nb",
        "to": "harder",
    }
    for path in (
        *(f"{base}/{step}/{verb}" for verb in ("rename", "conditions", "vary", "split", "move", "restore")),
        *(f"{base}/{verb}" for verb in ("move", "components")),
    ):
        assert robin.send_form(path, **fields).status_code == 404, path
    assert robin.send_form(f"/ladders/{past.ladder}/steps/move", step=str(step), place="1").status_code == 404
    assert ladders.ladder(sqlite_services, ben, theirs.id) == theirs


def test_conditions_are_set_and_told_in_plain_words(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    path = f"/ladders/{past.ladder}/steps/{past.steps[6]}"
    said = path_of(robin.send_form(f"{path}/conditions", condition=["interrupted", "notes"]))
    assert "with notes in hand" in robin.page(said)
    assert ladder_of(sqlite_services, past).climbing[6].conditions == ("notes", "interrupted")
    page = robin.page(f"/ladders/{past.ladder}")
    assert "Done under these conditions: with notes in hand and with an interruption." in page
    assert robin.send_form(f"{path}/conditions", condition="{{x}}").status_code == 422
    log = robin.page(f"/ladders/{past.ladder}/log?step={past.steps[6]}")
    assert "with notes in hand and with an interruption" in log
    robin.send_form(f"{path}/conditions")
    assert ladder_of(sqlite_services, past).climbing[6].conditions == ()


def test_a_step_that_stands_firm_is_offered_under_another_condition(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    path = f"/ladders/{past.ladder}/steps/{past.steps[1]}"
    page = robin.page(path)
    assert "It stands firm." in page
    event = field(page[page.index("/vary") :], "id")
    for _ in range(2):
        robin.send_form(f"{path}/vary", condition="watched", name="", id=event)
    assert names(sqlite_services, past)[1:3] == [
        "Say it aloud, alone, three times",
        "Say it aloud, alone, three times, with others watching",
    ]
    assert ladder_of(sqlite_services, past).climbing[2].conditions == ("watched",)
    again = robin.send_form(f"{path}/vary", condition="bad-day", name="On a bad day", id=event)
    assert "This form was sent before" in again.text
    assert robin.send_form(f"{path}/vary", condition="", name="").status_code == 422


def test_steps_built_from_parts_are_shown_and_put_on_only_afterwards(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    base, before = f"/ladders/{past.ladder}/steps", names(sqlite_services, past)
    shown = robin.send_form(f"{base}/components", parts="1. Open\n- Say it\n\nListen")
    assert proposed(shown.text) == [
        "Open",
        "Say it",
        "Listen",
        "All of it together",
        "All of it, as it will really be",
    ]
    assert names(sqlite_services, past) == before
    one = robin.send_form(f"{base}/components", parts="Open")
    assert (one.status_code, 'id="parts-fault"' in one.text) == (422, True)


def test_steps_built_from_conditions_get_harder_one_thing_at_a_time(robin: Visitor, past: Past) -> None:
    shown = robin.send_form(
        f"/ladders/{past.ladder}/steps/conditions",
        act="Say what I would change",
        people_easier="to a friend",
        people_harder="to my manager",
        support_easier="with\nnotes",
        support_harder="without notes",
    )
    assert proposed(shown.text) == [
        "Say what I would change, with notes, to a friend",
        "Say what I would change, without notes, to a friend",
        "Say what I would change, without notes, to my manager",
    ]
    assert 'value="to a friend"' in shown.text
    nothing = robin.send_form(f"/ladders/{past.ladder}/steps/conditions", act="Say it")
    assert (nothing.status_code, 'id="act-fault"' in nothing.text) == (422, True)


def test_hostile_text_in_a_builder_is_shown_as_text(robin: Visitor, past: Past) -> None:
    base = f"/ladders/{past.ladder}/steps"
    fields = {
        "act": HOSTILE,
        "people_easier": HOSTILE,
        "people_harder": HOSTILE[::-1],
        "parts": f"{HOSTILE}\nb",
    }
    for path in (f"{base}/components", f"{base}/conditions", f"{base}/{past.steps[1]}/vary"):
        page = robin.send_form(path, **fields, name=HOSTILE, condition=HOSTILE).text
        assert "<script>alert" not in page
        assert "1234321" not in page


def test_where_rung_sees_a_gap_it_offers_to_put_a_step_in(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    me, services = past.person, sqlite_services
    made = ladders.name_ladder(services, me, "Sing", ["Hum", "Sing on a stage"])
    for place, did in ((0, Did.DONE), (0, Did.DONE), (0, Did.DONE), (1, Did.TRIED)):
        clock.move(hours=5)
        evidence.record(services, me, made.id, made.steps[place].id, did)
    evidence.judge(services, me, made.id, {made.steps[0].id: 100, made.steps[1].id: 0})
    page = robin.page(f"/ladders/{made.id}/steps")
    assert "A step between “Hum” and “Sing on a stage” would help, as far as Rung can tell." in page
    form = page[page.index("would help, as far as Rung") - 600 :]
    for _ in range(2):
        robin.send_form(
            f"/ladders/{made.id}/steps", names="Sing to Sam", after=field(form, "after"), id=field(form, "id")
        )
    climbing = ladders.ladder(services, me, made.id).climbing
    assert [step.name for step in climbing] == ["Hum", "Sing to Sam", "Sing on a stage"]


def test_a_step_is_put_below_another_one_from_its_page(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    page = robin.page(f"/ladders/{past.ladder}/steps/{past.steps[5]}")
    assert "A step between this one and “Bring up one small thing in our weekly call”" in page
    after = field(page, "after")
    robin.send_form(f"/ladders/{past.ladder}/steps", names="Ask when he has time", after=after)
    assert names(sqlite_services, past)[4:7] == [
        "Bring up one small thing in our weekly call",
        "Ask when he has time",
        "Ask my manager for twenty minutes on Tuesday",
    ]


def test_a_step_is_moved_to_a_place_by_one_form(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    before = names(sqlite_services, past)
    moved = robin.send_form(f"/ladders/{past.ladder}/steps/move", step=str(past.steps[0]), place="9")
    assert path_of(moved) == f"/ladders/{past.ladder}/steps#step-{past.steps[0]}"
    assert names(sqlite_services, past) == [*before[1:], before[0]]
    for place in ("", "-1", "x", "9" * 5000, "²"):
        sent = robin.send_form(f"/ladders/{past.ladder}/steps/move", step=str(past.steps[0]), place=place)
        assert sent.status_code == 422, place


def test_judging_begins_with_the_steps_that_tell_most(robin: Visitor, past: Past, clock: SetClock) -> None:
    base = f"/ladders/{past.ladder}"
    assert "Only these" not in robin.page(base)
    clock.move(hours=1)
    robin.send_form(f"{base}/log?step={past.steps[6]}", did="tried")
    page = robin.page(base)
    told = re.search(r"It would tell most to say now how sure you are of (\d) steps.", page)
    only = re.search(rf'href="({base}/judge\?steps=[^"]+)"', page)
    assert told
    assert only
    count = int(told[1])
    assert 2 <= count <= 5
    rest = f"The other {9 - count} steps"
    page = robin.page(only[1])
    assert rest in page
    asked = asked_on(page)[:count]
    assert past.steps[6] in asked
    assert asked == [step for step in past.steps if step in asked], "easiest first"
    assert page.count("You have tried it since you last said.") == 1
    assert page.count("Your answer here tells most of the others, too.") == count - 1
    assert robin.page(f"{base}/judge").count(rest) == 1
    assert robin.page(f"{base}/judge?steps=nothing,,{'x' * 2000}").count(rest) == 1


def asked_on(page: str) -> list[str]:
    return re.findall(r'name="step" value="([^"]+)"', page)


def test_the_first_time_half_of_a_long_ladder_is_asked_and_leaving_out_the_rest_has_a_price(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    names = [f"Say it to {count} people" for count in range(1, 13)]
    made = ladders.name_ladder(sqlite_services, past.person, "Toast", names)
    path = f"/ladders/{made.id}/judge"
    page = robin.page(path)
    assert "One to practise on" in page
    assert "These 6 steps are enough today: the ones where your answer tells most." in page
    loss = re.search(r"to within about (\d+) points of 100 as a rule; to within about (\d+) if you", page)
    assert loss
    assert 12 < int(loss[1]) < 25
    assert 5 < int(loss[2]) < 12
    assert "The other 6 steps" in page
    assert sorted(asked_on(page)) == sorted(step.id for step in made.steps), "all can be answered"
    wrong = robin.send_form(path, step=asked_on(page)[0], rating="101")
    assert wrong.status_code == 422
    assert asked_on(wrong.text) == asked_on(page)
    sent = robin.send_form(path, step=asked_on(page)[:6], rating=["50"] * 6)
    assert path_of(sent) == f"/ladders/{made.id}?said=judged"
    assert "Too early to say" not in robin.page(f"/ladders/{made.id}")
    page = robin.page(f"/ladders/{made.id}")
    assert not re.search(r"how sure you are of \d steps", page), "nobody is nagged about the rest"


def test_a_short_ladder_is_asked_about_as_a_whole(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    made = ladders.name_ladder(sqlite_services, past.person, "Toast", ["a", "b", "c", "d", "e"])
    page = robin.page(f"/ladders/{made.id}/judge")
    assert asked_on(page) == [step.id for step in made.steps]
    assert "You can leave out the rest" not in page


def test_a_fear_is_asked_in_two_halves_and_kept_as_one(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    base = f"/ladders/{past.ladder}"
    sent = robin.send_form(
        f"{base}/judge",
        step=[past.steps[0], past.steps[1], past.steps[2]],
        rating=["55", "60", ""],
        likely=["50", "", ""],
        bad=["80", "", ""],
        resources="Sam, and a quiet evening",
    )
    assert path_of(sent) == f"{base}?said=judged"
    log = [event for event in evidence.log_of(sqlite_services, past.person) if event.kind == "judgement"]
    kept = {event.task: event for event in log[-2:]}
    assert (kept[past.steps[0]].value, kept[past.steps[0]].feared) == (0.55, 0.4)
    assert (kept[past.steps[1]].value, kept[past.steps[1]].feared) == (0.6, None)
    texts = [evidence.texts_of(sqlite_services, past.person, event.id) for event in log[-2:]]  # type: ignore[arg-type]  # ids as the log holds them
    assert {"resources": "Sam, and a quiet evening"} in texts


def test_the_old_field_of_a_fear_still_counts(robin: Visitor, past: Past, sqlite_services: Services) -> None:
    robin.send_form(f"/ladders/{past.ladder}/judge", step=past.steps[0], rating="50", feared="30")
    log = [event for event in evidence.log_of(sqlite_services, past.person) if event.kind == "judgement"]
    assert log[-1].feared == 0.3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"rating": "", "likely": "", "bad": ""}, "Say how sure you are of at least one step."),
        ({"rating": "50", "likely": "50", "bad": ""}, "Say both: how likely it is, and how bad it would be."),
        ({"rating": "", "likely": "50", "bad": "50"}, "say how sure you are, too."),
        ({"rating": "101", "likely": "", "bad": ""}, "is outside"),
        ({"rating": "50", "likely": "x", "bad": "5"}, "is not a number"),
        ({"rating": "50", "likely": "", "bad": "", "resources": "x" * 4001}, "4000 is the most"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    robin: Visitor, past: Past, sqlite_services: Services, fields: dict[str, str], told: str
) -> None:
    before = len(evidence.log_of(sqlite_services, past.person))
    sent = robin.send_form(f"/ladders/{past.ladder}/judge", step=past.steps[3], **fields)
    assert sent.status_code == 422
    assert told in sent.text.replace("4,000", "4000")
    if fields["rating"]:
        assert f'value="{fields["rating"]}"' in sent.text
    assert len(evidence.log_of(sqlite_services, past.person)) == before


def test_a_try_at_a_step_is_told_on_the_page_of_all_ladders(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    clock.move(days=1)
    evidence.record(sqlite_services, past.person, past.ladder, past.steps[6], Did.AVOIDED)
    assert "Say one thing I’d change, with notes in hand (let pass)" in robin.page("/ladders")
    steps.retire_step(sqlite_services, past.person, past.ladder, past.steps[6])
    assert LadderId(past.ladder) in robin.page("/ladders")
