"""The pages on which people let each other in: links that lead back, choices that hold, looks."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.conftest import join
from tests.databases import SetClock
from tests.web.stage import GOAL, NAME, PASSWORD, Past, Visitor, path_of, served

from rung.app.accounts import people
from rung.app.model import PersonId
from rung.app.policies import Role
from rung.app.ports import Bond, GroupWeek, Services
from rung.app.sharing import consenting, groups, inviting, reports
from rung.app.sharing.actors import actor_of
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sharing.looks import looks, note_look
from rung.web import Settings, create_app

LEE = "Dr Lee"


@pytest.fixture
def lee(sqlite_services: Services, past: Past) -> PersonId:
    """Somebody else on the server."""
    return join(sqlite_services, LEE)


@pytest.fixture
def lees(address: str, sqlite_services: Services, lee: PersonId) -> Iterator[Visitor]:
    """Their browser, signed in."""
    with Visitor(address) as visitor:
        visitor.cookies.set(
            "rung", people.sign_in(sqlite_services, LEE, "battery staple"), domain="localhost.local"
        )
        yield visitor


def shown_in(page: str, field: str) -> str:
    """What a field holds that is shown to be copied."""
    found = re.search(rf'id="{field}" value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def made_link(visitor: Visitor, path: str, **fields: str | list[str]) -> str:
    """The path of a link that a form made."""
    told = visitor.send_form(path, **fields)
    assert told.status_code == 200, told.text
    link = shown_in(told.text, "link")
    assert link.startswith(str(visitor.base_url).rstrip("/"))
    return link.removeprefix(str(visitor.base_url).rstrip("/"))


def seen_by(services: Services, person: PersonId) -> set[Field]:
    with services.store.reading() as tx:
        return {field for grant in actor_of(services, tx, person).grants for field in grant.fields}


def let_lee_in(services: Services, past: Past, lee: PersonId) -> Bond:
    return inviting.accept(services, lee, inviting.invite(services, past.person, Role.COACH, lets_in=True))


def test_a_link_is_made_shown_once_taken_and_what_they_see_is_chosen(
    robin: Visitor, lees: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    link = made_link(robin, "/sharing/invite", role="coach", label="My therapist", days="7")
    assert "My therapist" in robin.page("/sharing")
    page = lees.page(link)
    assert f"{NAME} would let you in" in page
    assert "My therapist" not in page
    code = link.partition("code=")[2]
    assert code not in robin.page("/sharing")
    assert path_of(lees.send_form("/let-in", code=code)) == "/coach"
    assert f"You let in {LEE}, who sees nothing yet" in robin.page("/")
    bond = consenting.let_in(sqlite_services, past.person)[0].bond
    show = [f"{past.ladder}/judgements", f"{past.ladder}/fears"]
    kept = robin.send_form(
        f"/sharing/{bond.id}", show=show, ladder=[past.ladder], until=["2026-12-24"], supervised="yes"
    )
    assert path_of(kept) == f"/sharing/{bond.id}?said=kept"
    assert seen_by(sqlite_services, lee) == {Field.JUDGEMENTS, Field.FEARS}
    assert "how sure you are and what you feared. Until 24 Dec 2026." in robin.page("/sharing")
    assert "who sees nothing yet" not in robin.page("/")


def test_the_last_day_lasts_until_its_midnight_by_the_persons_clock(
    robin: Visitor, sqlite_services: Services, past: Past, lee: PersonId, clock: SetClock
) -> None:
    bond = let_lee_in(sqlite_services, past, lee)
    robin.cookies.set("rung-zone", "America%2FNew_York", domain="localhost.local")
    fields = dict[str, str | list[str]](show=[f"{past.ladder}/outcomes"], ladder=[past.ladder])
    robin.send_form(f"/sharing/{bond.id}", **fields, until=["2026-11-24"])
    until = consenting.let_in(sqlite_services, past.person)[0].bond.consents[0].until
    assert until is not None
    assert until.isoformat() == "2026-11-25T05:00:00+00:00"
    assert 'value="2026-11-24"' in robin.page(f"/sharing/{bond.id}")
    clock.moment = until
    assert seen_by(sqlite_services, lee) == set()
    assert "not any more, its time is over" in robin.page("/sharing")


@pytest.mark.parametrize("until", ["2026-11-22", "tomorrow", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_told_beside_what_was_ticked_and_nothing_changes(
    robin: Visitor, sqlite_services: Services, past: Past, lee: PersonId, until: str
) -> None:
    bond = let_lee_in(sqlite_services, past, lee)
    fields = dict[str, str | list[str]](show=[f"{past.ladder}/texts"], ladder=[past.ladder])
    told = robin.send_form(f"/sharing/{bond.id}", **fields, until=[until])
    assert told.status_code == 422
    assert 'class="fault" id="until-fault"' in told.text
    assert f'value="{past.ladder}/texts" checked' in told.text
    assert seen_by(sqlite_services, lee) == set()


def test_presets_tick_and_keep_nothing_by_themselves(
    robin: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    bond = let_lee_in(sqlite_services, past, lee)
    for preset, ticked in (("everything", 5), ("sure-and-tried", 2), ("nothing", 0), ("unknown", 0)):
        page = robin.page(f"/sharing/{bond.id}?preset={preset}")
        assert page.count(" checked") == ticked, preset
        assert ("not kept yet" in page) is (preset != "unknown")
    assert seen_by(sqlite_services, lee) == set()


def test_a_coach_asks_and_is_let_in_with_what_was_ticked(
    robin: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    code = inviting.invite(sqlite_services, lee, Role.COACH, lets_in=False)
    page = robin.page(f"/let-in?code={code}")
    assert f"{LEE} asks to be let in as your coach" in page
    assert "checked" not in page
    told = robin.send_form(
        "/let-in", code=code, show=[f"{past.ladder}/outcomes"], ladder=[past.ladder], until=[""]
    )
    bond = consenting.let_in(sqlite_services, past.person)[0].bond
    assert path_of(told) == f"/sharing/{bond.id}?said=let-in"
    assert seen_by(sqlite_services, lee) == {Field.OUTCOMES}
    assert robin.send_form("/let-in", code=code).status_code == 404


def test_who_is_not_signed_in_comes_back_to_it_and_no_address_leads_elsewhere(
    stranger: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    code = inviting.invite(sqlite_services, lee, Role.COACH, lets_in=False)
    page = stranger.page(f"/let-in?code={code}")
    assert LEE not in page
    assert "/join" not in page
    assert path_of(stranger.send_form("/sign-in", name=NAME, password=PASSWORD)) == "/"
    assert path_of(stranger.get("/")) == "/let-in"
    assert f"{LEE} asks to be let in" in stranger.page("/let-in")
    assert stranger.get("/").status_code == 200
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "code="):
        stranger.cookies.set("rung-let-in", elsewhere, domain="localhost.local")
        assert path_of(stranger.get("/")) == "/let-in"
        assert "evil.example" not in stranger.get("/let-in").headers.get("location", "")
        assert stranger.get("/").status_code == 200


def test_who_has_no_account_makes_one_with_the_same_link_and_lands_on_it(
    robin: Visitor, address: str, sqlite_services: Services, past: Past
) -> None:
    link = made_link(robin, "/sharing/invite", role="coach", label="", days="7", stranger="yes")
    with Visitor(address) as guest:
        assert f'href="/join?code={link.partition("=")[2]}"' in guest.page(link)
        joined = guest.send_form("/join", name="New", password=PASSWORD, code=link.partition("=")[2])
        assert path_of(joined) == "/start"
        assert 'href="/"' in guest.page("/start/limits")
        assert path_of(guest.get("/")) == "/let-in"
        assert f"{NAME} would let you in" in guest.page("/let-in")
        guest.send_form("/let-in", code=link.partition("=")[2])
    assert [one.name for one in consenting.let_in(sqlite_services, past.person)] == ["New"]


@pytest.mark.parametrize("code", ["", "wrong", "%00", "%F0%9F%98%80", "x" * 5000])
def test_a_code_that_is_none_says_the_same_to_everybody(
    robin: Visitor, stranger: Visitor, sqlite_services: Services, code: str
) -> None:
    told = robin.get(f"/let-in?code={code}")
    assert told.status_code == (404 if code else 200)
    robin.cookies.clear()
    assert robin.get(f"/let-in?code={code}").status_code in (200, 303)


def test_a_pasted_link_is_as_good_as_its_code(
    robin: Visitor, sqlite_services: Services, lee: PersonId
) -> None:
    code = inviting.invite(sqlite_services, lee, Role.COACH, lets_in=False)
    whole = f" https://rung.example/let-in?code={code}&x=1 "
    told = robin.get("/let-in", params={"code": whole})
    assert f"{LEE} asks to be let in" in told.text


def test_ones_own_invitation_is_named_as_such(robin: Visitor, sqlite_services: Services, past: Past) -> None:
    code = inviting.invite(sqlite_services, past.person, Role.COACH, lets_in=True)
    assert "your own invitation" in robin.page(f"/let-in?code={code}")
    assert robin.send_form("/let-in", code=code).status_code == 409


def test_ending_is_one_form_from_either_side_and_is_told(
    robin: Visitor, lees: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    for visitor in (robin, lees):
        bond = let_lee_in(sqlite_services, past, lee)
        assert f'action="/sharing/{bond.id}/end"' in visitor.page("/sharing")
        assert path_of(visitor.send_form(f"/sharing/{bond.id}/end")) == "/sharing?said=ended"
        assert consenting.let_in(sqlite_services, past.person) == []
    assert robin.get(f"/sharing/{bond.id}").status_code == 404


def test_an_invitation_is_taken_back(robin: Visitor, sqlite_services: Services, past: Past) -> None:
    code = inviting.invite(sqlite_services, past.person, Role.COACH, lets_in=True)
    found = re.search(r'action="(/sharing/invitations/[^"]+)"', robin.page("/sharing"))
    assert found
    assert path_of(robin.send_form(found[1])) == "/sharing?said=taken-back"
    assert robin.get(f"/let-in?code={code}").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"role": "leader"}, {"role": "king"}, {"days": "365"}, {"days": "x"}], ids=str
)
def test_an_invitation_that_makes_no_sense_is_told_beside_the_form(
    robin: Visitor, sqlite_services: Services, past: Past, wrong: dict[str, str]
) -> None:
    told = robin.send_form("/sharing/invite", **{"role": "coach", "label": "X", "days": "7", **wrong})
    assert told.status_code == 422
    assert 'class="fault"' in told.text
    assert inviting.offers_of(sqlite_services, past.person, lets_in=True) == []


def test_every_look_is_told_by_day_and_reader_in_plain_words(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    assert "Nobody has looked" in robin.page("/sharing/looks")
    me, fields = past.person, (Field.JUDGEMENTS, Field.OUTCOMES)
    for _twice in range(2):
        note_look(sqlite_services, me, "Dr Lee (coach)", "ladder", past.ladder, fields)
        clock.move(minutes=30)
    note_look(sqlite_services, me, "", "report", past.ladder, [Field.TEXTS])
    clock.move(days=1)
    note_look(sqlite_services, me, "Kim (researcher)", "study", None, [Field.OUTCOMES])
    page = html.unescape(robin.page("/sharing/looks"))
    assert f"looked at “{GOAL}”: how sure you are and what you tried" in page
    assert "09:00 · 09:30" in page
    assert "Dr Lee (Coach or therapist)" in page
    assert "Whoever had the link" in page
    assert page.index("Tuesday, ") < page.index("Kim (Researcher)") < page.index("Monday, ")


def test_looks_go_on_page_by_page(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    for number in range(205):
        clock.move(minutes=1)
        note_look(sqlite_services, past.person, f"Reader {number}", "caseload", None)
    page = robin.page("/sharing/looks")
    assert "Reader 204" in page
    assert "Reader 4<" not in page
    found = re.search(r'href="(/sharing/looks\?before=[^"]+)"', page)
    assert found
    earlier = robin.page(html.unescape(found[1]))
    assert "Reader 4<" in earlier
    assert "Earlier looks" not in earlier
    assert robin.get("/sharing/looks?before=2026-01-01T00:00:00").status_code == 200
    assert robin.get("/sharing/looks?before=x").status_code == 404


def test_a_report_is_read_without_an_account_until_it_ends_and_each_look_is_noted(
    robin: Visitor, address: str, sqlite_services: Services, past: Past
) -> None:
    link = made_link(robin, "/sharing/reports", show=["outcomes"], ladder=past.ladder, days="7")
    with Visitor(address) as anybody:
        told = anybody.get(link)
        assert told.status_code == 200
        assert html.escape(GOAL) in told.text or GOAL in html.unescape(told.text)
        assert told.headers["referrer-policy"] == "no-referrer"
        assert told.headers["cache-control"] == "no-store"
        assert "noindex" in told.headers["x-robots-tag"]
        assert "Not shared: how sure" in told.text
        assert NAME not in told.text
        assert "<form" not in told.text
        seen = looks(sqlite_services, past.person).reads
        assert [(one.view, one.reader, one.fields) for one in seen] == [
            ("report", "", frozenset({Field.OUTCOMES}))
        ]
        found = re.search(r'action="(/sharing/reports/[^"]+/end)"', robin.page("/sharing/reports"))
        assert found
        assert path_of(robin.send_form(found[1])) == "/sharing/reports?said=link-ended"
        ended = anybody.get(link)
        assert ended.status_code == 404
        missing = anybody.get("/report/nothing")
        assert missing.status_code == 404
        assert ended.text == missing.text
    assert len(looks(sqlite_services, past.person).reads) == 1


def test_a_report_ends_with_its_day(
    stranger: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    code = reports.make_link(sqlite_services, past.person, past.ladder, ALL_FIELDS, 1)
    assert stranger.get(f"/report/{code}").status_code == 200
    clock.move(days=1)
    assert stranger.get(f"/report/{code}").status_code == 404


def test_a_report_of_nothing_is_not_made(robin: Visitor, sqlite_services: Services, past: Past) -> None:
    for show, days in (("nothing", "7"), ("outcomes", "5")):
        told = robin.send_form("/sharing/reports", show=[show], ladder=past.ladder, days=days)
        assert told.status_code == 422
    assert robin.send_form("/sharing/reports", show=["outcomes"], ladder="x", days="7").status_code == 404
    assert reports.links_of(sqlite_services, past.person) == []


def test_the_preview_is_what_the_coach_sees_and_no_look(
    robin: Visitor, lees: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    bond = let_lee_in(sqlite_services, past, lee)
    show = [f"{past.ladder}/judgements", f"{past.ladder}/outcomes"]
    path = f"/sharing/{bond.id}/preview/{past.ladder}"
    assert robin.get(path).status_code == 404
    robin.send_form(f"/sharing/{bond.id}", show=show, ladder=[past.ladder], until=[""])
    assert f'href="{path}"' in robin.page(f"/sharing/{bond.id}")
    previewed = robin.page(path)
    assert looks(sqlite_services, past.person).reads == ()
    seen = lees.page(f"/coach/{bond.id}/{past.ladder}")
    assert len(looks(sqlite_services, past.person).reads) == 1
    for page in (previewed, seen):
        assert "Shown: how sure they are; what was planned, tried and let pass." in html.unescape(page)
    ladder = re.compile(r'<ol class="ladder".*?</ol>', re.DOTALL)
    assert ladder.findall(previewed)
    assert ladder.findall(previewed) == ladder.findall(seen)
    assert lees.get(path).status_code == 404


def test_reading_ends_in_the_moment_in_which_the_bond_is_ended(
    robin: Visitor, lees: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    bond = let_lee_in(sqlite_services, past, lee)
    fields = dict[str, str | list[str]](show=[f"{past.ladder}/outcomes"], ladder=[past.ladder], until=[""])
    robin.send_form(f"/sharing/{bond.id}", **fields)
    assert lees.get(f"/coach/{bond.id}/{past.ladder}").status_code == 200
    robin.send_form(f"/sharing/{bond.id}", show=[], ladder=[past.ladder], until=[""])
    assert lees.get(f"/coach/{bond.id}/{past.ladder}").status_code == 404
    robin.send_form(f"/sharing/{bond.id}", **fields)
    assert lees.get(f"/coach/{bond.id}/{past.ladder}").status_code == 200
    robin.send_form(f"/sharing/{bond.id}/end")
    for path in (
        f"/coach/{bond.id}/{past.ladder}",
        f"/coach/{bond.id}/{past.ladder}/sheet",
        f"/coach/{bond.id}",
    ):
        assert lees.get(path).status_code == 404, path


def test_a_class_is_made_joined_by_many_and_told_of_in_numbers(
    robin: Visitor, lees: Visitor, address: str, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    clock.move(days=-1)
    group = path_of(lees.send_form("/groups", name="Class 7b"))
    link = made_link(lees, f"{group}/invite", days="30", stranger="yes")
    code = link.partition("=")[2]
    page = robin.page(link)
    assert f"{LEE} asks you into the group Class 7b" in page
    assert "Count me with this one" in page
    joined = robin.send_form(
        "/let-in", code=code, show=[f"{past.ladder}/all"], ladder=[past.ladder], until=[""]
    )
    bond = consenting.let_in(sqlite_services, past.person)[0].bond
    assert path_of(joined) == f"/sharing/{bond.id}?said=let-in"
    assert "counted in the group" in robin.page("/sharing")
    with Visitor(address) as guest:
        guest.send_form("/join", name="New", password=PASSWORD, code=code)
        assert path_of(guest.send_form("/let-in", code=code)).startswith("/sharing/")
    assert "Fewer than five people" in lees.page(group)
    assert NAME not in lees.page(group)
    clock.move(days=14)
    page = lees.page(group)
    assert "Fewer than five people were active: nothing is told." in page
    assert "looked at the numbers of the group" in robin.page("/sharing/looks")
    found = re.search(r'action="(/groups/[^"]+/take-back)"', page)
    assert found
    assert path_of(lees.send_form(found[1])) == group
    assert robin.get(group).status_code == 404
    assert path_of(lees.send_form(f"{group}/end")) == "/groups"
    assert consenting.let_in(sqlite_services, past.person) == []
    assert lees.send_form("/groups", name=" ").status_code == 422


def test_the_numbers_of_a_class_are_told_in_plain_words(
    lees: Visitor, sqlite_services: Services, lee: PersonId, past: Past, clock: SetClock
) -> None:
    made = groups.make_group(sqlite_services, lee, "Class 7b")
    week = GroupWeek("2026-11-16", active=5, tries=1.5, worked=0.8, change=10)
    weeks = (GroupWeek("2026-11-09", 10, 2.0, None, -5), week)
    with sqlite_services.store.writing(lee) as tx:
        tx.groups.put(replace(made, figures=weeks))
    page = lees.page(f"/groups/{made.id}")
    for words in (
        "16 November to 22 November",
        "5 to 9 people were active",
        "About 1.5 tries each",
        "About 8 in 10 tries worked",
        "They are about 10 points of 100 more sure than before",
        "They are about 5 points of 100 less sure than before",
    ):
        assert words in page
    assert page.index("16 November") < page.index("9 November to")


def test_a_researcher_asks_many_and_takes_their_log_out_under_pseudonyms(
    robin: Visitor, lees: Visitor, sqlite_services: Services, past: Past, lee: PersonId
) -> None:
    code = made_link(lees, "/studies/invite", label="Autumn", days="30").partition("=")[2]
    assert "Nobody takes part yet." in lees.page("/studies")
    assert "asks for your log, for research" in robin.page(f"/let-in?code={code}")
    assert "What you wrote about it" not in robin.page(f"/let-in?code={code}")
    show = [f"{past.ladder}/{field.value}" for field in Field]
    robin.send_form("/let-in", code=code, show=show, ladder=[past.ladder], until=[""])
    assert "1 person takes part, 1 of them shows something now." in lees.page("/studies")
    told = lees.send_form("/studies/log")
    assert told.headers["content-disposition"].startswith('attachment; filename="rung-study-')
    assert told.text.startswith("person,domain,task,time,kind")
    assert NAME not in told.text
    assert past.person not in told.text
    assert "took “" in html.unescape(robin.page("/sharing/looks"))
    found = re.search(r'action="(/studies/invitations/[^"]+)"', lees.page("/studies"))
    assert found
    lees.send_form(found[1])
    assert robin.get(f"/let-in?code={code}").status_code == 404


def test_on_a_server_of_one_person_there_is_nobody_to_let_in(sqlite_services: Services, past: Past) -> None:
    app = create_app(sqlite_services, Settings(solo=True))
    with served(app) as url, Visitor(url) as alone:
        assert "/sharing" not in alone.page("/you")
        for path in ("/sharing", "/sharing/invite", "/let-in?code=x", "/groups", "/studies", "/report/x"):
            assert alone.get(path).status_code == 403, path
