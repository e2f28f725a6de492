"""What a search in the library finds."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.content.goals import NAMED

from rung.content import Domain, matching, search
from rung.content.domains import domains, languages
from rung.content.words import words_of


def named(goal: str, language: str = "en") -> str | None:
    domain = matching(goal, language)
    return domain.id if domain else None


def found(text: str, language: str = "en", most: int = 5) -> list[str]:
    return [domain.id for domain in search(text, language, most)]


def test_a_search_finds_what_a_goal_belongs_to_first() -> None:
    first = [id in found(goal, most=1) for goal, id in NAMED]
    among = [id in found(goal) for goal, id in NAMED]
    assert sum(first) >= 0.95 * len(NAMED)
    assert sum(among) >= 0.98 * len(NAMED)


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.id)
def test_a_domain_is_found_by_its_title(domain: Domain) -> None:
    assert search(domain.title)[0] == domain


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.id)
def test_nearly_every_saying_finds_its_domain_first(domain: Domain) -> None:
    first = [saying for saying in domain.sayings if found(saying, most=1) == [domain.id]]
    assert len(first) >= 0.85 * len(domain.sayings)


@pytest.mark.parametrize(
    "text, id",
    [
        ("presentaiton", "speaking-in-front-of-people"),
        ("dificult conversasion", "difficult-conversation"),
        ("interveiw", "job-interview"),
        ("exma", "maths-exam"),
        ("motorw", "driving-again"),
        ("medicaton", "taking-medication"),
        ("dissertaton", "writing-a-thesis"),
        ("phisio", "strength-after-injury"),
        ("cafés and pärties", "social-gatherings"),
    ],
)
def test_a_slip_of_the_keyboard_still_finds_something(text: str, id: str) -> None:
    assert id in found(text, most=2)


@pytest.mark.parametrize(
    "text, language",
    [
        ("schwieriges Gespräch", "de"),
        ("mit meinen Chefinnen reden", "de-CH"),
        ("GEHALTSERHÖHUNG", "de"),
        ("Gesräch", "de"),
        ("conversacion dificil", "es"),
        ("pedir un aumento de sueldo", "es"),
        ("mis vecinos", "es"),
        ("محادثة صعبة", "ar"),
        ("مُحادَثة", "ar"),
        ("المدير", "ar"),
    ],
)
def test_a_translation_is_found_in_its_own_words(text: str, language: str) -> None:
    best = search(text, language)[0]
    assert (best.id, best.language) == ("difficult-conversation", language[:2])


def test_a_reader_of_a_translation_finds_what_is_not_translated_too() -> None:
    assert found("couch to 5k", "de") == ["first-5-km"]
    assert named("maths exam", "ar") == "maths-exam"


HOSTILE = [
    "",
    " ",
    "the and of to",
    "\0",
    "\ud800",
    '"',
    "'; DROP TABLE library; --",
    "title : talk",
    "NEAR(a b, 3)",
    "talk AND NOT",
    "(((",
    "*",
    "^talk",
    "talk*",
    "-talk",
    "{title} : talk",
    "\u202e talk \u200b",
    "😀",
    "a" * 100_000,
    "talk " * 20_000,
    "qwxz fghj zxcv plok mnbv wert uiop " * 3_000,
    "\n".join(str(number) for number in range(20_000)),
    "ﷺ" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["en", "de", "ar", "\0", "en' OR 1"])
def test_hostile_text_is_answered(text: str, language: str) -> None:
    assert len(search(text, language)) <= 5
    matching(text, language)


@given(st.text(), st.sampled_from(languages()))
def test_any_text_is_answered(text: str, language: str) -> None:
    known = {each.id for each in domains()}
    assert set(found(text, language, 50)) <= known
    assert named(text, language) in {None, *known}


@pytest.mark.parametrize("most", [-1, 0, 1, 3, 100])
def test_no_more_are_found_than_asked_for_and_none_twice(most: int) -> None:
    ids = found("talk to people at work, on the phone and at a party", most=most)
    assert len(ids) <= max(most, 0)
    assert len(ids) == len(set(ids))


def test_threads_may_search_at_the_same_time() -> None:
    wrong: list[str] = []

    def ask() -> None:
        for goal, id in NAMED[:60]:
            if named(goal) not in (id, None) or not found(goal):
                wrong.append(goal)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# Words


@pytest.mark.parametrize(
    "text, language, words",
    [
        ("I can’t run FIVE kilometres!", "en", ("run", "5km")),
        ("5 km, 5k, 5K, 5 kilometers", "en", ("5km", "5km", "5km", "5km")),
        ("10 k words", "en", ("10km", "words")),
        ("Say no", "en", ("say", "no")),
        ("Fünf Übungen für die Prüfung", "de", ("funf", "ubungen", "prufung")),
        ("¿Cómo hablo con él?", "es", ("hablo",)),
        ("والمدير وَالمُديرة", "ar", ("مدير", "مديره")),
        ("", "en", ()),
        ("Wörter", "xx", ("worter",)),
    ],
)
def test_words_are_folded(text: str, language: str, words: tuple[str, ...]) -> None:
    assert words_of(text, language) == words
