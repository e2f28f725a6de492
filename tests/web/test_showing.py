"""How this works: there for everybody, in every language, and for whatever stands in the address."""

import re

import pytest
from tests.web.stage import Visitor

from rung.words import LANGUAGES, Language

PATH = "/how-this-works"
MOVED = f"{PATH}?dial=60&attribution=100&similarity=80&coping=yes&credibility=70&reappraisal=0"


def value(page: str, name: str) -> str:
    found = re.search(rf'<input class="digits" id="{name}"[^>]* value="(\d+)"', page)
    assert found, name
    return found[1]


def test_a_stranger_reads_it_and_finds_it_from_the_foot_of_every_page(stranger: Visitor) -> None:
    page = stranger.page(PATH)
    assert "nobody’s data is in it" in page
    assert "promises nothing about you" in page
    assert f'href="{PATH}"' in stranger.page("/about")
    assert f'href="{PATH}"' in stranger.page("/welcome")


def test_levers_stand_where_the_address_says_and_their_month_beside_the_one_at_rest(
    stranger: Visitor,
) -> None:
    moved = stranger.page(MOVED)
    places = {"dial": "60", "attribution": "100", "similarity": "80", "credibility": "70", "reappraisal": "0"}
    assert {name: value(moved, name) for name in places} == places
    assert 'value="yes" checked' in moved
    assert moved.count('class="d-rest" points') == 2
    assert "With the levers at rest it would be" in moved
    assert stranger.page(MOVED) == moved


def test_at_rest_there_is_nothing_to_compare(stranger: Visitor) -> None:
    page = stranger.page(PATH)
    assert 'class="d-rest"' not in page
    assert "at rest" not in page.replace("levers at rest</th>", "")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("dial=1000", "90"),
        ("dial=-5", "50"),
        ("dial=72", "70"),
        ("dial=%22%3E%3Cscript%3E", "75"),
        ("dial=nan", "75"),
        ("dial=", "75"),
        ("dial=60&dial=80", "80"),
        ("dail=60", "75"),
        ("dial=" + "9" * 4000, "75"),
    ],
)
def test_what_no_lever_can_be_is_the_nearest_place_or_rest(stranger: Visitor, query: str, place: str) -> None:
    page = stranger.page(f"{PATH}?{query}")
    assert value(page, "dial") == place
    assert "<script>" not in page


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_it_is_said_in_every_language(stranger: Visitor, language: Language) -> None:
    stranger.headers["accept-language"] = language.code
    page = stranger.page(MOVED)
    assert f'lang="{language.code}" dir="{language.direction}"' in page
    assert ("Move the levers" in page) == (language.code == "en")
    assert page.count("<tr>") == 8


def test_the_table_holds_the_numbers_of_the_chart(stranger: Visitor) -> None:
    page = stranger.page(PATH)
    last = re.findall(r"<tr><td>30</td>(.*?)</tr>", page)[0]
    sure, _half, rest, works, *_more = re.findall(r"<td>(.*?)</td>", last)
    assert sure == rest
    assert f"they are {sure} sure" in page
    assert f"work {works} times in 100" in page


def test_the_way_there_stands_on_see(robin: Visitor) -> None:
    ladder = re.findall(r'href="(/ladders/[0-9a-f-]{36})"', robin.page("/ladders"))[0]
    assert f'class="way" href="{PATH}"' in robin.page(f"{ladder}/see")
