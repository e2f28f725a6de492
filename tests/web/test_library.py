"""The library: looked through, searched by meaning, and a ladder started from it."""

import re

import pytest
from tests.conftest import join
from tests.web.stage import Past, Visitor, field, path_of

from rung.app.climbing import ladders
from rung.app.ports import Services
from rung.content import domain
from rung.content.domains import domains


def test_every_domain_can_be_looked_at(robin: Visitor) -> None:
    page = robin.page("/library")
    for one in domains():
        assert f'href="/library/{one.id}"' in page
        assert one.steps[0].name in robin.page(f"/library/{one.id}")


def test_what_fits_is_found_by_meaning_nearest_first(robin: Visitor) -> None:
    page = robin.page("/library?q=couch+to+5k")
    found = re.findall(r'href="/library/([a-z0-9-]+)"', page)
    assert found[0] == "first-5-km"
    assert len(found) < len(domains())
    assert 'value="couch to 5k"' in page


def test_where_nothing_comes_near_it_says_so_and_shows_everything(robin: Visitor) -> None:
    page = robin.page("/library?q=xyzzyplugh")
    assert "Nothing in the library comes near this" in page
    assert len(re.findall(r'href="/library/[a-z0-9-]+"', page)) == len(domains())


def test_a_ladder_is_started_from_a_domain_once_with_its_steps_as_they_were_left(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    page = robin.page("/library/phone-calls")
    assert "Start a ladder from this" in page
    found = domain("phone-calls")
    assert found
    kept = [step.name for step in found.steps[2:]]
    form = {
        "name": "Call the bank",
        "names": "\n".join(["- Look at the number", *kept]),
        "id": field(page, "id"),
    }
    first = path_of(robin.send_form("/library/phone-calls", **form))
    assert path_of(robin.send_form("/library/phone-calls", **form)) == first
    (made,) = [one for one in ladders.ladders_of(sqlite_services, past.person) if one.name == "Call the bank"]
    assert first == f"/ladders/{made.id}/judge"
    assert made.template == "phone-calls"
    assert [step.name for step in made.climbing] == ["Look at the number", *kept]
    assert made.climbing[1].conditions == found.steps[2].conditions


def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(robin: Visitor) -> None:
    long = robin.send_form("/library/phone-calls", name="Calls", names="fine\n" + "x" * 201)
    assert (long.status_code, 'id="names-fault"' in long.text) == (422, True)
    assert "fine" in long.text
    empty = robin.send_form("/library/phone-calls", name=" ", names="fine")
    assert (empty.status_code, 'id="name-fault"' in empty.text) == (422, True)
    refused = robin.send_form("/library/phone-calls", name="Calls", names="hurt myself")
    assert "This is not a ladder that Rung builds" in refused.text


@pytest.mark.parametrize("path", ["/library/nothing", "/library/..%2fsafety", "/library/" + "x" * 3000])
def test_a_domain_that_does_not_exist_is_not_there(robin: Visitor, path: str) -> None:
    assert robin.get(path).status_code == 404
    assert robin.send_form(path, name="x").status_code == 404


def test_a_ladder_that_wants_steps_is_led_back_to_with_them(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    steps = path_of(robin.send_form("/ladders/new", name="Sing"))
    ladder = steps.split("/")[2]
    assert f'href="/library?ladder={ladder}&amp;q=Sing"' in robin.page(steps)
    page = robin.page(f"/library?q=phone&ladder={ladder}")
    assert f'href="/library/phone-calls?ladder={ladder}"' in page
    page = robin.page(f"/library/phone-calls?ladder={ladder}")
    assert "For “Sing”" in page
    take = re.search(r'href="(/ladders/[^"]+take=phone-calls)"', page)
    assert take
    page = robin.page(take[1])
    first = domain("phone-calls").steps[0].name  # type: ignore[union-attr]  # it is there
    assert f"- {first}" in page
    robin.send_form(steps, names=first, template=field(page, "template"))
    made = ladders.ladders_of(sqlite_services, past.person)[-1]
    assert (made.template, [step.name for step in made.steps]) == ("phone-calls", [first])


def test_the_ladder_of_somebody_else_is_not_told_by_the_library(
    robin: Visitor, sqlite_services: Services
) -> None:
    ben = join(sqlite_services, "Ben")
    theirs = ladders.name_ladder(sqlite_services, ben, "A secret of Ben")
    for path in ("/library", "/library/phone-calls"):
        response = robin.get(f"{path}?ladder={theirs.id}")
        assert (response.status_code, "A secret" in response.text) == (404, False)


def test_what_is_searched_for_is_shown_as_text(robin: Visitor) -> None:
    page = robin.get("/library", params={"q": "\"><script>alert(1)</script>{{7*7}} OR NEAR(\x00 '--"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert robin.get("/library", params={"q": "boss " * 1500}).status_code == 200
