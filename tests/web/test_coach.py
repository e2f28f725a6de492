"""The coach's pages and the person's side of them: what one leaves the other finds, and nothing more."""

import re
from collections.abc import Iterator

import pytest
from tests.app.coaching.bonds import keep_states, let_in, see, seed_people
from tests.conftest import join
from tests.databases import SetClock, counted
from tests.web.stage import Past, Visitor, field, path_of

from rung.app import evidence
from rung.app.accounts import people
from rung.app.coaching import leaving
from rung.app.coaching.answering import from_others
from rung.app.model import Did, PersonId, Reflection
from rung.app.policies import Role
from rung.app.ports import Services
from rung.app.sharing import inviting
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sharing.looks import looks

SEEN = "You stayed with your sentence when he interrupted you the second time"
SECRET = "the blue folder"


@pytest.fixture
def lee(sqlite_services: Services, past: Past) -> PersonId:
    """Somebody else on the server."""
    return join(sqlite_services, "Dr Lee")


@pytest.fixture
def lees(address: str, sqlite_services: Services, lee: PersonId) -> Iterator[Visitor]:
    """Their browser, signed in."""
    with Visitor(address) as visitor:
        token = people.sign_in(sqlite_services, "Dr Lee", "battery staple")
        visitor.cookies.set("rung", token, domain="localhost.local")
        yield visitor


@pytest.fixture
def bond(sqlite_services: Services, past: Past, lee: PersonId) -> str:
    """Robin lets Dr Lee see all of the ladder."""
    made = let_in(sqlite_services, past.person, lee)
    see(sqlite_services, past.person, made, past.ladder, ALL_FIELDS)
    return made


def test_who_coaches_nobody_is_told_how_to_begin(lees: Visitor) -> None:
    page = lees.page("/coach")
    assert "Nobody has let you in yet" in page
    assert 'href="/let-in"' in page


def test_asking_shows_a_link_once_and_the_offer_can_be_taken_back(
    lees: Visitor, robin: Visitor, past: Past
) -> None:
    told = lees.send_form("/coach/ask", label="Robin")
    link = re.search(r'id="link" value="[^"]*(/let-in\?code=[^"]+)"', told.text)
    assert link
    assert "Dr Lee" in robin.page(link[1])
    page = lees.page("/coach")
    assert "Robin" in page
    assert link[1] not in page
    offer = re.search(r"/coach/offers/[0-9a-f-]+/take-back", page)
    assert offer
    assert path_of(lees.send_form(offer[0])) == "/coach?said=taken-back"
    assert robin.get(link[1]).status_code == 404


def test_the_caseload_names_who_needs_a_word_and_why(
    lees: Visitor, past: Past, bond: str, sqlite_services: Services, clock: SetClock
) -> None:
    for _ in range(4):
        clock.move(days=1)
        evidence.record(sqlite_services, past.person, past.ladder, past.steps[6], Did.AVOIDED)
    page = lees.page("/coach")
    assert "Stuck 1" in page
    assert "with notes in hand” pass 4 times in a row, since 24 November." in page
    assert f"/coach/{bond}" in page
    assert "Robin" in lees.page("/coach?flag=stuck&q=rob")
    assert "Robin" not in lees.page("/coach?flag=quiet")
    assert "Robin" not in lees.page("/coach?q=nobody")


def test_somebody_is_put_aside_and_taken_back(lees: Visitor, past: Past, bond: str) -> None:
    assert path_of(lees.send_form(f"/coach/{bond}/snooze", days="7")) == "/coach?said=aside#aside"
    assert "1 person put aside" in lees.page("/coach")
    assert path_of(lees.send_form(f"/coach/{bond}/wake")) == "/coach?said=awake"
    assert "put aside" not in lees.page("/coach")
    assert lees.send_form(f"/coach/{bond}/snooze", days="2").status_code == 422


@pytest.mark.parametrize("hidden", [Field.JUDGEMENTS, Field.OUTCOMES, Field.TEXTS])
def test_the_page_tells_what_is_shown_and_not_what_is_hidden(
    lees: Visitor, past: Past, bond: str, sqlite_services: Services, hidden: Field
) -> None:
    event = evidence.record(sqlite_services, past.person, past.ladder, past.steps[4], Did.DONE)
    evidence.reflect(sqlite_services, past.person, event, Reflection(what_helped=SECRET, cause="luck"))
    signs = {Field.JUDGEMENTS: "sure, between", Field.OUTCOMES: "worked 3 of 3", Field.TEXTS: SECRET}
    path = f"/coach/{bond}/{past.ladder}"
    page = lees.page(path)
    assert all(sign in page for sign in signs.values())
    see(sqlite_services, past.person, bond, past.ladder, ALL_FIELDS - {hidden})
    page = lees.page(path)
    assert signs[hidden] not in page
    assert "Not shown:" in page
    noted = looks(sqlite_services, past.person).reads
    assert [one.view for one in noted] == ["ladder", "ladder"]


def test_the_sheet_is_a_look_of_its_own(
    lees: Visitor, past: Past, bond: str, sqlite_services: Services
) -> None:
    base = f"/coach/{bond}/{past.ladder}/sheet"
    assert "Session sheet" in lees.page(base)
    assert lees.get(f"{base}.pdf").content.startswith(b"%PDF")
    assert lees.get(f"{base}?since=never").status_code == 422
    assert {one.view for one in looks(sqlite_services, past.person).reads} == {"sheet"}


def test_homework_takes_one_form_and_begins_with_the_next_step(
    lees: Visitor, robin: Visitor, past: Past, bond: str
) -> None:
    path = f"/coach/{bond}/{past.ladder}"
    page = lees.page(path)
    step = re.search(r'<select id="homework-step".*?<option value="([^"]+)" selected', page, re.DOTALL)
    assert step
    answer = lees.send_form(f"{path}/homework", id=field(page, "id"), step=step[1], note="Before Thursday")
    assert path_of(answer) == f"{path}?said=left#left"
    assert "waits for an answer" in lees.page(path)
    today = robin.page("/")
    assert "asks you to do this until next time" in today
    assert "Before Thursday" in today
    assert "Before Thursday" in robin.page(f"/ladders/{past.ladder}")
    take = re.search(r"/from-others/[0-9a-f-]+/take", today)
    assert take
    told = robin.page(path_of(robin.send_form(take[0])))
    assert "It is planned." in told
    assert "planned," in lees.page(path)
    undo = re.search(r"/from-others/[0-9a-f-]+/undo", told)
    assert undo
    assert path_of(robin.send_form(undo[0])) == "/from-others"
    assert "Before Thursday" in robin.page("/")


def test_empty_praise_comes_back_with_the_reason_and_what_was_typed(
    lees: Visitor, past: Past, bond: str, sqlite_services: Services
) -> None:
    path = f"/coach/{bond}/{past.ladder}"
    form = {"about": f"step:{past.steps[4]}", "day": "2026-11-20", "works": "7"}
    answer = lees.send_form(f"{path}/praise", seen="You are so great", **form)
    assert answer.status_code == 422
    assert "Bandura, 1997" in answer.text
    assert "You are so great" in answer.text
    answer = lees.send_form(f"{path}/praise", seen=SEEN, said="You can do anything", **form)
    assert "promises what nobody can know" in answer.text
    form["about"], form["works"] = f"step:{past.steps[8]}", "10"
    answer = lees.send_form(f"{path}/praise", seen=SEEN, **form)
    assert "more than their record does" in answer.text
    assert path_of(lees.send_form(f"{path}/praise", seen=SEEN, sure="yes", **form)).startswith(path)
    (left,) = from_others(sqlite_services, past.person)
    assert left.left.content["chance"] == 1.0


def test_an_encouragement_is_kept_as_far_as_it_is_believed(
    lees: Visitor, robin: Visitor, past: Past, bond: str
) -> None:
    path = f"/coach/{bond}/{past.ladder}"
    about = re.search(r'value="(attempt:[0-9a-f-]+)"', lees.page(path))
    assert about
    lees.send_form(f"{path}/praise", seen=SEEN, about=about[1], works="8")
    page = robin.page("/from-others")
    assert SEEN in page
    take = re.search(r"/from-others/[0-9a-f-]+/take", page)
    assert take
    assert robin.send_form(take[0]).status_code == 422
    assert robin.send_form(take[0], believed="perhaps").status_code == 422
    assert "kept among what others told you" in robin.page(path_of(robin.send_form(take[0], believed="very")))
    assert SEEN in robin.page(f"/sources/encouragement?ladder={past.ladder}")


def test_a_comment_is_read_beside_its_try(lees: Visitor, robin: Visitor, past: Past, bond: str) -> None:
    path = f"/coach/{bond}/{past.ladder}"
    about = field(lees.page(path), "about")
    lees.send_form(f"{path}/comment", about=about, text="You asked first, and then said it.")
    assert "You asked first" in lees.page(path)
    assert "You asked first" in robin.page(f"/attempts/{about}/reflect")
    assert f"/attempts/{about}/reflect" in robin.page("/from-others")


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("step", {"name": "Say it in the lift"}),
        ("split", {"names": "The first half\nThe other half"}),
        ("bridge", {"name": "Say it in the lift"}),
        ("story", {"whom": "A colleague", "text": "She read it from a page.", "struggled": "yes"}),
    ],
)
def test_what_is_left_can_be_let_go_with_a_word_and_the_coach_reads_it(
    lees: Visitor, robin: Visitor, past: Past, bond: str, kind: str, form: dict[str, str]
) -> None:
    path = f"/coach/{bond}/{past.ladder}"
    form = {"step": past.steps[6], **form}
    assert path_of(lees.send_form(f"{path}/{kind}", **form)).startswith(path)
    decline = re.search(r"/from-others/[0-9a-f-]+/decline", robin.page("/from-others"))
    assert decline
    assert "You let it go. That is fine." in robin.page(path_of(robin.send_form(decline[0], why="Too early")))
    page = lees.page(path)
    assert "let go" in page
    assert "Too early" in page


def test_faults_stand_in_the_form_that_is_open(lees: Visitor, past: Past, bond: str) -> None:
    path = f"/coach/{bond}/{past.ladder}"
    answer = lees.send_form(f"{path}/split", step=past.steps[6], names="Only one")
    assert answer.status_code == 422
    assert "one a line" in answer.text
    assert ">Only one</textarea>" in re.sub(r"\s*\n", "", answer.text)
    assert lees.send_form(f"{path}/step", name="Double my dose").status_code == 422
    assert lees.send_form(f"{path}/homework", step=past.steps[6], day="soon").status_code == 422
    assert lees.send_form(f"{path}/praise", seen=SEEN, works="", about="").status_code == 422
    assert lees.send_form(f"{path}/nothing").status_code in (404, 422)


def test_today_shows_three_and_the_rest_behind_a_link(
    robin: Visitor, past: Past, bond: str, lee: PersonId, sqlite_services: Services
) -> None:
    for number in range(5):
        leaving.propose_step(sqlite_services, lee, past.person, past.ladder, f"Proposal {number}")
    page = robin.page("/")
    assert page.count('class="card stack tight from-other"') == 3
    assert "2 more from others" in page
    assert robin.page("/from-others").count('class="card stack tight from-other"') == 5


def test_what_waits_can_be_taken_back_by_the_coach(
    lees: Visitor, past: Past, bond: str, lee: PersonId, sqlite_services: Services
) -> None:
    left = leaving.propose_step(sqlite_services, lee, past.person, past.ladder, "Proposal")
    answer = lees.send_form(f"/coach/{bond}/left/{left.id}/take-back")
    assert path_of(answer) == f"/coach/{bond}/{past.ladder}?said=taken-back#left"
    assert from_others(sqlite_services, past.person) == []


def test_nobody_else_finds_any_of_it(
    robin: Visitor, lees: Visitor, past: Past, bond: str, sqlite_services: Services
) -> None:
    path = f"/coach/{bond}"
    for where in (
        path,
        f"{path}/{past.ladder}",
        f"{path}/{past.ladder}/sheet",
        f"{path}/{past.ladder}/sheet.pdf",
    ):
        assert robin.get(where).status_code == 404
        assert lees.get(where).status_code == 200
    assert robin.send_form(f"{path}/{past.ladder}/step", name="A step").status_code == 404
    see(sqlite_services, past.person, bond, past.ladder, ())
    assert "They show nothing at the moment." in lees.page(path)
    assert lees.get(f"{path}/{past.ladder}").status_code == 404


def test_a_long_caseload_comes_in_pages_and_takes_few_queries(
    lees: Visitor, lee: PersonId, sqlite_services: Services, clock: SetClock
) -> None:
    made = seed_people(sqlite_services, lee, 60, weeks=2)
    keep_states(sqlite_services, made[:30])
    lees.page("/coach")
    # A new day: the looks are noted once more, and the session is noted as in use.
    clock.move(days=1)
    with counted(sqlite_services) as queries:
        page = lees.page("/coach")
    assert len(queries) < 15, queries
    assert page.count('class="case"') == 50
    assert 'href="/coach?page=2"' in page
    assert lees.page("/coach?page=2").count('class="case"') == 10
    assert lees.page("/coach?page=99&sort=name").count('class="case"') == 10


def test_an_offer_to_somebody_with_an_account_is_in_the_list(
    lees: Visitor, lee: PersonId, sqlite_services: Services
) -> None:
    inviting.invite(sqlite_services, lee, Role.COACH, lets_in=False, label="Kim")
    assert "Kim" in lees.page("/coach")
