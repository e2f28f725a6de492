"""The pages of the four sources, as a browser without script sees them."""

import re
from collections.abc import Callable

import pytest
from tests.conftest import join
from tests.databases import SetClock, counted
from tests.web.stage import Past, Visitor, field, path_of

from rung.app import evidence, sources
from rung.app.climbing import ladders
from rung.app.model import Did, Reflection
from rung.app.ports import Services

PLACES = ("models", "encouragement", "body")
PATHS = ("/sources", "/sources/mastery", "/sources/mastery?doubted=1", *(f"/sources/{one}" for one in PLACES))
STORY = "ruth-one-sentence"
EVIL = "<script>alert(1)</script>\"'&{{ 7*7 }}"


def plain(html: str) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


Send = Callable[[Visitor, Past], str]


def send_story(robin: Visitor, past: Past) -> str:
    answer = robin.send_form(
        f"/sources/models/stories/{STORY}",
        ladder=past.ladder,
        alike="fairly",
        coping="yes",
        domain="saying-no",
    )
    return path_of(answer)


def send_seen(robin: Visitor, past: Past, who: str = "Nadia") -> str:
    answer = robin.send_form(
        "/sources/models",
        ladder=past.ladder,
        who=who,
        told="She said it twice.",
        alike="very",
        coping="no",
        ended="partly",
        step=past.steps[5],
    )
    return path_of(answer)


def send_said(robin: Visitor, past: Past, said: str = "You stayed calm.", about: str = "") -> str:
    answer = robin.send_form(
        "/sources/encouragement",
        ladder=past.ladder,
        who="Sam",
        said=said,
        seen="The call on Tuesday.",
        about=about,
        works="8",
        believed="fairly",
    )
    return path_of(answer)


def send_state(robin: Visitor, past: Past) -> str:
    answer = robin.send_form(
        "/sources/body", ladder=past.ladder, arousal="8", appraisal="ready", reading="Cold hands"
    )
    return path_of(answer)


SENDS: dict[str, Send] = {
    "a story": send_story,
    "somebody seen": send_seen,
    "an encouragement": send_said,
    "a state": send_state,
}


@pytest.mark.parametrize("what", SENDS)
def test_what_is_kept_can_be_taken_back_and_put_back(
    robin: Visitor, past: Past, sqlite_services: Services, what: str
) -> None:
    before = evidence.log_of(sqlite_services, past.person)
    kept = robin.page(SENDS[what](robin, past))
    assert "Kept. It counts from now on." in kept
    assert len(evidence.log_of(sqlite_services, past.person)) == len(before) + 1
    undo = re.search(r'action="(/sources/[a-z]+/[0-9a-f-]{36}/take-back[^"]*)"', kept)
    assert undo
    taken = robin.page(path_of(robin.post(undo[1])))
    assert "Taken back. It counts no longer." in taken
    assert evidence.log_of(sqlite_services, past.person) == before
    redo = re.search(r'action="(/sources/[a-z]+/[0-9a-f-]{36}/put-back[^"]*)"', taken)
    assert redo
    assert "It counts again." in robin.page(path_of(robin.post(redo[1])))
    assert len(evidence.log_of(sqlite_services, past.person)) == len(before) + 1


def test_a_form_that_is_sent_twice_counts_once(robin: Visitor, past: Past, sqlite_services: Services) -> None:
    before = len(evidence.log_of(sqlite_services, past.person))
    id = field(robin.page("/sources/body"), "id")
    for _ in range(2):
        robin.send_form("/sources/body", ladder=past.ladder, arousal="3", appraisal="neither", id=id)
    assert len(evidence.log_of(sqlite_services, past.person)) == before + 1
    evidence.take_back(sqlite_services, past.person, id)  # type: ignore[arg-type]  # ids as pages hold them
    again = robin.send_form("/sources/body", ladder=past.ladder, arousal="3", appraisal="neither", id=id)
    assert f"taken={id}" in path_of(again)
    other = robin.send_form("/sources/body", ladder=past.ladder, arousal="4", appraisal="neither", id=id)
    assert other.status_code == 409


def test_the_overview_says_what_each_source_gave_and_what_is_thin(robin: Visitor, past: Past) -> None:
    page = plain(robin.page("/sources"))
    assert "13 tries in the last 90 days; 11 worked." in page
    assert "Thin at the moment: people like you" in page
    assert page.count("Nothing in the last 90 days.") == 2
    assert page.count("There is nothing of it in your log yet.") == 2
    assert "You said it of tries alone; there its part cannot be told from theirs." in page


def test_nothing_is_claimed_where_it_is_too_early(
    stranger: Visitor, sqlite_services: Services, past: Past, robin: Visitor
) -> None:
    fresh = ladders.name_ladder(sqlite_services, past.person, "Sing", ["hum"])
    page = plain(robin.page(f"/sources?ladder={fresh.id}"))
    assert page.count("Too early to say how much of your belief came from it.") == 4
    assert "See the next step" in page


def test_somebody_without_a_ladder_is_taught_what_the_four_are(
    stranger: Visitor, sqlite_services: Services, past: Past, robin: Visitor
) -> None:
    ladders.archive_ladder(sqlite_services, past.person, past.ladder)
    for path in PATHS:
        robin.page(path)
    robin.post("/sign-out")


def test_the_bank_finds_what_was_written_and_shows_what_was_doubted(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    attempts = [one.id for one in evidence.log_of(sqlite_services, past.person) if one.kind == "attempt"]
    said = Reflection(arousal=0.8, what_helped="Crème brûlée first", cause="me")
    evidence.reflect(sqlite_services, past.person, attempts[8], said)  # type: ignore[arg-type]  # ids as pages hold them
    found = plain(robin.page("/sources/mastery?words=BRULEE+creme"))
    assert "1 try has these words." in found
    assert "Crème brûlée first" in found
    assert "No try has all of these words" in plain(robin.page("/sources/mastery?words=nowhere"))
    doubted = plain(robin.page("/sources/mastery?doubted=1"))
    assert "Your body was going at 8 of 10." in doubted
    assert "You had let this step pass before." in doubted
    assert "It worked." in doubted


def test_an_assurance_shows_what_is_left_of_it(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    attempt = [one for one in evidence.log_of(sqlite_services, past.person) if one.kind == "attempt"][-1]
    send_said(robin, past, about=f"attempt:{attempt.id}")
    fresh = plain(robin.page("/sources/encouragement"))
    assert "fresh" in fresh
    assert "points of 100" in fresh
    assert "A belief stands better on what somebody saw" not in fresh
    clock.move(days=20)
    assert "What would renew it is doing the step." in plain(robin.page("/sources/encouragement"))


def test_empty_praise_is_kept_with_a_kind_word(robin: Visitor, past: Past) -> None:
    answer = robin.send_form(
        "/sources/encouragement",
        ladder=past.ladder,
        who="Jo",
        said="You can do it",
        works="10",
        believed="very",
    )
    assert "A belief stands better on what somebody saw" in plain(robin.page(path_of(answer)))


def test_the_body_says_what_came_of_strong_and_calm(robin: Visitor, past: Past) -> None:
    page = plain(robin.page("/sources/body"))
    assert "At 7 to 10 it worked 2 of 3 times." in page
    assert "Read as ready, it worked" in page
    assert 'href="/body/reappraise"' in robin.page("/sources/body")


WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "no answer about the body": ("/sources/body", {"arousal": "", "appraisal": ""}),
    "a body beyond its scale": ("/sources/body", {"arousal": "11", "appraisal": "ready"}),
    "a body in words": ("/sources/body", {"arousal": "nan", "appraisal": EVIL}),
    "too much about the body": (
        "/sources/body",
        {"arousal": "1", "appraisal": "ready", "reading": "x" * 4001},
    ),
    "nobody who said it": (
        "/sources/encouragement",
        {"who": " ", "said": "a", "works": "1", "believed": "not"},
    ),
    "nothing that was said": ("/sources/encouragement", {"who": "a", "works": "1", "believed": "not"}),
    "a chance beyond": (
        "/sources/encouragement",
        {"who": "a", "said": "b", "works": "1e9", "believed": "not"},
    ),
    "a chance in words": (
        "/sources/encouragement",
        {"who": "a", "said": "b", "works": EVIL, "believed": "not"},
    ),
    "a control character": (
        "/sources/encouragement",
        {"who": "a\x07", "said": "b", "works": "1", "believed": "not"},
    ),
    "no ending": ("/sources/models", {"who": "a", "alike": "very", "coping": "yes", "ended": EVIL}),
    "nobody who was seen": ("/sources/models", {"alike": "very", "coping": "yes", "ended": "not"}),
    "too long a name": (
        "/sources/models",
        {"who": "x" * 5000, "alike": "very", "coping": "yes", "ended": "not"},
    ),
    "no answer about a story": (f"/sources/models/stories/{STORY}", {"alike": EVIL, "coping": "perhaps"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    robin: Visitor, past: Past, sqlite_services: Services, what: str
) -> None:
    before = evidence.log_of(sqlite_services, past.person)
    path, fields = WRONG[what]
    answer = robin.send_form(path, ladder=past.ladder, domain="saying-no", **fields)
    assert answer.status_code == 422
    assert 'class="fault"' in answer.text
    assert "<script>alert" not in answer.text
    assert evidence.log_of(sqlite_services, past.person) == before


@pytest.mark.parametrize("place", PLACES)
def test_hostile_words_are_shown_as_words(robin: Visitor, past: Past, place: str) -> None:
    send_seen(robin, past, EVIL)
    send_said(robin, past, EVIL)
    robin.send_form("/sources/body", ladder=past.ladder, arousal="1", appraisal="ready", reading=EVIL)
    html = robin.page(f"/sources/{place}")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;{{ 7*7 }}" in html


@pytest.mark.parametrize(
    "path",
    [
        "/sources?ladder=nowhere",
        "/sources?ladder=4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e",
        "/sources/mastery?ladder=4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e",
        "/sources/models?domain=../../secrets",
        "/sources/body?ladder=4b1f0a52-6c1e-4f0a-9d38-0d6a3f1c2b7e",
    ],
)
def test_what_is_not_there_is_not_found(robin: Visitor, path: str) -> None:
    assert robin.get(path).status_code == 404


def test_what_is_somebody_elses_is_not_found(robin: Visitor, past: Past, sqlite_services: Services) -> None:
    ben = join(sqlite_services, "Ben")
    theirs = ladders.name_ladder(sqlite_services, ben, "Secret", ["hush"])
    seen = sources.see_somebody(sqlite_services, ben, theirs.id, "Hush", "", 1.0)
    for path in PATHS:
        mark = "&" if "?" in path else "?"
        assert robin.get(f"{path}{mark}ladder={theirs.id}").status_code == 404
    for place in PLACES:
        for verb in ("take-back", "put-back"):
            assert robin.post(f"/sources/{place}/{seen}/{verb}").status_code == 404
    answer = robin.send_form("/sources/body", ladder=theirs.id, arousal="1", appraisal="ready")
    assert answer.status_code == 404
    for about in (f"step:{theirs.steps[0].id}", f"attempt:{seen}", "else:x"):
        answer = robin.send_form(
            "/sources/encouragement",
            ladder=past.ladder,
            who="a",
            said="b",
            works="1",
            believed="not",
            about=about,
        )
        assert answer.status_code == 404
    assert [one.id for one in evidence.log_of(sqlite_services, ben)] == [seen]


def test_a_page_asks_few_questions_and_is_light_also_with_fifty_ladders(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    me = past.person
    for number in range(49):
        clock.move(minutes=1)
        made = ladders.name_ladder(sqlite_services, me, f"Ladder {number}", ["one", "two", "three"])
        event_id = evidence.record(sqlite_services, me, made.id, made.steps[0].id, Did.DONE)
        evidence.reflect(sqlite_services, me, event_id, Reflection(arousal=0.8, what_helped="A card"))
    for number in range(30):
        sources.see_somebody(sqlite_services, me, past.ladder, f"Person {number}", "They did.", 1.0)
        sources.hear(sqlite_services, me, past.ladder, "Sam", f"Calm {number}", 0.8, 0.67)
        sources.note_state(sqlite_services, me, past.ladder, 0.5, 0.5, "Hands")
    for asked in (*PATHS, *(f"{path.partition('?')[0]}?ladder={past.ladder}" for path in PATHS)):
        with counted(sqlite_services) as queries:
            html = robin.page(asked)
        assert len(queries) <= 15, (asked, queries)
        assert len(html.encode()) < 60_000, asked


def test_the_page_of_the_body_opens_on_a_ladder_of_which_nothing_was_noted(
    robin: Visitor, sqlite_services: Services, past: Past
) -> None:
    other = ladders.name_ladder(sqlite_services, past.person, "Call the dentist", ("Look it up", "Call"))
    assert "Too early to say." in plain(robin.page(f"/sources/body?ladder={other.id}"))
