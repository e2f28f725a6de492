"""The language and the clock of the moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.words import (
    LANGUAGES,
    best_language,
    clock_time,
    date_and_time,
    day,
    day_and_month,
    is_zone,
    listed,
    month,
    number,
    speaking,
    speech,
    weekday,
)

MOMENT = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)


def test_rung_speaks_english_by_the_clock_of_the_world_unless_told_otherwise() -> None:
    assert (speech().language.code, speech().zone) == ("en", "UTC")
    assert day(MOMENT) == "3 Nov 2026"
    assert clock_time(MOMENT) == "23:30"


def test_a_moment_is_told_by_the_persons_clock() -> None:
    with speaking("en", "Europe/Berlin"):
        assert (weekday(MOMENT), day_and_month(MOMENT), clock_time(MOMENT)) == (
            "Wednesday",
            "4 November",
            "00:30",
        )
    with speaking("en", "America/New_York"):
        assert date_and_time(MOMENT) == "Tue 3 Nov, 18:30"


def test_dates_and_numbers_are_written_as_people_there_write_them() -> None:
    with speaking("de"):
        assert (day(MOMENT), month(MOMENT), number(1234.5)) == ("03.11.2026", "Nov. 2026", "1.234,5")
    with speaking("es"):
        assert weekday(MOMENT) == "martes"
    with speaking("ar"):
        assert weekday(MOMENT) == "الثلاثاء"
        assert speech().language.direction == "rtl"


@pytest.mark.parametrize(
    "accepted, code",
    [
        ("", "en"),
        ("de", "de"),
        ("fr, de;q=0.4, es;q=0.6", "es"),
        ("AR-eg", "ar"),
        ("xx;q=a", "en"),
        (",;q=,", "en"),
    ],
)
def test_the_best_of_the_languages_that_a_browser_asks_for(accepted: str, code: str) -> None:
    assert best_language(accepted).code == code


@given(st.text(max_size=300))
def test_any_header_gives_a_language(accepted: str) -> None:
    assert best_language(accepted).code in ("en", "de", "es", "ar")


def test_what_is_not_known_is_english_and_utc() -> None:
    with speaking("xx", "Mars/Olympus"):
        assert (speech().language.code, speech().zone) == ("en", "UTC")
    assert not is_zone("../etc/passwd")


def test_each_thread_speaks_for_itself() -> None:
    def told(code: str) -> str:
        with speaking(code):
            return weekday(MOMENT)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(told, ["en", "de", "es", "en"] * 20))
    assert found == ["Tuesday", "Dienstag", "martes", "Tuesday"] * 20


def test_a_browser_is_told_whose_dates_and_digits_to_write() -> None:
    assert [language.tag for language in LANGUAGES][:2] == ["en-GB-u-nu-latn", "de-u-nu-latn"]


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_any_number_of_words_makes_a_phrase_in_every_language(language: str) -> None:
    with speaking(language):
        phrases = [listed("1234"[:count]) for count in range(5)]
    assert phrases[:2] == ["", "1"]
    assert [phrase.count(letter) for phrase in phrases[2:] for letter in "12"] == [1] * 6
